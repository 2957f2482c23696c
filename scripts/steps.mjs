/** Running other programs, with progress a person can follow: one line a step, the output only if it fails. */

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Where cargo builds what we look for afterwards, wherever a user's settings would have it build. */
export const TARGET = ['--target-dir', join(ROOT, 'target')];
const LOGS = join(ROOT, 'build', 'logs');

/** Ends the program with a message instead of a stack. */
export class Failure extends Error {}

/** Runs a command; resolves with its standard output, rejects with a Failure if it fails. */
export function run(command, args, { env = {}, cwd = ROOT, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    mkdirSync(LOGS, { recursive: true });
    const log = createWriteStream(join(LOGS, `${command.split('/').pop()}.log`));
    let out = '';
    let all = '';
    const take = (stream, standard) => stream.on('data', (chunk) => {
      if (standard) out += chunk;
      all += chunk;
      log.write(chunk);
      if (show) process[standard ? 'stdout' : 'stderr'].write(chunk);
    });
    take(child.stdout, true);
    take(child.stderr, false);
    child.on('error', (error) => reject(new Failure(`${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      log.end();
      if (code === 0) return resolve(out);
      if (!show) process.stderr.write(all);
      reject(new Failure(`\n${[command, ...args].join(' ')}\nended with ${signal ?? code}`));
    });
  });
}

/** Does a step, printing its name before and its time after it; if it takes long, says now and then that it still runs. */
export async function step(name, act) {
  const began = Date.now();
  const seconds = () => ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(`  ${name} ...\n`);
  const pulse = setInterval(() => process.stdout.write(`  ${name} ... ${Math.round(seconds())} s\n`), 20_000);
  try {
    return await act();
  } finally {
    clearInterval(pulse);
    process.stdout.write(`  ${name}: ${seconds()} s\n`);
  }
}

/** Does steps by name, one after another, the rest even where one fails; returns the names of those that failed. */
export async function eachOf(acts) {
  const failed = [];
  for (const [name, act] of Object.entries(acts)) {
    try {
      await step(name, act);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(error.message);
      failed.push(name);
    }
  }
  return failed;
}

/** Runs a program's `main`, turning Failures into a message and exit code 1. */
export async function main(act) {
  try {
    await act();
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    process.exit(1);
  }
}

/** The exact version of a crate in Cargo.lock. */
export async function lockedVersion(crate) {
  const lock = await readFile(join(ROOT, 'Cargo.lock'), 'utf8');
  const found = lock.match(new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`));
  if (!found) throw new Failure(`${crate} is not in Cargo.lock`);
  return found[1];
}
