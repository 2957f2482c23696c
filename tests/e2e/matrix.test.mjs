/**
 * The matrix of `bench/matrix`: each way to press what can be pressed and to send what can be sent, 50 times, by
 * trusted input, with exactly one event each and none for what is no step. `npm run matrix -- --runs 1000` is the long
 * form. And the matrix itself is held to what it is for: it must see an event that is lost and one that is doubled.
 */

import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import clicks from '../../bench/matrix/clicks.mjs';
import { compare, jobs, launch, measure, wrong } from '../../bench/matrix/run.mjs';

const RUNS = 50;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const told = (rows) => wrong(rows).map(({ cell, hand, what, expected, pressed, events, lost, doubled }) =>
  `${cell} (${what}; ${hand}): ${pressed} presses, ${expected} expected, ${events} came, ${lost} lost, ${doubled} doubled`);

describe(`${RUNS} runs of each cell`, { concurrency: 2 }, () => {
  for (const { name, act } of jobs) {
    test(name, { timeout: 600_000 }, async () => {
      const { rows, noise, gaps, diagnostics } = await act(browser, RUNS);
      assert.deepEqual([told(rows), diagnostics], [[], []]);
      assert.deepEqual(noise, [], 'the page stays quiet');
      assert.deepEqual(gaps, []);
    });
  }
});

test('press by press: what is lost is not made up for by what is doubled', () => {
  const cells = [{ id: 'a', what: 'a', by: ['left'] }, { id: 'b', what: 'b', by: ['left'], events: 0 }];
  const event = (name, run) => ({ name, properties: { run: String(run) } });
  const judge = (...events) => wrong(compare(cells, 'click', 'left', 2, { a: 2, b: 2 }, events)).map(({ cell, lost, doubled }) => [cell, lost, doubled]);
  assert.deepEqual(judge(event('a', 1), event('a', 2)), []);
  assert.deepEqual(judge(event('a', 1), event('a', 1)), [['a', 1, 1]]);
  assert.deepEqual(judge(event('a', 1), event('a', 2), event('b', 1)), [['b', 0, 1]]);
  assert.deepEqual(judge(event('a', 1), event('a', 2), event('a', undefined)), [['a undefined', 0, 1]]);
});

/** The page hears otherwise than it is spoken to, for our listeners only: they are the capturing ones with `passive`. */
const sabotage = (act) => `<script>{
  const { addEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const hear = (heard) => addEventListener.call(this ?? window, type, heard, options);
    if (!options?.passive) return hear(listener);
    (${act})(type, listener, hear);
  };
}</script>`;
const some = clicks.filter(({ id }) => ['plain_button', 'svg_path', 'closed'].includes(id));

test('a tracker that does not hear the middle button is found out', async () => {
  const deaf = sabotage((type, listener, hear) => type !== 'auxclick' && hear(listener));
  const { rows } = await measure(browser, some, 'click', { hand: 'middle', runs: 3, sabotage: deaf });
  assert.deepEqual(rows.map(({ lost, doubled }) => [lost, doubled]), some.map(() => [3, 0]));
});

test('a tracker that hears every third press twice is found out', async () => {
  const stutter = sabotage((type, listener, hear) => {
    let heard = 0;
    hear((event) => {
      listener(event);
      heard += 1;
      if (type === 'click' && heard % 3 === 0) listener(event);
    });
  });
  const { rows } = await measure(browser, some, 'click', { hand: 'left', runs: 3, sabotage: stutter });
  assert.deepEqual(rows.map(({ lost, doubled }) => [lost, doubled]), some.map(() => [0, 1]));
});
