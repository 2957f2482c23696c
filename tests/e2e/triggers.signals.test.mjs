/**
 * What the page or the browser says by itself: entries of the data layer, events, answers of requests, a permission, a
 * call, a search in the address, and a mouse that leaves at the top.
 */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario } from './support/browser.mjs';

const values = (events) => events.map(({ name, value, currency }) => [name, value, currency]);
const added = { on: 'datalayer', event: 'add_to_cart', read: { value: { datalayer: 'ecommerce.value' }, currency: { datalayer: 'ecommerce.currency' } } };
const GTAG = 'window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }';

scenario('the data layer: each shape, what stood there before, and what is no entry', {
  config: { pageViews: false, conversions: { add_to_cart: added, bought: { on: 'datalayer', event: 'purchase' }, own: { on: 'datalayer', event: 'asked', layer: 'ownLayer' } } },
  head: `<script>${GTAG}
    gtag('js', new Date()); gtag('config', 'G-1', {});
    gtag('event', 'add_to_cart', { value: 1, currency: 'EUR', items: [{ item_id: 'a' }] });
    dataLayer.push({ event: 'gtm.js' }, { ecommerce: null }, { event: 'add_to_cart', ecommerce: { value: 2, currency: 'EUR', items: [{ item_id: 'b' }] } });
    window.ownLayer = [{ event: 'asked' }];
  </script>`,
}, async (s) => {
  await open(s);
  const returned = await s.page.evaluate(() => {
    gtag('event', 'add_to_cart', { value: 3, currency: 'USD', items: [{ item_id: 'c' }] });
    const frozen = Object.freeze({ event: 'add_to_cart', ecommerce: Object.freeze({ value: 4, currency: 'EUR', items: Object.freeze([Object.freeze({ item_id: 'd' })]) }) });
    dataLayer.push(frozen);
    dataLayer.push({ event: 'addToCart', ecommerce: { currencyCode: 'EUR', add: { actionField: { revenue: 5 }, products: [{ id: 'e' }] } } });
    const bad = { event: 'purchase', get ecommerce() { throw new Error('mine'); } };
    const loop = { event: 'purchase' };
    loop.self = loop;
    const proxy = new Proxy({}, { get() { throw new Error('mine'); }, ownKeys() { throw new Error('mine'); } });
    dataLayer.push(bad, proxy, null, undefined, 7, 'add_to_cart', [], ['event'], () => {}, Symbol('x'), document.body, window);
    dataLayer.push({ event: 'add_to_cart', ecommerce: { value: 6, currency: 'EUR', items: [{ item_id: 'f' }] } }, { event: 'other' });
    ownLayer.push({ event: 'asked' });
    return [dataLayer.push(1), dataLayer.length, dataLayer.includes(frozen)];
  });
  assert.equal(returned[0], returned[1]);
  assert.ok(returned[2]);
  const events = await finish(s);
  assert.deepEqual(values(events.filter(({ name }) => name === 'add_to_cart')),
    [['add_to_cart', 1, 'EUR'], ['add_to_cart', 2, 'EUR'], ['add_to_cart', 3, 'USD'], ['add_to_cart', 4, 'EUR'], ['add_to_cart', 5, 'EUR'], ['add_to_cart', 6, 'EUR']]);
  assert.deepEqual(names(events).filter((name) => name !== 'add_to_cart'), ['own', 'own']);
});

scenario('the data layer: told twice within a second is one; two searches are two', {
  config: { pageViews: false, conversions: { add_to_cart: added, searched: { on: 'datalayer', event: 'search' } } }, head: `<script>${GTAG}</script>`,
}, async (s) => {
  await s.page.clock.install();
  await open(s);
  await s.page.evaluate(() => {
    const once = () => ({ value: 1, items: [{ item_id: 'a' }] });
    window.once = once;
    gtag('event', 'add_to_cart', once());
    dataLayer.push({ event: 'add_to_cart', ecommerce: once() });
    dataLayer.push({ event: 'add_to_cart', ecommerce: { value: 1, items: [{ item_id: 'b' }] } });
    gtag('event', 'search', { search_term: 'a' });
    gtag('event', 'search', { search_term: 'a' });
  });
  await s.page.clock.runFor(1500);
  await s.page.evaluate(() => gtag('event', 'add_to_cart', { value: 1, items: [{ item_id: 'b' }] }));
  assert.deepEqual(names(await finish(s)), ['add_to_cart', 'add_to_cart', 'searched', 'searched', 'add_to_cart']);
});

scenario('a push that a tag manager put in place before and another after us', {
  config: { pageViews: false, conversions: { add_to_cart: added } },
  head: `<script>${GTAG} window.seen = [];
    dataLayer.push = function (...entries) { seen.push('before'); return Array.prototype.push.apply(this, entries); };</script>`,
}, async (s) => {
  await open(s);
  const say = (value) => s.page.evaluate((number) => dataLayer.push({ event: 'add_to_cart', ecommerce: { value: number, items: [number] } }), value);
  assert.equal(await say(1), 1);
  await s.page.evaluate(() => {
    const { push } = dataLayer;
    dataLayer.push = function () {
      seen.push('after');
      return push.apply(dataLayer, arguments);
    };
    window.theirs = dataLayer.push;
  });
  assert.equal(await say(2), 2);
  assert.deepEqual(values(await finish(s)), [['add_to_cart', 1, undefined], ['add_to_cart', 2, undefined]]);
  assert.deepEqual(await s.page.evaluate(() => seen), ['before', 'after', 'before']);
  await s.page.evaluate(() => footstep.stop());
  assert.equal(await say(3), 3);
  assert.ok(await s.page.evaluate(() => dataLayer.push === theirs), 'what stands over ours stays');
});

scenario('a data layer that comes late, or is replaced', {
  config: { pageViews: false, conversions: { add_to_cart: added } }, body: '<button id=b>x</button>',
}, async (s) => {
  await open(s);
  const { page, sink } = s;
  await page.evaluate(() => { window.dataLayer = [{ event: 'add_to_cart', ecommerce: { value: 1 } }]; });
  await press(page, '#b');
  await page.evaluate(() => dataLayer.push({ event: 'add_to_cart', ecommerce: { value: 2 } }));
  await page.evaluate(() => { window.dataLayer = [{ event: 'add_to_cart', ecommerce: { value: 3 } }]; });
  await press(page, '#b');
  await press(page, '#b');
  await sink.events(3);
  assert.deepEqual(values(await finish(s)), [1, 2, 3].map((value) => ['add_to_cart', value, undefined]));
});

scenario('a data layer that cannot be had harms nobody', {
  config: { pageViews: false, conversions: { other: { on: 'datalayer', event: 'x', layer: 'forbidden' }, pressed: { on: 'click', match: '#b' } } },
  head: "<script>Object.defineProperty(window, 'forbidden', { get() { throw new Error('mine'); } });</script>", body: '<button id=b>x</button>',
}, async (s) => {
  await open(s);
  await press(s.page, '#b');
  assert.deepEqual(names(await finish(s)), ['pressed']);
});

scenario('a data layer that came late and of which no gesture followed', {
  config: { pageViews: false, conversions: { add_to_cart: added } }, routes: { '/next': 'next' },
}, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    window.dataLayer = [{ event: 'add_to_cart', ecommerce: { value: 1 } }];
    location.href = '/next';
  });
  await s.page.waitForURL('**/next');
  await s.sink.events(1);
  assert.deepEqual(values(s.sink.arrived), [['add_to_cart', 1, undefined]]);
});

scenario('events of the page: where they are dispatched, and those of jQuery', {
  config: {
    pageViews: false,
    conversions: {
      any: { on: 'event', event: 'shop:added' }, form: { on: 'event', event: 'shop:added', match: 'form.cart' }, dotted: { on: 'event', event: 'cart.updated' },
    },
  },
  body: `<form class=cart><button id=b>x</button></form><p id=p>x</p><my-host></my-host>
    <script>
      document.querySelector('my-host').attachShadow({ mode: 'open' }).innerHTML = '<form class=cart></form>';
      document.addEventListener('shop:added', (event) => event.stopImmediatePropagation(), true);
    </script>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  await page.evaluate(() => {
    const say = (target, init) => target.dispatchEvent(new CustomEvent('shop:added', init));
    say(b, { bubbles: true });
    say(p);
    say(document);
    say(document.querySelector('my-host').shadowRoot.querySelector('form'), { bubbles: true, composed: true });
    p.dispatchEvent(new Event('cart.updated'));
    // As jQuery does: handlers at the document hear what its own events bubble.
    const handlers = [];
    window.jQuery = Object.assign(() => ({
      on: (names, handler) => handlers.push([names, handler]), off: () => handlers.splice(0),
    }), { fn: { on() {} } });
    window.trigger = (type, target, originalEvent) => {
      for (const [list, handler] of handlers) if (list.split(' ').some((each) => each.split('.')[0] === type)) handler({ type, target, originalEvent });
    };
    window.handlers = handlers;
  });
  await press(page, '#p');
  assert.equal(await page.evaluate(() => handlers.length), 1);
  await page.evaluate(() => {
    trigger('shop:added', b);
    trigger('shop:added', document);
    trigger('shop:added', b, new Event('shop:added'));
  });
  const events = await finish(s);
  assert.deepEqual(names(events), ['any', 'form', 'any', 'any', 'any', 'form', 'dotted', 'any', 'form', 'any']);
  await page.evaluate(() => footstep.stop());
  assert.equal(await page.evaluate(() => handlers.length), 0);
});

scenario('answers of the page\'s requests', {
  config: {
    pageViews: false,
    conversions: {
      added: { on: 'response', request: '**/cart/add', method: 'POST', has: 'items.0', lacks: 'error' },
      refused: { on: 'response', request: '**/cart/add', status: '4xx' },
      asked: { on: 'response', request: '**/cart/*' },
      never: { on: 'response', request: '**/other' },
    },
  },
  routes: {
    '/cart/add': ({ url }, _) => {
      const body = { ok: '{"items":[{"id":"s3cret"}]}', error: '{"items":[1],"error":"sold out"}', empty: '{"items":[]}', bad: '{"items":[1]}' }[new URL(url, 'http://a').search.slice(1)];
      return { body, status: url.endsWith('bad') ? 422 : 200, headers: { 'content-type': 'application/json' } };
    },
  },
  expect: [/422/],
}, async (s) => {
  await open(s);
  const read = await s.page.evaluate(async () => {
    const all = [];
    for (const what of ['ok', 'error', 'empty', 'bad']) all.push(await (await fetch(`/cart/add?${what}`, { method: 'post' })).text());
    await (await fetch('/cart/add?ok')).json();
    for (const what of ['ok', 'error', 'bad']) {
      all.push(await new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open('POST', `/cart/add?${what}`);
        request.onloadend = () => resolve(request.responseText);
        request.send();
      }));
    }
    return all;
  });
  assert.deepEqual(read, ['{"items":[{"id":"s3cret"}]}', '{"items":[1],"error":"sold out"}', '{"items":[]}', '{"items":[1]}', '{"items":[{"id":"s3cret"}]}', '{"items":[1],"error":"sold out"}', '{"items":[1]}']);
  await s.sink.until(() => s.sink.names.filter((name) => name === 'added').length >= 2, 'both additions');
  const events = await finish(s);
  const count = (name) => events.filter((event) => event.name === name).map(({ trigger }) => trigger.status);
  assert.deepEqual(count('added'), [200, 200]);
  assert.deepEqual(count('refused'), [422, 422]);
  assert.deepEqual(count('asked'), Array(6).fill(200));
  assert.deepEqual(count('never'), []);
  assert.ok(!s.sink.batches.some(({ body }) => /s3cret|sold out/.test(body)));
});

const push = { config: { pageViews: false, conversions: { push_allowed: { on: 'permission' } } } };
for (const [before, decisions, count] of [['prompt', ['granted'], 1], ['prompt', ['denied'], 0], ['granted', [], 0], ['denied', ['prompt', 'granted'], 1]]) {
  scenario(`notifications: ${[before, ...decisions].join(', then ')}`, push, async (s) => {
    const cdp = await s.context.newCDPSession(s.page);
    await s.page.goto(`${s.site.origin}/footstep.json`);
    const { targetInfo: { browserContextId } } = await cdp.send('Target.getTargetInfo');
    const set = (setting) => cdp.send('Browser.setPermission', { permission: { name: 'notifications' }, setting, origin: s.site.origin, browserContextId });
    await set(before);
    await open(s);
    for (const decision of decisions) {
      await s.page.evaluate(async () => {
        window.permission ??= await navigator.permissions.query({ name: 'notifications' });
        window.changed = new Promise((resolve) => window.permission.addEventListener('change', resolve, { once: true }));
      });
      await set(decision);
      await s.page.evaluate(() => window.changed.then(() => 0));
    }
    assert.deepEqual(names(await finish(s)), Array(count).fill('push_allowed'));
  });
}

scenario('told by code, with what it says of itself', {
  config: { pageViews: false, conversions: { quote: { on: 'custom', macro: true, currency: 'EUR', value: 1, once: 'session' } } },
}, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    footstep.track('quote', { value: 120, rooms: 3 });
    footstep.track('quote');
    footstep.track('quotes');
  });
  const events = await finish(s);
  assert.deepEqual(events.map(({ name, kind, value, currency, trigger }) => [name, kind, value, currency, trigger.on]),
    [['quote', 'macro', 120, 'EUR', 'custom'], ['quotes', 'custom', undefined, undefined, 'custom']]);
});

scenario('a search, whose term is nobody else\'s business', {
  config: { conversions: { searched: { on: 'search' }, own: { on: 'search', query: ['wanted'] } } },
  routes: { '/search': (s) => s.html('<a id=next href="/">next</a>') },
}, async (s) => {
  await open(s, '/search?q=s3cret%20lamp&page=1#s3cret');
  const { page } = s;
  await page.evaluate(() => {
    history.pushState(null, '', '/search?page=2&q=s3cret+lamp');
    history.pushState(null, '', '/search?q=&page=2');
    history.pushState(null, '', '/search?s=s3cret+two');
    history.replaceState(null, '', '/search?wanted=s3cret');
  });
  await press(page, '#next');
  await page.waitForURL(`${s.site.origin}/`);
  await page.evaluate(() => window.footstep.ready);
  assert.deepEqual(names(await finish(s)), ['searched', 'searched', 'own']);
  assert.ok(!s.sink.batches.some(({ body, path }) => (body + path).includes('s3cret')), 'no word of what was searched for');
});

scenario('a search, whose term the rule asks for', {
  config: { pageViews: false, conversions: { searched: { on: 'search', term: true } } },
}, async (s) => {
  await open(s, '/?s=R%C3%B6hren+lampe');
  assert.deepEqual((await finish(s)).map(({ trigger }) => trigger.term), ['Röhren lampe']);
});

scenario('the mouse leaves at the top, once per page view', {
  config: { pageViews: false, conversions: { leaving: { on: 'exit' } } },
  body: '<div style="height:1000px">x</div>',
}, async (s) => {
  await open(s);
  const { page } = s;
  await page.mouse.move(400, 300);
  await page.mouse.move(-5, 300);
  await page.mouse.move(400, 300);
  await page.mouse.move(400, 1);
  assert.deepEqual(s.sink.names, []);
  await page.evaluate(() => footstep.track('so_far'));
  await page.mouse.move(400, -5);
  await page.mouse.move(400, 300);
  await page.mouse.move(400, -5);
  await page.mouse.move(400, 300);
  await page.evaluate(() => history.pushState(null, '', '/two'));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  await page.mouse.move(400, -5);
  assert.deepEqual(names(await finish(s)), ['so_far', 'leaving', 'leaving']);
});
