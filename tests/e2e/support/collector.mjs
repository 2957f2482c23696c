/** The real collector on a free port with a database of its own. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './site.mjs';

/** Starts it; `serve`: a folder to serve at /. */
export async function startCollector(serve) {
  const folder = await mkdtemp(join(tmpdir(), 'footstep-e2e-'));
  const program = join(ROOT, 'target/release/footstep-collector');
  const child = spawn(program, ['--port', '0', '--db', join(folder, 'events.sqlite'), ...(serve ? ['--serve', serve] : [])]);
  let out = '';
  let errors = '';
  child.stderr.on('data', (chunk) => { errors += chunk; });
  const origin = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      out += chunk;
      const found = out.match(/http:\/\/[^\s/]+:\d+/)?.[0];
      if (found) resolve(found);
    });
    child.on('exit', (code) => reject(new Error(`the collector ended with ${code}: ${errors}`)));
  });
  return {
    origin,
    /** All events it has, oldest first. */
    async events() {
      const text = await (await fetch(`${origin}/v1/events`)).text();
      return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    },
    audit: async () => (await fetch(`${origin}/v1/audit`)).json(),
    post: (body) => fetch(`${origin}/v1/batch`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
