/** The types of the config judge the same configs as the core and the schema do (`tests/native/catalog.rs`), alike. */

import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../e2e/support/site.mjs';
import { bin, within } from './packed.mjs';

const FIXTURES = join(ROOT, 'tests/fixtures/config');
/** Wrong in ways a type cannot say: bounds of a number, an empty text. */
const BEYOND_TYPES = ['empty-match.json', 'percent-too-high.json', 'percent-zero.json', 'collector-sample.json'];

test('tsc takes the good configs and refuses the bad ones', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'footstep-'));
  try {
    const lines = ["import type { Config } from './config.js';"];
    const line = {};
    for (const kind of ['ok', 'bad']) {
      for (const name of await readdir(join(FIXTURES, kind))) {
        const text = JSON.stringify(JSON.parse(await readFile(join(FIXTURES, kind, name), 'utf8')));
        lines.push(`((config: Config) => config)(${text});`);
        line[lines.length] = { kind, name };
      }
    }
    await writeFile(join(folder, 'configs.ts'), lines.join('\n'));
    for (const name of ['config.d.ts', 'collectors.d.ts']) await writeFile(join(folder, name), await readFile(join(ROOT, 'js', name), 'utf8'));
    const args = ['--noEmit', '--strict', '--pretty', 'false', '--module', 'nodenext', '--types', '', 'configs.ts'];
    const said = await within(folder, bin('tsc'), args).then(() => '', (error) => error.message);
    const refused = new Set([...said.matchAll(/configs\.ts\((\d+),/g)].map(([, number]) => line[number].name));
    for (const { kind, name } of Object.values(line)) {
      if (BEYOND_TYPES.includes(name)) assert.ok(!refused.has(name), `${name} has become a matter of types`);
      else assert.equal(refused.has(name), kind === 'bad', `${kind}/${name}\n${said}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
