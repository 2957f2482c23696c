/**
 * Collectors that are not ours, beside our own, on a real page: each gets its own shape of one click, page end included;
 * one that is down or refuses concerns no other; and the second module is loaded only where it is needed.
 */

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { balanced, leave, press, visitor } from './support/browser.mjs';
import { faulty } from './support/faulty.mjs';
import { startSink } from './support/sink.mjs';
import { html, startSite, tag } from './support/site.mjs';
import { startVendors } from './support/vendors.mjs';

const BUY = '<button id="buy" data-footstep="add_to_cart" data-footstep-value="12.50" data-footstep-currency="EUR" data-footstep-sku="mug">buy</button>';

/** A test with a page, our own collector and others. `collectors(vendors, sink)` makes the config's list. */
function scene(name, { collectors, answers, config = {}, body = BUY, head = '', attributes = { config: '/footstep.json' }, expect }, act) {
  test(name, { timeout: 60_000 }, async () => {
    const [sink, vendors, site] = [await startSink(), await startVendors(answers), await startSite()];
    const { context, noise } = await visitor(expect);
    site.routes['/footstep.json'] = { site: 'e2e', pageViews: false, collectors: collectors(vendors.origin, sink.url), ...config };
    const said = typeof attributes === 'function' ? attributes(vendors.origin) : attributes;
    site.routes['/'] = html(body, head + tag(said));
    site.routes['/next'] = html('next', tag(said));
    try {
      const page = await context.newPage();
      await act({ page, context, site, sink, vendors });
      assert.deepEqual(noise, [], 'the page stays quiet');
    } finally {
      await leave(context);
      site.close();
      vendors.close();
      await sink.close();
    }
  });
}

const open = async ({ page, site }) => {
  await page.goto(site.origin);
  return page.evaluate(() => window.footstep.ready);
};

/** Waits until a collector's counts are so. */
const counted = async (page, at, wanted) => {
  await page.waitForFunction(([place, all]) => {
    const counts = window.footstep.stats().collectors[place];
    return Object.entries(all).every(([name, count]) => JSON.stringify(counts[name]) === JSON.stringify(count));
  }, [at, wanted], { timeout: 15_000 }).catch(async () => {
    assert.deepEqual((await page.evaluate(() => window.footstep.stats())).collectors[at], wanted);
  });
  balanced(await page.evaluate(() => window.footstep.stats()));
};

const FIVE = (vendors, own) => [
  { url: own },
  { url: `${vendors}/v1/b`, format: 'segment', writeKey: 'WK' },
  { url: `${vendors}/mp/collect`, format: 'ga4', measurementId: 'G-TEST00000' },
  { url: `${vendors}/v1/logs`, format: 'otlp', service: 'shop' },
  { url: `${vendors}/hook/{site}`, format: 'json', headers: { 'x-site': '{site}' }, rename: { 'properties.sku': 'article' }, drop: ['mono'], constants: { source: 'web' } },
];

/** What the five got of the click, in each vendor's own words. */
async function arrived({ sink, vendors }) {
  const [own] = await sink.events(1);
  const [[segment], [ga4], [otlp], [json]] = await Promise.all(['/v1/b', '/mp/collect', '/v1/logs', '/hook/e2e'].map((path) => vendors.had(path, 1)));
  assert.deepEqual([own.name, own.value, own.currency, own.properties.sku], ['add_to_cart', 12.5, 'EUR', 'mug']);

  assert.equal(segment.writeKey, 'WK');
  const [track] = segment.batch;
  assert.deepEqual([track.type, track.event, track.messageId, track.anonymousId], ['track', 'Product Added', own.id, own.visitor]);
  assert.deepEqual([track.properties.value, track.properties.currency, track.properties.sku], [12.5, 'EUR', 'mug']);
  assert.equal(track.timestamp, new Date(own.at).toISOString());

  const [event] = ga4.events;
  assert.deepEqual([event.name, event.timestamp_micros], ['add_to_cart', own.at * 1000]);
  assert.deepEqual([event.params.value, event.params.currency, event.params.sku], [12.5, 'EUR', 'mug']);
  assert.match(ga4.client_id, /^\d+\.\d+$/);
  const request = (path) => vendors.requests.find((each) => each.path === path);
  assert.deepEqual(request('/mp/collect').query, { measurement_id: 'G-TEST00000' });

  const [record] = otlp.resourceLogs[0].scopeLogs[0].logRecords;
  assert.equal(record.timeUnixNano, `${own.at}000000`);
  const facts = Object.fromEntries(record.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
  assert.equal(facts['event.id'], own.id);

  const [plain] = json;
  assert.deepEqual([plain.id, plain.name, plain.value, plain.article, plain.source], [own.id, 'add_to_cart', 12.5, 'mug', 'web']);
  assert.ok(!('mono' in plain), 'what the mapping drops is not there');

  assert.deepEqual(['/v1/b', '/mp/collect', '/v1/logs', '/hook/e2e'].map((path) => request(path).type),
    ['text/plain;charset=UTF-8', 'text/plain;charset=UTF-8', 'application/json', 'application/json']);
  assert.equal(request('/hook/e2e').headers['x-site'], 'e2e');
  return own;
}

scene('one click arrives at five collectors, in the words of each', { collectors: FIVE }, async (setting) => {
  const { page, vendors } = setting;
  assert.deepEqual(await open(setting), { engine: 'wasm', diagnostics: [] });
  await press(page, '#buy');
  await arrived(setting);
  for (let at = 0; at < 5; at += 1) await counted(page, at, { created: 1, acknowledged: 1, waiting: 0 });
  assert.deepEqual([...new Set(vendors.preflights)].sort(), ['/hook/e2e', '/v1/logs'], 'only these have to ask');
});

scene('and so it does when the page ends with it', {
  collectors: FIVE,
  body: '<a id="buy" href="/next" data-footstep="add_to_cart" data-footstep-value="12.50" data-footstep-currency="EUR" data-footstep-sku="mug">buy</a>',
}, async (setting) => {
  const { page, site, vendors } = setting;
  await open(setting);
  await press(page, '#buy');
  await page.waitForURL(`${site.origin}/next`);
  await arrived(setting);
  await page.evaluate(() => window.footstep.ready);
  await page.evaluate(() => window.footstep.flush());
  const ids = (path, list) => new Set(vendors.to(path).flatMap(list).map((event) => event.messageId ?? event.id)).size;
  assert.equal(ids('/v1/b', (body) => body.batch), 1);
  assert.equal(vendors.to('/mp/collect').length, 1, 'what cannot tell a repeat gets none');
  assert.equal(vendors.to('/hook/e2e').length, 1);
});

scene('page end: what waited for company is encoded at once, and outlives the page', {
  collectors: (vendors) => FIVE(vendors, `${vendors}/own`).slice(1, 3),
}, async (setting) => {
  const { page, site, vendors } = setting;
  await open(setting);
  await page.evaluate((next) => {
    for (let at = 0; at < 3; at += 1) window.footstep.track('step', { at });
    location.href = next;
  }, `${site.origin}/next`);
  const [segment] = await vendors.had('/v1/b', 1);
  const [ga4] = await vendors.had('/mp/collect', 1);
  assert.deepEqual(segment.batch.map(({ properties }) => properties.at), [0, 1, 2]);
  assert.deepEqual(ga4.events.map(({ params }) => params.at), [0, 1, 2]);
  // A browser may take a visitor's last page in the middle of its navigation for one that never ends.
  await page.waitForURL(`${site.origin}/next`);
});

scene('one that is down delays no other, and gets all of it later', {
  collectors: (vendors, own) => FIVE(vendors, own).slice(0, 3),
  answers: { '/v1/b': (_, count) => (count < 2 ? 503 : 200) },
  expect: [/503/],
}, async (setting) => {
  const { page, sink, vendors } = setting;
  await open(setting);
  await press(page, '#buy');
  await sink.events(1);
  await vendors.had('/mp/collect', 1);
  await counted(page, 2, { acknowledged: 1 });
  const [first, second] = await vendors.had('/v1/b', 2);
  assert.deepEqual(second.batch, first.batch, 'one id never has two contents');
  await counted(page, 1, { created: 1, acknowledged: 1, waiting: 0, dropped: {} });
});

scene('a 200 that rejects drops what it names and nothing else', {
  collectors: (vendors) => [{ url: `${vendors}/matomo.php`, format: 'matomo', siteId: 1 }, { url: `${vendors}/v1/logs`, format: 'otlp' }],
  answers: {
    '/matomo.php': { body: { status: 'success', tracked: 2, invalid: 1, invalid_indices: [1] } },
    '/v1/logs': { body: { partialSuccess: { rejectedLogRecords: '2', errorMessage: 'no' } } },
  },
}, async (setting) => {
  const { page, vendors } = setting;
  await open(setting);
  await page.evaluate(() => ['a', 'b', 'c'].forEach((name) => window.footstep.track(name)));
  await page.evaluate(() => window.footstep.flush());
  await counted(page, 0, { created: 3, acknowledged: 2, waiting: 0, dropped: { rejected: 1 } });
  await counted(page, 1, { created: 3, acknowledged: 1, waiting: 0, dropped: { rejected: 2 } });
  await page.evaluate(() => window.footstep.flush());
  assert.deepEqual([vendors.to('/matomo.php').length, vendors.to('/v1/logs').length], [1, 1]);
});

scene('what was taken without an answer is not sent twice to a collector that would count it twice', {
  collectors: (vendors) => [
    { url: `${vendors}/once`, format: 'json', contentType: 'text/plain' },
    { url: `${vendors}/again`, format: 'json', contentType: 'text/plain', resend: true },
    { url: `${vendors}/same`, format: 'segment', writeKey: 'WK' },
  ],
  answers: { '/once': 'cut', '/again': (_, count) => (count < 2 ? 'cut' : 200), '/same': (_, count) => (count < 2 ? 'cut' : 200) },
  expect: [/ERR_/],
}, async (setting) => {
  const { page, vendors } = setting;
  await open(setting);
  await press(page, '#buy');
  await vendors.had('/again', 2);
  await vendors.had('/same', 2);
  await counted(page, 0, { created: 1, waiting: 0, dropped: { unanswered: 1 } });
  await counted(page, 1, { acknowledged: 1, dropped: {} });
  assert.equal(vendors.to('/once').length, 1);
});

scene('an attempt waits for its outcome, over a page', {
  collectors: (vendors, own) => [{ url: own }, { url: `${vendors}/v1/b`, format: 'segment', writeKey: 'WK' }],
  config: { conversions: { lead: { on: 'click', match: '#go', confirm: { url: '/next' }, value: 5 } } },
  body: '<a id="go" href="/next">go</a>',
}, async (setting) => {
  const { page, sink, vendors } = setting;
  await open(setting);
  await press(page, '#go');
  const all = await sink.until((events) => events.some(({ rev }) => rev === 1), 'the outcome');
  const [segment] = await vendors.had('/v1/b', 1);
  assert.deepEqual(segment.batch.map(({ messageId, properties }) => [messageId, properties.phase]), [[all[0].id, 'confirmed']]);
  await page.evaluate(() => window.footstep.flush());
  assert.equal(vendors.to('/v1/b').length, 1);
});

scene('where the second module cannot be loaded that is said, and what happens waits for a page that has it', {
  collectors: FIVE, expect: [/404/, /Failed to fetch/, /net::/, /integrity/],
}, async (setting) => {
  const { page, site, sink, vendors } = setting;
  site.routes['/dist/footstep-formats.wasm'] = { status: 404, body: '' };
  const { engine, diagnostics } = await open(setting);
  assert.deepEqual([engine, diagnostics.map(({ code }) => code)], ['wasm', ['not_loaded']]);
  assert.match(diagnostics[0].args[0], /^formats: /);
  await press(page, '#buy');
  await sink.events(1);
  await counted(page, 1, { created: 1, acknowledged: 0, waiting: 1 });
  assert.equal(vendors.requests.length, 0);
  delete site.routes['/dist/footstep-formats.wasm'];
  await page.goto(`${site.origin}/next`);
  await arrived(setting);
});

scene('a word that no such collector has, and one it cannot do without, are said with their place', {
  collectors: (vendors, own) => [{ url: own, sampel: 1 }, { url: `${vendors}/v1/b`, format: 'segment', writeKye: 'WK', outcomes: 'some' }],
}, async (setting) => {
  const { diagnostics } = await open(setting);
  assert.deepEqual(diagnostics.map(({ code, path, args }) => [code, path, args[0]]), [
    ['unknown_word', 'collectors.0.sampel', 'sampel'], ['not_one_of', 'collectors.1.outcomes', 'some'],
    ['missing', 'collectors.1', 'writeKey'], ['unknown_word', 'collectors.1.writeKye', 'writeKye'],
  ]);
});

/** What of the second module a page has asked for. */
const fetched = (site) => site.requests.map(({ url }) => url.split('?')[0]).filter((url) => /formats/.test(url)).sort();

scene('the second module: not where nobody needs it', { collectors: (_, own) => [{ url: own, format: 'footstep' }] }, async (setting) => {
  await open(setting);
  assert.deepEqual(fetched(setting.site), []);
});

scene('the second module: side by side with the core where the tag names a format', {
  collectors: () => [], attributes: (vendors) => ({ collector: `${vendors}/in`, format: 'ndjson' }),
}, async (setting) => {
  const { page, site, vendors } = setting;
  let release;
  site.routes['/dist/footstep-core.js'] = { file: '/dist/footstep-core.js', wait: new Promise((resolve) => { release = resolve; }) };
  await page.goto(site.origin);
  const asked = () => fetched(site).length === 2;
  for (let at = 0; at < 100 && !asked(); at += 1) await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.deepEqual(fetched(site), ['/dist/footstep-formats.js', '/dist/formats/ndjson.wasm'], 'before the core is there');
  release();
  await page.evaluate(() => window.footstep.ready);
  await press(page, '#buy');
  await vendors.until(() => vendors.requests.length >= 1, 'a request');
  const [line] = vendors.requests.at(-1).body.split('\n');
  assert.equal(typeof JSON.parse(line).id, 'string');
});

const HOOK = { url: '/hook', format: 'json', contentType: 'text/plain' };

for (const [what, collectors, wasm] of [
  ['one format, its own', [{ url: '/own' }, HOOK, { url: '/own', format: 'footstep' }, { ...HOOK, purpose: 'statistics' }], '/dist/formats/json.wasm'],
  ['two formats, that of all', [HOOK, { url: '/other', format: 'ndjson' }, HOOK], '/dist/footstep-formats.wasm'],
  ['a slip between two formats, that of all', [HOOK, null, { url: '/other', format: 'ndjson' }], '/dist/footstep-formats.wasm'],
  ['one collector without a list, its own', HOOK, '/dist/formats/json.wasm'],
  ['one that is none, that of all', [{ url: '/none', format: 'jsno' }, HOOK], '/dist/footstep-formats.wasm'],
]) {
  scene(`the second module: ${what}`, {
    collectors(vendors) {
      const at = (one) => one && { ...one, url: vendors + one.url };
      return Array.isArray(collectors) ? collectors.map(at) : at(collectors);
    },
  }, async (setting) => {
    const { page, site, vendors } = setting;
    await open(setting);
    assert.deepEqual(fetched(site), ['/dist/footstep-formats.js', wasm]);
    await press(page, '#buy');
    const [events] = await vendors.had('/hook', 1);
    assert.deepEqual(events.map(({ name }) => name), ['add_to_cart']);
  });
}

scene('the second module: a file that is another than was built is not run', {
  collectors: (vendors) => [{ ...HOOK, url: `${vendors}/hook` }], expect: [/valid digest in the 'integrity'/, /integrity checks failed/],
}, async (setting) => {
  const { page, site, vendors } = setting;
  site.routes['/dist/formats/json.wasm'] = { file: '/dist/formats/ndjson.wasm' };
  const { diagnostics } = await open(setting);
  assert.deepEqual(diagnostics.map(({ code, args: [first] }) => [code, first.split(':')[0]]), [['not_loaded', 'formats']]);
  await press(page, '#buy');
  await counted(page, 0, { created: 1, waiting: 1, dropped: {} });
  delete site.routes['/dist/formats/json.wasm'];
  await page.goto(`${site.origin}/next`);
  await vendors.had('/hook', 1);
});

scene('an event on which the second module traps is dropped alone, and the page does not notice', {
  collectors: (vendors, own) => [{ url: own }, { url: `${vendors}/v1/b`, format: 'segment', writeKey: 'WK' }], head: faulty,
}, async (setting) => {
  const { page, sink, vendors } = setting;
  await open(setting);
  await page.evaluate(() => {
    window.arm((name, [at, length], { memory }) => (name === 'encode' && new TextDecoder().decode(new Uint8Array(memory.buffer, at, length)).includes('poison') ? 'before' : undefined));
    for (const name of ['a', 'b', 'poison', 'c']) window.footstep.track(name);
  });
  await sink.events(4);
  await counted(page, 1, { created: 4, acknowledged: 3, waiting: 0, dropped: { trap: 1 } });
  assert.deepEqual(vendors.to('/v1/b').flatMap(({ batch }) => batch.map(({ event }) => event)).sort(), ['a', 'b', 'c']);
});

scene('after a trap of the core, with several collectors, the next view of a page counts', {
  collectors: (vendors, own) => [{ url: own }, { url: `${vendors}/v1/b`, format: 'segment', writeKey: 'WK' }, { url: `${vendors}/hook`, format: 'json', contentType: 'text/plain' }],
  config: { pageViews: true }, head: faulty,
}, async (setting) => {
  const { page, sink, vendors } = setting;
  await open(setting);
  await page.evaluate(() => window.footstep.flush());
  await page.evaluate(() => {
    let left = 1;
    window.arm((name) => (/^(__wb|memory|encode|judge)/.test(name) || left <= 0 ? undefined : (left -= 1, 'before')));
    window.footstep.stats();
    window.arm(undefined);
    history.pushState({}, '', '/routed');
  });
  const views = (await sink.until((events) => events.length === 2, 'the second view')).map(({ page: { url } }) => new URL(url).pathname);
  assert.deepEqual(views, ['/', '/routed']);
  await page.evaluate(() => window.footstep.flush());
  assert.deepEqual(vendors.to('/hook').flat().map(({ page: { url } }) => new URL(url).pathname), ['/', '/routed']);
});

scene('without a network nothing is taken for sent', {
  collectors: (vendors) => [{ url: `${vendors}/hook`, format: 'json', contentType: 'text/plain' }], expect: [/ERR_INTERNET_DISCONNECTED/],
}, async (setting) => {
  const { page, context, vendors } = setting;
  await open(setting);
  await context.setOffline(true);
  await press(page, '#buy');
  await counted(page, 0, { created: 1, waiting: 1, dropped: {} });
  await page.evaluate(() => window.footstep.flush());
  await context.setOffline(false);
  await vendors.had('/hook', 1);
  await counted(page, 0, { acknowledged: 1, waiting: 0 });
});

scene('consent for some purposes: the collector of another one gets nothing, and nothing is kept for it', {
  collectors: (vendors, own) => [
    { url: own, purpose: 'statistics' },
    { url: `${vendors}/ads`, format: 'json', contentType: 'text/plain', purpose: 'advertising' },
  ],
  config: { consent: { mode: 'opt-in' } }, answers: { '/ads': 503 }, expect: [/503/],
}, async (setting) => {
  const { page, sink, vendors, site } = setting;
  const kept = () => page.evaluate(() => Object.entries(localStorage).filter(([, text]) => text.includes('/ads')).length);
  await open(setting);
  await press(page, '#buy');
  await page.evaluate(() => window.footstep.consent('granted', ['statistics']));
  await sink.events(1);
  await page.evaluate(() => window.footstep.flush());
  assert.deepEqual([vendors.to('/ads').length, await kept()], [0, 0]);

  await page.evaluate(() => window.footstep.consent('granted'));
  await press(page, '#buy');
  await vendors.had('/ads', 1);
  await counted(page, 1, { created: 1, waiting: 1, dropped: {} });
  assert.equal(await kept(), 1);
  await page.evaluate(() => window.footstep.consent('granted', ['statistics']));
  await counted(page, 1, { created: 1, waiting: 0, dropped: { consent: 1 } });
  assert.equal(await kept(), 0, 'it is erased');

  await page.goto(`${site.origin}/next`);
  await page.evaluate(() => { window.footstep.consent('granted', ['statistics']); return window.footstep.ready; });
  await page.evaluate(() => { window.footstep.track('told'); return window.footstep.flush(); });
  await sink.events(3);
  assert.equal(vendors.to('/ads').length, 1);

  // Purposes that somebody meant to name, and has not.
  await page.evaluate(() => { window.footstep.consent('granted', undefined); window.footstep.track('silent'); return window.footstep.flush(); });
  const { diagnostics, collectors } = await page.evaluate(() => window.footstep.stats());
  assert.deepEqual(diagnostics, [{ code: 'wrong_type', path: 'consent', args: ['list'] }]);
  assert.deepEqual(collectors.map(({ created }) => created), [1, 0], 'neither gets it');
});
