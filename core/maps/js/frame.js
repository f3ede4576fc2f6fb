/* The part of the plane that flat maps show at first, and how it fills a map's place with both scales alike. */

const MANY = 1000, BEYOND = 0.005, MARGIN = 0.06;

/* {x: [low, high], y}, within which all but the share `beyond` of the drawn points of all `traces` lie; the usual share
 * is none of few points. `shown(row)` says which are drawn. */
export function homeOf(traces, shown, beyond = null) {
  const home = {};
  for (const axis of ['x', 'y']) {
    const values = traces.flatMap(trace => Array.from(trace[axis]).filter((_, row) => shown(row)));
    const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
    if (!sorted.length) return null;
    const share = beyond ?? (sorted.length >= MANY * traces.length ? BEYOND : 0);
    const cut = Math.floor(sorted.length * share / 4);
    const low = sorted[cut], high = sorted[sorted.length - 1 - cut], margin = Math.max((high - low) * MARGIN, 1e-3);
    home[axis] = [low - margin, high + margin];
  }
  return home;
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
