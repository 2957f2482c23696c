/**
 * Chromium for one test file, and `scenario`: a test with its own sink, site and browser context that fails on
 * everything a page of ours must never show - an uncaught error, an unhandled rejection, an unexpected console line,
 * a batch against the schema.
 */

import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import * as tools from '../../../scripts/tools.mjs';
import { startSink } from './sink.mjs';
import { html, startSite, tag } from './site.mjs';

const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
];

let launched;

/** The file's one browser. */
export function browser() {
  launched ??= tools.chromium().then((found) => chromium.launch({ executablePath: found.browser, args: FLAGS }));
  return launched;
}

after(async () => (await launched)?.close());

/** A new visitor: a context whose pages are watched. */
export async function visitor(expected = []) {
  const context = await (await browser()).newContext({ viewport: { width: 800, height: 600 } });
  const noise = [];
  const note = (kind, text) => {
    if (!expected.some((pattern) => pattern.test(text))) noise.push(`${kind}: ${text}`);
  };
  context.on('weberror', (error) => note('uncaught', String(error.error()?.stack ?? error.error())));
  context.on('console', (message) => note(`console.${message.type()}`, `${message.text()} (${message.location().url})`));
  context.on('dialog', (dialog) => {
    note('dialog', dialog.message());
    dialog.dismiss().catch(() => {});
  });
  return { context, noise };
}

/**
 * Ends a visit. A page on its way to another is first sent to an empty one: Chromium forgets to close a page in which
 * a navigation commits in that very moment, and then waits for ever.
 */
export async function leave(context) {
  await Promise.all(context.pages().map((page) => page.goto('about:blank', { timeout: 5_000 }).catch(() => {})));
  await context.close();
}

/**
 * A test against a fixture page. `config` is served as /footstep.json, `body` as the page /; `routes` are further
 * pages, as text or as functions of the whole setting. `tag` holds further attributes of the script tag (false: no
 * tag). `expect`: patterns of console lines and errors that belong to the test.
 */
export function scenario(name, { config = {}, body = '', head = '', routes = {}, tag: attributes = {}, answer, expect, ...options }, act) {
  test(name, { timeout: 60_000, ...options }, async () => {
    const sink = await startSink(answer);
    const site = await startSite();
    const { context, noise } = await visitor(expect);
    const setting = { sink, site, context };
    setting.tag = attributes === false ? '' : tag({ site: 'e2e', collector: sink.url, config: '/footstep.json', ...attributes });
    setting.html = (text, more = '') => html(text, more + setting.tag);
    const said = (content) => (typeof content === 'function' ? content(setting) : content);
    site.routes['/footstep.json'] = config;
    site.routes['/'] = setting.html(said(body), said(head));
    for (const [path, content] of Object.entries(routes)) site.routes[path] = typeof content === 'function' && content.length < 2 ? content(setting) : content;
    try {
      setting.page = await context.newPage();
      await act(setting);
      assert.deepEqual(noise, [], 'the page stays quiet');
      assert.equal(sink.options, 0, 'no preflight is needed');
    } finally {
      await leave(context);
      site.close();
      await sink.close();
    }
  });
}

/** Opens a page of the site and waits for the tracker to be ready. */
export async function open({ page, site }, path = '/') {
  await page.goto(site.origin + path);
  return page.evaluate(() => window.footstep.ready);
}

/** A press of a mouse button in the middle of an element (also of one in an open shadow root), by real input. */
export async function press(page, selector, button = 'left') {
  const at = await page.evaluate((wanted) => {
    // Through prototypes: fixtures have elements named like the methods of a form or a document.
    const { querySelector, querySelectorAll } = Document.prototype;
    const { shadowRoot } = Object.getOwnPropertyDescriptors(Element.prototype);
    const find = (root) => {
      const hit = root === document ? querySelector.call(root, wanted) : root.querySelector(wanted);
      if (hit) return hit;
      for (const host of root === document ? querySelectorAll.call(root, '*') : root.querySelectorAll('*')) {
        const open = shadowRoot.get.call(host);
        const inside = open && find(open);
        if (inside) return inside;
      }
      return null;
    };
    const element = find(document);
    if (!element) throw new Error(`nothing matches ${wanted}`);
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  }, selector);
  // A page that is left by it may be gone before the browser has said that the button is up.
  let heard;
  const left = new Promise((resolve) => { heard = (frame) => frame === page.mainFrame() && resolve(); });
  page.on('framenavigated', heard);
  const pressed = page.mouse.click(at[0], at[1], { button });
  pressed.catch(() => {});
  await Promise.race([pressed, left]);
  page.off('framenavigated', heard);
}

/**
 * Ends a test's actions: whatever is still to come must come before a sentinel. Returns the names of the steps that
 * arrived, in order; the stream must have no gap.
 */
export async function finish({ page, sink }) {
  await page.evaluate(async () => {
    window.footstep.track('sentinel');
    await window.footstep.flush();
  });
  const before = await sink.named('sentinel');
  // In its own stream: what a page before has left comes when it comes.
  const { stream } = sink.arrived.findLast(({ name }) => name === 'sentinel');
  assert.equal(sink.arrived.findLast((event) => event.stream === stream).name, 'sentinel', 'nothing comes after the sentinel');
  assert.deepEqual(sink.gaps, []);
  return before.filter((event) => event.kind !== 'page');
}

/** The page has been drawn twice, and what was to be done after that has been. */
export const drawn = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve))))));

/** The names of events. */
export const names = (events) => events.map((event) => event.name);

/** `stats()` of the page, with the equation of its streams checked. */
export async function stats(page) {
  const found = await page.evaluate(() => window.footstep.stats());
  balanced(found);
  return found;
}

/** Every record of every stream is acknowledged, waiting or dropped. */
export function balanced(found) {
  for (const { created, acknowledged, waiting, dropped } of found.collectors) {
    const lost = Object.values(dropped).reduce((a, b) => a + b, 0);
    assert.equal(created, acknowledged + waiting + lost, JSON.stringify(found.collectors));
  }
}
