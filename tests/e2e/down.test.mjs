/**
 * An hour in which nothing reaches the collector, by the browser's clock wound forward: it is asked three times, then every
 * five minutes at the most; the page goes on as if nothing were; and when it is back everything arrives, once.
 */

import assert from 'node:assert/strict';
import { open, press, scenario, stats } from './support/browser.mjs';

const MINUTES = 60;
/** Three tries, then one every five minutes. */
const MOST = 3 + MINUTES / 5;

/** What keeps requests from the collector, and how it ends. */
const FAULTS = {
  'it hangs up': ({ sink }) => {
    sink.answer = () => 'hangup';
    return () => { sink.answer = () => 204; };
  },
  'somebody blocks it': async ({ sink, page }) => {
    await page.route(sink.url, (route) => route.abort('blockedbyclient'));
    return () => page.unroute(sink.url);
  },
  'it answers 503': ({ sink }) => {
    sink.answer = () => 503;
    return () => { sink.answer = () => 204; };
  },
};

for (const [name, begin] of Object.entries(FAULTS)) {
  const lines = [];
  const line = { test: (text) => /Failed to load resource/.test(text) && lines.push(text) };
  scenario(`an hour in which ${name}: few requests, no more lines than requests, and nothing is lost`, {
    config: { pageViews: false, conversions: { pressed: { on: 'click', match: 'button', value: 1, currency: 'EUR' } } },
    body: '<button onclick="window.done = (window.done ?? 0) + 1">x</button>', expect: [line], timeout: 120_000,
  }, async (s) => {
    const { page, sink } = s;
    await page.clock.install();
    await open(s);
    const end = await begin(s);
    let asked = 0;
    let under = 0;
    let quiet = () => {};
    const over = (request) => { if (request.url() === sink.url && (under -= 1) === 0) quiet(); };
    page.on('request', (request) => { if (request.url() === sink.url) [asked, under] = [asked + 1, under + 1]; });
    page.on('requestfinished', over);
    page.on('requestfailed', over);
    /** The time of the page goes on by steps, between which it stands still; that of its requests does not. */
    const aMinute = async () => {
      for (let second = 0; second < 60; second += 5) {
        await page.clock.runFor(5000);
        while (under > 0) await new Promise((resolve) => { quiet = resolve; });
      }
    };
    for (let minute = 0; minute < MINUTES; minute += 1) {
      await press(page, 'button');
      await aMinute();
      if (minute === 3) assert.equal(asked, 3, 'then it is down');
    }
    assert.ok(asked > 3 && asked <= MOST, `${asked} requests`);
    while (lines.length < asked) await page.evaluate(() => 0);
    assert.equal(lines.length, asked, 'the lines of the browser itself');
    assert.equal(await page.evaluate(() => window.done), MINUTES);
    assert.equal((await stats(page)).collectors[0].waiting, MINUTES);
    await end();
    for (let minute = 0; minute < 8; minute += 1) await aMinute();
    await sink.events(MINUTES);
    assert.deepEqual(sink.gaps, []);
    await page.waitForFunction(() => footstep.stats().collectors[0].waiting === 0);
    assert.equal(sink.batches.filter(({ taken }) => taken).flatMap(({ batch }) => batch.events).length, MINUTES, 'once each');
  });
}
