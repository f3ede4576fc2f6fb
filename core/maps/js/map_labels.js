/* What is written over a map: rings and labels of marked words, names of frequent words and of clusters, tooltips. */

const ROLE_LABELS = { kept: 'kept', lost: 'lost', gained: 'gained' };
const LONGEST = 26;
const ruler = document.createElement('canvas').getContext('2d');
const widths = new Map();

const element = (tag, text, style) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text; // never innerHTML: words come from anyone's text
  made.dir = 'auto'; // a right-to-left word reads right to left, whatever stands beside it
  Object.assign(made.style, style);
  return made;
};

/* A long compound keeps both ends: that is where German puts what it is. */
const shorten = word => {
  const letters = [...word];
  return letters.length > LONGEST ? `${letters.slice(0, 15).join('')}…${letters.slice(-9).join('')}` : word;
};

function widthOf(text, font) {
  const key = font + text;
  if (!widths.has(key)) {
    if (widths.size > 20000) widths.clear();
    ruler.font = font;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

const hits = (box, taken) => taken.some(o => box.l < o.r && box.r > o.l && box.t < o.b && box.b > o.t);
const within = (box, area) => box.l >= area.l && box.t >= area.t && box.r <= area.l + area.w && box.b <= area.t + area.h;

const isStrong = mark => mark.role === 'pin' || mark.role === 'hover';
const ringSize = mark => (isStrong(mark) ? 18 : 12);
const ringBox = ([x, y], mark) => {
  const r = ringSize(mark) / 2;
  return { l: x - r, t: y - r, r: x + r, b: y + r };
};

function ring(point, mark, colour) {
  const strong = isStrong(mark), size = ringSize(mark);
  const made = element('div', undefined, {
    position: 'absolute', left: `${point[0] - size / 2}px`, top: `${point[1] - size / 2}px`, width: `${size}px`,
    height: `${size}px`, boxSizing: 'border-box', borderRadius: '50%', border: `${strong ? 3 : 2}px solid ${colour}`,
  });
  made.className = 'twin-mark';
  made.dataset.row = mark.row;
  made.dataset.role = strong ? 'pin' : mark.role;
  return made;
}

/* Labels go where they hit nothing, no ring either: right, left, above or below their ring, or a little farther off.
 * Only a pin's label is shown in any case: where it hits least. */
function placeLabel(point, word, mark, colour, taken, area, theme) {
  const strong = mark.role === 'pin', text = shorten(word), font = `${strong ? 600 : 500} 12px ${theme.font}`;
  const w = widthOf(text, font) + 10, h = 17, [x, y] = point, gap = ringSize(mark) / 2 + 3;
  const places = [[gap, -8], [-gap - w, -8], [-w / 2, -gap - h], [-w / 2, gap], [gap, -gap - h], [-gap - w, -gap - h], [gap, gap], [-gap - w, gap]];
  if (strong) places.push([-w / 2, -gap - 2.5 * h], [-w / 2, gap + 1.5 * h], [3 * gap, -8], [-3 * gap - w, -8]);
  const boxes = places.map(([dx, dy]) => ({ l: x + dx, t: y + dy, r: x + dx + w, b: y + dy + h }));
  let box = boxes.find(each => within(each, area) && !hits(each, taken));
  if (!box) {
    if (!strong) return null;
    const struck = each => (within(each, area) ? 0 : 100) + taken.filter(other => hits(each, [other])).length;
    box = boxes.reduce((best, each) => (struck(each) < struck(best) ? each : best));
    const l = Math.max(area.l, Math.min(box.l, area.l + area.w - w)), t = Math.max(area.t, Math.min(box.t, area.t + area.h - h));
    box = { l, t, r: l + w, b: t + h };
  }
  taken.push(box);
  const label = element('span', text, {
    position: 'absolute', whiteSpace: 'nowrap', left: `${box.l}px`, top: `${box.t}px`, padding: '0 5px',
    borderRadius: '3px', font: `${strong ? 600 : 500} 12px/17px ${theme.font}`, color: strong ? '#fff' : colour,
    background: strong ? colour : `color-mix(in srgb, ${theme.background} 82%, transparent)`,
  });
  label.className = 'twin-label';
  label.title = ROLE_LABELS[mark.role] ?? word;
  return label;
}

/* Names of the words in view, most frequent first (row order), as many as fit: zooming in makes room for more. */
function placeWords(view, taken, theme, shown) {
  const { box, trace, count } = view, made = [], font = `400 11px ${theme.font}`;
  const most = Math.round(box.w * box.h / 6500);
  for (let row = 0; row < count && made.length < most; row++) {
    if (!shown(row)) continue;
    const [x, y] = view.at(row);
    if (!(x > box.l && x < box.l + box.w && y > box.t && y < box.t + box.h)) continue;
    const text = shorten(trace.text[row]), w = widthOf(text, font);
    const place = { l: x + 6, t: y - 7, r: x + 6 + w, b: y + 7 };
    const roomy = { l: place.l - 5, t: place.t - 4, r: place.r + 5, b: place.b + 4 };
    if (!within(place, box) || hits(roomy, taken)) continue;
    taken.push(place);
    const label = element('span', text, {
      position: 'absolute', left: `${place.l}px`, top: `${place.t}px`, whiteSpace: 'nowrap', color: theme.text,
      font: `400 11px/14px ${theme.font}`, textShadow: haloOf(theme.background), opacity: 0.92,
    });
    label.className = 'twin-word';
    made.push(label);
  }
  return made;
}

const haloOf = colour => ['1px 0', '-1px 0', '0 1px', '0 -1px', '0 0', '0 0'].map(at => `${at} 2px ${colour}`).join(',');

/* Names of clusters: beside a small one, else at the median place of its words. */
function placeNames(view, names, codes, taken, theme) {
  const places = names.map(() => ({ xs: [], ys: [], l: Infinity, r: -Infinity, t: Infinity, b: -Infinity }));
  for (let row = 0; row < view.count; row++) {
    const [x, y] = view.at(row), of = places[codes[row]];
    if (!of) continue;
    of.xs.push(x); of.ys.push(y);
    of.l = Math.min(of.l, x); of.r = Math.max(of.r, x); of.t = Math.min(of.t, y); of.b = Math.max(of.b, y);
  }
  const middle = values => Float64Array.from(values).sort()[values.length >> 1];
  const beside = ({ l, r, t, b }, w, h) => {
    const x = (l + r - w) / 2, y = (t + b - h) / 2;
    return r - l < 160 && b - t < 120 ? [[x, t - h - 8], [x, b + 8], [r + 8, y], [l - w - 8, y]] : [];
  };
  return names.flatMap(({ text, colour }, number) => {
    const of = places[number];
    if (!of.xs.length) return [];
    const font = `700 12px ${theme.font}`, w = widthOf(text, font) + 14, h = 20, box = view.box;
    const x = Math.max(box.l, Math.min(middle(of.xs) - w / 2, box.l + box.w - w)), y = middle(of.ys) - h / 2;
    const amid = [0, 22, -22, 44, -44, 66, -66].map(step => [x, y + step]);
    for (const [l, t] of [...beside(of, w, h), ...amid]) {
      const place = { l, t, r: l + w, b: t + h };
      if (!within(place, box) || hits(place, taken)) continue;
      taken.push(place);
      const label = element('span', text, {
        position: 'absolute', left: `${l}px`, top: `${place.t}px`, whiteSpace: 'nowrap', padding: '0 6px', color: theme.text,
        font: `700 12px/20px ${theme.font}`, background: theme.background, borderLeft: `4px solid ${colour}`,
        borderRadius: '3px', opacity: 0.88,
      });
      label.className = 'twin-cluster';
      return [label];
    }
    return [];
  });
}

function tooltip(point, facts, width, height, theme) {
  const box = element('div', undefined, {
    position: 'absolute', maxWidth: '260px', padding: '6px 9px', borderRadius: '6px', font: `12px/17px ${theme.font}`,
    background: theme.background, color: theme.text, border: `1px solid ${theme.border}`,
    boxShadow: '0 2px 10px rgba(0,0,0,.18)', overflowWrap: 'anywhere',
  });
  box.className = 'twin-tooltip';
  box.setAttribute('role', 'tooltip');
  box.append(
    element('div', facts.word, { fontWeight: 700, fontSize: '13px' }),
    element('div', facts.seen, { opacity: 0.75 }),
    element('div', facts.near, { marginTop: '2px' }),
  );
  const right = point[0] < width / 2, below = point[1] < height / 2;
  box.style[right ? 'left' : 'right'] = `${(right ? point[0] : width - point[0]) + 14}px`;
  box.style[below ? 'top' : 'bottom'] = `${(below ? point[1] : height - point[1]) + 12}px`;
  return box;
}

const apart = word => `\u2068${word}\u2069`; // keeps a right-to-left word from turning its neighbours round

function factsOf(trace, row) {
  const { near: k, covered } = metaOf(trace), count = countOf(trace, k, row);
  const seen = `seen ${count.toLocaleString()} time${count === 1 ? '' : 's'}`;
  const origin = hasBit(covered, row) ? ' · in the pretrained file' : covered.some(Boolean) ? ' · not in the pretrained file' : '';
  const near = Array.from(trace.customdata[row]).slice(0, k).filter(each => each !== row); // its own row: none
  const names = near.map(each => apart(trace.text[each]));
  return {
    word: trace.text[row], seen: seen + origin,
    near: names.length ? `nearest: ${names.join(', ')}` : 'no neighbours: its vector is zero',
  };
}
