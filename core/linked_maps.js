/* Links Plotly maps: those inside elements of class `st-key-KEY` for each of data.keys. Row k is the same word on
 * every map. Serves the app, where it is a component's script, and standalone pages.
 * Uses Plotly's public events, and its private axis objects for pixel positions: if those ever move, hover
 * tooltips and rings are lost but the charts go on working, and a browser test fails. */

const chartOf = key => document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`);
const ROLE_LABELS = { kept: 'kept', lost: 'lost', gained: 'gained' };

function overlay(chart) {
  const host = chart.querySelector('.svg-container') || chart;
  let layer = host.querySelector(':scope > .twin-layer');
  if (!layer) {
    layer = document.createElement('div');
    layer.className = 'twin-layer';
    Object.assign(layer.style, { position: 'absolute', inset: 0, pointerEvents: 'none', overflow: 'hidden', zIndex: 5 });
    host.appendChild(layer);
  }
  return layer;
}

function pixelOf(chart, row) {
  const layout = chart._fullLayout, trace = chart._fullData?.[0];
  if (!layout || !trace || !(row >= 0 && row < trace.x.length)) return null;
  const h = layout.xaxis, v = layout.yaxis;
  const x = h._offset + h.d2p(trace.x[row]), y = v._offset + v.d2p(trace.y[row]);
  const inside = x >= h._offset && x <= h._offset + h._length && y >= v._offset && y <= v._offset + v._length;
  return inside ? { x, y } : null;
}

const element = (tag, text, style) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text; // never innerHTML: words come from anyone's text
  Object.assign(made.style, style);
  return made;
};

function ring(point, mark, colour) {
  const size = mark.role === 'pin' ? 18 : 12;
  const made = element('div', undefined, {
    position: 'absolute', left: `${point.x - size / 2}px`, top: `${point.y - size / 2}px`, width: `${size}px`,
    height: `${size}px`, boxSizing: 'border-box', borderRadius: '50%', border: `${mark.role === 'pin' ? 3 : 2}px solid ${colour}`,
  });
  made.className = 'twin-mark';
  made.dataset.row = mark.row;
  made.dataset.role = mark.role;
  return made;
}

/* Labels go where they hit nothing: right, left, above or below their ring; one with no free place is left out. */
function placeLabel(point, text, mark, colour, taken, width, height, theme) {
  const strong = mark.role === 'pin' || mark.role === 'hover';
  const label = element('span', text, {
    position: 'absolute', whiteSpace: 'nowrap', maxWidth: '45%', overflow: 'hidden', textOverflow: 'ellipsis',
    padding: '0 4px', borderRadius: '3px', font: `${strong ? 600 : 400} 12px/16px ${theme.font}`,
    background: strong ? colour : theme.background, color: strong ? '#fff' : colour,
    opacity: strong ? 1 : 0.92,
  });
  label.className = 'twin-label';
  const w = Math.min(text.length * 7 + 10, width * 0.45), h = 16;
  const places = [[10, -8], [-10 - w, -8], [-w / 2, -26], [-w / 2, 10]];
  for (const [dx, dy] of places) {
    const box = { l: point.x + dx, t: point.y + dy, r: point.x + dx + w, b: point.y + dy + h };
    const free = box.l >= 0 && box.t >= 0 && box.r <= width && box.b <= height
      && !taken.some(o => box.l < o.r && box.r > o.l && box.t < o.b && box.b > o.t);
    if (free || (mark.role === 'pin' && dx === places[3][0] && dy === places[3][1])) {
      taken.push(box);
      Object.assign(label.style, { left: `${Math.max(0, box.l)}px`, top: `${Math.max(0, box.t)}px` });
      return label;
    }
  }
  return null;
}

function tooltip(point, facts, width, height, theme) {
  const box = element('div', undefined, {
    position: 'absolute', maxWidth: '260px', padding: '6px 9px', borderRadius: '6px', font: `12px/17px ${theme.font}`,
    background: theme.background, color: theme.text, border: `1px solid ${theme.border}`,
    boxShadow: '0 2px 10px rgba(0,0,0,.18)', overflowWrap: 'anywhere',
  });
  box.className = 'twin-tooltip';
  box.setAttribute('role', 'tooltip');
  box.append(
    element('div', facts.word, { fontWeight: 700, fontSize: '13px' }),
    element('div', facts.seen, { opacity: 0.75 }),
    element('div', facts.near, { marginTop: '2px' }),
  );
  const right = point.x < width / 2, below = point.y < height / 2;
  box.style[right ? 'left' : 'right'] = `${(right ? point.x : width - point.x) + 14}px`;
  box.style[below ? 'top' : 'bottom'] = `${(below ? point.y : height - point.y) + 12}px`;
  return box;
}

function factsOf(chart, row, anyCovered) {
  const trace = chart._fullData[0], [count, covered, ...near] = trace.customdata[row];
  const seen = `seen ${count.toLocaleString()} time${count === 1 ? '' : 's'}`;
  const origin = covered ? ' · in the pretrained file' : anyCovered ? ' · not in the pretrained file' : '';
  const names = near.filter(k => k >= 0).map(k => trace.text[k]);
  return {
    word: trace.text[row], seen: seen + origin,
    near: names.length ? `nearest: ${names.join(', ')}` : 'no neighbours: its vector is zero',
  };
}

export default function linkMaps({ data, parentElement, setTriggerValue }) {
  const css = getComputedStyle(parentElement.host ?? parentElement);
  const variable = (name, otherwise) => css.getPropertyValue(name).trim() || otherwise;
  const theme = {
    background: variable('--st-background-color', '#fff'), text: variable('--st-text-color', '#222'),
    border: variable('--st-border-color', '#ccc'), font: variable('--st-font', 'sans-serif'),
  };
  const hooked = new Map();
  let hovered = null, alive = true, frame = 0;

  function drawOn(chart) {
    const layer = overlay(chart), trace = chart._fullData?.[0];
    layer.replaceChildren();
    if (!trace) return;
    const { clientWidth: width, clientHeight: height } = layer;
    const taken = [], late = [];
    const marks = hovered === null ? data.marks : [...data.marks, { row: hovered, role: 'hover' }];
    const found = marks.map(mark => ({ mark, point: pixelOf(chart, mark.row) })).filter(each => each.point);
    for (const { mark, point } of found) {
      const colour = data.colours[mark.role] ?? data.colours.pin;
      layer.append(ring(point, mark.role === 'hover' ? { ...mark, role: 'pin' } : mark, colour));
      if (mark.role === 'hover') {
        const anyCovered = (trace._vectuneCovered ??= trace.customdata.some(each => each[1]));
        late.push(tooltip(point, factsOf(chart, mark.row, anyCovered), width, height, theme));
      } else {
        const label = placeLabel(point, trace.text[mark.row], mark, colour, taken, width, height, theme);
        if (label) { label.title = ROLE_LABELS[mark.role] ?? ''; layer.append(label); }
      }
    }
    layer.append(...late);
  }

  function paint() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (!alive) return;
      for (const key of data.keys) {
        const chart = chartOf(key);
        if (chart) try { drawOn(chart); } catch (problem) { console.warn('linked maps:', problem); }
      }
    });
  }
  const rowOf = event => { const point = event?.points?.[0]; return point && point.curveNumber === 0 ? point.pointNumber : null; };
  const events = [
    ['plotly_hover', event => { hovered = rowOf(event); paint(); }],
    ['plotly_unhover', () => { hovered = null; paint(); }],
    ['plotly_click', event => { const row = rowOf(event); if (row !== null) setTriggerValue('clicked', row); }],
    ['plotly_relayout', paint], ['plotly_relayouting', paint], ['plotly_afterplot', paint],
  ];

  function hook() {
    for (const key of data.keys) {
      const chart = chartOf(key);
      if (!chart?.on || hooked.get(key) === chart) continue;
      hooked.set(key, chart);
      events.forEach(([name, handler]) => chart.on(name, handler));
      paint();
    }
  }
  const watcher = new MutationObserver(hook);
  watcher.observe(document.querySelector('.stApp') || document.body, { childList: true, subtree: true });
  hook();
  paint();
  return () => {
    alive = false;
    watcher.disconnect();
    hooked.forEach(chart => {
      events.forEach(([name, handler]) => chart.removeListener?.(name, handler));
      chart.querySelector('.twin-layer')?.remove();
    });
  };
}
