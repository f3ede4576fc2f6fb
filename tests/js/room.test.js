import assert from 'node:assert/strict';
import test from 'node:test';

import { keepRoom, roomTaken } from '../../core/maps/js/room.js';

const box = (top, height) => ({ getBoundingClientRect: () => ({ top, height }) });

test('what is not maps is all above them and the legend below, wherever the page has been scrolled to', () => {
  assert.equal(roomTaken(box(200, 640), [box(200, 600), box(200, 600)], 0), 200 + 40 + 8);
  assert.equal(roomTaken(box(-100, 640), [box(-100, 600), box(-100, 600)], 300), 200 + 40 + 8);
  assert.equal(roomTaken(box(200, 640), [box(0, 0), box(200, 600)], 0), 248); // one of them has the whole screen
});

test('while no map is to be seen nothing is known', () => {
  assert.equal(roomTaken(box(0, 0), [box(0, 0), box(0, 0)], 0), null);
  assert.equal(roomTaken(null, [], 0), null);
});

test('what comes above the maps takes room from them, until nobody watches any more', () => {
  const told = {}, parts = {
    '[data-testid="stMainBlockContainer"]': {}, '[data-testid="stMain"]': { scrollTop: 10 },
    '.st-key-map-stage': box(190, 640), '.st-key-map-left': box(190, 600),
  };
  let changed = null;
  Object.assign(globalThis, {
    document: {
      querySelector: name => parts[name] ?? null,
      body: { style: { setProperty: (key, value) => { told[key] = value; } } },
    },
    CSS: { escape: text => text },
    ResizeObserver: class {
      constructor(action) { changed = action; }

      observe() { changed(); }

      disconnect() { changed = null; }
    },
  });
  const leave = keepRoom(['left', 'right']);
  assert.deepEqual(told, { '--maps-taken': '248px' });
  parts['.st-key-map-stage'] = box(230, 640);
  changed();
  assert.deepEqual(told, { '--maps-taken': '288px' });
  leave();
  assert.equal(changed, null);
});
