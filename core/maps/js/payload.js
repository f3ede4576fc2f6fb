/* Reads what core/maps/payload.py and core/maps/tooltips.py write, under the same names. */

import { pointColour, rgbOf } from './colours.js';
import { decodeNames } from './regions.js';

export const bytesOf = base64 => Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
export const hasBit = (bits, row) => (bits[row >> 3] >> (row & 7)) & 1;

/* Bits of the first `count` rows as text: those of `rows` are set. */
export const bitsOf = (rows, count) => {
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (const row of rows) bits[row >> 3] |= 1 << (row & 7);
  let text = '';
  for (const byte of bits) text += String.fromCharCode(byte);
  return btoa(text);
};

/* The codes, palette, selection and which words are drawn (a byte a word, null for all), decoded once. */
export function styleOf(paint, { selection, shown, marks, options }, dark) {
  const codes = bytesOf(paint.codes);
  return {
    codes,
    palette: paint.palette.map(colour => pointColour(colour, dark)),
    other: rgbOf(paint.other),
    regions: paint.regions,
    selected: selection ? bytesOf(selection) : null,
    mask: drawnOf(shown, codes.length, marks),
    sized: options.sized,
    faint: dark ? 0.3 : 0.22,
    dark,
  };
}

/* Marked words are drawn in any case. */
function drawnOf(shown, count, marks) {
  if (!shown) return null;
  const bits = bytesOf(shown), mask = Uint8Array.from({ length: count }, (_, row) => hasBit(bits, row));
  for (const { row } of marks) if (row < count) mask[row] = 1;
  return mask;
}

/* How a trace's numbers are read: columns of neighbours, then the count's 16 lower bits and, if need be, the others. */
const metas = new WeakMap();
export function metaOf(trace) {
  if (!metas.has(trace)) {
    const meta = trace.meta ?? trace._input.meta;
    metas.set(trace, { near: meta.near, covered: bytesOf(meta.covered), names: namesOf(meta) });
  }
  return metas.get(trace);
}

/* One and the same for every trace that has the same names. */
let lastNames = null;
function namesOf({ names }) {
  if (!names) return null;
  const key = `${names.codes} ${names.content} ${names.levels.flat().map(each => each.name).join()}`;
  if (lastNames?.key !== key) {
    lastNames = { key, names: decodeNames(names, bytesOf(names.codes), bytesOf(names.content)) };
  }
  return lastNames.names;
}

export const countOf = ({ customdata }, near, row) => customdata[row][near] + 65536 * (customdata[row][near + 1] ?? 0);

export const apart = word => `\u2068${word}\u2069`; // else a right-to-left word turns its neighbours round

/* What the tooltip says of a word. */
export function factsOf(trace, row) {
  const { near, covered } = metaOf(trace), count = countOf(trace, near, row);
  const seen = `seen ${count.toLocaleString()} time${count === 1 ? '' : 's'}`;
  const isNew = covered.some(Boolean) ? ' · not in the pretrained file' : '';
  const origin = hasBit(covered, row) ? ' · in the pretrained file' : isNew;
  const rows = Array.from(trace.customdata[row]).slice(0, near).filter(each => each !== row); // its own row: none
  const names = rows.map(each => apart(trace.text[each]));
  return {
    word: trace.text[row], seen: seen + origin,
    near: names.length ? `nearest: ${names.join(', ')}` : 'no neighbours: its vector is zero',
  };
}
