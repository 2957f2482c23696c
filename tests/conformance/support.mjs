/**
 * What the conformance tests share: our own requests, read from the goldens, and servers that are started for them.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, ROOT } from '../../scripts/steps.mjs';

/** The requests of a golden file. */
export async function golden(format, file = 'live') {
  const text = await readFile(join(ROOT, 'tests/wire', format, `${file}.http`), 'utf8');
  return text.split(/^POST /m).slice(1).map((block) => {
    const end = block.indexOf('\n\n');
    const [url, ...lines] = block.slice(0, end).split('\n');
    const headers = Object.fromEntries(lines.map((line) => line.split(': ')));
    return { url: new URL(url, 'http://localhost'), headers, body: block.slice(end + 2).trimEnd() };
  });
}

export const port = () => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

export const folder = () => mkdtemp(join(tmpdir(), 'footstep-conformance-'));

/** Runs a server while `act` runs, which may begin once `url` answers. */
export async function serving(command, args, url, act, options = {}) {
  let out = '';
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { out += chunk; });
  try {
    for (let left = 100; ; left -= 1) {
      if (child.exitCode !== null || left === 0) throw new Failure(`${command} does not answer:\n${out.slice(-2000)}`);
      if (await fetch(url).then(() => true, () => false)) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return await act();
  } finally {
    child.kill();
    await ended;
  }
}
