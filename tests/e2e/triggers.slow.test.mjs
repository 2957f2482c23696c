/**
 * Selectors that cost the page time: found by the clock, switched off and reported, while all others go on; and those
 * that are none.
 */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';

/** For each of many paragraphs, looks through all that stands before what it stands in. */
const SLOW = 'body:has(.never ~ div > p)';
const big = (count) => `<script>{
  const list = document.createElement('div');
  for (let at = 0; at < ${count}; at += 1) list.append(Object.assign(document.createElement('div'), { innerHTML: '<p>a</p><p>b</p><p>c</p>' }));
  document.body.append(list);
}</script>`;
const found = async (page, code) => (await stats(page)).diagnostics.filter((each) => each.code === code).map(({ path, args }) => [path, ...args]);

scenario('a slow selector of a click', {
  config: {
    pageViews: false,
    conversions: { slow: { on: 'click', match: SLOW }, pressed: { on: 'click', match: '#b' }, also: { any: [{ on: 'click', match: SLOW }, { on: 'click', match: '#b' }] } },
  },
  body: `<button id=b>x</button>${big(1500)}`,
}, async (s) => {
  await open(s);
  const { page } = s;
  let pressed = 0;
  const costs = () => page.evaluate((selector) => {
    // As a change of the page does: what the browser remembers of the last answer is of no use.
    document.body.append(document.createElement('div'));
    const begun = performance.now();
    document.body.matches(selector);
    return performance.now() - begun;
  }, SLOW);
  assert.ok(await costs() > 4, 'it is slow');
  while (!(await found(page, 'slow_selector')).length && pressed < 20) {
    await costs();
    await page.evaluate(() => document.body.append(document.createElement('div')));
    await press(page, '#b');
    pressed += 1;
  }
  assert.ok(pressed < 20, 'it is found soon');
  const all = await found(page, 'slow_selector');
  for (const [, selector] of all) assert.equal(selector, SLOW);
  await press(page, '#b');
  const events = await finish(s);
  const count = (name) => names(events).filter((each) => each === name).length;
  assert.equal(count('pressed'), pressed + 1);
  assert.equal(count('also'), pressed + 1);
  assert.equal(count('slow'), 0);
});

scenario('a slow selector of what is on screen', {
  config: { pageViews: false, conversions: { slow: { on: 'visible', match: SLOW, seconds: 0.1 }, card: { on: 'visible', match: '.card', seconds: 0.1 } } },
  body: `<div id=list></div>${big(1500)}`,
}, async (s) => {
  await open(s);
  const { page } = s;
  for (let round = 0; round < 12 && !(await found(page, 'slow_selector')).length; round += 1) {
    await page.evaluate((at) => { list.innerHTML = `<div class=card id=c${at} style="height:20px">x</div>`; }, round);
    await s.sink.until((arrived) => arrived.filter(({ name }) => name === 'card').length > round, 'the card');
  }
  assert.deepEqual(await found(page, 'slow_selector'), [['conversions.slow', SLOW]]);
  const before = s.sink.arrived.length;
  await page.evaluate(() => { list.innerHTML = '<div class=card style="height:20px">y</div>'; });
  await s.sink.until((arrived) => arrived.length > before, 'the next card');
});

scenario('a slow selector of evidence', {
  config: {
    pageViews: false,
    conversions: { signup: { on: 'click', match: '#b', confirm: [{ visible: SLOW }, { visible: '.thanks' }], within: '60s' } },
  },
  body: `<button id=b>x</button><p class=thanks id=thanks hidden>thanks</p>${big(1500)}`,
}, async (s) => {
  await open(s);
  const { page } = s;
  await press(page, '#b');
  for (let round = 0; round < 20 && !(await found(page, 'slow_selector')).length; round += 1) {
    await page.evaluate(() => new Promise((resolve) => {
      document.body.append(document.createElement('div'));
      requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve))));
    }));
  }
  assert.deepEqual(await found(page, 'slow_selector'), [['conversions.signup', SLOW]]);
  await page.evaluate(() => { thanks.hidden = false; });
  const [{ phase, attempt }] = await s.sink.events(1);
  assert.deepEqual([phase, attempt.what], ['confirmed', '.thanks']);
});

scenario('selectors that are none, of every kind of rule', {
  config: {
    pageViews: false,
    conversions: {
      a: { on: 'click', match: 'a[' }, b: { on: 'submit', match: 'form', submitter: ':never(' }, c: { on: 'visible', match: '..' }, d: { on: 'scroll', percent: 1, of: '>' },
      e: { on: 'event', event: 'x', match: '5' }, f: { on: 'media', match: 'video:' }, g: { on: 'download', match: '' }, pressed: { on: 'click', match: '#b', confirm: [{ visible: '((' }, { visible: '#b' }] },
      good: { on: 'click', match: '#b' },
    },
  },
  body: '<button id=b>x</button>',
}, async (s) => {
  await open(s);
  await press(s.page, '#b');
  assert.deepEqual(names(await finish(s)).filter((name) => name !== 'pressed'), ['good']);
  const bad = (await found(s.page, 'bad_selector')).map(([path, selector]) => `${path.split('.')[1]} ${selector}`);
  for (const wanted of ['a a[', 'c ..', 'd >', 'e 5', 'f video:', 'pressed ((']) assert.ok(bad.includes(wanted), `${wanted}: ${bad.join('; ')}`);
  assert.ok(bad.some((each) => each.startsWith('b ')), bad.join('; '));
});
