/**
 * The players in frames: what YouTube's and Vimeo's say, as the reports `host.js` makes of a video element.
 *
 * A part of its own, loaded only where a rule names such players. Both are asked by `postMessage`, in the words their
 * own libraries use, to tell the page what they do; this file puts the answers into one form. It decides nothing about
 * watching: which seconds count is for `src/triggers/media.rs`. It knows no rule and no selector.
 *
 * It is a guest. A frame's address is never changed, a player never commanded, nobody's subscription ended. A YouTube
 * player speaks under the one `id` it was last greeted with, and hands its `initialDelivery` to whoever greets first:
 * to greet over the page's own YT.Player would take that one's messages away. So a frame that has been spoken to, or is
 * held by a YT.Player, is only overheard (what it says goes to the window, whoever asked), and one that has not is
 * greeted late and by the `id` its page would use. Little is lost by that: the player keeps what it would have said.
 *
 * A message is believed if it comes from the very window of a frame we know, from exactly that player's origin, in at
 * most 4 KB; and of it only fields of the right type.
 */

const w = window;
const doc = document;
const { setTimeout, clearTimeout, MutationObserver, Element, HTMLIFrameElement } = w;
const { addEventListener, removeEventListener } = EventTarget.prototype;
const { querySelectorAll } = Element.prototype;
const { parse, stringify } = JSON;
const monoClock = performance.now.bind(performance);
const [srcOf, windowOf, documentOf] = ['src', 'contentWindow', 'contentDocument']
  .map((name) => Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, name).get);

/** Characters of a message; what is longer is not looked at. */
const MOST = 4096;
/**
 * Greetings a document in a frame gets before it counts as silent. Not many: where the browser shows a page of its own
 * ("could not connect"), which cannot be told from a player, each is a warning in the console.
 */
const TRIES = 8;
/** The first of them are left out where YouTube's own library is on the page: it greets the frames it is given. */
const COURTESY = 4;
const LIBRARY = 'script[src*="//www.youtube.com/"]';
/** What clocks and a busy page may differ by, ms: as much as `media.rs` allows. */
const SLACK = 400;

/** States, by YouTube's numbers. Who buffers means to play; in all others nothing moves. */
const PLAYING = 1;
const PAUSED = 2;
const BUFFERING = 3;

/** Where the players live; without `www.` or `https` they redirect there. */
const ADDRESS = /^https?:\/\/(?:(?:www\.)?(youtube)(-nocookie)?\.com\/embed\/|player\.(vimeo)\.com\/)/;
/** Vimeo's events we ask for, and the state they tell of. Not `progress`, which the page may ask for: that is loading. */
const VIMEO = {
  __proto__: null, play: PLAYING, playing: PLAYING, pause: PAUSED, ended: PAUSED,
  timeupdate: 0, seeking: 0, seeked: 0, playbackratechange: 0, volumechange: 0, loaded: 0,
};

const typed = (type, value) => (typeof value === type ? value : undefined);
const number = (value) => typed('number', value);
const ms = (seconds) => (seconds > 0 && seconds < 1e7 ? Math.round(seconds * 1000) : 0);

function read(data) {
  try {
    const text = typeof data === 'string' ? data : stringify(data);
    return text.length > MOST ? undefined : parse(text);
  } catch { /* not JSON nor like it: no word of a player's */ }
}

/** What is in a frame that is a player's by its address. `late`: it was not there from the beginning. */
function playerIn(iframe, src, loaded, late, report) {
  const [, , nocookie = '', vimeo] = ADDRESS.exec(src);
  const origin = vimeo ? 'https://player.vimeo.com' : `https://www.youtube${nocookie}.com`;
  const says = (names) => RegExp(`[?&](${names})=(1|true)\\b`).test(src);
  const starts = says('autoplay|background');
  // What a click of the visitor's has put there starts by itself, but not of the page's own will.
  const autoplay = starts && !(late && navigator.userActivation?.isActive);
  // YT.Player puts its number into the addresses it makes; other libraries go by the element's id. A number of our own
  // could be that of another YT.Player.
  const id = +/[?&]widgetid=(\d+)/.exec(src)?.[1] || (isNaN(iframe.id) ? iframe.id : 'footstep');
  // Without leave in its address YouTube's player neither hears nor speaks.
  const deaf = !vimeo && !says('enablejsapi');
  let heard;
  let tries;
  let timer;
  let state;
  let position;
  let time;
  let duration = 0;
  let rate = 100;
  let muted = says('muted?|background');
  let volume;
  // YouTube names the video with every state. Vimeo's first word of one may be of the second.
  let video = vimeo && 0;

  const say = (event) => report(iframe, {
    event, position, duration, rate, paused: state !== PLAYING && state !== BUFFERING, muted: muted || volume === 0, autoplay,
  }, vimeo ?? 'youtube');

  /** Another video: nothing of the one before holds for it. */
  const empty = () => {
    if (position === undefined) return;
    position = duration = 0;
    state = PAUSED;
    say(3);
    position = undefined;
  };

  const post = (message) => windowOf.call(iframe)?.postMessage(message, origin);
  const stop = () => clearTimeout(timer);

  /** A video that starts by itself is to be heard soon. For the others there is time. */
  const greetLater = () => {
    timer = setTimeout(greet, (starts ? 250 : 1000) * 1.4 ** tries);
  };
  const greet = () => {
    // Nothing of the player's is there yet, and a word to its origin would be a warning in the console; `load` comes.
    if (documentOf.call(iframe) || tries > TRIES) return;
    if (tries++ < TRIES) {
      if (vimeo) {
        post({ method: 'ping' });
      } else {
        try {
          if (w.YT?.get(iframe.id)) return;
        } catch { /* somebody else's YT, or one that is still loading */ }
        if (tries > COURTESY || !(w.YT || querySelectorAll.call(doc.documentElement, LIBRARY).length)) {
          post(stringify({ event: 'listening', id, channel: 'widget' }));
        }
      }
    }
    greetLater();
  };
  const begin = () => {
    if (heard) return;
    stop();
    tries = deaf ? TRIES + 1 : 0;
    starts ? greet() : greetLater();
  };

  /** Takes in what a player said; the names of what both have are the same. */
  const follow = (said, nextState, seconds, nextVideo, seeks) => {
    if (nextVideo !== undefined && nextVideo !== video) {
      if (video !== undefined) empty();
      video = nextVideo;
    }
    if (number(said.duration) !== undefined) duration = ms(said.duration);
    if (number(said.playbackRate) > 0) rate = Math.round(said.playbackRate * 100);
    muted = typed('boolean', said.muted) ?? muted;
    volume = number(said.volume) ?? volume;
    // What does not say where it stands is told with the next that does: with an old position it would look like a halt.
    if (seconds === undefined && (nextState ?? state) === state) return;
    const now = monoClock();
    const next = seconds === undefined ? position ?? 0 : ms(seconds);
    const moved = next - position;
    const possible = SLACK + (state === PLAYING || state === undefined ? (now - time) * rate / 100 : 0);
    // We came while it was playing, which nobody says again; but it moves.
    if (state === undefined && moved > 0 && moved <= possible) nextState ??= PLAYING;
    const begins = nextState === PLAYING && state !== PLAYING;
    state = nextState ?? state;
    position = next;
    time = now;
    // YouTube does not say when it is moved; and what waits for data and then is moved must not seem to have played all
    // the while.
    const jumped = seeks || moved > possible || moved < -SLACK;
    if (jumped) say(2);
    if (begins || !jumped) say(begins ? 1 : 0);
  };

  const hearYoutube = ({ event, info }) => {
    // Newer players ask for a greeting. Who is to be first is not for us to say.
    if (event === 'readyToListen') return;
    heard = true;
    if (event === 'onStateChange') info = { playerState: info };
    else if (!info || !/^(info|initial)Delivery$/.test(event)) return;
    const { playerState, currentTime, videoData } = info;
    // The length of a live stream grows.
    if (videoData?.isLive === true) info.duration = 0;
    follow(info, number(playerState), number(currentTime), typed('string', videoData?.video_id));
  };

  const hearVimeo = ({ event, data }) => {
    if (!heard) {
      heard = true;
      // Never taken back: `removeEventListener` would end the page's subscription with ours.
      for (const value in VIMEO) post({ method: 'addEventListener', value });
    }
    if (data && event in VIMEO) follow(data, VIMEO[event] || undefined, number(data.seconds), number(data.id), /^seek/.test(event));
  };

  begin();
  return {
    src,
    stop,
    empty,
    isSilent: () => !heard && tries > TRIES,
    hear(event) {
      if (event.origin !== origin || event.source !== windowOf.call(iframe)) return;
      const message = read(event.data);
      if (!typed('string', message?.event ?? message?.method)) return;
      (vimeo ? hearVimeo : hearYoutube)(message);
      if (heard) stop();
    },
    load() {
      // Once more: a new document, which does not know us. (The first `load` may come after the player's first words.)
      if (loaded) heard = state = undefined;
      loaded = true;
      begin();
    },
  };
}

/**
 * Watches the frames of these kinds of player (`youtube`, `vimeo`), those that are there and those to come. Calls
 * `report(iframe, { event, position, duration, rate, paused, muted, autoplay }, kind)`: `event` 1 plays, 2 is being moved,
 * 3 was given another video, 0 goes on; times in ms, rate in hundredths. `silent()`: the frames that do not answer.
 */
export function watchPlayers(kinds, report) {
  const players = new Map();
  let late = false;

  /** A frame that was put into the page, or has loaded. */
  const look = (iframe, loads) => {
    const src = srcOf.call(iframe);
    const known = players.get(iframe);
    if (known?.src === src) {
      if (loads) known.load();
      return;
    }
    known?.stop();
    known?.empty();
    players.delete(iframe);
    const [, youtube, , vimeo] = ADDRESS.exec(src) ?? [];
    // What was in a page that has loaded has loaded as well: the next time is another.
    if (kinds.includes(youtube ?? vimeo)) players.set(iframe, playerIn(iframe, src, loads || (!late && doc.readyState === 'complete'), late, report));
  };

  const scan = (element) => querySelectorAll.call(element, 'iframe').forEach((iframe) => look(iframe));
  const observer = new MutationObserver((records) => {
    for (const [iframe, player] of players) {
      // A frame that has left the page has no window.
      if (!windowOf.call(iframe)) {
        player.stop();
        players.delete(iframe);
      }
    }
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        if (node instanceof HTMLIFrameElement) look(node);
        else if (node instanceof Element) scan(node);
      }
    }
  });
  const onLoad = ({ target }) => target instanceof HTMLIFrameElement && look(target, true);
  const onMessage = (event) => event.isTrusted && players.forEach((player) => player.hear(event));

  addEventListener.call(w, 'message', onMessage, true);
  addEventListener.call(doc, 'load', onLoad, true);
  observer.observe(doc, { childList: true, subtree: true });
  scan(doc.documentElement);
  late = true;

  return {
    silent: () => [...players].filter(([, player]) => player.isSilent()).map(([iframe]) => iframe),
    remove() {
      removeEventListener.call(w, 'message', onMessage, true);
      removeEventListener.call(doc, 'load', onLoad, true);
      observer.disconnect();
      players.forEach((player) => player.stop());
      players.clear();
    },
  };
}
