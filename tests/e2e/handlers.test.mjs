/**
 * What our handlers may not do while the page's own event is under way: measure the layout, throw, or fall over what the
 * page does in the middle of it - dispatching further events, throwing from callbacks, stopping us.
 */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';
import { body, conversions, head, responses } from './support/rich.mjs';
import { witnessed } from './support/witness.mjs';

/** Notes each layout read that is made while a listener of ours is being called; `left` and hidden pages are excepted. */
const trapLayout = () => {
  window.reads = [];
  window.handled = {};
  let inside = '';
  const trap = (prototype, name) => {
    const said = Object.getOwnPropertyDescriptor(prototype, name);
    if (!said) throw new Error(`no ${name}`);
    const kind = said.get ? 'get' : 'value';
    const original = said[kind];
    Object.defineProperty(prototype, name, { ...said, [kind](...args) {
      if (inside) window.reads.push(`${name} in ${inside}`);
      return Reflect.apply(original, this, args);
    } });
  };
  for (const name of ['getBoundingClientRect', 'getClientRects', 'scrollTop', 'scrollLeft', 'scrollHeight', 'scrollWidth', 'clientTop', 'clientLeft', 'clientWidth', 'clientHeight', 'checkVisibility',
    'scrollIntoView']) trap(Element.prototype, name);
  for (const name of ['offsetTop', 'offsetLeft', 'offsetWidth', 'offsetHeight', 'offsetParent', 'innerText', 'outerText']) trap(HTMLElement.prototype, name);
  for (const name of ['elementFromPoint', 'elementsFromPoint', 'caretRangeFromPoint', 'scrollingElement']) trap(Document.prototype, name);
  for (const name of ['getBoundingClientRect', 'getClientRects']) trap(Range.prototype, name);
  for (const name of ['offsetX', 'offsetY', 'layerX', 'layerY']) trap(MouseEvent.prototype, name);
  trap(SVGGraphicsElement.prototype, 'getBBox');
  for (const name of ['innerWidth', 'innerHeight', 'scrollX', 'scrollY', 'pageXOffset', 'pageYOffset', 'getComputedStyle']) trap(window, name);
  const { addEventListener } = EventTarget.prototype;
  const wrapped = new WeakMap();
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const ours = typeof listener === 'function' && new Error().stack.includes('/dist/') && !/^(visibilitychange|pagehide)$/.test(type);
    if (!ours) return addEventListener.call(this ?? window, type, listener, options);
    const heard = wrapped.get(listener) ?? function (event) {
      const outer = inside;
      inside = event.type;
      window.handled[event.type] = (window.handled[event.type] ?? 0) + 1;
      try {
        return listener.call(this, event);
      } finally {
        inside = outer;
      }
    };
    wrapped.set(listener, heard);
    return addEventListener.call(this ?? window, type, heard, options);
  };
  const { removeEventListener } = EventTarget.prototype;
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    return removeEventListener.call(this ?? window, type, wrapped.get(listener) ?? listener, options);
  };
};

const routes = {
  '/two': 'two', '/film.webm': { file: 'www/media/pour.webm' }, '/guide.pdf': { body: 'x', headers: { 'content-disposition': 'attachment' } },
  '/api/cart': { body: '{"items":[1,2]}', headers: { 'content-type': 'application/json' } }, '/api/stream': { body: 'x' }, '/api/sync': { body: 'x' },
};

scenario('no handler measures the layout', { config: { conversions: { ...conversions, ...responses } }, head: `${head}${witnessed()}<script>(${trapLayout})()</script>`, body, routes, expect: [/Failed to load|127.0.0.1:1/] }, async (s) => {
  await open(s);
  const { page } = s;
  for (const id of ['plain', 'link', 'box', 'either', 'buy', 'send', 'keep', 'bad', 'shade', 'push', 'search', 'back', 'file']) await press(page, '#' + id);
  await page.focus('#choice');
  await page.keyboard.press('ArrowDown');
  await press(page, '#play');
  await page.waitForFunction(() => document.body.dataset.played);
  await page.mouse.move(300, 300);
  await page.mouse.wheel(0, 2000);
  await page.waitForFunction(() => scrollY > 1000);
  await page.mouse.move(300, -5);
  const { handled, reads } = await page.evaluate(() => ({ handled: window.handled, reads: window.reads }));
  for (const type of ['click', 'submit', 'shop:said', 'timeupdate', 'scroll']) assert.ok(handled[type] > 0, `${type} was heard: ${JSON.stringify(handled)}`);
  assert.deepEqual([...new Set(reads)], []);
});

/** How often the page was laid out while `act` ran in one task: each read of a dirty layout is one. */
async function layouts(s, act) {
  const cdp = await s.context.newCDPSession(s.page);
  await cdp.send('Performance.enable');
  const count = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    return of('LayoutCount') + of('RecalcStyleCount');
  };
  const before = await count();
  await s.page.evaluate(act);
  return (await count()) - before;
}

scenario('events by the hundred force no layout, however dirty the page has made it', {
  config: { untrusted: 'count', conversions: { ...conversions, all: { on: 'click', match: 'main *', confirm: { visible: '#thanks' } }, text: { on: 'click', match: '#plain', read: { words: { text: 'main' } } } } },
  head: head + witnessed(), body: body.replace('<main>', `<main>${'<button class=one>x</button>'.repeat(100)}`), routes,
}, async (s) => {
  await open(s);
  const many = `(() => {
    const plain = document.querySelector('#plain');
    const each = document.querySelectorAll('.one');
    let reads = 0;
    // Before ours, at the same place: whatever ours measured would have to be laid out first.
    const dirty = (event) => { document.body.style.paddingTop = event.type.length + Math.random() * 9 + 'px'; };
    document.querySelector('#link').addEventListener('click', (event) => event.preventDefault());
    for (let i = 0; i < 100; i += 1) {
      dirty({ type: 'click' });
      plain.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true }));
      // Each is an attempt of its own, to which evidence is looked out for.
      dirty({ type: 'one' });
      each[i].click();
      dirty({ type: 'submit' });
      document.querySelector('#kept').dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
      dirty({ type: 'change' });
      document.querySelector('#choice').dispatchEvent(new Event('change', { bubbles: true }));
      dirty({ type: 'scroll' });
      document.dispatchEvent(new Event('scroll'));
      dirty({ type: 'said' });
      plain.dispatchEvent(new CustomEvent('shop:said', { bubbles: true }));
      dirty({ type: 'track' });
      window.footstep.track('told');
      if (MEASURE) reads += document.body.offsetHeight;
    }
    return reads;
  })()`;
  const measured = await layouts(s, many.replace('MEASURE', 'true'));
  assert.ok(measured >= 200, `a page that measures is found out: ${measured}`);
  const quiet = await layouts(s, many.replace('MEASURE', 'false'));
  assert.ok(quiet <= 20, `${quiet} layouts and style recalculations for 600 events`);
  const { acknowledged } = await s.page.evaluate(() => window.footstep.flush());
  assert.ok(acknowledged > 500, `they were counted: ${acknowledged}`);
});

scenario('a slow device switches no rule off', {
  config: { pageViews: false, untrusted: 'count', conversions: { one: { on: 'click', match: '#one' }, two: { on: 'click', match: 'main > button.two, .never button' }, sent: { on: 'submit', match: 'form' } } },
  body: '<main><button id=one>x</button> <button class=two>x</button></main> <form><button>x</button></form>',
}, async (s) => {
  await open(s);
  const cdp = await s.context.newCDPSession(s.page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 50 });
  for (let round = 0; round < 10; round += 1) {
    await s.page.evaluate(() => {
      document.forms[0].onsubmit = () => false;
      for (let i = 0; i < 10; i += 1) for (const button of document.querySelectorAll('button')) button.click();
    });
  }
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const found = names(await finish(s));
  assert.deepEqual((await stats(s.page)).diagnostics, []);
  assert.deepEqual(['one', 'two', 'sent'].map((name) => found.filter((each) => each === name).length), [100, 100, 100]);
});

const nested = {
  pageViews: false, untrusted: 'count',
  conversions: {
    outer: { on: 'click', match: '#outer' }, inner: { on: 'click', match: '#inner' }, said: { on: 'event', event: 'shop:said', match: '#inner' }, sent: { on: 'submit', match: 'form' }, third: { on: 'custom' },
  },
};
const pair = '<button id=outer>x</button> <button id=inner>x</button> <form><button>x</button></form>';

scenario('events inside events, five kinds deep, each once and in the order they were made', { config: nested, body: pair }, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    const [outer, inner] = ['outer', 'inner'].map((id) => document.getElementById(id));
    document.forms[0].onsubmit = (event) => { event.preventDefault(); window.footstep.track('third'); };
    outer.addEventListener('click', () => inner.click());
    inner.addEventListener('click', () => inner.dispatchEvent(new Event('shop:said', { bubbles: true })));
    inner.addEventListener('shop:said', () => document.forms[0].requestSubmit());
  });
  for (let i = 0; i < 5; i += 1) await press(s.page, '#outer');
  assert.deepEqual(names(await finish(s)), Array(5).fill(['outer', 'inner', 'said', 'sent', 'third']).flat());
});

scenario('an event dispatched by a listener that hears before ours', { config: nested, body: pair, head: `<script>
    addEventListener('click', (event) => { if (event.target.id === 'outer') document.getElementById('inner').click(); }, true);
  </script>` }, async (s) => {
  await open(s);
  for (let i = 0; i < 5; i += 1) await press(s.page, '#outer');
  assert.deepEqual(names(await finish(s)).sort(), [...Array(5).fill('inner'), ...Array(5).fill('outer')]);
});

scenario('callbacks that throw, in every way, and call everything there is', { config: nested, body: pair }, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    window.heard = [];
    const { footstep } = window;
    const ways = [
      () => { throw new Error('of the page'); }, () => { throw undefined; }, () => Promise.reject(new Error('handled')).catch(() => {}),
      ({ name }) => { window.heard.push(name); }, () => footstep.stats(), () => void footstep.flush(), () => footstep.on('conversion', () => {}), () => footstep.on('nothing', 1),
      (event) => { for (const key of Object.keys(event)) delete event[key]; }, (event) => { event.name = 'forged'; }, () => footstep.consent('granted'),
      () => { throw new Proxy({}, { get() { throw new Error('again'); } }); }, ({ name }) => name === 'outer' && footstep.track(), ({ name }) => name === 'outer' && footstep.track(Symbol('x'), new Proxy({}, { ownKeys() { throw new Error('no'); } })),
      () => { window.depth = (window.depth ?? 0) + 1; if (window.depth < 200) document.getElementById('inner').click(); },
    ];
    for (const way of ways) footstep.on('conversion', way);
  });
  await press(s.page, '#outer');
  await s.page.waitForFunction(() => window.heard.filter((name) => name === 'inner').length >= 199);
  const found = names(await finish(s));
  assert.deepEqual([found.filter((name) => name === 'outer').length, found.filter((name) => name === 'inner').length, found.includes('forged')], [1, 199, false]);
  await stats(s.page);
});

scenario('events whose own getters throw, and events that are none', { config: nested, body: pair }, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    const inner = document.getElementById('inner');
    for (const name of ['type', 'target', 'isTrusted', 'button', 'timeStamp', 'composedPath', 'submitter', 'detail']) {
      const event = new CustomEvent('shop:said', { bubbles: true });
      try {
        Object.defineProperty(event, name, { get() { throw new Error('of the page'); } });
      } catch { /* isTrusted cannot be hidden */ }
      inner.dispatchEvent(event);
    }
    inner.dispatchEvent(new CustomEvent('shop:said', { bubbles: true }));
  });
  await press(s.page, '#outer');
  const found = names(await finish(s));
  assert.equal(found.at(-1), 'outer');
  assert.ok(found.filter((name) => name === 'said').length >= 1, found.join());
});

scenario('stop() from a callback, in the middle of an event that makes more', { config: nested, body: pair }, async (s) => {
  await open(s);
  await s.page.evaluate(() => {
    window.footstep.on('conversion', () => { window.footstep.stop(); document.getElementById('inner').click(); throw new Error('of the page'); });
  });
  await press(s.page, '#outer');
  await press(s.page, '#inner');
  await s.page.evaluate(() => window.footstep.flush());
  assert.deepEqual(names((await s.sink.events(1))), ['outer']);
  await stats(s.page);
});
