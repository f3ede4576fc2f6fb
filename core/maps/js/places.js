/* Where what is written over a map has room. Boxes are {l, t, r, b} in pixels, areas {l, t, w, h}; each function adds
 * the boxes it gives to `taken`, so that who comes later makes way. `widthOf(text)` gives pixels. */

const LONGEST = 26;

/* A long compound keeps both ends: that is where German puts what it is. */
export const shorten = word => {
  const letters = [...word];
  return letters.length > LONGEST ? `${letters.slice(0, 15).join('')}…${letters.slice(-9).join('')}` : word;
};

/* Of a name's words as many as are no wider together than `room`, the first at least. */
export function fitName(words, room, widthOf) {
  let n = words.length;
  while (n > 1 && widthOf(words.slice(0, n).join(', ')) > room) n--;
  return words.slice(0, n).join(', ');
}

export const hits = (box, taken) => taken.some(o => box.l < o.r && box.r > o.l && box.t < o.b && box.b > o.t);
export const within = (box, area) =>
  box.l >= area.l && box.t >= area.t && box.r <= area.l + area.w && box.b <= area.t + area.h;

export const isStrong = mark => mark.role === 'pin' || mark.role === 'hover';
export const ringSize = mark => (isStrong(mark) ? 18 : 12);
export const ringBox = ([x, y], mark) => {
  const r = ringSize(mark) / 2;
  return { l: x - r, t: y - r, r: x + r, b: y + r };
};

/* Labels go where they hit nothing, no ring either: right, left, above or below their ring, or a little farther off.
 * Only a pin's label is shown in any case: where it hits least. Null where there is no room. */
export function placeLabel(point, width, mark, taken, area) {
  const strong = mark.role === 'pin', w = width + 10, h = 17, [x, y] = point, gap = ringSize(mark) / 2 + 3;
  const places = [
    [gap, -8], [-gap - w, -8], [-w / 2, -gap - h], [-w / 2, gap],
    [gap, -gap - h], [-gap - w, -gap - h], [gap, gap], [-gap - w, gap],
  ];
  if (strong) places.push([-w / 2, -gap - 2.5 * h], [-w / 2, gap + 1.5 * h], [3 * gap, -8], [-3 * gap - w, -8]);
  const boxes = places.map(([dx, dy]) => ({ l: x + dx, t: y + dy, r: x + dx + w, b: y + dy + h }));
  let box = boxes.find(each => within(each, area) && !hits(each, taken));
  if (!box) {
    if (!strong) return null;
    const struck = each => (within(each, area) ? 0 : 100) + taken.filter(other => hits(each, [other])).length;
    box = boxes.reduce((best, each) => (struck(each) < struck(best) ? each : best));
    const l = Math.max(area.l, Math.min(box.l, area.l + area.w - w));
    const t = Math.max(area.t, Math.min(box.t, area.t + area.h - h));
    box = { l, t, r: l + w, b: t + h };
  }
  taken.push(box);
  return box;
}

/* Words in view, most frequent first (row order), as many as fit: zooming in makes room for more. Each stands to the
 * right of its point, or to the left, and with `around` above or below it. {row, text, box} each; `shown(row)` says
 * which may be. */
export function placeWords(view, taken, shown, widthOf, around = false) {
  const { box, trace, count } = view, made = [];
  const most = Math.round(box.w * box.h / 6500);
  for (let row = 0; row < count && made.length < most; row++) {
    if (!shown(row)) continue;
    const [x, y] = view.at(row);
    if (!(x > box.l && x < box.l + box.w && y > box.t && y < box.t + box.h)) continue;
    const text = shorten(trace.text[row]), w = widthOf(text);
    const sides = [[x + 6, y], [x - 6 - w, y], ...(around ? [[x - w / 2, y - 13], [x - w / 2, y + 13]] : [])];
    for (const [l, middle] of sides) {
      const place = { l, t: middle - 7, r: l + w, b: middle + 7 };
      const roomy = { l: place.l - 5, t: place.t - 4, r: place.r + 5, b: place.b + 4 };
      if (!within(roomy, box) || hits(around ? place : roomy, taken)) continue;
      taken.push(place);
      made.push({ row, text, box: place });
      break;
    }
  }
  return made;
}

const ASIDE = [0, 22, -22, 44, -44];

/* Names of regions, each at the place of the word in its midst or a little above or below it; `rows` are these words,
 * -1 where there is none. {number, box} each, as many as fit. */
export function placeNames(view, names, rows, taken, widthOf, h = 20) {
  const { box } = view;
  return names.flatMap((name, number) => {
    if (!name || rows[number] < 0) return [];
    const [x, y] = view.at(rows[number]), w = widthOf(name) + 8;
    if (!(x > box.l && x < box.l + box.w && y > box.t && y < box.t + box.h)) return [];
    const l = Math.max(box.l, Math.min(x - w / 2, box.l + box.w - w));
    for (const step of ASIDE) {
      const place = { l, t: y - h / 2 + step, r: l + w, b: y + h / 2 + step };
      if (!within(place, box) || hits(place, taken)) continue;
      taken.push(place);
      return [{ number, box: place }];
    }
    return [];
  });
}
