/** Firefox, by its driver: one browser for many visitors, or one of a visitor's own, with a profile that outlives it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tools from '../../scripts/tools.mjs';
import { openSession } from './webdriver.mjs';

export async function firefox() {
  const folder = await profile();
  const shared = await launch(folder);
  return {
    name: 'Firefox',
    // It is never offline to its own machine: connections it has already are used on.
    cases: [1, 2, 3, 4, 6, 7, 8],
    visitor: async ({ own = false } = {}) => (own ? lasting() : shared.session.visitor()),
    async close() {
      await shared.end();
      await drop(folder);
    },
  };
}

async function profile() {
  const folder = await mkdtemp(join(tmpdir(), 'footstep-profile-'));
  await writeFile(join(folder, 'user.js'), 'user_pref("marionette.port", 0); user_pref("browser.sessionstore.resume_from_crash", false);');
  return folder;
}
const drop = (folder) => rm(folder, { recursive: true, force: true, maxRetries: 10 });

/** A visitor whose browser can be killed and started again. */
async function lasting() {
  const folder = await profile();
  const visitor = { noise: [] };
  let running;
  const start = async () => {
    running = await launch(folder);
    visitor.open = running.session.visitor().open;
  };
  await start();
  return Object.assign(visitor, {
    start,
    kill: () => running.kill(),
    async leave() {
      await running.end();
      await drop(folder);
    },
  });
}

/** A browser with this profile, and what drives it. */
async function launch(folder) {
  const found = await tools.firefox();
  // Not by its driver: that would have it end with the first process that is killed.
  const args = ['-headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', folder];
  const children = [];
  const end = async () => {
    for (const child of children) {
      const ended = once(child, 'exit');
      if (child.kill()) await ended;
    }
  };
  /** All of its processes, at once. */
  const kill = async () => {
    const [browser] = children;
    if (browser.exitCode !== null || browser.signalCode) return;
    const ended = once(browser, 'exit');
    process.kill(-browser.pid, 'SIGKILL');
    await ended;
    await end();
  };
  try {
    const port = await start(children, found.browser, args, /Marionette\s+INFO\s+Listening on port (\d+)/);
    const more = ['--port', '0', '--connect-existing', '--marionette-port', port, '--allow-system-access'];
    const at = await start(children, found.driver, more, /Listening on \S*?:(\d+)/);
    return { session: await openSession(at, { type: 'tab', processOf }), end, kill };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Starts a program in a group of its own, one more of these; resolves with what it says of its port. */
async function start(children, program, args, pattern) {
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => {
      said += text;
      const found = pattern.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
  });
}

/** The process of a page, which only the browser itself knows. */
async function processOf(call) {
  const script = 'return gBrowser.selectedBrowser.browsingContext.currentWindowGlobal.osPid';
  await call('POST', '/moz/context', { context: 'chrome' });
  const found = await call('POST', '/execute/sync', { script, args: [] });
  await call('POST', '/moz/context', { context: 'content' });
  return found;
}
