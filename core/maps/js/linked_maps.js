/* Links Plotly maps: those inside elements of class `st-key-KEY` for each of data.keys. Row k is the same word on
 * every map. Serves the app, where it is a component's script, and pages that stand alone; what it is told is described
 * in core/maps/payload.py.
 * Uses Plotly's public events, and private objects for pixel positions and for moving a twin's axes: if those ever
 * move, a browser test fails. */

import { isDark, lighten, rgbOf } from './colours.js';
import { glowOf, paintGlowOn, wantsTime } from './density.js';
import { homeOf } from './frame.js';
import { offerFullScreen } from './fullscreen.js';
import { drawLabel, drawNames, drawRing, drawTooltip, drawWords, writeOn } from './labels.js';
import { coversOf, fit, follow, hush, overlay, relayout } from './overlay.js';
import { paintBeyond, paintPoints, paintTrails, slide } from './painter.js';
import { bitsOf, factsOf, hasBit, metaOf, styleOf } from './payload.js';
import { ringBox } from './places.js';
import { levelOf, midsts, midstsInView } from './regions.js';
import { keepRoom } from './room.js';
import { nearestRow, rowsWithin, viewOf } from './view.js';

const chartOf = key => document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`);
const rowOf = event => {
  const point = event?.points?.[0];
  return point && point.curveNumber === 0 ? point.pointNumber : null;
};
const MORPH = 1400; // milliseconds
const REST = 120; // milliseconds without motion, after which a map is painted anew
const PAUSE = 4; // while it is moved, so many times as long as painting it took no other time
const LATER = 20; // milliseconds, in which the browser shows what was painted
const MOST_TRAILS = 400;
const FEW = 120; // selected or isolated words, which have their names before regions have
const FAR = 0.15; // so many of a few isolated words may lie beyond the edge: the nearest words lie close together
const FEWEST_FAR = 60; // of fewer all are in sight
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/* Where Plotly's private objects are not as they were, the maps do without what needs them. */
function attempt(action) {
  try { action(); } catch (problem) { console.warn('linked maps:', problem); }
}

/* Whether no more than `few` of so many rows are `wanted`. */
function areFew(count, wanted, few = FEW) {
  let n = 0;
  for (let row = 0; row < count && n <= few; row++) n += wanted(row) ? 1 : 0;
  return n <= few;
}

/* Keys belong to a field that takes text or has a list open; arrows also to what they move. */
const TYPED = ['input:not([type="radio"], [type="checkbox"], [type="range"])', 'textarea', 'select',
  '[contenteditable="true"]', '[role="combobox"]', '[role="listbox"]', '[role="dialog"]'].join();
const MOVED = '[role="slider"], [role="radiogroup"], [role="tablist"], [role="grid"], input';
const isTyping = target => target?.closest?.(TYPED);
const takesArrows = target => isTyping(target) || target?.closest?.(MOVED);

export default function linkMaps({ data, parentElement, setTriggerValue }) {
  const css = getComputedStyle(parentElement.host ?? parentElement);
  const variable = (name, otherwise) => css.getPropertyValue(name).trim() || otherwise;
  const theme = {
    background: variable('--st-background-color', 'Canvas'), text: variable('--st-text-color', 'CanvasText'),
    border: variable('--st-border-color', 'GrayText'), font: variable('--st-font', 'sans-serif'),
  };
  const { options } = data, dark = isDark(theme.background);
  const hooked = new Map(), marked = new Set(data.marks.map(mark => mark.row));
  let hovered = null, alive = true, frame = 0, following = false, style = null, share = 1, step = -1, loop = 0;

  const roleColour = role => { // a pin's label is white on its colour, and stays as it is
    const colour = data.colours[role] ?? data.colours.pin;
    return dark && role !== 'pin' && role !== 'hover' ? lighten(colour) : colour;
  };
  const shared = globalThis.vectuneMaps ??= {};
  shared.endLinks?.(); // Streamlit runs this anew when there is something else to tell, and ends nothing before
  shared.morph ??= options.morph;
  const paintOf = () => data.paint ?? shared.paint;
  function restyle() {
    const paint = paintOf();
    style = paint ? styleOf(paint, data, dark) : null;
    paintAll();
  }
  const charts = () => data.keys.map(chartOf).filter(Boolean);
  const isLast = chart => data.keys.length > 1 && chart === chartOf(data.keys.at(-1));
  const view = chart => viewOf(chart, share < 1 && isLast(chart) ? { from: chartOf(data.keys[0]), share } : null);

  /* The part of the plane to begin with: of both maps together, as long as the layout and what is drawn of it stay. */
  function homeNow() {
    const all = charts(), layout = all[0]?._fullLayout;
    const traces = all.map(chart => chart._fullData?.[0]).filter(trace => trace?.x);
    if (!style || traces.length !== data.keys.length || layout?.scene) return null;
    if (traces.some(trace => trace.x.length !== style.codes.length)) return null;
    if (all.some(chart => chart._fullLayout.uirevision !== layout.uirevision)) return null; // one is still the old one
    const key = `${layout?.uirevision} ${data.isolated} ${style.codes.length}`;
    if (shared.home?.key !== key) {
      const drawn = data.isolated ? style.mask : null; // of the whole: the same place however many words are drawn
      const far = drawn && (areFew(drawn.length, row => drawn[row], FEWEST_FAR) ? 0 : FAR);
      shared.home = { key, area: homeOf(traces, row => !drawn || drawn[row], far) };
    }
    return shared.home;
  }

  function drawPoints(chart, layer, seen) {
    const hidden = Boolean(style && style.codes.length === seen.count);
    hush(chart, hidden);
    if (!hidden) return;
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2), home = homeNow()?.area;
    const context = paintPoints(layer.canvas, seen, style, ratio);
    layer.canvas.arrows = seen.place && home ? paintBeyond(context, seen, style, home, ratio) : [];
    if (!options.trails || !isLast(chart) || share < 1) return;
    const rows = new Set(marked);
    for (let row = 0; style.selected && row < seen.count && rows.size < MOST_TRAILS; row++) {
      if (hasBit(style.selected, row)) rows.add(row);
    }
    layer.canvas.discs = null;
    const start = viewOf(chart, { from: chartOf(data.keys[0]), share: 0 });
    const roles = new Map(data.marks.map(mark => [mark.row, roleColour(mark.role)]));
    const own = row => style.palette[style.codes[row]] ?? style.other;
    paintTrails(context, start, seen, rows, ratio, row => roles.has(row) ? rgbOf(roles.get(row)) : own(row));
  }

  function drawMarks(layer, seen) {
    const place = layer.marks, { box } = seen, late = [];
    const inView = ([x, y]) => x >= box.l && x <= box.l + box.w && y >= box.t && y <= box.t + box.h;
    const marks = [...data.marks, ...(hovered === null ? [] : [{ row: hovered, role: 'hover' }])]
      .filter(mark => mark.row < seen.count)
      .map(mark => ({ ...mark, point: seen.at(mark.row), colour: roleColour(mark.role) }))
      .filter(mark => inView(mark.point));
    const taken = marks.map(mark => ringBox(mark.point, mark)); // so that no ring covers a letter
    place.replaceChildren(...marks.map(mark => drawRing(mark.point, mark, mark.colour)));
    for (const mark of [...marks].sort((a, b) => (b.role === 'pin') - (a.role === 'pin'))) {
      if (mark.role === 'hover') {
        const facts = factsOf(seen.trace, mark.row);
        late.push(drawTooltip(mark.point, facts, layer.layer.clientWidth, layer.layer.clientHeight, theme));
      } else {
        const label = drawLabel(mark.point, seen.trace.text[mark.row], mark, mark.colour, taken, box, theme);
        if (label) place.append(label);
      }
    }
    place.append(...late);
    return taken;
  }

  function drawOn(chart, whole) {
    const layer = overlay(chart), seen = view(chart);
    if (!seen) return;
    const { canvas, glow, words } = layer, begin = performance.now();
    if (whole) clearTimeout(canvas.rest);
    if (whole && moving.has(chart) && slide(canvas, [glow], words.children, seen, begin < canvas.free)) whole = false;
    if (whole) drawPoints(chart, layer, seen);
    const taken = drawMarks(layer, seen);
    if (!whole) return;
    taken.push(...coversOf(chart), ...(canvas.arrows ?? []));
    const drawRest = () => {
      drawGlow(glow, seen);
      writeOn(words, options.labels ? writtenOn(seen, taken) : []);
      canvas.free = performance.now() + PAUSE * (performance.now() - begin); // so that motion has most of the time
    };
    if (glows() && wantsTime(seen.trace, homeNow()?.area, style)) { // points first: the rest a moment later
      canvas.rest = setTimeout(() => { if (alive) attempt(drawRest); }, LATER);
    } else drawRest();
  }

  const glows = () => Boolean(options.glow && style && !style.selected && share === 1);
  function drawGlow(canvas, seen) {
    if (!seen.place || style?.codes.length !== seen.count) return;
    paintGlowOn(canvas, seen, glows() ? glowOf(seen.trace, homeNow()?.area, style) : null);
  }

  /* Names of regions, then words: those with a meaning of their own, and others if they are wanted. */
  function writtenOn(seen, taken) {
    const names = style && metaOf(seen.trace).names, known = names?.codes[0].length === seen.count;
    const content = known && !options.particles ? names.content : null, mask = style?.mask;
    const shown = row => !marked.has(row) && (!mask || mask[row]) && (!content || hasBit(content, row))
      && (!style?.selected || hasBit(style.selected, row));
    const regions = () => (known ? namesOn(seen, names, taken) : []);
    const words = around => (share === 1 ? drawWords(seen, taken, theme, shown, around) : []);
    const chosen = style?.selected || (data.isolated && mask);
    return chosen && areFew(seen.count, shown) ? [...words(true), ...regions()] : [...regions(), ...words(false)];
  }

  function namesOn(seen, names, taken) {
    const traces = charts().map(chart => chart._fullData?.[0]).filter(trace => trace?.x?.length === seen.count);
    const rows = midsts(traces, names, data.isolated ? style.mask : null), level = levelOf(seen, rows);
    const near = midstsInView(seen, names.codes[level], rows[level], row => !style.mask || style.mask[row]);
    return drawNames(seen, names, level, near, style, taken, theme);
  }

  const moving = new Map();
  /* While a map is moved its picture is moved along; it is painted anew once it has come to rest. */
  function setOff(chart) {
    clearTimeout(moving.get(chart));
    moving.set(chart, setTimeout(() => { if (alive && moving.delete(chart)) schedule([chart]); }, REST));
    schedule([chart]);
  }

  let changed = new Set();
  /* Draw marks on all maps in the next frame, and the rest on those `maps` that changed. */
  function schedule(maps) {
    maps.forEach(chart => changed.add(chart));
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (!alive) return;
      const anew = changed;
      changed = new Set();
      if (anew.size) attempt(fitAll);
      for (const chart of charts()) attempt(() => drawOn(chart, anew.has(chart)));
    });
  }
  function fitAll() {
    const home = homeNow();
    if (home?.area) charts().forEach(chart => fit(chart, home.area, home.key));
  }

  const paintAll = () => { moving.clear(); schedule(charts()); };
  const hover = row => { hovered = row; schedule([]); };

  function moved(chart) {
    setOff(chart);
    if (!options.linked || following) return;
    following = true;
    requestAnimationFrame(() => {
      attempt(() => charts().filter(other => other !== chart).forEach(other => follow(chart, other)));
      requestAnimationFrame(() => { following = false; });
    });
  }

  const select = bits => setTriggerValue('selected', bits);

  /* The word of an event: where Plotly means one that is not drawn, the nearest that is. */
  function drawnRow(chart, event) {
    const row = rowOf(event), mask = style?.mask, mouse = event?.event;
    if (row === null || !mask || mask[row]) return row;
    const seen = view(chart), box = chart.getBoundingClientRect();
    return seen && mouse ? nearestRow(seen, mouse.clientX - box.left, mouse.clientY - box.top, mask) : null;
  }

  const listenersOf = chart => [
    ['plotly_hover', event => hover(drawnRow(chart, event))],
    ['plotly_unhover', () => hover(null)],
    ['plotly_click', event => {
      const row = drawnRow(chart, event);
      if (row !== null) setTriggerValue('clicked', row);
    }],
    ['plotly_selected', event => {
      if (!event?.range && !event?.lassoPoints) return; // Plotly knows no points: what is within is for us to find
      const trace = chart._fullData[0], rows = rowsWithin(trace, event, style?.mask);
      if (rows.length) select(bitsOf(rows, trace.x.length));
    }],
    ['plotly_deselect', () => select('')],
    ['plotly_relayout', () => moved(chart)], ['plotly_relayouting', () => moved(chart)],
    ['plotly_afterplot', () => schedule([chart])],
  ];

  function useTool(chart) {
    const now = chart._fullLayout?.dragmode;
    if (!now || chart._fullLayout.scene || now === options.drag) return;
    try { relayout(chart, 'dragmode', options.drag); } catch { /* it keeps its tool */ }
  }

  function hook() {
    for (const key of data.keys) {
      const chart = chartOf(key);
      if (!chart?.on || hooked.get(key)?.chart === chart) continue;
      const listeners = listenersOf(chart);
      hooked.set(key, { chart, listeners });
      listeners.forEach(([name, handler]) => chart.on(name, handler));
      useTool(chart);
      paintAll();
    }
  }

  function dropOutlines() {
    for (const chart of charts()) {
      try {
        if (chart._fullLayout?.selections?.length) relayout(chart, 'selections', []);
      } catch { /* the outline stays */ }
    }
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (isTyping(event.target)) { event.target.blur(); return; }
      hover(null);
      dropOutlines();
      if (data.selection || data.marks.length) setTriggerValue('cleared', true);
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === '/' && options.find_key) {
      const field = document.querySelector(`.st-key-${CSS.escape(data.search)} input`);
      if (field) { event.preventDefault(); field.focus(); field.select(); }
    } else if (event.key in STEPS && data.marks.length && !takesArrows(event.target)) {
      event.preventDefault();
      const by = STEPS[event.key], from = step < 0 && by < 0 ? 0 : step; // backwards begins at the last
      step = (from + by + data.marks.length) % data.marks.length;
      hover(data.marks[step].row);
    } else if (event.key === 'Enter' && hovered !== null && step >= 0) setTriggerValue('clicked', hovered);
  }

  /* Points travel on the last map from where the first has them to where they are. */
  function morph() {
    if (globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches) return; // no motion is wanted
    const begin = performance.now();
    const tick = now => {
      if (!alive) return;
      const t = Math.min(1, (now - begin) / MORPH);
      share = t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2;
      paintAll();
      if (t < 1) requestAnimationFrame(tick); else share = 1;
    };
    requestAnimationFrame(tick);
  }

  let cameras = '';
  function watchCameras() { // a 3-D map turns without an event for every frame
    if (!alive) return;
    const now = charts().map(chart => (chart._fullLayout?.scene && view(chart)?.camera) || '').join('|');
    if (now.length > 1 && now !== cameras) { cameras = now; paintAll(); }
    loop = requestAnimationFrame(watchCameras);
  }

  const unoffer = data.full ? offerFullScreen(parentElement, theme) : () => {};
  const leaveRoom = data.full ? keepRoom(data.keys) : () => {};
  const watcher = new MutationObserver(hook);
  watcher.observe(document.querySelector('.stApp') || document.body, { childList: true, subtree: true });
  const repaint = () => restyle();
  document.addEventListener('vectune-paint', repaint);
  document.addEventListener('keydown', onKey);
  hook();
  restyle();
  // A selection given up elsewhere: the chart would select it anew when it is next made. Where that was done as soon as
  // it was named, nobody has told this page that there was one, and the number alone says so.
  const gone = shared.selected || (shared.givenUp ?? data.given_up) !== data.given_up;
  if (gone && !data.selection) dropOutlines();
  Object.assign(shared, { selected: Boolean(data.selection), givenUp: data.given_up });
  if (options.solid) watchCameras();
  if (options.linked) {
    const [first, ...others] = charts();
    try { others.forEach(other => follow(first, other)); } catch { /* not drawn yet */ }
  }
  if (options.morph !== shared.morph) { shared.morph = options.morph; morph(); }
  shared.endLinks = () => {
    alive = false;
    unoffer();
    leaveRoom();
    cancelAnimationFrame(loop);
    watcher.disconnect();
    document.removeEventListener('vectune-paint', repaint);
    document.removeEventListener('keydown', onKey);
    for (const { chart, listeners } of hooked.values()) {
      listeners.forEach(([name, handler]) => chart.removeListener?.(name, handler));
    }
  };
  return shared.endLinks;
}
