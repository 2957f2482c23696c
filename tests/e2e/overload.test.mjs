/**
 * More than anybody can take: a million clicks made by a script, and a thousand conversions a second while the collector
 * does not answer. What is kept, what is under way and what is remembered stays bounded, and every loss is told.
 */

import assert from 'node:assert/strict';
import { open, scenario, stats } from './support/browser.mjs';

const SECONDS = 10;
const A_SECOND = 1000;
const MOST = 500;

/** Bytes of wasm memory and of the page's heap, after a collection of garbage. */
async function memory({ context, page }) {
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

scenario('a million clicks made by a script: counted as such, and nothing else happens', {
  config: { pageViews: false, conversions: { pressed: { on: 'click', match: '#b' } } }, body: '<button id="b">x</button>',
}, async (s) => {
  await open(s);
  const click = (count) => s.page.evaluate((count) => {
    for (let at = 0; at < count; at += 1) document.querySelector('#b').click();
  }, count);
  await click(10_000);
  const before = await memory(s);
  for (let part = 0; part < 9; part += 1) await click(110_000);
  const grown = (await memory(s)) - before;
  assert.equal((await stats(s.page)).ignored.untrusted, 1_000_000);
  assert.equal(s.sink.batches.length, 0);
  assert.ok(grown < 100_000, `the heap grew by ${grown} bytes`);
});

let release;
const released = new Promise((resolve) => { release = resolve; });

scenario('a thousand conversions a second, and a collector that does not answer', {
  config: { pageViews: false, conversions: { tick: { on: 'event', event: 'tick' }, paid: { on: 'event', event: 'paid', value: 5, currency: 'EUR' } } },
  answer: async () => {
    await released;
    return 204;
  },
}, async (s) => {
  await open(s);
  // What happens before storage has been opened is bounded by itself.
  await s.page.waitForFunction(() => footstep.stats().storage === 'local');
  await s.page.evaluate(async ([seconds, rate]) => {
    for (let second = 0; second < seconds; second += 1) {
      const began = performance.now();
      for (let at = 0; at < rate; at += 1) document.dispatchEvent(new Event(at === 500 ? 'paid' : 'tick'));
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1000 - (performance.now() - began))));
    }
  }, [SECONDS, A_SECOND]);
  const [{ created, waiting, dropped }] = (await stats(s.page)).collectors;
  assert.equal(created, SECONDS * A_SECOND);
  assert.ok(waiting <= MOST + 3 * 100, `${waiting} wait, besides those of three requests`);
  assert.deepEqual(Object.keys(dropped), ['overflow'], 'one name for it');
  assert.ok(s.sink.batches.length <= 3, `${s.sink.batches.length} requests`);
  const kept = await s.page.evaluate(() => Object.keys(localStorage).filter((key) => /^footstep\..{36}\./.test(key)).length);
  assert.ok(kept <= MOST + 3 * 100 + 1, `${kept} entries`);
  release();
  await s.page.evaluate(() => footstep.flush());
  await s.page.waitForFunction(() => footstep.stats().collectors[0].waiting === 0);
  // The last word on what was lost may need a request of its own.
  await s.page.evaluate(() => footstep.track('sentinel'));
  await s.sink.named('sentinel');
  const numbers = new Set(s.sink.arrived.map(({ seq }) => seq));
  const lost = new Set();
  for (const { batch } of s.sink.batches) for (const { from, to } of batch.dropped ?? []) for (let seq = from; seq <= to; seq += 1) lost.add(seq);
  for (let seq = 1; seq <= created + 1; seq += 1) assert.ok(numbers.has(seq) !== lost.has(seq), `number ${seq}`);
  assert.equal(s.sink.arrived.filter(({ name }) => name === 'paid').length, SECONDS, 'what is worth something is not what goes');
  await s.page.waitForFunction(() => !Object.keys(localStorage).some((key) => /^footstep\..{36}\./.test(key)));
});
