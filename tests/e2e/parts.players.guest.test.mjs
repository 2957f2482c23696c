/**
 * The reader of players in frames as a guest: it leaves the page's own YT.Player and Vimeo.Player alone, believes only
 * the players, speaks to nobody else, says which frames do not answer, and leaves nothing behind.
 */

import assert from 'node:assert/strict';
import { VIMEO, YOUTUBE, frame, greeted, officialVimeo, officialYoutube, play, player, players, reports, watch } from './support/players.mjs';

const film = frame('film', `${YOUTUBE}aaa?enablejsapi=1`);
const clip = frame('clip', `${VIMEO}111`);

players("a page's own YT.Player is left alone and overheard", `${frame('wrapped', `${YOUTUBE}aaa?enablejsapi=1`)}<div id=made></div>`, async (s) => {
  await s.page.evaluate(officialYoutube);
  await s.page.evaluate(() => {
    window.states = [];
    const onStateChange = (state) => window.states.push(state);
    window.official = [['wrapped'], ['made', 'bbb']].map(([id, videoId]) => new window.YT.Player(id, { videoId, events: { onReady() {}, onStateChange } }));
  });
  await watch(s.page);
  for (const [place, id] of ['wrapped', 'made'].entries()) {
    const it = await player(s.page, id);
    // Ours comes first if it comes at all: the page's greetings are held back.
    await s.run(200);
    await it.set({ ready: true });
    await s.run(30_000);
    const greetings = (await it.heard()).map(({ data }) => JSON.parse(data)).filter(({ event }) => event === 'listening');
    assert.deepEqual([...new Set(greetings.map((each) => each.id))], [place + 1]);
    await it.say('say', 1, 0);
    await it.say('progress', 0.25);
    await it.say('say', 2, 0.3);
    assert.deepEqual(await reports(s.page), [[0, 0, true], [1, 0, false], [0, 250, false], [0, 300, true]]);
  }
  const logs = await s.page.evaluate(() => window.official.map(({ log }) => log.filter((event) => event !== 'infoDelivery')));
  const all = ['initialDelivery', 'onReady', 'onStateChange', 'onStateChange'];
  assert.deepEqual(logs, [all, all]);
  assert.deepEqual(await s.page.evaluate(() => [window.states, window.watching.silent()]), [[1, 2, 1, 2], []]);
});

players('a player YT.Player has greeted long before us is not greeted again', film, async (s) => {
  await s.page.evaluate(officialYoutube);
  await s.page.evaluate(() => { window.official = new window.YT.Player('film', { events: { onReady() {} } }); });
  const it = await greeted(s);
  await it.say('say', 1, 0);
  await watch(s.page);
  await s.run(60_000);
  await play(s, it, 0, 0.5);
  assert.equal((await it.heard()).filter(({ data }) => data.includes('listening') && !data.includes('"id":1')).length, 0);
  assert.deepEqual(await reports(s.page), [[0, 250, true], [1, 500, false]], 'its movement tells that it plays');
});

players("where YouTube's library is on the page, a frame it does not want is greeted after a while", `<script>var YT = { get() {} }</script>${frame('film', `${YOUTUBE}aaa?enablejsapi=1&widgetid=7`)}`, async (s) => {
  await watch(s.page);
  const it = await player(s.page, 'film');
  await it.set({ ready: true });
  await s.run(10_000);
  assert.deepEqual(await it.heard(), []);
  await s.run(2000);
  const heard = await it.heard();
  assert.equal(JSON.parse(heard[0].data).id, 7, 'by the number that is in its address');
  await it.settle();
  assert.equal(heard.length, 1);
});

players("a page's own Vimeo.Player hears what it heard without us", clip, async (s) => {
  const hears = async (prepare) => {
    const it = await player(s.page, 'clip');
    await s.page.evaluate(() => {
      window.official = new window.VimeoPlayer(window.clip);
      return Promise.all(['timeupdate', 'progress'].map(window.official.on));
    });
    await prepare(it);
    await s.page.evaluate(() => window.official.log.splice(0));
    for (const event of ['play', 'timeupdate', 'progress', 'pause']) await it.say('say', event, { seconds: 1, duration: 9 });
    return s.page.evaluate(() => window.official.log);
  };
  await s.page.evaluate(officialVimeo);
  assert.deepEqual(await hears((it) => it.heard().then(() => it.settle())), ['timeupdate', 'progress']);
  await watch(s.page);
  const log = await hears((it) => s.run(2000).then(() => it.heard()).then(() => it.settle()));
  assert.deepEqual(log, ['play', 'timeupdate', 'progress', 'pause']);
  assert.deepEqual(await reports(s.page), [[1, 1000, false], [0, 1000, false], [0, 1000, true]], 'loading is no progress');
  await s.page.evaluate(() => window.watching.remove());
  const it = await player(s.page, 'clip');
  assert.ok((await it.heard()).every(({ data }) => data.method !== 'removeEventListener'));
});

players('who lies is not believed', film + clip + frame('liar', 'https://liar.example/embed/aaa?enablejsapi=1') + frame('near', 'https://www.youtube.com.liar.example/embed/aaa'), async (s) => {
  await watch(s.page);
  const it = await greeted(s);
  const vimeo = await player(s.page, 'clip');
  const liar = await player(s.page, 'liar');
  await reports(s.page);
  const message = (info, more) => JSON.stringify({ event: 'infoDelivery', info, id: 'film', channel: 'widget', ...more });
  const playing = { playerState: 1, currentTime: 5, duration: 60 };
  // Somebody else's frame, another player's, the page itself, and the right one's window within another.
  await liar.say('say', message(playing));
  await vimeo.inside.evaluate((data) => parent.postMessage(data, '*'), message(playing));
  await vimeo.settle();
  await s.page.evaluate((data) => window.postMessage(data, '*'), message(playing));
  await s.page.evaluate(([data, origin]) => window.dispatchEvent(new MessageEvent('message', { data, origin, source: window.film.contentWindow })), [message(playing), 'https://www.youtube.com']);
  const says = async (data) => {
    await it.inside.evaluate((given) => parent.postMessage(given, '*'), data);
    await it.settle();
  };
  await it.inside.evaluate(([data, src]) => new Promise((resolve) => {
    const inner = document.body.appendChild(Object.assign(document.createElement('iframe'), { src }));
    inner.onload = () => resolve(inner.contentWindow.eval(`top.postMessage(${JSON.stringify(data)}, '*')`));
  }), [message(playing), 'https://www.youtube.com/embed/inner']);
  // The right one, but too long, no JSON, no message, no numbers.
  for (const data of [message(playing, { padding: 'x'.repeat(4096) }), { event: 'infoDelivery', info: { ...playing, padding: 'x'.repeat(4096) } },
    '{"event":', '', 'null', '[]', '7', null, 7, [], { event: {} }, { event: 'infoDelivery' }, { event: 'toString', info: playing },
    message('text'), message({ playerState: {}, currentTime: '5', duration: { valueOf: 1, toString: 1 }, playbackRate: { toString: 1 }, muted: 'x', volume: [], videoData: 1 }),
    message({ currentTime: null, playerState: null, videoData: { video_id: 3 } }), { event: 'timeupdate', data: { seconds: 5 } }]) await says(data);
  assert.deepEqual(await reports(s.page), []);
  await says(message(playing));
  assert.deepEqual(await reports(s.page), [[2, 5000, false], [1, 5000, false]], 'and the right one still is');
  await vimeo.call('ready');
  for (const data of [{ event: 'timeupdate', data: 'x' }, { event: 'timeupdate' }, { event: '__proto__', data: {} }, { event: 'constructor', data: { seconds: 1 } }, { event: 'loaded', data: { id: { toString: 1 } } }]) {
    await vimeo.inside.evaluate((given) => parent.postMessage(given, '*'), data);
  }
  await vimeo.settle();
  assert.deepEqual(await reports(s.page), []);
  assert.deepEqual(await liar.heard(), []);
});

players('nothing is said to a stranger in the frame of a player', film, async (s) => {
  await watch(s.page);
  const it = await greeted(s);
  await it.inside.evaluate(() => { location.href = 'https://liar.example/'; });
  await it.inside.waitForURL('https://liar.example/');
  await it.inside.waitForLoadState();
  const stranger = await player(s.page, 'film');
  await s.run(60_000);
  assert.deepEqual(await stranger.heard(), []);
  await stranger.say('say', JSON.stringify({ event: 'infoDelivery', info: { playerState: 1, currentTime: 5 } }));
  assert.deepEqual(await reports(s.page), [[0, 0, true]]);
  // The browser's own words about each letter it did not deliver.
}, { expect: [/Failed to execute 'postMessage'/] });

players('frames that do not answer', frame('deaf', `${YOUTUBE}aaa`) + film + frame('far', `${YOUTUBE}bbb?enablejsapi=1`, 'loading=lazy style="margin-top:9000px"') + clip, async (s) => {
  const silent = () => s.page.evaluate(() => window.watching.silent().map(({ id }) => id));
  await watch(s.page);
  const [deaf, it, vimeo] = [await player(s.page, 'deaf'), await player(s.page, 'film'), await player(s.page, 'clip')];
  await vimeo.set({ alive: false });
  assert.deepEqual(await silent(), ['deaf']);
  // What newer players say unasked is no answer.
  await it.inside.evaluate(() => parent.postMessage('{"event":"readyToListen","channel":"widget"}', '*'));
  await it.settle();
  await s.run(600_000);
  assert.deepEqual(await silent(), ['deaf', 'film', 'clip']);
  assert.deepEqual([await deaf.heard(), await it.heard(), await vimeo.heard()].map(({ length }) => length), [0, 8, 8]);
  // A new document gets a new chance; one far down the page is greeted when it comes.
  await s.page.evaluate(() => new Promise((resolve) => { window.film.onload = resolve; window.film.src += ''; }));
  assert.deepEqual(await silent(), ['deaf', 'clip']);
  await greeted(s);
  await s.page.evaluate(() => new Promise((resolve) => { window.far.onload = resolve; window.far.scrollIntoView(); }));
  await greeted(s, 'far');
  // Even late, a word is a word.
  await vimeo.say('ready');
  await s.run(600_000);
  assert.deepEqual(await silent(), ['deaf']);
});

players('nothing is left', film + clip, async (s) => {
  // What the part takes from the window as it is evaluated is counted; nobody else gets to see it.
  await s.page.evaluate(async () => {
    const left = { listeners: 0, observers: 0, timers: new Set() };
    window.left = () => [left.listeners, left.observers, left.timers.size];
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const real = { setTimeout, clearTimeout, MutationObserver };
    const note = (method, by) => function (...args) {
      left.listeners += by;
      return method.apply(this, args);
    };
    Object.assign(EventTarget.prototype, { addEventListener: note(addEventListener, 1), removeEventListener: note(removeEventListener, -1) });
    window.setTimeout = (act, ms, ...args) => {
      const timer = real.setTimeout(() => { left.timers.delete(timer); act(...args); }, ms);
      left.timers.add(timer);
      return timer;
    };
    window.clearTimeout = (timer) => { left.timers.delete(timer); real.clearTimeout(timer); };
    window.MutationObserver = class extends real.MutationObserver {
      observe(...args) { left.observers += 1; super.observe(...args); }

      disconnect() { left.observers -= 1; super.disconnect(); }
    };
    await import('/players.js');
    Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
    Object.assign(window, real);
  });
  const left = () => s.page.evaluate(() => window.left());
  await watch(s.page);
  assert.deepEqual(await left(), [2, 1, 2]);
  const vimeo = await player(s.page, 'clip');
  await vimeo.set({ alive: false });
  const it = await greeted(s);
  assert.deepEqual(await left(), [2, 1, 1], 'a player that answers needs no timer');
  const before = (await vimeo.heard()).length;
  await reports(s.page);
  await s.page.evaluate(() => window.watching.remove());
  assert.deepEqual(await left(), [0, 0, 0]);
  await s.run(600_000);
  await it.say('say', 1, 0);
  await vimeo.say('ready');
  await s.page.evaluate((html) => { document.body.insertAdjacentHTML('beforeend', html); }, frame('late', `${YOUTUBE}ccc?enablejsapi=1&autoplay=1`));
  const late = await player(s.page, 'late');
  await s.run(10_000);
  assert.deepEqual([(await it.heard()).length, (await vimeo.heard()).length, (await late.heard()).length], [1, before, 0]);
  assert.deepEqual(await reports(s.page), []);
  assert.deepEqual(await s.page.evaluate(() => window.watching.silent()), []);
});

players('frames that are taken away, and moved', `<div id=room>${film}</div><div id=hall></div>${clip}`, async (s) => {
  await watch(s.page);
  await player(s.page, 'film');
  await s.page.evaluate(() => window.clip.remove());
  await s.run(600_000);
  assert.deepEqual(await s.page.evaluate(() => window.watching.silent().map(({ id }) => id)), ['film']);
  await s.page.evaluate(() => new Promise((resolve) => { window.film.onload = resolve; window.hall.append(window.film); }));
  await (await greeted(s)).say('say', 1, 0);
  assert.deepEqual(await reports(s.page), [[0, 0, true], [1, 0, false]]);
});
