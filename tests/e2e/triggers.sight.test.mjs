/**
 * What is on screen, and for how long: cards that are tall, wide, late, taken away and put back, seen again on the next
 * route, after the page has come back, and not while another tab is in front.
 */

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { browser, finish, names, open, scenario } from './support/browser.mjs';
import { back, keeping } from './support/kept.mjs';
import { startSink } from './support/sink.mjs';
import { html, startSite, tag } from './support/site.mjs';
import { rawTab } from './support/tab.mjs';

const seen = { on: 'visible', match: '.card', percent: 50, seconds: 0.1, read: { id: { attribute: 'id' } } };
const config = { pageViews: false, conversions: { seen } };
const ids = (events) => events.filter(({ name }) => name === 'seen').map(({ properties }) => properties.id);
const come = ({ sink }, count) => sink.events(count);
/** A turn of the wheel, until the page stands there and has been painted twice. */
async function wheel(page, to) {
  await page.mouse.move(400, 300);
  await page.mouse.wheel(0, to - (await page.evaluate(() => scrollY)));
  await page.waitForFunction((top) => Math.abs(scrollY - top) < 2, to);
}
/** Frames of the page, so many that whoever was on screen for the time of the rule has counted. */
const wait = (page, ms = 300) => page.evaluate((time) => new Promise((resolve) => {
  const begun = performance.now();
  const frame = () => (performance.now() - begun > time ? resolve() : requestAnimationFrame(frame));
  frame();
}), ms);

scenario('so much of it: not less than the rule says, and of what is larger than the screen, of the screen', {
  config: { pageViews: false, conversions: { seen, whole: { ...seen, percent: 100 }, glimpsed: { ...seen, percent: 1 } } },
  body: `<style>body { margin: 0 } .gap { height: 1000px } .card { height: 200px }</style><div class=gap></div><div class=card id=small></div>
    <div class=gap></div><div class=card id=tall style="height:1800px"></div><div class=gap></div>
    <div class=card id=wide style="width:4000px;height:200px"></div><div class=gap></div><div class=card id=gone style="visibility:hidden"></div><div class=card id=empty style="height:0"></div>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  const by = (name, events) => events.filter((event) => event.name === name).map(({ properties }) => properties.id);
  // 40 % of the first.
  await wheel(page, 480);
  await come(s, 1);
  await wait(page);
  assert.deepEqual(by('seen', s.sink.arrived), []);
  await wheel(page, 520);
  await come(s, 2);
  await wait(page);
  assert.deepEqual(by('whole', s.sink.arrived), []);
  await wheel(page, 700);
  await come(s, 3);
  // The tall one covers a third of the screen, which is less than half of it; then two thirds.
  await wheel(page, 2200 - 400);
  await come(s, 4);
  await wait(page);
  assert.deepEqual(by('seen', s.sink.arrived), ['small']);
  await wheel(page, 2200 - 200);
  await come(s, 5);
  await wheel(page, 2200 + 500);
  await come(s, 6);
  const events = await finish(s);
  assert.deepEqual(by('glimpsed', events), ['small', 'tall']);
  assert.deepEqual(by('seen', events), ['small', 'tall']);
  assert.deepEqual(by('whole', events), ['small', 'tall']);
});

scenario('so long: what leaves too soon begins anew', {
  config: { pageViews: false, conversions: { seen: { ...seen, seconds: 2 } } },
  body: '<style>body { margin: 0; height: 5000px }</style><div style="height:1000px"></div><div class=card id=a style="height:200px"></div>',
}, async (s) => {
  await s.page.clock.install();
  await open(s);
  const { page } = s;
  const frames = () => page.clock.runFor(200);
  const at = async (top) => {
    await page.evaluate((y) => scrollTo(0, y), top);
    await page.evaluate(() => new Promise((resolve) => { new IntersectionObserver((_, observer) => resolve(observer.disconnect())).observe(document.body); }));
    await frames();
  };
  await at(700);
  await page.clock.runFor(1200);
  await at(0);
  await page.clock.runFor(3000);
  await at(700);
  await page.clock.runFor(1200);
  await page.evaluate(() => footstep.track('not_yet'));
  await page.clock.runFor(1500);
  assert.deepEqual(names(await finish(s)), ['not_yet', 'seen']);
});

scenario('added later, taken away and put back, and given its class later', {
  config: { ...config, conversions: { seen, once: { ...seen, once: 'page' } } },
  body: '<div id=list></div><div id=plain style="height:50px"></div>',
}, async (s) => {
  await open(s);
  const { page } = s;
  await page.evaluate(() => {
    window.card = (id) => Object.assign(document.createElement('div'), { id, className: 'card', style: 'height:50px' });
    window.a = card('a');
    list.append(a);
  });
  await come(s, 2);
  // The same one again is no other card, another one is.
  await page.evaluate(() => a.remove());
  await wait(page);
  await page.evaluate(() => list.append(a, card('b')));
  await come(s, 3);
  await page.evaluate(() => plain.classList.add('card'));
  await come(s, 4);
  await page.evaluate(() => { list.innerHTML = ''; list.append(card('c')); });
  await come(s, 5);
  const events = await finish(s);
  assert.deepEqual(ids(events), ['a', 'b', 'plain', 'c']);
  assert.equal(names(events).filter((name) => name === 'once').length, 1);
});

scenario('seen again on the next route', {
  config, body: '<div class=card id=a style="height:50px"></div>',
}, async (s) => {
  await open(s);
  const { page } = s;
  await come(s, 1);
  await page.evaluate(() => history.replaceState({}, '', '?filter=red'));
  await wait(page);
  await page.evaluate(() => history.pushState({}, '', '/two'));
  await come(s, 2);
  await page.evaluate(() => {
    document.querySelector('#a').outerHTML = '<div class=card id=b style="height:50px"></div>';
    history.pushState({}, '', '/three');
  });
  await come(s, 3);
  assert.deepEqual(ids(await finish(s)), ['a', 'a', 'b']);
});

test('seen again once the page has come back, from where it was kept', { timeout: 60_000 }, async () => {
  await keeping(async (page) => {
    const sink = await startSink();
    const site = await startSite({ '/footstep.json': { conversions: { ...config.conversions, depth: { on: 'scroll', percent: 100 } } }, '/next': 'next' });
    // A page that asks not to be stored is not kept either.
    site.routes['/'] = { body: html('<div class=card id=a style="height:50px">x</div>', tag({ collector: sink.url, config: '/footstep.json' })), headers: { 'cache-control': 'max-age=60' } };
    try {
      await page.goto(`${site.origin}/`);
      const count = (name, wanted) => sink.until((arrived) => arrived.filter((event) => event.name === name).length >= wanted, `${wanted} ${name}`);
      await count('seen', 1);
      await count('depth', 1);
      for (const round of [2, 3]) {
        await page.goto(`${site.origin}/next`);
        await back(page);
        await count('seen', round);
        await count('depth', round);
      }
      const views = sink.arrived.filter(({ kind }) => kind === 'page');
      assert.equal(new Set(views.map(({ page: { id } }) => id)).size, 3);
      assert.deepEqual(sink.gaps, []);
    } finally {
      site.close();
      await sink.close();
    }
  });
});

test('nobody sees, reads or is engaged with a page behind another', { timeout: 60_000 }, async () => {
  const sink = await startSink();
  const site = await startSite({ '/footstep.json': { pageViews: false, conversions: { seen: { ...seen, seconds: 1 }, engaged: { on: 'engaged', seconds: 1 }, depth: { on: 'scroll', percent: 100 } } } });
  site.routes['/'] = html('<div class=card id=a style="height:50px"></div>', tag({ collector: sink.url, config: '/footstep.json' }));
  const cdp = await (await browser()).newBrowserCDPSession();
  const tabs = [];
  try {
    const other = await rawTab(cdp, 'about:blank');
    tabs.push(other);
    const shop = await rawTab(cdp, `${site.origin}/`);
    tabs.push(shop);
    await cdp.send('Target.activateTarget', { targetId: other.targetId });
    await shop.evaluate(`new Promise((resolve) => {
      const look = () => (window.footstep?.ready && document.visibilityState === 'hidden' ? footstep.ready.then(resolve) : setTimeout(look, 5));
      look();
    })`);
    // Timers of a hidden page may be late, but they come.
    await shop.evaluate('new Promise((resolve) => setTimeout(resolve, 2500))');
    await shop.evaluate(`footstep.track('still_behind')`);
    await cdp.send('Target.activateTarget', { targetId: shop.targetId });
    await sink.events(4);
    const arrived = sink.arrived.map(({ name }) => name);
    const before = arrived.slice(0, arrived.indexOf('still_behind'));
    // Whatever was counted before was counted while the page was still in front.
    assert.deepEqual(arrived.toSorted(), ['depth', 'engaged', 'seen', 'still_behind']);
    assert.deepEqual(before, []);
  } finally {
    for (const { targetId } of tabs) await cdp.send('Target.closeTarget', { targetId });
    site.close();
    await sink.close();
  }
});

scenario('a page of cards that come and go leaves nothing behind', {
  config: { pageViews: false, conversions: { seen: { ...seen, seconds: 60 } } }, body: '<div id=list></div>',
}, async (s) => {
  await open(s);
  const { page } = s;
  const cdp = await s.context.newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  const alive = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    return page.evaluate(() => refs.filter((ref) => ref.deref()).length);
  };
  await page.evaluate(() => { window.refs = []; });
  for (let round = 0; round < 10; round += 1) {
    await page.evaluate(() => {
      list.innerHTML = '';
      for (let at = 0; at < 50; at += 1) {
        const card = document.createElement('div');
        card.className = 'card';
        card.textContent = at;
        list.append(card);
        refs.push(new WeakRef(card));
      }
    });
    await wait(page, 60);
  }
  await page.evaluate(() => { list.innerHTML = ''; });
  await wait(page, 100);
  assert.equal(await alive(), 0);
});
