/** What is kept for the visitor's next page, and where nothing can be kept. */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';
import { copied, copies, emptied, expect, journal, kept, once, ready, track } from './support/journal.mjs';
import { html, tag } from './support/site.mjs';

const config = { pageViews: false };

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
  await emptied(s.page);
  const found = await stats(s.page);
  assert.deepEqual([found.dropped, found.collectors[0].dropped], [{ lost: 2 }, { lost: 2 }]);
  once(s.sink);
});

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

scenario('what has happened to the first copy of a record is made good by the second', { config, expect, routes: { '/empty': '<!doctype html>' } }, async (s) => {
  s.sink.answer = () => 503;
  await open(s);
  await ready(s.page);
  await track(s.page, 'told', 4);
  await copied(s.page, 4);
  await s.page.goto(`${s.site.origin}/empty`);
  const keys = await journal(s.page);
  await s.page.evaluate((keys) => {
    localStorage.setItem(keys[0], localStorage.getItem(keys[0]).slice(0, 300));
    localStorage.setItem(keys[1], '\x1f\x00nothing of ours');
    localStorage.removeItem(keys[2]);
  }, keys);
  s.sink.answer = () => 204;
  await open(s);
  await s.sink.events(4);
  assert.deepEqual(s.sink.names, Array(4).fill('told'));
  await s.page.waitForFunction(() => footstep.stats().collectors[0].waiting === 0);
  assert.deepEqual((await stats(s.page)).collectors[0].dropped, {});
  once(s.sink);
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
