import assert from 'node:assert/strict';
import test from 'node:test';

import { crowdOf, maskOf, paintBeyond, paintPoints, sizeOf, slide, stamp } from '../../core/maps/js/painter.js';
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
  assert.deepEqual(first, [...GREY, 51]);
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

test('points beyond the edge are arrows on it, unless the map is zoomed in', () => {
  const canvas = openBrowser().document.createElement('canvas'), context = canvas.getContext('2d');
  const trace = traceOf({ x: [0, 5, 0.2], y: [0, 0, -9], text: ['in', 'right', 'below'] });
  const style = { ...STYLE, codes: Uint8Array.of(0, 0, 0) };
  const view = viewOf(new Chart(trace));
  paintBeyond(context, view, style, { x: [-1, 1], y: [-1, 1] }, 1);
  assert.equal(canvas.filled, 2);
  paintBeyond(context, view, style, { x: [-3, 3], y: [-3, 3] }, 1);
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
  const pixels = new Uint8ClampedArray(4 * 9);
  stamp(pixels, 3, 3, 0, 0, maskOf(2), RED, 1);
  stamp(pixels, 3, 3, -50, -50, maskOf(2), BLUE, 1);
  assert.deepEqual([...pixels.slice(0, 4)], [...RED, 255]);
});

test('a translucent disc lets the one below shine through', () => {
  const pixels = new Uint8ClampedArray(4);
  stamp(pixels, 1, 1, 0, 0, maskOf(2), RED, 1);
  stamp(pixels, 1, 1, 0, 0, maskOf(2), BLUE, 0.5);
  assert.ok(Math.abs(pixels[0] - 128) < 2 && Math.abs(pixels[2] - 128) < 2 && pixels[3] === 255);
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
  for (const [k, dx] of [[3, 0], [0.3, 0], [1, 400]]) assert.equal(slide(canvas, [], [], at(k, dx, 0)), false);
  paintPoints(canvas, at(3, 0, 0), STYLE, 1);
  assert.equal(canvas.style.transform, '');
});
