/**
 * Time: how long somebody was really there, by the browser's clock wound forward; and a page that is prepared ahead of
 * a visit that may never come.
 */

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { finish, names, open, press, scenario } from './support/browser.mjs';
import { startSink } from './support/sink.mjs';
import { html, startSite, tag } from './support/site.mjs';
import { rawBrowser } from './support/tab.mjs';

const seconds = (events) => events.filter(({ name }) => name === 'read').map(({ trigger }) => trigger.active);

scenario('active time: who is idle is not there, and each route has its own', {
  config: { pageViews: false, conversions: { read: { on: 'engaged', seconds: [10, 40, 60] } } },
  body: '<div style="height:3000px">x</div>',
}, async (s) => {
  const { page } = s;
  await page.clock.install();
  await open(s);
  const told = (name) => page.evaluate((what) => footstep.track(what), name);
  await page.clock.runFor(9000);
  await told('at_9');
  await page.clock.runFor(2000);
  // Half a minute after the page was opened nobody is there any more.
  await page.clock.runFor(200_000);
  await told('idle');
  await page.mouse.move(100, 100);
  await page.clock.runFor(8000);
  await told('at_38');
  await page.keyboard.press('Shift');
  await page.clock.runFor(4000);
  await told('at_42');
  await page.mouse.wheel(0, 100);
  await page.clock.runFor(20_000);
  await told('at_62');
  await page.evaluate(() => history.pushState({}, '', '/two'));
  await page.clock.runFor(9000);
  await told('second_at_9');
  await page.clock.runFor(2500);
  const events = await finish(s);
  assert.deepEqual(names(events), ['at_9', 'read', 'idle', 'at_38', 'read', 'at_42', 'read', 'at_62', 'second_at_9', 'read']);
  assert.deepEqual(seconds(events), [10, 40, 60, 10]);
});

scenario('a short time, by the true clock', { config: { pageViews: false, conversions: { read: { on: 'engaged', seconds: 1.5 } } }, body: '<button id=b>x</button>' }, async (s) => {
  await open(s);
  await press(s.page, '#b');
  await s.sink.events(1);
  const [event] = await finish(s);
  assert.equal(event.trigger.active, 1.5);
  assert.ok(event.mono >= 1500);
});

const everything = {
  viewed: { on: 'page' }, seen: { on: 'visible', match: 'p', seconds: 0.1 }, read: { on: 'engaged', seconds: 0.5 },
  depth: { on: 'scroll', percent: 100 }, told: { on: 'datalayer', event: 'told' }, allowed: { on: 'permission' },
};

for (const comes of [false, true]) {
  test(`a page that was prepared ahead, and ${comes ? 'is then visited' : 'never visited'}`, { timeout: 60_000 }, async () => {
    const sink = await startSink();
    const site = await startSite({ '/footstep.json': { conversions: everything } });
    let asked;
    const prepared = new Promise((resolve) => { asked = resolve; });
    let leave;
    const left = new Promise((resolve) => { leave = resolve; });
    site.routes['/go'] = { body: 'go', wait: left };
    // Nobody stands at the side of this tab: the browser prepares nothing where somebody does.
    site.routes['/'] = html(`<script>fetch('/go').then(() => { location.href = '/${comes ? 'ahead' : 'other'}'; });</script><script type=speculationrules>{"prerender":[{"source":"list","urls":["/ahead"],"eagerness":"immediate"}]}</script>`);
    // It says itself how far it has come while nobody sees it.
    site.routes['/ahead'] = html('<p>here</p>', `<script>window.dataLayer = [{ event: 'told' }];
      window.ahead = document.prerendering;
      addEventListener('load', () => setTimeout(() => fetch('/settled?' + document.prerendering), 1500));</script>${tag({ collector: sink.url, config: '/footstep.json' })}`);
    site.routes['/settled'] = ({ url }) => {
      asked(url);
      return { status: 204 };
    };
    const gone = new Promise((resolve) => {
      site.routes['/other'] = () => {
        resolve();
        return 'other';
      };
    });
    const cdp = await rawBrowser();
    await cdp.send('Target.createTarget', { url: `${site.origin}/` });
    try {
      assert.equal(await prepared, '/settled?true', 'the browser has prepared the page');
      assert.equal(sink.batches.length, 0, 'nobody has seen it yet');
      if (comes) {
        const before = Date.now();
        leave();
        await sink.until((arrived) => ['viewed', 'seen', 'read', 'depth', 'told'].every((wanted) => arrived.some(({ name }) => name === wanted)), 'all steps');
        const events = sink.arrived;
        for (const name of Object.keys(everything)) assert.equal(events.filter((event) => event.name === name).length, name === 'allowed' ? 0 : 1, name);
        assert.equal(events.filter(({ kind }) => kind === 'page').length, 1);
        assert.ok(events.every(({ at }) => at >= before - 50), 'nothing is older than the visit');
        assert.deepEqual(sink.gaps, []);
      } else {
        leave();
        await gone;
        assert.equal(sink.batches.length, 0);
      }
    } finally {
      await cdp.close();
      assert.ok(comes || sink.batches.length === 0);
      site.close();
      await sink.close();
    }
  });
}
