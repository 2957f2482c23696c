/** Defects that a review found, each with the scene that showed it. */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario } from './support/browser.mjs';

const STUB = "<script>window.footstep ??= { q: [] }; for (const m of ['track', 'consent', 'on']) footstep[m] ??= (...a) => footstep.q.push([m, performance.now(), a]);";
const page = { on: 'page', macro: true, value: 9 };

scenario('a refusal made before the script is there comes first: nothing is stored or sent', {
  config: { consent: { mode: 'opt-out' }, conversions: { bought: page } }, head: `${STUB} footstep.consent('denied');</script>`,
}, async (s) => {
  await open(s);
  assert.equal((await s.page.evaluate(() => footstep.stats())).consent, 'denied');
  await s.page.evaluate(() => footstep.flush());
  assert.deepEqual(await s.page.evaluate(() => Object.keys(localStorage)), []);
  // What comes first is what was allowed afterwards.
  await s.page.evaluate(() => { footstep.consent('granted'); footstep.track('allowed', { value: 1 }); });
  assert.deepEqual(names(await s.sink.until((arrived) => arrived.length === 1, 'allowed')), ['allowed']);
});

scenario('a consent that is said but empty shuts the gate', { config: { conversions: { bought: page } }, tag: { consent: '' } }, async (s) => {
  const { diagnostics } = await open(s);
  assert.ok(diagnostics.some(({ path }) => path.startsWith('consent')), JSON.stringify(diagnostics));
  await s.page.evaluate(() => footstep.flush());
  assert.deepEqual(await s.page.evaluate(() => [Object.keys(localStorage).length, footstep.stats().consent]), [0, 'unknown']);
  assert.equal(s.sink.batches.length, 0);
});

for (const selector of ['[data-x', '.a /* x', ':not(.a', '[a="b']) {
  scenario(`a selector left open (${selector}) harms no other rule`, {
    config: { conversions: { open: { on: 'click', match: selector }, good: { on: 'click', match: '#good' } } },
    body: '<button id="good">Good</button><button id="marked" data-footstep="marked">Marked</button>',
  }, async (s) => {
    await open(s);
    await press(s.page, '#good');
    await press(s.page, '#marked');
    const found = names(await finish(s)).filter((name) => name !== 'open');
    assert.deepEqual(found, ['good', 'marked']);
  });
}

scenario('a collector that has moved has not taken anything', {
  config: {}, answer: (_, number, { path }) => (path === '/v1/batch' && number === 1 ? { status: 302, headers: { location: '/healthz' } } : 204),
  expect: [/Failed to load resource|redirect/i],
}, async (s) => {
  await open(s);
  await s.page.evaluate(() => footstep.track('step', { value: 1 }));
  await s.sink.until((arrived) => arrived.some(({ name }) => name === 'step'), 'step, sent again');
  assert.ok(s.sink.batches.every(({ method }) => method === 'POST'));
});

scenario('a callback that tracks what it hears leaves the page alive', { config: {} }, async (s) => {
  await open(s);
  const calls = await s.page.evaluate(() => new Promise((resolve) => {
    let heard = 0;
    footstep.on('conversion', () => {
      heard += 1;
      if (heard < 50) footstep.track('echo');
      else resolve(heard);
    });
    footstep.track('call');
  }));
  assert.equal(calls, 50);
});
