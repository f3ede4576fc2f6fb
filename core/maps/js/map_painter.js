/* Paints a map's points as discs on a canvas above Plotly's own drawing, so that colour, size, selection and motion
 * change without a byte of coordinates being sent again. If this fails, Plotly's points stay in sight. */

const GREYED = [128, 134, 145];
const masks = new Map();

const bytesOf = base64 => Uint8Array.from(atob(base64 ?? ''), letter => letter.charCodeAt(0));
const rgbOf = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
const hasBit = (bits, row) => (bits[row >> 3] >> (row & 7)) & 1;

/* What core/maps/facts.py packed: columns of neighbours, then the count's 16 lower bits and, if need be, the others. */
const metas = new WeakMap();
function metaOf(trace) {
  if (!metas.has(trace)) {
    const { near, covered } = trace.meta ?? trace._input.meta;
    metas.set(trace, { near, covered: bytesOf(covered) });
  }
  return metas.get(trace);
}
const countOf = (trace, k, row) => trace.customdata[row][k] + 65536 * (trace.customdata[row][k + 1] ?? 0);

/* The codes, palette and selection of data, decoded once. */
function styleOf(paint, selection, options, dark) {
  return {
    codes: bytesOf(paint.codes),
    palette: paint.palette.map(rgbOf),
    other: rgbOf(paint.other),
    selected: selection ? bytesOf(selection) : null,
    sized: options.sized,
    faint: dark ? 0.3 : 0.22,
    strong: selection ? 1 : dark ? 0.82 : 0.72,
  };
}

/* Where a chart's rows are in pixels: {box, at(row)}; null while it cannot tell. `shift` = {from, share} moves them. */
function viewOf(chart, shift) {
  const layout = chart?._fullLayout, trace = chart?._fullData?.[0];
  if (!layout || !trace?.x) return null;
  const from = shift?.from?._fullData?.[0], share = from && from.x.length === trace.x.length ? shift.share : 1;
  const mix = (axis, row) => share === 1 ? trace[axis][row] : from[axis][row] + share * (trace[axis][row] - from[axis][row]);
  if (trace.type === 'scatter3d') return viewOfScene(layout, trace, mix);
  const h = layout.xaxis, v = layout.yaxis;
  if (!h?.d2p || !v?.d2p) return null;
  const x0 = h._offset + h.d2p(0), xs = h.d2p(1) - h.d2p(0), y0 = v._offset + v.d2p(0), ys = v.d2p(1) - v.d2p(0);
  const box = { l: h._offset, t: v._offset, w: h._length, h: v._length };
  return { box, count: trace.x.length, trace, at: row => [x0 + xs * mix('x', row), y0 + ys * mix('y', row)] };
}

function viewOfScene(layout, trace, mix) {
  const scene = layout.scene?._scene, camera = scene?.glplot?.cameraParams;
  if (!camera?.projection || !scene.dataScale) return null;
  const m = multiply(camera.projection, multiply(camera.view, camera.model)), scale = scene.dataScale, size = layout._size;
  const box = { l: size.l, t: size.t, w: size.w, h: size.h };
  const at = row => {
    const p = ['x', 'y', 'z'].map((axis, k) => mix(axis, row) * scale[k]);
    const [x, y, , w] = [0, 1, 2, 3].map(k => m[k] * p[0] + m[k + 4] * p[1] + m[k + 8] * p[2] + m[k + 12]);
    return [box.l + (1 + x / w) / 2 * box.w, box.t + (1 - y / w) / 2 * box.h];
  };
  return { box, count: trace.x.length, trace, at, camera: m.join() };
}

function multiply(a, b) {
  const out = new Array(16).fill(0);
  for (let c = 0; c < 4; c++) for (let r = 0; r < 4; r++) for (let k = 0; k < 4; k++) out[c * 4 + r] += a[k * 4 + r] * b[c * 4 + k];
  return out;
}

/* Coverage of a disc's pixels, 0 to 1, with a soft edge. */
function maskOf(radius) {
  const key = Math.round(radius * 4);
  if (!masks.has(key)) {
    const r = key / 4, reach = Math.ceil(r), side = 2 * reach + 1, cover = new Float32Array(side * side);
    for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) {
      cover[y * side + x] = Math.min(1, Math.max(0, r + 0.5 - Math.hypot(x - reach, y - reach)));
    }
    masks.set(key, { reach, side, cover });
  }
  return masks.get(key);
}

function stamp(pixels, width, height, x, y, mask, colour, alpha) {
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

/* Draw all points of `view` on `canvas`, which lies over the whole chart; unselected ones below, in grey. */
function paintPoints(canvas, view, style, ratio) {
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
      const own = (style.sized ? Math.min(11, 3 + 1.8 * Math.log10(Math.max(1, countOf(trace, near, row)))) : 5) * many;
      const size = style.selected && pass ? Math.max(6, own) : own; // a rare word is to be found amid the grey
      const colour = pass ? style.palette[style.codes[row]] ?? style.other : GREYED;
      stamp(pixels, width, height, (x - box.l) * ratio, (y - box.t) * ratio, maskOf(size / 2 * ratio), colour, pass ? style.strong : style.faint);
    }
  }
  context.putImageData(image, 0, 0);
  return context;
}

/* Segments from where `rows` lie in `before` to where they lie in `after`, with a head at the end. */
function paintTrails(context, before, after, rows, ratio, colourOf) {
  const { box } = after;
  context.lineWidth = 1.6 * ratio;
  context.lineCap = 'round';
  for (const row of rows) {
    const [[x0, y0], [x1, y1]] = [before, after].map(view => view.at(row).map((v, k) => (v - (k ? box.t : box.l)) * ratio));
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
