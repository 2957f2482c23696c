/**
 * What can be seen: how far the page was scrolled, how much of elements is on screen, and what becomes rendered while
 * the outcome of an attempt is awaited. Nothing here is measured but after a frame, when the layout is there anyway.
 */

import { OPTIONS, add, addListener, all, clean, doc, ending, exec, first, framed, free, getter, isSlow, join, laidOut, mono, pick, removeListener, safe, say, scroller, split, squeeze, unlaid, w } from './host.js';
import { askedOf, matches, number, roots, whenLate } from './hits.js';

const { Element, IntersectionObserver, MutationObserver, WeakSet, getComputedStyle, setTimeout, clearTimeout } = w;
const checkVisibility = Element.prototype.checkVisibility && free(Element.prototype.checkVisibility);
const getBoundingClientRect = free(Element.prototype.getBoundingClientRect);
const find = free(Document.prototype.querySelector);
const indexOf = free(String.prototype.indexOf);
const readyState = getter(Document.prototype, 'readyState');

/** What wasm is called for; the same numbers stand in `mod.rs`. */
const HITS = 7;
const RENDERED = 10;

/** Every hundredth of an element. */
const STEPS = [];
for (let step = 0; step <= 100; step += 1) STEPS[step] = step / 100;

let scrolls = [];
let cards = [];
/** By their ears, as `lookouts` are. */
let awaited = { __proto__: null };
ending(forget);
function forget() {
  stopLooking();
  unlaid(remembering);
  remembering = undefined;
  scrolls = [];
  cards = [];
  awaited = { __proto__: null };
}

export function watchScroll(ear, axis, selector) {
  if (!scrolls.length) ending(forget);
  add(scrolls, { ear, axis, selector });
}

/** How much of the page, or of each watched element, has been seen; empty if `pending` and no frame is awaited. */
export function seen(pending) {
  const was = framed();
  // This may be the last moment: what has just become rendered must not be missed.
  if (pending) check();
  if (pending && !was) return '';
  const root = scroller();
  return join(scrolls, ({ ear, axis, selector }) => {
    const x = axis === 'x';
    const view = x ? w.innerWidth : w.innerHeight;
    // Right-to-left pages count their scrolling below zero.
    let low = Math.abs(x ? root.scrollLeft : root.scrollTop) + view;
    let extent = x ? root.scrollWidth : root.scrollHeight;
    const element = selector && find(doc, selector);
    if (selector) {
      const box = element && getBoundingClientRect(element);
      const inner = element && (x ? element.scrollWidth - element.clientWidth : element.scrollHeight - element.clientHeight);
      low = box ? view - (x ? box.left : box.top) : 0;
      extent = (x ? box?.width : box?.height) ?? 0;
      // An element that scrolls by itself is as long as what is in it.
      if (inner > 1 && exec(/auto|scroll/, getComputedStyle(element)[x ? 'overflowX' : 'overflowY'])) {
        extent += inner;
        low = low > 0 ? Math.min(low, x ? box.width : box.height) + Math.abs(x ? element.scrollLeft : element.scrollTop) : 0;
      }
    }
    return join([ear, Math.max(0, Math.round(low)), Math.round(extent)]);
  }, '\x1e');
}

/** Tells how much of the elements is on screen whenever that changes, also of those that are inserted later. */
export function watchVisible(ear, selector, wants) {
  add(cards, { ear, selector, wants: split(wants, '\x1e'), slow: 0, followed: new WeakSet() });
  if (cards[1]) return;
  let waits;
  const observer = new IntersectionObserver(safe(shown), { __proto__: null, threshold: STEPS });
  const scan = () => {
    waits = undefined;
    pick(cards, (card) => pick(named(card, [doc]), (element) => {
      if (card.followed.has(element)) return;
      card.followed.add(element);
      // Anew, so that it is told of again: another rule may have followed it before it matched this one.
      observer.unobserve(element);
      observer.observe(element);
    }));
  };
  const soon = () => { waits ??= laidOut(scan); };
  function shown(entries) {
    let packed = '';
    pick(entries, ({ target, intersectionRatio, intersectionRect, rootBounds }) => {
      if (!target.isConnected) {
        observer.unobserve(target);
        pick(cards, ({ followed }) => { followed.delete(target); });
      }
      // Of what is larger than the screen, the part of the screen that it covers.
      const screen = rootBounds?.width * rootBounds?.height;
      const covers = (intersectionRect.width * intersectionRect.height) / screen;
      const part = Math.round(1000 * Math.max(intersectionRatio, covers || 0));
      pick(cards, ({ ear, selector, wants, dead }) => {
        if (!dead && matches(target, selector)) packed += '\x1e' + join([ear, number(target), 2, part]) + askedOf(target, wants);
      });
    });
    if (packed) say(HITS, 1 + packed);
  }
  const changes = new MutationObserver(soon);
  changes.observe(doc, { __proto__: null, subtree: true, childList: true, attributes: true, attributeFilter: ['class', 'id'] });
  soon();
  ending(forget);
  ending(() => {
    observer.disconnect();
    changes.disconnect();
    unlaid(waits);
  });
}

export function watchRendered(ear, text, selector) {
  awaited[ear] = { ear, text: squeeze(text), selector, slow: 0 };
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
  for (const ear in awaited) if (!lookouts[ear]) awaited[ear].was = setOf(found(awaited[ear]));
}

/**
 * Begins (1: what becomes rendered from now on; 2: what is there already as well) or ends (0) to look out for what a
 * piece of evidence names. Only while something is looked out for do we observe the page.
 */
let lookouts = { __proto__: null };
let firsts = false;
let looking;
export function lookOut(ear, how) {
  const entry = awaited[ear];
  if (!how) {
    if (entry) entry.was = lookouts[ear]?.was ?? entry.was;
    delete lookouts[ear];
    for (const any in lookouts) return;
    return stopLooking();
  }
  // Only of a page that has not been drawn yet is nothing known.
  const was = how === 1 && entry && (entry.was ?? setOf(found(entry)));
  lookouts[ear] = { entry, was: was || new WeakSet() };
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
  ending(forget);
  looking.observer.observe(doc, { __proto__: null, subtree: true, childList: true, attributes: true, characterData: true });
  pick(SIGNS, (sign) => addListener(w, sign, soon, OPTIONS));
  often();
}

function stopLooking() {
  if (!looking) return;
  looking.observer.disconnect();
  clearTimeout(looking.timer);
  unlaid(looking.frame);
  pick(SIGNS, (sign) => removeListener(w, sign, looking.soon, OPTIONS));
  lookouts = { __proto__: null };
  firsts = false;
  looking = undefined;
}

function check() {
  if (!looking) return;
  looking.frame = undefined;
  // What stands on a page that is still being built is not yet all that stands there.
  if (readyState(doc) === 'loading') return;
  const wasFirst = firsts;
  firsts = false;
  const ears = [];
  for (const ear in lookouts) {
    const lookout = lookouts[ear];
    if (!lookout.entry) continue;
    const now = found(lookout.entry);
    if (first(now, (element) => !lookout.was.has(element))) add(ears, ear);
    lookout.was = setOf(now);
  }
  if (wasFirst || ears[0]) say(RENDERED, join(ears, clean, '\x1e'));
}

/** The rendered elements an entry names. */
function found(entry) {
  const hits = [];
  pick(named(entry, roots()), (element) => pick(entry.text ? holders(element, entry.text) : [element], (hit) => {
    if (isRendered(hit)) add(hits, hit);
  }));
  return hits;
}

/** The elements with the entry's selector; none if it takes too much time. */
function named(entry, within) {
  const hits = [];
  if (entry.dead) return hits;
  const look = () => pick(within, (root) => all(root, entry.selector));
  const begun = mono();
  const lists = look();
  if (!isSlow(entry, mono() - begun, look)) pick(lists, (list) => pick(list, (element) => add(hits, element)));
  return hits;
}

function setOf(elements) {
  const set = new WeakSet();
  pick(elements, (element) => { set.add(element); });
  return set;
}

/** The innermost elements that hold the text; what is inside of one says nothing of what stands beside it. */
function holders(element, text) {
  const holds = (said) => indexOf(squeeze(said), text) >= 0;
  if (!holds(element.textContent)) return [];
  let own = '';
  const inner = [];
  pick(element.childNodes, (node) => {
    const found = node.nodeType === 1 ? holders(node, text) : [];
    pick(found, (each) => add(inner, each));
    if (node.nodeType !== 8) own += found[0] ? '\n' : node.textContent;
  });
  if (holds(own)) add(inner, element);
  return inner;
}

const isShown = (element) => (checkVisibility
  ? checkVisibility(element, { opacityProperty: true, visibilityProperty: true, checkOpacity: true, checkVisibilityCSS: true })
  : element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible');

function isRendered(element) {
  if (!isShown(element)) return false;
  const { width, height } = getBoundingClientRect(element);
  return width * height > 0;
}
