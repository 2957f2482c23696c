/**
 * What a conversion says of the product: from the element, the page, the data layer and what the page tells search
 * engines. And what it never says: anything a visitor may have typed, whatever a rule asks for.
 */

import assert from 'node:assert/strict';
import { finish, open, press, scenario, stats } from './support/browser.mjs';

/** A rule of that name for a press of `#name`, with these reads. */
const pressed = (all) => ({ pageViews: false, conversions: Object.fromEntries(Object.entries(all).map(([name, read]) => [name, { on: 'click', match: `#${name}`, read }])) });
const said = (events) => Object.fromEntries(events.map(({ name, value, currency, order, items, properties }) => [name, JSON.parse(JSON.stringify({ value, currency, order, items, ...properties }))]));

scenario('from the element, what is around it, and the page', {
  config: pressed({
    near: { sku: { attribute: 'data-sku' }, title: { text: '.title' }, price: { attribute: 'content', of: '.price' }, value: { attribute: 'content', of: '.price', as: 'number' } },
    typed: { quantity: { attribute: 'data-n', as: 'integer' }, half: { attribute: 'data-half', as: 'number' }, value: { text: '.typed', as: 'money' }, no: { attribute: 'data-none' }, list: { constant: ['a', 1] } },
    minor: { value: { attribute: 'data-cents', as: 'money', minor: true }, where: { url: '/{lang}/**' }, head: { text: 'h1' } },
    inside: { text: { text: '#inside' } },
  }),
  routes: { '/en/lamps': (s) => s.html(`<h1> All   the
      lamps </h1>
    <article class=card><h2 class=title>Desk <b>lamp</b></h2><meta class=price content="89.00"><div><button id=near data-sku=lamp-1>x</button></div></article>
    <article class=card><h2 class=title>Pot</h2><meta class=price content="5.00"><button id=typed data-n=3 data-half=2.5>x</button><i class=typed>1.234,50 €</i></article>
    <button id=minor data-cents=1250>x</button><a id=inside href="#x">a <span>link <!-- x --></span><br>here</a>`) },
}, async (s) => {
  await open(s, '/en/lamps');
  for (const name of ['near', 'typed', 'minor']) await press(s.page, `#${name}`);
  await press(s.page, '#inside span');
  assert.deepEqual(said(await finish(s)), {
    near: { sku: 'lamp-1', title: 'Desk lamp', price: '89.00', value: 89 },
    typed: { quantity: 3, half: 2.5, value: 1234.5, currency: 'EUR', list: ['a', 1] },
    minor: { value: 12.5, where: 'en', head: 'All the lamps' },
    inside: { text: 'a link here' },
  });
  assert.deepEqual((await stats(s.page)).diagnostics, []);
});

const layer = pressed({
  buy: { value: { datalayer: 'ecommerce.value' }, currency: { datalayer: 'ecommerce.currency' }, first: { datalayer: 'ecommerce.items.0.item_id' }, user: { datalayer: 'user.kind' } },
});
layer.conversions.pushed = { on: 'datalayer', event: 'add_to_cart', read: { value: { datalayer: 'ecommerce.value' }, item: { datalayer: 'ecommerce.items.0.item_id' } } };

scenario('from the data layer: the last that was said, in both shapes, also if it comes late', { config: layer, body: '<button id=buy>x</button>' }, async (s) => {
  await open(s);
  const steps = [
    () => {},
    () => { window.dataLayer = [{ user: { kind: 'guest' } }, { event: 'view_item', ecommerce: { value: 89, currency: 'EUR', items: [{ item_id: 'lamp' }] } }]; },
    () => dataLayer.push({ event: 'add_to_cart', ecommerce: { value: 74, items: [{ item_id: 'pot' }] } }),
    () => { window.gtag = function () { dataLayer.push(arguments); }; gtag('event', 'add_to_cart', { value: 12.5, currency: 'USD', items: [{ item_id: 'cup' }] }); },
    () => dataLayer.push({ ecommerce: null }, { get ecommerce() { throw new Error('of the page'); } }, 'text', null),
  ];
  for (const step of steps) {
    await s.page.evaluate(step);
    await press(s.page, '#buy');
  }
  const events = await finish(s);
  assert.deepEqual(events.map(({ name, ...rest }) => [name, ...Object.values(said([{ name, ...rest }]))]), [
    ['buy', {}],
    ['buy', { value: 89, currency: 'EUR', first: 'lamp', user: 'guest' }],
    ['pushed', { value: 74, item: 'pot' }],
    ['buy', { value: 74, currency: 'EUR', first: 'pot', user: 'guest' }],
    ['pushed', { value: 12.5, item: 'cup' }],
    ['buy', { value: 12.5, currency: 'USD', first: 'cup', user: 'guest' }],
    ['buy', { value: 12.5, currency: 'USD', first: 'cup', user: 'guest' }],
  ]);
});

const SECRET = 'geheim-4111111111111111';
/** Fields, and a read that must be refused: of each, what a visitor typed stands in an attribute or a text as well. */
const FIELDS = {
  text_field: [`<input id=f1 value="${SECRET}">`, { attribute: 'value', of: '#f1' }],
  no_type: [`<input id=f2 type=TEXT VALUE="${SECRET}">`, { attribute: 'VALUE', of: '#f2' }],
  email: [`<input id=f3 type=email value="${SECRET}">`, { attribute: 'value', of: '#f3' }],
  password: [`<input id=f4 type=password value="${SECRET}">`, { attribute: 'value', of: '#f4' }],
  password_shown: [`<input id=f5 type=password autocomplete=current-password value="${SECRET}"><script>f5.type = 'text'</script>`, { attribute: 'value', of: '#f5' }],
  card_hidden: [`<input id=f6 type=hidden autocomplete="billing CC-number" value="${SECRET}">`, { attribute: 'value', of: '#f6' }],
  code: [`<input id=f7 autocomplete=one-time-code value="${SECRET}">`, { attribute: 'value', of: '#f7' }],
  unknown_type: [`<input id=f8 type=card value="${SECRET}">`, { attribute: 'value', of: '#f8' }],
  area: [`<textarea id=f9>${SECRET}</textarea>`, { text: '#f9' }],
  area_around: [`<div id=f10>comment <p><textarea>${SECRET}</textarea></p></div>`, { text: '#f10' }],
  choice: [`<select id=f11><option>${SECRET}</option></select>`, { text: '#f11' }],
  editor: [`<div id=f12 contenteditable>${SECRET}</div>`, { text: '#f12' }],
  in_editor: [`<div contenteditable><p id=f13>${SECRET}</p></div>`, { text: '#f13' }],
  editor_inside: [`<div id=f14>comment <div contenteditable>${SECRET}</div></div>`, { text: '#f14' }],
};
const GIVEN = {
  hidden: ['<input id=g1 type=hidden value=lamp>', { attribute: 'value', of: '#g1' }, 'lamp'],
  button: ['<input id=g2 type=submit value="Buy now">', { attribute: 'value', of: '#g2' }, 'Buy now'],
  list_item: ['<ul><li id=g3 value=3>x</ul>', { attribute: 'value', of: '#g3' }, '3'],
  about_field: [`<input id=g4 data-list=weekly value="${SECRET}">`, { attribute: 'data-list', of: '#g4' }, 'weekly'],
  label: [`<label id=g5>E-mail <input value="${SECRET}"></label>`, { text: '#g5' }, 'E-mail'],
};

scenario('what may have been typed is refused, and said to be', {
  expect: [/Password field is not contained in a form/],
  config: { ...pressed(Object.fromEntries(Object.entries({ ...FIELDS, ...GIVEN }).map(([name, [, read]]) => [name, { what: read }]))) },
  body: Object.entries({ ...FIELDS, ...GIVEN }).map(([name, [html]]) => `<section>${html}<button id=${name} type=button>${name}</button></section>`).join(''),
}, async (s) => {
  await open(s);
  for (const name of [...Object.keys(FIELDS), ...Object.keys(GIVEN)]) await press(s.page, `#${name}`);
  assert.deepEqual(said(await finish(s)), {
    ...Object.fromEntries(Object.keys(FIELDS).map((name) => [name, {}])),
    ...Object.fromEntries(Object.entries(GIVEN).map(([name, [, , what]]) => [name, { what }])),
  });
  const { diagnostics } = await stats(s.page);
  assert.deepEqual(diagnostics.map(({ code, path }) => `${code} ${path}`), Object.keys(FIELDS).map((name) => `protected_read conversions.${name}`));
  assert.ok(s.sink.batches.every(({ body }) => !body.includes(SECRET)), 'it never leaves the page');
});

scenario('a value of whatever is hit is refused before anything happens; a form says nothing of its fields', {
  config: { pageViews: false, conversions: {
    sent: { on: 'submit', match: 'form', read: { list: { attribute: 'data-list' }, all: { attribute: 'value' } } },
    changed: { on: 'change', match: 'input' },
  } },
  body: '<form data-list=weekly><input name=email><button>x</button></form><script>document.forms[0].onsubmit = () => false;</script>',
}, async (s) => {
  await open(s);
  await s.page.focus('input');
  await s.page.keyboard.type(SECRET);
  await press(s.page, 'button');
  assert.deepEqual(said(await finish(s)), { changed: {}, sent: { list: 'weekly' } });
  assert.deepEqual((await stats(s.page)).diagnostics.map(({ code, path }) => [code, path]), [['protected_read', 'conversions.sent.read.all.attribute']]);
  assert.ok(s.sink.batches.every(({ body }) => !body.includes(SECRET)));
});

scenario('from what the page tells search engines', {
  config: pressed({
    jsonld: { value: { jsonld: 'offers.price', as: 'number' }, currency: { jsonld: 'offers.priceCurrency' }, sku: { jsonld: 'sku' }, head: { jsonld: 'BlogPosting.headline' } },
    microdata: { value: { microdata: 'offers.price' }, name: { microdata: 'name' }, brand: { microdata: 'brand' } },
    opengraph: { value: { opengraph: 'product:price:amount', as: 'number' }, none: { opengraph: 'og:none' } },
  }),
  head: '<meta property="product:price:amount" content="74.00"><meta property="og:title" content="Lamp">',
  body: `<script type="application/ld+json">{ broken, </script>
    <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebPage"},{"@type":"BlogPosting","headline":"Light"},{"@type":"Product","sku":"lamp-1","offers":[{"@type":"Offer","price":"89.00","priceCurrency":"EUR"}]}]}</script>
    <div itemscope itemtype="https://schema.org/Product"><b itemprop=name>Desk lamp</b><div itemprop=brand itemscope itemtype="https://schema.org/Brand"><i itemprop=name>Nord</i></div>
      <div itemprop=offers itemscope itemtype="https://schema.org/Offer"><meta itemprop=price content="5.50"></div></div>
    <button id=jsonld>x</button><button id=microdata>x</button><button id=opengraph>x</button>`,
}, async (s) => {
  await open(s);
  for (const name of ['jsonld', 'microdata', 'opengraph']) await press(s.page, `#${name}`);
  assert.deepEqual(said(await finish(s)), {
    jsonld: { value: 89, currency: 'EUR', sku: 'lamp-1', head: 'Light' },
    microdata: { value: 5.5, name: 'Desk lamp', brand: 'Nord' },
    opengraph: { value: 74 },
  });
  assert.equal(s.site.requests.filter(({ url }) => url.startsWith('/dist/footstep-product')).length, 1);
});

scenario('the part that reads it is fetched only if a rule needs it', { config: pressed({ plain: { title: { text: 'h1' } } }), body: '<h1>x</h1><button id=plain>x</button>' }, async (s) => {
  await open(s);
  await press(s.page, '#plain');
  await finish(s);
  assert.deepEqual(s.site.requests.filter(({ url }) => /footstep-(product|requests|players)/.test(url)), []);
});
