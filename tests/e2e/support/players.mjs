/**
 * Players in frames, for tests without a network: pages on the real origins that speak the two message protocols as
 * their owners' own libraries expect them (YouTube: `www-widgetapi.js` and the embedded player's side of it; Vimeo:
 * `@vimeo/player`). Written from those, not from our reader of them. A test drives a player by hand: nothing in it moves
 * by itself.
 */

import { scenario } from './browser.mjs';

export const YOUTUBE = 'https://www.youtube.com/embed/';
export const VIMEO = 'https://player.vimeo.com/video/';
export const frame = (id, src, more = '') => `<iframe id="${id}" src="${src}" ${more}></iframe>`;

/** The frame's side of YouTube's widget protocol. */
function youtube() {
  const query = new URLSearchParams(location.search);
  const fake = {
    heard: [], ready: false, delivered: false, listener: null, id: null, subscribed: new Set(), queue: [],
    video: location.pathname.split('/').pop(), state: -1, time: 0, duration: 60, rate: 1, muted: query.get('mute') === '1', volume: 100, live: false,
    extra: undefined,
  };
  window.fake = fake;
  window.addEventListener('message', ({ data, origin, source }) => {
    if (!String(data).includes('barrier')) fake.heard.push({ data, origin });
    if (query.get('enablejsapi') !== '1' || typeof data !== 'string') return;
    let message;
    try { message = JSON.parse(data); } catch { return; }
    if (message?.event === 'listening') {
      fake.listener = { source, origin };
      fake.id = message.id;
      // Once, to whoever greets first after the player is ready.
      if (fake.ready && !fake.delivered) {
        fake.delivered = true;
        send('initialDelivery', initial());
        send('onReady', null);
        for (const [event, info] of fake.queue.splice(0)) send(event, info);
      }
    } else if (message?.event === 'command' && message.func === 'addEventListener') {
      fake.subscribed.add(message.args[0]);
    }
  });
  const send = (event, info) => {
    if (!fake.delivered) return fake.queue.push([event, info]);
    const message = { event, info, channel: 'widget' };
    if (fake.id) message.id = fake.id;
    fake.listener.source.postMessage(JSON.stringify(message), fake.listener.origin);
  };
  const videoData = () => ({ video_id: fake.video, author: 'Footstep', title: `Film ${fake.video}`, isPlayable: true, errorCode: null, video_quality: 'hd720', isLive: fake.live });
  const initial = () => ({
    apiInterface: ['cueVideoById', 'loadVideoById', 'playVideo', 'pauseVideo', 'seekTo', 'getCurrentTime', 'getDuration', 'addEventListener', 'destroy'],
    currentTime: fake.time, duration: fake.duration, playerState: fake.state, playbackRate: fake.rate, muted: fake.muted, volume: fake.volume,
    availablePlaybackRates: [0.25, 0.5, 1, 1.5, 2], videoUrl: `https://www.youtube.com/watch?v=${fake.video}`, videoData: videoData(),
    currentTimeLastUpdated_: 1, extra: fake.extra,
  });
  Object.assign(fake, {
    send,
    say(state, time = fake.time) {
      Object.assign(fake, { state, time });
      send('infoDelivery', {
        playerState: state, currentTime: time, duration: fake.duration, videoData: videoData(), videoStartBytes: 0, videoBytesTotal: 1,
        videoLoadedFraction: 0.5, playbackQuality: 'hd720', availableQualityLevels: ['hd720'], currentTimeLastUpdated_: 1,
        playbackRate: fake.rate, mediaReferenceTime: time,
      });
      if (fake.subscribed.has('onStateChange')) send('onStateChange', state);
    },
    progress(time) {
      fake.time = time;
      send('infoDelivery', {
        currentTime: time, videoBytesLoaded: 0.5, videoLoadedFraction: 0.5, currentTimeLastUpdated_: 1, playbackRate: fake.rate,
        mediaReferenceTime: time, progressState: { current: time, duration: fake.duration, loaded: 30, seekableStart: 0, seekableEnd: fake.duration },
      });
    },
    setRate(rate) {
      fake.rate = rate;
      send('infoDelivery', { playbackRate: rate });
    },
    setVolume(volume, muted) {
      Object.assign(fake, { volume, muted });
      send('infoDelivery', { muted, volume });
    },
    load(video, duration) {
      Object.assign(fake, { video, duration });
      fake.say(-1, 0);
    },
  });
}

/** The frame's side of Vimeo's protocol. `?late`: it has said that it is ready before anybody was there to hear it. */
function vimeo() {
  const fake = { heard: [], subscribed: new Set(), alive: true };
  window.fake = fake;
  const send = (message) => parent.postMessage(JSON.stringify(message), '*');
  window.addEventListener('message', ({ data, origin }) => {
    if (String(data).includes('barrier')) return;
    fake.heard.push({ data, origin });
    if (!fake.alive) return;
    const { method, value } = typeof data === 'string' ? JSON.parse(data) : data;
    if (method === 'addEventListener') fake.subscribed.add(value);
    if (method === 'removeEventListener') fake.subscribed.delete(value);
    send(method === 'ping' ? { method } : { method, value });
  });
  Object.assign(fake, {
    ready: () => send({ event: 'ready' }),
    say: (event, data) => fake.subscribed.has(event) && send({ event, data }),
  });
}

const page = (script) => `<!doctype html><title>Player</title><script>(${script})()</script>`;

/** A page that is no player: it notes what it is told and says what it is bid to. */
function liar() {
  window.fake = { heard: [], say: (data) => parent.postMessage(data, '*') };
  window.addEventListener('message', ({ data, origin }) => String(data).includes('barrier') || window.fake.heard.push({ data, origin }));
}

/** Serves the players of this context. A frame of `embed/slow` has not loaded before the function it returns is called. */
async function servePlayers(context) {
  const picture = 'https://liar.example/slow.png';
  const serve = async (pattern, script) => context.route(pattern, (route) =>
    route.fulfill({ contentType: 'text/html', body: page(script) + (route.request().url().includes('/slow') ? `<img src="${picture}">` : '') }));
  await serve('https://www.youtube.com/embed/**', youtube);
  await serve('https://www.youtube-nocookie.com/embed/**', youtube);
  await serve('https://player.vimeo.com/video/**', vimeo);
  await serve('https://liar.example/**', liar);
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  await context.route(picture, (route) => released.then(() => route.fulfill({ status: 204 })));
  return release;
}

/**
 * The page's side of YouTube's protocol, as much of `www-widgetapi.js` as a page needs: it greets four times a second
 * until the first delivery, knows its messages by their `id`, and asks for events once it has heard from its player.
 */
export function officialYoutube() {
  const known = {};
  const byElement = {};
  let last = 0;
  window.addEventListener('message', ({ data, origin }) => {
    let message;
    try { message = JSON.parse(data); } catch { return; }
    const player = known[message.id];
    if (player && origin === player.host) player.hear(message);
  });
  window.YT = {
    get: (id) => byElement[id],
    Player: class {
      constructor(element, { videoId, events = {} } = {}) {
        this.id = ++last;
        this.log = [];
        this.events = events;
        let iframe = document.getElementById(element);
        if (iframe.localName !== 'iframe') {
          const made = document.createElement('iframe');
          made.id = iframe.id;
          made.src = `https://www.youtube.com/embed/${videoId}?enablejsapi=1&origin=${encodeURIComponent(location.origin)}&widgetid=${this.id}`;
          iframe.replaceWith(made);
          iframe = made;
        }
        this.iframe = iframe;
        this.host = new URL(iframe.src).origin;
        known[this.id] = byElement[iframe.id] = this;
        const poll = () => this.post({ event: 'listening' });
        this.timer = setInterval(poll, 250);
        iframe.addEventListener('load', () => {
          clearInterval(this.timer);
          this.timer = setInterval(poll, 250);
        });
      }

      post(message) {
        if (this.iframe.contentDocument) return;
        this.iframe.contentWindow.postMessage(JSON.stringify({ ...message, id: this.id, channel: 'widget' }), this.host);
      }

      hear({ event, info }) {
        if (!this.asked) for (const name of Object.keys(this.events)) this.post({ event: 'command', func: 'addEventListener', args: [name] });
        this.asked = true;
        if (event === 'initialDelivery') clearInterval(this.timer);
        this.log.push(event);
        this.events[event]?.(info);
      }
    },
  };
}

/** The page's side of Vimeo's protocol, as `@vimeo/player` speaks it. */
export function officialVimeo() {
  window.VimeoPlayer = class {
    constructor(iframe) {
      Object.assign(this, { iframe, log: [] });
      const ready = new Promise((resolve) => {
        window.addEventListener('message', ({ source, origin, data }) => {
          if (source !== iframe.contentWindow || origin !== 'https://player.vimeo.com') return;
          const message = typeof data === 'string' ? JSON.parse(data) : data;
          if (message.event ?? message.method) this.log.push(message.event ?? message.method);
          if (message.event === 'ready' || message.method === 'ping') resolve();
        });
      });
      this.ready = () => ready;
      this.post({ method: 'ping' });
    }

    post(message) {
      this.iframe.contentWindow.postMessage(message, '*');
    }

    on = async (value) => {
      await this.ready();
      this.post({ method: 'addEventListener', value });
    };
  };
}

/** Ms of a video that were watched, by the rules of `src/triggers/media.rs`. */
export function watched(reports) {
  let seen = [];
  let open;
  let last = 0;
  for (const { event, position, rate, paused, mono } of reports) {
    if (event === 3) {
      [seen, open, last] = [[], undefined, 0];
      continue;
    }
    const possible = open && (mono - open.since) * rate / 100 + 400;
    if (open && event !== 2 && position > open.from && position - open.from <= possible) {
      for (let at = open.from; at < position; at += 1) seen[at] = true;
    }
    const moved = event === 1 && position >= last && position < last + 400;
    open = paused ? undefined : { from: moved ? last : position, since: mono };
    last = position;
  }
  return seen.filter(Boolean).length;
}

/** A test of a page with these frames; `act` gets it opened, the clock stopped, nobody watching yet. */
export function players(name, body, act, options = {}) {
  const routes = { '/players.js': { file: '/js/parts/players.js' } };
  scenario(name, { tag: false, body, routes, ...options }, async (s) => {
    const { page, context, site } = s;
    const release = await servePlayers(context);
    await page.clock.install({ time: 1_000_000 });
    await page.goto(site.origin);
    await page.clock.pauseAt(2_000_000);
    await page.evaluate(() => {
      window.reports = [];
      window.passed = new Map();
      window.addEventListener('message', ({ data }) => window.passed.get(data)?.());
    });
    await act({ ...s, release, run: (ms) => page.clock.runFor(ms) });
  });
}

/** Begins to watch. */
export const watch = (page, kinds = ['youtube', 'vimeo']) => page.evaluate(async (which) => {
  const { watchPlayers } = await import('/players.js');
  window.watching = watchPlayers(which, ({ id }, report) => window.reports.push({ id, mono: performance.now(), ...report }));
}, kinds);

/** The player in a frame. */
export async function player(page, id) {
  const element = await page.waitForSelector(`#${id}`, { state: 'attached' });
  const inside = await element.contentFrame();
  await inside.waitForFunction(() => window.fake);
  const call = (name, ...args) => inside.evaluate(([method, values]) => void window.fake[method](...values), [name, args]);
  let barriers = 0;
  return {
    inside,
    call,
    set: (values) => inside.evaluate((given) => void Object.assign(window.fake, given), values),
    /** What it was told so far. */
    async heard() {
      const barrier = JSON.stringify({ barrier: `${id} ${barriers++}` });
      const arrives = inside.evaluate((text) => new Promise((resolve) => {
        window.addEventListener('message', ({ data }) => data === text && resolve());
        window.armed = true;
      }), barrier);
      await inside.waitForFunction(() => window.armed);
      await element.evaluate((it, text) => it.contentWindow.postMessage(text, '*'), barrier);
      await arrives;
      return inside.evaluate(() => window.fake.heard);
    },
    /** Waits until what it has said was heard. */
    async settle() {
      const barrier = JSON.stringify({ barrier: `${id} ${barriers++}` });
      await page.evaluate((text) => { window.passing = new Promise((resolve) => { window.passed.set(text, resolve); }); }, barrier);
      await inside.evaluate((text) => parent.postMessage(text, '*'), barrier);
      await page.evaluate(() => window.passing);
    },
    async say(...args) {
      await call(...args);
      await this.settle();
    },
  };
}

/** Takes what was reported since the last time: `[event, position, paused]`, or everything. */
export async function reports(page, whole = false) {
  const found = await page.evaluate(() => window.reports.splice(0));
  return whole ? found : found.map(({ event, position, paused }) => [event, position, paused]);
}

/** A YouTube player that has been greeted and has answered. */
export async function greeted(s, id = 'film') {
  const it = await player(s.page, id);
  await it.set({ ready: true });
  await s.run(1500);
  await it.heard();
  await it.settle();
  return it;
}

/** Plays on from `from` to `to` seconds, with a word every quarter of a second. */
export async function play(s, it, from, to, rate = 1) {
  for (let at = from + rate / 4; at <= to + 1e-9; at += rate / 4) {
    await s.run(250);
    await it.say('progress', at);
  }
}
