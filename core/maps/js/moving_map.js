/* One map that moves through the texts of a study: a slider, play, trails of chosen words. Draws over one Plotly chart,
 * which gives zoom and pan; what it is told is described in core/maps/payload.py (StudyMap, StudyFrames). */

import { isDark, lighten, rgbOf } from './colours.js';
import { codesAt, factsAt, framesOf, placesAt } from './frames.js';
import { drawLabel, drawRing, drawTooltip, drawWords, writeOn } from './labels.js';
import { fit, overlay } from './overlay.js';
import { paintBeyond, paintPoints } from './painter.js';
import { paintPath } from './paths.js';
import { ringBox, shorten } from './places.js';
import { nearestRow, viewOf } from './view.js';

const chartOf = key => document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`);

const STEP = 1300, REST = 500; // milliseconds from text to text, and in each
const REACH = 12, STILL = 5; // pixels: a word under the mouse, a click that is no drag
const CSS_RULES = `
  .bar { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; align-items: center;
    font: 14px/20px var(--font); }
  .bar button { font: inherit; color: inherit; cursor: pointer; background: none; border: 0; padding: 0; }
  .bar .play { border: 1px solid var(--line); border-radius: 8px; padding: 5px 12px; min-width: 96px; }
  .bar .play:hover { border-color: currentColor; }
  .bar input { margin: 0; accent-color: var(--primary); height: 22px; }
  .bar .now { font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .bar .names { display: flex; height: 20px; }
  .bar .names button { flex: 1 1 0; min-width: 0; padding: 0 3px; text-align: center; font-size: 12px; opacity: .7;
    overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .bar .names button[aria-current] { opacity: 1; font-weight: 600; }
  @media (max-width: 640px) { .bar .names { display: none; } }
`;

const ease = t => (t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2);
const made = (tag, of, name, text = '') => {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  of.append(element);
  return element;
};

export default function moveMap({ data, parentElement, setTriggerValue }) {
  const css = getComputedStyle(parentElement.host ?? parentElement);
  const variable = (name, otherwise) => css.getPropertyValue(name).trim() || otherwise;
  const theme = {
    background: variable('--st-background-color', 'Canvas'), text: variable('--st-text-color', 'CanvasText'),
    border: variable('--st-border-color', 'GrayText'), font: variable('--st-font', 'sans-serif'),
  };
  const dark = isDark(theme.background), shared = globalThis.vectuneMaps ??= {};
  shared.endMoving?.(); // who was told something else before
  const colourOf = hex => (dark ? lighten(hex) : hex);
  let frames = null, alive = true, frame = 0, hovered = null, hooked = null, pressed = null;
  let playing = false, goal = null, begun = 0, from = 0;

  /* The time is kept beside the page: a new pin draws this anew, and the map stays where it was. */
  const state = shared.moving?.id === data.id ? shared.moving : (shared.moving = { id: data.id, time: 0 });
  const chart = () => chartOf(data.key);
  const textNow = () => Math.round(state.time);

  parentElement.replaceChildren();
  made('style', parentElement, '', CSS_RULES);
  const bar = made('div', parentElement, 'bar');
  bar.style.setProperty('--font', theme.font);
  bar.style.setProperty('--line', theme.border);
  bar.style.setProperty('--primary', variable('--st-primary-color', 'auto'));
  bar.style.color = theme.text;
  const play = made('button', bar, 'play'), slider = made('input', bar, 'slider');
  const now = made('div', bar, 'now'), names = made('div', bar, 'names');
  play.type = 'button';
  slider.type = 'range';
  slider.setAttribute('aria-label', 'Text that the map shows');

  function setUp() {
    frames = shared.frames?.id === data.id ? framesOf(shared.frames, dark) : null;
    if (!frames) return;
    state.time = Math.min(state.time, frames.texts - 1);
    Object.assign(slider, { min: 0, max: frames.texts - 1, step: 1, value: textNow() });
    slider.style.margin = `0 calc(${50 / frames.texts}% - 8px)`; // the thumb stands over the middle of a name
    names.replaceChildren(...frames.names.map((name, text) => {
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', textContent: name, title: name, dir: 'auto' });
      button.tabIndex = -1; // the slider does the same by keys
      button.addEventListener('click', () => { stop(); goTo(text); });
      return button;
    }));
    tell();
    schedule();
  }

  function tell() {
    if (!frames) return;
    const text = textNow(), target = goal ?? text;
    play.textContent = playing ? '❚❚ Pause' : target === frames.texts - 1 ? '↻ Again' : '▶ Play';
    if (now.textContent !== frames.names[text]) now.textContent = frames.names[text];
    now.title = frames.names[text];
    if (document.activeElement !== slider || playing) slider.value = target;
    slider.setAttribute('aria-valuetext', frames.names[target]);
    [...names.children].forEach((each, place) => {
      if (place === text) each.setAttribute('aria-current', 'true'); else each.removeAttribute('aria-current');
    });
  }

  function goTo(text) {
    Object.assign(state, { goal: text });
    goal = text;
    from = state.time;
    begun = performance.now();
    if (matchMedia?.('(prefers-reduced-motion: reduce)').matches) begun = -1e9;
    schedule();
  }

  function stop() {
    playing = false;
    tell();
  }

  /* How far the map has come; whether it moves on. */
  function advance(clock) {
    if (goal === null) return false;
    const share = Math.min(1, (clock - begun) / STEP);
    state.time = from + ease(share) * (goal - from);
    if (share < 1) return true;
    state.time = goal;
    if (playing && goal < frames.texts - 1) {
      if (clock - begun < STEP + REST) return true;
      goTo(goal + 1);
      return true;
    }
    goal = null;
    playing = false;
    return false;
  }

  function draw(clock) {
    if (!alive) return;
    const on = chart();
    if (!frames || !on) return;
    fit(on, frames.home, frames.id);
    const moves = advance(clock), places = placesAt(frames, state.time), seen = viewOf(on, { places });
    if (seen && seen.count === frames.count) {
      try { drawOn(on, seen, moves); } catch (problem) { console.warn('moving map:', problem); }
    }
    tell();
    if (moves) schedule();
  }

  function drawOn(on, seen, moves) {
    const layer = overlay(on), text = textNow(), ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    const style = {
      codes: codesAt(frames, text), palette: frames.palette, other: frames.other, names: [], selected: frames.coloured,
      mask: null, sized: true, faint: dark ? 0.3 : 0.22,
    };
    const context = paintPoints(layer.canvas, seen, style, ratio);
    paintBeyond(context, seen, style, frames.home, ratio);
    const views = data.trails.length
      ? frames.names.map((_, each) => viewOf(on, { places: placesAt(frames, each) })) : [];
    for (const { row, colour } of data.trails) {
      if (row < frames.count) {
        layer.canvas.discs = null;
        paintPath(context, views.map(each => each.at(row)), state.time, seen.box, ratio, rgbOf(colourOf(colour)));
      }
    }
    const taken = drawMarks(layer, seen, text);
    const pinned = new Set(data.trails.map(each => each.row));
    const told = row => !pinned.has(row) && style.codes[row] < frames.palette.length; // those that can be judged
    writeOn(layer.words, moves ? [] : drawWords(seen, taken, theme, told));
  }

  function drawMarks(layer, seen, text) {
    const { box } = seen, place = layer.marks;
    const marks = data.trails.filter(each => each.row < frames.count)
      .map(({ row, colour }) => ({ row, role: 'pin', colour, point: seen.at(row) })) // white on it, and stays so
      .filter(({ point: [x, y] }) => x >= box.l && x <= box.l + box.w && y >= box.t && y <= box.t + box.h);
    const taken = marks.map(mark => ringBox(mark.point, mark));
    const drawn = marks.map(mark => drawRing(mark.point, mark, mark.colour));
    for (const mark of [...marks].reverse()) {
      const label = drawLabel(mark.point, shorten(seen.trace.text[mark.row]), mark, mark.colour, taken, box, theme);
      if (label) drawn.push(label);
    }
    if (hovered !== null) {
      const facts = factsAt(frames, seen.trace.text, text, hovered);
      drawn.push(drawTooltip(seen.at(hovered), facts, layer.layer.clientWidth, layer.layer.clientHeight, theme));
    }
    place.replaceChildren(...drawn);
    return taken;
  }

  function schedule() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  }

  function find(event) {
    const on = chart(), box = on?.getBoundingClientRect();
    if (!frames || !box) return null;
    const seen = viewOf(on, { places: placesAt(frames, state.time) });
    return seen ? nearestRow(seen, event.clientX - box.left, event.clientY - box.top, null, REACH) : null;
  }

  const onMove = event => {
    const row = find(event);
    if (row !== hovered) { hovered = row; schedule(); }
  };
  const onLeave = () => { if (hovered !== null) { hovered = null; schedule(); } };
  const onDown = event => { pressed = [event.clientX, event.clientY]; };
  const onUp = event => {
    if (!pressed) return;
    const still = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < STILL;
    pressed = null;
    const row = still ? find(event) : null;
    if (row !== null) setTriggerValue('clicked', row);
  };
  const onPlot = () => schedule();
  const EVENTS = ['plotly_relayout', 'plotly_relayouting', 'plotly_afterplot'];
  const POINTER = { pointermove: onMove, pointerleave: onLeave, pointerdown: onDown };

  function unhook() {
    if (!hooked) return;
    EVENTS.forEach(name => hooked.removeListener?.(name, onPlot));
    for (const [name, heard] of Object.entries(POINTER)) hooked.removeEventListener(name, heard, true);
    hooked = null;
  }

  function hook() {
    const on = chart();
    if (!on?.on || on === hooked) return;
    unhook();
    hooked = on;
    EVENTS.forEach(name => on.on(name, onPlot));
    for (const [name, heard] of Object.entries(POINTER)) on.addEventListener(name, heard, true);
    schedule();
  }

  play.addEventListener('click', () => {
    if (playing) { stop(); return; }
    if (!frames) return;
    playing = true;
    const text = textNow();
    if (text === frames.texts - 1) { state.time = 0; goTo(1); } else goTo(Math.floor(state.time) + 1);
    tell();
  });
  slider.addEventListener('input', () => { playing = false; goTo(Number(slider.value)); });
  const watcher = new MutationObserver(hook);
  watcher.observe(document.querySelector('.stApp') || document.body, { childList: true, subtree: true });
  document.addEventListener('vectune-frames', setUp);
  document.addEventListener('pointerup', onUp, true);
  hook();
  setUp();
  if (frames && Number.isInteger(state.goal) && state.goal !== state.time) goTo(Math.min(state.goal, frames.texts - 1));
  shared.endMoving = () => {
    alive = false;
    cancelAnimationFrame(frame);
    watcher.disconnect();
    unhook();
    document.removeEventListener('vectune-frames', setUp);
    document.removeEventListener('pointerup', onUp, true);
  };
  return shared.endMoving;
}
