/**
 * The sizes of what a page loads, and the gates they must stay below. `npm run sizes` prints the table; the test
 * command fails where a gate is passed. `npm run sizes -- formats` prints what each wire format of the second module costs:
 * it is built once without each. The gates are those of ARCHITECTURE.md; raising one needs a reason in
 * CHANGELOG.md.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { PARTS, formats } from './build.mjs';
import { Failure, ROOT, main } from './steps.mjs';

const LOADED = ['footstep.js', 'footstep-core.js', 'footstep.wasm'];
const OTHERS = ['footstep-formats.js', 'footstep-formats.wasm', ...PARTS.map((name) => `footstep-${name}.js`), 'index.js', 'slim.js'];
/** Bytes of brotli 11. */
export const GATES = {
  'footstep.js': 2_100, 'script tag, all three': 63_000, 'footstep-formats.wasm': 22_700,
  ...Object.fromEntries(PARTS.map((name) => [`footstep-${name}.js`, 2_500])),
};

export const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

export async function sizes() {
  const rows = [];
  for (const name of [...LOADED, ...OTHERS]) {
    const bytes = await readFile(join(ROOT, 'dist', name));
    rows.push({ name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) });
  }
  const loaded = rows.slice(0, LOADED.length);
  const sum = (key) => loaded.reduce((total, row) => total + row[key], 0);
  rows.splice(LOADED.length, 0, { name: 'script tag, all three', raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') });
  for (const row of rows) row.gate = GATES[row.name];
  return rows;
}

/** Prints the table; throws where a gate is passed. */
export async function check() {
  const rows = await sizes();
  for (const { name, raw, gzip, brotli, gate } of rows) {
    const cells = [name.padEnd(22), ...[raw, gzip, brotli].map((n) => String(n).padStart(8)), gate ? `  gate ${gate}` : ''];
    console.log(cells.join(''));
  }
  const over = rows.filter((row) => row.brotli > row.gate);
  if (over.length) throw new Failure(over.map((row) => `${row.name}: ${row.brotli} B of brotli, gate ${row.gate}`).join('\n'));
}

/** Prints what each format of the second module costs; leaves the module whole. */
async function perFormat() {
  const table = await readFile(join(ROOT, 'src/formats/mod.rs'), 'utf8');
  const names = [...table.split('pub const ENCODERS')[1].split('];')[0].matchAll(/row!\((\w+)/g)].map(([, name]) => name);
  const built = async (without) => {
    await formats(without);
    return brotli(await readFile(join(ROOT, 'build/footstep-formats.wasm')));
  };
  const all = await built();
  let sum = 0;
  for (const name of names) {
    const cost = all - (await built(name));
    sum += cost;
    console.log(name.padEnd(22) + String(cost).padStart(8));
  }
  console.log(`${'what they share'.padEnd(22)}${String(all - sum).padStart(8)}\n${'footstep-formats.wasm'.padEnd(22)}${String(await built()).padStart(8)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2] === 'formats' ? perFormat : check);
