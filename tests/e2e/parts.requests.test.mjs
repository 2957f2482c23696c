/** How the page's own requests end, heard from the side: what is told, and that the page cannot tell. */

import assert from 'node:assert/strict';
import { BIG, observed, unseen } from './support/requests.mjs';
import { html, startSite } from './support/site.mjs';

observed('fetch: address, method and status of whatever ends', async (page) => {
  const found = await page.evaluate(async () => {
    await start(() => false);
    document.head.innerHTML += '<base href="/shop/">';
    await fetch('cart?based');
    const twice = new Request('/cart', { method: 'PUT', body: 'x' });
    await fetch('/cart?a=1#b');
    await fetch(new URL('/gone', location));
    await fetch(new Request('/broken', { method: 'post', body: 'x' }));
    await fetch(twice.clone(), { method: 'delete' });
    await fetch(twice);
    await fetch('/moved', undefined);
    await fetch({ toString: () => '/text' }, null);
    await fetch('/hangup').catch(() => {});
    await fetch('/cart', { signal: AbortSignal.abort() }).catch(() => {});
    for (const invalid of [() => fetch('http://:0'), () => fetch(), () => fetch('/cart', { method: 'a b' }), () => fetch(twice)]) await invalid().catch(() => {});
    return ended();
  });
  assert.deepEqual(found.shift(), ['GET', '/shop/cart?based', 200]);
  assert.deepEqual(found.slice(0, 9), [
    ['GET', '/cart?a=1#b', 200], ['GET', '/gone', 404], ['POST', '/broken', 500], ['DELETE', '/cart', 200], ['PUT', '/cart', 200],
    ['GET', '/moved', 200], ['GET', '/text', 200], ['GET', '/hangup', 0], ['GET', '/cart', 0],
  ]);
  assert.ok(found.slice(9).every(([, , status]) => status === 0), 'what never went out has no answer');
});

observed('fetch: the body if it is wanted, JSON and small', async (page) => {
  const found = await page.evaluate(async () => {
    let clones = 0;
    const { clone } = Response.prototype;
    Response.prototype.clone = function () {
      clones += 1;
      return clone.call(this);
    };
    await start(({ url, body }) => body === undefined && !url.includes('unwanted'));
    const texts = [];
    for (const path of ['/cart', '/cart?unwanted', '/text', '/page', '/empty', '/invalid', '/problem', '/sequence', '/chunked', '/big', '/bigger', '/events', '/gone']) {
      texts.push((await (await fetch(path)).text()).length);
    }
    await fetch('/cart', { method: 'HEAD' });
    const found = await ended();
    return { texts, found, clones };
  });
  assert.deepEqual(found.texts, [11, 11, 7, html('x').length, 0, 5, 9, 7, 12, BIG.length, BIG.length, 18, 16]);
  assert.deepEqual(found.found.filter(([, , , body]) => body !== undefined), [
    ['GET', '/cart', 200, { items: 2 }], ['GET', '/problem', 200, { a: 'ü' }], ['GET', '/chunked', 200, { text: 'ü' }], ['GET', '/gone', 404, { error: 'gone' }],
  ]);
  assert.equal(found.found.length, 14 + 4, 'each end is told once, each body once');
  assert.equal(found.clones, 9, 'of what is wanted, JSON and not known to be large; and of the sentinel');
});

observed('XMLHttpRequest: the same', async (page) => {
  const found = await page.evaluate(async () => {
    // Whatever the page calls XMLHttpRequest, others use what it extends.
    const Native = XMLHttpRequest;
    window.XMLHttpRequest = class extends Native {
      open(method, url, ...rest) { return super.open(method, `${url}`.replace('mine', 'theirs'), ...rest); }
    };
    await start(({ url, body }) => body === undefined && !url.includes('unwanted'));
    await xhr('get', 'cart?a');
    await xhr('POST', new URL('/cart?b', location), { type: 'json', body: 'x' });
    await xhr('GET', '/cart?unwanted', { type: 'json' });
    await xhr('GET', '/cart?blob', { type: 'blob' });
    await xhr('GET', '/gone', { type: 'text' });
    await xhr('GET', '/invalid', { type: 'json' });
    await xhr('GET', '/invalid');
    await xhr('GET', '/text');
    await xhr('GET', '/bigger');
    await xhr('GET', '/hangup');
    await xhr('GET', '/cart?sync', { sync: true });
    await xhr('GET', '/hangup?sync', { sync: true });
    await xhr('GET', '/cart?mine');
    await xhr('GET', '/cart?native', { Kind: Native });
    const aborted = new XMLHttpRequest();
    aborted.open('GET', '/cart?aborted');
    aborted.send();
    aborted.abort();
    // The same one again and again, from its own `load`.
    const again = new XMLHttpRequest();
    await new Promise((resolve) => {
      let left = 3;
      again.onload = () => {
        if (!left--) return resolve();
        again.open('GET', `/cart?again${left}`);
        again.send();
      };
      again.open('GET', '/cart?first');
      again.send();
      try {
        again.send();
      } catch { /* it is under way */ }
    });
    return ended();
  });
  const cart = { items: 2 };
  assert.deepEqual(found, [
    ['GET', '/cart?a', 200], ['GET', '/cart?a', 200, cart], ['POST', '/cart?b', 200], ['POST', '/cart?b', 200, cart], ['GET', '/cart?unwanted', 200],
    ['GET', '/cart?blob', 200], ['GET', '/gone', 404], ['GET', '/gone', 404, { error: 'gone' }], ['GET', '/invalid', 200], ['GET', '/invalid', 200],
    ['GET', '/text', 200], ['GET', '/bigger', 200], ['GET', '/hangup', 0], ['GET', '/cart?sync', 200], ['GET', '/cart?sync', 200, cart], ['GET', '/hangup?sync', 0],
    ['GET', '/cart?theirs', 200], ['GET', '/cart?theirs', 200, cart], ['GET', '/cart?native', 200], ['GET', '/cart?native', 200, cart], ['GET', '/cart?aborted', 0],
    ...['first', 'again2', 'again1', 'again0'].flatMap((name) => [['GET', `/cart?${name}`, 200], ['GET', `/cart?${name}`, 200, cart]]),
  ]);
});

unseen('a library below gets the same arguments, the page the same promise', async () => {
  const calls = [];
  const original = fetch;
  const answers = [];
  window.fetch = function (...args) {
    calls.push([this === window || this === undefined, args.length]);
    const answer = original.apply(window, args);
    answers.push([answer, args]);
    return answer;
  };
  if (window.part) {
    remove();
    remove = part.observe(() => true);
  }
  const request = new Request('/cart', { method: 'POST', body: 'x' });
  const init = { headers: {} };
  const same = [];
  for (const args of [['/cart'], ['/cart', init], [request], ['/cart', init, 'third']]) {
    const answer = fetch(...args);
    const [last, seen] = answers.at(-1);
    same.push(answer === last, seen.every((arg, index) => arg === args[index]));
    await answer;
  }
  return { calls, same, used: request.bodyUsed, init, again: await fetch(request).catch((error) => error.name) };
}, {
  check: ({ calls, same, used, again }) => {
    assert.equal(calls.length, 5);
    assert.ok(same.every(Boolean) && used && again === 'TypeError');
  },
});

/** A body in parts, the next of which is sent when the page asks for it: a part that is held back stays the last. */
const parts = (type, chunks) => (site) => {
  let answer;
  let sent = 0;
  site.routes['/next'] = () => {
    answer.write(chunks[sent++]);
    if (sent === chunks.length) answer.end();
    return { status: 204 };
  };
  site.routes['/stream'] = { headers: { 'content-type': type }, body: (response) => {
    answer = response;
    sent = 0;
    answer.flushHeaders();
  } };
};

for (const [type, chunks] of Object.entries({
  'text/event-stream': ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n'].map((text) => Buffer.from(text)),
  'application/json': [Buffer.from('{"a":'), Buffer.from([0x22, 0xc3]), Buffer.from([0xbc, 0x22]), Buffer.from('}')],
  'application/octet-stream': [Buffer.from([0, 255, 128]), Buffer.from([10, 13, 0]), Buffer.alloc(70_000, 7)],
})) {
  unseen(`a body of ${type} in parts arrives as it is sent, byte for byte`, async (lengths) => {
    const response = await fetch('/stream');
    const reader = response.body.getReader();
    const bytes = [];
    let awaited = 0;
    for (const length of lengths) {
      awaited += length;
      await fetch('/next', { method: 'POST' });
      while (bytes.length < awaited) bytes.push(...(await reader.read()).value);
    }
    return [bytes.join(), (await reader.read()).done, response.bodyUsed];
  }, {
    given: chunks.map(({ length }) => length), before: parts(type, chunks), check: (seen) => assert.deepEqual(seen, [[...Buffer.concat(chunks)].join(), true, true]),
  });
}

unseen('what is aborted fails as it would, before the answer and within it', async () => {
  const found = [];
  const note = (error) => found.push([error.name, error.message, error === reason]);
  let reason;
  for (const path of ['/never', '/stream']) {
    const abort = new AbortController();
    reason = path === '/never' ? new Error('mine') : new DOMException('theirs', 'AbortError');
    const asked = fetch(path, { signal: abort.signal });
    if (path === '/stream') {
      const response = await asked;
      const reader = response.body.getReader();
      await fetch('/next');
      found.push((await reader.read()).value.length);
      abort.abort(reason);
      await reader.read().catch(note);
      await reader.closed.catch(note);
    } else {
      abort.abort(reason);
      await asked.catch(note);
    }
  }
  return found;
}, {
  before: (site) => {
    parts('application/json', [Buffer.from('[1,'), Buffer.from('2]')])(site);
    site.routes['/never'] = { body: () => {} };
  },
  check: (seen) => assert.equal(seen.length, 4),
});

unseen('the order of the page\'s own microtasks, and no `then` of the page is called', async () => {
  const order = [];
  const { then } = Promise.prototype;
  let thens = 0;
  // Answers that are there at once make every turn count.
  const answers = { '/a': () => Promise.resolve(new Response('1')), '/b': () => Promise.reject(new TypeError('no')), '/c': async () => new Response('{}', { headers: { 'content-type': 'application/json' } }) };
  const first = fetch;
  window.fetch = (url) => answers[url]();
  if (window.part) {
    remove();
    remove = part.observe(() => true);
  }
  Promise.prototype.then = function (...args) {
    thens += 1;
    return then.apply(this, args);
  };
  const say = (word) => () => void order.push(word);
  const chain = (promise, name) => promise.then(say(`${name}1`), say(`${name}1!`)).then(say(`${name}2`)).then(say(`${name}3`));
  const ends = [chain(fetch('/a'), 'a'), chain(Promise.resolve(), 'x'), chain(fetch('/b'), 'b'), chain(fetch('/c'), 'c'), chain(Promise.resolve(), 'y')];
  queueMicrotask(say('q'));
  ends.push((async () => order.push((await fetch('/c')).status))());
  for (const end of ends) await end;
  const seen = [order, thens];
  Promise.prototype.then = then;
  window.fetch = first;
  return seen;
}, { check: ([order]) => assert.equal(order.length, 17) });

observed('promises and answers of the page\'s own making', async (page) => {
  const found = await page.evaluate(async () => {
    class Mine extends Promise {}
    class Answer extends Response {}
    let cancelled;
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(150_000)), cancel: () => { cancelled = true; } });
    const type = { headers: { 'content-type': 'application/json' } };
    const made = [
      () => Mine.resolve(new Answer('{"a":1}', { status: 201, ...type })), () => Promise.resolve(new Response(endless, type)),
      () => ({ then: (ok) => ok(new Response('x')) }), () => ({ then: (ok, bad) => bad('no') }), () => ({ then() { throw new Error('then'); } }),
      () => undefined, () => Promise.resolve({ status: 200, json: () => 1 }), () => { throw new RangeError('at once'); }, () => Promise.reject(undefined),
    ];
    const original = fetch;
    let number = 0;
    window.fetch = (...args) => (made[number] ?? original)(...args);
    await start();
    const seen = [];
    for (; number < made.length; number += 1) {
      try {
        const answer = fetch(`/made${number}`);
        seen.push(answer?.constructor.name);
        // The page reads as soon as it can.
        await answer?.then?.((response) => (number === 0 ? response.text().then((text) => seen.push(text)) : number === 1 ? response.body.cancel() : 0), () => {});
      } catch (error) {
        seen.push(error.name + error.message);
      }
    }
    await until(() => told.some(({ body }) => body) && cancelled);
    return { seen, told: await ended() };
  });
  assert.deepEqual(found.seen, ['Mine', '{"a":1}', 'Promise', 'Object', 'Object', 'Object', 'Errorthen', undefined, 'Promise', 'RangeErrorat once', 'Promise']);
  assert.deepEqual(found.told.sort(), [
    ['GET', '/made0', 201], ['GET', '/made0', 201, { a: 1 }], ['GET', '/made1', 200], ['GET', '/made2', 200], ['GET', '/made3', 0], ['GET', '/made8', 0],
  ]);
});

observed('who wants a body is told exactly once more, also where there is none', async (page) => {
  const found = await page.evaluate(async () => {
    await start(({ last }) => !last);
    const paths = ['/cart', '/text', '/empty', '/invalid', '/big', '/bigger', '/hangup', '/gone'];
    for (const path of paths) {
      await fetch(`${path}?f`).then((answer) => answer.text()).catch(() => {});
      await xhr('GET', `${path}?x`);
    }
    await until(() => told.length >= paths.length * 4);
    await (await fetch('/sentinel')).text();
    return paths.flatMap((path) => ['?f', '?x'].map((kind) => told.filter(({ url }) => url === path + kind)
      .map(({ last, body }) => (last ? (body === undefined ? 'none' : 'body') : 'first')).join()));
  });
  const none = ['first,none', 'first,none'];
  assert.deepEqual(found, ['first,body', 'first,body', ...[1, 2, 3, 4, 5, 6].flatMap(() => none), 'first,body', 'first,body']);
});

observed('what nobody handles is reported once, what somebody handles is not, and what is handled late is taken back', async (page) => {
  const found = await page.evaluate(async () => {
    const unhandled = [];
    addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      unhandled.push(event);
    });
    let handled = 0;
    addEventListener('rejectionhandled', () => { handled += 1; });
    /** Every request has ended, and what came of it has been reported: of rejections, the last one made is the last. */
    const reported = async (requests) => {
      const ended = () => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/hangup')).length;
      while (ended() < requests) await new Promise((resolve) => { setTimeout(resolve); });
      const last = {};
      await new Promise((resolve) => {
        addEventListener('unhandledrejection', function look({ reason }) {
          if (reason !== last) return;
          removeEventListener('unhandledrejection', look);
          unhandled.pop();
          resolve();
        });
        Promise.reject(last);
      });
    };
    const visit = async () => {
      unhandled.length = 0;
      handled = 0;
      performance.clearResourceTimings();
      const bare = fetch('/hangup');
      fetch('/hangup').then(() => {}, () => {});
      fetch('/hangup').then(() => {}).catch(() => {});
      await fetch('/hangup').catch(() => {});
      await Promise.allSettled([fetch('/hangup')]);
      fetch('/hangup').finally(() => {});
      await reported(6);
      const before = [unhandled.length, unhandled.every(({ reason }) => reason instanceof TypeError), handled];
      const reason = await bare.catch((error) => error);
      await reported(6);
      return [...before, handled, unhandled.filter((event) => event.reason === reason).length];
    };
    const without = await visit();
    await start();
    return [without, await visit()];
  });
  assert.deepEqual(found, [[2, true, 0, 1, 1], [2, true, 0, 1, 1]]);
});

observed('who listens may throw, and an unhandled rejection of the page\'s own chain stays one', async (page) => {
  const found = await page.evaluate(async () => {
    await start(() => { throw new Error('mine'); });
    const others = [];
    part.observe(({ status }) => void others.push(status));
    const unhandled = new Promise((resolve) => addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      resolve(event.reason.name);
    }));
    fetch('/hangup').then(() => {});
    const name = await unhandled;
    await xhr('GET', '/cart');
    return [name, await ended(), others];
  });
  assert.deepEqual(found, ['TypeError', [['GET', '/hangup', 0], ['GET', '/cart', 200]], [0, 200, 200]]);
});

observed('other origins: with their leave, without it, and unseen', async (page, { site }) => {
  const other = await startSite();
  const open = { 'access-control-allow-origin': '*' };
  other.routes['/open'] = { headers: { ...open, 'content-type': 'application/json' }, body: '{"a":1}' };
  other.routes['/closed'] = { headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
  const found = await page.evaluate(async (other) => {
    await start();
    await fetch(`${other}/open`).then((answer) => answer.text());
    await fetch(`${other}/closed`).catch(() => {});
    const unseen = await fetch(`${other}/closed?unseen`, { mode: 'no-cors' });
    await xhr('GET', `${other}/open?xhr`);
    await xhr('GET', `${other}/closed?xhr`, { type: 'json' });
    return [unseen.type, await ended()];
  }, other.origin);
  other.close();
  const at = (path) => other.origin.replace(site.origin, '') + path;
  assert.deepEqual(found, ['opaque', [
    ['GET', at('/open'), 200], ['GET', at('/open'), 200, { a: 1 }], ['GET', at('/closed'), 0], ['GET', at('/closed?unseen'), 0],
    ['GET', at('/open?xhr'), 200], ['GET', at('/open?xhr'), 200, { a: 1 }], ['GET', at('/closed?xhr'), 0],
  ]]);
}, { expect: [/blocked by CORS policy/] });
