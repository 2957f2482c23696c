/**
 * The browser, as few and fat calls: clocks, listeners, storage, requests, timers. What the wasm shell imports from
 * here and from the files beside this one is all it knows of a browser.
 *
 * No decision is taken in these files. Everything is read through functions captured when they are first evaluated
 * and called on prototypes, because shops have inputs named `id`, `action` or `submit` (which hide a form's own
 * properties) and pages patch `fetch`. Facts cross into wasm as one string a call: fields end with US (\x1f),
 * items with RS (\x1e).
 */

export const w = window;
export const doc = document;
const { fetch, setTimeout, clearTimeout, requestAnimationFrame, cancelAnimationFrame, requestIdleCallback, cancelIdleCallback } = w;
const { random } = Math;
const wallClock = Date.now;
const monoClock = performance.now.bind(performance);
export const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name)?.get;
const documentElement = getter(Document.prototype, 'documentElement');
const visibility = getter(Document.prototype, 'visibilityState');
const scrolling = getter(Document.prototype, 'scrollingElement');
export const html = () => documentElement.call(doc);
export const scroller = () => scrolling.call(doc) ?? html();
const inDocument = Document.prototype.querySelectorAll;
const inRoot = DocumentFragment.prototype.querySelectorAll;
/** What matches in a document or a root; elements of a page may hide what a document can do. */
export const all = (root, selector) => [...(root instanceof DocumentFragment ? inRoot : inDocument).call(root, selector)];

/** What wasm is called for: the first argument of `called`. The same numbers stand in `mod.rs`. */
const WAKE = 0;
const ANSWER = 1;
const IDLE = 2;
const FRAME = 3;
const ACTIVE = 11;
const EXIT = 13;
const RESTORED = 15;
const STORED = 16;

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
export let call;
export let hear;
/** `pack(value)`: JSON text, from `core.js`. */
export let pack;
/** Parts that were loaded because the config needs them. */
export let parts;
/** The event that is being heard. */
export let event;

/** Connects wasm's two ears, guarded: a trap in one never reaches the page. */
export function connect(hook, called, heard, packer, loaded = {}) {
  const guard = (ear) => (a, b, c) => {
    if (broken) return;
    try {
      return ear(a, b, c);
    } catch (error) {
      blow();
      hook(2, String(error));
    }
  };
  broken = false;
  tell = hook;
  pack = packer;
  parts = loaded;
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

let said = '';
/** Calls wasm with a text, which it takes by `words()`. */
export function say(what, text) {
  said = text;
  return call(what, 0, 0);
}
export const words = () => said;

/** A listener of ours hears before anybody can stop the event, and cannot stop it itself. */
export const OPTIONS = { __proto__: null, capture: true, passive: true };

/** Some events say what they are only by their details: what is left of them is what the second number stands for. */
let active = -Infinity;
const only = {
  // More often than once a second it says nothing new.
  [ACTIVE]: () => mono() - active >= 1000 && ((active = mono()), ACTIVE),
  [EXIT]: ({ relatedTarget, clientY }) => !relatedTarget && clientY <= 0 && EXIT,
  [RESTORED]: ({ persisted }) => (persisted ? RESTORED : 5),
  // What other tabs write may be anything.
  [STORED]: ({ key }) => KEYS.includes(key) && STORED,
};
/** Listeners that say no more than what happened, by what they say. */
const callers = [];
const listener = (what) => (what ? (callers[what] ??= (event) => {
  const is = only[what] ? only[what](event) : what;
  if (is) call(is, 0, 0);
}) : hear);

/** Listens for events of that name: hands them over, or, if `what` is not 0, says no more than `what` happened. */
export const listen = (name, what) => w.addEventListener(name, listener(what), OPTIONS);
export const unlisten = (name, what) => w.removeEventListener(name, listener(what), OPTIONS);

export const clean = (text) => String(text ?? '').slice(0, 2000).replace(/[\x1e\x1f]/g, ' ');
export const join = (fields) => fields.map(clean).join('\x1f');

/** What the browser (0), the page (1) and its first-party storage (2) say. Reading the latter may be forbidden. */
export function read(what) {
  const say = (name) => getter(Document.prototype, name)?.call(doc);
  try {
    // Storage holds our own texts, which may be longer than a field of a page should be.
    return what > 1 ? [1, ...KEYS.map((key, at) => (at > 3 ? sessionStorage : localStorage).getItem(key) ?? '')].join('\x1f')
      : join(what ? [location.href, say('title'), say('referrer')]
      : [
        navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, screen?.width > 0 ? screen.width + 'x' + screen.height : '',
        navigator.webdriver ? 1 : 0, 'keepalive' in Request.prototype ? 1 : 0, isHidden() ? 1 : 0,
      ]);
  } catch {
    return '';
  }
}

export const isHidden = () => visibility.call(doc) === 'hidden';

/** Calls back once the next frame has been laid out, so that measuring forces nothing. A hidden page has no frames. */
export function laidOut(act) {
  return isHidden() ? setTimeout(act, 50) : requestAnimationFrame(() => setTimeout(act));
}

/** Takes that back. */
export function unlaid(frame) {
  cancelAnimationFrame(frame);
  clearTimeout(frame);
}

export function afterFrame() {
  frame ??= laidOut(() => call(FRAME, 0, 0));
}
/** Whether a frame was awaited; it is not any more. */
export function framed() {
  const awaited = frame !== undefined;
  frame = undefined;
  return awaited;
}

/** Calls back after `ms`; a negative number takes the call back. There is one such timer. */
export function wakeAfter(ms) {
  clearTimeout(timer);
  // Beyond 24.8 days a timer fires at once.
  if (ms >= 0) timer = setTimeout(call, Math.min(ms, 1e9), WAKE);
}

/** Calls back when the page is idle, within a second. */
export function whenIdle() {
  const now = () => call(IDLE);
  idle = requestIdleCallback ? requestIdleCallback(now, { timeout: 1000 }) : setTimeout(now, 200);
}

/** What ends when we end: each of the files beside this one adds its own. */
export const ends = [];
/** Ends every timer, observer and patch. */
export function rest() {
  clearTimeout(timer);
  cancelIdleCallback ? cancelIdleCallback(idle) : clearTimeout(idle);
  unlaid(frame);
  frame = undefined;
  for (const end of ends.splice(0)) end();
}

/** The last is the tab's own. */
const KEYS = ['visitor', 'session', 'counted', 'pauses', 'attempts'].map((name) => 'footstep.' + name);

export function store(key, text) {
  try {
    (key > 3 ? sessionStorage : localStorage).setItem(KEYS[key], text);
  } catch { /* full or forbidden: it is remembered for this page only */ }
}

export function erase() {
  try {
    KEYS.forEach((key, at) => (at > 3 ? sessionStorage : localStorage).removeItem(key));
  } catch { /* forbidden: then there is nothing to erase */ }
}

/** Seconds, from a number of them or a date. */
const patience = (text) => Math.ceil(Math.min(3600, Math.max(0, +text || (Date.parse(text) - wall()) / 1000 || 0)));

/**
 * Sends. The answer's status is 0 where there was no answer and -1 where there will be none; on top of it stand, in
 * thousands, the seconds the collector wants to be left alone.
 */
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
  // A page that is left hears that its requests have failed, although they go on: it must not send them again in its last task.
  const failed = () => setTimeout(answered, 0, 0);
  try {
    fetch(url, init).then(({ status, headers }) => answered(status + 1000 * patience(headers.get('retry-after')))).catch(failed);
  } catch {
    failed();
  }
}
