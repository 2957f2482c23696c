/** What is kept for the visitor's next page, where nothing can be kept, and who takes up what was left behind. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balanced, finish, names, open, press, scenario, stats } from './support/browser.mjs';
import { back, keeping } from './support/kept.mjs';
import { startSink } from './support/sink.mjs';
import { html, startSite, tag } from './support/site.mjs';

const config = { pageViews: false };
/** A collector that is down says so on the console, by the browser's own words. */
const expect = [/Failed to load resource/];
const ENTRY = /^footstep\.[0-9a-f-]{36}\.\d+$/;
/** What a page has left in storage, by its keys; and in the second copy. */
const kept = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('footstep.')).sort());
const journal = async (page) => (await kept(page)).filter((key) => ENTRY.test(key));
const copies = (page) => page.evaluate(async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === 'footstep')) return [];
  const base = await new Promise((resolve, reject) => Object.assign(indexedDB.open('footstep'), { onsuccess: (event) => resolve(event.target.result), onerror: reject }));
  const keys = base.transaction('journal').objectStore('journal').getAllKeys();
  await new Promise((resolve) => { keys.onsuccess = resolve; });
  base.close();
  return keys.result;
});
/** Waits until the second copy holds so many records. */
async function copied(page, count) {
  while ((await copies(page)).length !== count);
}
/** Both copies hold the same. */
const settled = async (page) => {
  const [first, second] = [await journal(page), await copies(page)];
  return first.length > 0 && first.every((key) => second.includes(key));
};
const track = (page, name, count = 1) => page.evaluate(([name, count]) => { for (let i = 0; i < count; i += 1) footstep.track(name, { i }); }, [name, count]);
/** The tracker is there and knows its visitor. */
const ready = (page, word = 'local') => page.waitForFunction((word) => window.footstep?.stats().storage === word, word);
/** Each record that was taken, as often as it was taken; not those of a page that did not live to see the answer. */
const taken = (sink, killed) => sink.batches.filter((one) => one.taken)
  .flatMap(({ batch }) => batch.events.filter(({ name }) => name !== killed).map(({ id, rev }) => `${id} ${rev}`));
const once = (sink, killed) => {
  const all = taken(sink, killed);
  assert.equal(new Set(all).size, all.length, 'nothing was taken twice');
};

const SILENT = 'Storage.prototype.setItem = function () {};';
const DENIED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });";
/** To the last byte: each piece as large as still fits. */
const FULL = `{ let text = ''; for (let size = 1 << 22; size; size >>= 1) for (;;) {
  try { localStorage.setItem('shop', text + 'x'.repeat(size)); text += 'x'.repeat(size); } catch { break; }
} }`;

for (const [name, script] of Object.entries({ denied: DENIED, full: FULL, 'silently ignored': SILENT })) {
  scenario(`storage is ${name}: the page's events are counted all the same, and it is said`, { config, head: `<script>${script}</script>`, body: '<button data-footstep=pressed>x</button>' }, async (s) => {
    await open(s);
    await press(s.page, 'button');
    await track(s.page, 'told', 30);
    assert.deepEqual(names(await finish(s)), ['pressed', ...Array(30).fill('told')]);
    assert.equal((await stats(s.page)).storage, 'memory');
    once(s.sink);
    if (name === 'full') {
      const [shop, ours] = await s.page.evaluate(() => [localStorage.shop, Object.keys(localStorage).length]);
      assert.ok(/^x{4000000,}$/.test(shop), 'what the shop keeps is whole');
      assert.equal(ours, 1);
    }
  });
}

scenario('a step is kept in the handler that heard it, though the page has never been idle', {
  config: { conversions: { pressed: { on: 'click', match: '#b' } } }, body: '<button id=b>x</button>',
  head: `<script>
    window.requestIdleCallback = () => 0;
    addEventListener('click', () => { window.kept = Object.values(localStorage).filter((text) => text.includes('"name":"pressed"')).length; });
  </script>`,
}, async (s) => {
  await open(s);
  assert.equal((await stats(s.page)).storage, 'closed');
  await press(s.page, '#b');
  assert.equal(await s.page.evaluate(() => window.kept), 1);
});

scenario('in a sandboxed frame', {
  config, tag: false,
  body: (s) => `<iframe sandbox="allow-scripts" src="/inner" style="width:300px;height:100px"></iframe>`,
  routes: { '/inner': (s) => html('<button data-footstep=inside style="position:fixed;left:0;top:0;width:200px;height:50px">x</button>', tag({ site: 'e2e', collector: s.sink.url, config: '/footstep.json' })) },
}, async (s) => {
  s.site.routes['/footstep.json'] = { body: JSON.stringify(config), headers: { 'access-control-allow-origin': '*' } };
  await s.page.goto(s.site.origin);
  const frame = s.page.frames()[1];
  await frame.waitForFunction(() => window.footstep?.stats().engine === 'wasm');
  await s.page.mouse.click(60, 30);
  await frame.evaluate(() => { footstep.track('told'); return footstep.flush(); });
  await s.sink.events(2);
  assert.deepEqual(s.sink.names, ['inside', 'told']);
  assert.equal((await stats(frame)).storage, 'memory');
});

/** Keys of the shop that look like ours. */
const FOREIGN = {
  shop: 'cart', footstep: 'x', 'footstep.': 'x', footsteps: 'x', 'footstep.cart': 'x', 'footstep.1': 'x', 'footstep.visitor2': 'x',
  'footstep.0190a5d2-0000-7000-8000-000000000000': 'x', 'footstep.0190a5d2-0000-7000-8000-000000000000.x': 'x',
  'footstep.0190a5d2-0000-7000-8000-000000000000.1.2': 'x', 'xfootstep.0190a5d2-0000-7000-8000-000000000000.1': 'x',
};

scenario('keys of the shop are neither read nor written, whatever they are called', {
  config: { ...config, consent: { mode: 'opt-out' } },
  head: `<script>
    for (const [key, text] of Object.entries(${JSON.stringify(FOREIGN)})) localStorage.setItem(key, text);
    window.touched = [];
    for (const name of ['getItem', 'setItem', 'removeItem', 'clear']) {
      const real = Storage.prototype[name];
      Storage.prototype[name] = function (key) { touched.push(key); return real.apply(this, arguments); };
    }
    indexedDB.open('shop').onupgradeneeded = (event) => event.target.result.createObjectStore('cart').put('whole', 1);
  </script>`,
}, async (s) => {
  await open(s);
  await track(s.page, 'told', 3);
  await s.sink.events(3);
  await s.page.reload();
  await ready(s.page);
  await s.page.evaluate(() => footstep.consent('denied'));
  await s.page.waitForFunction(() => !localStorage.getItem('footstep.visitor'));
  const [storage, touched] = await s.page.evaluate(() => [{ ...localStorage }, touched]);
  assert.deepEqual(storage, FOREIGN);
  assert.deepEqual(touched.filter((key) => key in FOREIGN), []);
  assert.deepEqual(await s.page.evaluate(() => new Promise((resolve) => {
    indexedDB.open('shop').onsuccess = ({ target: { result } }) => {
      result.transaction('cart').objectStore('cart').get(1).onsuccess = (event) => resolve(event.target.result);
    };
  })), 'whole');
});

scenario('entries that cannot be read are counted as lost and removed; what is whole arrives', { config, expect, routes: { '/empty': '<!doctype html>' } }, async (s) => {
  s.sink.answer = () => 503;
  await open(s);
  await ready(s.page);
  await track(s.page, 'told', 4);
  await copied(s.page, 4);
  await s.page.goto(`${s.site.origin}/empty`);
  const keys = await journal(s.page);
  assert.equal(keys.length, 4);
  await s.page.evaluate(async (keys) => {
    localStorage.setItem(keys[0], localStorage.getItem(keys[0]).slice(0, 300));
    localStorage.setItem(keys[1], '\x1f\x00nothing of ours');
    // Nobody else knows better.
    await new Promise((resolve) => { indexedDB.deleteDatabase('footstep').onsuccess = resolve; });
    // A stream of which nothing can be read.
    localStorage.setItem('footstep.0190a5d2-0000-7000-8000-000000000000.1', 'x');
    localStorage.setItem('footstep.0190a5d2-0000-7000-8000-000000000000.2', '{}');
  }, keys);
  s.sink.answer = () => 204;
  await open(s);
  await s.sink.events(2);
  await s.sink.until(() => s.sink.gaps.length === 0, 'a word about what was lost');
  const stream = keys[0].split('.')[1];
  const told = s.sink.batches.filter(({ taken, batch }) => taken && batch.stream === stream).flatMap(({ batch }) => batch.dropped ?? []);
  assert.deepEqual([...new Set(told.map(({ from, to, reason }) => `${from} ${to} ${reason}`))], ['1 2 lost']);
  await s.page.waitForFunction(() => !Object.keys(localStorage).some((key) => /^footstep\.[0-9a-f-]{36}\./.test(key)));
  const found = await stats(s.page);
  assert.deepEqual([found.dropped, found.collectors[0].dropped], [{ lost: 2 }, { lost: 2 }]);
  once(s.sink);
});

/** Lets a test say whether its page can be seen. */
const covers = () => {
  let state = 'visible';
  Object.defineProperty(Document.prototype, 'visibilityState', { configurable: true, get: () => state });
  window.show = (now) => {
    state = now;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
};

scenario('both copies are on their way before a handler of the page goes on, which may be the last thing it does', {
  config,
  head: `<script>{
    const { transaction } = IDBDatabase.prototype;
    window.written = 0;
    IDBDatabase.prototype.transaction = function (stores, mode) {
      if (mode === 'readwrite') window.written += 1;
      return transaction.call(this, stores, mode);
    };
  }</script>`,
  body: `<button data-footstep=pressed>x</button><script>
    document.querySelector('button').addEventListener('click', () => {
      window.found = [window.written, Object.values(localStorage).filter((text) => text.includes('"pressed"')).length];
    });
  </script>`,
}, async (s) => {
  const { page } = s;
  // No answer comes, that would have something to remove.
  let answered;
  s.sink.answer = () => new Promise((resolve) => { answered = resolve; });
  await open(s);
  await track(page, 'told');
  await ready(page);
  await copied(page, 1);
  const before = await page.evaluate(() => window.written);
  await press(page, 'button');
  assert.deepEqual(await page.evaluate(() => window.found), [before + 1, 1]);
  s.sink.answer = () => 204;
  answered?.(204);
  assert.deepEqual(names(await finish(s)), ['told', 'pressed']);
});

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
      await tab.waitForFunction(() => !Object.keys(localStorage).some((key) => /^footstep\.[0-9a-f-]{36}\./.test(key)));
      assert.equal(sink.arrived.length, 21);
      assert.deepEqual(sink.gaps, []);
      once(sink);
    } finally {
      site.close();
      await sink.close();
    }
  });
});

/** Three pages of events nobody may send; returns what waits on the last one. */
async function patience(s) {
  await open(s);
  await ready(s.page);
  await track(s.page, 'told', 2);
  await s.page.evaluate(() => footstep.flush());
  for (let i = 0; i < 2; i += 1) {
    await open(s);
    await ready(s.page);
    await track(s.page, 'told', 2);
    await s.page.evaluate(() => footstep.flush());
  }
  await s.page.waitForFunction(() => footstep.stats().collectors[0].waiting === 6);
}
const refused = (headers) => ({ status: 503, headers: { 'access-control-expose-headers': 'retry-after', ...headers } });

scenario('a collector that asks for an hour is left alone by the next pages, too', { config, expect, answer: () => refused({ 'retry-after': '3600' }) }, async (s) => {
  await patience(s);
  assert.equal(s.sink.batches.length, 1);
});

scenario('a collector that asks for three seconds gets them from every page, and then everything', { config, expect }, async (s) => {
  let until;
  s.sink.answer = () => {
    if (until) return 204;
    until = Date.now() + 3000;
    return refused({ 'retry-after': '3' });
  };
  await patience(s);
  await s.sink.events(6);
  assert.ok(s.sink.batches[1].time >= until - 50, `asked ${until - s.sink.batches[1].time} ms too early`);
  assert.deepEqual(s.sink.gaps, []);
  once(s.sink);
});

scenario('an address that is wrong is not tried again by every page', { config, expect, answer: () => 404 }, async (s) => {
  await patience(s);
  assert.equal(s.sink.batches.length, 1);
});

scenario('consent withdrawn: journal and second copy are erased, in spite of another tab, and nothing of them ever arrives', {
  config: { ...config, consent: { mode: 'opt-out' } }, expect, routes: { '/empty': '<!doctype html>' },
}, async (s) => {
  s.sink.answer = () => 503;
  await open(s);
  await ready(s.page);
  await track(s.page, 'withdrawn', 5);
  await copied(s.page, 5);
  const other = await s.context.newPage();
  await open({ ...s, page: other });
  await ready(other);
  await s.page.evaluate(() => footstep.consent('denied'));
  await s.page.waitForFunction(async () => !Object.keys(localStorage).some((key) => key.startsWith('footstep')) && !(await indexedDB.databases()).length);
  await other.close();
  await s.page.goto(`${s.site.origin}/empty`);
  assert.deepEqual([await kept(s.page), await copies(s.page)], [[], []]);
  s.sink.answer = () => 204;
  await open(s);
  await finish(s);
  assert.deepEqual(s.sink.names, ['sentinel']);
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
