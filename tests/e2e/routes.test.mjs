/**
 * Pages without documents: which changes of the address are another page, and what a page view begins anew. The same
 * visits are made with the Navigation API and, as in browsers that have none, with it taken away, where history is
 * patched; the list of page views must be the same, and history must be as it was when we are gone.
 */

import assert from 'node:assert/strict';
import { drawn, finish, names, open, press, scenario, stats } from './support/browser.mjs';
import { back, keeping } from './support/kept.mjs';

const MODES = { 'with the Navigation API': undefined, 'with patched history': () => { delete window.navigation; } };

const views = ({ sink, site }) => sink.arrived.filter(({ kind }) => kind === 'page').map(({ page }) => page.url.replace(site.origin, ''));
const created = async ({ page }) => (await stats(page)).collectors[0].created;

/** Does what a router does, in one task, and waits for the page view it makes, if it makes one. */
async function go(s, act, makesView, argument) {
  const before = await created(s);
  await s.page.evaluate(act, argument);
  if (makesView) await s.page.waitForFunction((count) => footstep.stats().collectors[0].created >= count, before + 1);
  else await drawn(s.page);
}
const push = (s, url, makesView = true) => go(s, (to) => history.pushState({ to }, '', to), makesView, url);

async function begin(s, mode, path = '/') {
  if (MODES[mode]) await s.page.addInitScript(MODES[mode]);
  await open(s, path);
  assert.equal(await s.page.evaluate(() => Boolean(window.navigation)), !MODES[mode]);
  await s.page.waitForFunction(() => footstep.stats().collectors[0].created === 1);
}

for (const mode of Object.keys(MODES)) {
  scenario(`what is another page, ${mode}`, { config: { page: { query: ['product'] } }, body: '<a id=hash href="#there">x</a>' }, async (s) => {
    await begin(s, mode, '/?utm_source=mail');
    await go(s, () => {
      history.pushState(null, '', '/a');
      // Routers set the title when the page is drawn.
      queueMicrotask(() => { document.title = 'Page A'; });
    }, true);
    await go(s, () => {
      history.pushState(null, '', '/step');
      history.replaceState(null, '', '/b');
    }, true);
    await go(s, () => {
      history.replaceState({ y: 100 }, '', location.href);
      history.pushState(null, '', '/c');
      history.replaceState({ y: 0 }, '');
    }, true);
    for (const same of ['/c?color=red', '/c?color=blue&size=2', '/c', '/c', '/c#top', '#other']) await push(s, same, false);
    await go(s, () => history.replaceState(null, '', '/c?color=green'), false);
    await press(s.page, '#hash');
    await drawn(s.page);
    await push(s, '/c?product=7');
    await push(s, '/c?utm_source=x&product=7', false);
    await go(s, () => history.replaceState(null, '', '/c?product=8'), true);
    await go(s, () => history.go(-2), true);
    await go(s, () => history.forward(), true);
    await push(s, '/d');
    await finish(s);
    const expected = ['/', '/a', '/b', '/c', '/c?product=7', '/c?product=8', '/c', '/c?product=7', '/d'];
    assert.deepEqual(views(s), expected);
    const pages = s.sink.arrived.filter(({ kind }) => kind === 'page').map(({ page }) => page);
    assert.equal(new Set(pages.map(({ id }) => id)).size, expected.length);
    assert.deepEqual(pages.map(({ route }) => route?.replace(s.site.origin, '')), [undefined, ...expected.slice(0, -1)], 'the one before it');
    assert.deepEqual([pages[0].title, pages[1].title], ['Fixture', 'Page A']);
  });

  scenario(`there and back in one task is no page view, ${mode}`, { config: { conversions: { once: { on: 'click', match: '#x', once: 'page' } } }, body: '<p id=x>x</p>' }, async (s) => {
    await begin(s, mode);
    await push(s, '/a');
    await press(s.page, '#x');
    await go(s, () => {
      history.pushState(null, '', '/b');
      history.replaceState(null, '', '/a');
    }, false);
    await press(s.page, '#x');
    await push(s, '/c');
    await press(s.page, '#x');
    assert.deepEqual(names(await finish(s)), ['once', 'once'], 'once on each page');
    assert.deepEqual(views(s), ['/', '/a', '/c']);
    assert.equal(new Set(s.sink.arrived.map(({ page }) => page.id)).size, 3);
  });

  scenario(`the hash as a page, ${mode}`, { config: { page: { hash: true } }, body: '<a id=a href="#/a">x</a><a id=b href="#/b?x=1">x</a>' }, async (s) => {
    await begin(s, mode);
    for (const id of ['a', 'b']) await go(s, (id) => document.getElementById(id).click(), true, id);
    await press(s.page, '#b');
    await go(s, () => history.back(), true);
    await go(s, () => { location.hash = '#/c'; }, true);
    await finish(s);
    assert.deepEqual(views(s), ['/', '/#/a', '/#/b?x=1', '/#/a', '/#/c']);
  });

  scenario(`each page begins anew, ${mode}`, {
    config: { conversions: {
      pressed: { on: 'click', match: '#b', once: 'page' }, depth: { on: 'scroll', percent: [50, 100] }, product: { on: 'page', url: '/products/*' },
      once: { on: 'page', url: '/products/*', once: 'session' },
    } },
    body: '<button id=b style="position:fixed">x</button><p style="height:3000px">tall</p>',
  }, async (s) => {
    await begin(s, mode);
    const scroll = async (y, count) => {
      const before = await created(s);
      await s.page.evaluate((y) => scrollTo(0, y), y);
      await s.page.waitForFunction((count) => footstep.stats().collectors[0].created === count, before + count);
    };
    const visit = async () => {
      await press(s.page, '#b');
      await press(s.page, '#b');
      await scroll(1500, 1);
      await scroll(9000, 1);
    };
    await visit();
    // The visitor stands at the end of the page before; nobody has scrolled the new one.
    await push(s, '/products/1');
    await drawn(s.page);
    await s.page.evaluate(() => scrollTo(0, 0));
    await drawn(s.page);
    await visit();
    await s.page.evaluate(() => {
      footstep.track('before');
      history.pushState(null, '', '/products/2');
      footstep.track('after');
    });
    await drawn(s.page);
    const events = await finish(s);
    const of = (path) => events.filter(({ page }) => page.url === s.site.origin + path).map(({ name, trigger }) => (trigger.percent ? `${name}(${trigger.percent})` : name));
    assert.deepEqual(of('/'), ['pressed', 'depth(50)', 'depth(100)']);
    assert.deepEqual(of('/products/1'), ['product', 'once', 'pressed', 'depth(50)', 'depth(100)', 'before']);
    assert.deepEqual(of('/products/2'), ['after', 'product']);
    assert.deepEqual(views(s), ['/', '/products/1', '/products/2']);
    const ids = new Map(s.sink.arrived.map(({ page }) => [page.url, new Set()]));
    for (const { page } of s.sink.arrived) ids.get(page.url).add(page.id);
    assert.ok([...ids.values()].every(({ size }) => size === 1), 'one view for each address');
  });
}

/** A library that wraps history: on the one object, as most do, or on its prototype. */
const library = (where, name) => `{
  const owner = ${where};
  for (const method of ['pushState', 'replaceState']) {
    const original = owner[method];
    owner[method] = function (...args) {
      window.${name} = (window.${name} ?? 0) + 1;
      return original.apply(this, args);
    };
  }
}`;
const descriptors = () => [History.prototype, history].flatMap((owner) => ['pushState', 'replaceState'].map((name) => {
  const found = Object.getOwnPropertyDescriptor(owner, name);
  return found && { ...found };
}));

for (const where of ['history', 'History.prototype']) {
  scenario(`history is as it was, with libraries that patch ${where} before and after us`, {
    config: {}, head: `<script>window.kept = [];${library(where, 'early')}; window.before = (${descriptors})();</script>`, body: '<p>x</p>',
  }, async (s) => {
    await begin(s, 'with patched history');
    const same = () => s.page.evaluate(`(() => { const now = (${descriptors})(); return now.every((found, at) => found?.value === before[at]?.value && found?.enumerable === before[at]?.enumerable && found?.writable === before[at]?.writable && found?.configurable === before[at]?.configurable); })()`);
    assert.equal(await same(), false, 'it is patched while we run');
    const thrown = await s.page.evaluate(() => {
      try { history.pushState(null, '', 'https://elsewhere.example/'); } catch (error) { return [error.name, history.pushState(null, '', '/a') === undefined, history.pushState.name]; }
      return 'nothing';
    });
    assert.equal(thrown[0], 'SecurityError', 'what the browser throws is thrown');
    await drawn(s.page);
    await s.page.evaluate(library(where, 'late'));
    await push(s, '/b');
    assert.deepEqual(await s.page.evaluate(() => [window.early, window.late]), [3, 1]);
    await s.page.evaluate(() => footstep.stop());
    await s.page.evaluate(() => history.pushState({ x: 1 }, '', '/c'));
    assert.deepEqual(await s.page.evaluate(() => [window.early, window.late, location.pathname, history.state.x]), [4, 2, '/c', 1], 'the later library still works');
    await s.sink.until(() => views(s).length >= 3, '3 page views');
    assert.deepEqual(views(s), ['/', '/a', '/b']);
  });

  scenario(`history is as it was, with a library that patches ${where} before us only`, {
    config: {}, head: `<script>${library(where, 'early')}; window.before = (${descriptors})();</script>`, body: '<p>x</p>',
  }, async (s) => {
    await begin(s, 'with patched history');
    await push(s, '/a');
    const now = await s.page.evaluate(`footstep.stop(); (${descriptors})().map((found, at) => !found === !before[at] && Object.keys(found ?? {}).every((key) => found[key] === before[at][key]))`);
    assert.deepEqual(now, [true, true, true, true]);
  });
}

scenario('nothing listens to the Navigation API any more after stop()', { config: {}, body: '<p>x</p>' }, async (s) => {
  const cdp = await s.context.newCDPSession(s.page);
  const heard = async () => {
    const { result } = await cdp.send('Runtime.evaluate', { expression: 'navigation' });
    return (await cdp.send('DOMDebugger.getEventListeners', { objectId: result.objectId })).listeners.map(({ type }) => type);
  };
  await open(s);
  assert.ok((await heard()).includes('currententrychange'));
  assert.equal(await s.page.evaluate(() => Object.hasOwn(history, 'pushState') || /native/.test(history.pushState) === false), false, 'nothing is patched where it is there');
  await s.page.evaluate(() => footstep.stop());
  assert.deepEqual(await heard(), []);
});

scenario('a page that is restored is a page view, and knows what became of its attempts', {
  config: { conversions: {
    added: { on: 'submit', match: 'form', confirm: { visible: '.added' } }, pressed: { on: 'click', match: '#b', once: 'page' }, seen: { on: 'page', url: '/' },
  } },
  routes: { '/basket': (s) => ({ headers: { 'cache-control': 'no-cache' }, body: s.html('<p class=added>added</p>') }) },
}, async (s) => {
  s.site.routes['/'] = {
    headers: { 'cache-control': 'no-cache' },
    body: s.html('<form action=/basket><button id=add>x</button></form><button id=b>x</button><p class=added hidden>added</p>'),
  };
  await keeping(async (page) => {
    s.page = page;
    await open(s);
    await press(s.page, '#b');
    await press(s.page, '#add');
    await s.page.waitForURL('**/basket?');
    const visitor = await s.page.evaluate(() => localStorage.getItem('footstep.visitor'));
    const mine = () => s.sink.arrived.filter((event) => event.visitor === visitor);
    await s.sink.until(() => mine().some(({ name, rev }) => name === 'added' && rev === 1), 'the outcome');
    await back(s.page);
    await press(s.page, '#b');
    await press(s.page, '#b');
    await s.page.evaluate(() => { document.querySelector('.added').hidden = false; });
    await drawn(s.page);
    await drawn(s.page);
    const found = await stats(s.page);
    assert.deepEqual([found.pending, found.ignored.late], [0, 0], 'nothing is looked out for any more');
    await s.page.evaluate(() => { footstep.track('sentinel'); return footstep.flush(); });
    await s.sink.named('sentinel');
    assert.deepEqual(s.sink.gaps, []);
    const seen = mine().map(({ kind, name, phase, page }) => [kind === 'page' ? 'view' : name, phase, page.id]);
    const first = seen.filter(([name]) => name === 'view').map(([, , id]) => id);
    assert.equal(new Set(first).size, 3, 'three page views');
    assert.deepEqual(names(mine().filter(({ kind }) => kind !== 'page')).sort(), ['added', 'added', 'pressed', 'pressed', 'seen', 'seen', 'sentinel']);
  });
});
