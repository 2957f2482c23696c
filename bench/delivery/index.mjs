/**
 * `npm run bench -- delivery`: the eight faults, each so many times, in a real browser with the real collector. Prints
 * a table and fails on anything that was lost or doubled. `--faults 200` is the long form; `--only 3,7` runs these cases,
 * `--browser firefox` or `webkit` runs those that can be done there.
 */

import { parseArgs } from 'node:util';
import { Failure, main } from '../../scripts/steps.mjs';
import { cases } from './cases.mjs';
import { chromium } from './chromium.mjs';
import { firefox } from './firefox.mjs';
import { measure } from './run.mjs';
import { webkit } from './webkit.mjs';

const COLUMNS = ['case', 'what', 'browser', 'runs', 'events', 'lost', 'doubled', 'repeats', 'needless'];
const WIDTHS = [6, 46, 10];

async function delivery() {
  const { values } = parseArgs({ options: { faults: { type: 'string', default: '20' }, only: { type: 'string', default: '' }, browser: { type: 'string', default: 'chromium' } } });
  const faults = Number(values.faults);
  if (!Number.isInteger(faults) || faults < 1) throw new Failure(`--faults takes a number, not ${values.faults}`);
  const wanted = values.only.split(',').filter(Boolean).map(Number);
  const start = { chromium, firefox, webkit }[values.browser];
  if (!start) throw new Failure(`--browser takes chromium, firefox or webkit, not ${values.browser}`);
  const engine = await start();
  const can = ({ number }) => (!wanted.length || wanted.includes(number)) && (engine.cases?.includes(number) ?? true);
  const rows = [];
  const problems = [];
  try {
    for (const kase of cases.filter(can)) {
      const began = performance.now();
      const found = await measure(kase, engine, faults);
      console.error(`case ${kase.number}, ${engine.name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
      rows.push(found.row);
      problems.push(...found.problems);
    }
  } finally {
    await engine.close();
  }
  print(rows);
  if (problems.length) throw new Failure(problems.slice(0, 50).join('\n'));
}

function print(rows) {
  const line = (row) => COLUMNS.map((column, i) => (i < 3 ? String(row[column]).padEnd(WIDTHS[i]) : String(row[column]).padStart(9))).join('');
  console.log(line(Object.fromEntries(COLUMNS.map((column) => [column, column]))));
  for (const row of rows) console.log(line(row) + (row.lost || row.doubled ? '  <--' : ''));
}

await main(delivery);
