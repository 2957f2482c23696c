/**
 * Pages that are no friends of other people's code: built-ins wrapped by polyfills before we come, or broken after;
 * prototypes with junk on them; elements whose names hide what a document can do. Each is held against the same scene on
 * a clean page, and none may change a count, throw, or say a word.
 *
 * What is broken is broken for callers from our files only: the page and the driver go on with the real thing, and the
 * test sees whether the broken one was asked.
 *
 * What cannot be met. Of a page that breaks `matches`, `composedPath`, strings or patterns before we come, nothing can be
 * required but that it stays as it is: there is nobody left to ask. What a page says of its product (JSON-LD, microdata)
 * is read by a part that uses arrays, strings and JSON as they are when it reads: where those are broken the step counts
 * and has no such property (`unread`).
 */

import assert from 'node:assert/strict';
import { open, press, scenario, stats } from './support/browser.mjs';

const config = {
  conversions: {
    pressed: { on: 'click', match: '#plain', read: { id: { attribute: 'id' }, place: { url: '/{place}' }, kind: { constant: [1, { a: 'b' }] } } },
    linked: { on: 'click', match: 'a.kept', once: 'element', value: 1.5, currency: 'EUR' },
    sent: { on: 'submit', match: 'form.kept' },
    said: { on: 'event', event: 'shop:said', match: '#plain' },
    read: { on: 'scroll', percent: [10, 90] },
    pieces: { on: 'scroll', percent: 50, of: 'main' },
    chosen: { on: 'change', match: 'select' },
    shown: { on: 'visible', match: '#plain', seconds: 0.1, once: 'session' },
    layered: { on: 'datalayer', event: 'add_to_cart', read: { value: { datalayer: 'ecommerce.value' } } },
    bought: { on: 'click', match: '#buy', confirm: { event: 'shop:bought' } },
    thanked: { on: 'click', match: '#buy', confirm: { visible: '#thanks' } },
    routed: { on: 'page', url: '/routed' },
    priced: { on: 'click', match: '#buy', read: { value: { jsonld: 'offers.price' }, name: { text: '#thanks' } } },
  },
};
// So long that without scrolling no tenth of it is on screen: after two seconds that would count, without a jump, and how
// soon the scene has scrolled depends on the machine.
const body = `<main><button id=plain data-footstep=marked data-footstep-list=first><b>x</b></button> <a class=kept id=link href=/never>x</a>
  <form class=kept><input name=id><input name=matches><input name=getAttribute><input name=parentNode><button id=send>x</button></form>
  <select id=choice><option>1<option>2</select> <button id=buy>x</button> <p id=thanks hidden>Thank you</p><div style="height:9000px"></div></main>
  <script type="application/ld+json">{ "@type": "Product", "offers": { "price": 5 } }</script>
  <script>
    window.dataLayer = [];
    addEventListener('click', (event) => event.target.id === 'link' && event.preventDefault());
    addEventListener('submit', (event) => event.preventDefault());
    plain.onclick = () => { plain.dispatchEvent(new CustomEvent('shop:said', { bubbles: true })); dataLayer.push({ event: 'add_to_cart', ecommerce: { value: 5 } }); };
    buy.onclick = () => { thanks.hidden = false; document.dispatchEvent(new Event('shop:bought')); history.pushState(null, '', '/routed'); };
  </script>`;

/** The scene; returns how often each step came. */
async function scene(s, hostility) {
  const { page, sink } = s;
  await open(s);
  if (hostility) await page.evaluate(hostility);
  await sink.until((all) => all.some(({ name }) => name === 'shown'), 'what is seen');
  for (const id of ['plain', 'plain', 'link', 'link', 'send', 'buy']) await press(page, '#' + id);
  await page.focus('#choice');
  await page.keyboard.press('ArrowDown');
  await page.evaluate(() => scrollTo({ top: 1e5, behavior: 'instant' }));
  await sink.until((all) => all.some(({ name, trigger }) => name === 'read' && trigger.percent === 90), 'the end of the page');
  await page.evaluate(() => {
    window.footstep.on('conversion', () => {});
    window.footstep.track('told', { list: ['a', { b: 1 }], when: new Date(0) });
    window.footstep.track('sentinel');
    window.footstep.flush();
  });
  await sink.named('sentinel');
  assert.deepEqual(sink.gaps, []);
  return sink.arrived.filter(({ phase }) => phase !== 'attempted').map(({ kind, name, trigger, value, currency, properties }) =>
    JSON.stringify([kind, kind === 'page' ? '' : name, trigger, value, currency, properties])).sort();
}

/** What a clean page makes of it. */
let clean;
scenario('a clean page', { config, body }, async (s) => {
  clean = await scene(s);
  for (const name of ['pressed', 'linked', 'sent', 'said', 'told', 'marked']) assert.ok(clean.some((line) => line.includes(`"${name}"`)), name);
  await stats(s.page);
});

const unpriced = (line) => line.replace('["micro","priced",{"on":"click"},5,', '["micro","priced",{"on":"click"},null,');
const same = (name, { head, around = '', after, unread, ...options }) => scenario(name, { config, body: body + around, head: head && `<script>(${head})();</script>`, ...options }, async (s) => {
  assert.ok(clean, 'the clean page came first');
  assert.deepEqual(await scene(s, after), unread ? clean.map(unpriced) : clean);
});

// Wrapped before we come, as polyfills and monitors do: the answers are right, the functions are others.
same('built-ins are wrapped before we come', { head: () => {
  for (const [object, names] of [
    [Array.prototype, ['push', 'find', 'filter', 'map', 'forEach', 'join', 'slice', 'splice', 'some', 'every', 'includes', 'indexOf', 'concat', Symbol.iterator]],
    [JSON, ['parse', 'stringify']], [Promise.prototype, ['then', 'catch', 'finally']], [Element.prototype, ['matches', 'closest', 'getAttribute', 'getAttributeNames', 'attachShadow']],
    [Event.prototype, ['composedPath', 'preventDefault']], [EventTarget.prototype, ['addEventListener', 'removeEventListener']], [Document.prototype, ['querySelector', 'createElement']],
    [History.prototype, ['pushState', 'replaceState']], [Function.prototype, ['bind']], [WeakMap.prototype, ['get', 'set', 'has']], [Navigator.prototype, ['sendBeacon']],
    [Storage.prototype, ['getItem', 'setItem', 'removeItem']], [XMLHttpRequest.prototype, ['open', 'send']],
    [window, ['fetch', 'setTimeout', 'clearTimeout', 'requestAnimationFrame', 'requestIdleCallback', 'queueMicrotask']],
  ]) {
    for (const name of names) {
      const original = object[name];
      object[name] = function (...args) { return Reflect.apply(original, this, args); };
    }
  }
} });
same('fetch makes a Request of its own of all it is given, and adds to the answer', { head: () => {
  const { fetch } = window;
  window.fetch = async (...args) => fetch(new Request(...args));
} });
same('promises are another class, as zones make them', { head: () => {
  const { then } = Promise.prototype;
  window.Promise = class Zone extends Promise {};
  const { prototype } = Object.getPrototypeOf(window.Promise);
  prototype.then = function (...acts) { return Reflect.apply(then, this, acts.map((act) => act && ((value) => act(value)))); };
} });
same('Prototype.js: its own Array.from, toJSON everywhere, enumerable words on arrays', { head: () => {
  Array.from = (given) => (given?.toArray ? given.toArray() : [].slice.call(given));
  for (const kind of [Array, String, Number, Object]) kind.prototype.toJSON = () => 'not JSON';
  Object.assign(Array.prototype, { each() {}, first() {}, last: 'x', clear() { this.length = 0; } });
  Object.assign(Function.prototype, { wrap() {}, curry() {} });
  Object.assign(String.prototype, { strip() {}, escapeHTML() {} });
} });
same('enumerable junk on Object.prototype', { head: () => Object.assign(Object.prototype, { junk: 'x', each() {}, extend: {}, name: 'x', type: 'x', data: 1, url: 'x', on: 1, q: 1, engine: 'x', message: 'x' }) });
same('Object.prototype says the words of the browser', { head: () => {
  Object.assign(Object.prototype, { once: true, method: 'GET', body: 'x', headers: { a: 'b' }, keepalive: true, integrity: 'sha256-x', timeout: 1, threshold: 0.99, subtree: false, bubbles: true });
} });
same('Object.prototype has a signal, and words of property descriptors', { head: () => {
  Object.assign(Object.prototype, { signal: 'none', root: 'none', rootMargin: 'x', attributeFilter: 'x' });
} });

// Elements that hide what a document and a window can do.
const HIDDEN = ['documentElement', 'scrollingElement', 'prerendering', 'addEventListener', 'removeEventListener', 'getElementById', 'readyState', 'currentScript', 'querySelector', 'querySelectorAll',
  'createDocumentFragment', 'visibilityState', 'hidden', 'title', 'referrer', 'head', 'defaultView', 'cookie', 'forms', 'getElementsByName', 'createElement', 'hasFocus', 'scripts'];
same('elements hide what the document can do', { around: HIDDEN.map((name) => `<img name=${name}><form name=${name}></form>`).join('') });
same('an element goes by our name', { around: '<div id=footstep></div><form name=footstep><input name=ready><input name=q></form>' });
same('elements go by the names of built-ins', { around: ['fetch', 'JSON', 'Array', 'history', 'dataLayer2', 'event', 'jQuery', '$', 'YT', 'Vimeo', 'gtag'].map((name) => `<i id="${name}"></i>`).join('') });

/** Breaks functions for callers from our files: they throw, or answer `answer`. */
const broken = (where, answer) => `(() => {
  for (const [object, names] of [${where}]) for (const name of names) {
    const original = object[name];
    Object.defineProperty(object, name, { configurable: true, writable: true, value(...args) {
      if (!new Error().stack.includes('/dist/')) return Reflect.apply(original, this, args);
      ${answer ?? 'throw new TypeError("broken by the page")'};
    } });
  }
})()`;
const AFTER = {
  'JSON is broken': '[JSON, ["parse", "stringify"]]',
  'the functions of arrays are broken': '[Array.prototype, ["push", "pop", "shift", "unshift", "find", "findIndex", "filter", "map", "forEach", "join", "slice", "splice", "some", "every", "includes", "indexOf", "concat", "reduce", "sort", "flatMap", "entries", "keys", "at"]]',
  'the iterator of arrays is broken': '[Array.prototype, [Symbol.iterator]]',
  'the functions of strings and patterns are broken': '[String.prototype, ["split", "slice", "replace", "replaceAll", "trim", "indexOf", "includes", "startsWith", "endsWith", "match", "toLowerCase", "charCodeAt", "substring"]], [RegExp.prototype, ["exec", "test", Symbol.replace, Symbol.split, Symbol.match]]',
  'the functions of promises are broken': '[Promise.prototype, ["then", "catch", "finally"]], [Promise, ["all", "race", "resolve", "reject", "allSettled"]], [Function.prototype, ["call", "apply", "bind"]]',
  'Array.from, Array.isArray and the functions of Object are broken': '[Array, ["from", "isArray", "of"]], [Object, ["keys", "entries", "assign", "fromEntries", "getOwnPropertyDescriptor", "create"]]',
  'matches and closest are broken': '[Element.prototype, ["matches", "closest", "webkitMatchesSelector"]]',
  'composedPath is broken': '[Event.prototype, ["composedPath"]]',
  'reading attributes is broken': '[Element.prototype, ["getAttribute", "hasAttribute", "getAttributeNames", "getAttributeNode"]], [Node.prototype, ["contains", "getRootNode", "compareDocumentPosition"]]',
  'the document cannot be asked': '[Document.prototype, ["querySelector", "querySelectorAll", "getElementById", "createDocumentFragment", "createElement"]], [Element.prototype, ["querySelector", "querySelectorAll"]]',
  'fetch and sendBeacon are broken': '[window, ["fetch"]], [Navigator.prototype, ["sendBeacon"]]',
  'timers are broken': '[window, ["setTimeout", "clearTimeout", "setInterval", "requestAnimationFrame", "cancelAnimationFrame", "requestIdleCallback", "cancelIdleCallback", "queueMicrotask"]]',
  'listening is broken': '[EventTarget.prototype, ["addEventListener", "removeEventListener"]]',
};
for (const [name, where] of Object.entries(AFTER)) {
  const unread = /arrays|strings/.test(name);
  same(`after we came, ${name}`, { after: broken(where), unread });
  same(`after we came, ${name}: nothing is answered`, { after: broken(where, 'return undefined'), unread });
}
same('after we came, the clocks stand still', { after: () => {
  Date.now = () => NaN;
  performance.now = () => NaN;
  window.Date = class extends Date { constructor() { super(0); } };
} });
same('after we came, then is wrapped and Promise is replaced', { after: () => {
  const { then } = Promise.prototype;
  Promise.prototype.then = function (...acts) { return Reflect.apply(then, this, acts); };
  window.Promise = class extends Promise {};
} });
for (const name of ['JSON is broken', 'the functions of arrays are broken', 'the iterator of arrays is broken', 'the functions of promises are broken']) {
  const unread = !/promises/.test(name);
  // A broken `push` of the data layer's is the page's own, and we are among the callers of what it replaces.
  // And without `bind` there is no function of ours.
  const where = AFTER[name].replace('"push", ', '').replace(/, .Function.*/, '');
  same(`before we come, ${name}`, { head: `() => ${broken(where)}`, unread });
  same(`before we come, ${name}: nothing is answered`, { head: `() => ${broken(where, 'return undefined')}`, unread });
}

// Nobody is left to ask: the page stays as it is, without a word of ours.
for (const name of ['the functions of strings and patterns are broken', 'matches and closest are broken', 'composedPath is broken', 'timers are broken', 'listening is broken', 'Array.from, Array.isArray and the functions of Object are broken']) {
  for (const answer of [undefined, 'return undefined']) {
    scenario(`before we come, ${name}${answer ? ': nothing is answered' : ''}: the page goes on`, { config, body, head: `<script>${broken(AFTER[name], answer)};</script>` }, async ({ page, site }) => {
      await page.goto(site.origin);
      await page.evaluate(() => window.footstep?.ready);
      for (const id of ['plain', 'link', 'send', 'buy']) await press(page, '#' + id);
      await page.evaluate(() => window.footstep?.track('told'));
      assert.deepEqual(await page.evaluate(() => [thanks.hidden, location.pathname, dataLayer.length]), [false, '/routed', 1]);
    });
  }
}
