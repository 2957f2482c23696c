/** What is sent when: by count, by time, by size; and what becomes of it when the collector refuses, fails or hangs up. */

import assert from 'node:assert/strict';
import { balanced, finish, names, open, press, scenario, stats } from './support/browser.mjs';

const config = { pageViews: false, conversions: { valued: { on: 'custom', value: 1 } } };
const LIMIT = 60_000;
const noise = [/Failed to load resource/];

/** Calls `track(name, { i, ... })` so many times in one task. */
const track = (page, count, name = 'step', bytes = 0) => page.evaluate(([count, name, bytes]) => {
  for (let i = 0; i < count; i += 1) footstep.track(name, { i, ...(bytes && { text: 'x'.repeat(bytes) }) });
}, [count, name, bytes]);

/** Makes storage known, so that what follows is not held up by it. */
async function warm(s) {
  await open(s);
  await s.page.evaluate(() => { footstep.track('warm'); return footstep.flush(); });
  await s.sink.events(1);
  return s.sink.batches.length;
}

scenario('twenty are sent at once, in one batch', { config }, async (s) => {
  const before = await warm(s);
  const made = await s.page.evaluate(() => {
    for (let i = 0; i < 20; i += 1) footstep.track('step', { i });
    return performance.now();
  });
  await s.sink.events(21);
  assert.equal(s.sink.batches.length, before + 1);
  const { batch } = s.sink.batches.at(-1);
  assert.equal(batch.events.length, 20);
  assert.ok(batch.sent.mono - made < 100, `${batch.sent.mono - made} ms`);
});

scenario('fewer wait about a second for company', { config }, async (s) => {
  const before = await warm(s);
  await track(s.page, 3);
  await s.sink.events(4);
  assert.equal(s.sink.batches.length, before + 1);
  const { batch } = s.sink.batches.at(-1);
  const waited = batch.sent.mono - batch.events[0].mono;
  assert.ok(waited >= 900 && waited < 3000, `${waited} ms`);
});

scenario('one with a value waits for nobody', { config }, async (s) => {
  const before = await warm(s);
  await track(s.page, 1, 'valued');
  await s.sink.events(2);
  assert.equal(s.sink.batches.length, before + 1);
  const { batch } = s.sink.batches.at(-1);
  assert.ok(batch.sent.mono - batch.events[0].mono < 100);
});

scenario('300 calls of 2 kB in one task: every body fits, all arrive', { config }, async (s) => {
  await warm(s);
  await track(s.page, 300, 'step', 2000);
  balanced(await stats(s.page));
  const events = await finish(s);
  assert.deepEqual(events.filter(({ name }) => name === 'step').map(({ properties }) => properties.i), Array.from({ length: 300 }, (_, i) => i));
  for (const { bytes } of s.sink.batches) assert.ok(bytes <= LIMIT, `${bytes} bytes`);
  const found = await stats(s.page);
  assert.deepEqual(found.collectors.map(({ created, acknowledged, waiting }) => [created, acknowledged, waiting]), [[302, 302, 0]]);
});

scenario('300 calls of 2 kB in the task that leaves: what stays behind is accounted for', {
  config, body: '<a href="/next">go</a>', routes: { '/next': 'gone' },
}, async (s) => {
  await warm(s);
  const told = [];
  await s.page.exposeFunction('tell', (moment, found) => told.push([moment, found]));
  await s.page.evaluate(() => {
    const say = (moment) => window.tell(moment, footstep.stats());
    addEventListener('click', () => {
      say('before');
      for (let i = 0; i < 300; i += 1) {
        footstep.track('step', { i, text: 'x'.repeat(2000) });
        if (i % 100 === 0) say(`call ${i}`);
      }
      say('after the calls');
    });
    addEventListener('pagehide', () => say('pagehide'));
  });
  const there = s.page.waitForURL('**/next');
  await press(s.page, 'a');
  await there;
  assert.ok(told.length >= 5, `${told.length} moments seen`);
  for (const [, found] of told) balanced(found);
  const [, last] = told.at(-1);
  const [{ created, waiting, dropped }] = last.collectors;
  assert.equal(created, 301);
  assert.ok(waiting > 0);
  assert.deepEqual(dropped, {});
  // At least the budget of what outlives a page arrives: 60,000 bytes are 27 such events.
  await s.sink.events(1 + 20);
  for (const { bytes } of s.sink.batches) assert.ok(bytes <= LIMIT, `${bytes} bytes`);
});

scenario('more than may wait: the least valuable goes, and the collector is told which', {
  config, answer: (() => { let open = false; return Object.assign((batch, number) => (number === 1 ? 204 : open ? 204 : 503), { release: () => { open = true; } }); })(), expect: noise,
}, async (s) => {
  await warm(s);
  await track(s.page, 1, 'valued');
  await track(s.page, 700);
  const before = await stats(s.page);
  const [{ created, waiting, dropped }] = before.collectors;
  assert.equal(created, 702);
  assert.ok(dropped.overflow >= 1 && waiting <= 800, JSON.stringify(before.collectors));
  s.sink.answer.release();
  await s.sink.until((all) => all.some(({ name, properties }) => name === 'step' && properties.i === 699), 'the last');
  await s.sink.until((all) => all.some(({ name }) => name === 'valued'), 'the valued one');
  const events = await finish(s);
  const [after] = (await stats(s.page)).collectors;
  assert.equal(after.waiting, 0);
  assert.equal(events.length + 1, after.acknowledged, 'exactly what did arrive is said to have arrived');
  assert.deepEqual(s.sink.gaps, [], 'every number arrived or was reported');
});

scenario('one that is too large alone is dropped alone, and reported', { config }, async (s) => {
  await warm(s);
  await track(s.page, 1, 'before');
  await track(s.page, 1, 'huge', 70_000);
  await track(s.page, 1, 'after');
  assert.deepEqual(names(await finish(s)), ['warm', 'before', 'after']);
  assert.deepEqual((await stats(s.page)).collectors[0].dropped, { too_large: 1 });
  assert.deepEqual(s.sink.batches.flatMap(({ batch }) => batch.dropped ?? []), [{ from: 3, to: 3, reason: 'too_large' }]);
});

/** A collector that misbehaves at first: everything arrives in the end, once. */
const moods = {
  '503 twice': (_, number) => (number <= 2 ? 503 : 204),
  '500, then 429 with no time to wait': (_, number) => [500, { status: 429, headers: { 'retry-after': '0' } }][number - 1] ?? 204,
  'hang-ups': (_, number) => (number <= 2 ? 'hangup' : 204),
  'answers that are cut off after it has taken the batch': (_, number) => (number <= 2 ? 'cut' : 204),
  'every second request refused for now': (_, number) => (number % 2 ? 503 : 204),
};
for (const [what, answer] of Object.entries(moods)) {
  scenario(`${what}: all arrive, once by id`, { config, answer, expect: noise }, async (s) => {
    await open(s);
    await track(s.page, 60, 'step', 1000);
    await s.sink.events(60);
    const ids = s.sink.arrived.map(({ id }) => id);
    assert.equal(new Set(ids).size, 60);
    assert.deepEqual(s.sink.arrived.map(({ seq }) => seq), Array.from({ length: 60 }, (_, i) => i + 1));
    await s.page.waitForFunction(() => footstep.stats().collectors[0].waiting === 0);
    const [{ created, acknowledged }] = (await stats(s.page)).collectors;
    assert.deepEqual([created, acknowledged], [60, 60]);
    // The same number never stands for two things.
    const meaning = new Map();
    for (const { batch } of s.sink.batches) {
      for (const { seq, id } of batch.events) assert.equal(meaning.get(seq) ?? meaning.set(seq, id).get(seq), id);
    }
  });
}

scenario('413 for bodies over 4 kB: halved until all that can arrives, the one that cannot is dropped', {
  config, expect: noise, answer: (_, __, { bytes }) => (bytes > 4000 ? 413 : 204),
}, async (s) => {
  await open(s);
  await track(s.page, 12, 'step', 1000);
  await track(s.page, 1, 'big', 6000);
  await track(s.page, 12, 'step', 1000);
  await s.sink.events(24);
  await s.page.waitForFunction(() => footstep.stats().collectors[0].waiting === 0);
  const events = await finish(s);
  assert.equal(events.filter(({ name }) => name === 'step').length, 24);
  assert.deepEqual((await stats(s.page)).collectors[0].dropped, { too_large: 1 });
});

scenario('400 for one event: only that one is dropped', {
  config, expect: noise, answer: (batch) => (batch.events.some(({ name }) => name === 'poison') ? 400 : 204),
}, async (s) => {
  await open(s);
  await track(s.page, 9);
  await track(s.page, 1, 'poison');
  await track(s.page, 10);
  await s.sink.events(19);
  await s.page.waitForFunction(() => footstep.stats().collectors[0].waiting === 0);
  await finish(s);
  assert.deepEqual((await stats(s.page)).collectors[0].dropped, { rejected: 1 });
});

scenario('a loss that no event follows is reported all the same, at the end of the page at the latest', {
  config, expect: noise, answer: (batch) => (batch.events.some(({ name }) => name === 'poison') ? 400 : 204), routes: { '/next': 'gone' },
}, async (s) => {
  await open(s);
  await track(s.page, 1);
  await track(s.page, 1, 'poison');
  await track(s.page, 1);
  await s.sink.events(2);
  await s.page.waitForFunction(() => footstep.stats().collectors[0].waiting === 0);
  await s.page.evaluate(() => footstep.flush());
  await s.page.goto(`${s.site.origin}/next`);
  await s.sink.until(() => s.sink.gaps.length === 0, 'a word about number 2');
});

scenario('404 is an address that is wrong: everything is kept, nobody is pestered', { config, expect: noise, answer: () => 404 }, async (s) => {
  await open(s);
  await track(s.page, 30);
  await s.page.evaluate(() => footstep.flush());
  for (let i = 0; i < 5; i += 1) {
    await track(s.page, 30);
    await s.page.evaluate(() => footstep.flush());
  }
  assert.ok(s.sink.batches.length <= 3, `${s.sink.batches.length} requests`);
  const [{ created, waiting }] = (await stats(s.page)).collectors;
  assert.deepEqual([created, waiting], [180, 180]);
});

scenario('a collector that does not answer: flush waits, the page does not', {
  config, answer: (() => { let go; const held = new Promise((resolve) => { go = resolve; }); return Object.assign(() => held, { release: () => go(204) }); })(),
}, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    footstep.track('step');
    window.flushed = 'no';
    footstep.flush().then((result) => { window.flushed = result; });
  });
  await s.sink.requests(1);
  assert.equal(await s.page.evaluate(() => window.flushed), 'no');
  const [{ created, waiting }] = (await stats(s.page)).collectors;
  assert.deepEqual([created, waiting], [1, 1]);
  s.sink.answer.release();
  await s.page.waitForFunction(() => window.flushed !== 'no');
  assert.deepEqual(await s.page.evaluate(() => window.flushed), { acknowledged: 1, waiting: 0, dropped: 0 });
});
