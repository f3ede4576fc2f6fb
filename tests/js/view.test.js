import assert from 'node:assert/strict';
import test from 'node:test';

import { multiply, rowsWithin, viewOf } from '../../core/maps/js/view.js';
import { Chart, traceOf } from './fakes.js';

const UNIT = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const flat = x => new Chart(traceOf({ x: Float32Array.from(x), y: new Float32Array(x.length) }));

test('rows are where the axes put them', () => {
  const view = viewOf(flat([-1, 0, 1]));
  assert.equal(view.count, 3);
  assert.deepEqual([0, 1, 2].map(view.at), [[0, 200], [250, 200], [500, 200]]);
  assert.deepEqual(view.box, { l: 0, t: 0, w: 500, h: 400 });
});

test('rows are on their way from another map, unless it has other words', () => {
  const from = flat([1, 0, -1]);
  assert.deepEqual(viewOf(flat([-1, 0, 1]), { from, share: 0 }).at(0), [500, 200]);
  assert.deepEqual(viewOf(flat([-1, 0, 1]), { from, share: 0.25 }).at(0), [375, 200]);
  assert.deepEqual(viewOf(flat([-1, 0]), { from, share: 0 }).at(0), [0, 200]);
});

test('a chart that is not drawn yet has no view', () => {
  assert.equal(viewOf(undefined), null);
  assert.equal(viewOf({ _fullLayout: {}, _fullData: [] }), null);
  assert.equal(viewOf({ _fullLayout: { xaxis: {}, yaxis: {} }, _fullData: [traceOf({ x: [], y: [] })] }), null);
  assert.equal(viewOf({ _fullLayout: {}, _fullData: [{ type: 'scatter3d', x: [], y: [], z: [] }] }), null);
});

test('a map in three dimensions is seen through its camera', () => {
  const cameraParams = { projection: UNIT, view: UNIT, model: UNIT };
  const chart = {
    _fullData: [{ type: 'scatter3d', x: [0, 1], y: [0, 1], z: [0, 0] }],
    _fullLayout: {
      _size: { l: 10, t: 20, w: 100, h: 50 }, scene: { _scene: { dataScale: [1, 1, 1], glplot: { cameraParams } } },
    },
  };
  const view = viewOf(chart);
  assert.deepEqual(view.at(0), [60, 45]);
  assert.deepEqual(view.at(1), [110, 20]);
  assert.equal(view.camera, UNIT.join());
});

test('a box and a lasso hold the points within them, of those that are drawn', () => {
  const trace = { x: [0, 1, 2, 3], y: [0, 1, 2, 0.5] };
  assert.deepEqual(rowsWithin(trace, { range: { x: [2.5, 0.5], y: [0, 5] } }, null), [1, 2]);
  assert.deepEqual(rowsWithin(trace, { range: { x: [0.5, 2.5], y: [0, 5] } }, [1, 0, 1, 1]), [2]);
  const corner = { x: [-1, 4, 4, 3.5, 3.5, -1], y: [-1, -1, 3, 3, 0.8, 0.8] }; // an L lying on its back
  assert.deepEqual(rowsWithin(trace, { lassoPoints: corner }, null), [0, 3]);
});

test('matrices that lie column by column', () => {
  const moved = [...UNIT.slice(0, 12), 5, 6, 7, 1], doubled = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1];
  assert.deepEqual(multiply(UNIT, moved), moved);
  assert.deepEqual(multiply(doubled, moved).slice(12), [10, 12, 14, 1]);
  assert.deepEqual(multiply(moved, doubled).slice(12), [5, 6, 7, 1]);
});
