/* How dense the words of a flat map lie, as a soft glow in their colours: reckoned once, then only moved and scaled. */

const CELLS = 180, FEWEST = 3000, BLUR = 2;
const glows = new WeakMap();

/* Running means of `values` over 2 * BLUR + 1 cells, along rows and then along columns. */
function blur(values) {
  for (const [step, across] of [[1, CELLS], [CELLS, 1]]) {
    const line = new Float32Array(CELLS);
    for (let k = 0; k < CELLS; k++) {
      const start = k * across;
      for (let i = 0; i < CELLS; i++) line[i] = values[start + i * step];
      let sum = 0;
      for (let i = -BLUR; i < CELLS; i++) {
        if (i + BLUR < CELLS) sum += line[i + BLUR];
        if (i - BLUR - 1 >= 0) sum -= line[i - BLUR - 1];
        if (i >= 0) values[start + i * step] = sum / (2 * BLUR + 1);
      }
    }
  }
}

/* What `glowOf` gives takes a moment: it has not been reckoned before. */
export function wantsTime(trace, home, style) {
  if (!home || trace.type === 'scatter3d' || trace.x.length < FEWEST) return false;
  const known = glows.get(trace.x);
  return known?.style !== style || known.home !== home;
}

/* {area: {x, y}, pixels}: a square picture of the drawn words, or null where there are too few of them. */
export function glowOf(trace, home, style) {
  if (!home || trace.type === 'scatter3d') return null;
  const known = glows.get(trace.x);
  if (known?.style === style && known.home === home) return known.glow;
  const glow = paintGlow(trace, home, style);
  glows.set(trace.x, { style, home, glow });
  return glow;
}

function paintGlow({ x, y }, home, { mask, codes, palette, other, dark }) {
  const wide = ([low, high]) => [low - 0.1 * (high - low), high + 0.1 * (high - low)];
  const area = { x: wide(home.x), y: wide(home.y) };
  const place = (value, [low, high]) => Math.floor((value - low) / (high - low) * CELLS);
  const sums = Array.from({ length: 4 }, () => new Float32Array(CELLS * CELLS));
  let drawn = 0;
  for (let row = 0; row < x.length; row++) {
    if (mask && !mask[row]) continue;
    drawn++;
    const cx = place(x[row], area.x), cy = CELLS - 1 - place(y[row], area.y);
    if (!(cx >= 0 && cx < CELLS && cy >= 0 && cy < CELLS)) continue;
    const colour = palette[codes[row]] ?? other, at = cx + CELLS * cy;
    for (let c = 0; c < 3; c++) sums[c][at] += colour[c];
    sums[3][at]++;
  }
  if (drawn < FEWEST) return null;
  for (const each of sums) for (let times = 0; times < 3; times++) blur(each);
  const weights = sums[3], filled = weights.filter(weight => weight > 1e-3).sort();
  const full = filled[Math.floor(filled.length * 0.97)] || 1, strongest = dark ? 0.42 : 0.34;
  const pixels = new Uint8ClampedArray(4 * CELLS * CELLS);
  for (let at = 0; at < weights.length; at++) {
    if (weights[at] < 1e-3) continue;
    for (let c = 0; c < 3; c++) pixels[4 * at + c] = sums[c][at] / weights[at];
    pixels[4 * at + 3] = 255 * strongest * Math.min(1, weights[at] / full) ** 0.65;
  }
  return { area, pixels, side: CELLS };
}

/* Lay `glow` under the points of `view` on `canvas`, which lies over the whole box; without one, clear it. */
export function paintGlowOn(canvas, view, glow) {
  const { box } = view, width = Math.max(1, Math.round(box.w)), height = Math.max(1, Math.round(box.h));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const place = { left: `${box.l}px`, top: `${box.t}px`, width: `${box.w}px`, height: `${box.h}px` };
  Object.assign(canvas.style, { ...place, transform: '' });
  const context = canvas.getContext('2d');
  context.clearRect(0, 0, width, height);
  if (!glow) return;
  glow.picture ??= pictureOf(glow);
  const [l, t] = view.place(glow.area.x[0], glow.area.y[1]), [r, b] = view.place(glow.area.x[1], glow.area.y[0]);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(glow.picture, l - box.l, t - box.t, r - l, b - t);
}

function pictureOf({ pixels, side }) {
  const picture = document.createElement('canvas');
  Object.assign(picture, { width: side, height: side });
  const context = picture.getContext('2d'), image = context.createImageData(side, side);
  image.data.set(pixels);
  context.putImageData(image, 0, 0);
  return picture;
}
