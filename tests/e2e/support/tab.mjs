/** Tabs as they are: hidden when another comes to the front, prepared ahead when a page asks for that. */

import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tools from '../../../scripts/tools.mjs';

/**
 * A tab that shows the page of that address; no other tool makes it believe that it is always seen: its messages go
 * through the browser's own port.
 */
export async function rawTab(cdp, url) {
  const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: false });
  let id = 0;
  const send = (method, params = {}) => new Promise((resolve, reject) => {
    const mine = ++id;
    const heard = ({ sessionId: from, message }) => {
      const said = JSON.parse(message);
      if (from !== sessionId || said.id !== mine) return;
      cdp.off('Target.receivedMessageFromTarget', heard);
      if (said.error) reject(new Error(said.error.message));
      else resolve(said.result);
    };
    cdp.on('Target.receivedMessageFromTarget', heard);
    cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: mine, method, params }) }).catch(reject);
  });
  const evaluate = async (expression) => (await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result.value;
  // It answers when the page has become that one: no question after it is asked of the one before.
  await send('Page.navigate', { url });
  return { targetId, send, evaluate };
}

/**
 * A browser with nobody at its side: whoever drives one usually forbids it to prepare pages ahead. It understands the
 * same `send`, `on` and `off` as a session to a browser does; `close` ends it.
 */
export async function rawBrowser() {
  const profile = await mkdtemp(join(tmpdir(), 'footstep-browser-'));
  const { browser } = await tools.chromium();
  const child = spawn(browser, ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , , out, back] = child.stdio;
  const cdp = new EventEmitter();
  const waiting = new Map();
  let id = 0;
  let rest = '';
  back.setEncoding('utf8').on('data', (chunk) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop();
    for (const { id: answered, method, params, result, error } of messages.map((text) => JSON.parse(text))) {
      if (method) cdp.emit(method, params);
      else waiting.get(answered)(result, error);
    }
  });
  cdp.send = (method, params = {}) => new Promise((resolve, reject) => {
    waiting.set(++id, (result, error) => (error ? reject(new Error(error.message)) : resolve(result)));
    out.write(JSON.stringify({ id, method, params }) + '\0');
  });
  cdp.close = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return cdp;
}
