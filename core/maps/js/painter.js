/* Paints a map's points as discs on a canvas above Plotly's own drawing, so that colour, size, selection and motion
 * change without a byte of coordinates being sent again. Plotly has points of its own in three dimensions only. */

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

/* A disc of that colour as it is laid on pixels `width` to a row, which are premultiplied RGBA, as the canvas itself
 * keeps them, a number each: where it covers them, what it adds, and how much of what is there stays, in 256ths. */
export function brushOf({ reach, side, cover }, [red, green, blue], alpha, width) {
  const cells = [...cover.keys()].filter(cell => cover[cell] * alpha > 1 / 512);
  const strong = Uint8Array.from(cells, cell => Math.round(255 * cover[cell] * alpha));
  const channel = (value, k) => Math.round(value * strong[k] / 255);
  return {
    reach,
    xs: Int32Array.from(cells, cell => cell % side - reach),
    ys: Int32Array.from(cells, cell => Math.floor(cell / side) - reach),
    ways: Int32Array.from(cells, cell => (Math.floor(cell / side) - reach) * width + cell % side - reach),
    adds: Uint32Array.from(cells, (_, k) =>
      strong[k] * 2 ** 24 + channel(blue, k) * 2 ** 16 + channel(green, k) * 2 ** 8 + channel(red, k)),
    stays: Int32Array.from(strong, each => Math.floor(256 * (255 - each) / 255)), // so that no sum is over 255
  };
}

const PAIR = 0xff00ff, HALF = 0x800080; // two channels are reckoned at once, and rounded

/* Lay a disc on `pixels`, a number each, with its middle at x, y. */
export function stamp(pixels, width, height, x, y, { reach, xs, ys, ways, adds, stays }) {
  const column = Math.round(x), line = Math.round(y), middle = line * width + column;
  const inside = column >= reach && column + reach < width && line >= reach && line + reach < height;
  for (let k = 0; k < ways.length; k++) {
    if (!inside) {
      const px = column + xs[k], py = line + ys[k];
      if (px < 0 || px >= width || py < 0 || py >= height) continue;
    }
    const at = middle + ways[k], there = pixels[at], stay = stays[k];
    const even = (Math.imul(there & PAIR, stay) + HALF) >>> 8 & PAIR;
    const odd = Math.imul(there >>> 8 & PAIR, stay) + HALF & ~PAIR;
    pixels[at] = adds[k] + (even | odd);
  }
}

/* What was stamped, as a picture has it: colours, and apart from them how opaque they are. */
function develop(stamped, bytes) {
  for (let pixel = 0, at = 0; pixel < stamped.length; pixel++, at += 4) {
    const value = stamped[pixel];
    if (value === 0) continue;
    const opacity = value >>> 24, scale = 255 / opacity;
    bytes[at] = (value & 255) * scale;
    bytes[at + 1] = (value >>> 8 & 255) * scale;
    bytes[at + 2] = (value >>> 16 & 255) * scale;
    bytes[at + 3] = opacity;
  }
}

/* Brushes by colour, opacity and radius, made when they are asked for. */
function brushesFor(width) {
  const made = new Map();
  return (colour, alpha, radius) => {
    let ofColour = made.get(colour);
    if (ofColour?.alpha !== alpha) made.set(colour, ofColour = { alpha, sizes: [] });
    return ofColour.sizes[Math.round(radius * 4)] ??= brushOf(maskOf(radius), colour, alpha, width);
  };
}

const between = (low, value, high) => Math.max(low, Math.min(high, value));

/* Diameter and opacity of points when so many share a box: the closer, the smaller and the more translucent. `filled`
 * is the share of the box that has any: a few hundred on small islands lie as close as thousands all over. */
export function crowdOf(points, { w, h }, filled = 1) {
  const apart = Math.sqrt(w * h / Math.max(1, points)) * filled ** 0.25;
  return { size: between(2.4, apart * 0.42, 8), alpha: between(0.5, apart / 12, 0.92) };
}

/* How much larger than others the disc of a word is that occurs so often. */
export const sizeOf = count => Math.min(1.7, 0.75 + 0.24 * Math.log10(Math.max(1, count)));

const CELL = 24; // pixels

/* The share of a box's cells that have points. */
export function filledOf({ xs, ys, n }, { w, h }) {
  const columns = Math.ceil(w / CELL), lines = Math.ceil(h / CELL), has = new Uint8Array(columns * lines);
  let filled = 0;
  for (let at = 0; at < n; at++) {
    const column = Math.floor(xs[at] / CELL), line = Math.floor(ys[at] / CELL), cell = column + columns * line;
    if (column < 0 || column >= columns || line < 0 || line >= lines || has[cell]) continue;
    has[cell] = 1;
    filled++;
  }
  return filled / has.length;
}

const sizes = new WeakMap();

/* The same of every row of a trace, reckoned once. */
function sizesOf(trace) {
  let known = sizes.get(trace.customdata);
  if (!known) {
    const { near } = metaOf(trace);
    known = Float32Array.from({ length: trace.x.length }, (_, row) => sizeOf(countOf(trace, near, row)));
    sizes.set(trace.customdata, known);
  }
  return known;
}

/* Rows of the drawn points within the box, and where they are: {rows, xs, ys, n}, of which the first n count. */
function pointsIn(view, mask) {
  const { box, count } = view, low = -12, right = box.w + 12, bottom = box.h + 12;
  const rows = new Uint32Array(count), xs = new Float32Array(count), ys = new Float32Array(count);
  let n = 0;
  for (let row = count - 1; row >= 0; row--) { // frequent words come first, and lie on top
    if (mask && !mask[row]) continue;
    const place = view.at(row), x = place[0] - box.l, y = place[1] - box.t;
    if (!(x > low && x < right && y > low && y < bottom)) continue;
    rows[n] = row; xs[n] = x; ys[n] = y;
    n++;
  }
  return { rows, xs, ys, n };
}

/* Tell `draw(x, y, radius, colour, alpha)` of the discs of all points of `view` in pixels of its box, in the order in
 * which they are drawn: unselected ones below, in grey; where none are selected, those without a colour below. */
function eachDisc(view, style, draw) {
  const own = style.sized ? sizesOf(view.trace) : null;
  const found = pointsIn(view, style.mask), { rows, xs, ys, n } = found;
  const { size, alpha } = crowdOf(n, view.box, filledOf(found, view.box));
  const kinds = style.palette.length, isAbove = row => (style.selected ? hasBit(style.selected, row) === 1
    : style.codes[row] < kinds);
  for (const above of [false, true]) {
    for (let at = 0; at < n; at++) {
      const row = rows[at];
      if (isAbove(row) !== above) continue;
      const usual = own ? size * own[row] : size;
      const wide = style.selected && above ? Math.max(6, usual) : usual; // a rare word is to be found amid the grey
      const colour = above || !style.selected ? style.palette[style.codes[row]] ?? style.other : style.other;
      draw(xs[at], ys[at], wide / 2, colour, !style.selected ? alpha : above ? 1 : style.faint);
    }
  }
}

function discsOf(view, style) {
  const discs = [];
  eachDisc(view, style, (x, y, r, colour, alpha) => discs.push({ at: [x, y], r, colour, alpha }));
  return discs;
}

/* Where a flat map has the corners of the unit square, and its box: enough to move a picture of it. */
function placeOf(view) {
  if (!view.place) return null;
  const [x, y] = view.place(0, 0), [right, top] = view.place(1, 1);
  return { x, y, w: right - x, h: top - y, box: view.box };
}

/* Scales, and part of the map, beyond which a picture that is moved shows too little; and so little that none waits. */
const GOOD = { least: 0.6, most: 1.7, farthest: 0.4 }, POOR = { least: 0.2, most: 5, farthest: 1 };

/* Have the pictures of a map, painted on `canvas` and on `others`, lie where `view` has them by now, and what is
 * `written`, which stays as large as it is. False where they are to be painted anew; `hasty`: only if they must be. */
export function slide(canvas, others, written, view, hasty = false) {
  const from = canvas.painted, to = placeOf(view);
  if (!from || !to || from.box.w !== to.box.w || from.box.h !== to.box.h) return false;
  const { box } = to, kx = to.w / from.w, ky = to.h / from.h, tx = to.x - kx * from.x, ty = to.y - ky * from.y;
  const move = (x, y) => [kx * x + tx, ky * y + ty], [cx, cy] = [box.l + box.w / 2, box.t + box.h / 2];
  const [mx, my] = move(cx, cy);
  const { least, most, farthest } = hasty ? POOR : GOOD;
  if (!(kx > least && kx < most) || !(Math.abs(mx - cx) < farthest * box.w)
    || !(Math.abs(my - cy) < farthest * box.h)) return false;
  const [x, y] = move(box.l, box.t), transform = `translate(${x - box.l}px,${y - box.t}px) scale(${kx},${ky})`;
  for (const each of [canvas, ...others]) Object.assign(each.style, { transform, transformOrigin: '0 0' });
  for (const each of written) {
    const { l, t, r, b } = each.place, [px, py] = [(l + r) / 2, (t + b) / 2], [qx, qy] = move(px, py);
    each.style.transform = `translate(${qx - px}px,${qy - py}px)`;
  }
  return true;
}

/* Draw all points of `view` on `canvas`, which lies over the whole chart. Until something else is drawn on it, it can
 * say which discs these are: `canvas.discs()`, {at: [x, y], r, colour, alpha} each, from the lowest on. */
export function paintPoints(canvas, view, style, ratio) {
  const { box } = view;
  const width = Math.max(1, Math.round(box.w * ratio)), height = Math.max(1, Math.round(box.h * ratio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const place = { left: `${box.l}px`, top: `${box.t}px`, width: `${box.w}px`, height: `${box.h}px` };
  Object.assign(canvas.style, { ...place, transform: '' });
  const context = canvas.getContext('2d'), image = context.createImageData(width, height);
  const stamped = new Uint32Array(width * height), brush = brushesFor(width);
  eachDisc(view, style, (x, y, r, colour, alpha) =>
    stamp(stamped, width, height, x * ratio, y * ratio, brush(colour, alpha, r * ratio)));
  develop(stamped, image.data);
  context.putImageData(image, 0, 0);
  canvas.painted = placeOf(view);
  canvas.discs = () => discsOf(view, style);
  return context;
}

const TIP = 5, ALONG = 9; // pixels: of an arrow, and between arrows

/* Small arrows at the edge of a map that is not zoomed in: there, farther out, lie the few points beyond `home`. Those
 * that would stand in one place are one, the larger the more points they are, in the colour of the most frequent; of
 * words that are not selected in grey. Gives boxes, in which nothing else is to stand. */
export function paintBeyond(context, view, style, home, ratio) {
  const { box, count } = view, [l, t] = view.place(home.x[0], home.y[1]);
  const [r, b] = view.place(home.x[1], home.y[0]);
  if (l < box.l - 1 || t < box.t - 1 || r > box.l + box.w + 1 || b > box.t + box.h + 1) return [];
  const arrows = new Map();
  for (let row = 0; row < count; row++) {
    if (style.mask && !style.mask[row]) continue;
    const [x, y] = view.at(row);
    const to = [between(box.l + TIP, x, box.l + box.w - TIP), between(box.t + TIP, y, box.t + box.h - TIP)];
    if (!(Math.hypot(x - to[0], y - to[1]) > TIP)) continue;
    const key = to.map(each => Math.round(each / ALONG)).join(), arrow = arrows.get(key);
    const lit = !style.selected || hasBit(style.selected, row) === 1;
    if (!arrow) arrows.set(key, { row, lit, to, n: 1, x, y });
    else {
      arrow.n++; arrow.x += x; arrow.y += y;
      if (lit && !arrow.lit) Object.assign(arrow, { row, lit });
    }
  }
  for (const { row, lit, to, n, x, y } of arrows.values()) {
    const [dx, dy] = [x / n - to[0], y / n - to[1]], length = Math.hypot(dx, dy), [ux, uy] = [dx / length, dy / length];
    const size = TIP * (1 + 0.25 * Math.min(2, Math.log2(n) / 2));
    const at = (along, aside) => [
      (to[0] - box.l + along * ux - aside * uy) * ratio, (to[1] - box.t + along * uy + aside * ux) * ratio,
    ];
    const colour = lit ? style.palette[style.codes[row]] ?? style.other : style.other;
    context.fillStyle = `rgba(${colour},${lit ? 0.9 : style.faint})`;
    context.beginPath();
    context.moveTo(...at(TIP - 1, 0));
    context.lineTo(...at(TIP - 1 - 1.4 * size, size / 1.6));
    context.lineTo(...at(TIP - 1 - 1.4 * size, -size / 1.6));
    context.fill();
  }
  return Array.from(arrows.values(), ({ to: [x, y] }) => ({ l: x - ALONG, t: y - ALONG, r: x + ALONG, b: y + ALONG }));
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
