/* What lies over a Plotly chart, and how the chart is moved: the parts that know Plotly's insides. */

import { fill } from './frame.js';

/* What lies over a chart: {layer, glow, canvas, words, marks}, made once for each chart. */
export function overlay(chart) {
  const host = chart.querySelector('.svg-container') || chart;
  let layer = host.querySelector(':scope > .twin-layer');
  if (!layer) {
    layer = document.createElement('div');
    layer.className = 'twin-layer';
    layer.setAttribute('aria-hidden', 'true');
    const cover = { position: 'absolute', inset: 0, pointerEvents: 'none', overflow: 'hidden' };
    Object.assign(layer.style, { ...cover, zIndex: 5 });
    const canvases = ['twin-glow', 'twin-canvas'].map(name => {
      const canvas = document.createElement('canvas');
      canvas.className = name;
      canvas.style.position = 'absolute';
      return canvas;
    });
    const places = ['twin-words', 'twin-marks'].map(name => {
      const made = document.createElement('div');
      made.className = name;
      Object.assign(made.style, cover);
      return made;
    });
    layer.append(...canvases, ...places);
    host.appendChild(layer);
  }
  const part = name => layer.querySelector(`.twin-${name}`);
  return { layer, glow: part('glow'), canvas: part('canvas'), words: part('words'), marks: part('marks') };
}

/* Whether Plotly's own points, which it has in three dimensions only, are hidden: the canvas shows them instead. */
export function hush(chart, hidden) {
  for (const gl of chart.querySelectorAll('.gl-container')) gl.style.opacity = hidden ? 0 : 1;
}

/* Where Plotly's buttons cover the chart, boxes {l, t, r, b}; with a mouse they come and go, and cover nothing. */
export function coversOf(chart) {
  const bar = globalThis.matchMedia?.('(hover: none)').matches ? chart.querySelector('.modebar') : null;
  const box = bar?.getBoundingClientRect(), from = chart.getBoundingClientRect();
  if (!box?.width) return [];
  return [{ l: box.left - from.left, t: box.top - from.top, r: box.right - from.left, b: box.bottom - from.top }];
}

/* Plotly.relayout where Plotly is at hand; in Streamlit, which keeps it to itself, a button of the mode bar does it. */
export function relayout(chart, attribute, value) {
  if (globalThis.Plotly) { globalThis.Plotly.relayout(chart, { [attribute]: value }); return; }
  const wanted = attribute.startsWith('scene') ? 'orbitRotation' : 'pan2d';
  const button = chart._fullLayout?._modeBar?.buttons?.flat().find(each => each.name === wanted);
  const said = { 'data-attr': attribute, 'data-val': value };
  button?.click(chart, { currentTarget: { getAttribute: name => said[name] ?? null } });
}

/* Bring `other` to the part of the map that `chart` shows. */
export function follow(chart, other) {
  const from = chart._fullLayout, to = other._fullLayout;
  if (!from || !to) return;
  if (from.scene?._scene) {
    const camera = from.scene._scene.getCamera();
    const same = JSON.stringify(camera) === JSON.stringify(to.scene?._scene?.getCamera());
    if (!same) relayout(other, 'scene.camera', camera);
    return;
  }
  for (const axis of ['xaxis', 'yaxis']) {
    const [a, b] = [from[axis].range, to[axis].range], near = Math.abs(a[1] - a[0]) * 1e-3;
    if (Math.abs(a[0] - b[0]) > near || Math.abs(a[1] - b[1]) > near) relayout(other, `${axis}.range`, [...a]);
  }
}

const fitted = new WeakMap();
const isNear = (a, b, unit) => a.every((each, at) => Math.abs(each - b[at]) < unit);

/* Have a flat `chart` show `home`, unless it did for this `key`. When its size changes it shows `home` again if it
 * still did, else what it has in its middle, at the same scale. */
export function fit(chart, home, key) {
  const layout = chart._fullLayout, h = layout?.xaxis, v = layout?.yaxis;
  if (!h?.range || !v?.range || layout.scene) return;
  const size = [h._length, v._length], before = fitted.get(chart);
  if (!(size[0] > 0 && size[1] > 0)) return;
  if (before?.key === key && isNear(before.size, size, 1)) return;
  const all = fill(home, ...size);
  let wanted = all;
  if (before?.key === key) {
    const unit = Math.abs(h.range[1] - h.range[0]) / before.size[0];
    const isHome = isNear(h.range, before.all.x, 2 * unit) && isNear(v.range, before.all.y, 2 * unit);
    const around = ([a, b], length) => [(a + b) / 2 - unit * length / 2, (a + b) / 2 + unit * length / 2];
    if (!isHome) wanted = { x: around(h.range, size[0]), y: around(v.range, size[1]) };
  }
  fitted.set(chart, { key, size, all });
  [h._rangeInitial0, h._rangeInitial1] = all.x; // where Plotly's button for it and a double click go back to
  [v._rangeInitial0, v._rangeInitial1] = all.y;
  relayout(chart, 'xaxis.range', wanted.x);
  relayout(chart, 'yaxis.range', wanted.y);
}
