/** Who takes up what a page has left behind: other tabs, the next page, or the page itself when it comes back. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balanced, finish, open, press, scenario, stats } from './support/browser.mjs';
import { copied, emptied, expect, once, ready, settled, track } from './support/journal.mjs';
import { back, keeping } from './support/kept.mjs';
import { startSink } from './support/sink.mjs';
import { html, startSite, tag } from './support/site.mjs';

const config = { pageViews: false };

/** Lets a test say whether its page can be seen. */
const covers = () => {
  let state = 'visible';
  Object.defineProperty(Document.prototype, 'visibilityState', { configurable: true, get: () => state });
  window.show = (now) => {
    state = now;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
};

scenario('four tabs, one frozen, one killed: everything arrives, once, and what the dead one left within 15 s from one that lives', {
  config: { ...config, maxStored: 4000 }, expect: [...expect, /crash/i], timeout: 120_000,
}, async (s) => {
  const [COUNT, NAMES] = [500, ['one', 'two', 'frozen', 'killed']];
  let dead = false;
  let thawed = false;
  // What is not to be sent by its own page before its fate has come is refused.
  s.sink.answer = ({ events }) => (events.some(({ name }) => (name === 'killed' && !dead) || (name === 'frozen' && !thawed)) ? 503 : 204);
  const tabs = [];
  for (const name of NAMES) {
    const page = name === 'one' ? s.page : await s.context.newPage();
    // Browsers freeze no page that is seen; of a driver's pages every one is.
    if (name === 'frozen') await page.addInitScript(covers);
    await open({ ...s, page });
    await ready(page);
    tabs.push(page);
  }
  await Promise.all(tabs.map((page, at) => track(page, NAMES[at], COUNT)));
  const own = await Promise.all(tabs.map((page) => s.context.newCDPSession(page)));
  await tabs[2].evaluate(() => window.show('hidden'));
  await own[2].send('Page.setWebLifecycleState', { state: 'frozen' });
  const gone = new Promise((resolve) => tabs[3].on('crash', resolve));
  own[3].send('Page.crash').catch(() => {});
  await gone;
  dead = true;
  const began = performance.now();
  const count = (arrived, name) => arrived.filter((event) => event.name === name).length;
  await s.sink.until((arrived) => count(arrived, 'killed') === COUNT, 'what the dead tab has left');
  assert.ok(performance.now() - began < 15_000);
  thawed = true;
  await own[2].send('Page.setWebLifecycleState', { state: 'active' });
  await tabs[2].evaluate(() => window.show('visible'));
  await tabs[2].evaluate(() => footstep.flush());
  await s.sink.until((arrived) => NAMES.every((name) => count(arrived, name) === COUNT), 'everything');
  assert.equal(s.sink.arrived.length, NAMES.length * COUNT);
  assert.deepEqual(s.sink.gaps, []);
  once(s.sink, 'killed');
  const found = await Promise.all(tabs.slice(0, 3).map(stats));
  assert.equal(found.reduce((sum, { collectors: [{ created }] }) => sum + created, 0), NAMES.length * COUNT, 'one of the living took it up');
});

scenario('a tab that is put aside, made to stand still and thrown away without a word: its page has lost nothing when it is loaded again', {
  config: { conversions: { pressed: { on: 'click', match: 'button' } } }, body: '<button>x</button>', expect: [...expect, /crash/i],
}, async (s) => {
  const { context, sink } = s;
  let gone = false;
  sink.answer = () => (gone ? 204 : 503);
  // Browsers throw no page away that is seen; of a driver's pages every one is.
  await s.page.addInitScript(covers);
  await open(s);
  await ready(s.page);
  await press(s.page, 'button');
  const session = await context.newCDPSession(s.page);
  await s.page.evaluate(() => {
    window.show('hidden');
    footstep.track('behind');
  });
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  const crashed = new Promise((resolve) => s.page.on('crash', resolve));
  session.send('Page.crash').catch(() => {});
  await crashed;
  gone = true;
  s.page = await context.newPage();
  await open(s);
  await finish(s);
  await sink.until((arrived) => ['pressed', 'behind'].every((name) => arrived.some((event) => event.name === name)), 'what the page before had');
  assert.deepEqual(sink.names.filter((name) => name !== 'sentinel').sort(), ['behind', 'pressed']);
  assert.equal(sink.arrived.filter(({ kind }) => kind === 'page').length, 2);
  assert.deepEqual(sink.gaps, []);
});

test('put away and back again: nothing is lost or doubled, and what the next page has taken up stays there', { timeout: 60_000 }, async () => {
  await keeping(async (tab) => {
    // What the page has said before it is left is taken from its heir alone, whenever its own last words arrive.
    const sink = await startSink(({ events, closed }) => (closed === undefined && events.some(({ name }) => name.startsWith('before')) ? 503 : 204));
    const site = await startSite({ '/footstep.json': config });
    const page = html('', tag({ collector: sink.url, config: '/footstep.json' }));
    for (const path of ['/', '/next']) site.routes[path] = { body: page, headers: { 'cache-control': 'max-age=60' } };
    try {
      await open({ page: tab, site });
      await ready(tab);
      for (const round of [1, 2, 3]) {
        // The page is left while nobody listens to it; the next one finds what it has left.
        await track(tab, `before_${round}`, 3);
        // A page that is still writing into its database when the next one wants to read is not kept by the browser.
        while (!(await settled(tab)));
        await tab.goto(`${site.origin}/next`);
        await sink.events(round * 7 - 4);
        await track(tab, `elsewhere_${round}`, 2);
        await tab.evaluate(() => footstep.flush());
        await back(tab);
        await track(tab, `after_${round}`, 2);
        await sink.events(round * 7);
        balanced(await tab.evaluate(() => footstep.stats()));
      }
      await tab.evaluate(() => footstep.flush());
      await emptied(tab);
      assert.equal(sink.arrived.length, 21);
      assert.deepEqual(sink.gaps, []);
      once(sink);
    } finally {
      site.close();
      await sink.close();
    }
  });
});

/** In the moment before somebody asks for a stream that was left behind, another tab has sent it to its end. */
const rival = () => {
  const { request } = LockManager.prototype;
  LockManager.prototype.request = async function (name, options, act) {
    if (!options.ifAvailable) return request.call(this, name, options, act);
    const base = await new Promise((resolve) => { indexedDB.open('footstep').onsuccess = ({ target }) => resolve(target.result); });
    const change = base.transaction('journal', 'readwrite');
    change.objectStore('journal').delete(IDBKeyRange.bound(`${name}.`, `${name}.~`));
    await new Promise((resolve) => { change.oncomplete = resolve; });
    base.close();
    for (const key of Object.keys(localStorage)) if (key.startsWith(`${name}.`)) localStorage.removeItem(key);
    await request.call(this, name, options, (lock) => {
      window.had ||= !!lock;
      return act(lock);
    });
  };
};

scenario('what another tab has finished by the time its stream is had is not sent again', { config, expect, routes: { '/empty': '<!doctype html>' } }, async (s) => {
  s.sink.answer = () => 503;
  await open(s);
  await ready(s.page);
  await track(s.page, 'done', 3);
  await copied(s.page, 3);
  await s.page.goto(`${s.site.origin}/empty`);
  s.sink.answer = () => 204;
  await s.page.addInitScript(rival);
  await open(s);
  await s.page.waitForFunction(() => window.had);
  await finish(s);
  assert.deepEqual(s.sink.names, ['sentinel']);
  assert.equal((await stats(s.page)).collectors[0].created, 1);
});
