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
  const args = ['--port', '0', '--db', join(folder, 'events.sqlite'), ...(serve ? ['--serve', serve] : [])];
  let child;
  const end = async (signal) => {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const collector = {
    /** All events it has, oldest first. */
    async events() {
      const text = await (await fetch(`${collector.origin}/v1/events`)).text();
      return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    },
    audit: async () => (await fetch(`${collector.origin}/v1/audit`)).json(),
    post: (body) => fetch(`${collector.origin}/v1/batch`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    /** Starts it, with the same database but perhaps at another address. */
    async start() {
      let errors = '';
      child = spawn(join(ROOT, 'target/release/footstep-collector'), args);
      child.stderr.on('data', (chunk) => { errors += chunk; });
      let out = '';
      collector.origin = await new Promise((resolve, reject) => {
        child.stdout.on('data', (chunk) => {
          out += chunk;
          const found = out.match(/http:\/\/[^\s/]+:\d+/)?.[0];
          if (found) resolve(found);
        });
        child.on('exit', (code) => reject(new Error(`the collector ended with ${code}: ${errors}`)));
      });
    },
    /** Ends it without a warning. */
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await collector.start();
  return collector;
}
