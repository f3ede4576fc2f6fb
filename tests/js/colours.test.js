import assert from 'node:assert/strict';
import test from 'node:test';

import { isDark, lighten, pointColour, rgbOf } from '../../core/maps/js/colours.js';

test('a hexadecimal colour is three channels', () => {
  assert.deepEqual(rgbOf('#0072b2'), [0, 114, 178]);
});

test('the backgrounds of both themes are told apart, and what is no hexadecimal colour is light', () => {
  assert.ok(isDark('#14161d'));
  assert.ok(!isDark('#FFFFFF'));
  assert.ok(!isDark('Canvas'));
  assert.ok(!isDark('#fff'));
});

test('a colour gets lighter, and white stays white', () => {
  assert.deepEqual(rgbOf(lighten('#000000')), [107, 107, 107]);
  assert.equal(lighten('#ffffff'), '#ffffff');
});

test('a point is not as dark as a dark page, and has its own colour on a light one', () => {
  assert.deepEqual(pointColour('#482878', false), [72, 40, 120]);
  const [r, g, b] = pointColour('#482878', true);
  assert.ok(r + g + b >= 328 && b > r && r > g);
  for (const colour of ['#e69f00', '#ffffff']) assert.deepEqual(pointColour(colour, true), rgbOf(colour));
});
