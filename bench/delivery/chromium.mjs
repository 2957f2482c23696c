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
  return { ...visitorOf(context, browser), leave: () => context.close() };
}

/** The process of a page, which nobody tells: it is the one that has worked for as long as the page says its own has. */
async function processOf(page, browser) {
  const [all, one] = [await browser.newBrowserCDPSession(), await page.context().newCDPSession(page)];
  await one.send('Performance.enable');
  for (;;) {
    const { metrics } = await one.send('Performance.getMetrics');
    const { processInfo } = await all.send('SystemInfo.getProcessInfo');
    const { value } = metrics.find(({ name }) => name === 'ProcessTime');
    const near = processInfo.filter(({ type, cpuTime }) => type === 'renderer' && Math.abs(cpuTime - value) < 0.04);
    if (near.length === 1) return near[0].id;
    await page.evaluate(() => { for (const began = performance.now(); performance.now() - began < 50;); });
  }
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
    Object.assign(visitor, visitorOf(browser.contexts()[0], browser, noise));
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

function visitorOf(context, browser, noise = []) {
  context.on('weberror', (error) => noise.push(String(error.error()?.stack ?? error.error())));
  context.on('console', (message) => NETWORK.test(message.text()) || noise.push(`console.${message.type()}: ${message.text()}`));
  return {
    noise,
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return tabOf(page, browser);
    },
    /** The tab that this one opens. */
    async opened(act) {
      const [page] = await Promise.all([context.waitForEvent('page'), act()]);
      await page.waitForLoadState();
      return tabOf(page, browser);
    },
    offline: (on) => context.setOffline(on),
  };
}

function tabOf(page, browser) {
  const ended = new Promise((resolve) => page.on('close', resolve).on('crash', resolve));
  return {
    /** The page is gone, closed or crashed. */
    ended,
    process: () => processOf(page, browser),
    evaluate: (expression) => page.evaluate(expression),
    until: (expression, timeout) => page.waitForFunction(expression, undefined, { timeout }),
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
