/** Firefox, by its driver: one browser for all visitors, as each run has a site of its own. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tools from '../../scripts/tools.mjs';

export async function firefox() {
  const found = await tools.firefox();
  const folder = await mkdtemp(join(tmpdir(), 'footstep-profile-'));
  await writeFile(join(folder, 'user.js'), 'user_pref("marionette.port", 0);');
  // Not by its driver: that would have it end with the first process that is killed.
  const args = ['-headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', folder];
  const [browser, port] = await start(found.browser, args, /Marionette\s+INFO\s+Listening on port (\d+)/);
  const [driver, at] = await start(found.driver, ['--port', '0', '--connect-existing', '--marionette-port', port, '--allow-system-access'], /Listening on \S*?:(\d+)/);
  const call = async (method, path, body) => {
    const options = { method, headers: { 'content-type': 'application/json' }, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined };
    const answer = await fetch(`http://127.0.0.1:${at}${path}`, options);
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.message}`);
    return value;
  };
  const end = async () => {
    for (const child of [driver, browser]) {
      const ended = once(child, 'exit');
      if (child.kill()) await ended;
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    const capabilities = { alwaysMatch: { timeouts: { script: 30_000, pageLoad: 60_000 } } };
    const { sessionId } = await call('POST', '/session', { capabilities });
    const session = new Session((method, path, body) => call(method, `/session/${sessionId}${path}`, body));
    [session.base] = await session.handles();
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

class Session {
  #turn = Promise.resolve();

  constructor(call) {
    this.call = call;
  }

  /** The driver has one tab at a time before it: who wants something of one waits in line. */
  at(handle, act) {
    const turn = this.#turn.then(async () => {
      await this.call('POST', '/window', { handle });
      return act();
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  handles() {
    return this.call('GET', '/window/handles');
  }

  visitor() {
    const tabs = [];
    const add = (handle) => {
      const tab = this.#tab(handle);
      tabs.push(tab);
      return tab;
    };
    return {
      noise: [],
      open: async (url) => {
        const { handle } = await this.at(this.base, () => this.call('POST', '/window/new', { type: 'tab' }));
        const tab = add(handle);
        await tab.goto(url);
        return tab;
      },
      opened: async (act) => {
        const before = await this.handles();
        await act();
        for (;;) {
          const handle = (await this.handles()).find((one) => !before.includes(one));
          if (handle) return add(handle);
        }
      },
      leave: async () => {
        const open = await this.handles();
        for (const tab of tabs) if (open.includes(tab.handle)) await tab.close();
      },
    };
  }

  #tab(handle) {
    const { call } = this;
    let own;
    const lives = () => {
      try {
        return !own || process.kill(own, 0);
      } catch {
        return false;
      }
    };
    const gone = async () => { while (lives() && (await this.handles()).includes(handle)); };
    const at = (act) => this.at(handle, act);
    const evaluate = (expression) => at(() => call('POST', '/execute/sync', { script: `return (${expression})`, args: [] }));
    const tab = {
      handle,
      evaluate,
      /** The process of its page, which only the browser itself knows. */
      async process() {
        const script = 'return gBrowser.selectedBrowser.browsingContext.currentWindowGlobal.osPid';
        own = await at(async () => {
          await call('POST', '/moz/context', { context: 'chrome' });
          const found = await call('POST', '/execute/sync', { script, args: [] });
          await call('POST', '/moz/context', { context: 'content' });
          return found;
        });
        return own;
      },
      async until(expression, timeout = 30_000) {
        const began = performance.now();
        while (!(await evaluate(expression))) if (performance.now() - began > timeout) throw new Error(`waited for ${expression}`);
      },
      goto: (url) => at(() => call('POST', '/url', { url })),
      async arrives(url) {
        while ((await at(() => call('GET', '/url'))) !== url);
      },
      /** Asked for only where the page is about to end. */
      get ended() {
        return gone();
      },
      async press(selector) {
        const { x, y, width, height } = await evaluate(`document.querySelector('${selector}').getBoundingClientRect().toJSON()`);
        const [down, up] = ['pointerDown', 'pointerUp'].map((type) => ({ type, button: 0 }));
        const move = { type: 'pointerMove', duration: 0, x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
        const actions = [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: [move, down, up] }];
        // What it does to the page may keep it from being confirmed.
        await at(() => call('POST', '/actions', { actions })).catch(() => {});
      },
      close: () => at(() => call('DELETE', '/window')),
    };
    return tab;
  }
}
