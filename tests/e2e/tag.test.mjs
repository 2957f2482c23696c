/** The script tag in the surroundings real pages put it in: strict policies, odd servers, no wasm, calls before it runs. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';
import { html, startSite, tag } from './support/site.mjs';

const config = { pageViews: false, conversions: { good: { on: 'click', match: '#good' } } };
const body = '<button id=good>x</button>';
/** The line the README gives to pages that call before the tag has run. */
const STUB = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').match(/<script>(window\.footstep .*q\.push.*)<\/script>/)[1];

/** Serves the fixture page with further headers. */
const withHeaders = (s, headers) => { s.site.routes['/'] = { body: s.site.routes['/'], headers }; };

scenario('the strictest policy, without one violation', { config, body }, async (s) => {
  const reports = [];
  s.site.routes['/report'] = (request) => {
    reports.push(s.site.requests.at(-1).body);
    return { status: 204 };
  };
  withHeaders(s, {
    'content-security-policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${s.sink.origin}; require-trusted-types-for 'script'; trusted-types 'none'; report-uri /report`,
  });
  await s.page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  assert.deepEqual(await open(s), { engine: 'wasm', diagnostics: [] });
  await press(s.page, '#good');
  assert.deepEqual(names(await finish(s)), ['good']);
  assert.deepEqual(await s.page.evaluate(() => window.violations), []);
  assert.deepEqual(reports, []);
});

scenario('a wasm file of the wrong type', { config, body, routes: { '/dist/footstep.wasm': { file: 'dist/footstep.wasm', headers: { 'content-type': 'application/octet-stream' } } } }, async (s) => {
  assert.deepEqual(await open(s), { engine: 'wasm', diagnostics: [] });
  await press(s.page, '#good');
  assert.deepEqual(names(await finish(s)), ['good']);
});

scenario('a wasm type with parameters', { config, body, routes: { '/dist/footstep.wasm': { file: 'dist/footstep.wasm', headers: { 'content-type': 'application/wasm; charset=utf-8' } } } }, async (s) => {
  assert.equal((await open(s)).engine, 'wasm');
});

/** Reasons why there is no core, each as a change of the setting. */
const noCore = {
  'the wasm is not there': (s) => { s.site.routes['/dist/footstep.wasm'] = { status: 404, body: 'no' }; },
  'the wasm is another file': (s) => { s.site.routes['/dist/footstep.wasm'] = { body: 'no wasm', headers: { 'content-type': 'application/wasm' } }; },
  'the core script is not there': (s) => { s.site.routes['/dist/footstep-core.js'] = { status: 404, body: 'no' }; },
  'the policy forbids wasm': (s) => withHeaders(s, { 'content-security-policy': `script-src 'self'; connect-src 'self' ${s.sink.origin}` }),
  'the policy forbids fetching it': (s) => withHeaders(s, { 'content-security-policy': `script-src 'self' 'wasm-unsafe-eval'; connect-src ${s.sink.origin}` }),
  'WebAssembly is switched off': async (s) => { await s.page.addInitScript(() => { delete window.WebAssembly; }); },
};
for (const [why, change] of Object.entries(noCore)) {
  const expect = [/Failed to load resource/, /Content Security Policy/, /Refused to/, /integrity/];
  scenario(`no core, because ${why}: the page does not notice`, { config, body, expect }, async (s) => {
    await change(s);
    await s.page.goto(s.site.origin);
    const found = await s.page.evaluate(async () => {
      footstep.track('early', { a: 1 });
      footstep.on('conversion', () => {});
      const early = footstep.flush();
      const ready = await footstep.ready;
      footstep.track('late');
      footstep.consent('granted');
      footstep.consent('denied');
      const flushed = [await early, await footstep.flush()];
      const stats = footstep.stats();
      footstep.stop();
      return { ready, flushed, stats };
    });
    assert.equal(found.ready.engine, 'none');
    assert.deepEqual(found.ready.diagnostics.map(({ code }) => code), ['no_core']);
    assert.deepEqual(found.flushed, Array(2).fill({ acknowledged: 0, waiting: 0, dropped: 0 }));
    assert.equal(found.stats.engine, 'none');
    assert.deepEqual(found.stats.collectors, []);
    await press(s.page, '#good');
    assert.equal(s.sink.batches.length, 0);
    assert.equal(await s.page.evaluate(() => localStorage.length), 0);
  });
}

/** Where the stub stands: calls before the core keep their order and their times. */
for (const where of ['before', 'after']) {
  scenario(`calls made before the core is there, with the stub ${where} the tag`, { config, body }, async (s) => {
    const stub = `<script>${STUB};footstep.track('one',{i:1});footstep.on('conversion',(e)=>(window.told??=[]).push(e.name));window.t1=performance.now()</script>`;
    s.site.routes['/'] = html(body, where === 'before' ? stub + s.tag : s.tag + stub);
    let go;
    const wait = new Promise((resolve) => { go = resolve; });
    s.site.routes['/dist/footstep.wasm'] = { file: 'dist/footstep.wasm', wait };
    await s.page.goto(s.site.origin);
    // So that the times of two calls, and that of the core, differ by more than what is allowed below.
    const later = (since) => s.page.waitForFunction((name) => performance.now() > window[name] + 100, since);
    await later('t1');
    await s.page.evaluate(() => {
      window.t2 = performance.now();
      footstep.track('two', { i: 2 });
      footstep.track('three');
    });
    await later('t2');
    go();
    await s.page.evaluate(() => footstep.ready);
    const events = await finish(s);
    assert.deepEqual(names(events), ['one', 'two', 'three']);
    const [t1, t2] = await s.page.evaluate(() => [window.t1, window.t2]);
    const [one, two] = events;
    assert.ok(Math.abs(one.mono - t1) < 30, `${one.mono} and ${t1}`);
    assert.ok(Math.abs(two.mono - t2) < 30, `${two.mono} and ${t2}`);
    assert.ok(Math.abs(two.at - one.at - (t2 - t1)) < 40, 'the wall clock as well');
    assert.deepEqual(await s.page.evaluate(() => window.told), ['two', 'three', 'sentinel']);
  });
}

scenario('a page that took hold of the stub goes on through it', { config, body, head: `<script>${STUB};window.mine = footstep.track; mine('one');</script>` }, async (s) => {
  await open(s);
  await s.page.evaluate(() => window.mine('two'));
  assert.deepEqual(names(await finish(s)), ['one', 'two']);
});

scenario('two tags on a page are one tracker', { config, body: (s) => s.tag + body }, async (s) => {
  assert.deepEqual(await open(s), { engine: 'wasm', diagnostics: [] });
  assert.equal(s.site.requests.filter(({ url }) => url.includes('.wasm')).length, 1);
  await press(s.page, '#good');
  assert.deepEqual(names(await finish(s)), ['good']);
});

scenario('the tag from a third origin', { config, tag: false }, async (s) => {
  const cdn = await startSite();
  try {
    s.site.routes['/'] = html(body, tag({ collector: s.sink.url, config: '/footstep.json' }, `${cdn.origin}/dist/footstep.js`));
    assert.deepEqual(await open(s), { engine: 'wasm', diagnostics: [] });
    await press(s.page, '#good');
    assert.deepEqual(names(await finish(s)), ['good']);
    assert.ok(cdn.requests.some(({ url }) => url.includes('.wasm')));
    assert.ok(!s.site.requests.some(({ url }) => url.includes('/dist/')));
  } finally {
    cdn.close();
  }
});

/** Pages that use our name for something of their own, and what it must still be afterwards. */
const taken = {
  'a text': ["<script>window.footstep = 'mine';</script>", "footstep === 'mine'"],
  'an object': ['<script>window.footstep = { mine: 1 };</script>', "footstep.mine === 1 && !('track' in footstep)"],
  'a constant': ["<script>Object.defineProperty(window, 'footstep', { value: 7 });</script>", "footstep === 7"],
};
for (const [what, [markup, still]] of Object.entries(taken)) {
  scenario(`a page whose footstep is ${what} is unharmed`, { config, head: markup.startsWith('<script') ? markup : '', body: markup.startsWith('<script') ? body : markup + body }, async (s) => {
    await s.page.goto(s.site.origin);
    await press(s.page, '#good');
    assert.ok(await s.page.evaluate(still));
  });
}

// An element is no variable of the page's: the tracker starts, and the element stays where it was.
for (const element of ['<a id=footstep href="#x">x</a>', '<form id=footstep><input name=q><input name=track></form>', '<iframe name=footstep></iframe>']) {
  scenario(`a page with ${element} is tracked like any other`, { config, body: element + body }, async (s) => {
    await open(s);
    await press(s.page, '#good');
    await s.sink.events(1);
    assert.ok(await s.page.evaluate(() => document.querySelector('[id=footstep], [name=footstep]') !== window.footstep));
  });
}

scenario('elements named like what a script would ask the document for', {
  config, body: `<form name=currentScript></form><img name=cookie><form name=title></form><form name=body></form><form name=scrollingElement></form>
    <form name=getElementById></form><form name=visibilityState></form><form name=querySelector></form>${body}`,
}, async (s) => {
  const there = s.page.goto(s.site.origin);
  await there;
  assert.deepEqual(await s.page.evaluate(() => footstep.ready), { engine: 'wasm', diagnostics: [] });
  const at = await s.page.evaluate(() => {
    const { x, y } = Document.prototype.querySelector.call(document, '#good').getBoundingClientRect();
    return [x + 5, y + 5];
  });
  await s.page.mouse.click(...at);
  assert.deepEqual(names(await finish(s)), ['good']);
});

/** What old libraries and careless pages put on the prototypes of everything. */
const prototypes = {
  'toJSON on lists and texts': "Array.prototype.toJSON = () => 'broken'; String.prototype.toJSON = () => 'broken';",
  'names of the options of a request': "for (const name of ['method', 'headers', 'integrity', 'body', 'mode']) Object.prototype[name] = name === 'headers' ? { 'x-mine': '1' } : 'mine';",
  'names of our own': "for (const name of ['q', 'wasm', 'tag', 'config', 'ready', 'debug']) Object.prototype[name] = 'mine';",
  'functions on lists': 'Array.prototype.each = () => {}; Array.prototype.first = () => {};',
};
for (const [what, code] of Object.entries(prototypes)) {
  scenario(`a page that has put ${what} on the prototypes`, { config, body, head: `<script>${code}</script>` }, async (s) => {
    assert.deepEqual(await open(s), { engine: 'wasm', diagnostics: [] });
    await press(s.page, '#good');
    await s.page.evaluate(() => { footstep.track('with', { list: [1, 'two'] }); });
    const events = await finish(s);
    assert.deepEqual(names(events), ['good', 'with']);
    assert.deepEqual(events[1].properties, { list: [1, 'two'] });
  });
}

scenario('data-debug says on the console what is wrong; without it nobody does', { config: { nonsense: 1 }, body, tag: { debug: '' }, expect: [/^footstep: unknown_word at nonsense: nonsense/] }, async (s) => {
  const lines = [];
  s.page.on('console', (message) => lines.push(message.text()));
  await open(s);
  assert.equal(lines.filter((line) => line.startsWith('footstep: unknown_word')).length, 1);
});

scenario('no collector named', { config, tag: false }, async (s) => {
  s.site.routes['/'] = html(body, tag({ config: '/footstep.json' }));
  assert.deepEqual((await open(s)).diagnostics.map(({ code }) => code), ['no_collector']);
  await s.page.evaluate(() => footstep.on('conversion', ({ name }) => { window.told = name; }));
  await press(s.page, '#good');
  assert.equal(await s.page.evaluate(() => window.told), 'good');
  assert.deepEqual((await stats(s.page)).collectors, []);
});
