/**
 * The faults of `bench/delivery`, 20 times each in Chromium, and 5 times each of the first four in Firefox and in WebKit,
 * with the real collector: nothing is lost, nothing is counted twice, nothing is sent again of which the page has heard that
 * it is there. `npm run bench -- delivery --faults 200` is the long form. And the measurement itself is held to what it
 * is for: it must see what is lost, what is doubled and what is sent in vain.
 */

import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { cases } from '../../bench/delivery/cases.mjs';
import { chromium } from '../../bench/delivery/chromium.mjs';
import { firefox } from '../../bench/delivery/firefox.mjs';
import { compare, measure } from '../../bench/delivery/run.mjs';
import { webkit } from '../../bench/delivery/webkit.mjs';

const ENGINES = { Chromium: [chromium, 20, cases], Firefox: [firefox, 5, cases.slice(0, 4)], WebKit: [webkit, 5, cases.slice(0, 4)] };

for (const [name, [start, faults, some]] of Object.entries(ENGINES)) {
  describe(`${faults} faults of each kind, in ${name}`, () => {
    let engine;
    before(async () => { engine = await start(); });
    after(() => engine.close());
    for (const kase of some) {
      test(kase.name, { timeout: 600_000 }, async () => {
        const { row, problems } = await measure(kase, engine, faults);
        assert.deepEqual(problems, []);
        assert.deepEqual([row.runs, row.lost, row.doubled, row.needless], [faults, 0, 0, 0]);
      });
    }
  });
}

describe('a handler that never returns, in Firefox, whose first copy is lost with the process; and no answer comes before', () => {
  /** Nobody gets the database. */
  const held = `<script>
    indexedDB.open('footstep').onupgradeneeded = ({ target: { result } }) => {
      const store = result.createObjectStore('journal');
      const on = () => { store.get('').onsuccess = on; };
      on();
    };
  </script>`;
  let release;
  const killed = {
    ...cases[2],
    fault: () => "fetch('/kill'); for (;;);",
    async before(s) {
      await cases[2].before(s);
      release = s.gate.hold();
    },
    async act(s) {
      await cases[2].act(s);
      release();
    },
  };
  let engine;
  before(async () => { engine = await firefox(); });
  after(() => engine.close());
  for (const [name, sabotage] of Object.entries({ 'the second is there': '', 'the second is still to come': held })) {
    test(name, { timeout: 300_000 }, async () => {
      const { row, problems } = await measure(killed, engine, 5, { sabotage });
      assert.deepEqual(problems, []);
      assert.deepEqual([row.runs, row.lost, row.doubled, row.needless], [5, 0, 0, 0]);
    });
  }
});

test('action by action: what is lost is not made up for by what is doubled', () => {
  assert.deepEqual(compare(['plain 0', 'told 1'], ['told 1', 'plain 0']), { lost: [], doubled: [] });
  assert.deepEqual(compare(['plain 0', 'told 1'], ['told 1', 'told 1']), { lost: ['plain 0'], doubled: ['told 1'] });
  assert.deepEqual(compare(['plain 0'], ['plain 0', 'plain undefined']), { lost: [], doubled: ['plain undefined'] });
});

const NO_COPY = "Object.defineProperty(window, 'indexedDB', { value: undefined });";
/** On the first page: what it has to say when it ends may get to where a collector is back in time. */
const SILENT = `if (location.pathname === '/first') {
  const { fetch } = window;
  window.fetch = (url, init) => (init?.body ? Promise.reject(new TypeError('Failed to fetch')) : fetch(url, init));
  Navigator.prototype.sendBeacon = () => false;
}`;
const entry = '/^footstep\\.[0-9a-f-]{36}\\./.test(key)';
/** A journal that is broken on purpose, and for comparison one that is not: what the page does before the tracker is there, in which case, and what is seen. */
const BROKEN = {
  'is not broken at all': [6, NO_COPY + SILENT, ({ lost, doubled }) => lost === 0 && doubled === 0],
  'keeps nothing, and pretends to': [6, `${NO_COPY} ${SILENT} const { setItem, getItem } = Storage.prototype; const texts = {};
    Storage.prototype.setItem = function (key, text) { ${entry} ? texts[key] = text : setItem.call(this, key, text); };
    Storage.prototype.getItem = function (key) { return texts[key] ?? getItem.call(this, key); };`, ({ lost }) => lost > 0],
  'finds nothing of what was left behind': [6, `${NO_COPY} ${SILENT} Object.defineProperty(Storage.prototype, 'length', { get: () => 0 });`, ({ lost }) => lost > 0],
  'never lets go of what has arrived': [1, `${NO_COPY} const { setItem } = Storage.prototype;
    Storage.prototype.removeItem = function () {}; Storage.prototype.setItem = function (key, text) { if (text) setItem.call(this, key, text); };`, ({ needless }) => needless > 0],
  'names a record anew each time': [1, `const { fetch } = window; let sent = 0;
    window.fetch = (url, init) => fetch(url, init?.body && { ...init, body: init.body.replace(/("id":"[0-9a-f-]{30})[0-9a-f]{6}/g, (_, id) => id + String(Date.now() + sent++).slice(-6)) });`, ({ doubled }) => doubled > 0],
};

describe('broken on purpose, and found out', () => {
  let engine;
  before(async () => { engine = await chromium(); });
  after(() => engine.close());
  for (const [name, [number, script, seen]] of Object.entries(BROKEN)) {
    test(`a journal that ${name}`, { timeout: 300_000 }, async () => {
      // So that the page has heard of something that it is there.
      const heard = { ...cases[number - 1], before: ({ tab }) => tab.evaluate('footstep.flush()') };
      const { row } = await measure(number === 1 ? heard : cases[number - 1], engine, 2, { sabotage: `<script>{ ${script} }</script>`, patience: 3000 });
      assert.ok(seen(row), JSON.stringify(row));
    });
  }
});
