/* Reads what core/maps/payload.py calls StudyFrames: where the words of a study are in each of its texts. */

import { pointColour, rgbOf } from './colours.js';
import { apart, bytesOf } from './payload.js';

const MOST = 65535; // places are shares of the map's extent in so many parts

const numbersOf = (base64, kind) => new kind(bytesOf(base64).buffer);

/* The numbers decoded once. Each has a part for each text, with a row for each word. */
export function framesOf(data, dark = false) {
  const places = numbersOf(data.places, Uint16Array), texts = data.names.length;
  const codes = bytesOf(data.codes), palette = data.palette.map(colour => pointColour(colour, dark));
  return {
    id: data.id, names: data.names, texts, count: places.length / texts / 2, places, extent: data.extent,
    home: { x: data.home[0], y: data.home[1] },
    near: numbersOf(data.near, Uint16Array), width: data.width, counts: numbersOf(data.counts, Uint32Array),
    codes, coloured: colouredOf(codes, texts, palette.length), palette, other: rgbOf(data.other),
  };
}

/* Bits of the words that have a colour in some text. */
function colouredOf(codes, texts, colours) {
  const count = codes.length / texts, bits = new Uint8Array(Math.ceil(count / 8));
  codes.forEach((code, at) => { if (code < colours) bits[at % count >> 3] |= 1 << (at % count & 7); });
  return bits;
}

/* The place of a word, `axis` 'x' or 'y', at a time between two texts: 1.5 is half way from the second to the third. */
export function placesAt(frames, time) {
  const { count, places, extent, texts } = frames, last = texts - 1;
  const before = Math.max(0, Math.min(last, Math.floor(time))), after = Math.min(last, before + 1);
  const share = Math.max(0, Math.min(1, time - before));
  return (axis, row) => {
    const of = axis === 'x' ? 0 : 1, [low, high] = extent[of];
    const a = places[(before * count + row) * 2 + of], b = places[(after * count + row) * 2 + of];
    return low + (high - low) * (a + share * (b - a)) / MOST;
  };
}

/* A colour for each word in that text. */
export const codesAt = ({ codes, count }, text) => codes.subarray(text * count, (text + 1) * count);

/* What the tooltip says of a word in that text. */
export function factsAt(frames, words, text, row) {
  const at = text * frames.count + row, seen = frames.counts[at];
  const rows = [...frames.near.subarray(at * frames.width, (at + 1) * frames.width)].filter(each => each !== row);
  return {
    word: words[row],
    seen: `seen ${seen.toLocaleString()} time${seen === 1 ? '' : 's'} in ${apart(frames.names[text])}`,
    near: rows.length ? `nearest: ${rows.map(each => apart(words[each])).join(', ')}` : 'no neighbours: a zero vector',
  };
}
