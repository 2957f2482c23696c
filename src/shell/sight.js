/**
 * What can be seen: how far the page was scrolled, how much of elements is on screen, and what becomes rendered while
 * the outcome of an attempt is awaited. Nothing here is measured but after a frame, when the layout is there anyway.
 */

import { OPTIONS, all, doc, ends, framed, getter, join, laidOut, say, scroller, unlaid, w } from './host.js';
import { askedOf, number, roots, whenLate } from './hits.js';

const { Element, IntersectionObserver, MutationObserver, WeakSet, getComputedStyle, setTimeout, clearTimeout } = w;
const { checkVisibility, getBoundingClientRect, matches } = Element.prototype;
const find = Document.prototype.querySelector;
const readyState = getter(Document.prototype, 'readyState');

/** What wasm is called for; the same numbers stand in `mod.rs`. */
const HITS = 7;
const RENDERED = 10;

/** Every hundredth of an element. No function of the page's: libraries replace `Array.from`. */
const STEPS = [];
for (let step = 0; step <= 100; step += 1) STEPS[step] = step / 100;

let scrolls = [];
let cards = [];
let awaited = new Map();
ends.push(forget);
function forget() {
  stopLooking();
  unlaid(remembering);
  remembering = undefined;
  [scrolls, cards, awaited] = [[], [], new Map()];
}

export function watchScroll(ear, axis, selector) {
  if (!scrolls.length) ends.push(forget);
  scrolls.push({ ear, axis, selector });
}

/** How much of the page, or of each watched element, has been seen; empty if `pending` and no frame is awaited. */
export function seen(pending) {
  const was = framed();
  // This may be the last moment: what has just become rendered must not be missed.
  if (pending) check();
  if (pending && !was) return '';
  const root = scroller();
  return scrolls.map(({ ear, axis, selector }) => {
    const x = axis === 'x';
    const view = x ? w.innerWidth : w.innerHeight;
    // Right-to-left pages count their scrolling below zero.
    let low = Math.abs(x ? root.scrollLeft : root.scrollTop) + view;
    let extent = x ? root.scrollWidth : root.scrollHeight;
    const element = selector && find.call(doc, selector);
    if (selector) {
      const box = element && getBoundingClientRect.call(element);
      const inner = element && (x ? element.scrollWidth - element.clientWidth : element.scrollHeight - element.clientHeight);
      low = box ? view - (x ? box.left : box.top) : 0;
      extent = (x ? box?.width : box?.height) ?? 0;
      // An element that scrolls by itself is as long as what is in it.
      if (inner > 1 && /auto|scroll/.test(getComputedStyle(element)[x ? 'overflowX' : 'overflowY'])) {
        extent += inner;
        low = low > 0 ? Math.min(low, x ? box.width : box.height) + Math.abs(x ? element.scrollLeft : element.scrollTop) : 0;
      }
    }
    return join([ear, Math.max(0, Math.round(low)), Math.round(extent)]);
  }).join('\x1e');
}

/** Tells how much of the elements is on screen whenever that changes, also of those that are inserted later. */
export function watchVisible(ear, selector, wants) {
  cards.push({ ear, selector, wants: wants.split('\x1e'), followed: new WeakSet() });
  if (cards.length > 1) return;
  let waits;
  const observer = new IntersectionObserver(shown, { __proto__: null, threshold: STEPS });
  const scan = () => {
    waits = undefined;
    for (const { selector, followed } of cards) {
      for (const element of all(doc, selector)) {
        if (followed.has(element)) continue;
        followed.add(element);
        // Anew, so that it is told of again: another rule may have followed it before it matched this one.
        observer.unobserve(element);
        observer.observe(element);
      }
    }
  };
  const soon = () => { waits ??= laidOut(scan); };
  function shown(entries) {
    let packed = '';
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      if (!target.isConnected) {
        observer.unobserve(target);
        for (const { followed } of cards) followed.delete(target);
      }
      // Of what is larger than the screen, the part of the screen that it covers.
      const screen = rootBounds?.width * rootBounds?.height;
      const covers = (intersectionRect.width * intersectionRect.height) / screen;
      const part = Math.round(1000 * Math.max(intersectionRatio, covers || 0));
      for (const { ear, selector, wants } of cards) {
        if (matches.call(target, selector)) packed += '\x1e' + join([ear, number(target), 2, part, ...askedOf(target, wants)]);
      }
    }
    if (packed) say(HITS, 1 + packed);
  }
  const changes = new MutationObserver(soon);
  changes.observe(doc, { __proto__: null, subtree: true, childList: true, attributes: true, attributeFilter: ['class', 'id'] });
  soon();
  ends.push(forget, () => {
    observer.disconnect();
    changes.disconnect();
    unlaid(waits);
  });
}

export function watchRendered(ear, text, selector) {
  awaited.set(ear, { text: text.replace(/\s+/g, ' ').trim(), selector });
  whenLate(soonRemember);
}

/**
 * What stands there before an attempt is known from the frame before: it is looked at again whenever a pointer, a key or
 * the focus announces a gesture, so that the gesture's own handler need not ask for any style or layout.
 */
let remembering;
const soonRemember = () => { remembering ??= laidOut(remember); };
function remember() {
  remembering = undefined;
  for (const [ear, entry] of awaited) if (!lookouts.has(ear)) entry.was = new WeakSet(found(entry));
}

/**
 * Begins (1: what becomes rendered from now on; 2: what is there already as well) or ends (0) to look out for what a
 * piece of evidence names. Only while something is looked out for do we observe the page.
 */
let lookouts = new Map();
let firsts = false;
let looking;
export function lookOut(ear, how) {
  const entry = awaited.get(ear);
  if (!how) {
    if (entry) entry.was = lookouts.get(ear)?.was ?? entry.was;
    lookouts.delete(ear);
    if (!lookouts.size) stopLooking();
    return;
  }
  // Only of a page that has not been drawn yet is nothing known.
  const was = how === 1 && entry && (entry.was ?? new WeakSet(found(entry)));
  lookouts.set(ear, { ...entry, was: was || new WeakSet() });
  firsts ||= how === 2;
  startLooking();
}

const SIGNS = ['transitionend', 'animationend', 'toggle', 'load'];
function startLooking() {
  if (looking) return;
  const soon = () => { looking.frame ??= laidOut(check); };
  // Styles also change by what is no mutation; and inside of roots nobody can observe from here.
  const often = () => {
    soon();
    looking.timer = setTimeout(often, 500);
  };
  looking = { soon, observer: new MutationObserver(soon) };
  ends.push(forget);
  looking.observer.observe(doc, { __proto__: null, subtree: true, childList: true, attributes: true, characterData: true });
  for (const sign of SIGNS) w.addEventListener(sign, soon, OPTIONS);
  often();
}

function stopLooking() {
  if (!looking) return;
  looking.observer.disconnect();
  clearTimeout(looking.timer);
  unlaid(looking.frame);
  for (const sign of SIGNS) w.removeEventListener(sign, looking.soon, OPTIONS);
  [lookouts, firsts, looking] = [new Map(), false, undefined];
}

function check() {
  if (!looking) return;
  looking.frame = undefined;
  // What stands on a page that is still being built is not yet all that stands there.
  if (readyState.call(doc) === 'loading') return;
  const first = firsts;
  firsts = false;
  const ears = [];
  for (const [ear, entry] of lookouts) {
    if (!entry.selector) continue;
    const now = found(entry);
    if (now.some((element) => !entry.was.has(element))) ears.push(ear);
    entry.was = new WeakSet(now);
  }
  if (first || ears.length) say(RENDERED, ears.join('\x1e'));
}

/** The rendered elements an entry names. */
function found({ selector, text }) {
  const hits = [];
  for (const root of roots()) {
    for (const element of all(root, selector)) hits.push(...(text ? holders(element, text) : [element]));
  }
  return hits.filter(isRendered);
}

/** The innermost elements that hold the text; what is inside of one says nothing of what stands beside it. */
function holders(element, text) {
  const holds = (said) => said.replace(/\s+/g, ' ').includes(text);
  if (!holds(element.textContent)) return [];
  let own = '';
  const inner = [...element.childNodes].flatMap((node) => {
    const found = node.nodeType === 1 ? holders(node, text) : [];
    if (node.nodeType !== 8) own += found.length ? '\n' : node.textContent;
    return found;
  });
  return holds(own) ? [...inner, element] : inner;
}

const isShown = (element) => (checkVisibility
  ? checkVisibility.call(element, { opacityProperty: true, visibilityProperty: true, checkOpacity: true, checkVisibilityCSS: true })
  : element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible');

function isRendered(element) {
  if (!isShown(element)) return false;
  const { width, height } = getBoundingClientRect.call(element);
  return width * height > 0;
}
