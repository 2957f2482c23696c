/** Consent: nothing is stored or sent before it, nothing is left of it after a refusal. */

import assert from 'node:assert/strict';
import { finish, leave, names, open, press, scenario, stats, visitor } from './support/browser.mjs';
import { startSink } from './support/sink.mjs';
import { html, tag } from './support/site.mjs';

/** Everything a page could have kept for later. */
const kept = (page) => page.evaluate(async () => ({
  local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie,
  databases: (await indexedDB.databases()).map(({ name }) => name), caches: await caches.keys(),
}));
const NOTHING = { local: {}, session: {}, cookie: '', databases: [], caches: [] };

const config = (mode) => ({
  ...(mode && { consent: { mode } }),
  conversions: { step: { on: 'click', match: '#step' }, purchase: { on: 'custom', macro: true } },
});
const body = '<button id=step>x</button> <button data-footstep="marked">x</button> <p style="height:3000px">tall</p>';
/**
 * Long enough for anything that was to come: another visitor, who need not be asked, has a step recognised after
 * this moment, and it has been stored and sent in its own time.
 */
async function aWhile({ site }) {
  const sink = await startSink();
  site.routes['/control'] = html(body, tag({ collector: sink.url, consent: 'none' }));
  const { context } = await visitor();
  try {
    const page = await context.newPage();
    await open({ page, site }, '/control');
    await press(page, '[data-footstep]');
    await sink.named('marked');
    assert.notDeepEqual(await kept(page), NOTHING);
  } finally {
    await leave(context);
    await sink.close();
  }
}

scenario('opt-in: before a grant there is no trace of us', { config: config('opt-in'), body, routes: { '/next': (s) => s.html('next') } }, async (s) => {
  const { page, sink, site, context } = s;
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  await open(s);
  assert.equal((await stats(page)).consent, 'unknown');
  const before = await kept(page);
  await press(page, '#step');
  await page.evaluate(() => footstep.track('purchase'));
  const flushed = await page.evaluate(() => footstep.flush());
  await aWhile(s);
  assert.deepEqual(before, NOTHING);
  assert.deepEqual(await kept(page), NOTHING);
  await page.goto(`${site.origin}/next`);
  await page.evaluate(() => footstep.ready);
  await aWhile(s);
  assert.deepEqual(await kept(page), NOTHING);
  assert.equal(sink.batches.length, 0);
  assert.deepEqual(asked.filter((url) => !url.startsWith(site.origin)), []);
  assert.deepEqual([...new Set(asked.map((url) => new URL(url).pathname))].sort(), ['/', '/dist/footstep-core.js', '/dist/footstep.js', '/dist/footstep.wasm', '/footstep.json', '/next']);
  assert.deepEqual(await context.cookies(), []);
  // The page view, the click, the purchase.
  assert.deepEqual(flushed, { acknowledged: 0, waiting: 3, dropped: 0 });
});

scenario('opt-in: after a grant what waited arrives with its true time', { config: config('opt-in'), body }, async (s) => {
  const { page, sink } = s;
  await open(s);
  const times = [];
  for (let i = 0; i < 3; i += 1) {
    times.push(await page.evaluate(() => {
      footstep.track('step');
      return [Date.now(), performance.now()];
    }));
    // So that the times of two steps differ by more than what is allowed below.
    await page.waitForFunction((then) => performance.now() > then + 100, times[i][1]);
  }
  await page.evaluate(() => footstep.consent('granted'));
  const events = await finish(s);
  assert.deepEqual(names(events), ['step', 'step', 'step']);
  events.forEach((event, i) => {
    assert.ok(Math.abs(event.at - times[i][0]) < 30, `${event.at} and ${times[i][0]}`);
    assert.ok(Math.abs(event.mono - times[i][1]) < 30, `${event.mono} and ${times[i][1]}`);
    assert.equal(event.consent, 1);
  });
  const view = sink.arrived.find(({ kind }) => kind === 'page');
  assert.ok(view.at <= times[0][0], 'the page view as well');
  assert.equal((await stats(page)).consent, 'granted');
  // When it knows that they have arrived.
  await page.waitForFunction(() => Object.keys(localStorage).sort().join() === 'footstep.session,footstep.visitor');
});

scenario('opt-in: at most 50 wait, and the purchase is one of them', { config: config('opt-in') }, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    footstep.track('purchase');
    for (let i = 0; i < 59; i += 1) footstep.track('step', { i });
  });
  const before = await stats(s.page);
  assert.equal(before.held, 50);
  // With the page view, 61.
  assert.deepEqual(before.dropped, { overflow: 11 });
  await s.page.evaluate(() => footstep.consent('granted'));
  const events = await finish(s);
  assert.equal(events.length, 50);
  assert.equal(events[0].name, 'purchase');
  assert.deepEqual(events.slice(1).map(({ properties }) => properties.i), Array.from({ length: 49 }, (_, i) => i + 10));
});

scenario('denied: everything goes at once, nothing comes after it, a new grant begins anew', {
  config: config('opt-in'), body, answer: () => 204,
}, async (s) => {
  const { page, sink } = s;
  await open(s);
  await page.evaluate(() => footstep.consent('granted'));
  await press(page, '#step');
  await page.evaluate(() => footstep.flush());
  const [first] = await sink.events(1);
  const took = await page.evaluate(async () => {
    footstep.track('purchase_not_sent_yet');
    localStorage.setItem('of-the-shop', 'stays');
    const began = performance.now();
    footstep.consent('denied');
    while (Object.keys(localStorage).some((key) => key.startsWith('footstep'))) {
      if (performance.now() - began > 5000) throw new Error('still there');
      await new Promise((resolve) => setTimeout(resolve));
    }
    return performance.now() - began;
  });
  assert.ok(took < 100, `${took} ms`);
  const sent = sink.batches.length;
  await press(page, '#step');
  await page.evaluate(() => footstep.track('purchase'));
  await page.evaluate(() => footstep.flush());
  await aWhile(s);
  await page.reload();
  await page.evaluate(() => footstep.ready);
  assert.deepEqual(await kept(page), { ...NOTHING, local: { 'of-the-shop': 'stays' } });
  assert.equal(sink.batches.length, sent, 'nothing is sent');
  await page.evaluate(() => footstep.consent('granted'));
  await page.evaluate(() => footstep.track('again'));
  const events = await finish(s);
  const again = events.at(-1);
  assert.deepEqual(names(events), ['step', 'again']);
  assert.notEqual(again.stream, first.stream);
  assert.notEqual(again.visitor, first.visitor, 'nobody is known again');
  assert.equal(again.session.number, 1);
});

scenario('denied and granted on one page: a new stream, what was refused never arrives', { config: config('opt-out'), body }, async (s) => {
  const { page, sink } = s;
  await open(s);
  await page.evaluate(() => footstep.track('one'));
  await page.evaluate(() => footstep.flush());
  const [one] = await sink.events(1);
  await page.evaluate(() => {
    footstep.track('refused');
    footstep.consent('denied');
    footstep.track('refused_too');
    footstep.consent('granted');
    footstep.track('two');
  });
  const events = await finish(s);
  assert.deepEqual(names(events), ['one', 'two']);
  const two = events[1];
  assert.notEqual(two.stream, one.stream);
  assert.equal(two.seq, 1);
  assert.ok(two.consent > (one.consent ?? 0));
  const found = await stats(page);
  const lost = (found.dropped.consent ?? 0) + (found.collectors[0].dropped.consent ?? 0);
  assert.equal(lost, 2);
});

scenario('opt-out: works at once and stops when refused', { config: config('opt-out'), body }, async (s) => {
  const { page, sink } = s;
  await open(s);
  assert.equal((await stats(page)).consent, 'granted');
  await press(page, '#step');
  await sink.events(1);
  await page.evaluate(() => footstep.consent('denied'));
  const sent = sink.batches.length;
  await press(page, '#step');
  await page.evaluate(() => footstep.flush());
  await aWhile(s);
  assert.deepEqual(await kept(page), NOTHING);
  assert.equal(sink.batches.length, sent);
});

scenario('none: works at once', { config: config('none'), body }, async (s) => {
  await open(s);
  await press(s.page, '#step');
  assert.deepEqual(names(await finish(s)), ['step']);
});

scenario('what the tag says stands over what the config says', { config: config('none'), body, tag: { consent: 'opt-in' } }, async (s) => {
  await open(s);
  await press(s.page, '#step');
  assert.deepEqual(await s.page.evaluate(() => footstep.flush()), { acknowledged: 0, waiting: 2, dropped: 0 });
  assert.equal(s.sink.batches.length, 0);
  assert.deepEqual(await kept(s.page), NOTHING);
});

scenario('a decision made before the core is there is obeyed', {
  config: config('opt-out'), body, head: "<script>footstep={q:[['consent',0,['denied']]]}</script>",
}, async (s) => {
  await open(s);
  assert.equal((await stats(s.page)).consent, 'denied');
  await press(s.page, '#step');
  await aWhile(s);
  assert.equal(s.sink.batches.length, 0);
  assert.deepEqual(await kept(s.page), NOTHING);
});

scenario('a browser that forbids storage', { config: config('none'), body, head: `<script>
  Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
</script>` }, async (s) => {
  await open(s);
  await press(s.page, '#step');
  assert.deepEqual(names(await finish(s)), ['step']);
  assert.equal((await stats(s.page)).storage, 'memory');
});
