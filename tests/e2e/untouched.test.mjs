/**
 * The page with us is the page without us: one scripted visit, made twice, is compared line by line - what was cancelled,
 * seen, said, thrown, asked for, where the history stands, what became of the built-ins - with a config that uses every
 * word there is (`support/rich.mjs`). After `stop()` nothing is left: no listener, timer, observer, channel or patch.
 *
 * The differences that are documented: the global `footstep`, its keys in the storage, and while a rule hears the data
 * layer, that array's own `push`. While a rule asks for answers of requests, `fetch` and two methods of `XMLHttpRequest` are wrapped; all else about them must be the same.
 */

import assert from 'node:assert/strict';
import { drawn, leave, open, press, scenario, visitor } from './support/browser.mjs';
import { emptied } from './support/journal.mjs';
import { html } from './support/site.mjs';
import { answeredToo, body, conversions, head as own, heard, responses } from './support/rich.mjs';
import { witnessed } from './support/witness.mjs';

const json = (value) => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
const routes = {
  '/two': '<!doctype html><title>two</title>two', '/bought/1': 'bought', '/film.webm': { file: 'www/media/pour.webm' },
  '/api/cart': json({ items: [1, 2] }), '/api/stream': { body: 'x'.repeat(100_000) }, '/api/sync': { body: 'sync' }, '/api/never': { wait: new Promise(() => {}) },
  '/guide.pdf': { body: 'pdf', headers: { 'content-disposition': 'attachment' } },
};
const config = { conversions };
const withResponses = { conversions: { ...conversions, ...responses } };
/** The data layer is heard by its own `push`; what asking for answers wraps besides, while it is asked. */
const LAYER = ['dataLayer own', 'dataLayer.push'];
const WRAPPED = [...LAYER, 'XMLHttpRequest.prototype.open', 'XMLHttpRequest.prototype.send', 'window.fetch'];

/** The visit: every action by real input, each waited for by what the page itself shows. */
async function act(tab) {
  const stand = (name) => tab.evaluate((said) => window.witness.stand(said), name);
  const click = async (id, until) => {
    await press(tab, '#' + id);
    if (until) await tab.waitForFunction(until);
    await stand(id);
  };
  for (const id of ['plain', 'link', 'box', 'around', 'either', 'file']) await click(id);
  await click('throw', () => window.witness.log.some((line) => line.startsWith('rejection')));
  await click('buy', () => window.witness.log.some((line) => line.startsWith('seen shop:bought')));
  await Promise.all([tab.waitForEvent('framenavigated'), click('send')]);
  await tab.focus('#field');
  await tab.keyboard.type('me');
  await tab.keyboard.press('Enter');
  await tab.focus('#choice');
  await tab.keyboard.press('ArrowDown');
  for (const id of ['keep', 'bad', 'shade']) await click(id);
  // A route that nobody saw drawn is no page view.
  await click('push', () => location.pathname === '/routed/one');
  await drawn(tab);
  await click('replace', () => location.search === '?x=1');
  await drawn(tab);
  await click('search', () => location.pathname === '/search');
  await drawn(tab);
  await click('back', () => location.pathname === '/routed/two');
  await click('fetch', () => document.body.dataset.fetched);
  await click('play', () => document.body.dataset.played);
  await click('hash', () => location.hash === '#below' && scrollY > 500 && performance.now() - (window.name ||= performance.now()) > 500);
  await tab.mouse.move(400, 300);
  await tab.mouse.wheel(0, 2000);
  await tab.waitForFunction(() => scrollY > 1500);
  await tab.mouse.move(400, 5);
  await tab.mouse.move(400, -5);
  await stand('end');
}

/** One visit in a new context; what is found, and the page, which is still open. */
async function visit({ site }, head) {
  // What the page throws and says itself is part of the comparison, not noise.
  const { context, noise } = await visitor();
  const requests = [];
  context.on('request', (request) => {
    const { pathname, host, search } = new URL(request.url());
    if (pathname.startsWith('/dist/') || /footstep\.json|v1\/batch|film\.webm|favicon/.test(pathname)) return;
    requests.push([request.method(), host, pathname + search, request.postData(), request.resourceType(), request.headers().referer].join(' '));
  });
  // Without us, an element that does nothing stands where our tag would.
  site.routes['/'] = html(body, `${own}${witnessed()}${head || '<script type=none></script>'}`);
  const tab = await context.newPage();
  await tab.goto(site.origin);
  if (head) await tab.evaluate(() => window.footstep.ready);
  await act(tab);
  const found = await tab.evaluate(() => ({ log: window.witness.log, changed: window.witness.changed() }));
  return { ...found, requests, noise, tab, context };
}

const left = (tab) => tab.evaluate(async () => {
  const { held, pending } = await navigator.locks.query();
  return { ...window.witness.left(), locks: [...held, ...pending].map(({ name }) => [name, '']) };
});
/** Only what somebody made from our files: the page's own is the same in both visits. */
const ours = (found) => Object.fromEntries(Object.entries(found).map(([kind, list]) => [kind, list.filter(([, stack]) => !stack || stack.includes('/dist/'))]));
const nothing = { listeners: [], timers: [], observers: [], channels: [], locks: [] };

const counted = (events) => events.filter(({ kind, phase }) => kind !== 'page' && phase !== 'attempted')
  .reduce((counts, { name }) => ({ ...counts, [name]: (counts[name] ?? 0) + 1 }), {});

for (const [what, settings, wrapped, expected] of [['a visit', config, LAYER, heard], ['a visit whose answers are asked for', withResponses, WRAPPED, { ...heard, ...answeredToo }]]) {
  scenario(`${what} is the same with and without us, and after stop() nothing is left`, { config: settings, routes }, async (s) => {
    const without = await visit(s, '');
    await leave(without.context);
    const withUs = await visit(s, s.tag);
    assert.ok(without.log.length > 100 && without.requests.length > 6, 'the visit was made');
    assert.ok(without.log.includes('error Uncaught Error: of the page') && without.log.includes('rejection of the page, later'));
    assert.deepEqual(withUs.log, without.log);
    assert.deepEqual(withUs.noise, without.noise, 'uncaught errors and console lines');
    assert.deepEqual(withUs.requests, without.requests);
    assert.deepEqual(without.changed, ['document.frame'], 'the name of an iframe');
    const patched = withUs.changed.filter((name) => !without.changed.includes(name));
    assert.deepEqual(patched.filter((name) => !wrapped.includes(name)), ['window.footstep'], 'one global, no patch');
    await stopped(s, withUs);
    await leave(withUs.context);
  });

  scenario(`${what} is counted`, { config: settings, routes }, async (s) => {
    const { tab, context } = await visit(s, s.tag);
    await tab.evaluate(async () => { window.footstep.track('told'); window.footstep.track('sentinel'); await window.footstep.flush(); });
    assert.deepEqual(counted(await s.sink.named('sentinel')), expected);
    await leave(context);
  });
}

/** Stops in the middle of work: something is scheduled in every way there is. */
async function stopped({ sink }, { tab, changed, context }) {
  const over = await tab.evaluate(() => {
    window.footstep.track('last', { value: 1 });
    document.querySelector('#thanks').hidden = true;
    window.dispatchEvent(new Event('scroll'));
    history.pushState(null, '', '/routed/three');
    window.footstep.stop();
    return performance.now();
  });
  assert.deepEqual(ours(await left(tab)), nothing);
  const after = await tab.evaluate(() => window.witness.changed());
  assert.deepEqual(after, ['document.frame', 'window.footstep'], `while it ran: ${changed.join()}`);
  await sink.named('last');
  // The answers to what was on its way are heard: nobody sends it again.
  await emptied(tab);
  const keys = () => tab.evaluate(() => Object.keys(localStorage).map((key) => key + localStorage[key]).sort());
  const stored = await keys();
  await press(tab, '#plain');
  await tab.evaluate(() => { history.pushState(null, '', '/routed/four'); window.footstep.track('too_late'); return window.footstep.flush(); });
  // What was on its way may still come.
  assert.deepEqual(sink.batches.filter(({ batch }) => batch.sent.mono > over), []);
  assert.deepEqual(await keys(), stored);
  assert.deepEqual(ours(await left(tab)), nothing);
  await leave(context);
}

scenario('the config that uses every word is understood', { config: withResponses, body: '<p>x</p>' }, async (s) => {
  const { diagnostics } = await open(s);
  assert.deepEqual(diagnostics, []);
});

/** What an intruder could do, and where the witness must show it. */
const SINS = {
  'preventDefault click': () => addEventListener('click', (event) => event.preventDefault(), true),
  'set returnValue click': () => addEventListener('click', (event) => { event.returnValue = false; }, true),
  'console warn of ours': () => console.warn('of ours'),
  'error Uncaught Error: of ours': () => reportError(new Error('of ours')),
  'dom childList body': () => document.body.append(document.createElement('i')),
  'changed window.intruder': () => { window.intruder = 1; },
  'changed History.prototype.pushState': () => { History.prototype.pushState = () => {}; },
  'changed history.pushState': () => { history.pushState = () => {}; },
  'changed Element.prototype.attachShadow': () => { Element.prototype.attachShadow = () => {}; },
  'changed JSON.parse': () => { JSON.parse = () => {}; },
  'changed dataLayer.push': () => { window.dataLayer.push = () => {}; },
  'left listeners document': () => document.addEventListener('scroll', () => {}),
  'left timers setTimeout': () => setTimeout(() => {}, 1e6),
  'left timers setInterval': () => setInterval(() => {}, 1e6),
  'left observers IntersectionObserver': () => new IntersectionObserver(() => {}).observe(document.body),
  'left channels BroadcastChannel': () => new BroadcastChannel('x'),
};

scenario('an intruder would be seen', { tag: false, head: own + witnessed(), body: '<button id=plain>x</button>', expect: [/of ours/] }, async (s) => {
  for (const [trace, sin] of Object.entries(SINS)) {
    await s.page.goto(s.site.origin);
    await s.page.evaluate(sin);
    await press(s.page, '#plain');
    const found = await s.page.evaluate(() => [
      ...window.witness.log, ...window.witness.changed().map((name) => `changed ${name}`),
      ...Object.entries(window.witness.left()).flatMap(([kind, list]) => list.map(([key]) => `left ${kind} ${key}`)),
    ]);
    assert.ok(found.some((line) => line.startsWith(trace)), `${trace}: ${found.join('\n')}`);
  }
});
