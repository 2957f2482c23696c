/**
 * What happens before the core is there: counted once when it comes, with its true time, by the same rules; and if the
 * page ends first, what needs no rule is sent all the same, where the tag itself allows it.
 */

import assert from 'node:assert/strict';
import { finish, names, press, scenario } from './support/browser.mjs';

const body = `<a id="plain" href="#plain">plain</a> <button id="marked" data-footstep="wishlist_add" data-footstep-value="12.50" data-footstep-product="lamp"><b>mark</b></button>
<form id="form"><button id="send">send</button></form><script>form.addEventListener('submit', (event) => event.preventDefault());</script>`;
const config = { pageViews: false, conversions: { look: { on: 'click', match: '#plain' }, sent: { on: 'submit', match: 'form' }, late: { on: 'click', match: '#late' } } };

/** Keeps the core from the page until `release` is called. */
async function hold({ context }) {
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  await context.route(/footstep-core\.js/, async (route) => {
    await released;
    await route.continue().catch(() => {});
  });
  return release;
}

async function early(s) {
  const { page, site } = s;
  await page.goto(site.origin);
  await page.waitForFunction(() => window.footstep);
  await press(page, '#plain');
  await press(page, '#marked b');
  await press(page, '#send');
  return page.evaluate(() => {
    footstep.track('called', { size: 'M' });
    return performance.now();
  });
}

scenario('clicks, forms, marks and calls before the core: once each, early, at their own time', { config, body }, async (s) => {
  const release = await hold(s);
  const called = await early(s);
  // So that the time of the steps and the time of the core differ by more than anybody's clock.
  await s.page.waitForFunction((then) => performance.now() > then + 300, called);
  release();
  await s.page.evaluate(() => footstep.ready);
  const begun = await s.page.evaluate(() => performance.now());
  await press(s.page, '#plain');
  const events = await finish(s);
  assert.deepEqual(names(events).sort(), ['called', 'look', 'look', 'sent', 'wishlist_add']);
  for (const event of events.filter(({ early }) => early)) assert.ok(event.mono <= Math.ceil(called) && called - event.mono < 5000, `${event.name} ${event.mono} ${called}`);
  assert.deepEqual(names(events.filter(({ early }) => !early)), ['look'], 'what came after is not early');
  assert.ok(events.find((event) => !event.early).mono >= Math.floor(begun));
});

scenario('an element that is gone when the core comes still counts', { config, body }, async (s) => {
  const release = await hold(s);
  await s.page.goto(s.site.origin);
  await s.page.waitForFunction(() => window.footstep);
  await press(s.page, '#plain');
  await s.page.evaluate(() => document.querySelector('#plain').remove());
  release();
  await s.page.evaluate(() => footstep.ready);
  assert.deepEqual(names(await finish(s)), ['look']);
});

for (const consent of ['none', undefined, 'opt-in']) {
  scenario(`the page ends before the core is there, data-consent is ${consent}`, { config, body, tag: { consent } }, async (s) => {
    await hold(s);
    await early(s);
    await s.page.goto('about:blank');
    if (consent !== 'none') {
      // Another page of the visitor's must find nothing of it either.
      await s.context.unrouteAll({ behavior: 'ignoreErrors' });
      await s.page.goto(s.site.origin);
      await s.page.evaluate(() => { footstep.consent('granted'); });
      return assert.deepEqual(names(await finish(s)), []);
    }
    const events = await s.sink.events(4);
    assert.deepEqual(s.sink.batches[0].batch.context, { engine: 'recorder' });
    assert.deepEqual(events.map(({ name, value, properties, early }) => [name, value, properties, early]), [
      ['wishlist_add', 12.5, { product: 'lamp' }, true],
      ['called', undefined, { size: 'M' }, true],
      ['before_core', undefined, { count: 2 }, true],
      ['before_core', undefined, { count: 1 }, true],
    ]);
    assert.deepEqual(s.sink.gaps, []);
  });
}

scenario('a visitor who has refused before the core is there sends nothing', { config, body, tag: { consent: 'none' } }, async (s) => {
  const release = await hold(s);
  await s.page.goto(s.site.origin);
  await s.page.waitForFunction(() => window.footstep);
  await s.page.evaluate(() => footstep.consent('denied'));
  await press(s.page, '#marked');
  await s.page.goto('about:blank');
  release();
  await s.page.goto(s.site.origin);
  await s.page.evaluate(() => footstep.ready);
  assert.deepEqual(names(await finish(s)), []);
});
