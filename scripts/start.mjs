/**
 * `npm start`: builds everything that is missing or stale and serves the demo shop with the reference collector and
 * its live page, on one local port. `npm start -- --port 8080` and the collector's other options are passed on.
 */

import { spawn } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isFresh } from './build.mjs';
import { demos } from './demos.mjs';
import { ROOT, TARGET, main, run, step } from './steps.mjs';
import * as tools from './tools.mjs';

const SHOP = join(ROOT, 'build/shop');

/** The collector's program, built. */
export async function collector() {
  await step('collector', () => run('cargo', ['build', '--locked', ...TARGET, '--release', '-p', 'footstep-collector']));
  return join(ROOT, 'target/release/footstep-collector');
}

/** The demo shop with the SDK beside it, as it is served. */
export async function shop() {
  await rm(SHOP, { recursive: true, force: true });
  await mkdir(SHOP, { recursive: true });
  // The demos' pages are made of modules, which are no pages themselves.
  await cp(join(ROOT, 'www'), SHOP, { recursive: true, filter: (from) => !from.includes('www/presets') });
  await demos(SHOP);
  await cp(join(ROOT, 'dist'), join(SHOP, 'dist'), { recursive: true });
  return SHOP;
}

async function start() {
  console.log('Footstep: building what is missing. The first time takes a few minutes.');
  await tools.packages();
  await tools.rust();
  if (!(await isFresh())) await build();
  const program = await collector();
  const folder = await shop();
  const options = process.argv.slice(2);
  const unless = (name, value) => (options.some((each) => each.split('=')[0] === name) ? [] : [name, value]);
  const defaults = [unless('--serve', folder), unless('--port', '4100'), unless('--db', join(ROOT, 'build/footstep.sqlite'))];
  const child = spawn(program, [...defaults.flat(), ...options], { stdio: ['inherit', 'pipe', 'inherit'] });
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    const origin = String(chunk).match(/live page: (http\S+)\/live/)?.[1];
    if (origin) console.log(`\n  The shop:      ${origin}/\n  The live page: ${origin}/live\n\n  Click around in the shop and watch the steps arrive. Ctrl+C ends.\n`);
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 0));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(start);
