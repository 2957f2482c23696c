/**
 * Which elements an event hits that rules name, and those facts of them the rules asked for.
 *
 * Events that cross shadow roots are heard at the window. Those that do not (`submit`, `change`, what players say) are
 * heard at each open root, from the first time on that a pointer, a key or the focus has been inside of it.
 */

import {
  OPTIONS, SLOW, add, addListener, all, bare, clean, cut, doc, ending, event, exec, first, free, getter, has, hasOwn, hear, html, isSlow, join, mono, pack, parts, pick,
  removeListener, safe, say, split, squeeze, trail, w,
} from './host.js';

const { WeakMap, WeakRef, WeakSet, Element, setTimeout } = w;
const { create } = Object;
const { isArray } = Array;
const composedPath = free(Event.prototype.composedPath);
export const matches = free(Element.prototype.matches);
const getAttribute = free(Element.prototype.getAttribute);
const getAttributeNames = free(Element.prototype.getAttributeNames);
const querySelector = free(Element.prototype.querySelector);
const contains = free(Node.prototype.contains);
const inFragment = free(DocumentFragment.prototype.querySelector);
/** What belongs to no document and holds nothing, to try selectors at. */
const nothing = new DocumentFragment();
const parentNode = getter(Node.prototype, 'parentNode');
const baseURI = getter(Node.prototype, 'baseURI');
const localName = getter(Element.prototype, 'localName');
const textContent = getter(Node.prototype, 'textContent');
const activeElement = getter(Document.prototype, 'activeElement');
const openRoot = getter(Element.prototype, 'shadowRoot');

/** What wasm is called for; the same numbers stand in `mod.rs`. */
const HITS = 7;
const CLOSED = 18;

/** Watches by event type. */
let watched = create(null);
let elements = new WeakMap();
let elementCount = 0;
/** Roots and documents that are listened to besides the window. */
let bound = [];
let known = new WeakSet();
/** Names of events that jQuery makes as well, and how many of them each of its copies was told. */
let bridged = [];
let jQueries = new WeakMap();

export const isElement = (node) => node?.nodeType === 1;
/** Whether rules can use it. */
export function isSelector(selector) {
  try {
    if (selector) inFragment(nothing, selector);
    return true;
  } catch {
    return false;
  }
}

/** Adds a watch for an event; `name` may hold, after a space, which buttons may have sent a form. */
export function watchEvent(ear, name, selector, wants, media, bridge) {
  const { 1: type, 2: by } = exec(/^(\S+) ?(.*)$/s, name) ?? {};
  add((watched[type] ??= []), { ear, selector, by, wants: split(wants, '\x1e'), media, slow: 0 });
  if (type === 'submit') once(watchSubmitted);
  if (type === 'focusin') once(watchFocusOfFrames);
  if (!exec(/click$/, type)) once(watchInside);
  if (bridge && !exec(/[. ]/, type) && !has(bridged, type)) add(bridged, type);
  if (bridge) whenLate(bridgeToJQuery);
}

let done = [];
const once = (act) => {
  if (!done.length) ending(forget);
  if (!has(done, act)) add(done, act), act();
};
function forget() {
  pick(pick(bound, (each) => each.deref()), (target) => {
    watchInside(target, removeListener);
    for (const type in watched) removeListener(target, type, hearInside, OPTIONS);
  });
  watchInside(w, removeListener);
  watched = create(null);
  bound = [];
  known = new WeakSet();
  bridged = [];
  jQueries = new WeakMap();
  late = [];
  done = [];
}

/** Things that may come to the page after us are looked for whenever it makes a step. */
let late = [];
export function whenLate(look) {
  once(watchInside);
  if (!has(late, look)) add(late, look);
  safely(look);
}

const WITHIN = ['pointerdown', 'keydown', 'focusin', 'DOMContentLoaded', 'load', 'visibilitychange', 'pagehide'];
function watchInside(target = w, how = addListener) {
  pick(WITHIN, (type) => how(target, type, inside, OPTIONS));
  // At the document: what loads in it, a script for one, is not heard at the window.
  how(doc, 'load', inside, OPTIONS);
}

/** Into a frame the focus goes without an event: all that shows is that the window has lost it and the frame has it. */
function watchFocusOfFrames() {
  const look = safe(() => {
    let frame = activeElement(doc);
    for (let root; (root = frame && openRoot(frame)); ) frame = root.activeElement;
    if (frame && exec(/^i?frame$/, localName(frame))) told(watched.focusin ?? [], 'focusin', upwards(frame), true);
  });
  // Firefox moves it only after it has said so.
  const lost = (event) => { if (event.target === w) setTimeout(look); };
  addListener(w, 'blur', lost, OPTIONS);
  ending(() => removeListener(w, 'blur', lost, OPTIONS));
}

/** How many presses and keys there have been. */
let gesture = 0;
const inside = safe((event) => {
  if (exec(/^(pointerdown|keydown)$/, event.type) && event.isTrusted) gesture += 1;
  pick(late, safely);
  const path = composedPath(event);
  pick(path, (node) => { if (node.nodeType === 11) bind(node); });
  const target = path[0];
  // What takes the focus without being able to has something inside that nobody can see into.
  if (event.type === 'focusin' && isElement(target) && exec(/-/, localName(target)) && !openRoot(target)
    && getAttribute(target, 'tabindex') === null && !target.isContentEditable) closed(target);
});

export const roots = () => {
  const found = [doc];
  pick(pick(bound, (each) => each.deref()), (root) => add(found, root));
  return found;
};

/** Listens inside an open root, or a document of a frame. */
export function bind(root) {
  if (known.has(root)) return;
  known.add(root);
  // Those that are gone are not to be kept count of.
  if (bound.length % 100 === 99) bound = pick(bound, (each) => (each.deref() ? each : undefined));
  add(bound, new WeakRef(root));
  if (root.nodeType === 9) watchInside(root);
  for (const type in watched) addListener(root, type, hearInside, OPTIONS);
}
const hearInside = safe((event) => {
  // What crosses roots has been heard at the window. `composed` does not tell: Chromium says it of `submit` as well.
  if (!has(composedPath(event), w)) hear(event);
});

function closed(host) {
  if (known.has(host)) return;
  known.add(host);
  pick(['submit', 'change'], (type) => pick(watched[type] ?? [], ({ ear, selector }) => {
    if (selector && !pick(roots(), (root) => all(root, selector)[0]).length) say(CLOSED, join([ear, localName(host)]));
  }));
}

/** jQuery's own events are no events of the browser; those that are reach us without it. */
function bridgeToJQuery() {
  const { jQuery } = w;
  if (typeof jQuery !== 'function' || !jQuery.fn?.on) return;
  const known = jQueries.get(jQuery) ?? 0;
  const names = join(pick(bridged, (type, at) => (at < known ? undefined : type + '.footstep')), clean, ' ');
  jQueries.set(jQuery, bridged.length);
  if (!names) return;
  const heard = safe(({ type, target, originalEvent }) => {
    if (originalEvent) return;
    const path = upwards(target);
    told(watched[type] ?? [], type, path.length ? path : [html()], true);
  });
  // In jQuery, too, the window hears what the document does.
  const page = jQuery(w);
  page.on(names, heard);
  ending(() => page.off(names, heard));
}

/** The element and all around it, also around the root it stands in. */
function upwards(element) {
  const path = [];
  for (let node = element; node?.nodeType; node = parentNode(node) ?? node.host) if (isElement(node)) add(path, node);
  return path;
}

/** Hits that wasm does not hear of by itself. */
function told(list, type, path, trusted) {
  const packed = safely(() => hits(list, type, path, trusted));
  if (packed) say(HITS, packed);
}

/** What a player in a frame says, as if it were one on the page. */
export function played(frame, list, state) {
  told(pick(list, (entry) => ({ ...entry, state })), 'players', [frame], true);
}

const elementsOf = (event) => pick(trail ?? composedPath(event), (node) => (isElement(node) ? node : undefined));

const safely = (act) => safe(act)();

/** The elements the event hit, with the facts their rules asked for; empty if no rule is concerned. */
export const facts = () => safely(() => {
  const { type } = event;
  // The middle button opens a link in a new tab; the right one only asks for a menu.
  if (type === 'auxclick' && event.button !== 1) return '';
  const path = elementsOf(event);
  // Only of the left button does the browser itself keep what is disabled quiet.
  if (type === 'auxclick' && first(path, (element) => matches(element, 'button:disabled,input:disabled'))) return '';
  // What is dispatched at the document or the window hits the page as a whole.
  if (!path[0]) add(path, html());
  if (type === 'click' && event.isTrusted) gesture += 1;
  if (type === 'submit') {
    const { submitter } = event;
    const before = sent.get(path[0]);
    sent.set(path[0], { gesture, submitter, at: mono() });
    // Held back by the page and sent on by it later, without another gesture or button: the same step.
    if (gesture && before?.gesture === gesture && (!submitter || submitter === before.submitter)) return '';
  }
  return hits(watched[type] ?? [], type, pick(path, notClickedTwice(path)), event.isTrusted);
});

function hits(list, type, near, trusted) {
  let packed = '';
  let now = mono();
  // One by one: joined into one selector, an unclosed bracket in one would swallow the others.
  pick(list, (entry) => {
    const { ear, selector, by, wants, media, state } = entry;
    if (entry.dead) return;
    const find = () => first(near, (element) => matches(element, selector));
    const hit = selector ? find() : near[0];
    const then = now;
    now = mono();
    if (selector && isSlow(entry, now - then, find)) return;
    if (now - then > SLOW) now = mono();
    if (!hit || (media && !state && !exec(/^(video|audio)$/, localName(hit)))) return;
    if (by && !(event.submitter && matches(event.submitter, by))) return;
    packed += '\x1e' + join([ear, number(hit)]) + '\x1f' + (media ? player(state ?? hit, type) : 0) + askedOf(hit, wants);
  });
  return packed && (trusted ? 1 : 0) + packed;
}

/**
 * `form.submit()` makes no `submit` event. It makes `formdata`, as reading a form by code does as well: it was sent if
 * the page is left by it at once.
 */
let sent = new WeakMap();
let unsent;
const page = (url) => exec(/^[^?#]*/, url)[0];
function watchSubmitted() {
  const asked = safe((event) => {
    const form = event.target;
    unsent = undefined;
    if (mono() - (sent.get(form)?.at ?? -Infinity) < 30_000) return;
    const packed = safely(() => hits(pick(watched.submit ?? [], (entry) => (entry.by ? undefined : entry)), 'submit', elementsOf(event), true));
    const action = safely(() => new URL(getAttribute(form, 'action') || location.href, baseURI(doc)).href);
    if (packed) unsent = { packed, action: page(action), until: mono() + (w.navigation ? 1000 : 10_000) };
  });
  const left = safe((event) => {
    const { destination, formData } = event;
    if (destination?.sameDocument) return;
    // Not by a link that was followed after the page had read the form.
    const by = !destination || formData || page(destination.url) === unsent?.action;
    if (unsent && by && mono() < unsent.until) say(HITS, unsent.packed);
    unsent = undefined;
  });
  addListener(w, 'formdata', asked, OPTIONS);
  // The one is there where the other is not, and comes before the page is asked whether it may end.
  const target = w.navigation ?? w;
  const name = target === w ? 'pagehide' : 'navigate';
  addListener(target, name, left, OPTIONS);
  ending(() => {
    removeListener(w, 'formdata', asked, OPTIONS);
    removeListener(target, name, left, OPTIONS);
    unsent = undefined;
  });
}

/**
 * A click on a label is followed by a click on its field, made by the browser within the same task: one gesture. What
 * stands around the label has been hit by the first and is passed over in the second. Their times say nothing about
 * that: Firefox gives the second one of its own, later by as long as the page took over the first.
 */
let label;
const forgetLabel = () => { label = undefined; };
function notClickedTwice(path) {
  const click = event.type === 'click';
  const twice = click && label && label.control === path[0] && label;
  if (click) {
    label = first(path, (element) => localName(element) === 'label' && !has(path, element.control));
    if (label) setTimeout(forgetLabel);
  }
  return (element) => (!twice || !contains(element, twice) ? element : undefined);
}

/** The same element keeps its number; the map holds no element back from the collector of garbage. */
export function number(element) {
  if (!elements.has(element)) elements.set(element, ++elementCount);
  return elements.get(element);
}

/** What was asked for and what was found, in turn; each begins with its US. */
export function askedOf(element, wants) {
  let found = '';
  const say = (want, text) => { found += '\x1f' + join([want, text]); };
  pick(wants, (want) => {
    if (exec(/^[=@]/, want)) {
      const { 1: name, 2: selector } = exec(/^(?:=|@(\S+) )(.*)$/s, want) ?? {};
      const other = selector && near(element, selector);
      const text = other && (name ? attribute(other, name) : content(other));
      if (text !== null && text !== undefined) say(want, text);
    } else if (want) {
      const all = exec(/(.*)\*$/, want)?.[1];
      pick(getAttributeNames(element), (name) => {
        if (name === want || (all && cut(name, 0, all.length) === all)) say(name, attribute(element, name));
      });
    }
  });
  return found;
}

/** The element itself, else the first inside of it, else inside of what is around it. */
function near(element, selector) {
  for (let at = element; at && at !== doc; at = at.nodeType === 11 ? at.host : parentNode(at)) {
    if (!isElement(at)) continue;
    const found = matches(at, selector) ? at : querySelector(at, selector);
    if (found) return found;
  }
}

/** What a visitor may have typed is refused, whatever a rule says; wasm knows what this sign means. */
const REFUSED = '\x1d';
const attribute = (element, name) => (name === 'value' && isField(element) ? REFUSED : getAttribute(element, name));
const content = (element) => (isField(element) || element.isContentEditable || querySelector(element, 'textarea,[contenteditable]') ? REFUSED : squeeze(textContent(element)));
function isField(element) {
  const name = localName(element);
  if (name !== 'input') return name === 'textarea' || name === 'select';
  return !exec(/^(hidden|submit|button|image|reset|checkbox|radio)$/i, getAttribute(element, 'type')) || exec(/cc-|password|one-time/i, getAttribute(element, 'autocomplete'));
}

/** What is wanted of the page, by what was wanted. */
export function look(wants) {
  let found = '';
  pick(split(wants, '\x1e'), (want) => {
    if (exec(/^[=@]/, want)) {
      found += askedOf(html(), [want]);
      return;
    }
    const path = cut(want, 1);
    const value = safely(() => (want[0] === 'D' ? pushed(split(path, '.')) : parts.product?.product({ J: 'jsonld', M: 'microdata', O: 'opengraph' }[want[0]], path)));
    const text = value !== undefined && value !== '' && safely(() => pack(value));
    if (text) found += '\x1f' + join([want, text], bare);
  });
  return cut(found, 1);
}

/** The last value at that path of what was pushed onto the data layer. */
function pushed(steps) {
  const layer = w.dataLayer;
  for (let at = isArray(layer) ? layer.length : 0; at-- > 0;) {
    const entry = layer[at];
    // Arguments of gtag(): what they say of the sale stands at the third place.
    const from = entry?.[2] && typeof entry[0] === 'string' ? { ...entry[2], ecommerce: entry[2] } : entry;
    const value = safely(() => {
      let value = from;
      pick(steps, (step) => { value = value && hasOwn(value, step) ? value[step] : undefined; });
      return value;
    });
    if ((value ?? '') !== '') return value;
  }
}

function player(media, type) {
  if (media.event !== undefined) {
    const { event, position, duration, rate, paused, muted, autoplay } = media;
    return join([1, event, position, duration, rate, +paused, +muted, +autoplay, 0]);
  }
  const { currentTime, duration, playbackRate, paused, ended, muted, volume, autoplay, seeking, loop } = media;
  const event = type === 'emptied' ? 3 : seeking ? 2 : type === 'playing' ? 1 : 0;
  const ms = (seconds) => (seconds > 0 && seconds < 1e7 ? Math.round(seconds * 1000) : 0);
  return join([1, event, ms(currentTime), ms(duration), Math.round(Math.abs(playbackRate) * 100), +(paused || ended), +(muted || !volume), +autoplay, +loop]);
}

