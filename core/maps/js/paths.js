/* The way of a word through the texts, on the map that moves. */

/* A line through `points`, pixels: as far as `time` it is strong, beyond it faint; a dot for each text. */
export function paintPath(context, points, time, box, ratio, colour) {
  const [r, g, b] = colour, at = ([x, y]) => [(x - box.l) * ratio, (y - box.t) * ratio];
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (let step = 0; step + 1 < points.length; step++) {
    const share = Math.max(0, Math.min(1, time - step)), [x0, y0] = at(points[step]), [x1, y1] = at(points[step + 1]);
    const line = (from, to, alpha, width) => {
      if (to <= from) return;
      context.strokeStyle = `rgba(${r},${g},${b},${alpha})`;
      context.lineWidth = width * ratio;
      context.beginPath();
      context.moveTo(x0 + from * (x1 - x0), y0 + from * (y1 - y0));
      context.lineTo(x0 + to * (x1 - x0), y0 + to * (y1 - y0));
      context.stroke();
    };
    line(0, share, 0.85, 2.2);
    line(share, 1, 0.28, 1.4);
  }
  points.forEach((point, text) => {
    const [x, y] = at(point);
    context.fillStyle = `rgba(${r},${g},${b},${text <= time ? 0.9 : 0.35})`;
    context.beginPath();
    context.arc(x, y, 2.6 * ratio, 0, 2 * Math.PI);
    context.fill();
  });
}
