/**
 * Attempts: a gesture is not yet a success. What the server answers, what the next page shows and what never comes
 * decide; an attempt outlives its page, and is counted once however often its gesture or its page is repeated.
 */

import assert from 'node:assert/strict';
import { drawn, finish, names, open, press, scenario, stats } from './support/browser.mjs';

const steps = (sink) => sink.arrived.filter(({ kind }) => kind !== 'page');
/** Name and outcome of what has arrived, without what was only told because a page ended. */
const outcomes = (sink) => steps(sink).filter(({ rev }) => rev === 1).map(({ name, phase, attempt }) => [name, phase, attempt?.by].filter(Boolean).join(' '));
const until = (sink, count) => sink.until(() => outcomes(sink).length >= count, `${count} outcomes`).then(() => outcomes(sink));

const signup = {
  on: 'submit', match: '#form', within: '3s',
  confirm: [{ response: '/api/signup', method: 'POST' }, { text: 'Thank you' }, { url: '/welcome' }],
  fail: [{ response: '/api/signup', status: '422' }, { response: '/api/signup', status: '0' }],
};
/** What the page does with its form, by the case; the server's answers stand in `routes`. */
const CASES = {
  ok: ["fetch('/api/signup', { method: 'POST' })", 'confirmed response'],
  refused: ["fetch('/api/signup', { method: 'POST', body: 'bad' })", 'failed response'],
  broken: ["fetch('/api/signup?down', { method: 'POST' }).catch(() => {})", 'failed response'],
  said: ["setTimeout(() => document.body.append('Thank you'), 50)", 'confirmed text'],
  redirected: ['', 'confirmed url'],
  nothing: ['0', 'unknown'],
};
for (const stopped of [false, true]) {
  scenario(`sent is not signed up${stopped ? ', though the page keeps the event from everybody' : ''}`, {
    config: { pageViews: false, conversions: { signup } },
    expect: [/Failed to load resource/],
    routes: {
      ...Object.fromEntries(Object.entries(CASES).map(([name, [act]]) => [`/${name}`, (s) => s.html(`<form id=form method=post action=/go><button>x</button></form><script>
        document.addEventListener('submit', (event) => {
          ${stopped ? 'event.stopImmediatePropagation();' : ''}
          ${act ? `event.preventDefault(); ${act};` : ''}
        }, true);
      </script>`)])),
      '/go': { status: 303, headers: { location: '/welcome' } },
      '/welcome': (s) => s.html('<h1>welcome</h1>'),
    },
  }, async (s) => {
    s.site.routes['/api/signup'] = (request) => ({ status: s.answer, body: '{}' });
    await s.page.route('**/api/signup?down', (route) => route.abort());
    const expected = [];
    for (const [name, [, end]] of Object.entries(CASES)) {
      s.answer = name === 'refused' ? 422 : 200;
      expected.push(`signup ${end}`);
      await open(s, `/${name}`);
      await press(s.page, '#form button');
      await until(s.sink, expected.length);
      assert.deepEqual(outcomes(s.sink), expected, name);
    }
    await finish(s);
  });
}

const cart = `<button id=add>add</button><p class=added hidden>added</p><p class=error hidden>sold out</p>`;
/** An answer of the shop, asked for in both ways there are. */
const ask = ({ page }, query, by) => page.evaluate(([query, by]) => new Promise((resolve) => {
  if (by === 'fetch') return fetch('/cart/add?' + query).then((answer) => answer.text()).then(resolve, resolve);
  const request = Object.assign(new XMLHttpRequest(), { onloadend: resolve });
  request.open('GET', '/cart/add?' + query);
  return request.send();
}), [query, by]);
const answers = { '/cart/add': () => (request) => ({ headers: { 'content-type': 'application/json' }, body: decodeURIComponent(new URL(request.url, 'http://x').search.slice(1)) }) };

scenario('an answer of 200 may say that it failed', {
  config: { pageViews: false, conversions: {
    added: { on: 'click', match: '#add', confirm: { response: '/cart/add', has: 'items', lacks: 'error' }, fail: { response: '/cart/add', has: 'error.message' } },
  } },
  body: cart, routes: answers,
}, async (s) => {
  await open(s);
  const expected = [];
  for (const by of ['fetch', 'xhr']) {
    for (const [body, end] of [['{"items":[1],"error":null}', 'confirmed'], ['{"items":[1],"error":{"message":"sold out"}}', 'failed']]) {
      expected.push(`added ${end} response`);
      await press(s.page, '#add');
      await ask(s, encodeURIComponent(body), by);
      assert.deepEqual(await until(s.sink, expected.length), expected, `${by} ${body}`);
    }
  }
});

scenario('an answer whose status confirms and whose content says that it failed has failed', {
  config: { pageViews: false, conversions: {
    added: { on: 'click', match: '#add', confirm: { response: '/cart/add' }, fail: { response: '/cart/add', has: 'error' } },
  } },
  body: cart, routes: answers,
}, async (s) => {
  await open(s);
  const expected = [];
  for (const by of ['fetch', 'xhr']) {
    for (const [body, end] of [['{"error":"sold out"}', 'failed'], ['{"error":null}', 'confirmed'], ['{', 'confirmed']]) {
      expected.push(`added ${end} response`);
      await press(s.page, '#add');
      await ask(s, encodeURIComponent(body), by);
      assert.deepEqual(await until(s.sink, expected.length), expected, `${by} ${body}`);
    }
  }
});

scenario('an answer whose content cannot be judged', {
  config: { pageViews: false, conversions: {
    strict: { on: 'click', match: '#add', confirm: { response: '/cart/add', lacks: 'error' }, within: '1s' },
    easy: { on: 'click', match: '#add', confirm: { response: '/cart/add' }, fail: { response: '/cart/add', has: 'error' } },
  } },
  body: cart,
  routes: { '/cart/add': { headers: { 'content-type': 'text/html' }, body: '<p>added</p>' } },
}, async (s) => {
  await open(s);
  await press(s.page, '#add');
  await ask(s, '', 'fetch');
  assert.deepEqual((await until(s.sink, 2)).sort(), ['easy confirmed response', 'strict unknown']);
});

scenario('both at once: to have failed weighs more; and a double click is one attempt', {
  config: { pageViews: false, conversions: { added: { on: 'click', match: '#add', confirm: { visible: '.added' }, fail: { visible: '.error' } } } },
  body: cart,
}, async (s) => {
  await open(s);
  const show = (...which) => s.page.evaluate((which) => ['.added', '.error'].forEach((name) => { document.querySelector(name).hidden = !which.includes(name); }), which);
  await press(s.page, '#add');
  await show('.added', '.error');
  await until(s.sink, 1);
  await show();
  await s.page.dblclick('#add');
  assert.equal((await stats(s.page)).pending, 1);
  // What is hidden and shown again between two pictures nobody has seen go.
  await drawn(s.page);
  await show('.added');
  assert.deepEqual(await until(s.sink, 2), ['added failed visible', 'added confirmed visible']);
  await finish(s);
  assert.deepEqual(steps(s.sink).map(({ attempt }) => attempt?.repeats), [undefined, 1, undefined]);
});

const survives = {
  on: 'submit', match: '.cart', confirm: [{ visible: '.added' }], fail: [{ visible: '.error' }], within: '3s',
  read: { sku: { attribute: 'data-sku' }, value: { attribute: 'data-price' }, title: { text: 'h2' } },
};
const product = (to, end = '') => `<h2>Lamp</h2><form class=cart method=post action=${to} data-sku=lamp data-price=89.00><button>add</button></form>${end}
  <script>document.addEventListener('submit', () => { document.querySelector('.cart').dataset.price = '1.00'; document.querySelector('h2').textContent = 'Adding'; });</script>`;

scenario('an attempt outlives its page', {
  config: { pageViews: false, conversions: { added: survives } },
  routes: {
    '/next': (s) => s.html(product('/to-next')), '/to-next': { status: 303, headers: { location: '/basket' } }, '/basket': (s) => s.html('<p class=added>added</p>'),
    '/back': (s) => s.html(product('/to-back')), '/to-back': { status: 303, headers: { location: '/back-again' } }, '/back-again': (s) => s.html(product('/to-back', '<p class=error>sold out</p>')),
    '/same': (s) => s.html(product('/same', '<script>if (sessionStorage.done) document.write("<p class=added>added</p>"); sessionStorage.done = 1;</script>')),
    '/nowhere': (s) => s.html(product('/elsewhere')), '/elsewhere': (s) => s.html('<p>other</p>'),
    '/through': (s) => s.html(product('/step')), '/step': (s) => s.html('<script>setTimeout(() => { location.href = "/basket"; })</script>'),
  },
}, async (s) => {
  const ends = { next: 'confirmed visible', back: 'failed visible', same: 'confirmed visible', nowhere: 'unknown', through: 'confirmed visible' };
  const expected = [];
  for (const [name, end] of Object.entries(ends)) {
    expected.push(`added ${end}`);
    await open(s, `/${name}`);
    await press(s.page, '.cart button');
    assert.deepEqual(await until(s.sink, expected.length), expected, name);
  }
  await s.page.evaluate(() => footstep.ready);
  await finish(s);
  const all = steps(s.sink);
  for (const one of all.filter(({ name }) => name === 'added')) {
    assert.deepEqual([one.value, one.properties], [89, { sku: 'lamp', title: 'Lamp' }], 'read when it was attempted');
  }
  const last = all.filter(({ rev }) => rev === 1);
  assert.equal(new Set(last.map(({ id }) => id)).size, 5);
  const first = all.filter(({ phase }) => phase === 'attempted');
  assert.ok(first.length >= 4 && first.every(({ id, rev }) => rev === 0 && last.some((one) => one.id === id)), 'told as attempted when its page ended, under the same id');
  for (const { page, attempt, at } of last) assert.ok(/\/(next|back|same|nowhere|through)$/.test(page.url) && attempt.at < at, 'of the page it was made on');
  assert.equal((await stats(s.page)).pending, 0);
});

/** Keeps what looks at the page again and again. */
const watchLooking = () => {
  window.looking = new Set();
  const { setTimeout: set, clearTimeout: clear } = window;
  window.setTimeout = (act, ms, ...rest) => {
    const id = set((...args) => { looking.delete(id); act(...args); }, ms, ...rest);
    if (ms === 500) looking.add(id);
    return id;
  };
  window.clearTimeout = (id) => { looking.delete(id); clear(id); };
};

scenario('nobody looks at the page any more when the outcome is known', {
  config: { pageViews: false, conversions: { sent: { on: 'submit', match: '.cart', confirm: { url: '/basket' } }, added: { on: 'submit', match: '.cart', confirm: { visible: '.added' } } } },
  body: product('/to-next'),
  routes: { '/to-next': { status: 303, headers: { location: '/basket' } }, '/basket': (s) => s.html('<p class=added>added</p>') },
}, async (s) => {
  await s.page.addInitScript(watchLooking);
  await open(s);
  assert.equal(await s.page.evaluate(() => looking.size), 0, 'nor before');
  await press(s.page, '.cart button');
  assert.deepEqual((await until(s.sink, 2)).sort(), ['added confirmed visible', 'sent confirmed url']);
  assert.equal(await s.page.evaluate(() => looking.size), 0);
});

scenario('an attempt belongs to its tab', {
  config: { pageViews: false, conversions: { added: { ...survives, within: '2s' } } },
  body: product('x', '<script>document.addEventListener("submit", (event) => event.preventDefault())</script>'),
  routes: { '/basket': (s) => s.html('<p class=added>added</p>') },
}, async (s) => {
  await open(s);
  await press(s.page, '.cart button');
  const tab = await s.context.newPage();
  await open({ ...s, page: tab }, '/basket');
  assert.equal((await stats(tab)).pending, 0);
  await s.page.bringToFront();
  assert.deepEqual(await until(s.sink, 1), ['added unknown']);
});

scenario('an address is evidence only if it is new', {
  config: { pageViews: false, conversions: {
    here: { on: 'click', match: '#here', confirm: { url: '/' }, within: '1s' },
    route: { on: 'click', match: '#route', confirm: { url: '/account' } },
    query: { on: 'click', match: '#query', confirm: { url: '/account?step=done' } },
    hash: { on: 'click', match: '#hash', confirm: { url: '/account?step=done' }, within: '1s' },
  } },
  body: `<button id=here>x</button><button id=route>x</button><button id=query>x</button><button id=hash>x</button><script>
    // Routers keep the scroll position there.
    here.onclick = () => history.replaceState({ y: 1 }, '', location.href);
    route.onclick = () => history.pushState(null, '', '/account');
    query.onclick = () => history.replaceState(null, '', '/account?step=done');
    hash.onclick = () => history.replaceState({ y: 2 }, '');
  </script>`,
}, async (s) => {
  await open(s);
  const expected = ['here unknown', 'route confirmed url', 'query confirmed url', 'hash unknown'];
  for (const [at, end] of expected.entries()) {
    await press(s.page, `#${end.split(' ')[0]}`);
    assert.deepEqual(await until(s.sink, at + 1), expected.slice(0, at + 1));
  }
});

scenario('an outcome nobody can see', {
  config: { pageViews: false, conversions: { follow: { on: 'click', match: '#follow', confirm: 'unseen' }, once: { on: 'click', match: '#follow', confirm: 'unseen', once: 'page' } } },
  body: '<button id=follow>x</button>',
}, async (s) => {
  await open(s);
  await press(s.page, '#follow');
  await press(s.page, '#follow');
  const events = await finish(s);
  assert.deepEqual(names(events), ['follow', 'once', 'follow']);
  assert.deepEqual(events.map(({ phase, rev, attempt }) => [phase, rev, attempt]), Array(3).fill(['attempted', 0, undefined]));
});

scenario('an order counts once: reloads, back and forward, another tab', {
  config: { pageViews: false, conversions: { purchase: {
    on: 'page', url: '**/order-received/*', macro: true, once: 'order', currency: 'EUR',
    read: { order: { url: '**/order-received/{order}' }, value: { datalayer: 'ecommerce.value' } },
  } } },
  routes: {
    '/checkout/order-received/1001': (s) => s.html("<script>window.dataLayer = [{ ecommerce: null }, { event: 'purchase', ecommerce: { value: 163.5 } }];</script>thanks"),
    '/checkout/order-received/1002': (s) => s.html('thanks'), '/elsewhere': (s) => s.html('x'),
  },
}, async (s) => {
  const [first, second] = ['1001', '1002'].map((order) => `/checkout/order-received/${order}`);
  const ready = () => s.page.evaluate(() => footstep.ready);
  await open(s, first);
  await s.sink.events(1);
  for (let i = 0; i < 3; i += 1) {
    await s.page.reload();
    await ready();
  }
  await open(s, '/elsewhere');
  await s.page.goBack();
  await ready();
  await s.page.goForward();
  await s.page.goBack();
  await ready();
  const tab = await s.context.newPage();
  await open({ ...s, page: tab }, first);
  await open({ ...s, page: tab }, `${first}?utm_source=mail#top`);
  await open(s, second);
  await finish(s);
  assert.deepEqual(steps(s.sink).filter(({ name }) => name === 'purchase').map(({ kind, value, currency, properties, order }) => [kind, value, currency, properties ?? order]), [
    ['macro', 163.5, 'EUR', { order: '1001' }], ['macro', undefined, 'EUR', { order: '1002' }],
  ]);
});
