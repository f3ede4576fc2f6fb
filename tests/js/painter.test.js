import assert from 'node:assert/strict';
import test from 'node:test';

import {
  brushOf, crowdOf, filledOf, maskOf, paintBeyond, paintPoints, sizeOf, slide, stamp,
} from '../../core/maps/js/painter.js';
import { bitsOf, bytesOf } from '../../core/maps/js/payload.js';
import { viewOf } from '../../core/maps/js/view.js';
import { Chart, openBrowser, traceOf } from './fakes.js';

const RED = [255, 0, 0], BLUE = [0, 0, 255], GREY = [128, 128, 128];
const STYLE = {
  codes: Uint8Array.of(0, 255), palette: [RED], other: BLUE, selected: null, mask: null, sized: false, faint: 0.2,
};

function paint(style) {
  const canvas = openBrowser().document.createElement('canvas');
  const trace = traceOf({
    x: [-0.5, 0.5], y: [0, 0], text: ['a', 'b'],
    customdata: [[0, 10], [1, 10]], meta: { near: 1, covered: bitsOf([], 2) },
  });
  paintPoints(canvas, viewOf(new Chart(trace)), { ...STYLE, ...style }, 1);
  return [[125, 200], [375, 200]].map(([x, y]) => [...canvas.pixels.slice(4 * (y * 500 + x), 4 * (y * 500 + x) + 4)]);
}

test('a word has the colour of its code, and without one the other colour', () => {
  const strong = Math.trunc(255 * crowdOf(2, { w: 500, h: 400 }).alpha);
  assert.deepEqual(paint({}).map(([r, green, b, a]) => [r, green, b, Math.abs(a - strong) < 2]),
    [[...RED, true], [...BLUE, true]]);
});

test('words that are not selected are faint and have the other colour', () => {
  const [first, second] = paint({ selected: bytesOf(bitsOf([1], 2)), other: GREY, palette: [RED] });
  assert.ok(first.slice(0, 3).every(each => Math.abs(each - 128) < 4) && first[3] === 51, first.join());
  assert.deepEqual(second, [...GREY, 255]);
});

test('frequent words are larger, up to a size', () => {
  assert.equal(sizeOf(0), sizeOf(1));
  assert.ok(sizeOf(1000) > sizeOf(10));
  assert.equal(sizeOf(1e12), sizeOf(1e6));
});

test('words that are not drawn leave no trace', () => {
  const [first, second] = paint({ mask: Uint8Array.of(0, 1) });
  assert.deepEqual(first, [0, 0, 0, 0]);
  assert.ok(second[3] > 200);
});

test('the closer points lie, the smaller and fainter they are, within limits', () => {
  const box = { w: 700, h: 700 }, [few, some, many] = [100, 5000, 50000].map(points => crowdOf(points, box));
  assert.ok(few.size > some.size && some.size > many.size && many.size > 2);
  assert.ok(few.alpha > some.alpha && some.alpha >= many.alpha && many.alpha >= 0.5);
});

test('points on small islands are smaller than as many all over the map', () => {
  const box = { w: 720, h: 480 }, n = 600, of = wide => ({
    n, xs: Float32Array.from({ length: n }, (_, at) => wide * (at % 30) * 24 + 1),
    ys: Float32Array.from({ length: n }, (_, at) => wide * Math.floor(at / 30) * 24 + 1),
  });
  assert.equal(filledOf(of(1), box), 1);
  assert.ok(filledOf(of(0.1), box) < 0.05);
  const [all, island] = [1, 0.1].map(wide => crowdOf(n, box, filledOf(of(wide), box)).size);
  assert.ok(island < 0.6 * all);
});

test('what has a colour lies above what has none', () => {
  const canvas = openBrowser().document.createElement('canvas');
  const trace = traceOf({
    x: [0, 0], y: [0, 0], text: ['none', 'some'], customdata: [[0, 10], [1, 10]],
    meta: { near: 1, covered: bitsOf([], 2) },
  });
  paintPoints(canvas, viewOf(new Chart(trace)), { ...STYLE, codes: Uint8Array.of(255, 0) }, 1);
  assert.deepEqual(canvas.discs().map(each => each.colour), [BLUE, RED]);
});

test('points beyond the edge are arrows on it, unless the map is zoomed in', () => {
  const canvas = openBrowser().document.createElement('canvas'), context = canvas.getContext('2d');
  const trace = traceOf({ x: [0, 5, 0.2], y: [0, 0, -9], text: ['in', 'right', 'below'] });
  const style = { ...STYLE, codes: Uint8Array.of(0, 0, 0) };
  const view = viewOf(new Chart(trace));
  const boxes = paintBeyond(context, view, style, { x: [-1, 1], y: [-1, 1] }, 1);
  assert.equal(canvas.filled, 2);
  assert.deepEqual(boxes.map(({ l, r }) => l < r), [true, true]);
  assert.deepEqual(paintBeyond(context, view, style, { x: [-3, 3], y: [-3, 3] }, 1), []);
  assert.equal(canvas.filled, 2);
  const island = traceOf({ x: Array(50).fill(5), y: Array(50).fill(0), text: Array(50).fill('far') });
  const one = { ...style, codes: new Uint8Array(50) };
  paintBeyond(context, viewOf(new Chart(island)), one, { x: [-1, 1], y: [-1, 1] }, 1);
  assert.equal(canvas.filled, 3, 'an island is one arrow');
});

test('a disc is full in the middle and empty in the corner', () => {
  const { reach, side, cover } = maskOf(4);
  assert.equal(cover[reach * side + reach], 1);
  assert.equal(cover[0], 0);
});

test('what is painted half over the edge of the canvas stays on it', () => {
  const pixels = new Uint32Array(9), all = (colour, r) => brushOf(maskOf(r), colour, 1, 3);
  stamp(pixels, 3, 3, 0, 0, all(RED, 2));
  stamp(pixels, 3, 3, -50, -50, all(BLUE, 2));
  stamp(pixels, 3, 3, 2, 2, all(BLUE, 0));
  const [first, third, last] = [0, 2, 8].map(at => [...new Uint8Array(pixels.buffer, 4 * at, 4)]);
  assert.deepEqual(first, [...RED, 255]);
  assert.ok(third[3] > 0 && third[2] === 0);
  assert.ok(last[2] > 100);
});

test('a translucent disc lets the one below shine through, and ever so many are no more than opaque', () => {
  const pixels = new Uint32Array(1), bytes = new Uint8Array(pixels.buffer), dot = (colour, alpha) => (
    stamp(pixels, 1, 1, 0, 0, brushOf(maskOf(2), colour, alpha, 1)));
  dot(RED, 1);
  dot(BLUE, 0.5);
  assert.ok(Math.abs(bytes[0] - 128) < 3 && Math.abs(bytes[2] - 128) < 3 && bytes[3] >= 254, bytes.join());
  for (let alpha = 0.01; alpha < 1; alpha += 0.01) {
    for (let times = 0; times < 40; times++) dot([255, 255, 255], alpha);
  }
  assert.ok(bytes.every(each => each > 250), bytes.join());
});

test('a picture that was painted lies where a moved map has its points, and is painted anew when it is far off', () => {
  const canvas = openBrowser().document.createElement('canvas'), glow = { style: {} };
  const trace = traceOf({
    x: [-0.5, 0.5], y: [0, 0], text: ['a', 'b'],
    customdata: [[0, 10], [1, 10]], meta: { near: 1, covered: bitsOf([], 2) },
  });
  const before = viewOf(new Chart(trace));
  const word = { style: {}, place: { l: 90, t: 45, r: 110, b: 55 } };
  assert.equal(slide(canvas, [glow], [word], before), false, 'nothing was painted yet');
  paintPoints(canvas, before, STYLE, 1);
  const at = (k, dx, dy) => {
    const place = (x, y) => before.place(x, y).map((each, axis) => k * each + [dx, dy][axis]);
    return { ...before, place };
  };
  assert.equal(slide(canvas, [glow], [word], at(1.25, -20, 10)), true);
  assert.equal(canvas.style.transform, 'translate(-20px,10px) scale(1.25,1.25)');
  assert.equal(glow.style.transform, canvas.style.transform);
  assert.equal(word.style.transform, 'translate(5px,22.5px)');
  for (const [k, dx, dy] of [[3, -500, -400], [0.3, 175, 140], [1, 400, 0]]) {
    assert.equal(slide(canvas, [], [], at(k, dx, dy)), false);
    assert.equal(slide(canvas, [], [], at(k, dx, dy), true), true, 'in haste a poor picture will do');
  }
  assert.equal(slide(canvas, [], [], at(7, -1500, -1200), true), false);
  paintPoints(canvas, at(3, 0, 0), STYLE, 1);
  assert.equal(canvas.style.transform, '');
});
