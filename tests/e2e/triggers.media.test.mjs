/**
 * Players: seconds watched, what a player says of itself (loop, sound, its own start), a source that changes, players
 * inside components, and those in frames, by fakes on the real origins.
 */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario } from './support/browser.mjs';

const routes = { '/film.webm': { file: 'www/media/pour.webm' } };
const of = (events, name) => events.filter((event) => event.name === name);
const until = (page, type, id = 'film') => page.evaluate(([wanted, what]) => new Promise((resolve) => document.getElementById(wanted).addEventListener(what, resolve, { once: true })), [id, type]);

scenario('seconds watched, once each, also of what is played in a loop', {
  config: { pageViews: false, conversions: { second: { on: 'media', match: '#film', seconds: [1, 2, 3600] }, played: { on: 'media', match: '#film' } } },
  routes, body: '<video id=film src="/film.webm" muted loop preload=auto width=320></video><button id=go onclick="film.playbackRate = 4; film.play()">x</button>',
}, async (s) => {
  await open(s);
  const { page } = s;
  await page.waitForFunction(() => film.readyState >= 2);
  await press(page, '#go');
  // Round and round.
  await until(page, 'seeked');
  await until(page, 'seeked');
  await page.evaluate(() => film.pause());
  const events = await finish(s);
  const length = await page.evaluate(() => film.duration);
  assert.ok(length > 2 && length < 3600);
  assert.deepEqual(of(events, 'second').map(({ trigger }) => trigger.watched), [1, 2]);
  assert.equal(of(events, 'played').length, 1, 'a loop is no new start');
  assert.deepEqual(of(events, 'played').map(({ trigger: { muted, loop, autoplay } }) => [muted, loop, autoplay]), [[true, true, undefined]]);
});

scenario('what starts by itself says so, and another source is another film', {
  config: { pageViews: false, conversions: { played: { on: 'media', match: 'video' }, half: { on: 'media', match: 'video', percent: 25 } } },
  routes, body: '<div id=slot></div>',
}, async (s) => {
  await open(s);
  const { page } = s;
  await page.evaluate(() => { slot.innerHTML = '<video id=film src="/film.webm" autoplay muted preload=auto width=320></video>'; });
  await s.sink.until((arrived) => of(arrived, 'half').length === 1, 'a quarter');
  await page.evaluate(() => { film.src = '/film.webm?second'; film.playbackRate = 1; return film.play(); });
  await s.sink.until((arrived) => of(arrived, 'half').length === 2, 'a quarter of the second');
  await page.evaluate(() => film.pause());
  const events = await finish(s);
  assert.equal(of(events, 'played').length, 2);
  assert.deepEqual(of(events, 'half').map(({ trigger: { muted, autoplay, loop } }) => [muted, autoplay, loop]), Array(2).fill([true, true, undefined]));
});

scenario('a player inside a component, and one that is added later', {
  config: { pageViews: false, conversions: { played: { on: 'media', read: { id: { attribute: 'id' } } } } },
  routes, body: '<div id=host><button id=load>x</button></div>',
}, async (s) => {
  await open(s);
  const { page } = s;
  await page.evaluate(() => {
    const html = (id) => `<video id=${id} src="/film.webm" muted preload=auto width=100 height=60></video><button class=${id} onclick="this.previousSibling.play()">x</button>`;
    document.body.insertAdjacentHTML('beforeend', html('late'));
    const holder = document.createElement('div');
    document.body.append(holder);
    holder.attachShadow({ mode: 'open' }).innerHTML = html('inside');
  });
  await press(page, '.late');
  await s.sink.events(1);
  await press(page, '.inside');
  await s.sink.events(2);
  assert.deepEqual((await finish(s)).map(({ properties }) => properties.id), ['late', 'inside']);
});

/** What an embedded player of YouTube's says once it has been greeted: it plays, in true time. */
const PLAYS = `<script>addEventListener('message', ({ data, source, origin }) => {
  if (JSON.parse(data).event !== 'listening' || window.begun) return;
  window.begun = performance.now();
  const send = (event, more) => source.postMessage(JSON.stringify({ event, info: {
    currentTime: (performance.now() - begun) / 1000, duration: 60, playbackRate: 1, muted: false, volume: 80, videoData: { video_id: 'abc' }, ...more,
  } }), origin);
  send('initialDelivery', { playerState: 1 });
  setInterval(() => send('infoDelivery'), 250);
});</script>`;

scenario('a player in a frame, where the rule asks for it', {
  config: {
    pageViews: false,
    conversions: {
      watched: { on: 'media', seconds: 1, players: ['youtube'] }, played: { on: 'media', match: '.film', players: ['youtube', 'vimeo'], read: { title: { attribute: 'title' } } },
      own: { on: 'media' }, other: { on: 'media', players: ['vimeo'] },
    },
  },
  body: `<iframe class=film title="Our film" src="https://www.youtube.com/embed/abc?enablejsapi=1"></iframe>
    <iframe class=film src="https://liar.example/embed/abc?enablejsapi=1"></iframe>`,
}, async (s) => {
  await s.context.route('https://*.*/embed/**', (route) => route.fulfill({ contentType: 'text/html', body: PLAYS }));
  await open(s);
  await s.sink.until((arrived) => of(arrived, 'watched').length === 1, 'a second watched');
  const events = await finish(s);
  assert.deepEqual(names(events).toSorted(), ['played', 'watched']);
  const [played] = of(events, 'played');
  assert.deepEqual([played.properties.title, played.trigger.muted], ['Our film', undefined]);
});
