/**
 * Inside components. A click crosses their borders; `submit` and `change` do not, so open roots are listened to as soon
 * as somebody is in one. Closed ones stay closed: their host counts, and what cannot be heard is said.
 */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';

const FORM = '<form class="deep" action="/x"><input name="id" required><select><option>a<option>b</select><button>send</button></form>';
const STOP = 'root.querySelector("form")?.addEventListener("submit", (event) => event.preventDefault());';
/** Makes `<name>` a component whose root holds `inner`. */
const component = (name, inner, mode = 'open') => `customElements.define('${name}', class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: '${mode}' });
    root.innerHTML = ${JSON.stringify(inner)};
    ${STOP}
  }
});`;
const rules = {
  sent: { on: 'submit', match: 'form.deep', read: { list: { attribute: 'data-list', of: '[data-list]' } } },
  changed: { on: 'change', match: 'select' }, pressed: { on: 'click', match: 'form.deep button' }, host: { on: 'click', match: '[data-host]' },
};

scenario('forms in open roots, three deep, by mouse and by keyboard', {
  config: { pageViews: false, conversions: rules },
  body: `<one-form data-host data-list=weekly></one-form><outer-box></outer-box>
    <script>${component('one-form', FORM)} ${component('inner-box', FORM.replace('deep', 'deep inner'))}
      ${component('middle-box', '<inner-box></inner-box>')} ${component('outer-box', '<middle-box></middle-box>')}</script>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  await press(page, 'form.deep:not(.inner) button');
  await page.keyboard.press('Escape');
  await press(page, 'form.deep:not(.inner) input');
  await page.keyboard.type('x');
  await page.keyboard.press('Enter');
  await press(page, 'form.inner input');
  await page.keyboard.type('x');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const events = await finish(s);
  // An invalid form is pressed and not sent. What Enter presses is a press as well, once.
  assert.deepEqual(names(events), ['pressed', 'host', 'host', 'pressed', 'host', 'sent', 'pressed', 'sent', 'changed', 'pressed', 'sent']);
  assert.deepEqual(events.filter(({ name }) => name === 'sent').map(({ properties }) => properties.list).slice(0, 1), ['weekly'], 'what is read stands around the root');
});

scenario('a root that is attached after the start, filled again and again', {
  config: { pageViews: false, conversions: rules }, body: '<div id=late></div>',
}, async (s) => {
  await open(s);
  const { page } = s;
  await page.evaluate(() => late.attachShadow({ mode: 'open' }));
  for (let round = 0; round < 3; round += 1) {
    await page.evaluate((html) => {
      late.shadowRoot.innerHTML = html;
      late.shadowRoot.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
    }, FORM.replace('required', ''));
    await press(page, 'form.deep button');
  }
  // A new host each time.
  for (let round = 0; round < 2; round += 1) {
    await page.evaluate((html) => {
      document.querySelector('#again')?.remove();
      const host = Object.assign(document.createElement('div'), { id: 'again' });
      document.body.append(host);
      const root = host.attachShadow({ mode: 'open' });
      root.innerHTML = html;
      root.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
      root.querySelector('input').focus();
    }, FORM.replace('required', ''));
    await page.keyboard.press('Enter');
  }
  assert.equal(names(await finish(s)).filter((name) => name === 'sent').length, 5);
});

scenario('a form around a component, and a slotted one', {
  config: { pageViews: false, conversions: { sent: { on: 'submit', match: 'form' }, changed: { on: 'change', match: 'form' } } },
  body: `<form id=light><slotted-box><input name=a><button id=go>x</button></slotted-box></form>
    <script>${component('slotted-box', '<p>before</p><slot></slot>')} light.addEventListener('submit', (event) => event.preventDefault());</script>`,
}, async (s) => {
  await open(s);
  await press(s.page, '#light input');
  await s.page.keyboard.type('x');
  await press(s.page, '#go');
  assert.deepEqual(names(await finish(s)), ['changed', 'sent']);
});

scenario('closed roots: the host counts, and a rule that needs what is inside is told so', {
  config: {
    pageViews: false,
    conversions: { host: { on: 'click', match: 'closed-form' }, sent: { on: 'submit', match: 'form.deep' }, light: { on: 'submit', match: '#light' }, any: { on: 'event', event: 'change' } },
  },
  body: `<form id=light><button>x</button></form><closed-form></closed-form><no-form tabindex=0>x</no-form><plain-box>x</plain-box>
    <script>${component('closed-form', FORM.replace('required', ''), 'closed')} light.addEventListener('submit', (event) => event.preventDefault());</script>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  await press(page, '#light button');
  await press(page, 'no-form');
  await press(page, 'plain-box');
  const closed = async () => (await stats(page)).diagnostics.filter(({ code }) => code === 'closed_root').map(({ path, args }) => [path, ...args]);
  assert.deepEqual(await closed(), []);
  await page.keyboard.press('Tab');
  for (let at = 0; at < 5 && !(await page.evaluate(() => document.activeElement?.localName === 'closed-form')); at += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await press(page, 'closed-form');
  assert.deepEqual(await closed(), [['conversions.sent', 'closed-form']]);
  assert.ok(!names(await finish(s)).includes('sent'));
  assert.ok(s.sink.names.includes('host'));
});
