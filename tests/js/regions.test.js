import assert from 'node:assert/strict';
import test from 'node:test';

import { fill, homeOf } from '../../core/maps/js/frame.js';
import { glowOf } from '../../core/maps/js/density.js';
import { levelOf, midsts, midstsInView } from '../../core/maps/js/regions.js';

/* Numbers from 0 to 1 that are the same every time. */
function* chance(seed) {
  for (let state = seed; ; state = (state * 16807) % 2147483647) yield state / 2147483647;
}

const random = chance(11), next = () => random.next().value - 0.5;
const N = 4000;
const trace = { x: Float32Array.from({ length: N }, next), y: Float32Array.from({ length: N }, next) };
const all = () => true;

test('the first part of the plane leaves out a few far points of many, and none of few', () => {
  const far = { x: Float32Array.from(trace.x), y: trace.y };
  far.x[7] = 100;
  assert.ok(homeOf([far], all).x[1] < 1);
  assert.ok(homeOf([far], row => row < 100).x[1] > 99);
  assert.equal(homeOf([far], () => false), null);
});

/* The numbers of tests/maps/test_frame.py. */
test('a far island of few makes nothing small, and one of many is seen', () => {
  const n = 2000, x = Float64Array.from({ length: n }, (_, row) => row * 0.618034 % 1);
  const y = Float64Array.from({ length: n }, (_, row) => row * 0.414214 % 1);
  const found = (first, by) => homeOf([{ x: x.map((value, row) => value + (row < first ? by : 0)), y }], all).x;
  const near = (value, other) => Math.abs(value - other) < 0.3;
  assert.ok(near(found(0, 0)[0], 0) && near(found(0, 0)[1], 1));
  assert.ok(near(found(20, 4)[1], 1));
  assert.ok(near(found(400, 2)[1], 3));
  assert.ok(found(400, 0.3)[1] > 1.25);
  const same = homeOf([{ x: new Float64Array(n), y: new Float64Array(n) }], all);
  assert.ok(same.x[1] > same.x[0]);
});

test('a part of the plane fills a box in both directions, equally scaled, and stays in its middle', () => {
  const { x, y } = fill({ x: [0, 2], y: [0, 1] }, 400, 400);
  assert.deepEqual(x, [0, 2]);
  assert.deepEqual(y, [-0.5, 1.5]);
});

test('a region stands by a word of its own where they lie densest, one and the same on both maps', () => {
  const codes = Uint8Array.from({ length: N }, (_, row) => row % 3);
  const left = { x: Float32Array.from(trace.x), y: Float32Array.from(trace.y) };
  for (let row = 0; row < N; row += 3) { left.x[row] = 0.3 + next() / 50; left.y[row] = -0.2 + next() / 50; }
  const names = { codes: [codes], names: [['a', 'b', 'c', 'nobody']] };
  const [rows] = midsts([left, { ...left }], names, null);
  assert.equal(rows[0] % 3, 0);
  assert.ok(Math.abs(left.x[rows[0]] - 0.3) < 0.05 && Math.abs(left.y[rows[0]] + 0.2) < 0.05);
  assert.equal(rows[3], -1);
  const mask = Uint8Array.from({ length: N }, (_, row) => Number(row % 3 !== 1));
  assert.equal(midsts([left, { ...left }], names, mask)[0][1], -1);
});

test('zooming in goes to finer regions, as many as there is room for', () => {
  const rows = [[0, 1], [...Array(40).keys()], [...Array(400).keys()]];
  const at = zoom => ({
    box: { l: 0, t: 0, w: 700, h: 700 }, at: row => [350 + 700 * zoom * trace.x[row], 350 + 700 * zoom * trace.y[row]],
  });
  assert.deepEqual([0.9, 2, 8].map(zoom => levelOf(at(zoom), rows)), [0, 1, 2]);
});

test('for as long as nearly all regions are in view they are those of the legend, though finer ones would fit', () => {
  const box = { l: 0, t: 0, w: 700, h: 700 }, rows = [[0, 1, -1], [0, 1, 2, 3]];
  const places = [[100, 100], [600, 600], [300, 300], [400, 400]];
  const at = dx => ({ box, at: row => [places[row][0] + dx, places[row][1]] });
  assert.deepEqual([levelOf(at(0), rows), levelOf(at(-150), rows)], [0, 1]);
  assert.equal(levelOf(at(0), [[0, -1, -1], [0, 1, 2, 3]]), 1, 'of one region its parts');
});

test('of isolated words a region has its name only if a few are its own', () => {
  const codes = Uint8Array.from({ length: N }, (_, row) => row % 2), names = { codes: [codes], names: [['a', 'b']] };
  const alone = rows => Uint8Array.from({ length: N }, (_, row) => Number(rows.includes(row)));
  const [[a, b]] = midsts([{ ...trace }], names, alone([0, 2, 4, 1, 3]));
  assert.ok([0, 2, 4].includes(a));
  assert.equal(b, -1);
});

test('a region whose midst is out of view has its name amid those of its words that are not, if they are many', () => {
  const codes = Uint8Array.from({ length: N }, (_, row) => row % 2), box = { l: 0, t: 0, w: 100, h: 100 };
  const place = row => [(row * 0.618034 % 1) * 200 - 50, 20 + (row * 0.414214 % 1) * 10];
  const view = { box, at: row => (row % 2 ? [50, 50] : place(row)) };
  const out = [...Array(N).keys()].find(row => row % 2 === 0 && view.at(row)[0] < -40);
  const [even, odd] = midstsInView(view, codes, [out, 1], all), [x, y] = view.at(even);
  assert.equal(odd, 1);
  assert.ok(even % 2 === 0 && Math.abs(x - 50) < 3 && Math.abs(y - 25) < 3);
  assert.deepEqual(midstsInView(view, codes, [out, 1], row => row % 2 || row < 8), [out, 1]); // too few of them
});

test('many words glow where they are dense, in their colour, and few do not', () => {
  const style = { mask: null, codes: new Uint8Array(N), palette: [[200, 10, 10]], other: [0, 0, 0], dark: false };
  const home = homeOf([trace], all), { pixels, side } = glowOf(trace, home, style);
  const at = (x, y) => [...pixels.slice(4 * (x + side * y), 4 * (x + side * y) + 4)];
  assert.deepEqual(at(side / 2, side / 2).slice(0, 3), [200, 10, 10]);
  assert.ok(at(side / 2, side / 2)[3] > 40 && at(1, 1)[3] < 5);
  const few = { ...style, mask: Uint8Array.from({ length: N }, (_, row) => Number(row < 2999)) };
  assert.equal(glowOf(trace, home, few), null);
});
