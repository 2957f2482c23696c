/**
 * Scroll depth where it is not simple: inside an element, sideways and from right to left, on pages that are short,
 * that grow, that are jumped about on, and on the next route.
 */

import assert from 'node:assert/strict';
import { drawn, finish, names, open, press, scenario } from './support/browser.mjs';

const percent = [25, 50, 75, 100];
const depths = (events, name) => events.filter((event) => event.name === name).map(({ trigger }) => (trigger.percent ?? trigger.pixels) + (trigger.jump ? 'j' : ''));
/** A turn of the wheel over an element (or the page), until it stands where it should. */
async function wheel(page, x, y, selector) {
  const where = await page.evaluate((wanted) => {
    const element = wanted ? document.querySelector(wanted) : document.scrollingElement;
    const { left, top, width, height } = wanted ? element.getBoundingClientRect() : { left: 0, top: 0, width: innerWidth, height: innerHeight };
    return { at: [left + width / 2, top + height / 2], from: [element.scrollLeft, element.scrollTop] };
  }, selector);
  await page.mouse.move(...where.at);
  await page.mouse.wheel(x - where.from[0], y - where.from[1]);
  await page.waitForFunction(([wanted, left, top]) => {
    const element = wanted ? document.querySelector(wanted) : document.scrollingElement;
    return Math.abs(element.scrollLeft - left) < 2 && Math.abs(element.scrollTop - top) < 2;
  }, [selector, x, y]);
  // It is measured after the next frame.
  await drawn(page);
}
const BOX = 'width:400px;height:200px;overflow:auto';

scenario('inside an element that scrolls by itself, also where the page does not', {
  config: { pageViews: false, conversions: { inside: { on: 'scroll', of: '#box', percent }, sideways: { on: 'scroll', of: '#wide', axis: 'x', pixels: [500, 1000] } } },
  body: `<div id=box style="${BOX}"><div style="height:1000px">tall</div></div><div id=wide style="${BOX}"><div style="width:1000px;height:100px">wide</div></div>`,
}, async (s) => {
  await open(s);
  const { page, sink } = s;
  await wheel(page, 0, 310, '#box');
  await sink.events(2);
  await wheel(page, 0, 0, '#box');
  await wheel(page, 0, 800, '#box');
  await sink.events(4);
  await wheel(page, 150, 0, '#wide');
  await sink.events(5);
  await wheel(page, 600, 0, '#wide');
  await sink.events(6);
  const events = await finish(s);
  assert.deepEqual(depths(events, 'inside'), ['25j', '50', '75j', '100']);
  assert.deepEqual(depths(events, 'sideways'), ['500', '1000']);
});

for (const direction of ['ltr', 'rtl']) {
  scenario(`sideways, ${direction}`, {
    config: { pageViews: false, conversions: { page: { on: 'scroll', axis: 'x', percent }, box: { on: 'scroll', of: '#box', axis: 'x', percent } } },
    body: `<script>document.documentElement.dir = '${direction}'; document.body.style.margin = 0;</script>
      <div id=box style="${BOX}"><div style="width:1600px;height:100px">wide</div></div><div style="width:3200px">wide</div>`,
  }, async (s) => {
    await open(s);
    const { page, sink } = s;
    const sign = direction === 'rtl' ? -1 : 1;
    await wheel(page, sign * 500, 0, '#box');
    // 25 % is in view, without a move, and so is the page's first quarter.
    await sink.until((arrived) => depths(arrived, 'box').length === 2, 'half of the box');
    await wheel(page, sign * 1200, 0, '#box');
    await sink.until((arrived) => depths(arrived, 'box').length === 4, 'the box');
    await wheel(page, sign * 850, 0);
    await sink.until((arrived) => depths(arrived, 'page').length === 2, 'half of the page');
    await wheel(page, sign * 2400, 0);
    const events = await finish(s);
    assert.deepEqual(depths(events, 'box'), ['25j', '50', '75j', '100']);
    assert.deepEqual(depths(events, 'page').map((each) => each.replace('j', '')), ['25', '50', '75', '100']);
  });
}

scenario('a page that is all in view counts once it has been for two seconds', {
  config: { pageViews: false, conversions: { depth: { on: 'scroll', percent }, empty: { on: 'scroll', percent, of: '#empty' }, none: { on: 'scroll', percent, of: '#none' } } },
  body: '<p>short</p><div id=empty></div>',
}, async (s) => {
  await open(s);
  await s.page.evaluate(() => footstep.track('at_once'));
  await s.sink.events(5);
  const events = await finish(s);
  assert.deepEqual(names(events), ['at_once', 'depth', 'depth', 'depth', 'depth']);
  assert.deepEqual(depths(events, 'depth'), ['25j', '50j', '75j', '100']);
  assert.ok(events[1].mono - events[0].mono > 1000, 'not at once');
});

scenario('a page that grows takes nothing back and repeats nothing', {
  config: { pageViews: false, conversions: { depth: { on: 'scroll', percent } } },
  body: '<div id=list style="height:2400px;margin:-8px">list</div>',
}, async (s) => {
  await open(s);
  const { page, sink } = s;
  await wheel(page, 0, 700);
  await sink.events(2);
  await page.evaluate(() => { list.style.height = '6000px'; });
  await wheel(page, 0, 1800);
  await page.evaluate(() => footstep.track('grown'));
  await wheel(page, 0, 4000);
  await sink.events(4);
  await page.evaluate(() => { list.style.height = '1200px'; });
  await drawn(page);
  await wheel(page, 0, 300);
  await wheel(page, 0, 600);
  await sink.events(5);
  const events = await finish(s);
  assert.deepEqual(names(events), ['depth', 'depth', 'grown', 'depth', 'depth']);
  assert.deepEqual(depths(events, 'depth'), ['25j', '50', '75', '100']);
});

scenario('a jump within the page: by a link to a place in it', {
  config: { pageViews: false, conversions: { depth: { on: 'scroll', percent } } },
  body: '<div style="margin:-8px"><a id=link href="#end">end</a><div style="height:3000px">tall</div><p id=end>end</p></div>',
}, async (s) => {
  await open(s);
  await press(s.page, '#link');
  await s.sink.events(4);
  assert.deepEqual(depths(await finish(s), 'depth'), ['25j', '50j', '75j', '100']);
});

scenario('each route anew, and none counts for what the one before was scrolled', {
  config: { conversions: { depth: { on: 'scroll', percent: [50, 100] } } },
  body: '<div id=main style="height:3000px;margin:-8px">tall</div>',
}, async (s) => {
  await open(s);
  const { page, sink } = s;
  const depth = (arrived) => depths(arrived, 'depth');
  await wheel(page, 0, 2400);
  await sink.until((arrived) => depth(arrived).length === 2, 'the first page');
  // As routers do: another page, shorter, from its top.
  const routed = await page.evaluate(() => {
    history.pushState({}, '', '/two');
    main.style.height = '100px';
    scrollTo(0, 0);
    return performance.now();
  });
  await sink.until((arrived) => depth(arrived).length === 4, 'the second page');
  const second = sink.arrived.filter(({ name, page: { url } }) => name === 'depth' && url.endsWith('/two'));
  assert.equal(second.length, 2);
  for (const { mono } of second) assert.ok(mono - routed > 1900, `${mono - routed} ms after the route`);
  await page.evaluate(() => {
    history.pushState({}, '', '/three');
    main.style.height = '3000px';
  });
  await drawn(page);
  await wheel(page, 0, 1000);
  await sink.until((arrived) => depth(arrived).length === 5, 'half of the third page');
  const events = await finish(s);
  assert.deepEqual(depth(events), ['50j', '100', '50j', '100', '50']);
});
