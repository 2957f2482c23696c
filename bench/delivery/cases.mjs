/**
 * The eight faults. Each case: `fault`, what the page itself does in the task of the last action; `enter`, how the
 * visitor comes to the page; `before`, what is so before anything is done; `act(last)`, the last action with the fault,
 * until the visitor can come back. What varies does so with the number of the run.
 */

import { setTimeout as after } from 'node:timers/promises';
import { COPIED } from './page.mjs';

const HOW = ['refuses', 503];

export const cases = [
  {
    name: 'click, then navigation in the same task',
    fault: (run) => ["location.href = '/next'", "location.replace('/next')"][run % 2],
    async act({ tab, site, last }) {
      const there = tab.arrives(`${site.origin}/next`);
      await last();
      await there;
    },
    pages: ['/next'],
  },
  {
    name: 'tab closed at once',
    // A tab that a page has opened may close itself; else it is the driver who does.
    fault: (run) => (run % 2 ? 'window.close()' : ''),
    async enter({ visitor, site }) {
      const opener = await visitor.open(`${site.origin}/opener`);
      return visitor.opened(() => opener.evaluate("void window.open('/first')"));
    },
    async act({ tab, run, last }) {
      await last();
      if (run % 2) await tab.ended;
      else await tab.close();
    },
  },
  {
    name: 'renderer killed in the handler',
    // The handler has not returned when the process is killed.
    fault: () => "const request = new XMLHttpRequest(); request.open('GET', '/kill', false); request.send()",
    async before({ site, tab }) {
      const id = await tab.process();
      site.routes['/kill'] = () => {
        process.kill(id, 'SIGKILL');
        return { status: 204 };
      };
    },
    async act({ tab, last }) {
      await last();
      await tab.ended;
    },
  },
  {
    name: 'collector down or 503, then back',
    before: ({ gate, run }) => gate.down(HOW[run % 2]),
    async act({ gate, tab, site, last }) {
      await last();
      await gate.up();
      await tab.goto(`${site.origin}/next`);
    },
    pages: ['/next'],
  },
  {
    name: 'offline, then back on another page',
    before: ({ visitor }) => visitor.offline(true),
    async act({ visitor, tab, run, last, site }) {
      await last();
      // The page is left before or after the network is back.
      if (run % 2) await tab.close();
      await visitor.offline(false);
      if (!(run % 2)) await tab.goto(`${site.origin}/next`);
    },
    pages: (run) => (run % 2 ? [] : ['/next']),
  },
  {
    name: 'collector down, tab closed, visitor returns',
    before: ({ gate, run }) => gate.down(HOW[run % 2]),
    async act({ gate, tab, last }) {
      await last();
      await tab.close();
      await gate.up();
    },
  },
  {
    name: 'browser killed 50 ms after',
    own: true,
    // A browser that has just been installed takes up to 300 ms to make a site's first database, where much else runs.
    async before({ tab, gate, run }) {
      await tab.until(COPIED);
      // With the collector at hand and without.
      if (run % 2) await gate.down('refuses');
    },
    async act({ gate, visitor, last }) {
      await last();
      // The fault itself, not something to wait for.
      await after(50);
      await visitor.kill();
      await gate.up();
      await visitor.start();
    },
  },
  {
    name: 'other code holding 60 kB of keepalive',
    fault: () => "location.href = '/next'",
    async before({ tab, site, run }) {
      // The browser's limit is 65,536 bytes: what is left of it is enough for some of ours, or for nothing.
      const bytes = run % 2 ? 60_000 : 65_400;
      const held = new Promise((resolve) => {
        site.routes['/held'] = () => {
          resolve();
          return { status: 204, wait: new Promise(() => {}) };
        };
      });
      await tab.evaluate(`void fetch('/held', { method: 'POST', keepalive: true, body: 'x'.repeat(${bytes}) }).catch(() => {})`);
      await held;
    },
    async act({ tab, site, last }) {
      const there = tab.arrives(`${site.origin}/next`);
      await last();
      await there;
    },
    pages: ['/next'],
  },
].map((one, at) => ({ number: at + 1, ...one }));
