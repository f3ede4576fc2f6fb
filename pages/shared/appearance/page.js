/* What every page needs for those who hear it or use it without a mouse, and Streamlit does not do: the focus goes to a
 * new page's heading, and controls are called what is written on them. */

const PATIENCE = 10000; // milliseconds in which a page begins to be drawn
const TYPED = 'input, textarea, select, [contenteditable="true"]';

/* Put the focus on the new page's heading, which says `title`; where none comes, on the page's midst. */
export function focusOn(title, { now, again, body }) {
  const begin = now(), { ownerDocument } = body, start = ownerDocument.activeElement;
  const look = () => {
    const main = body.querySelector('.stMain'), active = ownerDocument.activeElement;
    if (active !== start && active !== body) return; // somebody went on already
    if (main?.contains(active) && active.matches(TYPED)) return; // or types
    const heading = [...(main?.querySelectorAll('h1') ?? [])].find(each => each.textContent.trim() === title);
    if (!heading && now() - begin < PATIENCE) { again(look); return; }
    const place = heading ?? main;
    if (!place) return;
    place.setAttribute('tabindex', '-1');
    place.focus({ preventScroll: true });
  };
  look();
}

const ICON = /^[a-z0-9_]+ icon$/;

/* A name without Markdown: what Streamlit copies from a label as it was written. */
export const plainName = name => name.replace(/:material\/\w+:/g, '').replace(/(\*\*|__|`)(.+?)\1/g, '$2')
  .replace(/\\(.)/g, '$1').trim();

/* Give the controls within `root` the names that they show. */
export function mendNames(root) {
  for (const each of root.querySelectorAll('[aria-label]')) {
    const name = each.getAttribute('aria-label');
    if (each.matches('span[role="img"]') && ICON.test(name)) each.setAttribute('aria-hidden', 'true');
    else if (plainName(name) !== name && plainName(name)) each.setAttribute('aria-label', plainName(name));
  }
  for (const each of root.querySelectorAll('section[role="presentation"][aria-label]')) { // where files are dropped
    each.setAttribute('role', 'group');
  }
  // the menu of a narrow window is a list whose sections are no items of it
  const section = '[data-testid=stSidebarNavItems] > div';
  for (const each of root.querySelectorAll(section)) each.setAttribute('role', 'listitem');
  for (const each of root.querySelectorAll(`${section} > li`)) each.setAttribute('role', 'none');
  for (const each of root.querySelectorAll('[data-floating-ui-portal]:has([role="menu"])')) { // outside all landmarks
    each.setAttribute('role', 'region');
    each.setAttribute('aria-label', 'Opened menu');
  }
  // a slider is named by its group and by itself, which have one and the same name
  for (const each of root.querySelectorAll('input[type="range"][aria-label][aria-labelledby]')) {
    each.removeAttribute('aria-labelledby');
  }
}

const PRIMARY = ['button[kind=primary]', '[data-testid=stBaseButton-primary]']
  .map(each => `.stMain ${each}:not([disabled])`).join();

/* A link before all else that leads past the page's controls to its main button; shown while it has the focus. */
export function offerMainButton(body) {
  const find = () => body.querySelector(PRIMARY);
  const name = find()?.querySelector('[data-testid=stMarkdownContainer]')?.textContent.trim() ?? '';
  let link = body.querySelector('.to-main-button');
  if (!link) {
    link = Object.assign(body.ownerDocument.createElement('a'), { className: 'to-main-button', href: '#stMain' });
    link.onclick = event => { event.preventDefault(); find()?.focus(); };
    body.prepend(link);
  }
  const text = name && `Go to “${name}”`;
  if (link.textContent !== text) link.textContent = text;
  link.hidden = !name;
}

/* Load the library that draws charts before there is one: `script` lies beside Streamlit's own. Running it takes a
 * moment, so a page that draws none itself waits until its visitor does nothing. */
export function loadCharts(script, draws, { head, start, whenIdle }) {
  const own = head.querySelector('script[type="module"][src]')?.src;
  if (!script || !own) return;
  const { href } = new URL(script, own);
  if (draws) start(href);
  else whenIdle(() => start(href));
}

export default function followPage({ data }) {
  const shared = globalThis.vectunePage ??= {};
  if (shared.page !== undefined && shared.page !== data.page) {
    focusOn(data.title, { now: () => performance.now(), again: requestAnimationFrame, body: document.body });
  }
  shared.page = data.page;
  if (shared.watcher) return;
  let frame = 0;
  const mend = () => { frame = 0; mendNames(document.body); offerMainButton(document.body); };
  shared.watcher = new MutationObserver(() => { frame ||= requestAnimationFrame(mend); });
  shared.watcher.observe(document.body, { childList: true, subtree: true, attributeFilter: ['aria-label'] });
  mend();
}

export function startCharts(script, draws) {
  const start = href => { import(href).catch(() => {}); }; // whatever fails here is loaded with the first chart
  const whenIdle = work => setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(work), 1500);
  loadCharts(script, draws, { head: document.head, start, whenIdle });
}
