/**
 * Which elements an event hits that rules name, and those facts of them the rules asked for.
 *
 * Events that cross shadow roots are heard at the window. Those that do not (`submit`, `change`, what players say) are
 * heard at each open root, from the first time on that a pointer, a key or the focus has been inside of it.
 */

import { OPTIONS, all, doc, ends, event, getter, hear, html, join, mono, pack, parts, say, trail, w } from './host.js';

const { WeakMap, WeakRef, WeakSet, Element } = w;
const { composedPath } = Event.prototype;
const { matches, getAttribute, getAttributeNames, querySelector } = Element.prototype;
const { contains } = Node.prototype;
const { addEventListener, removeEventListener } = EventTarget.prototype;
const { createDocumentFragment } = Document.prototype;
const parentNode = getter(Node.prototype, 'parentNode');
const baseURI = getter(Node.prototype, 'baseURI');
const localName = getter(Element.prototype, 'localName');
const textContent = getter(Node.prototype, 'textContent');
const activeElement = getter(Document.prototype, 'activeElement');
const openRoot = getter(Element.prototype, 'shadowRoot');
const { setTimeout } = w;

/** What wasm is called for; the same numbers stand in `mod.rs`. */
const HITS = 7;
const BAD = 17;
const CLOSED = 18;

/**
 * A selector may take so long in all, ms. One slow answer says little, for the machine may have been busy with
 * something else, and quick ones make up for it.
 */
const PATIENCE = 24;
const SLOW = 3;
const MOST = 9;

/** Watches by event type. */
let watched = Object.create(null);
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
    if (selector) createDocumentFragment.call(doc).querySelector(selector);
    return true;
  } catch {
    return false;
  }
}

/** Adds a watch for an event; `name` may hold, after a space, which buttons may have sent a form. */
export function watchEvent(ear, name, selector, wants, media, bridge) {
  const [, type, by] = /^(\S+) ?(.*)$/s.exec(name) ?? [];
  (watched[type] ??= []).push({ ear, selector, by, wants: wants.split('\x1e'), media, slow: 0 });
  if (type === 'submit') once(watchSubmitted);
  if (type === 'focusin') once(watchFocusOfFrames);
  if (!/click$/.test(type)) once(watchInside);
  if (bridge && !/[. ]/.test(type) && !bridged.includes(type)) bridged.push(type);
  if (bridge) whenLate(bridgeToJQuery);
}

let done = [];
const once = (act) => {
  if (!done.length) ends.push(forget);
  if (!done.includes(act)) done.push(act), act();
};
function forget() {
  for (const each of bound) {
    const target = each.deref();
    if (target) for (const type in watched) target.removeEventListener(type, hearInside, OPTIONS);
  }
  for (const type of WITHIN) w.removeEventListener(type, inside, OPTIONS);
  removeEventListener.call(doc, 'load', inside, OPTIONS);
  [watched, bound, known, bridged, jQueries, late, done] = [Object.create(null), [], new WeakSet(), [], new WeakMap(), [], []];
}

/** Things that may come to the page after us are looked for whenever it makes a step. */
let late = [];
export function whenLate(look) {
  once(watchInside);
  if (!late.includes(look)) late.push(look);
  safely(look);
}

const WITHIN = ['pointerdown', 'keydown', 'focusin', 'DOMContentLoaded', 'load', 'visibilitychange', 'pagehide'];
function watchInside() {
  for (const type of WITHIN) w.addEventListener(type, inside, OPTIONS);
  // At the document: what loads in it, a script for one, is not heard at the window.
  addEventListener.call(doc, 'load', inside, OPTIONS);
}

/** Into a frame the focus goes without an event: all that shows is that the window has lost it and the frame has it. */
function watchFocusOfFrames() {
  const look = () => {
    let frame = activeElement.call(doc);
    for (let root; (root = frame && openRoot.call(frame)); ) frame = root.activeElement;
    if (frame && /^i?frame$/.test(localName.call(frame))) told(watched.focusin ?? [], 'focusin', upwards(frame), true);
  };
  // Firefox moves it only after it has said so.
  const lost = (event) => { if (event.target === w) setTimeout(look); };
  w.addEventListener('blur', lost, OPTIONS);
  ends.push(() => w.removeEventListener('blur', lost, OPTIONS));
}

/** How many presses and keys there have been. */
let gesture = 0;
function inside(event) {
  if (/^(pointerdown|keydown)$/.test(event.type) && event.isTrusted) gesture += 1;
  for (const look of late) safely(look);
  for (const node of composedPath.call(event)) if (node.nodeType === 11) bind(node);
  const target = composedPath.call(event)[0];
  // What takes the focus without being able to has something inside that nobody can see into.
  if (event.type === 'focusin' && isElement(target) && localName.call(target).includes('-') && !openRoot.call(target)
    && getAttribute.call(target, 'tabindex') === null && !target.isContentEditable) closed(target);
}

export const roots = () => [doc, ...bound.map((each) => each.deref()).filter(Boolean)];

/** Listens inside an open root, or a document of a frame. */
export function bind(root) {
  if (known.has(root)) return;
  known.add(root);
  // Those that are gone are not to be kept count of.
  if (bound.length % 100 === 99) bound = bound.filter((each) => each.deref());
  bound.push(new WeakRef(root));
  for (const type in watched) root.addEventListener(type, hearInside, OPTIONS);
}
const hearInside = (event) => {
  // What crosses roots has been heard at the window. `composed` does not tell: Chromium says it of `submit` as well.
  if (!composedPath.call(event).includes(w)) hear(event);
};

function closed(host) {
  if (known.has(host)) return;
  known.add(host);
  const name = localName.call(host);
  for (const type of ['submit', 'change']) {
    for (const { ear, selector } of watched[type] ?? []) {
      if (selector && !roots().some((root) => all(root, selector).length)) say(CLOSED, join([ear, name]));
    }
  }
}

/** jQuery's own events are no events of the browser; those that are reach us without it. */
function bridgeToJQuery() {
  const { jQuery } = w;
  if (typeof jQuery !== 'function' || !jQuery.fn?.on) return;
  const names = bridged.slice(jQueries.get(jQuery)).map((type) => type + '.footstep').join(' ');
  jQueries.set(jQuery, bridged.length);
  if (!names) return;
  const heard = ({ type, target, originalEvent }) => {
    if (originalEvent) return;
    const path = upwards(target);
    told(watched[type] ?? [], type, path.length ? path : [html()], true);
  };
  // In jQuery, too, the window hears what the document does.
  const page = jQuery(w);
  page.on(names, heard);
  ends.push(() => page.off(names, heard));
}

/** The element and all around it, also around the root it stands in. */
function upwards(element) {
  const path = [];
  for (let node = element; node?.nodeType; node = parentNode.call(node) ?? node.host) if (isElement(node)) path.push(node);
  return path;
}

/** Hits that wasm does not hear of by itself. */
function told(list, type, path, trusted) {
  const packed = safely(() => hits(list, type, path, trusted));
  if (packed) say(HITS, packed);
}

/** What a player in a frame says, as if it were one on the page. */
export function played(frame, list, state) {
  told(list.map((entry) => ({ ...entry, state })), 'players', [frame], true);
}

// A getter of the page's own may throw. That is no trap, and the next event may be read well.
function safely(act) {
  try {
    return act();
  } catch {
    return '';
  }
}

/** The elements the event hit, with the facts their rules asked for; empty if no rule is concerned. */
export const facts = () => safely(() => {
  const { type } = event;
  // The middle button opens a link in a new tab; the right one only asks for a menu.
  if (type === 'auxclick' && event.button !== 1) return '';
  const path = (trail ?? composedPath.call(event)).filter(isElement);
  // Only of the left button does the browser itself keep what is disabled quiet.
  if (type === 'auxclick' && path.some((element) => matches.call(element, 'button:disabled,input:disabled'))) return '';
  // What is dispatched at the document or the window hits the page as a whole.
  if (!path.length) path.push(html());
  if (type === 'click' && event.isTrusted) gesture += 1;
  if (type === 'submit') {
    const { submitter } = event;
    const before = sent.get(path[0]);
    sent.set(path[0], { gesture, submitter, at: mono() });
    // Held back by the page and sent on by it later, without another gesture or button: the same step.
    if (gesture && before?.gesture === gesture && (!submitter || submitter === before.submitter)) return '';
  }
  return hits(watched[type] ?? [], type, path.filter(notClickedTwice(path)), event.isTrusted);
});

function hits(list, type, near, trusted) {
  let packed = '';
  let now = mono();
  // One by one: joined into one selector, an unclosed bracket in one would swallow the others.
  for (const entry of list) {
    const { ear, selector, by, wants, media, state } = entry;
    if (entry.dead) continue;
    const find = () => near.find((element) => matches.call(element, selector));
    const hit = selector ? find() : near[0];
    const then = now;
    now = mono();
    let took = now - then;
    // A machine that was busy with something else is quicker the next time; a slow selector is not.
    for (let again = 0; selector && again < 2 && took > SLOW; again += 1) {
      find();
      took = Math.min(took, mono() - now);
      now = mono();
    }
    entry.slow = Math.max(0, entry.slow + (took > SLOW ? Math.min(took, MOST) : -1));
    if (entry.slow > PATIENCE) {
      entry.dead = true;
      say(BAD, join([ear, selector]));
      continue;
    }
    if (!hit || (media && !state && !/^(video|audio)$/.test(localName.call(hit)))) continue;
    if (by && !(event.submitter && matches.call(event.submitter, by))) continue;
    packed += '\x1e' + join([ear, number(hit), ...(media ? player(state ?? hit, type) : [0]), ...askedOf(hit, wants)]);
  }
  return packed && (trusted ? 1 : 0) + packed;
}

/**
 * `form.submit()` makes no `submit` event. It makes `formdata`, as reading a form by code does as well: it was sent if
 * the page is left by it at once.
 */
let sent = new WeakMap();
let unsent;
const page = (url) => url.replace(/[?#].*/s, '');
function watchSubmitted() {
  const asked = (event) => {
    const form = event.target;
    unsent = undefined;
    if (mono() - (sent.get(form)?.at ?? -Infinity) < 30_000) return;
    const path = composedPath.call(event).filter(isElement);
    const packed = safely(() => hits((watched.submit ?? []).filter(({ by }) => !by), 'submit', path, true));
    const action = safely(() => new URL(getAttribute.call(form, 'action') || location.href, baseURI.call(doc)).href);
    if (packed) unsent = { packed, action: page(action), until: mono() + (w.navigation ? 1000 : 10_000) };
  };
  const left = (event) => {
    const { destination, formData } = event;
    if (destination?.sameDocument) return;
    // Not by a link that was followed after the page had read the form.
    const by = !destination || formData || page(destination.url) === unsent?.action;
    if (unsent && by && mono() < unsent.until) say(HITS, unsent.packed);
    unsent = undefined;
  };
  w.addEventListener('formdata', asked, OPTIONS);
  // The one is there where the other is not, and comes before the page is asked whether it may end.
  const [target, name] = w.navigation ? [w.navigation, 'navigate'] : [w, 'pagehide'];
  target.addEventListener(name, left, OPTIONS);
  ends.push(() => {
    w.removeEventListener('formdata', asked, OPTIONS);
    target.removeEventListener(name, left, OPTIONS);
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
    label = path.find((element) => localName.call(element) === 'label' && !path.includes(element.control));
    if (label) setTimeout(forgetLabel);
  }
  return (element) => !twice || !contains.call(element, twice);
}

/** The same element keeps its number; the map holds no element back from the collector of garbage. */
export function number(element) {
  if (!elements.has(element)) elements.set(element, ++elementCount);
  return elements.get(element);
}

/** What was asked for and what was found, in turn. */
export function askedOf(element, wants) {
  const found = [];
  for (const want of wants) {
    if (/^[=@]/.test(want)) {
      const [, name, selector] = /^(?:=|@(\S+) )(.*)$/s.exec(want) ?? [];
      const other = selector && near(element, selector);
      const text = other && (name ? attribute(other, name) : content(other));
      if (text !== null && text !== undefined) found.push(want, text);
    } else if (want) {
      const all = want.endsWith('*') && want.slice(0, -1);
      for (const name of getAttributeNames.call(element)) {
        if (name === want || (all && name.startsWith(all))) found.push(name, attribute(element, name));
      }
    }
  }
  return found;
}

/** The element itself, else the first inside of it, else inside of what is around it. */
function near(element, selector) {
  for (let at = element; at && at !== doc; at = at.nodeType === 11 ? at.host : parentNode.call(at)) {
    if (!isElement(at)) continue;
    const found = matches.call(at, selector) ? at : querySelector.call(at, selector);
    if (found) return found;
  }
}

/** What a visitor may have typed is refused, whatever a rule says; wasm knows what this sign means. */
const REFUSED = '\x1d';
const attribute = (element, name) => (name === 'value' && isField(element) ? REFUSED : getAttribute.call(element, name));
const content = (element) => (isField(element) || element.isContentEditable || querySelector.call(element, 'textarea,[contenteditable]') ? REFUSED : textContent.call(element).replace(/\s+/g, ' ').trim());
const says = (element, name) => (getAttribute.call(element, name) ?? '').toLowerCase();
function isField(element) {
  const name = localName.call(element);
  if (name !== 'input') return name === 'textarea' || name === 'select';
  return !/^(hidden|submit|button|image|reset|checkbox|radio)$/.test(says(element, 'type')) || /cc-|password|one-time/.test(says(element, 'autocomplete'));
}

/** What is wanted of the page, by what was wanted. */
export function look(wants) {
  const found = [];
  for (const want of wants.split('\x1e')) {
    if (/^[=@]/.test(want)) {
      found.push(...askedOf(html(), [want]));
      continue;
    }
    const path = want.slice(1);
    const value = safely(() => (want[0] === 'D' ? pushed(path.split('.')) : parts.product?.product({ J: 'jsonld', M: 'microdata', O: 'opengraph' }[want[0]], path)));
    const text = value !== undefined && value !== '' && safely(() => pack(value));
    if (text) found.push(want, text);
  }
  return found.map((each) => String(each).replace(/[\x1e\x1f]/g, ' ')).join('\x1f');
}

/** The last value at that path of what was pushed onto the data layer. */
function pushed(steps) {
  const layer = w.dataLayer;
  for (let at = Array.isArray(layer) ? layer.length : 0; at-- > 0;) {
    const entry = layer[at];
    // Arguments of gtag(): what they say of the sale stands at the third place.
    const from = entry?.[2] && typeof entry[0] === 'string' ? { ...entry[2], ecommerce: entry[2] } : entry;
    const value = safely(() => steps.reduce((object, step) => (object && Object.hasOwn(object, step) ? object[step] : undefined), from));
    if ((value ?? '') !== '') return value;
  }
}

function player(media, type) {
  if (media.event !== undefined) {
    const { event, position, duration, rate, paused, muted, autoplay } = media;
    return [1, event, position, duration, rate, ...[paused, muted, autoplay, false].map(Number)];
  }
  const { currentTime, duration, playbackRate, paused, ended, muted, volume, autoplay, seeking, loop } = media;
  const event = type === 'emptied' ? 3 : seeking ? 2 : type === 'playing' ? 1 : 0;
  const ms = (seconds) => (seconds > 0 && seconds < 1e7 ? Math.round(seconds * 1000) : 0);
  const flags = [paused || ended, muted || !volume, autoplay, loop].map(Number);
  return [1, event, ms(currentTime), ms(duration), Math.round(Math.abs(playbackRate) * 100), ...flags];
}

