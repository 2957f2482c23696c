/**
 * The browser, as few and fat calls: clocks, listeners, storage, requests, timers. What the wasm shell imports from
 * here and from the files beside this one is all it knows of a browser.
 *
 * No decision is taken in these files. Everything is read through functions captured when they are first evaluated,
 * because shops have inputs named `id`, `action` or `submit` (which hide a form's own properties) and pages replace
 * what they like. So there is no method of an array, a string or a RegExp here, no `for of`, no spread and no array
 * pattern (those ask the array's iterator): only what stands below. Facts cross into wasm as one string a call: fields
 * end with US (\x1f), items with RS (\x1e).
 */

export const w = window;
export const doc = document;
const { fetch, setTimeout, clearTimeout, requestAnimationFrame, cancelAnimationFrame, requestIdleCallback, cancelIdleCallback, String } = w;
const { random, min } = Math;
const wallClock = Date.now;
/** A method as a function of what it is a method of, whatever becomes of its place and of `call`. */
export const free = Function.prototype.bind.bind(Function.prototype.call);
export const { getOwnPropertyDescriptor, hasOwn } = Object;
export const getter = (prototype, name) => {
  const get = getOwnPropertyDescriptor(prototype, name)?.get;
  return get && free(get);
};
const monoClock = performance.now.bind(performance);
export const exec = free(RegExp.prototype.exec);
export const cut = free(String.prototype.slice);
export const split = free(String.prototype.split);
const replaceAll = free(String.prototype.replaceAll);
export const addListener = free(EventTarget.prototype.addEventListener);
export const removeListener = free(EventTarget.prototype.removeEventListener);
export const add = (list, one) => { list[list.length] = one; };
/** A text without needless blanks. */
export function squeeze(text) {
  let out = '';
  const word = /\S+/g;
  for (let found; (found = exec(word, text));) out += (out && ' ') + found[0];
  return out;
}
/** What `act` makes of each of a list, without what is nothing. */
export function pick(list, act) {
  const made = [];
  for (let at = 0; at < list.length; at += 1) {
    const one = act(list[at], at);
    if (one !== undefined) add(made, one);
  }
  return made;
}
export function first(list, is) {
  for (let at = 0; at < list.length; at += 1) if (is(list[at])) return list[at];
}
export const has = (list, one) => !!first(list, (each) => each === one);
const documentElement = getter(Document.prototype, 'documentElement');
const visibility = getter(Document.prototype, 'visibilityState');
const scrolling = getter(Document.prototype, 'scrollingElement');
export const html = () => documentElement(doc);
export const scroller = () => scrolling(doc) ?? html();
const inDocument = free(Document.prototype.querySelectorAll);
const inRoot = free(DocumentFragment.prototype.querySelectorAll);
/** What matches in a document or a root; elements of a page may hide what a document can do, and frames have their own kinds. */
export const all = (root, selector) => (root.nodeType === 11 ? inRoot : inDocument)(root, selector);

/**
 * What the browser calls: a getter of the page's own, or what it has put in the place of a function, may throw. That is
 * no trap, and no exception of the page's; the next event may be read well.
 */
export const safe = (act) => (what) => {
  try {
    return act(what);
  } catch {
    return '';
  }
};

/** What wasm is called for: the first argument of `called`. The same numbers stand in `mod.rs`. */
const WAKE = 0;
const ANSWER = 1;
const IDLE = 2;
const FRAME = 3;
const ACTIVE = 11;
const EXIT = 13;
const RESTORED = 15;
const STORED = 16;
const JUDGED = 22;

let timer;
let idle;
let frame;
/** Wasm has trapped: until it is mended nothing of ours runs, the page goes on as if we had never been there. */
let broken = false;
/** Calls of wasm that are under way, one in another. */
let depth = 0;
let mend;
/** How many records have been kept: what has got so far need not be done again. */
let kept = 0;
export const progress = () => { kept += 1; };
/** Answers to requests of an instance that is no more are nobody's. */
let generation = 0;

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
/** The event that is being heard, and the path it took where the event itself does not know it any more. */
export let event;
export let trail;

/**
 * Calls wasm. What throws in there is a trap, which never reaches the page: the fuse blows, and once no call of wasm's is
 * under way any more, `mend` gets to know what was being done.
 */
export function guarded(act) {
  if (broken) return;
  let result;
  const before = kept;
  depth += 1;
  try {
    result = act();
  } catch {
    blow();
  }
  depth -= 1;
  if (broken && !depth) mend(kept === before && act);
  return result;
}

/** Connects wasm's two ears. */
export function connect(hook, called, heard, packer, loaded = {}, mending = () => {}) {
  broken = false;
  generation += 1;
  mend = mending;
  tell = hook;
  pack = packer;
  parts = loaded;
  call = (what, a, b) => guarded(() => called(what, a, b));
  hear = (heardEvent, path, time = mono()) => {
    event = heardEvent;
    trail = path;
    guarded(() => heard(time));
    // Events hold elements; what has been heard is not to keep them.
    event = trail = undefined;
  };
}

/** The fuse: from here on nothing of ours runs. */
export function blow() {
  broken = true;
  pick(listened, (each) => unlisten(each.name, each.what));
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
  [STORED]: ({ key }) => has(KEYS, key) && STORED,
};
/** Listeners that say no more than what happened, by what they say. */
const callers = [];
const listener = (what) => (what ? (callers[what] ??= (event) => {
  const is = only[what] ? only[what](event) : what;
  if (is) call(is, 0, 0);
}) : heardNow);
const heardNow = (event) => hear(event);

/** Listens for events of that name: hands them over, or, if `what` is not 0, says no more than `what` happened. */
const listened = [];
export const listen = (name, what) => {
  add(listened, { name, what });
  addListener(w, name, listener(what), OPTIONS);
};
export const unlisten = (name, what) => removeListener(w, name, listener(what), OPTIONS);

export const bare = (text) => replaceAll(replaceAll(text, '\x1e', ' '), '\x1f', ' ');
export const clean = (text) => bare(cut(String(text ?? ''), 0, 2000));
/** One string of several: of fields, unless `make` says how each becomes text. */
export const join = (fields, make = clean, by = '\x1f') => {
  let text = '';
  pick(fields, (field, at) => { text += (at ? by : '') + make(field, at); });
  return text;
};

/**
 * A selector may take so long in all, ms. One slow answer says little, for the machine may have been busy with
 * something else, and quick ones make up for it.
 */
const PATIENCE = 24;
export const SLOW = 3;
const MOST = 9;
const BAD = 17;
/** Whether looking for what an entry names has taken so much time so often that it is switched off. */
export function isSlow(entry, took, again) {
  // A machine that was busy with something else is quicker the next time; a slow selector is not.
  for (let round = 0; round < 2 && took > SLOW; round += 1) {
    const begun = mono();
    again();
    took = min(took, mono() - begun);
  }
  entry.slow = Math.max(0, entry.slow + (took > SLOW ? min(took, MOST) : -1));
  if (entry.slow > PATIENCE) {
    entry.dead = true;
    say(BAD, join([entry.ear, entry.selector]));
  }
  return entry.dead;
}

/** What the browser (0), the page (1) and its first-party storage (2) say. Reading the latter may be forbidden. */
export function read(what) {
  const say = (name) => getter(Document.prototype, name)?.(doc);
  try {
    // Storage holds our own texts, which may be longer than a field of a page should be.
    return what > 1 ? '1\x1f' + join(KEYS, (key, at) => place(at).getItem(key) ?? '')
      : join(what ? [location.href, say('title'), say('referrer')]
      : [
        navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, screen?.width > 0 ? screen.width + 'x' + screen.height : '',
        navigator.webdriver ? 1 : 0, 'keepalive' in Request.prototype ? 1 : 0, isHidden() ? 1 : 0,
      ]);
  } catch {
    return '';
  }
}

export const isHidden = () => visibility(doc) === 'hidden';

/** Calls back once the next frame has been laid out, so that measuring forces nothing. A hidden page has no frames. */
export function laidOut(does) {
  const act = safe(does);
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
  if (ms >= 0) timer = setTimeout(call, min(ms, 1e9), WAKE);
}

/** Calls back when the page is idle, within a second. */
export function whenIdle() {
  const now = () => call(IDLE);
  idle = requestIdleCallback ? requestIdleCallback(now, { timeout: 1000 }) : setTimeout(now, 200);
}

/** What ends when we end: each of the files beside this one adds its own. */
let ends = [];
export const ending = (act) => add(ends, act);
/** Ends every timer, observer and patch. */
export function rest() {
  clearTimeout(timer);
  cancelIdleCallback ? cancelIdleCallback(idle) : clearTimeout(idle);
  unlaid(frame);
  frame = undefined;
  const all = ends;
  ends = [];
  pick(all, (end) => end());
}

/** The last is the tab's own. */
const place = (at) => (at > 3 ? sessionStorage : localStorage);
const KEYS = ['footstep.visitor', 'footstep.session', 'footstep.counted', 'footstep.pauses', 'footstep.attempts'];

export function store(key, text) {
  try {
    place(key).setItem(KEYS[key], text);
  } catch { /* full or forbidden: it is remembered for this page only */ }
}

export function erase() {
  try {
    pick(KEYS, (key, at) => place(at).removeItem(key));
  } catch { /* forbidden: then there is nothing to erase */ }
}

/** Seconds, from a number of them or a date. */
const patience = (text) => Math.ceil(Math.min(3600, Math.max(0, +text || (Date.parse(text) - wall()) / 1000 || 0)));

/** The minute in which requests share one limit of time, and that limit. */
let minute = -1;
let shared;
/**
 * One to two minutes for an answer: whatever stands between us and a collector has given up by then (nginx, AWS: after one).
 * A limit is kept in memory until its time is up, so each request has not one of its own.
 */
function limit() {
  const now = Math.floor(mono() / 60_000);
  if (now !== minute) shared = AbortSignal.timeout?.(120_000);
  minute = now;
  return shared;
}

/** Asks the second module to make requests of a batch; if there is none, it says so by the text that `model/delivery.rs` knows. */
export const encode = (text, end, limit, most) => (parts.formats ? parts.formats.encode(text, end, limit, most) : '?');

/**
 * Sends. The answer's status is 0 where there was no answer and -1 where there will be none; on top of it stand, in
 * thousands, the seconds the collector wants to be left alone. What the second module has made it also judges.
 */
export function send(number, to, body, means) {
  const mine = generation;
  const other = exec(/\x1f/, to) && parts.formats.request(to);
  const { url, type, headers, judge } = other || { __proto__: null, url: to };
  const answered = (status) => { if (mine === generation) call(ANSWER, number, status); };
  if (means === 2) {
    let taken = false;
    try {
      taken = navigator.sendBeacon(url, other ? new Blob([body], { __proto__: null, type }) : body);
    } catch { /* a URL that is none */ }
    answered(taken ? -1 : 0);
    return;
  }
  // Without a prototype, so that nothing a page put on Object.prototype becomes an option of ours.
  const init = { __proto__: null, method: 'POST', body, headers, keepalive: means === 1, mode: 'cors', credentials: 'omit', referrerPolicy: 'origin',
    // A redirected POST becomes a GET, whose answer would be taken for a delivery.
    redirect: 'error', signal: limit() };
  deliver();
  /** `await` asks a promise of the browser's nothing that a page could have replaced. */
  async function deliver() {
    // Without a network nothing is sent, which is as if it had been asked for later: no answer could mean it had arrived.
    const silent = navigator.onLine ? 0 : 503;
    let status;
    try {
      const answer = await fetch(url, init);
      const wait = 1000 * patience(answer.headers.get('retry-after'));
      status = answer.status + wait;
      const judged = other && (await judge(answer));
      if (judged) {
        if (mine === generation) say(JUDGED, number + '\x1f' + wait + '\x1f' + judged);
        return;
      }
    } catch {
      // A page that is left hears that its requests have failed, although they go on: it must not send them again in its
      // last task.
      if (status === undefined) {
        setTimeout(answered, 0, silent);
        return;
      }
    }
    answered(status);
  }
}
