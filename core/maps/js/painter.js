/* Paints a map's points as discs on a canvas above Plotly's own drawing, so that colour, size, selection and motion
 * change without a byte of coordinates being sent again. If this fails, Plotly's points stay in sight. */

import { countOf, hasBit, metaOf } from './payload.js';

const masks = new Map();

/* Coverage of a disc's pixels, 0 to 1, with a soft edge. */
export function maskOf(radius) {
  const key = Math.round(radius * 4);
  if (!masks.has(key)) {
    const r = key / 4, reach = Math.ceil(r), side = 2 * reach + 1, cover = new Float32Array(side * side);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        cover[y * side + x] = Math.min(1, Math.max(0, r + 0.5 - Math.hypot(x - reach, y - reach)));
      }
    }
    masks.set(key, { reach, side, cover });
  }
  return masks.get(key);
}

export function stamp(pixels, width, height, x, y, mask, colour, alpha) {
  const left = Math.round(x) - mask.reach, top = Math.round(y) - mask.reach;
  for (let j = 0; j < mask.side; j++) {
    const py = top + j;
    if (py < 0 || py >= height) continue;
    for (let i = 0; i < mask.side; i++) {
      const px = left + i, a = mask.cover[j * mask.side + i] * alpha;
      if (px < 0 || px >= width || a === 0) continue;
      const at = (py * width + px) * 4, under = pixels[at + 3] / 255 * (1 - a), sum = a + under;
      for (let c = 0; c < 3; c++) pixels[at + c] = (colour[c] * a + pixels[at + c] * under) / sum;
      pixels[at + 3] = sum * 255;
    }
  }
}

const between = (low, value, high) => Math.max(low, Math.min(high, value));

/* Diameter and opacity of points when so many share a box: the closer, the smaller and the more translucent. */
export function crowdOf(points, { w, h }) {
  const apart = Math.sqrt(w * h / Math.max(1, points));
  return { size: between(2.4, apart * 0.42, 8), alpha: between(0.5, apart / 12, 0.92) };
}

/* How much larger than others the disc of a word is that occurs so often. */
export const sizeOf = count => Math.min(1.7, 0.75 + 0.24 * Math.log10(Math.max(1, count)));

/* Rows of the drawn points within the box, and where they are: {rows, xs, ys}, each as long as there are points. */
function pointsIn(view, mask) {
  const { box, count } = view, rows = [], xs = [], ys = [];
  for (let row = count - 1; row >= 0; row--) { // frequent words come first, and lie on top
    if (mask && !mask[row]) continue;
    const [x, y] = view.at(row);
    if (!(x > box.l - 12 && x < box.l + box.w + 12 && y > box.t - 12 && y < box.t + box.h + 12)) continue;
    rows.push(row); xs.push(x - box.l); ys.push(y - box.t);
  }
  return { rows, xs, ys };
}

/* The discs of all points of `view` in pixels of its box, in the order in which they are drawn: unselected ones below,
 * in grey. {at: [x, y], r, colour, alpha} each. */
function* discsOf(view, style) {
  const { box, trace } = view, near = style.sized ? metaOf(trace).near : 0;
  const { rows, xs, ys } = pointsIn(view, style.mask), { size, alpha } = crowdOf(rows.length, box);
  for (const pass of style.selected ? [0, 1] : [1]) {
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at];
      if (style.selected && hasBit(style.selected, row) !== pass) continue;
      const own = style.sized ? size * sizeOf(countOf(trace, near, row)) : size;
      const wide = style.selected && pass ? Math.max(6, own) : own; // a rare word is to be found amid the grey
      const colour = pass ? style.palette[style.codes[row]] ?? style.other : style.other;
      const strong = style.selected ? 1 : alpha;
      yield { at: [xs[at], ys[at]], r: wide / 2, colour, alpha: pass ? strong : style.faint };
    }
  }
}

/* Where a flat map has the corners of the unit square, and its box: enough to move a picture of it. */
function placeOf(view) {
  if (!view.place) return null;
  const [x, y] = view.place(0, 0), [right, top] = view.place(1, 1);
  return { x, y, w: right - x, h: top - y, box: view.box };
}

const LEAST_SCALE = 0.6, MOST_SCALE = 1.7, FARTHEST = 0.4; // beyond, a picture that is moved shows too little

/* Have the pictures of a map, painted on `canvas` and on `others`, lie where `view` has them by now, and what is
 * `written`, which stays as large as it is. False where they are to be painted anew. */
export function slide(canvas, others, written, view) {
  const from = canvas.painted, to = placeOf(view);
  if (!from || !to || from.box.w !== to.box.w || from.box.h !== to.box.h) return false;
  const { box } = to, kx = to.w / from.w, ky = to.h / from.h, tx = to.x - kx * from.x, ty = to.y - ky * from.y;
  const move = (x, y) => [kx * x + tx, ky * y + ty], [cx, cy] = [box.l + box.w / 2, box.t + box.h / 2];
  const [mx, my] = move(cx, cy);
  if (!(kx > LEAST_SCALE && kx < MOST_SCALE) || !(Math.abs(mx - cx) < FARTHEST * box.w)
    || !(Math.abs(my - cy) < FARTHEST * box.h)) return false;
  const [x, y] = move(box.l, box.t), transform = `translate(${x - box.l}px,${y - box.t}px) scale(${kx},${ky})`;
  for (const each of [canvas, ...others]) Object.assign(each.style, { transform, transformOrigin: '0 0' });
  for (const each of written) {
    const { l, t, r, b } = each.place, [px, py] = [(l + r) / 2, (t + b) / 2], [qx, qy] = move(px, py);
    each.style.transform = `translate(${qx - px}px,${qy - py}px)`;
  }
  return true;
}

/* Draw all points of `view` on `canvas`, which lies over the whole chart. Until something else is drawn on it, it can
 * say which discs these are: `canvas.discs()`. */
export function paintPoints(canvas, view, style, ratio) {
  const { box } = view;
  const width = Math.max(1, Math.round(box.w * ratio)), height = Math.max(1, Math.round(box.h * ratio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const place = { left: `${box.l}px`, top: `${box.t}px`, width: `${box.w}px`, height: `${box.h}px` };
  Object.assign(canvas.style, { ...place, transform: '' });
  const context = canvas.getContext('2d'), image = context.createImageData(width, height), pixels = image.data;
  for (const { at: [x, y], r, colour, alpha } of discsOf(view, style)) {
    stamp(pixels, width, height, x * ratio, y * ratio, maskOf(r * ratio), colour, alpha);
  }
  context.putImageData(image, 0, 0);
  canvas.painted = placeOf(view);
  canvas.discs = () => discsOf(view, style);
  return context;
}

const TIP = 5, ALONG = 9; // pixels: of an arrow, and between arrows

/* Small arrows at the edge of a map that is not zoomed in: there, farther out, lie the few points beyond `home`. Those
 * that would stand in one place are one, the larger the more points they are, in the colour of the most frequent. */
export function paintBeyond(context, view, style, home, ratio) {
  const { box, count } = view, [l, t] = view.place(home.x[0], home.y[1]);
  const [r, b] = view.place(home.x[1], home.y[0]);
  if (l < box.l - 1 || t < box.t - 1 || r > box.l + box.w + 1 || b > box.t + box.h + 1) return;
  const arrows = new Map();
  for (let row = 0; row < count; row++) {
    if (style.mask && !style.mask[row]) continue;
    const [x, y] = view.at(row);
    const to = [between(box.l + TIP, x, box.l + box.w - TIP), between(box.t + TIP, y, box.t + box.h - TIP)];
    if (!(Math.hypot(x - to[0], y - to[1]) > TIP)) continue;
    const key = to.map(each => Math.round(each / ALONG)).join(), arrow = arrows.get(key);
    if (arrow) { arrow.n++; arrow.x += x; arrow.y += y; } else arrows.set(key, { row, to, n: 1, x, y });
  }
  for (const { row, to, n, x, y } of arrows.values()) {
    const [dx, dy] = [x / n - to[0], y / n - to[1]], length = Math.hypot(dx, dy), [ux, uy] = [dx / length, dy / length];
    const size = TIP * (1 + 0.25 * Math.min(2, Math.log2(n) / 2));
    const at = (along, aside) => [
      (to[0] - box.l + along * ux - aside * uy) * ratio, (to[1] - box.t + along * uy + aside * ux) * ratio,
    ];
    context.fillStyle = `rgba(${style.palette[style.codes[row]] ?? style.other},.9)`;
    context.beginPath();
    context.moveTo(...at(TIP - 1, 0));
    context.lineTo(...at(TIP - 1 - 1.4 * size, size / 1.6));
    context.lineTo(...at(TIP - 1 - 1.4 * size, -size / 1.6));
    context.fill();
  }
}

/* Segments from where `rows` lie in `before` to where they lie in `after`, with a head at the end. */
export function paintTrails(context, before, after, rows, ratio, colourOf) {
  const { box } = after;
  context.lineWidth = 1.6 * ratio;
  context.lineCap = 'round';
  for (const row of rows) {
    const [[x0, y0], [x1, y1]] = [before, after].map(view => view.at(row))
      .map(([x, y]) => [(x - box.l) * ratio, (y - box.t) * ratio]);
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (!(length > 2 * ratio)) continue;
    const ux = (x1 - x0) / length, uy = (y1 - y0) / length, head = Math.min(7 * ratio, length);
    const fade = context.createLinearGradient(x0, y0, x1, y1), [r, g, b] = colourOf(row);
    fade.addColorStop(0, `rgba(${r},${g},${b},.15)`);
    fade.addColorStop(1, `rgba(${r},${g},${b},.95)`);
    context.strokeStyle = fade;
    context.fillStyle = `rgb(${r},${g},${b})`;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1 - ux * head * 0.6, y1 - uy * head * 0.6);
    context.stroke();
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x1 - ux * head - uy * head * 0.45, y1 - uy * head + ux * head * 0.45);
    context.lineTo(x1 - ux * head + uy * head * 0.45, y1 - uy * head - ux * head * 0.45);
    context.fill();
  }
}
