/**
 * Fields and forms beyond the plain ones: what was changed (never what it holds), which button sent a form, and
 * `form.submit()`, which makes no event of its own.
 */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';

scenario('a field was changed, and whether it is valid', {
  config: {
    pageViews: false,
    conversions: {
      changed: { on: 'change', match: '#card', read: { typed: { attribute: 'value' }, name: { attribute: 'name' } } },
      filled: { on: 'change', match: '#card:valid' },
      chosen: { on: 'change', match: 'select' },
      ticked: { on: 'change', match: '[type=checkbox]:checked' },
      any: { on: 'change', match: 'form', once: 'page' },
    },
  },
  body: `<form><input id=card name=number autocomplete=cc-number pattern="[0-9]{16}" required>
    <select><option>s3cret one<option>s3cret two</select><label><input type=checkbox value=s3cret> tick</label></form>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  await press(page, '#card');
  await page.keyboard.type('41112222');
  await page.keyboard.press('Tab');
  await press(page, '#card');
  await page.keyboard.press('End');
  await page.keyboard.type('33334444');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await press(page, '[type=checkbox]');
  await press(page, 'label');
  await page.evaluate(() => {
    for (const type of ['change', 'input']) card.dispatchEvent(new Event(type, { bubbles: true }));
  });
  const events = await finish(s);
  assert.deepEqual(names(events), ['changed', 'any', 'changed', 'filled', 'chosen', 'ticked']);
  assert.deepEqual(events[0].properties, { name: 'number' });
  const sent = s.sink.batches.map(({ body }) => body).join();
  for (const secret of ['41112222', '33334444', 's3cret']) assert.ok(!sent.includes(secret), `${secret} was sent`);
  assert.ok((await stats(page)).diagnostics.some(({ code }) => code === 'protected_read'));
});

scenario('which button sent the form', {
  config: {
    pageViews: false,
    conversions: {
      bought: { on: 'submit', match: 'form', submitter: '[name=buy], .buy *' },
      kept: { on: 'submit', match: 'form', submitter: '[name=keep]' },
      sent: { on: 'submit', match: 'form' },
    },
  },
  body: `<form id=form><input name=submitter><button name=buy>Buy</button><button name=keep>Keep</button><input type=image name=buy alt=x width=20 height=20></form>
    <button form=form id=far name=keep>Far</button>
    <script>form.addEventListener('submit', (event) => event.preventDefault());</script>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  await press(page, '[name=keep]');
  await press(page, 'button[name=buy]');
  await press(page, '[type=image]');
  await press(page, '#far');
  await press(page, 'input[name=submitter]');
  await page.keyboard.press('Enter');
  // What the page held back and now sends on, without another gesture, is the same step.
  await page.evaluate(() => form.requestSubmit());
  await page.evaluate(() => form.requestSubmit(document.querySelector('[name=keep]')));
  const events = await finish(s);
  assert.deepEqual(names(events).filter((name) => name !== 'sent'), ['kept', 'bought', 'bought', 'kept', 'bought', 'kept']);
  assert.equal(names(events).filter((name) => name === 'sent').length, 6);
});

const silent = {
  config: { pageViews: false, conversions: { sent: { on: 'submit', match: 'form' }, by: { on: 'submit', match: 'form', submitter: 'button' } } },
  routes: { '/next': 'next', '/api': 'ok' },
  body: `<iframe name=frame></iframe><form id=plain action=/next method=post><input name=submit value=s3cret><input type=button id=go value=go></form>
    <form id=read action=/next><input name=a></form><form id=into target=frame action=/next></form>
    <form id=ajax action=/next><button>x</button></form>
    <script>
      const send = (form) => HTMLFormElement.prototype.submit.call(form);
      go.onclick = () => send(plain);
      // Checks first, as those do that ask whether somebody is a robot.
      ajax.addEventListener('submit', async (event) => {
        event.preventDefault();
        await fetch('/api', { method: 'POST', body: new FormData(ajax) });
        send(ajax);
      });
    </script>`,
};
const old = () => Object.defineProperty(window, 'navigation', { value: undefined });
for (const [where, prepare] of [['with the Navigation API', undefined], ['without it', old]]) {
  scenario(`form.submit() counts, once (${where})`, silent, async (s) => {
    if (prepare) await s.page.addInitScript(prepare);
    await open(s);
    const there = s.page.waitForURL('**/next');
    await press(s.page, '#go');
    await there;
    await s.sink.events(1);
    assert.deepEqual(names(s.sink.arrived), ['sent']);
    assert.ok(!s.sink.batches.some(({ body }) => body.includes('s3cret')));
  });

  scenario(`a form that was stopped, checked and then sent by code is one (${where})`, silent, async (s) => {
    if (prepare) await s.page.addInitScript(prepare);
    await open(s);
    const there = s.page.waitForURL('**/next?');
    await press(s.page, '#ajax button');
    await there;
    await s.sink.events(2);
    assert.deepEqual(names(s.sink.arrived).sort(), ['by', 'sent']);
  });

  scenario(`a form that is only read, or sent into a frame, has not left the page (${where})`, silent, async (s) => {
    if (prepare) await s.page.addInitScript(prepare);
    await open(s);
    await s.page.evaluate(() => {
      new FormData(read).get('a');
      history.pushState(null, '', '/elsewhere');
      new FormData(read).get('a');
    });
    await s.page.evaluate(() => new Promise((resolve) => {
      document.querySelector('iframe').addEventListener('load', resolve, { once: true });
      send(into);
    }));
    assert.deepEqual(names(await finish(s)), []);
  });
}
