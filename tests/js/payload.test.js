import assert from 'node:assert/strict';
import test from 'node:test';

import { bitsOf, bytesOf, countOf, factsOf, hasBit, metaOf, styleOf } from '../../core/maps/js/payload.js';

const bits = rows => bitsOf(rows, 12);
const trace = (rows, covered = [0]) => ({
  text: ['cat', 'dog', 'حرب', 'zero'], customdata: rows, meta: { near: 2, covered: bits(covered) },
});
const PAINT = { codes: btoa('\x00\x01\xff'), palette: ['#0072b2', '#e69f00'], other: '#8b93a1', regions: true };
const TOLD = { selection: null, shown: null, marks: [], options: { sized: true } };

test('bits come back as they were written', () => {
  for (const rows of [[], [0], [7, 8], [0, 3, 11]]) {
    const read = bytesOf(bits(rows));
    assert.equal(read.length, 2);
    assert.deepEqual([...Array(12).keys()].filter(row => hasBit(read, row)), rows);
  }
});

test('a style has a byte a word and colours as channels', () => {
  const style = styleOf(PAINT, TOLD, false);
  assert.deepEqual([...style.codes], [0, 1, 255]);
  assert.deepEqual(style.palette, [[0, 114, 178], [230, 159, 0]]);
  assert.equal(style.palette[style.codes[2]], undefined); // a word without a value
  assert.deepEqual(style.other, [139, 147, 161]);
  assert.equal(style.selected, null);
});

test('selected words are known, and others are fainter on a light page than on a dark one', () => {
  const [light, dark] = [false, true].map(night => styleOf(PAINT, { ...TOLD, selection: bits([1]) }, night));
  assert.equal(hasBit(light.selected, 1), 1);
  assert.ok(light.faint < dark.faint);
});

test('marked words are drawn, whether they are among the drawn or not', () => {
  const { mask } = styleOf(PAINT, { ...TOLD, shown: bits([0]), marks: [{ row: 2, role: 'pin' }] }, false);
  assert.deepEqual([...mask], [1, 0, 1]);
  assert.equal(styleOf(PAINT, TOLD, false).mask, null);
});

test('names are decoded from the finest level upwards', () => {
  const names = {
    codes: btoa('\x00\x01\x02\xff'), content: bits([0, 1, 2]),
    levels: [[{ name: 'a', parent: -1 }, { name: 'b', parent: -1 }],
      [{ name: 'a1', parent: 0 }, { name: 'b1', parent: 1 }, { name: 'b2', parent: 1 }]],
  };
  const read = metaOf({ meta: { near: 2, covered: bits([]), names } }).names;
  assert.deepEqual(read.codes.map(each => [...each]), [[0, 1, 1, 255], [0, 1, 2, 255]]);
  assert.deepEqual(read.colours, [[0, 1], [0, 1, 1]]);
  assert.deepEqual(read.names, [['a', 'b'], ['a1', 'b1', 'b2']]);
  assert.equal(metaOf({ meta: { near: 2, covered: bits([]), names: { ...names } } }).names, read);
});

test('a count is read from one column or from two', () => {
  assert.equal(countOf(trace([[1, 2, 65535]]), 2, 0), 65535);
  assert.equal(countOf(trace([[1, 2, 1, 2]]), 2, 0), 131073);
});

test('how to read a trace is found where Plotly puts it, and decoded once', () => {
  const { meta, ...kept } = trace([[1, 2, 3]]), full = { ...kept, _input: { meta } };
  assert.equal(metaOf(full).near, 2);
  assert.equal(metaOf(full), metaOf(full));
});

test('a tooltip names the neighbours, but not the word itself where there is none', () => {
  const rows = trace([[1, 2, 1200], [0, 1, 1], [2, 2, 5], [3, 3, 2]]);
  assert.deepEqual(factsOf(rows, 0), {
    word: 'cat', seen: `seen ${(1200).toLocaleString()} times · in the pretrained file`,
    near: 'nearest: \u2068dog\u2069, \u2068حرب\u2069',
  });
  assert.equal(factsOf(rows, 1).seen, 'seen 1 time · not in the pretrained file');
  assert.equal(factsOf(rows, 1).near, 'nearest: \u2068cat\u2069');
  assert.equal(factsOf(rows, 3).near, 'no neighbours: its vector is zero');
});

test('without pretrained vectors a tooltip says nothing of them', () => {
  assert.equal(factsOf(trace([[1, 2, 2]], []), 0).seen, 'seen 2 times');
});
