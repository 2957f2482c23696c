/**
 * The visitors of a browser that is driven by W3C WebDriver: one browser for all of them, as each run has a site of its
 * own. How it is started, and how the process of a page is found, is for the browser's own file to say.
 */

/** Asks the driver at this port; `of` says what comes before each path. */
function asking(port, of = '') {
  return async (method, path, body) => {
    const options = { method, headers: { 'content-type': 'application/json' }, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined };
    const answer = await fetch(`http://127.0.0.1:${port}${of}${path}`, options);
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.message || value.error}`);
    return value;
  };
}

/**
 * The browser that the driver at this port drives. `type`: whether a page is opened in a `tab` or a `window`;
 * `processOf(call)`: the process of the page that is before the driver.
 */
export async function openSession(port, { capabilities, type, processOf }) {
  const alwaysMatch = { timeouts: { script: 30_000, pageLoad: 60_000 }, ...capabilities };
  const { sessionId } = await asking(port)('POST', '/session', { capabilities: { alwaysMatch } });
  const session = new Session(asking(port, `/session/${sessionId}`), type, processOf);
  [session.base] = await session.handles();
  return session;
}

class Session {
  #turn = Promise.resolve();

  constructor(call, type, processOf) {
    Object.assign(this, { call, type, processOf });
  }

  /** The driver has one page at a time before it: who wants something of one waits in line. */
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

  /** Ends the browser, where it is the driver who started it. */
  end() {
    return this.call('DELETE', '');
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
        const { handle } = await this.at(this.base, () => this.call('POST', '/window/new', { type: this.type }));
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
    const { call, processOf } = this;
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
      async process() {
        own = await at(() => processOf(call));
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
