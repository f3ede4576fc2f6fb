/* Figures as files: what is drawn of one or more Plotly charts, with all that lies over them, as SVG and as PNG. Discs
 * and text stay discs and text; only what a chart keeps as pixels is an image in it. */

const SPACE = 'http://www.w3.org/2000/svg';
const GAP = 16, TITLE = 30, SHARP = 2; // pixels; a PNG has so many for each on the page

/* `colour` as every program reads it: browsers give mixed colours as color(srgb 0.1 0.2 0.3 / 0.4). */
export function plainColour(colour) {
  const found = /^color\(srgb ([^)]*)\)$/.exec(colour);
  if (!found) return colour;
  const [r, g, b, a = 1] = found[1].split(/[\s/]+/).filter(Boolean).map(Number);
  return `rgba(${[r, g, b].map(each => Math.round(255 * each)).join(',')},${a})`;
}

const made = (name, attributes, children = []) => {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const opacityOf = element => Number(getComputedStyle(element).opacity);

function boxOf(element, origin) {
  const box = element.getBoundingClientRect();
  return { x: box.x - origin.x, y: box.y - origin.y, width: box.width, height: box.height };
}

function drawSvg(svg, origin) {
  const copy = svg.cloneNode(true), { x, y } = boxOf(svg, origin);
  copy.querySelectorAll('.hoverlayer, .modebar').forEach(each => each.remove());
  Object.entries({ x, y, style: 'overflow:visible' }).forEach(([key, value]) => copy.setAttribute(key, value));
  return copy;
}

/* A canvas whose painter says which discs are on it becomes these discs, else it is an image. */
function drawCanvas(canvas, origin) {
  const { x, y, width, height } = boxOf(canvas, origin);
  if (!canvas.width || !width) return [];
  const discs = canvas.discs?.();
  if (!discs) return [made('image', { x, y, width, height, href: canvas.toDataURL() })];
  const inner = made('svg', { x, y, width, height });
  for (const { at: [cx, cy], r, colour, alpha } of discs) {
    inner.append(made('circle', {
      cx: cx.toFixed(1), cy: cy.toFixed(1), r: r.toFixed(2), fill: `rgb(${colour.map(Math.round)})`,
      'fill-opacity': alpha.toFixed(2),
    }));
  }
  return [inner];
}

/* A word, a region's name or a ring that lies over a map. */
function drawMark(mark, origin, background) {
  const style = getComputedStyle(mark), { x, y, width, height } = boxOf(mark, origin);
  if (!mark.textContent) {
    const wide = parseFloat(style.borderTopWidth) || 0;
    return [made('circle', {
      cx: x + width / 2, cy: y + height / 2, r: Math.max(0, (width - wide) / 2), fill: 'none',
      stroke: plainColour(style.borderTopColor), 'stroke-width': wide,
    })];
  }
  const size = parseFloat(style.fontSize), text = made('text', {
    x: x + width / 2, y: y + height / 2 + size * 0.35, 'text-anchor': 'middle', 'font-size': size,
    'font-weight': style.fontWeight, fill: plainColour(style.color), opacity: style.opacity,
  }, [mark.textContent]);
  const filled = plainColour(style.backgroundColor);
  if (!/^(transparent|rgba\(0, 0, 0, 0\))$/.test(filled)) {
    return [made('rect', { x, y, width, height, rx: 3, fill: filled }), text];
  }
  Object.entries({ 'paint-order': 'stroke', stroke: background, 'stroke-width': 3, 'stroke-linejoin': 'round' })
    .forEach(([key, value]) => text.setAttribute(key, value));
  return [text];
}

function drawChart(chart, background) {
  const host = chart.querySelector('.svg-container') ?? chart, origin = host.getBoundingClientRect();
  const parts = [...host.querySelectorAll('svg.main-svg, canvas, .twin-mark, .twin-label, .twin-word, .twin-region')]
    .filter(each => !each.parentElement.closest('svg.main-svg'));
  const drawn = parts.flatMap(each => {
    if (each.closest('.gl-container') && opacityOf(each.closest('.gl-container')) === 0) return [];
    if (each.matches('svg')) return [drawSvg(each, origin)];
    return each.matches('canvas') ? drawCanvas(each, origin) : drawMark(each, origin, background);
  });
  return { drawn, width: origin.width, height: origin.height };
}

/* The charts beside each other, each below its title where it has one: an SVG element. */
export function compose(charts, titles, { background, text, font }) {
  const all = charts.map(chart => drawChart(chart, background)), above = titles.some(Boolean) ? TITLE : 0;
  const width = all.reduce((sum, each) => sum + each.width, GAP * (all.length - 1));
  const height = Math.max(...all.map(each => each.height)) + above;
  const picture = made('svg', {
    xmlns: SPACE, width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': font.replaceAll('"', "'"),
  }, [made('rect', { width, height, fill: background })]);
  let left = 0;
  all.forEach((each, place) => {
    if (titles[place]) {
      const look = { x: left + 4, y: 20, 'font-size': 15, 'font-weight': 600, fill: text };
      picture.append(made('text', look, [titles[place]]));
    }
    picture.append(made('svg', { x: left, y: above, width: each.width, height: each.height }, each.drawn));
    left += each.width + GAP;
  });
  return picture;
}

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function rasterise(svg, width, height) {
  const image = new Image(), address = URL.createObjectURL(svg);
  image.src = address;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: width * SHARP, height: height * SHARP });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  return new Promise(resolve => { canvas.toBlob(resolve, 'image/png'); });
}

export default function offerPicture({ data, parentElement }) {
  const css = getComputedStyle(parentElement.host ?? parentElement);
  const variable = (name, otherwise) => css.getPropertyValue(name).trim() || otherwise;
  const theme = {
    background: variable('--st-background-color', 'white'), text: variable('--st-text-color', 'black'),
    border: variable('--st-border-color', 'grey'), font: variable('--st-font', 'sans-serif'),
  };
  const chartOf = key => document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`);

  async function deliver(kind) {
    const charts = data.keys.map(chartOf), known = charts.filter(Boolean);
    if (!known.length) return;
    const picture = compose(known, data.titles.filter((_, place) => charts[place]), theme);
    const svg = new Blob([new XMLSerializer().serializeToString(picture)], { type: 'image/svg+xml' });
    const [width, height] = ['width', 'height'].map(name => Number(picture.getAttribute(name)));
    save(kind === 'svg' ? svg : await rasterise(svg, width, height), `${data.name}.${kind}`);
  }

  const row = document.createElement('div');
  Object.assign(row.style, { display: 'flex', gap: '8px' });
  for (const [kind, label] of [['png', 'Picture (PNG)'], ['svg', 'Picture (SVG)']]) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
    Object.assign(button.style, {
      font: `400 14px/1.6 ${theme.font}`, color: theme.text, background: theme.background, cursor: 'pointer',
      border: `1px solid ${theme.border}`, borderRadius: '6px', padding: '5px 12px', whiteSpace: 'nowrap',
    });
    button.onclick = () => { deliver(kind); };
    row.append(button);
  }
  parentElement.replaceChildren(row);
}
