/**
 * WebKit, by WebKitGTK's driver, which starts the browser that came with it. Its pages live in windows: one in a tab
 * that nobody has brought to the front is hidden, and takes no input. What its visitors have stored is gone with the
 * browser, which keeps it in memory.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import net from 'node:net';
import { startScreen } from '../../scripts/screen.mjs';
import * as tools from '../../scripts/tools.mjs';
import { openSession } from './webdriver.mjs';

/** The opener of the second case opens its page without a press: a pop-up. */
const ARGS = ['--automation', '--javascript-can-open-windows-automatically=true'];

export async function webkit() {
  const found = await tools.webkit();
  const screen = await startScreen(found.screen);
  let driver;
  let session;
  const end = async () => {
    try {
      // Who ends the driver before its browser leaves the browser behind.
      await session?.end();
    } finally {
      const ended = driver && once(driver, 'exit');
      if (driver?.kill()) await ended;
      screen.end();
    }
  };
  try {
    const port = await freePort();
    driver = spawn(found.driver, [`--port=${port}`], { env: { ...process.env, ...screen.env }, stdio: 'ignore' });
    await answers(driver, port);
    const capabilities = { 'webkitgtk:browserOptions': { args: ARGS } };
    session = await openSession(port, { capabilities, type: 'window', processOf: (call) => processOf(call, driver.pid) });
    return { name: 'WebKit', cases: [1, 2, 3, 4, 6, 8], visitor: async () => session.visitor(), close: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The driver takes no port of its own choice. */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** It does not say when it is there, either. */
async function answers(driver, port) {
  let failed;
  driver.on('error', (error) => { failed = error; });
  driver.on('exit', (code) => { failed = new Error(`WebKitWebDriver ended with ${code}`); });
  for (;;) {
    if (failed) throw failed;
    const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined);
    if (answer?.ok) return;
  }
}

/** The process of a page, which nobody tells: it is the one that works while the page does. */
async function processOf(call, driver) {
  const script = 'for (const began = performance.now(); performance.now() - began < 100;);';
  for (;;) {
    const before = await workers(driver);
    await call('POST', '/execute/sync', { script, args: [] });
    const after = await workers(driver);
    const worked = [...after].filter(([id, ticks]) => ticks > (before.get(id) ?? 0));
    if (worked.length === 1) return worked[0][0];
  }
}

/** The processes of pages, which are the browser's children as it is the driver's; and how long each has worked. */
async function workers(driver) {
  const all = [];
  for (const id of await readdir('/proc')) {
    // It may have ended meanwhile.
    const stat = /^\d+$/.test(id) && (await readFile(`/proc/${id}/stat`, 'utf8').catch(() => ''));
    if (!stat) continue;
    const [name, rest] = [stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), stat.slice(stat.lastIndexOf(')') + 2).split(' ')];
    all.push({ id: Number(id), name, parent: Number(rest[1]), ticks: Number(rest[11]) + Number(rest[12]) });
  }
  const browser = all.find(({ parent }) => parent === driver)?.id;
  return new Map(all.filter(({ name, parent }) => parent === browser && name.startsWith('WebKitWeb')).map(({ id, ticks }) => [id, ticks]));
}
