/** `npm run bench -- <name>`: one of the folders beside this file, with its options. */

import { readdir } from 'node:fs/promises';
import { Failure, main } from '../scripts/steps.mjs';

await main(async () => {
  const entries = await readdir(new URL('.', import.meta.url), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const [name] = process.argv.splice(2, 1);
  if (!names.includes(name)) throw new Failure(`no such measurement: ${name ?? ''}; there are ${names.join(', ')}`);
  await import(`./${name}/index.mjs`);
});
