import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

/* Of two colours, as WCAG reckons it: 1 for the same one, 21 for black and white. */
function contrast(one, other) {
  const [light, dark] = [one, other].map(rgb => rgb.map(channel => channel / 255)
    .map(channel => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4))
    .reduce((sum, channel, at) => sum + channel * [0.2126, 0.7152, 0.0722][at], 0)).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test('points of every colour are seen on the pages of both themes', () => {
  const read = path => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const source = read('core/prose/colours.py');
  const kinds = /^KIND_COLOURS = \(([^)]*)\)/m.exec(source)[1].match(/#[0-9a-f]{6}/g);
  const themes = read('.streamlit/config.toml').matchAll(/^backgroundColor = "(#[0-9a-f]{6})"/gm);
  const pages = [...themes].map(each => each[1]);
  assert.equal(pages.length, 2);
  assert.ok(kinds.length >= 7);
  for (const page of pages) {
    for (const kind of [...kinds, /^OTHER = "(.*)"/m.exec(source)[1], ...(isDark(page) ? ['#440154'] : [])]) {
      assert.ok(contrast(pointColour(kind, isDark(page)), rgbOf(page)) > 2, `${kind} on ${page}`);
    }
  }
});
