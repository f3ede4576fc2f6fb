/* Hands the places of a study to moving_map.js, apart from the rest of what it is told: they are sent once. */

export default function keepFrames({ data }) {
  (globalThis.vectuneMaps ??= {}).frames = data;
  document.dispatchEvent(new CustomEvent('vectune-frames'));
}
