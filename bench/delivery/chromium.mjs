/** Chromium: one browser for many visitors, or one of a visitor's own, with a folder that outlives it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import * as tools from '../../scripts/tools.mjs';

const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
/** What a browser says of itself where nobody answers. */
const NETWORK = /^Failed to load resource|net::ERR_/;

export async function chromium() {
  const { browser: executablePath } = await tools.chromium();
  const shared = await playwright.launch({ executablePath, args: FLAGS });
  return {
    name: 'Chromium',
    visitor: async ({ own = false } = {}) => (own ? lasting(executablePath) : guest(shared)),
    close: () => shared.close(),
  };
}

/** A visitor without a past. */
async function guest(browser) {
  const context = await browser.newContext();
  return {
    ...visitorOf(context),
    async killRenderers() {
      const cdp = await browser.newBrowserCDPSession();
      const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
      for (const { id } of processInfo.filter(({ type }) => type === 'renderer')) {
        try {
          process.kill(id, 'SIGKILL');
        } catch { /* it has just ended by itself */ }
      }
      await cdp.detach();
    },
    leave: () => context.close(),
  };
}

/** A visitor whose browser can be killed and started again. */
async function lasting(program) {
  const folder = await mkdtemp(join(tmpdir(), 'footstep-profile-'));
  let child;
  const visitor = { noise: [] };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  const start = async () => {
    child = spawn(program, [...FLAGS, '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    const port = await new Promise((resolve, reject) => {
      child.stderr.on('data', (text) => {
        said += text;
        const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
        if (found) resolve(found);
      });
      child.on('exit', (code) => reject(new Error(`Chromium ended with ${code}: ${said}`)));
    });
    const browser = await playwright.connectOverCDP(port);
    const { noise } = visitor;
    Object.assign(visitor, visitorOf(browser.contexts()[0], noise));
  };
  await start();
  return Object.assign(visitor, {
    kill,
    start,
    async leave() {
      await kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  });
}

function visitorOf(context, noise = []) {
  context.on('weberror', (error) => noise.push(String(error.error()?.stack ?? error.error())));
  context.on('console', (message) => NETWORK.test(message.text()) || noise.push(`console.${message.type()}: ${message.text()}`));
  return {
    noise,
    async open(url) {
      for (;;) {
        try {
          const page = await context.newPage();
          await page.goto(url);
          return tabOf(page);
        } catch (error) {
          // A process that was kept in reserve, killed with the others.
          if (!/crashed/.test(error)) throw error;
        }
      }
    },
    /** The tab that this one opens. */
    async opened(act) {
      const [page] = await Promise.all([context.waitForEvent('page'), act()]);
      await page.waitForLoadState();
      return tabOf(page);
    },
    offline: (on) => context.setOffline(on),
  };
}

function tabOf(page) {
  const ended = new Promise((resolve) => page.on('close', resolve).on('crash', resolve));
  return {
    /** The page is gone, closed or crashed. */
    ended,
    evaluate: (expression) => page.evaluate(expression),
    until: (expression) => page.waitForFunction(expression),
    goto: (url) => page.goto(url),
    arrives: (url) => page.waitForURL(url),
    /** A press by real input. What it does to the page may keep it from ever being confirmed. */
    async press(selector) {
      const [x, y] = await page.evaluate((wanted) => {
        const { left, top, width, height } = document.querySelector(wanted).getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      }, selector);
      await Promise.race([page.mouse.click(x, y).catch((error) => ended.then(() => error)), ended]);
    },
    close: () => page.close({ runBeforeUnload: true }).then(() => ended),
  };
}
