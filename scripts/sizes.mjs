/**
 * The sizes of what a page loads, and the gates they must stay below. `npm run sizes` prints the table; the test
 * command fails where a gate is passed. The gates are those of ARCHITECTURE.md; raising one needs a reason in
 * CHANGELOG.md.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { PARTS, formatNames } from './build.mjs';
import { Failure, ROOT, main } from './steps.mjs';

const LOADED = ['footstep.js', 'footstep-core.js', 'footstep.wasm'];
const OTHERS = ['footstep-formats.js', 'footstep-formats.wasm', ...PARTS.map((name) => `footstep-${name}.js`), 'index.js', 'slim.js'];
/** Bytes of brotli 11. */
export const GATES = {
  'footstep.js': 2_100, 'script tag, all three': 63_000, 'footstep-formats.wasm': 22_700, 'footstep-formats.js': 1_500,
  ...Object.fromEntries(PARTS.map((name) => [`footstep-${name}.js`, 2_500])),
};

/** Of the second module with one format alone, and what some have to have above that. */
const FORMAT = 12_000;
const ABOVE = { posthog: 12_200, mixpanel: 12_200, kafka: 12_200, amplitude: 12_500, otlp: 12_500, matomo: 13_000, snowplow: 13_300, ga4: 13_400, segment: 13_700 };

export const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

export async function sizes() {
  const rows = [];
  const formats = (await formatNames()).map((name) => [`formats/${name}.wasm`, ABOVE[name] ?? FORMAT]);
  const gates = { ...GATES, ...Object.fromEntries(formats) };
  for (const name of [...LOADED, ...OTHERS, ...formats.map(([file]) => file)]) {
    const bytes = await readFile(join(ROOT, 'dist', name));
    rows.push({ name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) });
  }
  const loaded = rows.slice(0, LOADED.length);
  const sum = (key) => loaded.reduce((total, row) => total + row[key], 0);
  rows.splice(LOADED.length, 0, { name: 'script tag, all three', raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') });
  for (const row of rows) row.gate = gates[row.name];
  return rows;
}

/** Prints the table; throws where a gate is passed. */
export async function check() {
  const rows = await sizes();
  for (const { name, raw, gzip, brotli, gate } of rows) {
    const cells = [name.padEnd(24), ...[raw, gzip, brotli].map((n) => String(n).padStart(8)), gate ? `  gate ${gate}` : ''];
    console.log(cells.join(''));
  }
  const over = rows.filter((row) => row.brotli > row.gate);
  if (over.length) throw new Failure(over.map((row) => `${row.name}: ${row.brotli} B of brotli, gate ${row.gate}`).join('\n'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(check);
