/** Events made by a script: ignored and counted, unless the config wants them. It is the event itself that is judged. */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario, stats } from './support/browser.mjs';

const body = `<button id=rule>x</button> <button id=marked data-footstep=marked>x</button> <form id=form><button id=send>x</button></form>
  <button id=hand onclick="document.querySelector('#send').click()">x</button>
  <script>document.querySelector('#form').addEventListener('submit', (event) => event.preventDefault());</script>`;
const conversions = { pressed: { on: 'click', match: '#rule' }, sent: { on: 'submit', match: '#form' } };

/** All the ways a script can pretend. */
const pretend = () => {
  document.querySelector('#rule').click();
  document.querySelector('#rule').dispatchEvent(new MouseEvent('click', { bubbles: true }));
  document.querySelector('#marked').click();
  document.querySelector('#form').dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
};

scenario('ignored and counted by default', { config: { pageViews: false, conversions }, body }, async (s) => {
  await open(s);
  await s.page.evaluate(pretend);
  assert.deepEqual((await stats(s.page)).ignored, { untrusted: 4, repeat: 0, late: 0 });
  await press(s.page, '#rule');
  const events = await finish(s);
  assert.deepEqual(names(events), ['pressed']);
  assert.equal(events[0].untrusted, undefined);
});

scenario('counted and marked where the config says so', { config: { pageViews: false, untrusted: 'count', conversions }, body }, async (s) => {
  await open(s);
  await s.page.evaluate(pretend);
  await press(s.page, '#rule');
  const events = await finish(s);
  assert.deepEqual(events.map(({ name, untrusted }) => [name, untrusted]), [
    ['pressed', true], ['pressed', true], ['marked', true], ['sent', true], ['pressed', undefined],
  ]);
  assert.equal((await stats(s.page)).ignored.untrusted, 0);
});

scenario('a rule has its own word', {
  config: { pageViews: false, untrusted: 'count', conversions: { pressed: { ...conversions.pressed, untrusted: 'ignore' }, sent: conversions.sent } }, body,
}, async (s) => {
  await open(s);
  await s.page.evaluate(pretend);
  assert.deepEqual(names(await finish(s)), ['marked', 'sent']);
});

scenario('a submit that a press sets off counts, though a script pressed the button', { config: { pageViews: false, conversions }, body }, async (s) => {
  await open(s);
  await press(s.page, '#hand');
  const events = await finish(s);
  assert.deepEqual(events.map(({ name, untrusted }) => [name, untrusted]), [['sent', undefined]]);
});

scenario('events of the page, calls and players are never asked', {
  config: { pageViews: false, conversions: { said: { on: 'event', event: 'shop:said' }, played: { on: 'media' } } },
  body: '<video src="/film.webm" muted></video>', routes: { '/film.webm': { file: 'www/media/pour.webm' } },
}, async (s) => {
  await open(s);
  await s.page.evaluate(async () => {
    document.body.dispatchEvent(new Event('shop:said'));
    footstep.track('told');
    const playing = new Promise((resolve) => document.querySelector('video').addEventListener('playing', resolve));
    await document.querySelector('video').play();
    await playing;
  });
  const events = await finish(s);
  assert.deepEqual(names(events), ['said', 'told', 'played']);
  for (const event of events) assert.equal(event.untrusted, undefined);
  assert.equal(s.sink.batches[0].batch.context.automation, true, 'a driven browser is marked, not ignored');
});
