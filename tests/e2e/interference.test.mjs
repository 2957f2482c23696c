/** The page with us is the page without us; and after stop() nothing of ours is left. */

import assert from 'node:assert/strict';
import { finish, leave, names, open, press, scenario, stats, visitor } from './support/browser.mjs';
import { html } from './support/site.mjs';

const page = `<a id=link data-footstep=link href="/two?from=link">x</a> <a id=stay data-footstep=stay href="/never">x</a> <button id=plain>x</button>
  <form id=sent action="/two" method=post data-footstep=sent><input name=action value=1><input name=id value=2><button id=send>x</button></form>
  <form id=kept data-footstep=kept><input type=checkbox id=box><button id=keep>x</button></form> <p style="height:2000px">tall</p>
  <script>
    window.seen = JSON.parse(sessionStorage.seen ?? '[]');
    for (const type of ['click', 'submit', 'auxclick', 'scroll', 'keydown']) addEventListener(type, (event) => {
      const target = event.target === document ? 'document' : event.target.tagName + '#' + event.target.getAttribute('id');
      if (type !== 'scroll') seen.push([type, target, event.defaultPrevented, event.cancelable]);
      sessionStorage.seen = JSON.stringify(seen);
    });
    document.querySelector('#stay').onclick = (event) => event.preventDefault();
    document.querySelector('#kept').onsubmit = () => false;
  </script>`;

/** One visit; returns what the page and its server saw. */
async function visit(site, context) {
  site.requests.length = 0;
  const tab = await context.newPage();
  await tab.goto(site.origin);
  if (await tab.evaluate(() => Boolean(window.footstep))) await tab.evaluate(() => footstep.ready);
  for (const id of ['plain', 'stay', 'keep', 'box']) await press(tab, '#' + id);
  await tab.focus('#box');
  await tab.keyboard.press('Space');
  const globals = await tab.evaluate(() => Object.getOwnPropertyNames(window).sort());
  const scrolled = await tab.evaluate(() => [history.length, history.state, document.title, document.activeElement.id]);
  await Promise.all([tab.waitForURL('**/two'), press(tab, '#send')]);
  await tab.goto(site.origin);
  if (await tab.evaluate(() => Boolean(window.footstep))) await tab.evaluate(() => footstep.ready);
  await Promise.all([tab.waitForURL('**/two?from=link'), press(tab, '#link')]);
  const seen = await tab.evaluate(() => JSON.parse(sessionStorage.seen));
  const requests = site.requests.filter(({ url }) => !/^\/(dist|footstep\.json|favicon)/.test(url)).map(({ method, url, body }) => [method, url, body]);
  await tab.close();
  return { seen, requests, scrolled, globals };
}

scenario('events, navigations and submissions are the same with and without us', { config: {}, routes: { '/two': 'two' } }, async (s) => {
  s.site.routes['/'] = html(page);
  const { context, noise } = await visitor();
  const without = await visit(s.site, context);
  await leave(context);
  assert.deepEqual(noise, []);
  s.site.routes['/'] = s.html(page);
  const withUs = await visit(s.site, s.context);
  assert.ok(without.seen.length > 8 && without.requests.length === 4, JSON.stringify(without));
  assert.deepEqual(withUs.seen, without.seen);
  assert.deepEqual(withUs.requests, without.requests);
  assert.deepEqual(withUs.scrolled, without.scrolled);
  assert.deepEqual(withUs.globals.filter((name) => !without.globals.includes(name)), ['footstep'], 'one global');
  await s.sink.events(4);
  assert.deepEqual(s.sink.names, ['stay', 'kept', 'sent', 'link']);
});

/** Wraps every way to be called back later, so that what is pending can be counted; runs before any script. */
const watchTimers = () => {
  window.pending = new Map();
  window.patched = new Set();
  const wrap = (set, clear, repeats) => {
    const [original, cancel] = [window[set], window[clear]];
    window[set] = (act, ...rest) => {
      const id = original((...args) => {
        if (!repeats) pending.delete(`${set} ${id}`);
        return act(...args);
      }, ...rest);
      pending.set(`${set} ${id}`, new Error().stack);
      return id;
    };
    window[clear] = (id) => {
      pending.delete(`${set} ${id}`);
      cancel(id);
    };
  };
  wrap('setTimeout', 'clearTimeout');
  wrap('setInterval', 'clearInterval', true);
  wrap('requestAnimationFrame', 'cancelAnimationFrame');
  wrap('requestIdleCallback', 'cancelIdleCallback');
};

/** The names of the events somebody listens to, on the window and the document. */
async function listeners(cdp) {
  const found = [];
  for (const expression of ['window', 'document', 'document.documentElement', 'document.body']) {
    const { result } = await cdp.send('Runtime.evaluate', { expression });
    const { listeners: list } = await cdp.send('DOMDebugger.getEventListeners', { objectId: result.objectId });
    for (const { type, passive, useCapture } of list) found.push({ on: expression, type, passive, useCapture });
  }
  return found;
}

scenario('stop() leaves no listener and no timer behind, and nothing counts any more', {
  config: {
    conversions: {
      pressed: { on: 'click', match: '#b' }, sent: { on: 'submit', match: 'form' }, depth: { on: 'scroll', percent: [50, 100] },
      film: { on: 'media' }, said: { on: 'event', event: 'shop:said' },
    },
  },
  body: '<button id=b data-footstep=marked>x</button> <p style="height:3000px">tall</p>',
}, async (s) => {
  const { page: tab } = s;
  await tab.addInitScript(watchTimers);
  const cdp = await s.context.newCDPSession(tab);
  await open(s);
  // The last listener comes with the journal. (`waitForFunction` would bring some of its own.)
  await tab.evaluate(async () => { while (footstep.stats().storage !== 'local') await new Promise(requestAnimationFrame); });
  const during = await listeners(cdp);
  for (const type of ['click', 'auxclick', 'submit', 'scroll', 'timeupdate', 'shop:said', 'visibilitychange', 'pagehide']) {
    const mine = during.filter((one) => one.type === type);
    // Some look at the page's life for different reasons; one of everything else.
    assert.equal(mine.length, { visibilitychange: 2, pagehide: 3 }[type] ?? 1, type);
    for (const one of mine) assert.deepEqual([one.on, one.passive, one.useCapture], ['window', true, true], type);
  }
  assert.ok(during.every(({ type }) => !['unload', 'beforeunload'].includes(type)));
  // In one task: something is scheduled in every way there is, and then all is over.
  await tab.evaluate(() => {
    footstep.track('last');
    window.scrollTo(0, 500);
    window.dispatchEvent(new Event('scroll'));
    window.before = pending.size;
    footstep.stop();
    window.after = [...pending.values()].filter((stack) => stack.includes('/dist/'));
  });
  assert.ok((await tab.evaluate(() => window.before)) > 0, 'something was scheduled');
  assert.deepEqual(await tab.evaluate(() => window.after), []);
  assert.deepEqual(await listeners(cdp), []);
  await s.sink.named('last');
  const sent = s.sink.batches.length;
  await press(tab, '#b');
  await tab.evaluate(() => { footstep.track('too_late'); return footstep.flush(); });
  assert.deepEqual(await tab.evaluate(() => [...pending.values()].filter((stack) => stack.includes('/dist/'))), []);
  assert.equal(s.sink.batches.length, sent);
  assert.deepEqual(s.sink.names, ['last']);
  assert.deepEqual(s.sink.gaps, []);
  await stats(tab);
});

scenario('a page at rest is left at rest', { config: { conversions: { pressed: { on: 'click', match: '#b' } } }, body: '<button id=b>x</button>' }, async (s) => {
  await s.page.addInitScript(watchTimers);
  await open(s);
  await press(s.page, '#b');
  await finish(s);
  // What is still to be done then, such as to look for what others have left, comes to its end.
  await s.page.waitForFunction(() => ![...pending.values()].some((stack) => stack.includes('/dist/')));
});

scenario('nothing is patched', { body: '<p>x</p>', head: `<script>
  window.originals = () => [fetch, XMLHttpRequest.prototype.open, XMLHttpRequest.prototype.send, history.pushState, history.replaceState, navigator.sendBeacon,
    addEventListener, Element.prototype.attachShadow, HTMLFormElement.prototype.submit, setTimeout, JSON.stringify, console.log, console.error, onerror, onunhandledrejection];
  window.before = originals();
</script>` }, async (s) => {
  await open(s);
  assert.ok(await s.page.evaluate(() => originals().every((each, i) => each === before[i])));
});

scenario('a callback that makes the step happen again ends', {
  config: { pageViews: false, untrusted: 'count', conversions: { again: { on: 'click', match: '#b' } } }, body: '<button id=b>x</button>',
}, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    let rounds = 0;
    footstep.on('conversion', () => {
      rounds += 1;
      if (rounds < 20) document.querySelector('#b').click();
      throw new Error('of the page');
    });
  });
  await press(s.page, '#b');
  assert.deepEqual(names(await finish(s)), Array(20).fill('again'));
});
