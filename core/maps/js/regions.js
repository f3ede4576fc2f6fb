/* Which regions of a map are named at which zoom, and by which of its words each name stands. */

const GRID = 40, NONE = 255;

/* What core/maps/payload.py calls Names, decoded: the region of each word on each level. */
export function decodeNames({ levels }, finest, content) {
  const codes = [finest];
  for (let level = levels.length - 1; level > 0; level--) {
    const parents = levels[level].map(each => each.parent);
    codes.unshift(codes[0].map(code => (code < parents.length ? parents[code] : NONE)));
  }
  const colours = levels.map((regions, level) => regions.map((_, number) => {
    let place = number;
    for (let each = level; each > 0; each--) place = levels[each][place].parent;
    return place;
  }));
  return { names: levels.map(regions => regions.map(each => each.name)), codes, colours, content };
}

const FEWEST_ALONE = 3; // isolated words of a region that are worth its name

/* Of each region the word in its midst, where its words lie densest on all maps together; -1 for one with fewer words
 * than `fewest`. `cells`: of each map, the column and the row of the grid that each word lies in. */
function midstOf(traces, cells, codes, regions, shown, fewest) {
  const counts = Array.from({ length: regions }, () => new Uint16Array(GRID * GRID));
  const rows = [];
  for (let row = 0; row < codes.length; row++) if (codes[row] < regions && shown(row)) rows.push(row);
  const sizes = new Uint32Array(regions);
  for (const row of rows) sizes[codes[row]]++;
  for (const [across, up] of cells) for (const row of rows) counts[codes[row]][across[row] + GRID * up[row]]++;
  const around = counts.map(densestBlock), sums = around.map(() => [0, 0, 0]);
  traces.forEach(({ x, y }, map) => {
    const [across, up] = cells[map];
    for (const row of rows) {
      const [cx, cy] = around[codes[row]], sum = sums[codes[row]];
      if (Math.abs(across[row] - cx) > 1 || Math.abs(up[row] - cy) > 1) continue;
      sum[0] += x[row]; sum[1] += y[row]; sum[2]++;
    }
  });
  const best = around.map(() => -1), least = around.map(() => Infinity);
  for (const row of rows) {
    const [sx, sy, n] = sums[codes[row]];
    let far = 0;
    for (const { x, y } of traces) far += (x[row] - sx / n) ** 2 + (y[row] - sy / n) ** 2;
    if (far < least[codes[row]]) { least[codes[row]] = far; best[codes[row]] = row; }
  }
  return best.map((row, number) => (sizes[number] < fewest ? -1 : row));
}

function gridOf(values) {
  let sum = 0, squares = 0;
  for (const value of values) { sum += value; squares += value * value; }
  const middle = sum / values.length, spread = Math.sqrt(Math.max(squares / values.length - middle ** 2, 1e-12));
  const low = middle - 2.5 * spread, step = 5 * spread / GRID;
  return value => Math.max(0, Math.min(GRID - 1, Math.floor((value - low) / step)));
}

/* [column, row] of the cell whose 3 x 3 surroundings hold most. */
function densestBlock(cells) {
  let best = [0, 0], most = -1;
  for (let cy = 0; cy < GRID; cy++) {
    for (let cx = 0; cx < GRID; cx++) {
      if (!cells[cx + GRID * cy]) continue;
      let sum = 0;
      for (let dy = Math.max(0, cy - 1); dy <= Math.min(GRID - 1, cy + 1); dy++) {
        for (let dx = Math.max(0, cx - 1); dx <= Math.min(GRID - 1, cx + 1); dx++) sum += cells[dx + GRID * dy];
      }
      if (sum > most) { most = sum; best = [cx, cy]; }
    }
  }
  return best;
}

let last = {};

/* Rows in the midst of each region, level by level, the same on all maps; reckoned once for as long as the points stay
 * and `mask` does. */
export function midsts(traces, names, mask) {
  const key = [names, mask, ...traces.map(trace => trace.x)];
  if (last.key?.length === key.length && key.every((each, at) => each === last.key[at])) return last.rows;
  const shown = row => !mask || mask[row], [across, up] = [gridOf(traces[0].x), gridOf(traces[0].y)];
  const cells = traces.map(({ x, y }) => [Uint8Array.from(x, across), Uint8Array.from(y, up)]);
  const fewest = mask ? FEWEST_ALONE : 1;
  const rows = names.codes.map((codes, level) => (
    midstOf(traces, cells, codes, names.names[level].length, shown, fewest)));
  last = { key, rows };
  return rows;
}

const FEWEST_SEEN = 6, OF_OWN = 0.25, OF_ALL = 0.1;

const medianOf = values => Float64Array.from(values).sort()[values.length >> 1];

const isIn = ({ box }, [x, y]) => x > box.l && x < box.l + box.w && y > box.t && y < box.t + box.h;

/* `rows`, the midsts of the regions of one level, whose regions are `codes`; where a midst is out of view, but a good
 * part of its region is not, or is a good part of what is in view, the word amid those of its words that are. */
export function midstsInView(view, codes, rows, shown) {
  const away = rows.map(row => row >= 0 && !isIn(view, view.at(row)));
  if (!away.includes(true)) return rows;
  const found = rows.map(() => []), sizes = rows.map(() => 0);
  let all = 0;
  for (let row = 0; row < codes.length; row++) {
    if (!shown(row)) continue;
    const point = view.at(row), inside = isIn(view, point), code = codes[row];
    if (inside) all++;
    if (!away[code]) continue;
    sizes[code]++;
    if (inside) found[code].push([row, ...point]);
  }
  return rows.map((row, number) => {
    const seen = found[number], n = seen.length;
    if (n < FEWEST_SEEN || n < Math.min(OF_OWN * sizes[number], OF_ALL * all)) return row;
    const [x, y] = [1, 2].map(axis => medianOf(seen.map(each => each[axis])));
    const far = ([, px, py]) => (px - x) ** 2 + (py - y) ** 2;
    return seen.reduce((best, each) => (far(each) < far(best) ? each : best))[0];
  });
}

const ROOM = 26000; // square pixels for a name
const NEARLY = 0.8;

/* The finest level of which no more regions lie in view than there is room for; the coarsest, which the legend has,
 * for as long as nearly all of it is in view. */
export function levelOf(view, rows) {
  const { box } = view, most = Math.max(5, box.w * box.h / ROOM);
  const inView = row => row >= 0 && isIn(view, view.at(row)), coarse = rows[0].filter(row => row >= 0);
  if (coarse.length > 1 && coarse.filter(inView).length > NEARLY * coarse.length) return 0;
  for (let level = rows.length - 1; level > 0; level--) {
    if (rows[level].filter(inView).length <= most) return level;
  }
  return 0;
}
