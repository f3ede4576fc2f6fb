import assert from 'node:assert/strict';
import test from 'node:test';

import { codesAt, factsAt, framesOf, placesAt } from '../../core/maps/js/frames.js';

const base64 = numbers => Buffer.from(numbers.buffer).toString('base64');
const WORDS = ['cat', 'dog', 'tree'];
const FRAMES = framesOf({
  id: 's', names: ['old', 'new'], width: 2, extent: [[-1, 1], [0, 10]], home: [[0, 1], [2, 8]],
  places: base64(Uint16Array.of(0, 0, 65535, 65535, 0, 65535, 65535, 0, 65535, 65535, 0, 65535)),
  near: base64(Uint16Array.of(1, 2, 0, 2, 2, 2, 2, 1, 0, 2, 0, 1)),
  counts: base64(Uint32Array.of(1, 70000, 3, 4, 5, 6)), codes: base64(Uint8Array.of(0, 1, 255, 1, 0, 255)),
  palette: ['#000000', '#ffffff'], other: '#8b93a1',
});

test('a word is where its text has it, and half way between two texts in between', () => {
  const [old, half, late, beyond] = [0, 0.5, 1, 7].map(time => placesAt(FRAMES, time));
  assert.deepEqual([old('x', 0), old('y', 0)], [-1, 0]);
  assert.deepEqual([late('x', 0), late('y', 0)], [1, 0]);
  assert.deepEqual([half('x', 0), half('y', 2)], [0, 10]);
  assert.equal(beyond('x', 0), 1);
});

test('the map shows at first what its home says, within all places', () => {
  assert.deepEqual(FRAMES.home, { x: [0, 1], y: [2, 8] });
});

test('colours and facts are those of the text that is shown', () => {
  assert.deepEqual([...codesAt(FRAMES, 1)], [1, 0, 255]);
  assert.deepEqual([...FRAMES.coloured], [0b011]); // the third word has no colour in either text
  assert.deepEqual(factsAt(FRAMES, WORDS, 0, 1), {
    word: 'dog', seen: `seen ${(70000).toLocaleString()} times in \u2068old\u2069`,
    near: 'nearest: \u2068cat\u2069, \u2068tree\u2069',
  });
  assert.equal(factsAt(FRAMES, WORDS, 0, 0).seen, 'seen 1 time in \u2068old\u2069');
  assert.equal(factsAt(FRAMES, WORDS, 0, 2).near, 'no neighbours: a zero vector');
});
