/** Steps told by code: `track()` with whatever a page may hand over, and callbacks. */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';

const config = {
  pageViews: false,
  conversions: { purchase: { on: 'custom', macro: true, currency: 'EUR' }, step: { on: 'custom', value: 2, leadsTo: 'purchase' } },
};

scenario('names, values and properties', { config }, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    footstep.track('step');
    footstep.track('step', { value: 5, currency: 'USD', product: { id: 'lamp', tags: ['a', { b: null }], on: true } });
    footstep.track('purchase', { value: '129.90', order: 'A "1"\\\n\u2028 €🦶' });
    footstep.track('unknown_to_the_config', {});
  });
  const events = await finish(s);
  assert.deepEqual(events.map(({ name, kind, value, currency, leadsTo, properties, trigger }) => [name, kind, value, currency, leadsTo, properties, trigger.on]), [
    ['step', 'micro', 2, undefined, 'purchase', undefined, 'custom'],
    ['step', 'micro', 5, 'USD', 'purchase', { product: { id: 'lamp', tags: ['a', { b: null }], on: true } }, 'custom'],
    ['purchase', 'macro', 129.9, 'EUR', undefined, { order: 'A "1"\\\n\u2028 €🦶' }, 'custom'],
    ['unknown_to_the_config', 'custom', undefined, undefined, undefined, undefined, 'custom'],
  ]);
});

scenario('odd values become JSON or nothing, and never throw', { config }, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    const cycle = { name: 'cycle' };
    cycle.self = cycle;
    footstep.track('odd', {
      nan: NaN, infinite: -Infinity, undefined: undefined, date: new Date(0), noDate: new Date(NaN), big: 12345678901234567890n,
      call() {}, symbol: Symbol('x'), lone: 'a\ud800b', nothing: null, list: [undefined, () => {}, 1], huge: 1e300, tiny: 5e-324, minus: -0,
      map: new Map([[1, 2]]), text: Object('boxed'), control: '\u0000\u001e\u001f\u007f', '__proto__x': 1, '': 'empty key',
    });
    footstep.track('cycle', { cycle });
    footstep.track('after');
  });
  const events = await finish(s);
  assert.deepEqual(names(events), ['odd', 'cycle', 'after']);
  const odd = events[0].properties;
  assert.equal(odd.nan, null);
  assert.equal(odd.date, '1970-01-01T00:00:00.000Z');
  assert.equal(odd.big, '12345678901234567890');
  assert.ok(!('call' in odd) && !('undefined' in odd) && !('symbol' in odd));
  assert.equal(odd.lone, 'a\ufffdb');
  assert.deepEqual(odd.list, [null, null, 1]);
  assert.equal(odd.huge, 1e300);
  assert.equal(odd.control, '\u0000\u001e\u001f\u007f');
  assert.equal(odd['']?.length, 9);
});

scenario('properties that are none, names that are none', { config }, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    for (const properties of [null, 1, 'text', [1, 2], true, () => {}, Symbol('x')]) footstep.track('none', properties);
    for (const name of ['', ' ', 'a b', '<img>', 'ä', 'x'.repeat(101), undefined, null, 5, {}, Symbol('x')]) footstep.track(name);
    footstep.track();
    footstep.on();
    footstep.on('nothing', () => {});
    footstep.on('conversion', 'no function');
    footstep.consent('maybe');
    footstep.track('x'.repeat(100));
  });
  const events = await finish(s);
  assert.deepEqual(names(events), [...Array(7).fill('none'), 'undefined', 'null', '5', 'undefined', 'x'.repeat(100)]);
  const codes = new Set((await stats(s.page)).diagnostics.map(({ code, path }) => `${code} ${path}`));
  for (const code of ['bad_properties track', 'bad_name track', 'not_one_of consent', 'not_one_of on']) assert.ok(codes.has(code), code);
});

/** Each is handed over where something sensible belongs; the next step must still count. */
const hostile = {
  'a getter that throws': () => footstep.track('x', { get a() { throw new Error('mine'); } }),
  'a proxy that throws': () => footstep.track('x', new Proxy({}, { ownKeys() { throw new Error('mine'); } })),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    footstep.track('x', { proxy });
  },
  'a date that throws': () => {
    const date = new Date();
    date.toISOString = () => { throw new Error('mine'); };
    footstep.track('x', { date });
  },
  'a name that cannot be text': () => footstep.track(Object.create(null)),
  'a type that cannot be text': () => footstep.on(Object.create(null)),
  'a decision that cannot be text': () => footstep.consent({ toString() { throw new Error('mine'); } }),
  'a window of another origin': () => footstep.track('x', { frame: document.querySelector('iframe').contentWindow }),
};
for (const [what, act] of Object.entries(hostile)) {
  scenario(`${what} does not end the tracker`, { config, body: '<iframe src="data:text/html,x"></iframe>' }, async (s) => {
    await open(s);
    await s.page.evaluate(act);
    const { engine } = await stats(s.page);
    assert.equal(engine, 'wasm');
    const events = await finish(s);
    assert.ok(names(events).every((name) => name === 'x'));
  });
}

scenario('objects that point at each other again and again do not hold up the page', { config }, async (s) => {
  await open(s);
  const took = await s.page.evaluate(() => {
    // As the nodes of a component tree do, which hang on every element of many shops: 14 objects, 1,600,000 ways.
    let tree = {};
    for (let level = 0; level < 13; level += 1) tree = { parent: tree, child: tree, sibling: tree };
    const began = performance.now();
    footstep.track('tree', tree);
    return performance.now() - began;
  });
  await finish(s);
  assert.ok(took < 100, `the page stood still for ${Math.round(took)} ms`);
});

scenario('callbacks: told of each step, cut off from each other and from us', {
  config: { conversions: { a: { on: 'click', match: '#a' }, nested: { on: 'click', match: '#nested', untrusted: 'count' } } },
  body: '<button id=a>x</button> <button id=nested>x</button>',
}, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    window.told = [];
    footstep.on('conversion', () => { throw new Error('of the page'); });
    footstep.on('conversion', (event) => { event.name = 'changed'; });
    footstep.on('conversion', ({ name, id, page }) => {
      told.push([name, typeof id, typeof page.url]);
      if (name === 'a') document.querySelector('#nested').click();
      if (name === 'nested' && told.length < 4) footstep.track('from_within');
    });
    footstep.on('conversion', async () => { await null; });
  });
  await press(s.page, '#a');
  // What a callback tracks has a turn of its own.
  await s.page.waitForFunction(() => told.length === 3);
  const events = await finish(s);
  assert.deepEqual(names(events), ['a', 'nested', 'from_within']);
  assert.equal(events[1].untrusted, true);
  assert.deepEqual((await s.page.evaluate(() => window.told)).map(([name]) => name), ['a', 'nested', 'from_within', 'sentinel']);
});
