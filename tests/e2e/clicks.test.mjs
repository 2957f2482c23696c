/** Clicks, by rule and by markup: every way a hand can press an element, and what must not count. */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';

const rule = (match, more = {}) => ({ on: 'click', match, ...more });

scenario('the ways to press an element', {
  config: {
    conversions: {
      left: rule('#left'), middle: rule('#middle'), enter: rule('#enter'), space: rule('#space'), child: rule('#child'),
      svg: rule('#svg'), shadow: rule('.shadow'), later: rule('.later'),
    },
  },
  body: `<button id=left>x</button> <a id=middle href="/dist/messages.json">x</a> <button id=enter>x</button>
    <button id=space>x</button> <button id=child><b><i>deep</i></b></button>
    <a id=svg href="#s"><svg width=20 height=20><g><path d="M0 0h20v20H0z"/></g></svg></a>
    <div id=host></div> <p id=place></p>
    <script>
      document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<button class=shadow><span id=inner>x</span></button>';
    </script>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  await press(page, '#left');
  const opened = s.context.waitForEvent('page');
  await press(page, '#middle', 'middle');
  await (await opened).close();
  await page.focus('#enter');
  await page.keyboard.press('Enter');
  await page.focus('#space');
  await page.keyboard.press('Space');
  await press(page, '#child i');
  await press(page, '#svg path');
  await press(page, '#inner');
  await page.evaluate(() => { document.querySelector('#place').innerHTML = '<button class=later>new</button>'; });
  await press(page, '.later');
  const events = await finish(s);
  assert.deepEqual(names(events), ['left', 'middle', 'enter', 'space', 'child', 'svg', 'shadow', 'later']);
  for (const event of events) {
    assert.deepEqual([event.kind, event.phase, event.rev, event.trigger], ['micro', 'confirmed', 0, { on: 'click' }]);
    assert.equal(event.untrusted, undefined);
  }
});

scenario('what is no press on the element', {
  config: { conversions: { pressed: rule('#target') } },
  body: '<button id=target>x</button> <button id=disabled disabled data-footstep="disabled">x</button> <p id=beside>beside</p>',
}, async (s) => {
  await open(s);
  await press(s.page, '#beside');
  await press(s.page, '#target', 'right');
  await press(s.page, '#disabled');
  // A press that is let go elsewhere is none.
  const box = await s.page.locator('#target').boundingBox();
  await s.page.mouse.move(box.x + 3, box.y + 3);
  await s.page.mouse.down();
  await s.page.mouse.move(700, 500);
  await s.page.mouse.up();
  assert.deepEqual(names(await finish(s)), []);
});

scenario('a page that stops every event hides nothing from us, and is not changed by us', {
  config: { conversions: { stopped: rule('#stopped') } },
  body: `<a id=stopped href="/elsewhere">x</a>
    <script>
      window.seen = [];
      document.addEventListener('click', (event) => {
        event.stopImmediatePropagation();
        event.preventDefault();
        seen.push(event.defaultPrevented);
      }, true);
    </script>`,
}, async (s) => {
  await open(s);
  await press(s.page, '#stopped');
  assert.deepEqual(names(await finish(s)), ['stopped']);
  assert.deepEqual(await s.page.evaluate(() => window.seen), [true]);
  assert.equal(new URL(s.page.url()).pathname, '/');
});

scenario('markup: attributes, properties, classes, wrapped children, forms', {
  config: { pageViews: false },
  body: `<button id=a data-footstep="wishlist_add" data-footstep-value="12.50" data-footstep-currency="EUR"
      data-footstep-product="lamp"><b>x</b></button>
    <a id=b href="#b" class="button footstep-event-guide_download big"><em>x</em></a>
    <div data-footstep="wrapped"><p><button id=c>x</button></p></div>
    <form id=f data-footstep="form_sent" action="/"><input name=x><button id=e>send</button></form>
    <button id=bad data-footstep="<img>">x</button> <button id=empty data-footstep="">x</button>
    <script>document.querySelector('#f').addEventListener('submit', (event) => event.preventDefault());</script>`,
}, async (s) => {
  await open(s);
  for (const id of ['a b', 'b em', 'c', 'e', 'bad', 'empty']) await press(s.page, '#' + id);
  const events = await finish(s);
  assert.deepEqual(names(events), ['wishlist_add', 'guide_download', 'wrapped', 'form_sent']);
  const [first] = events;
  assert.equal(first.value, 12.5);
  assert.equal(first.currency, 'EUR');
  assert.deepEqual(first.properties, { product: 'lamp' });
  assert.match(s.sink.batches.map(({ body }) => body).join(), /"value":12\.50,/, 'a price is not rounded');
});

scenario('markup by a class that is one of several on lines of their own', {
  config: { pageViews: false },
  body: `<button class="button
      footstep-event-own_line
      big">x</button>`,
}, async (s) => {
  await open(s);
  await press(s.page, 'button');
  assert.deepEqual(names(await finish(s)), ['own_line']);
});

scenario('a step named by a rule and by markup counts once', {
  config: { conversions: { wish: rule('.wish', { value: 3, leadsTo: 'purchase' }) } },
  body: `<button id=both class=wish data-footstep="wish">x</button> <button id=markup data-footstep="wish">x</button>
    <button id=class class="wish footstep-event-wish">x</button>`,
}, async (s) => {
  await open(s);
  for (const id of ['both', 'markup', 'class']) await press(s.page, '#' + id);
  const events = await finish(s);
  assert.deepEqual(events.map((event) => event.trigger.on), ['click', 'markup', 'click']);
  for (const event of events) assert.deepEqual([event.name, event.value, event.leadsTo], ['wish', 3, 'purchase']);
  assert.equal((await stats(s.page)).ignored.repeat, 2);
});

scenario('a label around its field is one step, though the browser makes two clicks; the field alone is one as well', {
  config: { pageViews: false, conversions: { by_rule: rule('label.rule') } },
  body: `<label id=markup data-footstep="by_markup"><span>accept</span> <input type=checkbox></label>
    <label id=rule class=rule><span>accept</span> <input type=radio></label>`,
}, async (s) => {
  await open(s);
  await press(s.page, '#markup span');
  await press(s.page, '#rule span');
  await press(s.page, '#rule input');
  assert.deepEqual(names(await finish(s)), ['by_markup', 'by_rule', 'by_rule']);
});

scenario('reads, values, scopes and the mark of a macro-conversion', {
  config: {
    pageViews: false,
    conversions: {
      macro: rule('#macro', { macro: true, value: 99.9, currency: 'EUR' }),
      read: rule('.read', {
        value: 1, currency: 'USD', leadsTo: 'macro',
        read: { value: { attribute: 'data-price' }, product: { attribute: 'data-id' }, where: { url: '/{page}' }, kind: { constant: { a: [1] } } },
      }),
      once_each: rule('.each', { once: 'element' }),
      once_page: rule('.page', { once: 'page' }),
    },
  },
  body: `<button id=macro>x</button> <button id=full class=read data-price=" 12.5 " data-id="lamp">x</button>
    <button id=none class=read>x</button> <button id=e1 class=each>x</button> <button id=e2 class=each>x</button>
    <button id=p1 class=page>x</button> <button id=p2 class=page>x</button>`,
}, async (s) => {
  s.site.routes['/here'] = s.site.routes['/'];
  await open(s, '/here');
  for (const id of ['macro', 'full', 'none', 'e1', 'e2', 'e1', 'p1', 'p2']) await press(s.page, '#' + id);
  const events = await finish(s);
  assert.deepEqual(events.map(({ name, kind, value, currency }) => [name, kind, value, currency]), [
    ['macro', 'macro', 99.9, 'EUR'],
    ['read', 'micro', 12.5, 'USD'],
    ['read', 'micro', 1, 'USD'],
    ['once_each', 'micro', undefined, undefined], ['once_each', 'micro', undefined, undefined],
    ['once_page', 'micro', undefined, undefined],
  ]);
  assert.deepEqual(events[1].properties, { product: 'lamp', where: 'here', kind: { a: [1] } });
  assert.deepEqual(events[2].properties, { where: 'here', kind: { a: [1] } });
  assert.equal((await stats(s.page)).ignored.repeat, 2);
});
