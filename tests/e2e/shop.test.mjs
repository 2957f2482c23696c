/** The demo shop with the real collector: a whole visit by hand, the live page, and strangers who send it markup. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { shop } from '../../scripts/start.mjs';
import { leave, press, visitor } from './support/browser.mjs';
import { startCollector } from './support/collector.mjs';

let collector;
before(async () => { collector = await startCollector(await shop()); });
after(() => collector?.stop());

/** Asks until the answer holds. */
async function until(ask, holds, what) {
  const end = Date.now() + 15_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    assert.ok(Date.now() < end, `waited for ${what}, saw ${JSON.stringify(Array.isArray(answer) ? answer.map(({ name, phase }) => `${name} ${phase}`) : answer).slice(0, 2000)}`);
  }
}

/** A visitor of the shop, with a list of what was done that should count. */
async function enter(path = '/') {
  const { context, noise } = await visitor();
  const page = await context.newPage();
  const done = [];
  const ready = () => page.evaluate(() => window.footstep.ready);
  const go = async (act, pattern) => {
    await Promise.all([page.waitForURL(pattern), act()]);
    await page.waitForLoadState();
    await ready();
  };
  const type = async (selector, text) => {
    await page.focus(selector);
    await page.keyboard.type(text);
  };
  await page.goto(collector.origin + path);
  await ready();
  return { context, noise, page, done, go, type };
}

const short = ({ name, kind, value, trigger }) => [name, kind, ...(value === undefined ? [] : [value]), ...(trigger?.percent ? [`${trigger.percent} %`] : [])].join(' ');

test('a whole visit: the collector has exactly what was done', { timeout: 90_000 }, async () => {
  const { context, noise, page, done, go, type } = await enter();
  await press(page, '.heart[data-footstep-product="halo-table-lamp"]');
  done.push('wishlist_add micro 89');
  // Taken off the list again: that is no step.
  await press(page, '.heart[data-footstep-product="halo-table-lamp"]');

  await page.evaluate(() => {
    const promo = document.querySelector('#promo');
    promo.playbackRate = 3;
    // Slowly towards the end, so that it is not over before the key that stops it has come.
    promo.addEventListener('timeupdate', () => { if (promo.currentTime > 0.8 * promo.duration) promo.playbackRate = 0.1; });
  });
  await page.focus('#promo');
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.querySelector('#promo').currentTime > 0.8 * document.querySelector('#promo').duration);
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.querySelector('#promo').paused);
  done.push('promo_video_watched micro 25 %', 'promo_video_watched micro 50 %', 'promo_video_watched micro 75 %');

  await type('#q', 'lamp');
  await go(() => page.keyboard.press('Enter'), '**/search/?q=lamp');
  done.push('site_search micro');
  await go(() => press(page, '.site-nav a[href="/category/lamps/"]'), '**/category/lamps/');
  done.push('category_viewed micro');
  await go(() => press(page, 'a[href="/product/halo-table-lamp/"]'), '**/product/halo-table-lamp/');
  done.push('product_viewed micro');
  await go(() => press(page, 'a.recommendation[data-product="bell-pendant"]'), '**/product/bell-pendant/');
  done.push('recommendation_click micro', 'product_viewed micro', 'pages_viewed micro');

  await press(page, 'form.add-to-cart [type=submit]');
  await page.waitForFunction(() => document.querySelector('.cart-count').textContent === '1');
  done.push('add_to_cart micro 129');
  await go(() => press(page, '.cart-success a[href="/cart/"]'), '**/cart/');
  await go(() => press(page, '.cart-full a[href="/checkout/"]'), '**/checkout/');
  done.push('begin_checkout micro');
  // Sent too early: the shop asks for what is missing, nothing counts.
  await press(page, '#order-form [type=submit]');
  const fields = { email: 'ana@mail.example', name: 'Ana Muster', street: 'Ring 1', postcode: '1010', city: 'Wien', 'card-name': 'Ana Muster', card: '4111 1111 1111 1111', expiry: '08/29', code: '123' };
  for (const [id, text] of Object.entries(fields)) await type(`#${id}`, text);
  done.push('payment_info_entered micro');
  await page.focus('#order-form [name=terms]');
  await page.keyboard.press('Space');
  await go(() => press(page, '#order-form [type=submit]'), '**/checkout/order-received/?order=*');
  done.push('purchase macro 129');
  const order = new URL(page.url()).search;

  await go(() => press(page, 'a.brand'), `${collector.origin}/`);
  await type('#letter-email', 'ana@mail.example');
  await page.keyboard.press('Enter');
  await page.waitForSelector('form.newsletter .thanks:not([hidden])');
  done.push('newsletter_signup micro');

  await go(() => press(page, 'a[href="/blog/three-lamps-before-the-big-light/"]'), '**/blog/three-lamps-before-the-big-light/');
  await page.mouse.move(400, 300);
  await page.evaluate(() => { window.told = []; footstep.on('conversion', ({ name, trigger }) => told.push(name + (trigger.percent ?? ''))); });
  await page.waitForFunction(() => {
    // The page may grow while pictures come in: on to the end of the article, however far that is by now.
    scrollTo(0, scrollY + document.querySelector('article.post').getBoundingClientRect().bottom - innerHeight + 5);
    return told.includes('article_read100');
  });
  done.push('article_read micro 25 %', 'article_read micro 50 %', 'article_read micro 75 %', 'article_read micro 100 %');
  await Promise.all([page.waitForEvent('download'), press(page, 'a.guide-download')]);
  done.push('guide_downloaded micro');

  await go(() => press(page, '.header-links a[href="/account/"]'), '**/account/');
  await type('#register-name', 'Ana');
  await type('#register-email', 'ana@mail.example');
  await type('#register-password', 'correct horse');
  await page.focus('form.register [name=terms]');
  await page.keyboard.press('Space');
  await press(page, 'form.register [type=submit]');
  await page.waitForSelector('form.register .thanks:not([hidden])');
  done.push('account_created micro');
  await type('#login-email', 'ana@mail.example');
  await type('#login-password', 'correct horse');
  await page.keyboard.press('Enter');
  await page.waitForSelector('form.login .thanks:not([hidden])');
  done.push('login micro');
  await page.evaluate(() => footstep.flush());

  const of = (events) => events.filter(({ kind }) => kind !== 'page').sort((a, b) => a.at - b.at || a.seq - b.seq);
  const events = await until(collector.events, (all) => of(all).length >= done.length, `${done.length} steps`);
  assert.deepEqual(of(events).map(short), done);
  assert.equal(events.filter(({ kind }) => kind === 'page').length, 11);
  assert.equal(new Set(events.map(({ visitor: who }) => who)).size, 1);
  assert.ok(events.some(({ page: { url } }) => url.endsWith(order)));
  // Four digits alone are in one visit's ids and times every tenth time.
  const text = JSON.stringify(events);
  for (const secret of ['4111 1111', '41111111', 'ana@mail', 'correct horse', 'Muster']) assert.ok(!text.includes(secret), secret);
  for (const { name, phase, rev } of events.filter((event) => event.attempt)) assert.deepEqual([phase, rev], ['confirmed', 1], name);
  const cart = events.find(({ name }) => name === 'add_to_cart');
  assert.deepEqual([cart.properties, cart.currency, cart.leadsTo], [{ product: 'bell-pendant' }, 'EUR', 'purchase']);
  const { streams, ...totals } = await collector.audit();
  assert.deepEqual(streams.flatMap(({ missing }) => missing), [], JSON.stringify(totals));
  await leave(context);
  assert.deepEqual(noise, []);
});

test('the live page shows a step within two seconds of the click', { timeout: 30_000 }, async () => {
  const { context, noise, page } = await enter('/category/kitchen/');
  const owner = await visitor();
  const live = await owner.context.newPage();
  await live.goto(`${collector.origin}/live`);
  await live.waitForFunction(() => document.querySelector('#connection').dataset.state === 'live');
  const rows = () => [...document.querySelectorAll('#events li')].filter((row) => row.textContent.includes('wishlist_add') && row.textContent.includes('long-ladle')).length;
  assert.equal(await live.evaluate(rows), 0);
  const clicked = Date.now();
  await press(page, '.heart[data-footstep-product="long-ladle"]');
  await live.waitForFunction(rows);
  const took = Date.now() - clicked;
  assert.ok(took < 2000, `${took} ms`);
  await leave(context);
  await leave(owner.context);
  assert.deepEqual([...noise, ...owner.noise], []);
});

test('markup in any field of a batch is text on the live page', { timeout: 60_000 }, async () => {
  const payloads = ['<img src=/stolen?x onerror="window.broken=1;alert(1)">', '</script><script>window.broken=1</script>', '"><svg onload=window.broken=1>', 'javascript:window.broken=1', '{{7*7}}${7*7}<b>'];
  const uuid = (n) => `0193a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  let n = 0;
  const batch = (change) => {
    n += 1;
    const event = {
      seq: 1, id: uuid(n * 3), rev: 0, kind: 'micro', name: 'step', phase: 'confirmed', at: Date.now(), mono: 1, currency: 'EUR', value: 1, leadsTo: 'purchase',
      page: { id: uuid(n * 3 + 1), url: 'https://shop.example/', title: 'title', referrer: 'https://r.example/' }, properties: { a: 'b' }, trigger: { on: 'click' },
    };
    const whole = { version: 1, site: 'site', sent: { at: Date.now(), mono: 2 }, stream: uuid(n * 3 + 2), context: { engine: 'wasm', language: 'de', zone: 'Europe/Vienna', screen: '1x1' }, events: [event] };
    change(whole, event);
    return whole;
  };
  const fields = {
    site: (b, e, text) => { b.site = text; }, language: (b, e, text) => { b.context.language = text; }, zone: (b, e, text) => { b.context.zone = text; },
    screen: (b, e, text) => { b.context.screen = text; }, engine: (b, e, text) => { b.context.engine = text; }, diagnostics: (b, e, text) => { b.diagnostics = [text]; },
    name: (b, e, text) => { e.name = text; }, kind: (b, e, text) => { e.kind = text; }, phase: (b, e, text) => { e.phase = text; },
    currency: (b, e, text) => { e.currency = text; }, leadsTo: (b, e, text) => { e.leadsTo = text; }, url: (b, e, text) => { e.page.url = text; },
    title: (b, e, text) => { e.page.title = text; e.kind = 'page'; }, referrer: (b, e, text) => { e.page.referrer = text; },
    property: (b, e, text) => { e.properties = { payload: text }; }, 'property name': (b, e, text) => { e.properties = { [text]: 1 }; },
    nested: (b, e, text) => { e.properties = { deep: [{ [text]: text }] }; }, trigger: (b, e, text) => { e.trigger = { on: text, percent: text }; },
    'trigger name': (b, e, text) => { e.trigger = { on: 'click', [text]: true }; },
  };
  const owner = await visitor();
  const live = await owner.context.newPage();
  const asked = [];
  live.on('request', (request) => asked.push(request.url()));
  await live.addInitScript(() => { window.violations = []; document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective)); });
  await live.goto(`${collector.origin}/live`);
  await live.waitForFunction(() => document.querySelector('#connection').dataset.state === 'live');
  const elements = () => [...new Set([...document.querySelectorAll('#events *')].map((element) => element.localName))].sort();
  const accepted = {};
  let last;
  for (const [name, set] of Object.entries(fields)) {
    for (const text of payloads) {
      const whole = batch((b, e) => set(b, e, text));
      const { status } = await collector.post(whole);
      assert.ok(status === 204 || (status >= 400 && status < 500), `${name}: ${status}`);
      accepted[name] = (accepted[name] ?? 0) + (status === 204 ? 1 : 0);
      if (status === 204) last = whole.events[0].id;
    }
  }
  for (const name of ['site', 'title', 'property', 'property name', 'nested']) assert.equal(accepted[name], payloads.length, `${name} can hold any text`);
  const rows = await until(collector.events, (all) => all.some(({ id }) => id === last), 'the last');
  assert.ok(rows.length > 0);
  const count = Object.values(accepted).reduce((a, b) => a + b, 0);
  await live.waitForFunction((least) => document.querySelectorAll('#events li').length >= least, count);
  // All details open, so that everything there is to show is shown.
  await live.evaluate(() => { for (const details of document.querySelectorAll('#events details')) details.open = true; });
  await live.waitForFunction((least) => document.querySelectorAll('#events pre').length >= least, count);
  const shown = await live.evaluate(() => document.querySelector('#events').textContent);
  for (const text of payloads) assert.ok(shown.includes(text) || shown.includes(JSON.stringify(text).slice(1, -1)), text);
  const known = ['b', 'details', 'i', 'li', 'pre', 'small', 'span', 'summary', 'time'];
  assert.deepEqual((await live.evaluate(elements)).filter((name) => !known.includes(name)), []);
  assert.equal(await live.evaluate(() => document.querySelectorAll('#events b > *, #events [onload], #events [onerror], #events [href]').length), 0);
  assert.equal(await live.evaluate(() => window.broken), undefined);
  assert.deepEqual(await live.evaluate(() => window.violations), []);
  assert.deepEqual(asked.filter((url) => url.includes('stolen') || !url.startsWith(collector.origin)), []);
  await leave(owner.context);
  assert.deepEqual(owner.noise, []);
});

test('every preset has a demo; what is done there is heard on the page and by the collector', { timeout: 60_000 }, async () => {
  const { context, noise, page } = await enter('/demos/wishlist_add/hits/1/');
  await press(page, '.add_to_wishlist');
  await page.waitForFunction(() => document.querySelector('#heard').textContent === 'wishlist_add confirmed');
  await page.evaluate(() => window.footstep.flush());
  await page.goto(collector.origin + '/demos/');
  const demos = await page.evaluate(() => [...document.querySelectorAll('main li a')].map((link) => link.pathname));
  const presets = readdirSync(new URL('../../presets/', import.meta.url)).map((file) => file.replace('.json', '')).sort();
  assert.deepEqual(demos, presets.map((name) => `/demos/${name}/`));
  for (const demo of demos) {
    await page.goto(collector.origin + demo);
    const tries = await page.evaluate(() => [...document.querySelectorAll('main a')].map((link) => link.href));
    assert.ok(tries.length, demo);
    for (const address of tries) assert.equal((await page.request.get(address)).status(), 200, address);
  }
  assert.deepEqual(noise, []);
  await leave(context);
});
