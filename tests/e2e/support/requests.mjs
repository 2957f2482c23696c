/** Pages whose requests are observed by the part for that, and answers of every kind for them to ask for. */

import assert from 'node:assert/strict';
import { scenario } from './browser.mjs';
import { html } from './site.mjs';

const json = (value, headers) => ({ headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) });
const chunked = (type, ...chunks) => ({ headers: { 'content-type': type }, body: (answer) => {
  for (const chunk of chunks) answer.write(chunk);
  answer.end();
} });
/** JSON of more than anybody wants. */
export const BIG = JSON.stringify({ text: 'x'.repeat(300_000) });

const ROUTES = {
  '/js/parts/requests.js': { file: '/js/parts/requests.js' },
  '/': html('<p>shop</p>'),
  '/cart': json({ items: 2 }),
  '/shop/cart': json({ items: 2 }),
  '/gone': { ...json({ error: 'gone' }), status: 404 },
  '/broken': { status: 500, body: 'no', headers: { 'content-type': 'text/plain' } },
  '/text': { headers: { 'content-type': 'text/plain' }, body: '{"a":1}' },
  '/page': html('x'),
  '/moved': { status: 302, headers: { location: '/cart' } },
  '/empty': { status: 204, headers: { 'content-type': 'application/json' } },
  '/invalid': { headers: { 'content-type': 'application/json' }, body: '{"a":' },
  '/problem': { headers: { 'content-type': 'application/problem+json; charset=utf-8' }, body: '\ufeff{"a":"ü"}' },
  '/sequence': { headers: { 'content-type': 'application/json-seq' }, body: '{"a":1}' },
  '/chunked': chunked('application/json', '{"te', 'xt":"', Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1), '"}'),
  '/big': { headers: { 'content-type': 'application/json', 'content-length': BIG.length }, body: BIG },
  '/bigger': chunked('application/json', BIG),
  '/hangup': { headers: { 'content-type': 'application/json', 'content-length': 9 }, body: (answer) => answer.socket.destroy() },
  '/events': chunked('text/event-stream', 'data: 1\n\n', 'data: 2\n\n'),
  '/sentinel': json('end'),
};

/** A test on a page where `start(wanted)` begins to listen and `ended(urls)` says what was told about its requests. */
export function observed(name, act, { expect = [] } = {}) {
  scenario(name, { tag: false, expect: [/Failed to load resource/, ...expect] }, async (s) => {
    Object.assign(s.site.routes, ROUTES);
    await s.page.addInitScript(() => {
      window.told = [];
      window.start = async (wanted = () => true) => {
        window.part = await import('/js/parts/requests.js');
        window.remove = part.observe((facts) => {
          told.push({ ...facts, url: facts.url.replace(location.origin, '') });
          return wanted(facts);
        });
      };
      window.xhr = (method, url, { type = '', sync, body, Kind = XMLHttpRequest } = {}) => new Promise((resolve) => {
        const request = new Kind();
        request.open(method, url, !sync);
        if (!sync) request.responseType = type;
        request.onloadend = () => resolve(request);
        try {
          request.send(body);
        } catch (error) {
          resolve(error.name);
        }
      });
      /** Until the condition holds, looking once a frame. */
      window.until = (holds) => new Promise((resolve) => {
        const look = () => (holds() ? resolve() : requestAnimationFrame(look));
        look();
      });
      /** What was told so far, in a few words. The sentinel's answer comes after all there is to tell of those before it. */
      window.ended = async () => {
        await (await fetch('/sentinel')).text();
        const end = told.findIndex(({ url }) => url === '/sentinel');
        // That there is no body is told as well: see the test of that.
        return told.splice(0).slice(0, end < 0 ? undefined : end).filter(({ last, body }) => !last || body !== undefined)
          .map(({ url, method, status, body }) => [method, url, status, ...(body === undefined ? [] : [body])]);
      };
    });
    await s.page.goto(s.site.origin);
    await act(s.page, s);
  });
}

/** The same script in two fresh pages, one of them observed, whose observer wants every body: both must see the same. */
export function unseen(name, script, { given, before, check, expect } = {}) {
  observed(name, async (page, s) => {
    const seen = [];
    for (const observing of [false, true]) {
      before?.(s.site);
      await page.goto(s.site.origin);
      if (observing) await page.evaluate(() => start());
      seen.push(await page.evaluate(script, given));
    }
    assert.deepEqual(seen[1], seen[0]);
    check?.(seen[0]);
  }, { expect });
}
