import assert from 'node:assert/strict';
import test from 'node:test';

import linkMaps from '../../core/maps/js/linked_maps.js';
import { showMaps } from '../../core/maps/js/page.js';
import { bitsOf } from '../../core/maps/js/payload.js';
import paintMaps from '../../core/maps/js/recolour.js';
import { Chart, openBrowser, traceOf } from './fakes.js';

const WORDS = ['cat', 'dog', 'house', 'tree'];
const PAINT = { codes: btoa('\x00\x00\x01\xff'), palette: ['#0072b2', '#e69f00'], other: '#8b93a1', regions: false };
const COLOURS = { pin: '#c2255c', kept: '#5f6b7a', lost: '#d9480f', gained: '#087f5b' };
const OPTIONS = { linked: false, sized: true, labels: true, particles: false, glow: true, trails: false,
  morph: 0, drag: 'pan', solid: false, find_key: true };
const LINKS = {
  keys: ['left', 'right'], search: 'find-word', marks: [], colours: COLOURS,
  selection: null, given_up: 0, shown: null, isolated: '', options: OPTIONS, paint: PAINT,
};

const chart = shift => new Chart(traceOf({
  x: Float32Array.of(-0.6, -0.2, 0.2, 0.6).map(x => x + shift), y: Float32Array.of(0, 0.5, -0.5, 0), text: WORDS,
  customdata: [[1, 9], [0, 8], [3, 7], [2, 1]], meta: { near: 1, covered: bitsOf([0, 1, 2], 4) },
}));

/* Two linked maps, drawn; `said` is what the user did, as the app hears it. */
function open(links = {}, css = {}) {
  const charts = { left: chart(0), right: chart(0.1) }, browser = openBrowser(charts, css), said = [];
  const data = { ...LINKS, ...links, options: { ...OPTIONS, ...links.options } };
  const unlink = linkMaps({ data, parentElement: {}, setTriggerValue: (...what) => said.push(what) });
  browser.draw();
  return { charts, browser, said, unlink };
}

const point = row => ({ points: [{ curveNumber: 0, pointNumber: row }] }); // what Plotly says of a word
const texts = (map, name) => map.ofClass(name).map(each => each.textContent);
const rings = map => map.ofClass('twin-mark').map(each => [each.dataset.row, each.dataset.role]);

test('a word under the mouse lights up on both maps', () => {
  const { charts, browser } = open();
  charts.left.listeners.plotly_hover(point(2));
  browser.draw();
  for (const map of Object.values(charts)) {
    assert.deepEqual(rings(map), [[2, 'pin']]);
    const said = map.ofClass('twin-tooltip')[0].children.map(each => each.textContent);
    assert.deepEqual(said, ['house', 'seen 7 times · in the pretrained file', 'nearest: \u2068tree\u2069']);
  }
  charts.left.listeners.plotly_unhover();
  browser.draw();
  assert.deepEqual(rings(charts.right), []);
});

test('marked words have a ring and their name, and are not written twice', () => {
  const { charts } = open({ marks: [{ row: 0, role: 'pin' }, { row: 3, role: 'gained' }, { row: 99, role: 'lost' }] });
  assert.deepEqual(rings(charts.left), [[0, 'pin'], [3, 'gained']]);
  assert.deepEqual(texts(charts.left, 'twin-label').sort(), ['cat', 'tree']);
  assert.deepEqual(texts(charts.left, 'twin-word'), ['dog', 'house']);
});

test('a word is written as text, whatever is in it', () => {
  const charts = { left: chart(0), right: chart(0) }, browser = openBrowser(charts);
  charts.left._fullData[0].text = ['<img src=x onerror=alert(1)>', ...WORDS.slice(1)];
  linkMaps({ data: { ...LINKS, marks: [{ row: 0, role: 'pin' }] }, parentElement: {}, setTriggerValue() {} });
  browser.draw();
  const [label] = charts.left.ofClass('twin-label');
  assert.equal(label.textContent, '<img src=x oner…alert(1)>');
  assert.ok(charts.left.all.every(each => !('innerHTML' in each)));
});

test('clicks, a box and a box given up are told by row', () => {
  const { charts, said } = open();
  charts.right.listeners.plotly_click(point(1));
  charts.left.listeners.plotly_selected({ points: [], lassoPoints: { x: [-1, 1, 1, -1], y: [-0.1, -0.1, 0.1, 0.1] } });
  charts.left.listeners.plotly_selected(undefined);
  charts.left.listeners.plotly_deselect();
  assert.deepEqual(said, [['clicked', 1], ['selected', btoa('\x09')], ['selected', '']]);
});

test('an outline goes with its selection, also where that was given up before the page was told of it', () => {
  const { charts } = open({ given_up: 1 });
  charts.left._fullLayout.selections = [{}];
  const isDropped = links => {
    charts.left.changes = [];
    linkMaps({ data: { ...LINKS, ...links }, parentElement: {}, setTriggerValue() {} });
    return charts.left.changes.some(change => 'selections' in change);
  };
  assert.ok(!isDropped({ given_up: 1 })); // it has just been drawn, and the app has not answered
  assert.ok(isDropped({ given_up: 2 }));
  assert.ok(!isDropped({ given_up: 2, selection: btoa('\x09') }));
  assert.ok(isDropped({ given_up: 2 }));
});

test('words that are not selected are not written', () => {
  const { charts } = open({ selection: bitsOf([1, 3], 4) });
  assert.deepEqual(texts(charts.left, 'twin-word'), ['dog', 'tree']);
});

test('Escape clears, but within a field only leaves it', () => {
  const { browser, said } = open({ marks: [{ row: 0, role: 'pin' }] });
  let left = 0;
  browser.press('Escape', { target: { closest: () => true, blur: () => { left += 1; } } });
  assert.deepEqual([left, said.length], [1, 0]);
  browser.press('Escape');
  assert.deepEqual(said, [['cleared', true]]);
});

test('the slash goes to the search field', () => {
  const { browser } = open();
  const done = [], field = { focus: () => done.push('focus'), select: () => done.push('select') };
  const find = browser.document.querySelector;
  browser.document.querySelector = selector => selector === '.st-key-find-word input' ? field : find(selector);
  browser.press('/');
  assert.deepEqual(done, ['focus', 'select']);
});

test('arrows go through the marked words, and Enter pins the one they stand on', () => {
  const marks = [{ row: 0, role: 'pin' }, { row: 3, role: 'kept' }, { row: 2, role: 'lost' }];
  const { browser, charts, said } = open({ marks });
  const steps = ['ArrowLeft', 'ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowUp'].map(key => {
    browser.press(key);
    browser.draw();
    return charts.left.ofClass('twin-tooltip')[0].children[0].textContent;
  });
  assert.deepEqual(steps, ['house', 'cat', 'tree', 'house', 'tree']);
  browser.press('Enter');
  assert.deepEqual(said, [['clicked', 3]]);
});

test('keys with Ctrl belong to the browser', () => {
  const { browser, said } = open({ marks: [{ row: 0, role: 'pin' }] });
  browser.press('Escape', { ctrlKey: true });
  assert.deepEqual(said, []);
});

test('with linked zoom the other map follows, without it stays', () => {
  for (const linked of [true, false]) {
    const { charts, browser } = open({ options: { linked } });
    charts.left._fullLayout.xaxis.range = [0, 0.5];
    charts.left.listeners.plotly_relayout();
    browser.draw();
    assert.deepEqual(charts.right.changes.at(-1)['xaxis.range'] ?? null, linked ? [0, 0.5] : null);
  }
});

test('a chart takes the tool that was chosen', () => {
  assert.deepEqual(open({ options: { drag: 'lasso' } }).charts.left.changes[0], { dragmode: 'lasso' });
});

const NAMES = {
  codes: btoa('\x00\x00\x01\xff'), content: bitsOf([0, 2, 3], 4),
  levels: [[{ name: 'pets', parent: -1 }, { name: 'things', parent: -1 }]],
};

/* Maps of which regions and content words are known. */
function openNamed(links = {}) {
  const charts = { left: chart(0), right: chart(0.1) }, browser = openBrowser(charts);
  for (const map of Object.values(charts)) map._fullData[0].meta = { ...map._fullData[0].meta, names: NAMES };
  const data = { ...LINKS, ...links, options: { ...OPTIONS, ...links.options } };
  linkMaps({ data, parentElement: {}, setTriggerValue() {} });
  browser.draw();
  return { charts, browser };
}

test('regions and content words are named, the same on both maps, and function words when asked for', () => {
  const { charts } = openNamed({ paint: { ...PAINT, regions: true } });
  for (const map of Object.values(charts)) {
    assert.deepEqual(texts(map, 'twin-region'), ['pets', 'things']);
    assert.ok(texts(map, 'twin-word').includes('tree') && !texts(map, 'twin-word').includes('dog'));
    assert.deepEqual(map.ofClass('twin-region').map(each => /rgb\([\d,]+\)/.exec(each.style.color)[0]),
      ['rgb(0,114,178)', 'rgb(230,159,0)']);
  }
  assert.ok(texts(openNamed({ options: { particles: true } }).charts.left, 'twin-word').includes('dog'));
  const { left } = openNamed({ options: { labels: false } }).charts;
  assert.deepEqual([texts(left, 'twin-word'), texts(left, 'twin-region')], [[], []]);
});

test('a few words that were selected are written before names of regions are', () => {
  const charts = { left: chart(0), right: chart(0) }, browser = openBrowser(charts);
  const names = { ...NAMES, codes: btoa('\x00\x00\x00\x00'), levels: [[{ name: 'all of them', parent: -1 }]] };
  for (const map of Object.values(charts)) {
    map._fullData[0].meta = { ...map._fullData[0].meta, names };
    map._fullData[0].y = new Float32Array(4);
  }
  const draw = selection => {
    linkMaps({ data: { ...LINKS, selection }, parentElement: {}, setTriggerValue() {} });
    browser.draw();
    return ['twin-region', 'twin-word'].map(name => charts.left.ofClass(name).map(each => each.style.top)[0]);
  };
  const [region, word] = draw(bitsOf([0, 2, 3], 4));
  assert.equal(word, '193px', 'beside its point');
  assert.notEqual(region, '190px', 'the name of its region makes way');
  assert.equal(draw(null)[0], '190px');
});

test('a chart goes back to the part of the plane with which it began', () => {
  const { xaxis } = open().charts.left._fullLayout;
  assert.deepEqual([xaxis._rangeInitial0, xaxis._rangeInitial1], xaxis.range);
});

test('a long word is shortened in the name of a region, too', () => {
  const long = 'rechtsschutzversicherungsgesellschaften', levels = [[{ name: `${long}, cat`, parent: -1 }]];
  const charts = { left: chart(0), right: chart(0.1) }, browser = openBrowser(charts);
  const names = { ...NAMES, codes: btoa('\x00\x00\x00\x00'), levels };
  for (const map of Object.values(charts)) map._fullData[0].meta = { ...map._fullData[0].meta, names };
  linkMaps({ data: LINKS, parentElement: {}, setTriggerValue() {} });
  browser.draw();
  assert.deepEqual(texts(charts.left, 'twin-region'), ['rechtsschutzver…lschaften, cat']);
});

test('what is written stays the same element for as long as it is written', () => {
  const { charts, browser } = openNamed();
  const before = charts.left.ofClass('twin-word');
  charts.left.listeners.plotly_relayout();
  browser.draw();
  assert.ok(before.length && charts.left.ofClass('twin-word').every((each, at) => each === before[at]));
});

test('words that are not drawn are neither written nor found, but the nearest that is', () => {
  const { charts, said } = open({ shown: bitsOf([0, 2, 3], 4) });
  assert.deepEqual(texts(charts.left, 'twin-word'), ['cat', 'house', 'tree']);
  const [x, y] = [charts.left._fullLayout.xaxis.d2p(0.2), charts.left._fullLayout.yaxis.d2p(-0.5)];
  charts.left.listeners.plotly_click({ ...point(1), event: { clientX: x + 5, clientY: y } });
  charts.left.listeners.plotly_click({ ...point(1), event: { clientX: 1, clientY: 1 } });
  charts.left.listeners.plotly_selected({ points: [], range: { x: [-0.7, 0], y: [1, -1] } });
  assert.deepEqual(said, [['clicked', 2], ['selected', btoa('\x01')]]);
});

test('both maps begin with the same part of the plane, equally scaled, and isolated words fill them', () => {
  const ranges = ({ charts }) => Object.values(charts).map(({ _fullLayout: { xaxis, yaxis } }) => [xaxis, yaxis]
    .map(each => (each.range[1] - each.range[0]) / each._length));
  const whole = ranges(open());
  assert.deepEqual(whole[0], whole[1]);
  assert.ok(Math.abs(whole[0][0] - whole[0][1]) < 1e-9);
  const few = ranges(open({ shown: bitsOf([0, 1], 4), isolated: 'two' }));
  assert.ok(few[0][0] < whole[0][0] * 0.8);
});

test('colours that come apart repaint the maps', () => {
  const { charts, browser } = open({ paint: null });
  assert.equal(charts.left.ofClass('twin-canvas')[0].pixels, undefined);
  paintMaps({ data: PAINT });
  browser.draw();
  assert.ok(charts.left.ofClass('twin-canvas')[0].pixels.some(Boolean));
});

test('on a dark page neighbours are lighter, and a pinned word keeps its colour', () => {
  const marks = [{ row: 0, role: 'pin' }, { row: 3, role: 'kept' }];
  const bordersOn = background => open({ marks }, { '--st-background-color': background })
    .charts.left.ofClass('twin-mark').map(each => each.style.border);
  assert.deepEqual(bordersOn('#ffffff'), ['3px solid #c2255c', '2px solid #5f6b7a']);
  const [pin, kept] = bordersOn('#14161d');
  assert.equal(pin, '3px solid #c2255c');
  assert.equal(kept, '2px solid #a2a9b2');
});

test('maps that are let go hear nothing any more', () => {
  const { charts, browser, unlink } = open();
  unlink();
  assert.deepEqual([charts.left.listeners, charts.right.listeners, browser.listeners], [{}, {}, {}]);
});

test('a map that cannot be drawn is told, and the other one is drawn', context => {
  const warned = context.mock.method(console, 'warn', () => {});
  const charts = { left: chart(0), right: chart(0) }, browser = openBrowser(charts);
  delete charts.left._fullData[0].customdata;
  linkMaps({ data: LINKS, parentElement: {}, setTriggerValue() {} });
  browser.draw();
  assert.equal(warned.mock.calls[0].arguments[0], 'linked maps:');
  assert.deepEqual(texts(charts.right, 'twin-word'), WORDS);
});

test('a page that stands alone rings the word that was clicked, until Escape', () => {
  const charts = { left: chart(0), right: chart(0.1) }, browser = openBrowser(charts);
  showMaps(LINKS);
  browser.draw();
  charts.left.listeners.plotly_click(point(3));
  browser.draw();
  assert.deepEqual(rings(charts.right), [[3, 'pin']]);
  charts.left.listeners.plotly_selected({ points: [], range: { x: [-0.7, -0.5], y: [1, -1] } });
  browser.draw();
  assert.deepEqual(rings(charts.right), [[3, 'pin']]);
  browser.press('Escape');
  browser.draw();
  assert.deepEqual(rings(charts.right), []);
});
