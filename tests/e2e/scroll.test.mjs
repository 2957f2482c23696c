/** Scroll depth: thresholds in order, each once, of the page and of an element, with real wheel and keys. */

import assert from 'node:assert/strict';
import { finish, open, scenario } from './support/browser.mjs';

const percent = [25, 50, 75, 100];
const depths = (events, name) => events.filter((event) => event.name === name).map(({ trigger }) => [trigger.percent ?? trigger.pixels, trigger.jump]);

/** A turn of the wheel to a place, then until the page has been painted there. */
async function wheel(page, to) {
  await page.mouse.move(400, 300);
  await page.mouse.wheel(0, to - (await page.evaluate(() => scrollY)));
  await page.waitForFunction((top) => Math.abs(scrollY - top) < 2, to);
}

scenario('of the page, step by step and in one jump', {
  config: { pageViews: false, conversions: { depth: { on: 'scroll', percent }, deep: { on: 'scroll', pixels: [1000, 3000] } } },
  body: '<div style="height:4000px;margin:-8px">tall</div>',
}, async (s) => {
  await open(s);
  const { page, sink } = s;
  assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), 4000);
  await wheel(page, 450);
  await sink.until(() => sink.names.length >= 2, '25 % and 1000 px');
  await wheel(page, 0);
  await wheel(page, 3400);
  await sink.until(() => sink.names.length >= 6, 'the rest');
  await wheel(page, 0);
  await page.keyboard.press('End');
  await page.waitForFunction(() => scrollY === 3400);
  const events = await finish(s);
  assert.deepEqual(depths(events, 'depth'), [[25, undefined], [50, true], [75, true], [100, undefined]]);
  assert.deepEqual(depths(events, 'deep'), [[1000, undefined], [3000, undefined]]);
});

scenario('of an element, on the pages the rule names', {
  config: {
    pageViews: false,
    conversions: {
      read: { on: 'scroll', of: 'article', percent, url: '/blog/*' },
      elsewhere: { on: 'scroll', percent: 25, url: '/shop/*' },
    },
  },
  routes: { '/blog/post': (s) => s.html('<div style="height:1000px">head</div><article style="height:2000px">post</article><div style="height:3000px">foot</div>') },
}, async (s) => {
  await open(s, '/blog/post');
  const { page, sink } = s;
  // The lower edge of the window stands 500 px into the article, and then 1,000.
  const top = await page.evaluate(() => document.querySelector('article').getBoundingClientRect().top);
  await wheel(page, top + 505 - 600);
  await sink.until(() => sink.names.length >= 1, '25 %');
  await wheel(page, top + 1005 - 600);
  await sink.until(() => sink.names.length >= 2, '50 %');
  await wheel(page, top + 2005 - 600);
  await sink.until(() => sink.names.length >= 4, '100 %');
  const events = await finish(s);
  assert.deepEqual(depths(events, 'read'), [[25, undefined], [50, undefined], [75, true], [100, undefined]]);
  assert.deepEqual(depths(events, 'elsewhere'), []);
});

scenario('the last scroll before leaving counts', {
  config: { pageViews: false, conversions: { depth: { on: 'scroll', percent: 100 } } },
  body: `<div style="height:3000px">tall</div>
    <script>addEventListener('go', () => { scrollTo(0, 9999); requestAnimationFrame(() => { location.href = '/next'; }); });</script>`,
  routes: { '/next': 'next' },
}, async (s) => {
  await open(s);
  await s.page.evaluate(() => window.dispatchEvent(new Event('go')));
  await s.page.waitForURL('**/next');
  await s.sink.events(1);
  assert.deepEqual(s.sink.names, ['depth(100)']);
});
