import assert from 'node:assert/strict';
import test from 'node:test';

import { focusOn, loadCharts, plainName } from '../../pages/shared/appearance/page.js';

test('a name is what is written on a control, without the marks that write it', () => {
  assert.equal(plainName('**From scratch**'), 'From scratch');
  assert.equal(plainName('Help for `min_count`'), 'Help for min_count');
  assert.equal(plainName(':material/save: Keep'), 'Keep');
  assert.equal(plainName('2 \\* 3 \\_'), '2 * 3 _');
  assert.equal(plainName('snake_case_word'), 'snake_case_word');
});

/* A page whose parts the tests name: {body, main, headings}; `active` has the focus. */
function pageOf(headings) {
  const place = name => ({
    name, textContent: name, matches: () => name === 'field', setAttribute() {},
    focus() { ownerDocument.activeElement = this; },
  });
  const ownerDocument = {}, body = place('body'), field = place('field');
  const main = { ...place('main'), contains: each => each === field, querySelectorAll: () => headings.map(place) };
  Object.assign(body, { ownerDocument, querySelector: () => main });
  ownerDocument.activeElement = body;
  return { body, field, ownerDocument, active: () => ownerDocument.activeElement.name };
}

test('the focus goes to the heading of the new page and not to that of the old one', () => {
  const page = pageOf(['Old', 'New']);
  focusOn('New', { now: () => 0, again: () => assert.fail(), body: page.body });
  assert.equal(page.active(), 'New');
});

test('where no such heading comes in time it goes to the page itself', () => {
  const page = pageOf(['Old']);
  let time = 0;
  focusOn('New', { now: () => time, again: look => { time += 3000; look(); }, body: page.body });
  assert.equal(page.active(), 'main');
});

test('whoever went on meanwhile keeps the focus where it is', () => {
  const page = pageOf(['Old']);
  focusOn('New', {
    now: () => 0, again: look => { page.ownerDocument.activeElement = page.field; look(); }, body: page.body,
  });
  assert.equal(page.active(), 'field');
});

test('what draws charts is loaded at once by a page that draws one, by others in an idle moment', () => {
  const head = { querySelector: () => ({ src: 'https://host/base/static/js/index.A1.js' }) };
  const started = [], waiting = [];
  const given = { head, start: href => started.push(href), whenIdle: work => waiting.push(work) };
  loadCharts('PlotlyChart.B2.js', true, given);
  assert.deepEqual(started, ['https://host/base/static/js/PlotlyChart.B2.js']);
  loadCharts('PlotlyChart.B2.js', false, given);
  assert.equal(started.length, 1);
  waiting.forEach(work => work());
  assert.equal(started.length, 2);
  loadCharts('', true, given);
  loadCharts('PlotlyChart.B2.js', true, { ...given, head: { querySelector: () => null } });
  assert.equal(started.length, 2);
});
