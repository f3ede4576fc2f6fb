/* Stand-ins for the little of a browser and of Plotly that the maps' scripts touch. A letter is 6 pixels wide. */

class Element {
  constructor(tag) {
    Object.assign(this, { tag, style: {}, dataset: {}, children: [], className: '' });
    Object.assign(this, { clientWidth: 500, clientHeight: 400 });
  }

  append(...made) { this.children.push(...made); }
  appendChild(made) { this.children.push(made); }
  replaceChildren(...made) { this.children = made; }
  removeChild(gone) { this.children = this.children.filter(each => each !== gone); }
  getBoundingClientRect() { return { left: 0, top: 0 }; }
  setAttribute() {}
  get all() { return this.children.flatMap(each => [each, ...each.all]); }
  ofClass(name) { return this.all.filter(each => each.className === name); }
  querySelector(selector) { return this.ofClass(selector.split('.').at(-1))[0] ?? null; }
  querySelectorAll(selector) { return this.ofClass(selector.split('.').at(-1)); }

  getContext() {
    const canvas = this;
    return {
      measureText: text => ({ width: 6 * [...text].length }),
      createImageData: (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) }),
      putImageData: image => { canvas.pixels = image.data; },
      clearRect: () => { canvas.drawn = []; },
      drawImage: (...what) => { canvas.drawn.push(what); },
      beginPath() {}, moveTo() {}, lineTo() {},
      fill() { canvas.filled = (canvas.filled ?? 0) + 1; },
    };
  }
}

const ARRAYS = { i1: Int8Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array, i4: Int32Array, u4: Uint32Array,
  f4: Float32Array, f8: Float64Array };

/* Numbers as Plotly keeps them, from what Python writes: the bytes of an array of one or of two dimensions. */
function numbersOf({ dtype, bdata, shape }) {
  const bytes = Uint8Array.from(atob(bdata), letter => letter.charCodeAt(0)), all = new ARRAYS[dtype](bytes.buffer);
  if (!shape) return all;
  const [rows, width] = shape.split(',').map(Number);
  return Array.from({ length: rows }, (_, row) => all.subarray(row * width, (row + 1) * width));
}

/* A trace as Plotly keeps it, from one as Python writes it. */
export function traceOf(written) {
  const read = Object.entries(written).map(([key, value]) => [key, value?.bdata ? numbersOf(value) : value]);
  return { type: 'scatter', ...Object.fromEntries(read) };
}

/* A chart of 500 x 400 pixels whose axes show -1 to 1. */
export class Chart extends Element {
  constructor(trace) {
    super('div');
    this.listeners = {};
    this._fullData = [trace];
    this._fullLayout = {
      dragmode: 'pan',
      xaxis: { _offset: 0, _length: 500, range: [-1, 1], d2p: x => 250 * (x + 1) },
      yaxis: { _offset: 0, _length: 400, range: [-1, 1], d2p: y => 200 * (1 - y) },
    };
  }

  /* Axes take their ranges, as Plotly's do; `changes` remembers what was asked for. */
  relayout(change) {
    this.changes = [...(this.changes ?? []), change];
    for (const [what, value] of Object.entries(change)) {
      const [axis, key] = what.split('.');
      if (key === 'range') this.turn(axis, value);
    }
  }

  turn(axis, [a, b]) {
    const own = this._fullLayout[axis], { _length: length } = own;
    own.range = [a, b];
    own.d2p = value => (axis === 'xaxis' ? (value - a) / (b - a) : (b - value) / (b - a)) * length;
  }

  on(name, listener) { this.listeners[name] = listener; }
  removeListener(name) { delete this.listeners[name]; }
}

/* Puts a browser with these charts, {key: chart}, in place of what node lacks. Gives what the scripts draw with. */
export function openBrowser(charts = {}, css = {}) {
  const frames = new Map(), listeners = {};
  let asked = 0;
  const document = {
    createElement: tag => new Element(tag),
    querySelector: selector => charts[selector.match(/st-key-([\w-]+)/)?.[1]] ?? null,
    addEventListener: (name, listener) => { listeners[name] = listener; },
    removeEventListener: name => { delete listeners[name]; },
    dispatchEvent: event => listeners[event.type]?.(event),
    body: new Element('body'),
  };
  Object.assign(globalThis, {
    document,
    CSS: { escape: text => text },
    MutationObserver: class { observe() {} disconnect() {} },
    CustomEvent: class { constructor(type) { this.type = type; } },
    getComputedStyle: () => ({ getPropertyValue: name => css[name] ?? '' }),
    requestAnimationFrame: action => { frames.set(++asked, action); return asked; },
    cancelAnimationFrame: number => frames.delete(number),
    vectuneMaps: undefined,
    Plotly: { relayout: (chart, change) => chart.relayout(change) },
  });
  return {
    document,
    draw: () => {
      for (let each = 0; each < 4; each++) { // what was asked for in a frame is drawn in the next
        const actions = [...frames.values()];
        frames.clear();
        for (const action of actions) action(performance.now());
      }
    },
    press: (key, rest = {}) => document.dispatchEvent({ type: 'keydown', key, preventDefault() {}, ...rest }),
    listeners,
  };
}
