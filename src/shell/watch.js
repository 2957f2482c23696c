/**
 * What of the page is observed besides its events: its address, its data layer, its permission to notify, its
 * requests and players where a rule asks for them, and frames of its own origin.
 */

import { OPTIONS, add, addListener, all, call, clean, doc, ending, exec, getOwnPropertyDescriptor, getter, has, hasOwn, join, pack, parts, pick, removeListener, safe, say, split, w } from './host.js';
import { bind, isSelector, played, watchEvent, whenLate } from './hits.js';
import { watchRendered, watchScroll, watchVisible } from './sight.js';

export { facts, look } from './hits.js';
export { adopt, erase, forget, keep } from './journal.js';
export { lookOut, seen } from './sight.js';

const { setTimeout, clearTimeout } = w;
const contentDocument = getter(HTMLIFrameElement.prototype, 'contentDocument');
const { apply } = Reflect;
const { defineProperty } = Object;
const { isArray } = Array;

/** What wasm is called for; the same numbers stand in `mod.rs`. */
const DATA = 8;
const EXCHANGE = 9;
const ALLOWED = 12;
const ROUTE = 14;
const SILENT = 19;

/** By the order of `Source` in Rust. */
const WATCHES = [
  (ear, event, selector, wants) => watchEvent(ear, event, selector, wants),
  (ear, event, selector, wants) => watchEvent(ear, event, selector, wants, true),
  (ear, event, selector) => watchScroll(ear, event, selector),
  (ear, event, selector, wants) => watchEvent(ear, event, selector, wants, false, true),
  (ear, _, selector, wants) => watchVisible(ear, selector, wants),
  (ear, event, selector) => watchRendered(ear, event, selector),
  (_, event) => watchData(event),
  () => {},
  watchPermission,
  () => {},
  watchRequests,
  watchPlayers,
  watchFrames,
];

/** Adds a watch; false if the browser does not understand its selector. */
export function watch(ear, source, event, selector, wants) {
  if (!isSelector(selector) || !isSelector(exec(/ (.*)/s, source ? '' : event)?.[1])) return false;
  try {
    if (!observed.route) observed.route = true, watchRoutes();
    WATCHES[source](ear, event, selector, wants);
  } catch {
    return false;
  }
  return true;
}

let observed = {};
const forget = () => { observed = {}; };

/** The page's address, when it changes without another document: by the browser's own event, else by one patch. */
function watchRoutes() {
  const told = () => say(ROUTE, location.href);
  ending(forget);
  const { navigation, history, History } = w;
  const hear = (target, type) => {
    addListener(target, type, told, OPTIONS);
    ending(() => removeListener(target, type, told, OPTIONS));
  };
  if (navigation) return hear(navigation, 'currententrychange');
  // Where another library has put its own, on the one object there is, nobody asks the prototype any more.
  pick(['pushState', 'replaceState'], (name) => ending(wrap(hasOwn(history, name) ? history : History.prototype, name, told)));
  hear(w, 'popstate');
  hear(w, 'hashchange');
}

/**
 * Calls `after` whenever a function of the page's has been called, with what it was called with. Returns what takes
 * that back: wholly, unless somebody has wrapped ours since; then it does nothing any more.
 */
function wrap(object, name, after) {
  const before = getOwnPropertyDescriptor(object, name);
  const original = object[name];
  let on = true;
  const ours = { [name](...args) {
    const result = apply(original, this, args);
    if (on) {
      try {
        after(args);
      } catch { /* of no concern to the page */ }
    }
    return result;
  } }[name];
  try {
    defineProperty(object, name, { __proto__: null, configurable: true, enumerable: before?.enumerable ?? false, writable: true, value: ours });
  } catch { /* frozen: it is not observed */ }
  return () => {
    on = false;
    if (object[name] !== ours) return;
    if (before) defineProperty(object, name, before);
    else delete object[name];
  };
}

/** What was pushed onto the data layer before us, once, and from now on; also if the array comes later. */
function watchData(name) {
  if (observed['data ' + name]) return;
  observed['data ' + name] = true;
  let layer;
  whenLate(() => {
    const now = w[name];
    if (now === layer || !isArray(now)) return;
    layer = now;
    // Of what is there now: to tell of it may push more.
    pick(pick(now, (entry) => entry), told);
    ending(wrap(now, 'push', (args) => pick(args, told)));
  });
  function told(entry) {
    if (typeof entry !== 'object' || !entry) return;
    try {
      // gtag() pushes its arguments, which are no array.
      const list = typeof entry[0] === 'string' && typeof entry.length === 'number';
      const text = pack(list ? pick(entry, (each) => each ?? null) : entry);
      if (text) say(DATA, text);
    } catch { /* what cannot be read cannot be told */ }
  }
}

function watchPermission() {
  if (observed.permission) return;
  observed.permission = true;
  let status;
  const told = () => { if (status.state === 'granted') call(ALLOWED, 0, 0); };
  (async () => {
    try {
      status = await navigator.permissions.query({ name: 'notifications' });
      if (!observed.permission) return;
      addListener(status, 'change', told);
      ending(() => removeListener(status, 'change', told));
    } catch { /* nobody to ask */ }
  })();
}

function watchRequests() {
  if (observed.requests || !parts.requests) return;
  observed.requests = true;
  ending(parts.requests.observe(({ url, method, status, last, body }) => {
    const packed = body === undefined ? '' : pack(body);
    return say(EXCHANGE, join([url, method, status, last ? 1 : 0]) + '\x1f' + packed);
  }));
}

/** By the kinds of players that are wanted: one observer for all rules. */
const players = [];
function watchPlayers(ear, kinds, selector, wants) {
  add(players, { ear, kinds, selector, wants: split(wants, '\x1e'), media: true, slow: 0 });
  if (players[1] || !parts.players) return;
  // After the last rule has said which it wants.
  queueMicrotask(() => {
    const all = [];
    pick(players, ({ kinds }) => pick(split(kinds, ','), (kind) => { if (kind && !has(all, kind)) add(all, kind); }));
    const { remove, silent } = parts.players.watchPlayers(all, (frame, state, kind) => (
      played(frame, pick(players, (entry) => (has(split(entry.kinds, ','), kind) ? entry : undefined)), state)));
    // By then each has been asked as often as it will be.
    const patience = setTimeout(() => pick(silent(), ({ src }) => say(SILENT, clean(src))), 20_000);
    ending(() => {
      remove();
      clearTimeout(patience);
      players.length = 0;
    });
  });
}

/** Frames of the page's own origin; others are never touched. Each document in one is bound when it is there. */
function watchFrames() {
  const look = (frame) => {
    const inner = contentDocument(frame);
    if (inner) bind(inner);
  };
  const loaded = safe(({ target }) => { if (target instanceof HTMLIFrameElement) look(target); });
  // At the document: what loads in it is not heard at the window.
  addListener(doc, 'load', loaded, OPTIONS);
  ending(() => removeListener(doc, 'load', loaded, OPTIONS));
  whenLate(() => pick(all(doc, 'iframe'), look));
}
