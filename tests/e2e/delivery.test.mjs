/**
 * The eight faults of `bench/delivery`, 20 times each in Chromium, with the real collector: nothing is lost, nothing is
 * counted twice. `npm run bench -- delivery --faults 200` is the long form. And the measurement itself is held to what it
 * is for: it must see what is lost and what is doubled.
 */

import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { cases } from '../../bench/delivery/cases.mjs';
import { chromium } from '../../bench/delivery/chromium.mjs';
import { compare, measure } from '../../bench/delivery/run.mjs';

const FAULTS = 20;

let engine;
before(async () => { engine = await chromium(); });
after(() => engine.close());

describe(`${FAULTS} faults of each kind, in Chromium`, () => {
  for (const kase of cases) {
    test(kase.name, { timeout: 600_000 }, async () => {
      const { row, problems } = await measure(kase, engine, FAULTS);
      assert.deepEqual(problems, []);
      assert.deepEqual([row.runs, row.lost, row.doubled], [FAULTS, 0, 0]);
    });
  }
});

test('action by action: what is lost is not made up for by what is doubled', () => {
  assert.deepEqual(compare(['plain 0', 'told 1'], ['told 1', 'plain 0']), { lost: [], doubled: [] });
  assert.deepEqual(compare(['plain 0', 'told 1'], ['told 1', 'told 1']), { lost: ['plain 0'], doubled: ['told 1'] });
  assert.deepEqual(compare(['plain 0'], ['plain 0', 'plain undefined']), { lost: [], doubled: ['plain undefined'] });
});
