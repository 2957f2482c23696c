/** A screen that exists in memory only, for WebKit, which knows no headless mode; and what WebKit must be told there. */

import { spawn } from 'node:child_process';
import { Failure } from './steps.mjs';

/** Starts a screen; resolves with the environment of who is to draw on it, and with what ends it. */
export async function startScreen(program) {
  // Asked to say which number it took, it takes a free one: so two checkouts can test at the same time.
  const args = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
  const screen = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise((resolve, reject) => {
    screen.stdio[3].once('data', (text) => resolve(String(text).trim()));
    screen.on('error', (error) => reject(new Failure(`${program}: ${error.message}`)));
    screen.on('exit', (code, signal) => reject(new Failure(`${program} ended with ${signal ?? code}`)));
  });
  const env = {
    DISPLAY: `:${number}`,
    // A Wayland session, where there is one, would be preferred to our screen.
    GDK_BACKEND: 'x11',
    // WebKit's sandbox starts neither for root nor in most containers; nothing but our own pages is opened.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  };
  return { env, end: () => screen.kill() };
}
