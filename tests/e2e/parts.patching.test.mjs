/** The patches of the part that observes requests: what they look like, and that none is left behind. */

import assert from 'node:assert/strict';
import { observed } from './support/requests.mjs';

/** Sets up what the pages below use; runs in the page. */
const tools = () => {
  window.places = { fetch: window, open: XMLHttpRequest.prototype, send: XMLHttpRequest.prototype };
  window.each = (act) => Object.entries(places).map(([name, owner]) => act(owner, name));
  window.look = () => each((owner, name) => Object.getOwnPropertyDescriptor(owner, name));
  window.first = look();
  /** Whether everything is as it was at first: the same functions, with the same descriptors. */
  window.asAtFirst = () => look().every((now, index) => ['value', 'writable', 'enumerable', 'configurable'].every((key) => now[key] === first[index][key]));
  /** One of each kind of request, without a network; returns how often the end of each was told. */
  window.count = async () => {
    told.length = 0;
    await fetch('data:,fetch');
    await fetch('data:,fails', { signal: AbortSignal.abort() }).catch(() => {});
    await xhr('GET', 'data:,xhr');
    return ['data:,fetch', 'data:,fails', 'data:,xhr'].map((url) => told.filter((one) => one.url === url && !one.last).length).join();
  };
  /** Another library that wraps the same functions, and may ask a turn later; it takes its wrappers off as most do, without looking. */
  window.library = (later) => {
    const before = each((owner, name) => owner[name]);
    each((owner, name) => {
      const original = owner[name];
      owner[name] = function (...args) {
        return later && name === 'fetch' ? Promise.resolve().then(() => original.apply(this, args)) : original.apply(this, args);
      };
    });
    return () => each((owner, name) => { owner[name] = before[Object.keys(places).indexOf(name)]; });
  };
};

observed('a wrapper looks like what it wraps', async (page) => {
  await page.evaluate(tools);
  const found = await page.evaluate(async () => {
    fetch.polyfill = false;
    const looks = () => each((owner, name) => {
      const { value, ...flags } = Object.getOwnPropertyDescriptor(owner, name);
      let constructed;
      try {
        constructed = new value();
      } catch (error) {
        constructed = error.name;
      }
      return {
        name: value.name, length: value.length, text: `${value}`, said: value.toString(), other: value.toString.call(places.xyz ?? parseInt), flags, constructed,
        native: /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(value)), keys: Reflect.ownKeys(value), place: Object.keys(owner).indexOf(name),
        same: owner[name] === value, proto: Object.getPrototypeOf(value) === Function.prototype, bound: value.bind(owner).name,
      };
    });
    const before = looks();
    await start();
    const during = looks();
    fetch.mark = 1;
    const wrapped = look().every(({ value }, index) => value !== first[index].value);
    remove();
    const kept = fetch.mark;
    delete fetch.mark;
    return { before, during, after: looks(), wrapped, kept, restored: asAtFirst() };
  });
  assert.deepEqual(found.during, found.before);
  assert.deepEqual(found.after, found.before);
  assert.equal(found.before[0].text, 'function fetch() { [native code] }');
  assert.deepEqual([found.wrapped, found.kept, found.restored], [true, 1, true]);
});

observed('begun and ended a hundred times beside a library that wraps before, after and in between: nothing is left, each is told once', async (page) => {
  await page.evaluate(tools);
  const found = await page.evaluate(async () => {
    await start();
    remove();
    const heard = {};
    const note = async (when) => {
      (heard[when] ??= new Set()).add(await count());
    };
    let off;
    const begin = () => { window.remove = part.observe((facts) => void told.push(facts)); };
    const orders = {
      async 'inside'() { begin(); off = library(); await note('on'); off(); await note('on'); remove(); },
      async 'around'() { off = library(); begin(); await note('on'); remove(); await note('off'); off(); },
      async 'first and first'() { begin(); off = library(); remove(); await note('off'); off(); await note('off'); },
      async 'crossed, thrown out by it'() { off = library(); begin(); await note('on'); off(); await note('thrown out'); remove(); await note('off'); },
      async 'again above it'() { begin(); off = library(); remove(); begin(); await note('on'); off(); await note('on'); remove(); await note('off'); },
      async 'again above a slow one'() {
        begin(); off = library(true); remove(); begin();
        await fetch('data:,slow');
        await until(() => told.length);
        told.length = 0;
        await fetch('data:,slow');
        slow.push(told.length);
        off(); await note('on'); remove();
      },
      async 'twice above it'() { begin(); off = library(); remove(); begin(); const second = library(); remove(); begin(); await note('on'); second(); await note('on'); off(); await note('on'); remove(); },
    };
    const names = Object.keys(orders);
    const left = [];
    const slow = [];
    for (let round = 0; round < 100; round += 1) {
      const name = names[(round * 7 + (round >> 3)) % names.length];
      await orders[name]();
      await note('off');
      // What another library had wrapped is taken off by the next end at the latest.
      begin();
      await note('on');
      remove();
      if (!asAtFirst()) left.push(`${round}: ${name}`);
    }
    return { left, slow: [...new Set(slow)], told: Object.entries(heard).map(([when, found]) => [when, [...found]]) };
  });
  assert.deepEqual(found.left, []);
  assert.deepEqual(found.slow, [1]);
  assert.deepEqual(Object.fromEntries(found.told), { on: ['1,1,1'], off: ['0,0,0'], 'thrown out': ['0,0,0'] });
});

observed('two who listen, of whom one goes; ending twice; ended while a request is under way', async (page, { site }) => {
  let release;
  site.routes['/late'] = { headers: { 'content-type': 'application/json' }, body: '1', wait: new Promise((resolve) => { release = resolve; }) };
  site.routes['/release'] = () => { release(); return { status: 204 }; };
  await page.evaluate(tools);
  const found = await page.evaluate(async () => {
    const other = [];
    await start(() => false);
    const stop = part.observe(({ url, body }) => { other.push(body ?? url.split('/').pop()); return true; });
    await fetch('/cart');
    await until(() => other.length === 2);
    remove();
    remove();
    const still = asAtFirst();
    await fetch('/gone');
    await until(() => other.length === 4);
    // One that goes as soon as it has said that it wants the body.
    const hasty = part.observe(({ body }) => { other.push(body ?? 'hasty'); hasty(); return true; });
    await (await fetch('/cart')).text();
    await until(() => other.length === 7);
    const late = [fetch('/late'), xhr('GET', '/late?xhr')];
    stop();
    await fetch('/release');
    await Promise.all(late);
    return { told: told.map(({ url, body }) => [url, body]), other, still, restored: asAtFirst() };
  });
  assert.deepEqual(found, { told: [['/cart', undefined]], other: ['cart', { items: 2 }, 'gone', { error: 'gone' }, 'cart', 'hasty', { items: 2 }], still: false, restored: true });
});

observed('pages that have frozen, replaced or polluted things', async (page) => {
  await page.evaluate(tools);
  const found = await page.evaluate(async () => {
    const mine = fetch;
    const seen = [];
    // What was taken before is not heard: that is how our own requests go.
    await start();
    await mine('data:,own');
    seen.push(told.length);
    Object.assign(Object.prototype, { get: 'x', set: 'x', apply: 'x', value: 'x', open: 'x', url: 'x' });
    fetch.mark = 1;
    seen.push(await count());
    remove();
    const { observe: again } = await import('/js/parts/requests.js?polluted');
    remove = again((facts) => void told.push(facts));
    seen.push(await count());
    remove();
    seen.push(look().every(({ value }, index) => value === first[index].value));
    for (const name of ['get', 'set', 'apply', 'value', 'open', 'url']) delete Object.prototype[name];
    Object.defineProperty(window, 'fetch', { configurable: true, get: () => mine });
    Object.freeze(XMLHttpRequest.prototype);
    remove = part.observe((facts) => void told.push(facts));
    seen.push(fetch === mine, await count());
    remove();
    Object.defineProperty(window, 'fetch', { value: 'none' });
    XMLHttpRequest = () => {};
    remove = part.observe(() => {});
    remove();
    const { observe } = await import('/js/parts/requests.js?later');
    observe(() => {})();
    seen.push(fetch);
    return seen;
  });
  assert.deepEqual(found, [0, '1,1,1', '1,1,1', true, true, '0,0,0', 'none']);
});
