/** A config that is wrong: the page is unharmed, every fault has a code and a path, what is right goes on. */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';

const body = '<button id=good data-footstep="marked">x</button>';
const MISSING = /404 \(Not Found\)/;

/** Configs nothing can be read from, and the code each must be given. */
const unreadable = {
  'no JSON': ['{ "conversions": { }', 'not_json'],
  'a page of HTML': ['<!doctype html><title>login</title>', 'not_json'],
  'a list': ['[]', 'not_json'],
  'null': ['null', 'not_json'],
  'nothing at all': ['', 'not_json'],
  'an answer 404': [{ status: 404, body: 'no' }, 'not_loaded'],
  'an answer 500': [{ status: 500, body: '{}' }, 'not_loaded'],
};
for (const [what, [config, code]] of Object.entries(unreadable)) {
  scenario(`the config is ${what}: the gate is shut`, { config, body, expect: [/Failed to load resource/] }, async (s) => {
    const ready = await open(s);
    assert.equal(ready.engine, 'wasm');
    assert.ok(ready.diagnostics.some((each) => each.code === code && each.args.length === 1), JSON.stringify(ready.diagnostics));
    await press(s.page, '#good');
    await s.page.evaluate(() => footstep.flush());
    const found = await stats(s.page);
    assert.equal(found.consent, 'unknown');
    assert.equal(found.storage, 'closed');
    assert.equal(s.sink.batches.length, 0);
    assert.equal(await s.page.evaluate(() => localStorage.length), 0);
    // The visitor may still be asked, and say yes.
    await s.page.evaluate(() => footstep.consent('granted'));
    assert.deepEqual(names(await finish(s)), ['marked']);
    assert.ok(s.sink.batches[0].batch.diagnostics.includes(code), 'the collector is told');
  });
}

for (const what of ['no JSON', 'an answer 404']) {
  scenario(`the config is ${what}, but the tag says data-consent`, { config: unreadable[what][0], body, tag: { consent: 'none' }, expect: [MISSING] }, async (s) => {
    await open(s);
    await press(s.page, '#good');
    assert.deepEqual(names(await finish(s)), ['marked']);
  });
}

scenario('an inline config that is not there', { body, tag: { config: '#nowhere' } }, async (s) => {
  const { diagnostics } = await open(s);
  assert.ok(diagnostics.some(({ code }) => code === 'not_loaded'));
  assert.equal((await stats(s.page)).consent, 'unknown');
});

scenario('an inline config behind the tag', {
  tag: { config: '#config' },
  body: `<button id=good class=good>x</button>
    <script type="application/json" id=config>{ "conversions": { "good": { "on": "click", "match": ".good" } } }</script>`,
}, async (s) => {
  assert.deepEqual((await open(s)).diagnostics, []);
  await press(s.page, '#good');
  assert.deepEqual(names(await finish(s)), ['good']);
});

scenario('an inline config that the page writes later than the tag is run', {
  tag: { config: '#config' },
  // The page is still on its way when the tag runs: what stands further down is not there yet.
  body: '<button id=good class=good>x</button>',
}, async (s) => {
  let go;
  const rest = new Promise((resolve) => { go = resolve; });
  const [before, after] = s.site.routes['/'].split('</body>');
  s.site.routes['/slow.js'] = { body: '', wait: rest };
  s.site.routes['/'] = `${before}<script src="/slow.js"></script>
    <script type="application/json" id=config>{ "conversions": { "good": { "on": "click", "match": ".good" } } }</script></body>${after}`;
  const wasm = s.page.waitForResponse((response) => response.url().includes('.wasm'));
  const loaded = open(s);
  await (await wasm).finished();
  go();
  assert.deepEqual((await loaded).diagnostics, []);
});

/** Faulty parts beside a good rule: the config, and `code path` of each finding. */
const faulty = {
  'wrong types': [
    { pageViews: 'no', page: [], untrusted: 1, conversions: { a: 7, b: { on: 'click', match: 5 }, c: { on: 'scroll', percent: '50' }, d: { on: 'custom', value: '5', macro: 'yes', currency: 1, leadsTo: [], read: 'x' } } },
    ['wrong_type pageViews', 'wrong_type page', 'wrong_type untrusted', 'wrong_type conversions.a', 'wrong_type conversions.b.match',
      'wrong_type conversions.c.percent', 'wrong_type conversions.d.value', 'wrong_type conversions.d.macro', 'wrong_type conversions.d.currency',
      'wrong_type conversions.d.leadsTo', 'wrong_type conversions.d.read'],
  ],
  'unknown words': [
    { sites: 'x', page: { query: [], fragment: true }, conversions: { a: { on: 'clikc', match: '#a' }, b: { on: 'click', match: '#b', matches: 1 }, c: { on: 'click', match: '#c', once: 'twice' }, d: { on: 'click', match: '#d', read: { x: { attr: 'y' } } } } },
    ['unknown_word sites', 'unknown_word page.fragment', 'not_one_of conversions.a.on', 'unknown_word conversions.b.matches', 'not_one_of conversions.c.once', 'missing conversions.d.read.x', 'unknown_word conversions.d.read.x.attr'],
  ],
  'selectors the browser does not know': [
    { conversions: { a: { on: 'click', match: '##' }, b: { on: 'submit', match: 'form:has(' }, c: { on: 'scroll', percent: 50, of: ':::' }, d: { on: 'media', match: '[' }, e: { on: 'event', event: 'x', match: '}{' } } },
    ['bad_selector conversions.a', 'bad_selector conversions.b', 'bad_selector conversions.c', 'bad_selector conversions.d', 'bad_selector conversions.e'],
  ],
  'URL patterns that are none': [
    { conversions: { a: { on: 'page', url: 'shop' }, b: { on: 'page', url: '/**/**/**/**/**/' }, c: { on: 'click', match: '#good', read: { x: { url: '/no-name' } } } } },
    ['bad_url conversions.a.url', 'bad_url conversions.b.url', 'bad_url conversions.c.read.x.url'],
  ],
  'names and numbers': [
    { conversions: { 'a b': { on: 'custom' }, '<img>': { on: 'custom' }, c: { on: 'scroll', percent: [50, 101] }, d: { on: 'scroll' }, e: { on: 'click' }, f: {}, g: { on: 'click', match: '#g', read: { x: { attribute: 'value' } } } } },
    ['bad_name conversions.a b', 'bad_name conversions.<img>', 'out_of_range conversions.c.percent', 'missing conversions.d', 'missing conversions.e', 'missing conversions.f', 'protected_read conversions.g.read.x.attribute'],
  ],
};
for (const [what, [config, expected]] of Object.entries(faulty)) {
  scenario(`${what}, one good rule among them`, {
    config: { ...config, conversions: { ...config.conversions, good_one: { on: 'click', match: '#good' } } },
    body: '<button id=good>x</button> <form id=f><button id=send>x</button></form> <p style="height:3000px">',
  }, async (s) => {
    const { diagnostics } = await open(s);
    const found = (await stats(s.page)).diagnostics;
    const shown = (list) => list.map(({ code, path }) => `${code} ${path}`).sort();
    assert.deepEqual(shown(diagnostics), [...expected].sort());
    assert.deepEqual(shown(found), [...expected].sort());
    for (const { args } of found) assert.ok(args.every((arg) => typeof arg === 'string'));
    await press(s.page, '#good');
    const events = await finish(s);
    assert.ok(names(events).includes('good_one'), names(events).join());
    assert.ok(names(events).every((name) => ['good_one', 'c'].includes(name)), names(events).join());
  });
}

scenario('a consent part that is wrong shuts the gate', { config: { consent: { mode: 'optin' } }, body }, async (s) => {
  const { diagnostics } = await open(s);
  assert.deepEqual(diagnostics.map(({ code, path }) => [code, path]), [['not_one_of', 'consent.mode']]);
  await press(s.page, '#good');
  await s.page.evaluate(() => footstep.flush());
  assert.equal(s.sink.batches.length, 0);
});

scenario('a thousand faults are told fifty at a time', {
  config: { conversions: Object.fromEntries([...Array.from({ length: 1000 }, (_, i) => [`r${i}`, { on: 'nothing' }]), ['good', { on: 'click', match: '#good' }]]) }, body: '<button id=good>x</button>',
}, async (s) => {
  assert.equal((await open(s)).diagnostics.length, 50);
  await press(s.page, '#good');
  assert.deepEqual(names(await finish(s)), ['good']);
});
