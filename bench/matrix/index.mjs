/**
 * `npm run matrix`: every cell of the click and submit lists, in a browser, by trusted input. Prints a table and fails
 * on any event that was lost or doubled. `-- --runs 1000` is the long form; `-- --only touch` runs what has that in its
 * name.
 */

import { parseArgs } from 'node:util';
import { Failure, main } from '../../scripts/steps.mjs';
import { jobs, launch, wrong } from './run.mjs';

/** `pressed`: what the page itself has seen of the presses; less than `runs` if the browser has lost some. */
const COLUMNS = ['hand', 'cell', 'runs', 'pressed', 'expected', 'events', 'lost', 'doubled'];
/** Visits at once. */
const SIDE_BY_SIDE = 2;

async function matrix() {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '50' }, only: { type: 'string', default: '' } } });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Failure(`--runs takes a number, not ${values.runs}`);
  const waiting = jobs.filter(({ name }) => name.includes(values.only));
  const browser = await launch();
  const rows = [];
  const problems = [];
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const began = performance.now();
      const { rows: found, noise, gaps, diagnostics } = await job.act(browser, runs);
      console.error(`${job.name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
      rows.push(...found);
      for (const problem of [...noise, ...gaps.map((gap) => `missing: ${gap}`), ...diagnostics.map((one) => JSON.stringify(one))]) problems.push(`${job.name}: ${problem}`);
    }
  }));
  await browser.close();
  rows.sort((a, b) => a.hand.localeCompare(b.hand));
  print(rows);
  const bad = wrong(rows);
  if (bad.length) problems.unshift(`${bad.length} of ${rows.length} rows differ`);
  if (problems.length) throw new Failure(problems.slice(0, 50).join('\n'));
}

function print(rows) {
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
  const total = Object.fromEntries(COLUMNS.slice(2).map((column) => [column, sum(column)]));
  const bad = new Set(wrong(rows));
  const line = (row) => COLUMNS.map((column, i) => (i < 2 ? String(row[column] ?? '').padEnd(i ? 26 : 9) : String(row[column]).padStart(10))).join('');
  console.log(line(Object.fromEntries(COLUMNS.map((column) => [column, column]))));
  for (const row of rows) console.log(line(row) + (bad.has(row) ? '  <--' : ''));
  console.log(line({ hand: 'all', cell: `${rows.length} rows`, ...total }));
}

await main(matrix);
