/**
 * Presses every cell so many times, by trusted input only, and compares what the collector was sent with what the
 * driver did, press by press.
 *
 * One page load takes all the presses one hand makes on all cells: presses of one cell are sent to the browser without
 * waiting for each other, which is a millisecond or two for each. The numbers come from the page, but it is the driver's
 * count they are held to: a press that hit nothing is missing like an event that was lost.
 */

import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { startSink } from '../../tests/e2e/support/sink.mjs';
import { startSite, tag } from '../../tests/e2e/support/site.mjs';
import * as tools from '../../scripts/tools.mjs';
import clicks from './clicks.mjs';
import { config, page as pageOf, station, steps } from './page.mjs';
import { journeys, submits } from './submits.mjs';

const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-ipc-flooding-protection'];
/** Presses in flight at once; presses of a cell after which the page is asked to send. */
const [CHUNK, FLUSH] = [10, 250];

export async function launch() {
  const { browser } = await tools.chromium();
  return chromium.launch({ executablePath: browser, args: FLAGS });
}

/** The visits a list of cells needs: one for each hand. */
function visits(cells) {
  const hands = [...new Set(cells.flatMap(({ by }) => by.map((one) => one.split('+')[0])))];
  return hands.map((hand) => ({ hand, cells: cells.filter(({ by }) => by.some((one) => one.split('+')[0] === hand)) }));
}

/** Rows for a list of cells and one hand: `{ hand, cell, what, runs, pressed, expected, events, lost, doubled }`. */
export async function measure(browser, cells, trigger, { hand, runs, sabotage = '' }) {
  return on(browser, { hasTouch: hand === 'touch' }, async ({ sink, site, context, head }) => {
    site.routes['/footstep.json'] = config(cells, trigger);
    site.routes['/'] = pageOf(cells, hand, sabotage + head);
    const page = await context.newPage();
    await page.goto(site.origin);
    await page.evaluate(() => window.footstep.ready);
    for (const cell of cells) for (const by of cell.by) if (by.split('+')[0] === hand) await act(page, cell, by, runs);
    const pressed = await page.evaluate(() => window.matrix.runs);
    await end(page);
    const arrived = await sink.named('sentinel');
    const { diagnostics } = await page.evaluate(() => window.footstep.stats());
    return { rows: compare(cells, trigger, hand, runs, pressed, arrived), gaps: sink.gaps, diagnostics };
  });
}

/** A sink, a site and a visitor of their own. */
async function on(browser, options, act) {
  const sink = await startSink();
  const site = await startSite({ '/stay': { status: 204 }, '/file.bin': { body: Buffer.from('x'), headers: { 'content-disposition': 'attachment' } } });
  await cached(site);
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, acceptDownloads: false, ...options });
  const noise = listen(context);
  try {
    const found = await act({ sink, site, context, head: tag({ site: 'matrix', collector: sink.url, config: '/footstep.json' }) });
    return { ...found, noise };
  } finally {
    await context.close();
    site.close();
    await sink.close();
  }
}

/** The build, as a shop would serve it: kept by the browser. */
async function cached(site) {
  for (const name of ['footstep.js', 'footstep-core.js', 'footstep.wasm']) {
    site.routes[`/dist/${name}`] = { body: await readFile(new URL(`../../dist/${name}`, import.meta.url)), headers: { 'cache-control': 'max-age=3600' } };
  }
}

/** What a page of ours must never show. */
function listen(context) {
  const noise = [];
  context.on('weberror', (error) => noise.push(String(error.error()?.stack ?? error.error())));
  context.on('console', (message) => noise.push(`console.${message.type()}: ${message.text()}`));
  return noise;
}

const end = (page) => page.evaluate(async () => {
  window.footstep.track('sentinel');
  await window.footstep.flush();
});

/** All presses of one hand on one cell. */
async function act(page, { id, fresh }, by, runs) {
  const [hand, modifier] = by.split('+');
  const focus = hand === 'enter' || hand === 'space';
  const ready = () => page.evaluate(([id, fresh, focus]) => window.matrix.ready(id, fresh, focus), [id, fresh, focus]);
  const at = await ready();
  if (!focus && hand !== 'touch') await page.mouse.move(...at);
  if (modifier) await page.keyboard.down(modifier);
  for (let done = 0; done < runs;) {
    const chunk = fresh ? 1 : Math.min(CHUNK, runs - done);
    if (done && (fresh || focus)) await ready();
    await Promise.all(Array.from({ length: chunk }, () => press(page, hand, at)));
    done += chunk;
    if (done % FLUSH < chunk) await page.evaluate(() => window.footstep.flush());
  }
  if (modifier) await page.keyboard.up(modifier);
}

async function press(page, hand, at) {
  if (hand === 'touch') return page.touchscreen.tap(...at);
  const [tool, key] = { enter: ['keyboard', 'Enter'], space: ['keyboard', 'Space'] }[hand] ?? ['mouse', { button: hand }];
  return Promise.all([page[tool].down(key), page[tool].up(key)]);
}

/** Runs that leave the page: one page load for each. */
async function journey(browser, cell, { runs }) {
  return on(browser, {}, async ({ sink, site, context, head }) => {
    site.routes['/footstep.json'] = config([cell], 'submit');
    site.routes['/'] = station(cell, head);
    let ready;
    await context.exposeBinding('arrived', (_, run) => ready(run));
    const page = await context.newPage();
    const arrival = () => new Promise((resolve) => { ready = resolve; });
    const first = arrival();
    await page.goto(site.origin);
    let at = await first;
    while (at <= runs) {
      const next = arrival();
      await page.mouse.click(50, 25);
      at = await next;
    }
    await end(page);
    const arrived = await sink.named('sentinel');
    return { rows: compare([{ ...cell, by: ['journey'] }], 'submit', 'journey', runs, { [cell.id]: at - 1 }, arrived), gaps: sink.gaps, diagnostics: [] };
  });
}

/** Press by press: what was to come and what came. An event whose number is no press of its cell is one too many. */
export function compare(cells, on, hand, runs, pressed, events) {
  const counts = new Map();
  for (const { name, properties } of events) {
    const key = `${name} ${properties?.run}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = cells.flatMap((cell) => steps(cell, on).map(({ name, events: each }) => {
    const presses = runs * cell.by.filter((by) => by.split('+')[0] === hand).length;
    const row = { hand, cell: name, what: cell.what, runs: presses, pressed: pressed[cell.id] ?? 0, expected: presses * each, events: 0, lost: 0, doubled: 0 };
    for (let run = 1; run <= presses; run += 1) {
      const key = `${name} ${run}`;
      const found = counts.get(key) ?? 0;
      counts.delete(key);
      row.events += found;
      row.lost += Math.max(0, each - found);
      row.doubled += Math.max(0, found - each);
    }
    return row;
  }));
  for (const [key, count] of counts) rows.push({ hand, cell: key, what: 'belongs to no press', runs: 0, pressed: 0, expected: 0, events: count, lost: 0, doubled: count });
  return rows;
}

/** All that is to be done, as `{ name, act(browser, runs) }`; each act resolves with `{ rows, noise, gaps, diagnostics }`. */
export const jobs = [
  ...Object.entries({ click: clicks, submit: submits }).flatMap(([trigger, cells]) => visits(cells).map(({ hand, cells: some }) => ({
    name: `${trigger}: ${some.length} cells, ${hand}`,
    act: (browser, runs) => measure(browser, some, trigger, { hand, runs }),
  }))),
  ...journeys.map((cell) => ({ name: `submit: ${cell.what}`, act: (browser, runs) => journey(browser, cell, { runs }) })),
];

/** The rows in which something is not as it should be. */
export const wrong = (rows) => rows.filter(({ runs, pressed, lost, doubled }) => lost || doubled || pressed !== runs);
