import assert from 'node:assert/strict';
import test from 'node:test';

import {
  fitName, hits, placeLabel, placeNames, placeWords, ringBox, shorten, within,
} from '../../core/maps/js/places.js';

import { drawNames } from '../../core/maps/js/labels.js';
import { openBrowser } from './fakes.js';

const AREA = { l: 0, t: 0, w: 500, h: 400 };
const PIN = { role: 'pin' }, KEPT = { role: 'kept' };
const widthOf = text => 6 * text.length;

const viewOf = (points, words = points.map((_, row) => `word${row}`)) =>
  ({ box: AREA, count: points.length, trace: { text: words }, at: row => points[row] });

/* Numbers from 0 to 1 that are the same every time. */
function* chance(seed) {
  for (let state = seed; ; state = (state * 16807) % 2147483647) yield state / 2147483647;
}

function assertApart(boxes) {
  boxes.forEach((box, place) => {
    assert.ok(within(box, AREA), JSON.stringify(box));
    assert.ok(!hits(box, boxes.slice(0, place)), JSON.stringify(box));
  });
}

test('boxes that share an edge do not hit each other', () => {
  const box = { l: 0, t: 0, r: 10, b: 10 };
  assert.ok(!hits(box, [{ l: 10, t: 0, r: 20, b: 10 }]));
  assert.ok(hits(box, [{ l: 9, t: 9, r: 20, b: 20 }]));
  assert.ok(!hits(box, []));
});

test('a long word keeps both ends, and letters outside the basic plane stay whole', () => {
  assert.equal(shorten('short'), 'short');
  assert.equal(shorten('Donaudampfschifffahrtsgesellschaft'), 'Donaudampfschif…ellschaft');
  assert.equal(shorten('𝒳'.repeat(30)), `${'𝒳'.repeat(15)}…${'𝒳'.repeat(9)}`);
});

test('a label stands to the right of its ring, and to the left where the map ends', () => {
  const right = placeLabel([100, 100], 40, KEPT, [], AREA), left = placeLabel([480, 100], 40, KEPT, [], AREA);
  assert.ok(right.l > ringBox([100, 100], KEPT).r);
  assert.ok(left.r < ringBox([480, 100], KEPT).l);
});

test('a neighbour without room has no label, and takes no room', () => {
  const taken = [{ l: 0, t: 0, r: 500, b: 400 }];
  assert.equal(placeLabel([100, 100], 40, KEPT, taken, AREA), null);
  assert.equal(taken.length, 1);
});

test('a pinned word has a label in any case, within the map, where it hits least', () => {
  const everywhere = { l: 0, t: 0, r: 500, b: 400 };
  const beside = { l: 100, t: 60, r: 500, b: 140 }; // all but the left is taken twice
  for (const point of [[100, 100], [2, 2], [499, 399]]) {
    assert.ok(within(placeLabel(point, 60, PIN, [everywhere], AREA), AREA));
  }
  const box = placeLabel([100, 100], 60, PIN, [everywhere, beside], AREA);
  assert.ok(!hits(box, [beside]));
});

test('a label that is wider than the map begins at its edge', () => {
  assert.equal(placeLabel([250, 200], 600, PIN, [], AREA).l, AREA.l);
});

test('labels in a crowd hit neither each other nor a ring', () => {
  const random = chance(7), next = () => random.next().value;
  for (let round = 0; round < 50; round++) {
    const points = Array.from({ length: 21 }, () => [500 * next(), 400 * next()]);
    const marks = points.map((_, row) => (row ? KEPT : { role: 'gained' }));
    const rings = points.map((point, row) => ringBox(point, marks[row])), taken = [...rings];
    const labels = points.map((point, row) => placeLabel(point, 20 + 60 * next(), marks[row], taken, AREA))
      .filter(Boolean);
    assert.ok(labels.length > 10);
    assertApart(labels);
    for (const label of labels) assert.ok(!hits(label, rings));
  }
});

test('frequent words come first, and none hits another', () => {
  const random = chance(3), next = () => random.next().value;
  const view = viewOf([[250, 200], ...Array.from({ length: 3000 }, () => [500 * next(), 400 * next()])]);
  const placed = placeWords(view, [], () => true, widthOf);
  assert.equal(placed[0].text, 'word0');
  assert.ok(placed.length > 15);
  assert.ok(placed.length <= Math.round(500 * 400 / 6500));
  assertApart(placed.map(each => each.box));
});

test('words that are not to be shown, or lie outside, are not written', () => {
  const view = viewOf([[100, 100], [100, 200], [-5, 100], [NaN, NaN], [499, 399]]);
  assert.deepEqual(placeWords(view, [], row => row !== 1, widthOf).map(each => each.text), ['word0']);
});

test('words make way for what is there already', () => {
  const taken = [{ l: 90, t: 90, r: 200, b: 110 }];
  assert.deepEqual(placeWords(viewOf([[100, 100]]), taken, () => true, widthOf), []);
});

test('words that may stand around their points do so where both sides are taken', () => {
  const taken = [{ l: 0, t: 95, r: 98, b: 105 }, { l: 102, t: 95, r: 500, b: 105 }], view = viewOf([[100, 100]]);
  assert.deepEqual(placeWords(view, [...taken], () => true, widthOf), []);
  assertApart([...taken, ...placeWords(view, [...taken], () => true, widthOf, true).map(each => each.box)]);
  assert.equal(placeWords(view, [...taken], () => true, widthOf, true).length, 1);
});

test('a word at the right edge stands to the left of its point', () => {
  const [{ box }] = placeWords(viewOf([[495, 100]]), [], () => true, widthOf);
  assert.ok(box.r < 495 && within(box, AREA));
});

test('a region has its name amid it, and one that is hidden, empty or nameless has none', () => {
  const points = [[250, 200], [700, 200], [100, 100]];
  const placed = placeNames(viewOf(points), ['one', 'outside', 'empty', ''], [0, 1, -1, 2], [], widthOf);
  assert.deepEqual(placed.map(each => each.number), [0]);
  assert.deepEqual([(placed[0].box.l + placed[0].box.r) / 2, (placed[0].box.t + placed[0].box.b) / 2], [250, 200]);
});

test('names of regions hit neither each other nor the edge', () => {
  const random = chance(5), next = () => random.next().value;
  const points = Array.from({ length: 30 }, () => [500 * next(), 400 * next()]);
  const placed = placeNames(viewOf(points), points.map((_, at) => `region ${at}`), [...points.keys()], [], widthOf);
  assert.ok(placed.length > 10);
  assertApart(placed.map(each => each.box));
});

test('a region is named by as many of its words as there is room for, and by one in any case', () => {
  const words = ['government', 'federal', 'public'];
  assert.deepEqual([200, 130, 10].map(room => fitName(words, room, widthOf)),
    ['government, federal, public', 'government, federal', 'government']);
});

test('a name that has less room in a narrower map is written anew', () => {
  openBrowser();
  const names = { names: [['government, federal, public']], colours: [[0]] }, style = { regions: false, palette: [] };
  const keys = [600, 300].map(w => {
    const view = { box: { l: 0, t: 0, w, h: 400 }, at: () => [w / 2, 200] };
    return drawNames(view, names, 0, [0], style, [], { font: 'sans-serif', text: '#000' })[0].key;
  });
  assert.notEqual(keys[0], keys[1]);
});
