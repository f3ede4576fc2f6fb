/* Where the rows of a Plotly chart are in pixels. Reads Plotly's private objects; gives null while they cannot tell. */

/* {box, count, trace, at(row)}, of flat maps also place(x, y). `shift` = {from, share} puts rows between their places
 * on the chart `from` and here, `shift` = {places} where the function places('x' or 'y', row) says. */
export function viewOf(chart, shift) {
  const layout = chart?._fullLayout, trace = chart?._fullData?.[0];
  if (!layout || !trace?.x) return null;
  const from = shift?.from?._fullData?.[0], share = from && from.x.length === trace.x.length ? shift.share : 1;
  const between = (axis, row) => from[axis][row] + share * (trace[axis][row] - from[axis][row]);
  const mix = shift?.places ?? (share === 1 ? (axis, row) => trace[axis][row] : between);
  if (trace.type === 'scatter3d') return viewOfScene(layout, trace, mix);
  const h = layout.xaxis, v = layout.yaxis;
  if (!h?.d2p || !v?.d2p) return null;
  const x0 = h._offset + h.d2p(0), xs = h.d2p(1) - h.d2p(0), y0 = v._offset + v.d2p(0), ys = v.d2p(1) - v.d2p(0);
  const box = { l: h._offset, t: v._offset, w: h._length, h: v._length };
  return {
    box, count: trace.x.length, trace,
    at: row => [x0 + xs * mix('x', row), y0 + ys * mix('y', row)],
    place: (x, y) => [x0 + xs * x, y0 + ys * y],
  };
}

function viewOfScene(layout, trace, mix) {
  const scene = layout.scene?._scene, camera = scene?.glplot?.cameraParams;
  if (!camera?.projection || !scene.dataScale) return null;
  const m = multiply(camera.projection, multiply(camera.view, camera.model));
  const scale = scene.dataScale, size = layout._size;
  const box = { l: size.l, t: size.t, w: size.w, h: size.h };
  const at = row => {
    const p = ['x', 'y', 'z'].map((axis, k) => mix(axis, row) * scale[k]);
    const [x, y, , w] = [0, 1, 2, 3].map(k => m[k] * p[0] + m[k + 4] * p[1] + m[k + 8] * p[2] + m[k + 12]);
    return [box.l + (1 + x / w) / 2 * box.w, box.t + (1 - y / w) / 2 * box.h];
  };
  return { box, count: trace.x.length, trace, at, camera: m.join() };
}

/* Of 4 x 4 matrices that lie in memory column by column. */
export function multiply(a, b) {
  const out = new Array(16).fill(0);
  for (let c = 0; c < 4; c++) {
    for (let r = 0; r < 4; r++) for (let k = 0; k < 4; k++) out[c * 4 + r] += a[k * 4 + r] * b[c * 4 + k];
  }
  return out;
}

/* Rows of the drawn points of a flat map within a box, `range` = {x: [a, b], y: [a, b]}, or within `lassoPoints` =
 * {x: [...], y: [...]}, the corners of a shape, all in the map's own units. */
export function rowsWithin({ x, y }, { range, lassoPoints }, mask) {
  const [[left, right], [low, high]] = range ? [range.x, range.y].map(([a, b]) => (a < b ? [a, b] : [b, a])) : [[], []];
  const inside = range
    ? (px, py) => px >= left && px <= right && py >= low && py <= high
    : (px, py) => isWithin(px, py, lassoPoints);
  const rows = [];
  for (let row = 0; row < x.length; row++) if ((!mask || mask[row]) && inside(x[row], y[row])) rows.push(row);
  return rows;
}

/* Whether a line from the point to the right crosses the sides of the shape an odd number of times. */
function isWithin(px, py, { x, y }) {
  let odd = false;
  for (let at = 0, before = x.length - 1; at < x.length; before = at++) {
    if ((y[at] > py) === (y[before] > py)) continue;
    if (px < x[at] + (py - y[at]) / (y[before] - y[at]) * (x[before] - x[at])) odd = !odd;
  }
  return odd;
}

/* The row of the drawn point that is nearest to a place in pixels, within `reach` pixels of it; null where none is. */
export function nearestRow(view, x, y, mask, reach = 24) {
  let best = null, least = reach * reach;
  for (let row = 0; row < view.count; row++) {
    if (mask && !mask[row]) continue;
    const [px, py] = view.at(row), far = (px - x) ** 2 + (py - y) ** 2;
    if (far < least) { least = far; best = row; }
  }
  return best;
}
