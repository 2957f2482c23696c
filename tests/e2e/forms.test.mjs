/** Forms: each way to send one, what is no sending, and the cart of a shop that tells by an event of its own. */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario } from './support/browser.mjs';

scenario('the ways to send a form', {
  config: {
    pageViews: false,
    conversions: {
      button: { on: 'submit', match: '#button' }, enter: { on: 'submit', match: '#enter' }, code: { on: 'submit', match: '#code' },
      invalid: { on: 'submit', match: '#invalid' }, prevented: { on: 'submit', match: '#prevented' },
      hidden_names: { on: 'submit', match: 'form.names', read: { list: { attribute: 'data-list' } } },
      outside: { on: 'submit', match: '#outside' },
    },
  },
  routes: { '/target': '<!doctype html><title>target</title>sent' },
  body: `<iframe name=frame></iframe>
    <form id=button target=frame action=/target><button>x</button></form>
    <form id=enter target=frame action=/target><input name=a><button>x</button></form>
    <form id=code target=frame action=/target><input type=button value=x onclick="this.form.requestSubmit()"></form>
    <form id=invalid target=frame action=/target><input name=email type=email required><button>x</button></form>
    <form id=prevented><button>x</button></form>
    <form class=names data-list=weekly target=frame action=/target><input name=id value=1><input name=action value=2>
      <input name=submit value=3><input name=matches value=4><input name=getAttribute value=5><input name=getAttributeNames value=6>
      <input name=attributes value=7><input name=contains value=8><button>x</button></form>
    <form id=outside target=frame action=/target></form><button id=far form=outside>x</button>
    <script>document.querySelector('#prevented').addEventListener('submit', (event) => event.preventDefault());</script>`,
}, async (s) => {
  await open(s);
  const { page, site } = s;
  const sent = () => site.requests.filter(({ url }) => url.startsWith('/target')).length;
  await press(page, '#button button');
  await press(page, '#enter input');
  await page.keyboard.type('hello');
  await page.keyboard.press('Enter');
  await press(page, '#code input');
  await press(page, '#invalid button');
  await page.keyboard.press('Escape');
  await press(page, '#prevented button');
  await press(page, '.names button');
  await press(page, '#far');
  const events = await finish(s);
  assert.deepEqual(names(events), ['button', 'enter', 'code', 'prevented', 'hidden_names', 'outside']);
  assert.deepEqual(events[4].properties, { list: 'weekly' });
  for (const event of events) assert.equal(event.trigger.on, 'submit');
  assert.ok(sent() > 0, 'the forms were really sent');
  assert.ok(!s.sink.batches.some(({ body }) => body.includes('hello')), 'nothing a visitor typed leaves the page');
});

scenario('an invalid form counts once it is valid', {
  config: { pageViews: false, conversions: { signup: { on: 'submit', match: 'form' } } },
  body: `<form><input name=email type=email required><button>x</button></form>
    <script>document.forms[0].addEventListener('submit', (event) => event.preventDefault());</script>`,
}, async (s) => {
  await open(s);
  await press(s.page, 'button');
  await s.page.focus('input');
  await s.page.keyboard.type('ana@');
  await s.page.keyboard.press('Enter');
  await s.page.keyboard.type('mail.example');
  await s.page.keyboard.press('Enter');
  assert.deepEqual(names(await finish(s)), ['signup']);
});

scenario('a form sent to the next page', {
  config: { pageViews: false, conversions: { signup: { on: 'submit', match: '#form' } } },
  routes: { '/thanks': (s) => s.html('thanks') },
  body: '<form id=form action=/thanks method=post><input name=a value="b&c"><button>x</button></form>',
}, async (s) => {
  await open(s);
  const there = s.page.waitForURL('**/thanks');
  await press(s.page, 'button');
  await there;
  assert.deepEqual(names(await s.sink.events(1)), ['signup']);
  assert.deepEqual(s.site.requests.filter(({ url }) => url === '/thanks').map(({ method, body }) => [method, body]), [['POST', 'a=b%26c']]);
});

scenario('add to cart, as the page itself says it', {
  config: {
    pageViews: false,
    conversions: {
      add_to_cart: {
        on: 'event', event: 'shop:added', match: 'form.cart', currency: 'EUR', leadsTo: 'purchase',
        read: { product: { attribute: 'data-product' }, value: { attribute: 'data-price' } },
      },
    },
  },
  body: `<form class=cart data-product=lamp data-price=89.00><button>add</button></form>
    <form class=cart data-product=pot data-price="74,00 €"><button>add</button></form>
    <form class=other><button>add</button></form>
    <script>
      for (const form of document.forms) form.addEventListener('submit', (event) => {
        event.preventDefault();
        setTimeout(() => {
          form.dispatchEvent(new CustomEvent('shop:added', { bubbles: true }));
          document.body.dataset.added = Number(document.body.dataset.added ?? 0) + 1;
        });
      });
    </script>`,
}, async (s) => {
  await open(s);
  for (const index of [0, 1, 2]) {
    await press(s.page, `form:nth-of-type(${index + 1}) button`);
    await s.page.waitForFunction((count) => document.body.dataset.added === String(count), index + 1);
  }
  const events = await finish(s);
  assert.deepEqual(events.map(({ name, value, currency, properties, leadsTo, trigger }) => [name, value, currency, properties, leadsTo, trigger.event]), [
    ['add_to_cart', 89, 'EUR', { product: 'lamp' }, 'purchase', 'shop:added'],
    ['add_to_cart', undefined, 'EUR', { product: 'pot', value: '74,00 €' }, 'purchase', 'shop:added'],
  ]);
});

scenario('an event of the page counts wherever it is dispatched, if the rule names no element', {
  config: { pageViews: false, conversions: { done: { on: 'event', event: 'shop:done' } } },
  body: '<p>x</p>',
}, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    for (const target of [document.querySelector('p'), document.body, document.documentElement, document, window]) target.dispatchEvent(new Event('shop:done'));
  });
  assert.deepEqual(names(await finish(s)), Array(5).fill('done'));
});
