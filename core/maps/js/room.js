/* What of the window is not the maps': all that stands above them and their legend below, as it is now. The style of
 * the page (pages/parts/maps/stage.py) has the maps fill the rest. */

const BELOW = 8; // pixels of air under the legend

/* Pixels in a window that shows the page from its top; null where the maps are not to be seen. */
export function roomTaken(stage, maps, scrolled) {
  const heights = maps.map(map => map.getBoundingClientRect().height), high = Math.max(0, ...heights);
  if (!stage || !high) return null;
  const { top, height } = stage.getBoundingClientRect();
  return Math.ceil(top + scrolled + height - high + BELOW);
}

/* Keep the style told of it; gives what ends that. */
export function keepRoom(keys) {
  const page = document.querySelector('[data-testid="stMainBlockContainer"]');
  if (!page) return () => {};
  const tell = () => {
    const maps = keys.map(key => document.querySelector(`.st-key-map-${CSS.escape(key)}`)).filter(Boolean);
    const scrolled = document.querySelector('[data-testid="stMain"]')?.scrollTop ?? 0;
    const taken = roomTaken(document.querySelector('.st-key-map-stage'), maps, scrolled);
    if (taken !== null) document.body.style.setProperty('--maps-taken', `${taken}px`);
  };
  const watcher = new ResizeObserver(tell); // whatever comes or goes above the maps makes the page longer or shorter
  watcher.observe(page);
  return () => watcher.disconnect();
}
