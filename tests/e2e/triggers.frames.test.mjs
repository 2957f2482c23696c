/**
 * Frames of the page's own origin, where the config says so: those that are there, that come, that go and that are
 * navigated. Others are never touched, and nothing is said in the console about them.
 */

import assert from 'node:assert/strict';
import { finish, names, open, scenario } from './support/browser.mjs';

const FORM = (id) => `<!doctype html><button class=go id=${id}>x</button><form class=f><input name=a><button>send</button></form><button data-footstep=marked>m</button>
  <script>document.forms[0].addEventListener('submit', (event) => event.preventDefault());</script>`;
const conversions = { pressed: { on: 'click', match: '.go', read: { id: { attribute: 'id' } } }, sent: { on: 'submit', match: 'form.f' }, changed: { on: 'change', match: '[name=a]' } };
const routes = { '/inner': FORM('inner'), '/second': FORM('second') };
const loaded = (page, selector) => page.frameLocator(selector).locator('.go').waitFor();
const go = (page, selector, inner = '.go') => page.frameLocator(selector).locator(inner).click();

scenario('of the same origin, srcdoc, navigated, added later, removed', {
  config: { pageViews: false, frames: true, conversions }, routes,
  body: () => `<iframe id=a src="/inner"></iframe><iframe id=b srcdoc='${FORM('doc').replaceAll("'", '&#39;')}'></iframe><div id=slot></div>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  for (const id of ['#a', '#b']) {
    await loaded(page, id);
    await go(page, id);
    await page.frameLocator(id).locator('[name=a]').fill('x');
    await page.keyboard.press('Enter');
    await go(page, id, '[data-footstep]');
  }
  const inFrame = (id, wanted) => page.waitForFunction(([frame, path]) => {
    const { contentDocument } = document.querySelector(frame);
    return contentDocument?.readyState === 'complete' && contentDocument.URL.endsWith(path);
  }, [id, wanted]);
  // Within the frame: no gesture on the page itself.
  await page.evaluate(() => { document.querySelector('#a').contentWindow.location.href = '/second'; });
  await inFrame('#a', '/second');
  await go(page, '#a');
  await page.evaluate(() => { slot.innerHTML = '<iframe id=late src="/inner"></iframe>'; });
  await inFrame('#late', '/inner');
  await go(page, '#late');
  await page.evaluate(() => { window.kept = document.querySelector('#late').contentDocument; slot.innerHTML = ''; });
  await go(page, '#b');
  const events = await finish(s);
  const all = events.map(({ name, properties }) => properties?.id ?? name);
  const each = ['changed', 'sent', 'marked'];
  assert.deepEqual(all, ['inner', ...each, 'doc', ...each, 'second', 'inner', 'doc']);
  await page.evaluate(() => footstep.stop());
});

scenario('marks in frames, where no rule asks for clicks', { config: { pageViews: false, frames: true }, routes, body: '<iframe id=a src="/inner"></iframe>' }, async (s) => {
  await open(s);
  await loaded(s.page, '#a');
  await go(s.page, '#a', '[data-footstep]');
  assert.deepEqual(names(await finish(s)), ['marked']);
});

scenario('each press in a frame is one of its own, also in a component there', { config: { pageViews: false, frames: true, conversions }, routes: {
  '/inner': `${FORM('inner')}<my-form></my-form><script>{
    const root = document.querySelector('my-form').attachShadow({ mode: 'open' });
    root.innerHTML = '<form class=f><button id=deep>send</button></form>';
    root.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
  }</script>`,
}, body: '<iframe id=a src="/inner"></iframe><button id=top>x</button>' }, async (s) => {
  await open(s);
  await loaded(s.page, '#a');
  await s.page.click('#top');
  for (const inner of ['.f button >> nth=0', '.f button >> nth=0', '#deep', '#deep']) await go(s.page, '#a', inner);
  assert.deepEqual(names(await finish(s)), Array(4).fill('sent'));
});

scenario('not without being asked', { config: { pageViews: false, conversions }, routes, body: '<iframe id=a src="/inner"></iframe>' }, async (s) => {
  await open(s);
  await loaded(s.page, '#a');
  await go(s.page, '#a');
  assert.deepEqual(names(await finish(s)), []);
});

scenario('of another origin, and sandboxed: never touched, and quiet', {
  config: { pageViews: false, frames: true, conversions }, routes,
  body: (s) => `<iframe id=other src="${s.site.origin.replace('127.0.0.1', 'localhost')}/inner"></iframe><iframe id=boxed sandbox="allow-scripts" src="/inner"></iframe>
    <iframe id=blank></iframe><iframe id=data src="data:text/html,x"></iframe><button class=go id=top>x</button>`,
}, async (s) => {
  await s.page.addInitScript(() => {
    if (window === top) return;
    window.added = [];
    const { addEventListener } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (type, ...rest) {
      window.added.push(type);
      return addEventListener.call(this, type, ...rest);
    };
  });
  await open(s);
  const { page } = s;
  for (const id of ['#other', '#boxed']) {
    await loaded(page, id);
    await go(page, id);
    const added = await page.frameLocator(id).locator('body').evaluate(() => window.added);
    assert.deepEqual(added.filter((type) => /^(submit|change)$/.test(type)), ['submit'], 'its own only');
  }
  await page.click('#top');
  assert.deepEqual((await finish(s)).map(({ properties }) => properties.id), ['top']);
});
