/* Hands colours to linked_maps.js, apart from the rest of what it is told: what changes is sent, and nothing else. */

export default function paintMaps({ data }) {
  (globalThis.vectuneMaps ??= {}).paint = data;
  document.dispatchEvent(new CustomEvent('vectune-paint'));
}
