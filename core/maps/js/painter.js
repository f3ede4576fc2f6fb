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

/* Diameter of the disc of a word that occurs so often. */
export const sizeOf = count => Math.min(11, 3 + 1.8 * Math.log10(Math.max(1, count)));

/* Draw all points of `view` on `canvas`, which lies over the whole chart; unselected ones below, in grey. */
export function paintPoints(canvas, view, style, ratio) {
  const { box, trace, count } = view;
  const width = Math.max(1, Math.round(box.w * ratio)), height = Math.max(1, Math.round(box.h * ratio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  Object.assign(canvas.style, { left: `${box.l}px`, top: `${box.t}px`, width: `${box.w}px`, height: `${box.h}px` });
  const context = canvas.getContext('2d'), image = context.createImageData(width, height), pixels = image.data;
  const near = style.sized ? metaOf(trace).near : 0;
  const many = count > 10000 ? 0.75 : 1;
  for (const pass of style.selected ? [0, 1] : [1]) {
    for (let row = 0; row < count; row++) {
      if (style.selected && hasBit(style.selected, row) !== pass) continue;
      const [x, y] = view.at(row);
      if (!(x > box.l - 12 && x < box.l + box.w + 12 && y > box.t - 12 && y < box.t + box.h + 12)) continue;
      const own = many * (style.sized ? sizeOf(countOf(trace, near, row)) : 5);
      const size = style.selected && pass ? Math.max(6, own) : own; // a rare word is to be found amid the grey
      const colour = pass ? style.palette[style.codes[row]] ?? style.other : style.other;
      const mask = maskOf(size / 2 * ratio), alpha = pass ? style.strong : style.faint;
      stamp(pixels, width, height, (x - box.l) * ratio, (y - box.t) * ratio, mask, colour, alpha);
    }
  }
  context.putImageData(image, 0, 0);
  return context;
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
