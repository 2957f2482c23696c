/**
 * A trap in wasm, at every function JavaScript calls, once and for always one input: the page is unharmed, no other event
 * is lost, none counts twice, the next one counts; after three traps nothing of ours runs but the recorder. The trap is made by an
 * instance whose functions throw what wasm throws, after they have done half of their work or before any of it.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';
import { EXPORTS, faulty } from './support/faulty.mjs';
import { emptied } from './support/journal.mjs';

const config = { conversions: {
  pressed: { on: 'click', match: '#b' }, once: { on: 'click', match: '#once', once: 'page' }, depth: { on: 'scroll', percent: [10, 50] },
  signed: { on: 'submit', match: 'form', confirm: { visible: '.thanks' } },
} };
const body = `${'<button id="b">x</button><button id="once">x</button><form><button id="send">x</button></form><p class="thanks" hidden>thanks</p><p style="height:4000px">tall</p>'}
<script>document.forms[0].addEventListener('submit', (event) => event.preventDefault());</script>`;

/** Of the calls of a function of wasm that come while `during` runs, the first `count` trap. */
const during = (page, act, name, when = 'before', count = 1) => page.evaluate(async ([act, short, when, count]) => {
  let left = count;
  window.arm((called) => (called === short && left > 0 ? (left -= 1, when) : undefined));
  await (0, eval)(act);
  window.arm(undefined);
}, [act, EXPORTS[name], when, count]);

/** By the function: what has it called. */
const CALLS = {
  heard: "document.querySelector('#b').click()",
  track: "footstep.track('called')",
  flush: 'footstep.flush()',
  // Its answer is.
  called: "footstep.track('called'), footstep.flush()",
  stats: 'footstep.stats()',
  listen: "footstep.on('conversion', () => {})",
  consent: "footstep.consent('granted')",
  report: "footstep.consent('perhaps')",
};
/** Those that are called but once on a page, and that have scenes of their own. */
const ONCE = ['start', 'observe', 'stop'];

test('every function JavaScript calls is made to trap', () => {
  assert.deepEqual(Object.keys(EXPORTS).sort(), [...Object.keys(CALLS), ...ONCE].sort());
});

for (const when of ['before', 'after']) {
  for (const [name, act] of Object.entries(CALLS)) {
    scenario(`${name} traps ${when} its work`, { config: { ...config, untrusted: 'count' }, body, head: faulty }, async (s) => {
      const { page } = s;
      await open(s);
      await press(page, '#b');
      await press(page, '#once');
      await page.evaluate(() => scrollTo(0, 2500));
      await s.sink.until((arrived) => arrived.filter(({ name }) => name === 'depth').length === 2, 'both depths');
      await during(page, act, name, when);
      assert.equal(await page.evaluate(() => window.trapped), 1);
      assert.equal(await page.evaluate(() => window.instances), 2, 'a fresh instance');
      await press(page, '#once');
      await page.evaluate(() => { scrollTo(0, 0); scrollTo(0, 2500); });
      await press(page, '#b');
      await page.evaluate(async () => {
        footstep.track('sentinel');
        await footstep.flush();
      });
      await s.sink.named('sentinel');
      // What the instance before has left is taken up like that of another page, and may come after the sentinel.
      const expected = [name === 'heard' ? 3 : 2, name === 'track' || name === 'called' ? 1 : 0];
      const came = (arrived) => ['pressed', 'called'].map((wanted) => arrived.filter(({ name }) => name === wanted).length);
      await s.sink.until((arrived) => came(arrived).every((count, at) => count >= expected[at]), 'what was being done');
      const counted = {};
      for (const { name, kind } of s.sink.arrived) counted[kind === 'page' ? 'view' : name] = (counted[kind === 'page' ? 'view' : name] ?? 0) + 1;
      delete counted.pressed;
      delete counted.called;
      assert.deepEqual(counted, { view: 1, once: 1, depth: 2, sentinel: 1 });
      assert.deepEqual(came(s.sink.arrived), expected, 'what was being done counts once');
    });
  }
}

/** The first `count` calls of a function of wasm trap, before the page knows of anything. */
const armed = (name, count, when) => `${faulty}<script>{
  let left = ${count};
  arm((called) => (called === '${EXPORTS[name]}' && left > 0 ? (left -= 1, '${when}') : undefined));
}</script>`;

for (const when of ['before', 'after']) {
  for (const [name, count] of [['start', 1], ['start', 3], ['observe', 1], ['observe', 2]]) {
    scenario(`${name} traps ${when} its work, times: ${count}`, { config, body, head: armed(name, count, when) }, async (s) => {
      await open(s);
      await press(s.page, '#b');
      await press(s.page, '#once');
      await s.page.evaluate(() => footstep.track('called'));
      await press(s.page, '#once');
      assert.deepEqual(names(await finish(s)), ['pressed', 'once', 'called']);
      assert.equal(s.sink.arrived.filter(({ kind }) => kind === 'page').length, 1);
      assert.equal(await s.page.evaluate(() => window.trapped), count);
      assert.deepEqual((await stats(s.page)).dropped, {});
    });
  }

  for (const count of [1, 2]) {
    scenario(`stop traps ${when} its work, times: ${count}`, { config, body, head: faulty, routes: { '/next': (s) => s.html('next') } }, async (s) => {
      await open(s);
      await press(s.page, '#b');
      await during(s.page, 'footstep.stop()', 'stop', when, count);
      assert.equal(await s.page.evaluate(() => window.trapped), count);
      await press(s.page, '#b');
      await open(s, '/next');
      await finish(s);
      // What the page before has left may come after the sentinel: nothing is left any more when the journal is empty.
      await emptied(s.page);
      assert.deepEqual(s.sink.names.filter((name) => name !== 'sentinel'), ['pressed']);
    });
  }

  // It is told when it stops: then something has come of that, and it is not done once more.
  scenario(`stop traps ${when} its work, and an attempt is pending`, { config, body, head: faulty, routes: { '/next': (s) => s.html('next') } }, async (s) => {
    await open(s);
    await press(s.page, '#send');
    await during(s.page, 'footstep.stop()', 'stop', when);
    await press(s.page, '#b');
    await open(s, '/next');
    await finish(s);
    await emptied(s.page);
    assert.deepEqual(s.sink.names.filter((name) => name === 'pressed'), []);
  });
}

scenario('a start that always traps: the page is as if nothing were there, and it is said', { config, body, head: armed('start', 1000, 'before') }, async (s) => {
  const { engine, diagnostics } = await open(s);
  assert.deepEqual([engine, diagnostics.map(({ code }) => code)], ['none', ['no_core']]);
  await press(s.page, '#b');
  await s.page.evaluate(() => footstep.track('called'));
  assert.deepEqual(await s.page.evaluate(() => footstep.flush()), { acknowledged: 0, waiting: 0, dropped: 0 });
  assert.equal(await s.page.evaluate(() => window.trapped), 4);
  assert.equal(s.sink.batches.length, 0);
});

scenario('that always traps when it is to observe: the same, and what needs no rule is recorded', {
  config, body: `${body}<button id=marked data-footstep=wishlist_add>x</button>`, head: armed('observe', 1000, 'before'), tag: { consent: 'none' }, routes: { '/next': '<p>next' },
}, async (s) => {
  const { engine } = await open(s);
  assert.equal(engine, 'none');
  await press(s.page, '#marked');
  await s.page.goto(`${s.site.origin}/next`);
  assert.deepEqual(names(await s.sink.events(1)), ['wishlist_add']);
});

scenario('an input that always traps is dropped as such, and the next one counts', { config, body, head: faulty }, async (s) => {
  await open(s);
  await press(s.page, '#b');
  await s.sink.events(1);
  await during(s.page, "footstep.track('poison')", 'track', 'before', 2);
  assert.equal(await s.page.evaluate(() => window.instances), 3);
  await press(s.page, '#b');
  assert.deepEqual((await stats(s.page)).dropped, { trap: 1 });
  const took = await s.page.evaluate(() => performance.now() - window.trappedAt);
  assert.ok(took > 0);
  assert.deepEqual(names(await s.sink.events(2)), ['pressed', 'pressed']);
});

/** However busy the page is. */
const busy = '<script>requestIdleCallback = () => 0;</script>';

scenario('an attempt outlives a trap', { config, body, head: faulty + busy }, async (s) => {
  await open(s);
  await press(s.page, '#send');
  await during(s.page, 'footstep.stats()', 'stats');
  await s.page.evaluate(() => { document.querySelector('.thanks').hidden = false; });
  const signed = (arrived) => arrived.filter(({ name }) => name === 'signed').map(({ phase }) => phase);
  await s.sink.until((arrived) => signed(arrived).length > 0, 'the outcome');
  assert.deepEqual(signed(s.sink.arrived), ['confirmed']);
});

/** So often that nothing goes on. */
const traps = async (page) => { for (let time = 0; time < 4; time += 1) await during(page, 'footstep.stats()', 'stats'); };

scenario('after three traps the page goes on as if nothing were there', { config, body, head: faulty }, async (s) => {
  await open(s);
  await traps(s.page);
  assert.equal(await s.page.evaluate(() => footstep.stats().engine), 'none');
  await press(s.page, '#b');
  assert.deepEqual(await s.page.evaluate(() => footstep.flush().then(() => 'resolved')), 'resolved');
});

const marked = body + '<button id=marked data-footstep=wishlist_add data-footstep-sku=mug>x</button>';

scenario('after three traps what needs no rule is recorded, and sent when the page ends', {
  config, body: marked, head: faulty, tag: { consent: 'none' }, routes: { '/next': '<p>next' },
}, async (s) => {
  const { page, sink, site } = s;
  await open(s);
  await press(page, '#marked');
  await page.evaluate(() => footstep.flush());
  await traps(page);
  await press(page, '#marked');
  await press(page, '#b');
  await page.evaluate(() => footstep.track('told', { size: 'M' }));
  await page.goto(`${site.origin}/next`);
  assert.equal(sink.arrived.filter(({ name, early }) => name === 'wishlist_add' && !early).length, 1);
  const rest = (await sink.until((arrived) => arrived.some(({ early }) => early), 'the last words')).filter(({ early }) => early);
  assert.deepEqual(names(rest).sort(), ['before_core', 'told', 'wishlist_add']);
  assert.deepEqual(rest.find(({ name }) => name === 'before_core').properties, { count: 1 });
  assert.equal(sink.batches.at(-1).batch.context.engine, 'recorder');
});

for (const [what, act] of Object.entries({ 'a refusal': "footstep.consent('denied')", 'stop()': 'footstep.stop()' })) {
  scenario(`${what} ends the recorder as well`, { config, body: marked, head: faulty, tag: { consent: 'none' }, routes: { '/next': (s) => s.html('next') } }, async (s) => {
    await open(s);
    await traps(s.page);
    await press(s.page, '#marked');
    await s.page.evaluate(act);
    // What comes later has come after everything the page before had to say.
    await open(s, '/next');
    await finish(s);
    assert.deepEqual(s.sink.batches.filter(({ batch }) => batch.context.engine === 'recorder'), []);
  });
}

scenario('recovery takes less than ten milliseconds', { config, body, head: faulty }, async (s) => {
  await open(s);
  const took = [];
  for (let time = 0; time < 3; time += 1) {
    took.push(await s.page.evaluate((short) => {
      let left = 1;
      window.arm((name) => (name === short && left > 0 ? (left -= 1, 'before') : undefined));
      const began = performance.now();
      footstep.track('x');
      window.arm(undefined);
      return performance.now() - began;
    }, EXPORTS.track));
  }
  assert.equal(await s.page.evaluate(() => window.trapped), 3);
  assert.ok(Math.min(...took) < 10, `${took} ms`);
});
