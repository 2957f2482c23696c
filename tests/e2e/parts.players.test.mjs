/** The players in frames: what is reported of YouTube's and Vimeo's, early and late, one and several. */

import assert from 'node:assert/strict';
import { press } from './support/browser.mjs';
import { VIMEO, YOUTUBE, frame, greeted, play, player, players, reports, watch, watched } from './support/players.mjs';

const film = frame('film', `${YOUTUBE}aaa?enablejsapi=1`);
const clip = frame('clip', `${VIMEO}111`);

players('a YouTube player that plays, goes on and is paused', film, async (s) => {
  await watch(s.page);
  const it = await greeted(s);
  const [{ data, origin }] = await it.heard();
  assert.deepEqual(JSON.parse(data), { event: 'listening', id: 'film', channel: 'widget' });
  assert.equal(origin, s.site.origin);
  assert.deepEqual(await reports(s.page), [[0, 0, true]]);
  await it.say('say', 3, 0);
  await it.say('say', 1, 0);
  await play(s, it, 0, 0.5);
  await it.say('say', 2, 0.6);
  const said = await reports(s.page, true);
  assert.deepEqual(said.map(({ event, position, paused }) => [event, position, paused]),
    [[0, 0, false], [1, 0, false], [0, 250, false], [0, 500, false], [0, 600, true]]);
  assert.deepEqual(said[1], { id: 'film', mono: said[1].mono, event: 1, position: 0, duration: 60_000, rate: 100, paused: false, muted: false, autoplay: false });
  await it.say('send', 'onStateChange', 1);
  await it.say('send', 'onStateChange', 1);
  await it.say('send', 'onPlaybackQualityChange', { currentTime: 9 });
  assert.deepEqual(await reports(s.page), [[1, 600, false]], 'a state that is not new, and what is no state, says nothing');
  assert.deepEqual(await s.page.evaluate(() => window.watching.silent()), []);
  assert.equal((await it.heard()).length, 1, 'greeted once');
});

players('a YouTube player that is moved', film, async (s) => {
  await watch(s.page);
  const it = await greeted(s);
  await it.say('say', 1, 0);
  await play(s, it, 0, 2);
  await reports(s.page);
  // Forward while it plays, as a buffered player does and as one that must wait first; then back.
  await s.run(250);
  await it.say('progress', 30);
  assert.deepEqual(await reports(s.page), [[2, 30_000, false]]);
  await play(s, it, 30, 31);
  await it.say('say', 3, 50);
  await it.say('say', 1, 50);
  assert.deepEqual((await reports(s.page)).slice(-2), [[2, 50_000, false], [1, 50_000, false]]);
  await it.say('progress', 10);
  assert.deepEqual(await reports(s.page), [[2, 10_000, false]]);
  // Dragged about while it is paused.
  await it.say('say', 2, 10);
  await it.say('progress', 20);
  assert.deepEqual(await reports(s.page), [[0, 10_000, true], [2, 20_000, true]]);
});

players('what a YouTube player was moved over is not watched, however long it had waited', film, async (s) => {
  await watch(s.page);
  const it = await greeted(s);
  await it.say('say', 1, 0);
  await play(s, it, 0, 3);
  await it.say('say', 3, 3);
  await s.run(10_000);
  await it.say('say', 3, 8);
  await it.say('say', 1, 8);
  await play(s, it, 8, 9);
  await it.say('say', 2, 9);
  assert.equal(watched(await reports(s.page, true)), 4000);
});

players('waiting for data takes nothing from what is watched', film, async (s) => {
  await watch(s.page);
  const it = await greeted(s);
  await it.say('say', 1, 0);
  await play(s, it, 0, 2);
  await it.say('say', 3, 2.1);
  await s.run(7000);
  await it.say('say', 1, 2.1);
  await play(s, it, 2.1, 4.1);
  await it.say('say', 2, 4.1);
  const said = await reports(s.page, true);
  assert.equal(watched(said), 4100);
  assert.ok(!said.some(({ event }) => event === 2));
});

players('rate, sound and the length of a live stream', film, async (s) => {
  await watch(s.page);
  const it = await greeted(s);
  await it.say('say', 1, 0);
  await it.say('setRate', 2);
  await it.say('setVolume', 0, false);
  await reports(s.page);
  await play(s, it, 0, 8, 2);
  let said = await reports(s.page, true);
  assert.ok(said.every(({ event, rate, muted }) => event === 0 && rate === 200 && muted));
  assert.equal(watched([{ event: 1, position: 0, rate: 200, mono: said[0].mono - 250 }, ...said]), 8000);
  await it.say('setVolume', 80, true);
  await it.set({ live: true, duration: 7200 });
  await it.say('say', 1, 8);
  await it.say('setVolume', 80, false);
  await it.say('progress', 8.1);
  said = await reports(s.page, true);
  assert.deepEqual(said.map(({ muted, duration }) => [muted, duration]), [[true, 0], [false, 0]]);
});

players('a film watched twice, by loop and by hand, is watched once', film, async (s) => {
  await watch(s.page);
  const it = await player(s.page, 'film');
  await it.set({ duration: 3 });
  await greeted(s);
  for (let round = 0; round < 2; round += 1) {
    await it.say('say', 1, 0);
    await play(s, it, 0, 2.75);
    await s.run(250);
    await it.say('say', 0, 3);
    await s.run(5000);
  }
  const said = await reports(s.page, true);
  assert.equal(watched(said), 3000);
  assert.deepEqual(said.filter(({ paused }) => paused).slice(1).map(({ event, position }) => [event, position]), [[0, 3000], [0, 3000]]);
  assert.equal(said.filter(({ event }) => event === 1).length, 2);
});

players('another video in the same frame', film, async (s) => {
  await watch(s.page);
  const it = await greeted(s);
  await it.say('say', 1, 0);
  await play(s, it, 0, 1);
  await reports(s.page);
  await it.say('load', 'bbb', 40);
  await it.say('say', 1, 0);
  let said = await reports(s.page, true);
  assert.deepEqual(said.map(({ event, duration, paused }) => [event, duration, paused]), [[3, 0, true], [0, 40_000, true], [1, 40_000, false]]);
  // A new address in the frame; then one that is no player's.
  await s.page.evaluate((src) => new Promise((resolve) => { window.film.onload = resolve; window.film.src = src; }), `${YOUTUBE}ccc?enablejsapi=1&mute=1`);
  assert.deepEqual(await reports(s.page), [[3, 0, true]]);
  const next = await greeted(s);
  await next.say('say', 1, 0);
  said = await reports(s.page, true);
  assert.deepEqual(said.map(({ event, muted }) => [event, muted]), [[0, true], [1, true]]);
  await s.page.evaluate(() => new Promise((resolve) => { window.film.onload = resolve; window.film.src = 'https://liar.example/'; }));
  assert.deepEqual(await reports(s.page), [[3, 0, true]]);
});

players('the same video loaded anew goes on as it was', film, async (s) => {
  await watch(s.page);
  await s.page.evaluate(() => new Promise((resolve) => { window.film.onload = resolve; window.film.src += ''; }));
  let it = await greeted(s);
  await it.say('say', 1, 0);
  await play(s, it, 0, 1);
  await reports(s.page);
  await s.page.evaluate(() => new Promise((resolve) => { window.film.onload = resolve; window.film.src += ''; }));
  it = await greeted(s);
  await it.say('say', 1, 0);
  assert.deepEqual(await reports(s.page), [[2, 0, true], [1, 0, false]]);
});

players('a Vimeo player', clip, async (s) => {
  await watch(s.page);
  const it = await player(s.page, 'clip');
  await it.say('ready');
  const asked = (await it.heard()).map(({ data }) => data);
  assert.ok(asked.every(({ method }) => method === 'addEventListener'), 'no ping is needed');
  const of = (seconds) => ({ seconds, percent: seconds / 20, duration: 20 });
  await it.say('say', 'loaded', { id: 111 });
  await it.say('say', 'play', of(0));
  await it.say('say', 'playing', of(0));
  await s.run(250);
  await it.say('say', 'timeupdate', of(0.25));
  await it.say('say', 'playbackratechange', { playbackRate: 1.5 });
  await it.say('say', 'volumechange', { volume: 0 });
  await s.run(250);
  await it.say('say', 'timeupdate', of(0.625));
  const [first, ...said] = await reports(s.page, true);
  assert.deepEqual(first, { id: 'clip', mono: first.mono, event: 1, position: 0, duration: 20_000, rate: 100, paused: false, muted: false, autoplay: false });
  assert.deepEqual(said.map(({ event, position, rate, muted }) => [event, position, rate, muted]), [[0, 0, 100, false], [0, 250, 100, false], [0, 625, 150, true]]);
  await it.say('say', 'seeking', of(10));
  await it.say('say', 'timeupdate', of(10));
  await it.say('say', 'seeked', of(10));
  assert.deepEqual(await reports(s.page), [[2, 10_000, false], [0, 10_000, false], [2, 10_000, false]]);
  await it.say('say', 'pause', of(10));
  await it.say('say', 'ended', of(20));
  await it.say('say', 'loaded', { id: 222 });
  await it.say('say', 'play', of(0));
  assert.deepEqual(await reports(s.page), [[0, 10_000, true], [2, 20_000, true], [3, 0, true], [1, 0, false]]);
});

players('a Vimeo player that loops, and one that was ready before us', clip, async (s) => {
  const it = await player(s.page, 'clip');
  await it.say('ready');
  await watch(s.page);
  await s.run(1500);
  const [ping] = await it.heard();
  assert.deepEqual(ping.data, { method: 'ping' });
  await it.settle();
  // It had begun before we came.
  const at = async (seconds) => {
    await s.run(250);
    await it.say('say', 'timeupdate', { seconds, duration: 2 });
  };
  for (const seconds of [1, 1.25, 1.5, 1.75, 2, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]) await at(seconds);
  const said = await reports(s.page, true);
  assert.deepEqual(said.slice(0, 3).map(({ event, paused }) => [event, paused]), [[0, true], [1, false], [0, false]]);
  assert.equal(watched(said), 2000);
});

players('players that come later: made by a click, by a script, and one whose address comes later', `${frame('early', `${YOUTUBE}ddd?enablejsapi=1&autoplay=1`)}<button id=poster onclick="add('film', '${YOUTUBE}aaa?enablejsapi=1&autoplay=1')">play</button>
  <div id=room></div><iframe id=empty></iframe>
  <script>function add(id, src) { room.innerHTML += '<p><iframe id=' + id + ' src=' + src + '></iframe></p>'; }</script>`, async (s) => {
  await watch(s.page);
  const starts = async (id) => {
    const it = await player(s.page, id);
    await it.set({ ready: true, state: 1 });
    await s.run(400);
    await it.heard();
    await it.settle();
    const said = await reports(s.page, true);
    assert.deepEqual(said.map((each) => [each.id, each.event]), [[id, 1]]);
    return said[0].autoplay;
  };
  assert.equal(await starts('early'), true);
  // Whatever the test's driver runs is run as if the visitor had just clicked.
  await s.page.evaluate(() => Object.defineProperty(navigator, 'userActivation', { configurable: true, value: { isActive: false } }));
  await s.page.evaluate((src) => window.add('background', src), 'https://www.youtube-nocookie.com/embed/bbb?autoplay=1&mute=1&enablejsapi=1');
  assert.equal(await starts('background'), true);
  await s.page.evaluate(() => {
    delete navigator.userActivation;
    window.background.remove();
  });
  await press(s.page, '#poster');
  assert.equal(await starts('film'), false, 'the visitor has started it');
  await s.page.evaluate((src) => { window.empty.src = src; }, `${YOUTUBE}ccc?enablejsapi=1`);
  await (await greeted(s, 'empty')).say('say', 1, 0);
  assert.deepEqual(await reports(s.page), [[0, 0, true], [1, 0, false]]);
});

players('nothing is lost of a video that began before it was greeted', frame('3', `${YOUTUBE}aaa?enablejsapi=1&autoplay=1`), async (s) => {
  await watch(s.page);
  const it = await player(s.page, '\\33 ');
  await it.say('say', 3, 0);
  await it.say('say', 1, 0);
  await play(s, it, 0, 3);
  assert.deepEqual(await reports(s.page), []);
  await it.set({ ready: true });
  await s.run(2000);
  assert.equal(JSON.parse((await it.heard()).at(-1).data).id, 'footstep', 'the number of an element could be that of a YT.Player');
  await it.settle();
  await s.run(2000);
  await it.say('progress', 5);
  const said = await reports(s.page, true);
  assert.ok(said.every(({ id, autoplay }) => id === '3' && autoplay));
  assert.equal(watched(said), 5000);
});

players('players that have spoken before their frames have loaded', '', async (s) => {
  await watch(s.page);
  const slow = `${YOUTUBE}slow?enablejsapi=1`;
  await s.page.evaluate((html) => { document.body.innerHTML = html; }, `${frame('film', slow)}<p>${frame('nested', slow)}</p>`);
  const both = [await greeted(s), await greeted(s, 'nested')];
  for (const it of both) await it.say('say', 1, 0);
  const greetings = async () => [(await both[0].heard()).length, (await both[1].heard()).length];
  const before = await greetings();
  await s.page.evaluate(() => {
    window.loaded = Promise.all([window.film, window.nested].map((iframe) => new Promise((resolve) => { iframe.onload = resolve; })));
  });
  s.release();
  await s.page.evaluate(() => window.loaded);
  await s.run(20_000);
  for (const it of both) await it.say('send', 'onStateChange', 1);
  assert.deepEqual(await greetings(), before);
  assert.deepEqual(await reports(s.page), [[0, 0, true], [0, 0, true], [1, 0, false], [1, 0, false]]);
});

players('several players at once, and kinds nobody asked for', film + frame('other', `${YOUTUBE}bbb?enablejsapi=1`) + clip, async (s) => {
  await watch(s.page, ['youtube']);
  const [it, other, third] = [await greeted(s), await greeted(s, 'other'), await player(s.page, 'clip')];
  await it.say('say', 1, 0);
  await other.say('say', 1, 5);
  await third.say('ready');
  await it.say('progress', 0.2);
  const said = await reports(s.page, true);
  assert.deepEqual(said.slice(2).map(({ id, event, position }) => [id, event, position]), [['film', 1, 0], ['other', 2, 5000], ['other', 1, 5000], ['film', 0, 200]]);
  assert.deepEqual(await third.heard(), []);
});
