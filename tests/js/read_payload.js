/* Reads on standard input what Python tells the maps, {maps: {left, right}, links, paint}; draws and uses the maps;
 * writes what was read: the keys of each part, what the tooltip says of each word, what was written, what was sent. */

import { readFileSync } from 'node:fs';

import linkMaps from '../../core/maps/js/linked_maps.js';
import { factsOf } from '../../core/maps/js/payload.js';
import paintMaps from '../../core/maps/js/recolour.js';
import { Chart, openBrowser, traceOf } from './fakes.js';

const keys = {};

/* `part`, which remembers under `name` what is asked of it; `within` names the parts in it. */
function watched(part, name, within = {}) {
  if (!part) return part;
  const asked = keys[name] ??= new Set();
  return new Proxy(part, {
    get: (target, key) => {
      if (typeof key === 'string') asked.add(key);
      return within[key]?.(target[key]) ?? target[key];
    },
  });
}

const { maps, links, paint } = JSON.parse(readFileSync(0, 'utf-8'));
const charts = Object.fromEntries(Object.entries(maps).map(([key, figure]) => {
  const trace = traceOf(figure.data[0]);
  const levels = all => all.map(each => each.map(one => watched(one, 'Region')));
  const names = part => watched(part, 'Names', { levels });
  return [key, new Chart({ ...trace, meta: watched(trace.meta, 'Tooltips', { names }) })];
}));
const browser = openBrowser(charts), sent = [];
const data = watched(links, 'Links', {
  options: part => watched(part, 'MapOptions'),
  marks: part => part.map(mark => watched(mark, 'Mark')),
});
linkMaps({ data, parentElement: {}, setTriggerValue: (...what) => sent.push(what) });
paintMaps({ data: watched(paint, 'Paint') });
browser.draw();
browser.press('/');
const { left, right } = charts, [{ text }] = left._fullData;
const slanted = { x: [-1, 1, 1, -1], y: [1, 0, -0.2, 0.8] }; // a lasso around every third word
left.listeners.plotly_selected({ points: [], lassoPoints: slanted });

process.stdout.write(JSON.stringify({
  keys: Object.fromEntries(Object.entries(keys).map(([name, asked]) => [name, [...asked]])),
  facts: text.map((_, row) => factsOf(left._fullData[0], row)),
  names: right.ofClass('twin-region').map(each => each.textContent),
  labels: right.ofClass('twin-label').map(each => each.textContent),
  words: right.ofClass('twin-word').map(each => each.textContent),
  sent: Object.fromEntries(sent),
}));
