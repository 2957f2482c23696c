/** Firefox, by its driver. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tools from '../../scripts/tools.mjs';
import { openSession } from './webdriver.mjs';

export async function firefox() {
  const found = await tools.firefox();
  const folder = await mkdtemp(join(tmpdir(), 'footstep-profile-'));
  await writeFile(join(folder, 'user.js'), 'user_pref("marionette.port", 0);');
  // Not by its driver: that would have it end with the first process that is killed.
  const args = ['-headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', folder];
  const [browser, port] = await start(found.browser, args, /Marionette\s+INFO\s+Listening on port (\d+)/);
  const [driver, at] = await start(found.driver, ['--port', '0', '--connect-existing', '--marionette-port', port, '--allow-system-access'], /Listening on \S*?:(\d+)/);
  const end = async () => {
    for (const child of [driver, browser]) {
      const ended = once(child, 'exit');
      if (child.kill()) await ended;
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    const session = await openSession(at, { type: 'tab', processOf });
    return { name: 'Firefox', cases: [1, 2, 3, 4, 6, 8], visitor: async () => session.visitor(), close: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Starts a program; resolves with it and with what it says of its port. */
async function start(program, args, pattern) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const port = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => {
      said += text;
      const found = pattern.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
  });
  return [child, port];
}

/** The process of a page, which only the browser itself knows. */
async function processOf(call) {
  const script = 'return gBrowser.selectedBrowser.browsingContext.currentWindowGlobal.osPid';
  await call('POST', '/moz/context', { context: 'chrome' });
  const found = await call('POST', '/execute/sync', { script, args: [] });
  await call('POST', '/moz/context', { context: 'content' });
  return found;
}
