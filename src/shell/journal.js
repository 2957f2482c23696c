/**
 * The journal: what is on its way, kept for the visitor's next page. One key for each record in first-party storage,
 * written at once; and a second copy in IndexedDB, written as soon as our handler has returned, for what the former loses when
 * the whole browser is killed (Chromium and Firefox keep the last seconds of it in memory), or a page in its handlers (Firefox).
 *
 * Whose a stream is says a Web Lock: the document that writes it holds it for as long as it lives. A stream whose lock
 * is free has been left behind.
 */

import { OPTIONS, add, addListener, doc, ending, erase as eraseKeys, exec, isHidden, mono, pick, progress, removeListener, say, split, w } from './host.js';

const { setTimeout, clearTimeout } = w;
const PREFIX = 'footstep.';
const ENTRY = /^footstep\.([0-9a-f-]{36})\.(\d+)$/;
/** What wasm is called for; the same number stands in `mod.rs`. */
const ADOPT = 20;
/** Other documents that live may be gone after a while, ms. */
const AGAIN = 5_000;
/** How long to wait for the second copy, and until others have heard what is done, ms. */
const AWHILE = 1_000;
/** Without locks, what nobody has written to for so long has been left behind, ms. Ids tell repeats apart. */
const LONG = 30_000;

/** What has counted on this page, name and trigger of each: should wasm have to begin again, it is not to count twice. */
export const past = [];
const MOST = 500;
const known = { __proto__: null };
/** Streams that are ours, and how to let go of each. */
const ours = { __proto__: null };
/** Those of them that others have begun. */
const foreign = { __proto__: null };
let again;
/** Timers of those who wait a while. */
const patience = { __proto__: null };
const enough = (timer) => {
  clearTimeout(timer);
  delete patience[timer];
};
const wait = (act, what) => {
  const timer = setTimeout(() => {
    enough(timer);
    act(what);
  }, AWHILE);
  patience[timer] = true;
  return timer;
};
let begun = false;
let away = false;
/** Ends what `begin` has begun. */
let end = () => {};

/**
 * Writes an entry; 0 if that cannot be done. 1: the page's own handlers may run, and never return, before there is a second
 * copy of it; 2: they do not.
 */
export function keep(stream, seq, text) {
  const key = PREFIX + stream + '.' + seq;
  try {
    localStorage.setItem(key, text);
    // Some only pretend.
    if (!ours[stream] && localStorage.getItem(key) !== text) return 0;
  } catch {
    return 0;
  }
  // Once we have stopped or been put away, whoever lives may have it: a page that holds what another asks for is not
  // kept for coming back.
  if (begun && !away && !ours[stream]) hold(stream, () => {});
  copy(key, text);
  progress();
  // Each collector has the record, and the journal is told again what was sent: it has counted once.
  const id = seq && past.length < MOST && exec(/"id":"[^"]*","rev":./, text)?.[0];
  if (id && !known[id]) {
    known[id] = true;
    add(past, '{' + exec(/"name":"[^"]*"/, text)[0] + ',' + (exec(/"trigger":\{[^{}]*\}/, text)?.[0] ?? '"trigger":{}') + '}');
  }
  return base === undefined && w.event ? 1 : 2;
}

/**
 * Removes entries, by their numbers parted by spaces; if there are none, the stream is let go. What was written in another
 * process may be seen here later than the lock was had: what nobody has named is not removed.
 */
export function forget(stream, seqs) {
  // Of what has been finished another process may for a moment see the first copy: it is not to have it in that moment.
  if (!seqs) return void (foreign[stream] ? wait(letGo, stream) : letGo(stream));
  remove(pick(split(seqs, ' '), (seq) => {
    const key = PREFIX + stream + '.' + seq;
    if (written[key]) return { key };
    // The second copy has never heard of it.
    delete copies[key];
    take({ key });
  }));
}

/** Removes all there is of ours. */
export function erase() {
  eraseKeys();
  pick(entries(''), take);
  copies = { __proto__: null };
  written = { __proto__: null };
  end();
  shut();
  try {
    w.indexedDB.deleteDatabase('footstep').onerror = null;
  } catch { /* there is none */ }
}

function take({ key }) {
  try {
    localStorage.removeItem(key);
  } catch { /* forbidden: then there is nothing */ }
}

/** Removes what has been emptied, unless somebody has written there since. */
function takeEmpty(key) {
  try {
    if (localStorage.getItem(key) === '') take({ key });
  } catch { /* forbidden by now */ }
}

/** Empties entries; they go once the second copy has let go of them, so that nobody takes up from there what is done. */
function remove(found) {
  pick(found, ({ key }) => {
    try {
      localStorage.setItem(key, '');
    } catch { /* forbidden: then there is nothing */ }
    copy(key);
  });
}

/** What storage holds of a stream; of all if it has no name. */
function entries(stream) {
  const found = [];
  try {
    for (let at = localStorage.length; at--;) {
      const key = localStorage.key(at);
      const is = exec(ENTRY, key);
      if (is && (!stream || is[1] === stream)) add(found, { key, stream: is[1], seq: is[2], text: localStorage.getItem(key) });
    }
  } catch { /* forbidden */ }
  return found;
}

function begin() {
  if (begun) return;
  begun = true;
  const left = () => {
    away = true;
    if (base) write();
    letAllGo();
  };
  // The browser lets the page stand still: what others have left others may send.
  const still = () => { for (const stream in foreign) letGo(stream); };
  addListener(doc, 'freeze', still, OPTIONS);
  addListener(w, 'pagehide', left, OPTIONS);
  const written = ({ key }) => { if (exec(ENTRY, key)) soon(); };
  addListener(w, 'storage', written, OPTIONS);
  end = () => {
    begun = false;
    removeListener(doc, 'freeze', still, OPTIONS);
    removeListener(w, 'pagehide', left, OPTIONS);
    removeListener(w, 'storage', written, OPTIONS);
    clearTimeout(again);
    again = undefined;
    for (const timer in patience) enough(timer);
    letAllGo();
  };
  ending(() => {
    end();
    late();
  });
}

const letGo = (stream) => {
  ours[stream]?.();
  delete ours[stream];
  delete foreign[stream];
};
function letAllGo() {
  for (const stream in ours) letGo(stream);
}

/** Takes the lock of a stream and keeps it until it is let go; `otherwise` if it is taken already. */
function hold(stream, taken, otherwise) {
  const { locks } = navigator;
  const act = (lock) => {
    if (!lock) return otherwise();
    return new Promise((release) => {
      // Let go of before it was there, or nobody is there any more.
      if (otherwise ? !begun : !ours[stream]) return release();
      ours[stream] = release;
      if (otherwise) foreign[stream] = true;
      taken();
    });
  };
  if (!otherwise) ours[stream] = () => {};
  if (locks) ask(locks, PREFIX + stream, { __proto__: null, ifAvailable: !!otherwise }, act);
  else if (otherwise) otherwise();
}
/** `await` asks a promise of the browser's nothing that a page could have replaced. */
async function ask(locks, name, options, act) {
  try {
    await locks.request(name, options, act);
  } catch { /* forbidden */ }
}

const soon = () => { again ??= setTimeout(adopt, AGAIN); };

/** Looks for streams that have been left behind, now and as long as there are others. */
export async function adopt() {
  clearTimeout(again);
  again = undefined;
  away = false;
  begin();
  const before = await copied();
  // It may be made to stand still at any time, and what it has taken up with it; it is asked again when it is seen.
  if (isHidden() || !begun) return;
  const streams = { __proto__: null };
  const found = (each) => { streams[each.stream] = true; };
  pick(before, found);
  pick(entries(''), found);
  for (const stream in streams) {
    if (ours[stream]) continue;
    // Both copies are read when the stream is ours: what they held before may have been sent meanwhile.
    const taken = async () => {
      const now = await copied();
      if (!ours[stream]) return;
      const spare = { __proto__: null };
      const all = { __proto__: spare };
      pick(now, (each) => { if (each.stream === stream) spare[each.seq] = each.text; });
      pick(entries(stream), (each) => { all[each.seq] = each.text; });
      let text = stream;
      const hand = (seq, copy) => { if (copy) text += '\x1e' + seq + '\x1f' + copy; };
      for (const seq in all) {
        written[PREFIX + stream + '.' + seq] = true;
        hand(seq, all[seq]);
        // Should something have happened to the first; what is done with has no text.
        if (all[seq] && all[seq] !== spare[seq]) hand(seq, spare[seq]);
      }
      if (text !== stream) return say(ADOPT, text);
      // Only what is done already.
      remove(entries(stream));
      letGo(stream);
    };
    hold(stream, taken, navigator.locks ? soon : () => {
      if (mono() < LONG) return soon();
      ours[stream] = () => {};
      taken();
    });
  }
}

/** The open database, or null if there is none; and the promise of it. */
let base;
let opening;
function database() {
  return (opening ??= new Promise((resolve, reject) => {
    const request = w.indexedDB.open('footstep', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('journal');
    request.onerror = reject;
    request.onsuccess = () => {
      base = request.result;
      // Somebody wants it gone: another tab, the visitor, or the browser.
      base.onversionchange = base.onclose = shut;
      resolve();
    };
  }));
}
const journal = (mode) => base.transaction('journal', mode).objectStore('journal');

/** What is under way is finished before. */
async function shut() {
  const opened = opening;
  opening = undefined;
  try {
    await opened;
    base?.close();
    base = undefined;
  } catch { /* it never opened */ }
}

/** What is in the second copy. A page that stands still may keep it from everybody: the first is not to wait for that. */
const copied = () => new Promise((resolve) => {
  const timer = wait(resolve, []);
  read();
  async function read() {
    let all = [];
    try {
      await database();
      const store = journal('readonly');
      const keys = store.getAllKeys();
      const texts = store.getAll();
      await new Promise((resolve, reject) => {
        store.transaction.oncomplete = resolve;
        store.transaction.onabort = reject;
      });
      all = pick(keys.result, (key, at) => {
        const is = exec(ENTRY, key);
        return is ? { stream: is[1], seq: is[2], text: texts.result[at] } : undefined;
      });
    } catch { /* there is none */ }
    enough(timer);
    resolve(all);
  }
});

/** What is still to be written into the second copy, by its keys: a text, or none where it is to be removed. */
let copies = { __proto__: null };
/** What the second copy may hold, by its keys: the transaction that wrote it last, or that somebody else has. */
let written = { __proto__: null };
/** Entries in transactions that are not over. */
let flying = 0;
/** No further transaction above that: to a database that lags behind is told what is so by then, not all that was. */
const FLIGHT = 100;
let due = false;

const any = (dictionary) => {
  for (const _ in dictionary) return true;
  return false;
};
/** Writes into the second copy what has been written, or removes it if there is no text. */
function copy(key, text) {
  copies[key] = { text };
  // There may be no later.
  if (away && base) write();
  else if (!begun || !due) late();
}
/** Once the database is there, and in no case while our handler runs. */
async function late() {
  due = true;
  try {
    // Erased meanwhile, or written at the end of the page; and what has come since then is for another database.
    let opened;
    if (any(copies)) do await (opened = database()); while (any(copies) && opened !== opening);
  } catch {
    // The first copy has to do.
    base ??= null;
  }
  due = false;
  if (flying <= FLIGHT || !begun) write();
  if (!begun) shut();
}
function write() {
  const all = copies;
  copies = { __proto__: null };
  let count = 0;
  for (const key in all) {
    count += 1;
    all[key].fresh = !written[key];
    written[key] = all;
  }
  if (!count) return;
  flying += count;
  /** `failed`: nothing of it is there, and what was to be removed still is, if there is a database. */
  const over = (failed) => {
    const more = any(copies);
    flying -= count;
    for (const key in all) {
      const { text, fresh } = all[key];
      // What has been written since is now the first.
      const now = written[key];
      if (failed && fresh && now?.[key]) now[key].fresh = true;
      if (now !== all) continue;
      if (text === undefined && failed && base && !fresh) {
        copies[key] ??= {};
      } else if (text === undefined || (failed && fresh)) {
        delete written[key];
        // Nobody can take it up from there any more.
        takeEmpty(key);
      }
    }
    if (more) late();
  };
  try {
    const store = journal('readwrite');
    const { transaction } = store;
    for (const key in all) {
      const { text } = all[key];
      if (text === undefined) {
        store.delete(key);
      } else {
        store.put(text, key);
        // The browser has it now: who knows that it was written need not hold it.
        all[key].text = '';
      }
    }
    // A page that is put away with a transaction that is not over would keep others waiting, and is not kept for that.
    transaction.commit?.();
    transaction.oncomplete = () => over();
    transaction.onabort = over;
  } catch {
    // There is none, or it has been closed: the first copy has to do.
    over(true);
  }
}
