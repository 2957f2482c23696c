/** The npm package: what is in it, that importing it does nothing, and that it works in a Vite build. */

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { leave, visitor } from '../e2e/support/browser.mjs';
import { startSink } from '../e2e/support/sink.mjs';
import { ROOT, startSite } from '../e2e/support/site.mjs';
import { startVendors } from '../e2e/support/vendors.mjs';
import { bin, install, viteApp, within, write } from './packed.mjs';

let app;
before(async () => {
  app = await install();
});
after(() => app?.remove());

test('the package holds what is published, and nothing else', { timeout: 120_000 }, async () => {
  const presets = (await readdir(join(ROOT, 'presets'))).map((name) => `dist/presets/${name}`);
  const formats = (await readdir(join(ROOT, 'docs/collectors'))).filter((name) => !['README.md', 'footstep.md'].includes(name)).map((name) => `dist/formats/${name.replace('.md', '.wasm')}`);
  assert.deepEqual(app.files.sort(), [
    'LICENSE-APACHE', 'LICENSE-MIT', 'README.md',
    'dist/collectors.d.ts', 'dist/config.d.ts', 'dist/footstep-check.js', 'dist/footstep-check.wasm', 'dist/footstep-core.js', 'dist/footstep-formats.js', 'dist/footstep-formats.wasm', 'dist/footstep-players.js', 'dist/footstep-product.js', 'dist/footstep-requests.js', 'dist/footstep.js', 'dist/footstep.wasm', 'dist/formats.js', 'dist/index.d.ts', 'dist/index.js',
    'dist/messages.json', 'dist/schema/batch.v1.json', 'dist/schema/config.v1.json', 'dist/schema/preset.v1.json', 'dist/schema/snowplow/micro_conversion.1-0-0.json', 'dist/slim.d.ts', 'dist/slim.js',
    'package.json', ...presets, ...formats,
  ].sort());
});

test('no path of the machine it was built on is in it', { timeout: 120_000 }, async () => {
  for (const file of app.files.filter((name) => name.startsWith('dist/'))) {
    const text = (await readFile(join(app.folder, 'node_modules/footstep', file))).toString('latin1');
    for (const path of [homedir(), ROOT, '.rustup/', '.cargo/', '/library/std/']) assert.ok(!text.includes(path), `${file} holds ${path}`);
  }
});

test('on a server: no side effect on import, calls that do nothing', { timeout: 120_000 }, async () => {
  await write(`${app.folder}/server.mjs`, `
    const before = Object.keys(globalThis).join();
    const { start } = await import('footstep');
    const slim = await import('footstep/slim');
    const footstep = start({ collectors: [{ url: 'http://127.0.0.1:9/v1/batch' }] });
    footstep.track('a', { value: 1 });
    footstep.on('conversion', () => {});
    footstep.consent('granted');
    const flushed = await footstep.flush();
    const ready = await footstep.ready;
    footstep.stop();
    const other = await slim.start({}, new Uint8Array()).ready;
    console.log(JSON.stringify({ same: before === Object.keys(globalThis).join(), flushed, ready, other, stats: footstep.stats() }));
  `);
  const said = JSON.parse(await within(app.folder, 'node', ['server.mjs']));
  assert.equal(said.same, true, 'no global is left behind');
  assert.equal(said.ready.engine, 'none');
  assert.equal(said.other.engine, 'none');
  assert.deepEqual(said.flushed, { acknowledged: 0, waiting: 0, dropped: 0 });
  assert.equal(said.stats.diagnostics[0].code, 'no_core');
});

test('in a Vite build: calls before the core is there, a form, a second start', { timeout: 120_000 }, async () => {
  const sink = await startSink();
  const routes = await viteApp(app.folder, `
    import { start } from 'footstep';
    const footstep = start({ site: 'app', collectors: [{ url: '${sink.url}' }], conversions: { signup: { on: 'submit', match: 'form.signup', value: 3 } } });
    footstep.track('early', { value: 240, currency: 'EUR' });
    window.same = start() === footstep;
    window.tracker = footstep;
    document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
  `);
  const site = await startSite(routes);
  const { context, noise } = await visitor();
  try {
    const page = await context.newPage();
    await page.goto(site.origin);
    const ready = await page.evaluate(() => window.tracker.ready);
    assert.deepEqual(ready, { engine: 'wasm', diagnostics: [] });
    await page.click('button');
    await page.evaluate(() => window.tracker.flush());
    const events = await sink.until((arrived) => arrived.length === 3, 'page, early and signup');
    assert.deepEqual(events.map(({ name, kind, value, site: of }) => [name, kind, value, of]), [
      ['page', 'page', undefined, 'app'], ['early', 'custom', 240, 'app'], ['signup', 'micro', 3, 'app'],
    ]);
    assert.equal(await page.evaluate(() => window.same), true);
    assert.deepEqual(noise, []);
  } finally {
    await leave(context);
    site.close();
    await sink.close();
  }
});

test('slim: the wasm from an address of its own', { timeout: 120_000 }, async () => {
  const sink = await startSink();
  const routes = await viteApp(app.folder, `
    import { start } from 'footstep/slim';
    window.tracker = start({ collectors: [{ url: '${sink.url}' }], pageViews: false }, '/dist/footstep.wasm');
    window.tracker.track('slim');
  `);
  const site = await startSite(routes);
  const { context, noise } = await visitor();
  try {
    const page = await context.newPage();
    await page.goto(site.origin);
    await sink.until((arrived) => arrived.length === 1 && arrived[0].name === 'slim', 'slim');
    assert.deepEqual(noise, []);
  } finally {
    await leave(context);
    site.close();
    await sink.close();
  }
});

test('in a Vite build and slim: the formats are a chunk of their own, loaded where the config names one', { timeout: 120_000 }, async () => {
  for (const [entry, rest] of [['footstep', ''], ['footstep/slim', ", '/dist/footstep.wasm', '/dist/formats/segment.wasm'"]]) {
    const vendors = await startVendors();
    const routes = await viteApp(app.folder, `
      import { start } from '${entry}';
      const format = new URLSearchParams(location.search).get('format');
      const collectors = [format ? { url: '${vendors.origin}/v1/b', format, writeKey: 'WK' } : { url: '${vendors.origin}/own' }];
      window.tracker = start({ collectors, pageViews: false }${rest});
      window.tracker.track('bundled');
    `);
    const site = await startSite(routes);
    const { context, noise } = await visitor();
    try {
      const page = await context.newPage();
      const second = () => site.requests.filter(({ url }) => /formats/.test(url.split('?')[0])).length;
      await page.goto(site.origin);
      await vendors.had('/own', 1);
      assert.equal(second(), 0, entry);
      await page.goto(`${site.origin}/?format=segment`);
      const [{ batch: [track] }] = await vendors.had('/v1/b', 1);
      assert.deepEqual([track.event, (await page.evaluate(() => window.tracker.ready)).diagnostics], ['bundled', []]);
      assert.ok(second() > 0, entry);
      assert.deepEqual(noise, []);
    } finally {
      await leave(context);
      site.close();
      vendors.close();
    }
  }
});

test('slim: the wasm of another format is said to be the wrong one, and what it cannot write waits', { timeout: 120_000 }, async () => {
  const vendors = await startVendors();
  const routes = await viteApp(app.folder, `
    import { start } from 'footstep/slim';
    const collectors = [
      { url: '${vendors.origin}/own' }, { url: '${vendors.origin}/v1/b', format: 'segment', writeKey: 'WK' },
      { url: '${vendors.origin}/mp/collect', format: 'ga4', measurementId: 'G-TEST00000' },
    ];
    window.tracker = start({ collectors, pageViews: false }, '/dist/footstep.wasm', '/dist/formats/' + (location.search.slice(1) || 'segment') + '.wasm');
  `);
  const site = await startSite(routes);
  const { context, noise } = await visitor();
  try {
    const page = await context.newPage();
    await page.goto(`${site.origin}/?ga4`);
    const { diagnostics } = await page.evaluate(() => window.tracker.ready);
    assert.deepEqual(diagnostics, [{ code: 'not_loaded', path: 'collectors.1', args: ['formats: segment'] }]);
    await page.evaluate(() => { window.tracker.track('kept', { value: 1 }); return window.tracker.flush(); });
    await vendors.had('/own', 1);
    await vendors.had('/mp/collect', 1);
    assert.equal(vendors.to('/v1/b').length, 0);
    await page.goto(site.origin);
    const [{ batch: [track] }] = await vendors.had('/v1/b', 1);
    assert.equal(track.event, 'kept');
    assert.deepEqual(noise, []);
  } finally {
    await leave(context);
    site.close();
    vendors.close();
  }
});

test('the types, under both module resolutions', { timeout: 120_000 }, async () => {
  await write(`${app.folder}/types.ts`, `
    import { start, type Config, type Footstep } from 'footstep';
    import { start as slim } from 'footstep/slim';
    const config: Config = { conversions: { a: { on: 'click', match: 'a', read: { value: { attribute: 'data-price' } } }, b: false } };
    const tracker: Footstep = start(config);
    slim(config, new URL('https://shop.example/footstep.wasm'));
    const others: Config = { collectors: [{ url: '/b', format: 'segment', writeKey: 'k', outcomes: 'all', sample: 10 }, { url: '/', names: ['a'] }] };
    slim(others, '/footstep.wasm', () => fetch('/footstep-formats.wasm'));
    // @ts-expect-error a format that is none
    start({ collectors: [{ url: '/', format: 'morse' }] });
    tracker.on('conversion', (event) => event.name.toUpperCase());
    tracker.track('x', { value: 1, nested: { list: [1] } });
    tracker.ready.then(({ engine, diagnostics }) => diagnostics.map((each) => engine + each.path));
    // @ts-expect-error a word that is none
    start({ conversions: { a: { on: 'click', mtach: 'a' } } });
    // @ts-expect-error a click without elements
    start({ conversions: { a: { on: 'click' } } });
    // @ts-expect-error a decision that is none
    tracker.consent('maybe');
  `);
  for (const [module, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    await within(app.folder, bin('tsc'), [
      '--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--lib', 'es2022,dom', '--types', '',
      '--module', module, '--moduleResolution', resolution, 'types.ts',
    ]);
  }
});
