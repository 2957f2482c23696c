/**
 * Every preset against pages that look like the software it stands on, in a real browser: what it must count, with
 * which outcome, and near misses it must not count. The pages and what is done on them are data, one module a preset
 * in `www/presets/`, which the demos of the shop are made of as well; this file knows how to do it and nothing of any shop.
 *
 * A module exports `preset`, `hits` and `misses`. A case: `title`, `html` (the body of `/`), `act` (what a visitor does),
 * `expect` (`[name, phase, what else the event holds]`, in the order of the outcomes; a miss expects nothing) and,
 * where needed, `head`, `at` (the path it begins at), `pages` (further answers by `path`, `METHOD path` or either with
 * a query), `elsewhere` (pages of other sites by host; any other site answers an empty page), `within` (for attempts
 * that end unknown), `dwell` (stay long enough for anything on screen to count), `noise` (console lines of its own) and
 * `says` (diagnostics).
 *
 * Every case ends on another page: an attempt nobody expected, still waiting for its outcome, is reported when its page
 * ends.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { finish, open, press, scenario } from './support/browser.mjs';

const PRESETS = new URL('../../presets/', import.meta.url);
const CASES = new URL('../../www/presets/', import.meta.url);
/** A page of the site where nothing can happen. */
const END = '/the-end';
/** What Chromium remarks about the forms of shops; they are as they are. */
const REMARKS = /^\[DOM\] /;
/** A rule that says when an element has been on screen for longer than any rule of a preset asks. */
const DWELT = { dwelt: { on: 'visible', match: 'body', percent: 1, seconds: 2 } };
const OURS = ['sentinel', 'dwelt'];

const named = (folder, ending) => readdirSync(folder).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)).sort();
const read = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, PRESETS), 'utf8'));

/** What a visitor can do: the first word of a step and what it takes. */
const STEPS = {
  /** A press of the mouse in the middle of the element. */
  click: ({ page }, selector) => press(page, selector),
  /** Into the field, key by key. */
  async type({ page }, selector, text) {
    await page.focus(selector);
    await page.keyboard.type(text);
  },
  /** By the form's own button. */
  submit: ({ page }, selector) => press(page, `${selector} :is([type='submit'], [type='image'], button:not([type]))`),
  /** With the Enter key, from this field. */
  async enter({ page }, selector) {
    await page.focus(selector);
    await page.keyboard.press('Enter');
  },
  /** Out of the field with the Tab key, so that what was typed counts as a change. */
  tab: ({ page }) => page.keyboard.press('Tab'),
  /** With the wheel, to that many pixels from the top. */
  async wheel({ page }, to) {
    await page.mouse.move(400, 300);
    await page.mouse.wheel(0, to - (await page.evaluate(() => scrollY)));
    await page.waitForFunction((top) => Math.abs(scrollY - top) < 2, to);
  },
  /** Says yes when the browser asks. */
  allow: ({ context, site }, permission) => context.grantPermissions([permission], { origin: site.origin }),
  /** The page's own script. */
  script: ({ page }, code) => page.evaluate(code),
  /** Into a frame, and a press on something in it. */
  frame: ({ page }, selector, inside) => page.frameLocator(selector).locator(inside).click(),
  /** To another page of the site by its address. */
  goto: (s, path) => open(s, path),
  reload: async ({ page }) => {
    await page.reload();
    await page.evaluate(() => window.footstep.ready);
  },
  /** Until the browser is there: a path of the site or a whole address, with `*`. */
  arrive: ({ page, site }, url) => page.waitForURL(url.includes('://') ? url : site.origin + url),
  /** Until the element is shown. */
  see: ({ page }, selector) => page.waitForSelector(selector),
  /** A press on a link to a file, until the browser has begun to fetch it. */
  async download({ page }, selector) {
    const begun = page.waitForEvent('download');
    await press(page, selector);
    await begun;
  },
  /** Until so many outcomes have arrived; meanwhile the page need not wait for more company in its batch. That something
      was attempted is one only where the case expects no more. */
  async outcomes({ page, sink, unseen }, count) {
    const hurry = setInterval(() => page.evaluate(() => void window.footstep?.flush()).catch(() => {}), 100);
    const ended = (arrived) => {
      const seen = outcomes(arrived).filter(({ phase }) => phase !== 'attempted').length;
      return seen + Math.min(unseen, outcomes(arrived).length - seen);
    };
    await sink.until((arrived) => ended(arrived) >= count, `${count} outcomes`).finally(() => clearInterval(hurry));
  },
};

/** The last word on each step, in the order the words came. */
function outcomes(arrived) {
  const steps = arrived.filter(({ kind, name }) => kind !== 'page' && !OURS.includes(name));
  return steps.filter(({ id, rev }) => !steps.some((other) => other.id === id && other.rev > rev));
}

/** Names and phases, as a text to compare. */
const phases = (events) => events.map((event) => (Array.isArray(event) ? event.slice(0, 2) : [event.name, event.phase]).join(' ') + '; ').join('');

/** The preset with a shorter time to wait for evidence. */
function hurried(preset, within) {
  const shorter = (way) => (Array.isArray(way.confirm) || Array.isArray(way.fail) ? { ...way, within } : way);
  const change = (conversion) => (conversion.any ? { ...conversion, any: conversion.any.map(shorter) } : shorter(conversion));
  return { ...preset, conversions: Object.fromEntries(Object.entries(preset.conversions).map(([name, each]) => [name, change(each)])) };
}

/** Answers a request for a path from the case's pages; a text is a page of the site with the tag in it. */
function routes(pages, head) {
  const paths = new Set(Object.keys(pages).map((key) => key.replace(/^[A-Z]+ /, '').split('?')[0]));
  const answer = (setting, path) => ({ method, url }) => {
    const found = [`${method} ${url}`, url, `${method} ${path}`, path].find((key) => key in pages);
    const said = found === undefined ? { status: 404, body: 'not here' } : pages[found];
    return typeof said === 'string' ? setting.html(said, found === '/' ? head : '') : said;
  };
  return Object.fromEntries([...paths].map((path) => [path, (setting) => answer(setting, path)]));
}

function holds(event, wanted, where) {
  for (const [key, value] of Object.entries(wanted ?? {})) {
    const found = event?.[key] ?? event?.properties?.[key];
    if (value && typeof value === 'object' && !Array.isArray(value)) holds(found, value, `${where}.${key}`);
    else assert.deepEqual(found, value, `${where}.${key}`);
  }
}

function run(preset, { title, html = '', head = '', at = '/', act = [], expect = [], pages = {}, elsewhere = {}, within, dwell, noise = [], says = [] }) {
  const config = { presets: [within ? hurried(read(preset), within) : read(preset)], pageViews: false, conversions: dwell ? DWELT : {} };
  const answers = routes({ '/': html, [END]: '<p>the end</p>', ...pages }, head);
  scenario(`${preset}: ${title}`, { config, routes: answers, expect: [REMARKS, ...noise] }, async (s) => {
    // Nothing leaves the machine: other sites are played.
    await s.context.route((url) => url.hostname !== '127.0.0.1', (route) => {
      const said = elsewhere[new URL(route.request().url()).hostname] ?? '<!doctype html><title>elsewhere</title>';
      const { status = 200, body = said, headers = { 'content-type': 'text/html' } } = typeof said === 'string' ? {} : said;
      return route.fulfill({ status, body, headers: { 'access-control-allow-origin': '*', ...headers } });
    });
    s.unseen = expect.filter(([, phase]) => phase === 'attempted').length;
    const { diagnostics } = await open(s, at);
    assert.deepEqual(diagnostics.map(({ code }) => code), says, 'the preset is all in words the tracker knows');
    for (const [step, ...rest] of act) await STEPS[step](s, ...rest);
    await STEPS.outcomes(s, expect.length);
    if (dwell) await s.sink.until((arrived) => arrived.some(({ name }) => name === 'dwelt'), 'a look at the page');
    await open(s, END);
    await finish(s);
    const found = outcomes(s.sink.arrived);
    assert.equal(phases(found), phases(expect));
    expect.forEach(([name, , wanted], place) => holds(found[place], wanted, name));
  });
}

// All of them before the first test is made known: the runner would take a pause between two tests for the end.
const modules = await Promise.all(named(CASES, '.mjs').map((name) => import(new URL(`${name}.mjs`, CASES))));

test('every preset has its pages, with hits and near misses', () => {
  assert.deepEqual(modules.map(({ preset }) => preset), named(PRESETS, '.json'));
  for (const { preset, hits, misses } of modules) assert.ok(hits.length && misses.length, preset);
});

for (const { preset, hits, misses } of modules) {
  for (const each of hits) run(preset, each);
  for (const each of misses) run(preset, { ...each, expect: [] });
}
