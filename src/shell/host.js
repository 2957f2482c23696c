/**
 * The browser, as few and fat calls: what the wasm shell imports.
 *
 * No decision is taken here. Everything is read through functions captured when this module is first evaluated
 * and called on prototypes, because shops have inputs named `id`, `action` or `submit` (which hide a form's own
 * properties) and pages patch `fetch`. Facts cross into wasm as one string a call: fields end with US (\x1f),
 * items with RS (\x1e).
 */

const w = window;
const doc = document;
const { fetch, setTimeout, clearTimeout, requestAnimationFrame, requestIdleCallback, WeakMap, Element } = w;
const { composedPath } = Event.prototype;
const { matches, getAttribute, getAttributeNames, getBoundingClientRect } = Element.prototype;
const { createDocumentFragment, querySelector } = Document.prototype;
const { contains } = Node.prototype;
const { random } = Math;
const wallClock = Date.now;
const monoClock = performance.now.bind(performance);
const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name)?.get;
const visibility = getter(Document.prototype, 'visibilityState');

/** What wasm is called for: the first argument of `called`. The same numbers stand in `mod.rs`. */
const WAKE = 0;
const ANSWER = 1;
const IDLE = 2;
const FRAME = 3;

/** Watches by event type. */
let watched = Object.create(null);
let scrolls = [];
let elements = new WeakMap();
let elementCount = 0;
let timer;
let idle;
let frame;
/** Wasm has trapped: nothing of ours runs any more, the page goes on as if we had never been there. */
let broken = false;

export const wall = () => wallClock();
export const mono = () => monoClock();

/** 32 random bits. */
export function entropy() {
  try {
    return crypto.getRandomValues(new Uint32Array(1))[0];
  } catch {
    return (random() * 4294967296) >>> 0;
  }
}

/** `tell(what, text)` reaches `core.js`; `call(what, a, b)` and `hear(event)` reach wasm. */
export let tell;
let call;
let hear;
/** The event that is being heard. */
let event;

/** Connects wasm's two ears, guarded: a trap in one never reaches the page. */
export function connect(hook, called, heard) {
  const guard = (ear) => (a, b, c) => {
    if (broken) return;
    try {
      ear(a, b, c);
    } catch (error) {
      blow();
      hook(2, String(error));
    }
  };
  broken = false;
  tell = hook;
  call = guard(called);
  const listen = guard(heard);
  hear = (heardEvent) => {
    event = heardEvent;
    listen();
    // Events hold elements; what has been heard is not to keep them.
    event = undefined;
  };
}

/** The fuse: from here on nothing of ours runs. */
export function blow() {
  broken = true;
  rest();
}

/** A listener of ours hears before anybody can stop the event, and cannot stop it itself. */
const OPTIONS = { capture: true, passive: true };
/** Listeners that say no more than what happened, by what they say. */
const callers = [];
const listener = (what) => (what ? (callers[what] ??= () => call(what, 0, 0)) : hear);

/** Listens for events of that name: hands them over, or, if `what` is not 0, says no more than `what` happened. */
export const listen = (name, what) => w.addEventListener(name, listener(what), OPTIONS);
export const unlisten = (name, what) => w.removeEventListener(name, listener(what), OPTIONS);

const clean = (text) => String(text ?? '').slice(0, 2000).replace(/[\x1e\x1f]/g, ' ');
const join = (fields) => fields.map(clean).join('\x1f');

/** What the browser (0), the page (1) and its first-party storage (2) say. Reading the latter may be forbidden. */
export function read(what) {
  const say = (name) => getter(Document.prototype, name)?.call(doc);
  try {
    return join(what > 1 ? [1, ...KEYS.map((key) => localStorage.getItem(key))]
      : what ? [location.href, say('title'), say('referrer')]
      : [
        navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, screen?.width > 0 ? screen.width + 'x' + screen.height : '',
        navigator.webdriver ? 1 : 0, 'keepalive' in Request.prototype ? 1 : 0, isHidden() ? 1 : 0,
      ]);
  } catch {
    return '';
  }
}

export const isHidden = () => visibility.call(doc) === 'hidden';

/** Adds a watch; false if the browser does not understand its selector. `attributes`: names, parted by commas. */
export function watch(rule, type, selector, attributes, media) {
  try {
    if (selector) createDocumentFragment.call(doc).querySelector(selector);
  } catch {
    return false;
  }
  const entry = { rule, selector, attributes: attributes.split(','), media };
  if (type) {
    (watched[type] ??= []).push(entry);
  } else {
    scrolls.push(entry);
  }
  return true;
}

/** The elements the event hit, with the facts their rules asked for; empty if no rule is concerned. */
export function facts() {
  try {
    return hits(watched[event.type] ?? []);
  } catch {
    // A getter of the page's own threw. That is no trap, and the next event may be read well.
    return '';
  }
}

function hits(list) {
  // The middle button opens a link in a new tab; the right one only asks for a menu.
  if (event.type === 'auxclick' && event.button !== 1) return '';
  const path = composedPath.call(event).filter((node) => node instanceof Element);
  // What is dispatched at the document or the window hits the page as a whole.
  if (!path.length) path.push(doc.documentElement);
  const near = path.filter(notClickedTwice(path));
  let packed = '';
  // One by one: joined into one selector, an unclosed bracket in one would swallow the others.
  for (const { rule, selector, attributes, media } of list) {
    const hit = selector ? near.find((element) => matches.call(element, selector)) : near[0];
    if (hit && (!media || hit instanceof HTMLMediaElement)) {
      packed += '\x1e' + join([rule, number(hit), ...(media ? player(hit, event.type) : [0]), ...attributesOf(hit, attributes)]);
    }
  }
  return packed && (event.isTrusted ? 1 : 0) + packed;
}

/**
 * A click on a label is followed at once by a click on its field, made by the browser: one gesture. What stands
 * around the label has been hit by the first and is passed over in the second.
 */
let label;
let labelTime;
function notClickedTwice(path) {
  const twice = event.type === 'click' && label && label.control === path[0] && event.timeStamp - labelTime < 20 && label;
  if (event.type === 'click') {
    label = path.find((element) => element instanceof HTMLLabelElement && !path.includes(element.control));
    labelTime = event.timeStamp;
  }
  return (element) => !twice || !contains.call(element, twice);
}

/** The same element keeps its number; the map holds no element back from the collector of garbage. */
function number(element) {
  if (!elements.has(element)) elements.set(element, ++elementCount);
  return elements.get(element);
}

/** Name and text, in turn, of those attributes the element has. */
function attributesOf(element, wanted) {
  const found = [];
  for (const name of getAttributeNames.call(element)) {
    if (wanted.some((each) => each === name || (each.endsWith('*') && name.startsWith(each.slice(0, -1))))) {
      found.push(name, getAttribute.call(element, name));
    }
  }
  return found;
}

function player(media, type) {
  const { currentTime, duration, playbackRate, paused, ended, muted, volume, autoplay, seeking } = media;
  const event = type === 'emptied' ? 3 : seeking ? 2 : type === 'playing' ? 1 : 0;
  const ms = (seconds) => (seconds > 0 && seconds < 1e7 ? Math.round(seconds * 1000) : 0);
  const flags = [paused || ended, muted || !volume, autoplay].map(Number);
  return [1, event, ms(currentTime), ms(duration), Math.round(Math.abs(playbackRate) * 100), ...flags];
}

/** Calls back once the next frame has been laid out, so that measuring forces nothing. */
export function afterFrame() {
  frame ??= requestAnimationFrame(() => setTimeout(call, 0, FRAME));
}

/** How much of the page, or of each watched element, has been seen; empty if `pending` and no frame is awaited. */
export function seen(pending) {
  if (pending && frame === undefined) return '';
  frame = undefined;
  const root = doc.scrollingElement ?? doc.documentElement;
  return scrolls.map(({ rule, selector }) => {
    let low = root.scrollTop + innerHeight;
    let height = root.scrollHeight;
    if (selector) {
      const element = querySelector.call(doc, selector);
      const box = element && getBoundingClientRect.call(element);
      low = box ? innerHeight - box.top : 0;
      height = box?.height ?? 0;
    }
    return join([rule, Math.max(0, Math.round(low)), Math.round(height)]);
  }).join('\x1e');
}

/** Calls back after `ms`; a negative number takes the call back. There is one such timer. */
export function wakeAfter(ms) {
  clearTimeout(timer);
  if (ms >= 0) timer = setTimeout(call, ms, WAKE);
}

/** Calls back when the page is idle, within a second. */
export function whenIdle() {
  const now = () => call(IDLE);
  idle = requestIdleCallback ? requestIdleCallback(now, { timeout: 1000 }) : setTimeout(now, 200);
}

/** Ends every timer. */
export function rest() {
  clearTimeout(timer);
  w.cancelIdleCallback ? w.cancelIdleCallback(idle) : clearTimeout(idle);
  if (frame !== undefined) w.cancelAnimationFrame(frame);
  frame = undefined;
  watched = Object.create(null);
  scrolls = [];
}

const KEYS = ['footstep.visitor', 'footstep.session'];

export function store(key, text) {
  try {
    localStorage.setItem(KEYS[key], text);
  } catch { /* full or forbidden: the visitor is remembered for this page only */ }
}

export function erase() {
  try {
    for (const key of KEYS) localStorage.removeItem(key);
  } catch { /* forbidden: then there is nothing to erase */ }
}

/** Sends. The answer's status is 0 where there was no answer and -1 where there will be none. */
export function send(number, url, body, means) {
  const answered = (status) => call(ANSWER, number, status);
  if (means === 2) {
    let taken = false;
    try {
      taken = navigator.sendBeacon(url, body);
    } catch { /* a URL that is none */ }
    answered(taken ? -1 : 0);
    return;
  }
  // Without a prototype, so that nothing a page put on Object.prototype becomes an option of ours.
  const init = { __proto__: null, method: 'POST', body, keepalive: means === 1, mode: 'cors', credentials: 'omit', referrerPolicy: 'origin',
    // A redirected POST becomes a GET, whose answer would be taken for a delivery.
    redirect: 'error', signal: AbortSignal.timeout?.(30000) };
  const failed = () => answered(0);
  try {
    fetch(url, init).then((response) => answered(response.status)).catch(failed);
  } catch {
    failed();
  }
}
