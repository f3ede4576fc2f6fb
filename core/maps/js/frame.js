/* The part of the plane that flat maps show at first, and how it fills a map's place with both scales alike. */

const MANY = 1000, MARGIN = 0.06;
const SHARES = [0.05, 0.04, 0.03, 0.02, 0.015, 0.01, 0.0075, 0.005, 0.0025, 0.001, 0], SPARSE = 0.1;

/* {x: [low, high], y}, where the drawn points of all `traces` lie: of few all, of many those that lie near each other
 * (as core/maps/frame.py has it), or all but the share `beyond`. `shown(row)` says which are drawn. */
export function homeOf(traces, shown, beyond = null) {
  const home = {};
  for (const axis of ['x', 'y']) {
    const values = traces.flatMap(trace => Array.from(trace[axis]).filter((_, row) => shown(row)));
    const sorted = Float64Array.from(values).filter(Number.isFinite).sort(), n = sorted.length;
    if (!n) return null;
    const many = beyond === null && n >= MANY * traces.length, cut = Math.floor(n * (beyond ?? 0) / 4);
    const low = many ? edgeOf(sorted) : sorted[cut];
    const high = many ? -edgeOf(sorted.map(value => -value).reverse()) : sorted[n - 1 - cut];
    const margin = Math.max((high - low) * MARGIN, 1e-3);
    home[axis] = [low - margin, high + margin];
  }
  return home;
}

/* How far down the frame of values in rising order reaches. */
function edgeOf(sorted) {
  const n = sorted.length, places = SHARES.map(share => sorted[Math.floor(n * share)]);
  const middle = sorted[n - 1 - Math.floor(n * SHARES[0])] - places[0];
  const least = SPARSE * (1 - 2 * SHARES[0]) / Math.max(middle, 1e-12);
  for (let at = 0; ;) {
    const next = SHARES.findIndex((share, step) =>
      step > at && SHARES[at] - share >= least * (places[at] - places[step]));
    if (next < 0) return places[at];
    at = next;
  }
}

/* `home`, widened in one direction so that a unit is as long across as up in a box of w x h pixels. */
export function fill(home, w, h) {
  const unit = Math.max((home.x[1] - home.x[0]) / w, (home.y[1] - home.y[0]) / h);
  const around = ([low, high], length) => {
    const middle = (low + high) / 2, half = unit * length / 2;
    return [middle - half, middle + half];
  };
  return { x: around(home.x, w), y: around(home.y, h) };
}
