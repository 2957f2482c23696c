/**
 * Evidence: what on a page shows that an attempt has succeeded, and what only looks like it.
 *
 * Each case is a form of its own with a notice of its own, all on one page. What the page does when the form is sent is
 * the case; the notice of a form that is never answered must leave its attempt `unknown`, however much it resembles
 * the others.
 */

import assert from 'node:assert/strict';
import { finish, open, press, scenario, stats } from './support/browser.mjs';
import { JQUERY } from './support/jquery.mjs';

/** One rule for each case; `evidence(name)` is what confirms it. */
const rules = (cases, evidence, more = {}) => ({
  pageViews: false,
  conversions: Object.fromEntries(Object.keys(cases).map((name) => [name, { on: 'submit', match: `#${name} form`, confirm: evidence(name), ...more }])),
});

/** Each case as a section of the page; `act` runs in the page when its form is sent, with its notice. */
const sections = (cases) => `${Object.entries(cases).map(([name, [notice]]) => `<section id=${name}><form><button>${name}</button></form>${notice}</section>`).join('\n')}
  <script>
    const acts = { ${Object.entries(cases).map(([name, [, act]]) => `${name}: ${act ?? '() => {}'}`).join(',\n')} };
    const later = (act) => requestAnimationFrame(() => setTimeout(act, 50));
    for (const [name, act] of Object.entries(acts)) {
      const section = document.querySelector('#' + name);
      section.addEventListener('submit', (event) => {
        event.preventDefault();
        act(section.querySelector('.e'), section);
      });
    }
  </script>`;

/** Keeps the outcomes in the page, where they can be waited for at once. */
const listen = ({ page }) => page.evaluate(() => {
  window.told = {};
  footstep.on('conversion', ({ name, phase, attempt }) => { told[name] = [...(told[name] ?? []), [phase, attempt?.by, attempt?.repeats].filter(Boolean).join(' ')]; });
});
const outcome = async ({ page }, name) => {
  await page.waitForFunction((name) => told[name], name);
  return page.evaluate((name) => told[name].join(), name);
};
/** Of each event that arrived: phase and what showed it. */
const phases = (events) => Object.fromEntries(events.map(({ name, phase, attempt }) => [name, [phase, attempt?.by].filter(Boolean).join(' ')]));

/** Sends the forms one after the other; each must end as it should before the next is sent. */
async function play(s, cases, expected) {
  await open(s);
  await listen(s);
  for (const name of Object.keys(cases)) {
    await press(s.page, `#${name} button`);
    assert.equal(await outcome(s, name), expected, name);
  }
  const events = await finish(s);
  assert.deepEqual(phases(events), Object.fromEntries(Object.keys(cases).map((name) => [name, expected])));
  assert.equal(events.length, Object.keys(cases).length, 'one event each');
  for (const { rev, attempt, at } of events) assert.ok(rev === 1 && attempt.at <= at);
  assert.equal((await stats(s.page)).pending, 0);
}

/** Sends all the forms and waits until none is pending. */
async function playAll(s, cases, expected) {
  await open(s);
  await listen(s);
  for (const name of Object.keys(cases)) await press(s.page, `#${name} button`);
  for (const name of Object.keys(cases)) assert.equal(await outcome(s, name), expected, name);
  assert.equal((await finish(s)).length, Object.keys(cases).length);
}

const SHOWN = {
  hidden_attribute: ['<p class=e hidden>done</p>', '(e) => { e.hidden = false; }'],
  display: ['<p class=e style="display:none">done</p>', "(e) => { e.style.display = 'block'; }"],
  visibility: ['<p class=e style="visibility:hidden">done</p>', "(e) => later(() => { e.style.visibility = ''; })"],
  opacity: ['<p class=e style="opacity:0">done</p>', "(e) => { e.style.opacity = 1; }"],
  opacity_in_time: ['<p class=e style="opacity:0;transition:opacity .2s">done</p>', "(e) => { e.style.opacity = 1; }"],
  by_animation: ['<style>@keyframes in { from { visibility: hidden } }</style><p class=e hidden style="animation: in .1s">done</p>', '(e) => { e.hidden = false; }'],
  by_class_above: ['<style>.no .e { display: none }</style><div class=no><p class=e>done</p></div>', "(e) => { e.parentNode.className = ''; }"],
  by_stylesheet: ['<style id=off>#by_stylesheet .e { display: none }</style><p class=e>done</p>', '() => later(() => document.querySelector("#off").sheet.deleteRule(0))'],
  hidden_ancestor: ['<div hidden><div><p class=e>done</p></div></div>', '(e) => { e.parentNode.parentNode.hidden = false; }'],
  transparent_ancestor: ['<div style="opacity:0"><p class=e>done</p></div>', '(e) => { e.parentNode.style.opacity = 1; }'],
  below_the_fold: ['<p class=e hidden style="position:absolute;top:9000px">done</p>', '(e) => { e.hidden = false; }'],
  inserted: ['', "(e, s) => later(() => s.insertAdjacentHTML('beforeend', '<p class=e>done</p>'))"],
  inserted_at_once: ['', "(e, s) => s.insertAdjacentHTML('beforeend', '<p class=e>done</p>')"],
  instead_of_the_form: ['', "(e, s) => { s.innerHTML = '<p class=e>done</p>'; }"],
  renamed: ['<p class=f>busy</p>', "(e, s) => { s.querySelector('.f').className = 'e'; }"],
  empty_container: ['<div class=e></div>', "(e) => later(() => { e.textContent = 'done'; })"],
  empty_heading: ['<h3 class=e></h3>', "(e) => later(() => { e.textContent = 'done'; })"],
  empty_list: ['<div class=e><ul></ul></div>', "(e) => later(() => { e.firstChild.innerHTML = '<li>done'; })"],
  heading_at_once: ['<h3 class=e></h3>', "(e) => { e.textContent = 'done'; }"],
  hidden_inside: ['<div class=e><p hidden>done</p></div>', '(e) => { e.firstChild.hidden = false; }'],
  used_again: ['<p class=e>done before</p>', '(e) => { e.hidden = true; later(() => { e.hidden = false; }); }'],
  replaced: ['<p class=e>done before</p>', "(e, s) => { e.remove(); later(() => s.append(e)); }"],
  popover: ['<p class=e popover>done</p>', '(e) => e.showPopover()'],
  details: ['<details><summary>x</summary><p class=e>done</p></details>', '(e) => { e.parentNode.open = true; }'],
  picture: ['<img class=e hidden width=20 height=20 alt="">', '(e) => { e.hidden = false; }'],
  dialog: ['<dialog class=e>done</dialog>', '(e) => { e.showModal(); later(() => e.close()); }'],
};

scenario('visible: however a page shows that it worked', { config: rules(SHOWN, (name) => ({ visible: `#${name} .e` })), body: sections(SHOWN) },
  (s) => play(s, SHOWN, 'confirmed visible'));

const NOT_SHOWN = {
  there_already: ['<p class=e>done</p>'],
  there_and_changed: ['<p class=e>busy</p>', "(e) => { e.textContent = 'still busy'; e.className = 'e x'; }"],
  there_transparent_for_the_eye_only: ['<p class=e style="opacity:.5">done</p>', '(e) => { e.style.opacity = 1; }'],
  picture_there: ['<img class=e width=20 height=20 alt="">'],
  field_there: ['<input class=e value=x>'],
  scrolled_to: ['<p class=e style="margin-top:1500px">done</p>', '(e) => e.scrollIntoView()'],
  filled_while_hidden: ['<p class=e hidden></p>', "(e) => { e.textContent = 'done'; }"],
  in_hidden: ['<div hidden></div>', "(e, s) => { s.lastChild.innerHTML = '<p class=e>done</p>'; }"],
  in_invisible: ['<div style="visibility:hidden"></div>', "(e, s) => { s.lastChild.innerHTML = '<p class=e>done</p>'; }"],
  in_transparent: ['<div style="opacity:0"></div>', "(e, s) => { s.lastChild.innerHTML = '<p class=e>done</p>'; }"],
  without_size: ['', "(e, s) => s.insertAdjacentHTML('beforeend', '<p class=e></p>')"],
  closed_dialog: ['', "(e, s) => s.insertAdjacentHTML('beforeend', '<dialog class=e>done</dialog>')"],
  in_a_template: ['', "(e, s) => s.insertAdjacentHTML('beforeend', '<template><p class=e>done</p></template>')"],
  gone_at_once: ['', "(e, s) => { s.insertAdjacentHTML('beforeend', '<p class=e>done</p>'); s.lastChild.remove(); }"],
};

scenario('visible: what stands there already or cannot be seen is no evidence', {
  config: rules(NOT_SHOWN, (name) => ({ visible: `#${name} .e` }), { within: '1s' }), body: sections(NOT_SHOWN),
}, (s) => playAll(s, NOT_SHOWN, 'unknown'));

const SAID = {
  plain: ['<p class=e></p>', "(e) => later(() => { e.textContent = 'Thank you, Ana'; })"],
  white_space: ['<p class=e hidden>We say:  Thank\n\t you\u00a0 for it</p>', '(e) => { e.hidden = false; }'],
  over_nodes: ['<p class=e hidden>Thank <b>y<i>ou</i></b></p>', '(e) => { e.hidden = false; }'],
  over_text_nodes: ['<p class=e></p>', "(e) => e.append('Tha', 'nk ', 'you')"],
  around_comments: ['<p class=e></p>', "(e) => { e.innerHTML = 'T&#104;a<!-- -->nk you, <!-- Thank you --><b>Ana</b>'; }"],
  said_instead: ['<p class=e>Busy ...</p>', "(e) => later(() => { e.firstChild.data = 'Thank you'; })"],
  hidden_as_well: ['<p class=e>x<span hidden>Thank you</span></p>', "(e) => e.append(' Thank you')"],
  inserted: ['<div class=e></div>', "(e) => { e.innerHTML = '<div><p>Thank you</p></div>'; }"],
};
const IN = (name) => ({ text: ' Thank  you ', in: `#${name} .e` });

scenario('text: however it is written', { config: rules(SAID, IN), body: sections(SAID) }, (s) => play(s, SAID, 'confirmed text'));

const NOT_SAID = {
  there_already: ['<p class=e>Thank you</p>'],
  said_around: ['<p class=e>Thank you</p>', "(e) => e.append(' and good-bye')"],
  hidden: ['<p class=e hidden>x</p>', "(e) => { e.textContent = 'Thank you'; }"],
  in_hidden: ['<p class=e>x</p>', "(e) => { e.innerHTML = 'Here is <span hidden>Thank you</span>'; }"],
  in_a_script: ['<p class=e>x</p>', "(e) => { e.innerHTML = '<script type=text/plain>Thank you<\\/script><style>Thank you</style>'; }"],
  in_an_attribute: ['<p class=e>x</p>', "(e) => { e.title = 'Thank you'; }"],
  typed: ['<p class=e><input></p>', "(e) => { e.firstChild.value = 'Thank you'; }"],
  other_words: ['<p class=e>x</p>', "(e) => { e.textContent = 'thank you'; }"],
  elsewhere: ['<p class=e>x</p><p class=f></p>', "(e) => { e.nextSibling.textContent = 'Thank you'; }"],
};

scenario('text: hidden, there already or somewhere else it is no evidence', {
  config: rules(NOT_SAID, IN, { within: '1s' }), body: sections(NOT_SAID),
}, (s) => playAll(s, NOT_SAID, 'unknown'));

scenario('inside open shadow roots', {
  config: {
    pageViews: false,
    conversions: {
      seen: { on: 'submit', match: '.seen', confirm: { visible: '.done' } },
      said: { on: 'submit', match: '.said', confirm: { text: 'Thank you', in: '.note' } },
    },
  },
  body: `<x-form></x-form><script>
    customElements.define('x-form', class extends HTMLElement {
      connectedCallback() {
        const root = this.attachShadow({ mode: 'open' });
        root.innerHTML = '<form class=seen><button class=a>x</button></form><p class=done hidden>done</p><form class=said><button class=b>x</button></form><p class=note></p>';
        root.addEventListener('submit', (event) => {
          event.preventDefault();
          if (event.target.matches('.seen')) root.querySelector('.done').hidden = false;
          else root.querySelector('.note').textContent = 'Thank you';
        });
      }
    });
  </script>`,
}, async (s) => {
  await open(s);
  await listen(s);
  await press(s.page, '.a');
  assert.equal(await outcome(s, 'seen'), 'confirmed visible');
  await press(s.page, '.b');
  assert.equal(await outcome(s, 'said'), 'confirmed text');
});

const cart = '<button id=add>add</button><button id=other>x</button>';
const added = (event) => ({ pageViews: false, conversions: {
  first: { on: 'click', match: '#add', confirm: { event }, fail: { event: 'shop:sold_out', match: '.shelf' } },
  second: { on: 'click', match: '#other', confirm: { event: 'shop:second' }, within: '1s' },
  heard: { on: 'event', event: 'shop:heard' },
} });

scenario('an event of the page: evidence after the attempt, not before', { config: added('shop:added'), body: `<div class=shelf>${cart}</div>` }, async (s) => {
  await open(s);
  await listen(s);
  const say = (name, on) => s.page.evaluate(([name, on]) => (on ? document.querySelector(on) : window).dispatchEvent(new CustomEvent(name, { bubbles: true })), [name, on]);
  await say('shop:added');
  await press(s.page, '#add');
  await say('shop:added', '#add');
  await press(s.page, '#add');
  await say('shop:sold_out', 'body');
  await say('shop:sold_out', '#other');
  await press(s.page, '#other');
  await say('shop:added');
  assert.equal(await outcome(s, 'second'), 'unknown');
  assert.deepEqual(phases((await finish(s)).slice(0, 1)), { first: 'confirmed event' });
  assert.equal(await outcome(s, 'first'), 'confirmed event,failed event');
  assert.equal((await stats(s.page)).ignored.late, 1);
});

/** jQuery's events never reach the DOM; whoever triggers them says so on an element, the document or the window. */
const trigger = (page, name, on = '#add') => page.evaluate(([name, on]) => jQuery(on === 'document' ? document : on === 'window' ? window : on).trigger(name), [name, on]);

scenario('an event of jQuery', { config: added('added_to_cart'), head: `<script>${JQUERY}</script>`, body: `<div class=shelf>${cart}</div>` }, async (s) => {
  await open(s);
  await listen(s);
  const ends = [['#add', 'added_to_cart', 'confirmed event'], ['document', 'added_to_cart', 'confirmed event'], ['window', 'added_to_cart', 'confirmed event'],
    ['body', 'added_to_cart', 'confirmed event'], ['#other', 'shop:sold_out', 'failed event']];
  for (const [on, name] of ends) {
    await press(s.page, '#add');
    await trigger(s.page, name, on);
  }
  await press(s.page, '#other');
  await trigger(s.page, 'shop:second', '#other');
  for (const on of ['#add', 'document', 'window']) await trigger(s.page, 'shop:heard', on);
  // One that the browser dispatches is heard once, though jQuery hears it as well.
  await s.page.evaluate(() => document.body.dispatchEvent(new Event('shop:heard', { bubbles: true })));
  assert.equal(await outcome(s, 'first'), ends.map(([, , end]) => end).join());
  assert.equal(await outcome(s, 'second'), 'confirmed event');
  await s.page.evaluate(() => footstep.stop());
  assert.deepEqual(await s.page.evaluate(() => [document, window].flatMap((target) => Object.keys(jQuery.heardOn(target)))), [], 'no handler is left');
  await s.sink.events(10);
  assert.deepEqual(s.sink.names.slice(-4), Array(4).fill('heard'));
});

scenario('jQuery may come late or never', { config: added('added_to_cart'), body: cart }, async (s) => {
  await open(s);
  await listen(s);
  await press(s.page, '#other');
  await s.page.evaluate((source) => {
    const script = document.createElement('script');
    script.textContent = source;
    document.head.append(script);
  }, JQUERY);
  await press(s.page, '#add');
  await trigger(s.page, 'added_to_cart');
  assert.equal(await outcome(s, 'first'), 'confirmed event');
  assert.equal(await outcome(s, 'second'), 'unknown');
});

const pushes = { pageViews: false, conversions: {
  first: { on: 'click', match: '#add', confirm: { datalayer: 'add_to_cart' }, fail: { datalayer: 'sold_out', layer: 'shopLayer' } },
} };

scenario('the data layer: both shapes, past entries are no evidence', {
  config: pushes, body: cart,
  head: "<script>window.dataLayer = [{ event: 'add_to_cart' }]; function gtag() { dataLayer.push(arguments); } gtag('event', 'add_to_cart', { value: 1 });</script>",
}, async (s) => {
  await open(s);
  await listen(s);
  await press(s.page, '#add');
  await s.page.evaluate(() => dataLayer.push({ event: 'other' }, { event: 'add_to_cart', ecommerce: {} }));
  await press(s.page, '#add');
  await s.page.evaluate(() => gtag('event', 'add_to_cart', { value: 2 }));
  await s.page.evaluate(() => { window.shopLayer = []; });
  await press(s.page, '#add');
  await s.page.evaluate(() => { shopLayer.push({ event: 'sold_out' }); dataLayer.push({ event: 'add_to_cart' }); });
  await finish(s);
  assert.equal(await outcome(s, 'first'), 'confirmed datalayer,confirmed datalayer,failed datalayer');
  assert.equal(await s.page.evaluate(() => { footstep.stop(); return Object.hasOwn(dataLayer, 'push') || Object.hasOwn(shopLayer, 'push'); }), false, 'nothing is left of it');
});
