/**
 * Leaving the page in the very task of the click, with the collector on another origin: every click arrives, once,
 * without a gap in any stream, and without a preflight.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, open, press, scenario } from './support/browser.mjs';
import { startSink } from './support/sink.mjs';
import { html, startSite, tag } from './support/site.mjs';
import { rawTab } from './support/tab.mjs';

const ROUNDS = 8;
const config = { conversions: { left: { on: 'click', match: '.go', read: { round: { attribute: 'data-round' } } } } };

/** The rounds whose click arrived, in order; each must have come once. */
function rounds(sink) {
  const clicks = sink.arrived.filter(({ name }) => name === 'left');
  assert.equal(new Set(clicks.map(({ id }) => id)).size, clicks.length);
  assert.deepEqual(sink.gaps, []);
  return clicks.map(({ properties }) => Number(properties.round)).sort((a, b) => a - b);
}
const ALL = Array.from({ length: ROUNDS }, (_, i) => i);
const number = (request) => new URL(request.url, 'http://x').searchParams.get('round');

/** Ways to leave: what the page holds for round `i`, and what its click does. */
const ways = {
  'by a link': (i) => `<a class=go data-round=${i} href="/page?round=${i + 1}">next</a>`,
  'by a link to another origin': (i, s) => `<a class=go data-round=${i} href="${s.other.origin}/?round=${i + 1}">next</a>`,
  'by location.href in the handler': (i) => `<button class=go data-round=${i} onclick="location.href='/page?round=${i + 1}'">next</button>`,
  'by location.replace in a capturing handler of the window': (i) => `<button class=go data-round=${i}>next</button>
    <script>addEventListener('click', () => location.replace('/page?round=${i + 1}'), true);</script>`,
  'by form': (i) => `<form action="/page"><input type=hidden name=round value=${i + 1}><button class=go data-round=${i}>next</button></form>`,
};

for (const [way, body] of Object.entries(ways)) {
  scenario(`${way}: ${ROUNDS} clicks`, { config }, async (s) => {
    // The other origin sends the visitor straight back.
    s.other = await startSite({ '/': (request) => ({ status: 302, headers: { location: `${s.site.origin}/page?round=${number(request)}` } }) });
    s.site.routes['/page'] = (request) => s.html(body(Number(number(request)), s));
    try {
      for (const round of ALL) {
        if (round === 0) await open(s, '/page?round=0');
        else await s.page.evaluate(() => window.footstep.ready);
        const there = s.page.waitForURL(`**/page?round=${round + 1}`);
        await press(s.page, '.go');
        await there;
      }
      await s.sink.events(ROUNDS);
      assert.deepEqual(rounds(s.sink), ALL);
    } finally {
      s.other.close();
    }
  });
}

scenario(`the tab is closed right after the click: ${ROUNDS} tabs`, { config }, async (s) => {
  s.site.routes['/page'] = (request) => s.html(ways['by a link'](Number(number(request))).replace(/href="[^"]*"/, 'href="#"'));
  for (const round of ALL) {
    s.page = await s.context.newPage();
    await open(s, `/page?round=${round}`);
    await press(s.page, '.go');
    await s.page.close({ runBeforeUnload: true });
  }
  await s.sink.events(ROUNDS);
  assert.deepEqual(rounds(s.sink), ALL);
});

scenario('several clicks and calls in the task that leaves', {
  config,
  body: `<a class=go data-round=0 href="/next">go</a>
    <script>document.querySelector('a').addEventListener('click', () => {
      for (let i = 1; i < 10; i += 1) footstep.track('left', { round: i });
    });</script>`,
  routes: { '/next': 'gone' },
}, async (s) => {
  await open(s);
  const there = s.page.waitForURL('**/next');
  await press(s.page, '.go');
  await there;
  await s.sink.events(10);
  assert.deepEqual(rounds(s.sink), Array.from({ length: 10 }, (_, i) => i));
});

scenario('a step told in pagehide itself', {
  config,
  body: `<a href="/next">go</a><script>addEventListener('pagehide', () => footstep.track('last_words'));</script>`,
  routes: { '/next': 'gone' },
}, async (s) => {
  await open(s);
  await press(s.page, 'a');
  await s.page.waitForURL('**/next');
  await s.sink.named('last_words');
  assert.deepEqual(s.sink.gaps, []);
});

scenario('a first page left before its storage was ever read', {
  config: {},
  routes: { '/next': 'gone' },
}, async (s) => {
  await s.page.goto(s.site.origin);
  // In one task: the core has just become ready, a step is told, the page goes.
  await s.page.evaluate(() => window.footstep.ready.then(() => {
    footstep.track('hasty');
    location.href = '/next';
  })).catch(() => {});
  await s.page.waitForURL('**/next');
  await s.sink.events(1);
  assert.deepEqual(s.sink.names, ['hasty']);
  assert.deepEqual(s.sink.gaps, []);
});

test('another tab comes to the front: what waited is sent, and counting goes on behind', { timeout: 30_000 }, async () => {
  const sink = await startSink();
  const site = await startSite({ '/footstep.json': { pageViews: false } });
  site.routes['/'] = html('<button data-footstep=step>x</button>', tag({ collector: sink.url, config: '/footstep.json' }));
  const cdp = await (await browser()).newBrowserCDPSession();
  const tabs = [];
  try {
    const shop = await rawTab(cdp, `${site.origin}/`);
    tabs.push(shop);
    assert.equal(await shop.evaluate(`new Promise((resolve) => {
      const look = () => (window.footstep?.ready ? footstep.ready.then(() => resolve(document.visibilityState)) : setTimeout(look, 5));
      look();
    })`), 'visible');
    // Less than the second an event waits for company: what comes, comes because the page is hidden.
    await shop.evaluate(`window.hidden = new Promise((resolve) => document.addEventListener('visibilitychange', () => resolve(performance.now()))); 0`);
    await shop.evaluate(`window.told = performance.now(); footstep.track('before_hiding')`);
    tabs.push(await rawTab(cdp, 'about:blank'));
    await cdp.send('Target.activateTarget', { targetId: tabs[1].targetId });
    const waited = await shop.evaluate('hidden.then((at) => at - told)');
    assert.equal(await shop.evaluate('document.visibilityState'), 'hidden');
    await sink.events(1);
    const [{ batch }] = sink.batches;
    assert.ok(batch.sent.mono - batch.events[0].mono <= waited + 50, 'sent when the page was hidden');
    await shop.evaluate(`footstep.track('while_hidden')`);
    await sink.events(2);
    await cdp.send('Target.activateTarget', { targetId: shop.targetId });
    await shop.evaluate(`footstep.track('back'); footstep.flush().then(() => 0)`);
    await sink.events(3);
    assert.deepEqual(sink.names, ['before_hiding', 'while_hidden', 'back']);
    assert.deepEqual(sink.gaps, []);
    assert.equal(sink.options, 0);
  } finally {
    for (const { targetId } of tabs) await cdp.send('Target.closeTarget', { targetId });
    site.close();
    await sink.close();
  }
});
