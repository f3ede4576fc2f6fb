/* What is written over a map: rings and labels of marked words, names of regions and of words, tooltips. */

import { fitName, isStrong, placeLabel, placeNames, placeWords, ringSize, shorten } from './places.js';

const ROLE_LABELS = { kept: 'kept', lost: 'lost', gained: 'gained', borderline: 'borderline' };
const widths = new Map();
let ruler = null;

const element = (tag, text, style) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text; // never innerHTML: words come from anyone's text
  made.dir = 'auto'; // a right-to-left word reads right to left, whatever stands beside it
  Object.assign(made.style, style);
  return made;
};

function widthOf(text, font) {
  const key = font + text;
  if (!widths.has(key)) {
    if (widths.size > 20000) widths.clear();
    ruler ??= document.createElement('canvas').getContext('2d');
    ruler.font = font;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

export function drawRing(point, mark, colour) {
  const strong = isStrong(mark), size = ringSize(mark);
  const made = element('div', undefined, {
    position: 'absolute', left: `${point[0] - size / 2}px`, top: `${point[1] - size / 2}px`, width: `${size}px`,
    height: `${size}px`, boxSizing: 'border-box', borderRadius: '50%', border: `${strong ? 3 : 2}px solid ${colour}`,
  });
  made.className = 'twin-mark';
  made.dataset.row = mark.row;
  made.dataset.role = strong ? 'pin' : mark.role;
  return made;
}

/* A marked word's name; null where it has no room. */
export function drawLabel(point, word, mark, colour, taken, area, theme) {
  const strong = mark.role === 'pin', text = shorten(word), weight = strong ? 600 : 500;
  const box = placeLabel(point, widthOf(text, `${weight} 12px ${theme.font}`), mark, taken, area);
  if (!box) return null;
  const read = `color-mix(in srgb, ${colour} 66%, ${theme.text})`; // a ring's colour is too light for letters
  const label = element('span', text, {
    position: 'absolute', whiteSpace: 'nowrap', left: `${box.l}px`, top: `${box.t}px`, padding: '0 5px',
    borderRadius: '3px', font: `${weight} 12px/17px ${theme.font}`, color: strong ? 'white' : read,
    background: strong ? colour : `color-mix(in srgb, ${theme.background} 82%, transparent)`,
  });
  label.className = 'twin-label';
  label.title = ROLE_LABELS[mark.role] ?? word;
  return label;
}

const HALO = ['1px 0', '-1px 0', '0 1px', '0 -1px', '0 0', '0 0'];
const haloOf = colour => HALO.map(at => `${at} 2px ${colour}`).join();

const FONTS = ['700 15px/20px', '600 13px/18px', '600 12px/17px'];
const ROWS = [20, 18, 17];
const WIDEST = 0.4; // of the map, for a region's name

/* Names of the regions of `level`, whose midsts are `rows`: what `writeOn` takes. */
export function drawNames(view, names, level, rows, style, taken, theme) {
  const font = FONTS[Math.min(level, FONTS.length - 1)], h = ROWS[Math.min(level, ROWS.length - 1)];
  const width = text => widthOf(text, `${font} ${theme.font}`);
  const room = WIDEST * view.box.w;
  const written = names.names[level].map(name => fitName(name.split(', ').map(shorten), room, width));
  return placeNames(view, written, rows, taken, width, h).map(({ number, box }) => {
    const own = style.regions && !style.selected ? style.palette[names.colours[level][number]] : null;
    const colour = own ? `color-mix(in srgb, rgb(${own}) 58%, ${theme.text})` : theme.text;
    const text = written[number];
    const key = `${level} ${text} ${colour} ${Boolean(style.selected)}`;
    return { key, box, make: () => write('twin-region', text, {
      color: colour, font: `${font} ${theme.font}`, padding: '0 4px', textShadow: haloOf(theme.background),
      opacity: style.selected ? 0.6 : 1,
    }) };
  });
}

/* Words, as many as fit; `shown(row)` says which may be, and `around` that they may stand on all sides. */
export function drawWords(view, taken, theme, shown, around = false) {
  const width = text => widthOf(text, `400 11px ${theme.font}`);
  return placeWords(view, taken, shown, width, around).map(({ row, text, box }) => (
    { key: `word ${row}`, box, make: () => write('twin-word', text, {
      color: theme.text, font: `400 11px/14px ${theme.font}`, textShadow: haloOf(theme.background), opacity: 0.92,
    }) }
  ));
}

function write(name, text, style) {
  const made = element('span', text, { position: 'absolute', whiteSpace: 'nowrap', ...style });
  made.className = name;
  return made;
}

/* Have exactly these on `place`: what is there already moves, the rest comes and goes. */
export function writeOn(place, wanted) {
  const old = new Map(Array.from(place.children, each => [each.dataset.key, each]));
  for (const { key, box, make } of wanted) {
    let written = old.get(key);
    if (written) old.delete(key);
    else {
      written = make();
      written.dataset.key = key;
      place.append(written);
    }
    written.place = box;
    Object.assign(written.style, { left: `${box.l}px`, top: `${box.t}px`, transform: '' });
  }
  for (const each of old.values()) place.removeChild(each);
}

export function drawTooltip(point, facts, width, height, theme) {
  const box = element('div', undefined, {
    position: 'absolute', maxWidth: '260px', padding: '6px 9px', borderRadius: '6px', font: `12px/17px ${theme.font}`,
    background: theme.background, color: theme.text, border: `1px solid ${theme.border}`,
    boxShadow: '0 2px 10px rgba(0,0,0,.18)', overflowWrap: 'anywhere',
  });
  box.className = 'twin-tooltip';
  box.setAttribute('role', 'tooltip');
  // Plotly's style has a font of its own for whatever is within a chart
  const line = (text, style) => element('div', text, { fontFamily: 'inherit', ...style });
  box.append(
    line(facts.word, { fontWeight: 700, fontSize: '13px' }),
    line(facts.seen, { opacity: 0.75 }),
    line(facts.near, { marginTop: '2px' }),
  );
  const right = point[0] < width / 2, below = point[1] < height / 2;
  box.style[right ? 'left' : 'right'] = `${(right ? point[0] : width - point[0]) + 14}px`;
  box.style[below ? 'top' : 'bottom'] = `${(below ? point[1] : height - point[1]) + 12}px`;
  return box;
}
