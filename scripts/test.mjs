/**
 * `npm test`: every ring of tests, after installing what they need. `npm test -- native web` runs only those named.
 *
 * A ring that fails does not keep the others from running; the command fails at the end.
 */

import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, isFresh } from './build.mjs';
import { check as checkSizes } from './sizes.mjs';
import { collector, shop } from './start.mjs';
import { Failure, ROOT, eachOf, main, run } from './steps.mjs';
import * as tools from './tools.mjs';
import { web } from './web.mjs';

const cargo = (...args) => run('cargo', args, { show: true });
const strict = ['--', '-D', 'warnings'];

/** What node's tests said of those that failed, for the end. */
const reasons = [];

/** Test files of one folder, by node's own runner. */
async function node(folder, { env, at = 1 } = {}) {
  const names = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith('.test.mjs')).sort();
  const files = names.map((name) => join(folder, name));
  const said = await mkdtemp(join(tmpdir(), 'footstep-failures-'));
  const reporters = [
    '--test-reporter=spec', '--test-reporter-destination=stdout',
    `--test-reporter=${new URL('failures.mjs', import.meta.url)}`, `--test-reporter-destination=${join(said, 'text')}`,
  ];
  try {
    await run('node', ['--test', ...reporters, `--test-concurrency=${at}`, ...files], { env, show: true });
  } catch (error) {
    reasons.push(await readFile(join(said, 'text'), 'utf8').catch(() => ''));
    throw error;
  } finally {
    await rm(said, { recursive: true });
  }
}

const RINGS = {
  /** Format and lints, native and wasm. */
  async lint() {
    await cargo('fmt', '--all', '--check');
    await cargo('clippy', '--locked', '-q', '--workspace', '--all-targets', '--test', 'long', '--all-features', ...strict);
    await cargo('clippy', '--locked', '-q', '-p', 'footstep', '--lib', '--tests', '--target', 'wasm32-unknown-unknown', ...strict);
  },
  /** Ring 1: all that needs no browser. */
  async native() {
    await cargo('test', '--locked', '-q', '--workspace', '--all-features');
  },
  /** What a page loads, against its gates. */
  async sizes() {
    await checkSizes();
  },
  /** Ring 2: the shell, in Chromium, Firefox and WebKit. */
  web,
  /** Ring 3: the built package, a real browser, a real sink, the real collector. */
  async e2e() {
    const { browser } = await tools.chromium();
    await collector();
    await shop();
    await node('tests/e2e', { env: { CHROMIUM: browser }, at: 2 });
  },
  /** Ring 4: the packed package, installed elsewhere; and every snippet of the README. */
  async packaging() {
    const { browser } = await tools.chromium();
    await collector();
    await node('tests/packaging', { env: { CHROMIUM: browser } });
  },
};

async function test() {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !(name in RINGS));
  if (unknown.length) throw new Failure(`no such ring: ${unknown.join(', ')}; there are ${Object.keys(RINGS).join(', ')}`);
  await tools.packages();
  await tools.rust();
  if (!(await isFresh())) await build();
  const chosen = Object.entries(RINGS).filter(([name]) => !named.length || named.includes(name));
  const failed = await eachOf(Object.fromEntries(chosen));
  if (failed.length) throw new Failure(`\n${reasons.join('')}\nFAILED: ${failed.join(', ')}`);
  console.log('\nAll rings passed.');
}

await main(test);
