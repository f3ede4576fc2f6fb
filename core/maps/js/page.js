/* Serves a page that stands alone: what the app does on its server, a page does by itself. Clicked words are ringed. */

import linkMaps from './linked_maps.js';

export function showMaps(links) {
  const link = marks => linkMaps({
    data: { ...links, marks },
    parentElement: document.body,
    setTriggerValue: (what, row) => {
      if (what !== 'clicked' && what !== 'cleared') return;
      unlink();
      unlink = link(what === 'clicked' ? [{ row, role: 'pin' }] : []);
    },
  });
  let unlink = link([]);
}
