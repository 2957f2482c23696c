/** Firefox, by its driver: one browser for all visitors, as each run has a site of its own. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as tools from '../../scripts/tools.mjs';

export async function firefox() {
  const found = await tools.firefox();
  const driver = spawn(found.driver, ['--port', '0', '--binary', found.browser, '--allow-system-access'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  const origin = await new Promise((resolve, reject) => {
    driver.stdout.on('data', (text) => {
      said += text;
      const port = /Listening on \S*?:(\d+)/.exec(said)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
    driver.on('exit', (code) => reject(new Error(`geckodriver ended with ${code}: ${said}`)));
  });
  const call = async (method, path, body) => {
    const answer = await fetch(origin + path, { method, headers: { 'content-type': 'application/json' }, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined });
    const { value } = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(`${path}: ${value.message}`), { code: value.error });
    return value;
  };
  const capabilities = { alwaysMatch: { 'moz:firefoxOptions': { args: ['-headless'] }, timeouts: { script: 30_000, pageLoad: 60_000 } } };
  const { sessionId } = await call('POST', '/session', { capabilities });
  const session = new Session((method, path, body) => call(method, `/session/${sessionId}${path}`, body));
  [session.base] = await session.handles();
  return {
    name: 'Firefox',
    visitor: async () => session.visitor(),
    async close() {
      await session.call('DELETE', '');
      const ended = once(driver, 'exit');
      driver.kill();
      await ended;
    },
  };
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
      async until(expression) {
        while (!(await evaluate(expression)));
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
