/**
 * More than anybody can take: a million clicks made by a script, and a thousand conversions a second while the collector
 * does not answer. What is kept, what is under way and what is remembered stays bounded, and every loss is told.
 */

import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { open, scenario, stats } from './support/browser.mjs';
import { emptied } from './support/journal.mjs';
import { WATCH, memory } from './support/memory.mjs';

/** Half a minute until everything is as full as it can be, and half of one in which nothing may grow. */
const HALF = 30;
/** How much waits at a time depends on how busy the machine is: a peak takes more, once. What leaks takes more in each half minute. */
const MOST_HALVES = 6;
const A_SECOND = 1000;
/** Records that may wait in the queue, and in the requests under way. */
const MOST = 500 + 3 * 100;
/** How long the collector takes for an answer, ms. */
const SLOW = 30_000;

scenario('a million clicks made by a script: counted as such, and nothing else happens', {
  config: { pageViews: false, conversions: { pressed: { on: 'click', match: '#b' } } }, body: '<button id="b">x</button>', head: WATCH,
}, async (s) => {
  await open(s);
  const click = (count) => s.page.evaluate((count) => {
    for (let at = 0; at < count; at += 1) document.querySelector('#b').click();
  }, count);
  await click(10_000);
  const before = await memory(s.page);
  for (let part = 0; part < 9; part += 1) await click(110_000);
  const after = await memory(s.page);
  assert.equal((await stats(s.page)).ignored.untrusted, 1_000_000);
  assert.equal(s.sink.batches.length, 0);
  assert.ok(after.heap - before.heap < 100_000, `the heap grew by ${after.heap - before.heap} bytes`);
  assert.equal(after.wasm, before.wasm);
});

/** Presses what has the focus by the keyboard: trusted clicks, a thousand in each second, or as soon as a busy machine can. */
async function pressAThousand(session, began, second) {
  const press = () => session.send('Input.dispatchKeyEvent', { type: 'char', text: '\r', key: 'Enter', code: 'Enter' });
  for (let done = 0; done < A_SECOND;) {
    const due = Math.min(A_SECOND, Math.floor(performance.now() - began - second * 1000));
    await Promise.all(Array.from({ length: Math.max(0, due - done) }, press));
    done = Math.max(done, due);
    await setTimeout(5);
  }
}

/** How many entries of the journal there are in first-party storage, and how many of them only say what is done with. */
const entries = (page) => page.evaluate(() => {
  const texts = Object.entries(localStorage).filter(([key]) => /^footstep\..{36}\./.test(key)).map(([, text]) => text);
  return { all: texts.length, empty: texts.filter((text) => !text).length };
});

/** The second copy has let go of all that is done with. */
const settled = (page) => page.waitForFunction(() => !Object.entries(localStorage).some(([key, text]) => /^footstep\..{36}\./.test(key) && !text));

/** Each number has arrived or is told as lost, and none is both. */
function balanced({ arrived, batches }, created) {
  const numbers = new Set(arrived.map(({ seq }) => seq));
  const lost = new Set();
  for (const { batch } of batches) for (const { from, to } of batch.dropped ?? []) for (let seq = from; seq <= to; seq += 1) lost.add(seq);
  for (let seq = 1; seq <= created; seq += 1) assert.ok(numbers.has(seq) !== lost.has(seq), `number ${seq}`);
}

/** A collector that takes half a minute for an answer, until it is told not to. */
const slow = (until) => async () => {
  await setTimeout(SLOW, undefined, until).catch(() => {});
  return 204;
};
const minute = new AbortController();

/** Whether memory grew in the last half minute. An entry is worth 300 bytes of the heap: only what is equally full is compared. */
function grows(halves) {
  const [before, after] = halves.slice(-2);
  const least = (some, full) => Math.min(...some.filter(({ all }) => all === full).map(({ heap }) => heap));
  const heap = Math.min(...before.map(({ all }) => least(after, all) - least(before, all)));
  return !(heap < 100_000) || after.at(-1).wasm > before.at(-1).wasm;
}

scenario('a thousand clicks a second for a minute, and a collector that answers after half a minute', {
  config: { pageViews: false, conversions: { tick: { on: 'click', match: '#tick' }, paid: { on: 'click', match: '#paid', value: 5, currency: 'EUR' } } },
  body: '<button id="tick">x</button><button id="paid">x</button>', head: WATCH, timeout: 600_000,
  answer: slow(minute),
}, async (s) => {
  await open(s);
  // What happens before storage and its second copy have been opened is bounded by itself.
  await s.page.waitForFunction(async () => footstep.stats().storage === 'local' && (await indexedDB.databases()).length > 0);
  await s.page.evaluate(() => {
    window.trusted = 0;
    document.addEventListener('click', ({ isTrusted }) => { trusted += isTrusted; });
  });
  const session = await s.context.newCDPSession(s.page);
  const halves = [];
  let seconds = 0;
  let mostEntries = 0;
  let mostWaiting = 0;
  const began = performance.now();
  do {
    const samples = [];
    for (const end = seconds + HALF; seconds < end; seconds += 1) {
      await s.page.focus('#tick');
      await pressAThousand(session, began, seconds);
      await s.page.focus('#paid');
      await s.page.keyboard.press('Enter');
      const { all } = await entries(s.page);
      mostEntries = Math.max(mostEntries, all);
      mostWaiting = Math.max(mostWaiting, (await stats(s.page)).collectors[0].waiting);
      if (seconds % 3 === 2) samples.push({ all, ...(await memory(s.page)) });
    }
    halves.push(samples);
  } while (halves.length < 2 || (grows(halves) && halves.length < MOST_HALVES));
  const took = performance.now() - began;
  const created = seconds * (A_SECOND + 1);
  const [collector] = (await stats(s.page)).collectors;
  const requests = s.sink.batches.length;
  assert.equal(await s.page.evaluate(() => trusted), created);
  assert.equal(collector.created, created);
  assert.ok(mostWaiting <= MOST, `${mostWaiting} wait, besides those of three requests`);
  assert.ok(mostEntries <= 3 * (MOST + 1), `${mostEntries} entries`);
  assert.deepEqual(Object.keys(collector.dropped), ['overflow'], 'one name for it');
  // Three at a time, and half a minute for each.
  assert.ok(requests <= 3 * Math.ceil(took / SLOW), `${requests} requests`);
  assert.ok(!grows(halves), JSON.stringify(halves));
  await settled(s.page);
  const { all } = await entries(s.page);
  assert.ok(all <= MOST + 1, `${all} entries`);
  minute.abort();
  await s.page.evaluate(() => footstep.flush());
  await s.page.waitForFunction(() => footstep.stats().collectors[0].waiting === 0);
  // The last word on what was lost may need a request of its own.
  await s.page.evaluate(() => footstep.track('sentinel'));
  await s.sink.named('sentinel');
  balanced(s.sink, created + 1);
  assert.equal(s.sink.arrived.filter(({ name }) => name === 'paid').length, seconds, 'what is worth something is not what goes');
  await emptied(s.page);
});

/** Holds the second copy: nobody else's transaction begins before `letGo()`. */
const hold = () => new Promise((resolve) => {
  indexedDB.open('footstep').onsuccess = ({ target: { result: base } }) => {
    const store = base.transaction('journal', 'readwrite').objectStore('journal');
    let held = true;
    window.letGo = () => { held = false; };
    const on = () => {
      resolve();
      if (held) store.get('').onsuccess = on;
      else base.close();
    };
    on();
  };
});

const ticks = { pageViews: false, conversions: { tick: { on: 'event', event: 'tick' } } };
const dispatch = ({ page }, count) => page.evaluate((count) => { for (let at = 0; at < count; at += 1) document.dispatchEvent(new Event('tick')); }, count);
/** Ten thousand more; the most entries there were. */
async function tenThousand(s) {
  let most = 0;
  for (let part = 0; part < 50; part += 1) {
    await dispatch(s, 200);
    most = Math.max(most, (await entries(s.page)).all);
  }
  return most;
}
/** All is sent, and nothing stays in the journal. */
async function nothingStays({ page }) {
  await page.evaluate(() => footstep.flush());
  await emptied(page);
  assert.equal(await page.evaluate(() => new Promise((resolve) => {
    indexedDB.open('footstep').onsuccess = ({ target: { result: base } }) => {
      base.transaction('journal').objectStore('journal').count().onsuccess = ({ target }) => {
        base.close();
        resolve(target.result);
      };
    };
  })), 0, 'nor in its second copy');
}

const lag = new AbortController();

scenario('the second copy lags behind for as long as it likes: what says that a record is done with stays bounded, too', { config: ticks, answer: slow(lag) }, async (s) => {
  await open(s);
  await s.page.waitForFunction(() => footstep.stats().storage === 'local');
  // What it has already when it begins to lag.
  await dispatch(s, 900);
  await s.page.evaluate(hold);
  const most = await tenThousand(s);
  // What waits, what waited when it stood still, and what was under way then.
  assert.ok(most <= 2 * (MOST + 1) + 100, `${most} entries`);
  assert.ok((await entries(s.page)).empty > 0, 'it did lag');
  await s.page.evaluate(() => letGo());
  await settled(s.page);
  lag.abort();
  await nothingStays(s);
});

const never = new AbortController();

scenario('a second copy that takes nothing leaves nothing behind in the first', {
  config: ticks, head: '<script>IDBTransaction.prototype.commit = IDBTransaction.prototype.abort</script>', answer: slow(never),
}, async (s) => {
  await open(s);
  await s.page.waitForFunction(() => footstep.stats().storage === 'local');
  await dispatch(s, 900);
  const most = await tenThousand(s);
  assert.ok(most <= 2 * (MOST + 1) + 100, `${most} entries`);
  never.abort();
  await nothingStays(s);
});
