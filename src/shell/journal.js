/**
 * The journal: what is on its way, kept for the visitor's next page. One key for each record in first-party storage,
 * written at once; and a second copy in IndexedDB, written a moment later, for what the former loses when the whole
 * browser is killed (Chromium and Firefox keep the last seconds of it in memory).
 *
 * Whose a stream is says a Web Lock: the document that writes it holds it for as long as it lives. A stream whose lock
 * is free has been left behind.
 */

import { add, addListener, ending, erase as eraseKeys, exec, mono, pick, removeListener, say, split, w } from './host.js';

const { setTimeout, clearTimeout } = w;
const PREFIX = 'footstep.';
const ENTRY = /^footstep\.([0-9a-f-]{36})\.(\d+)$/;
/** What wasm is called for; the same number stands in `mod.rs`. */
const ADOPT = 20;
/** Other documents that live may be gone after a while, ms. */
const AGAIN = 10_000;
/** Without locks, what nobody has written to for so long has been left behind, ms. Ids tell repeats apart. */
const LONG = 30_000;

/** Streams that are ours, and how to let go of each. */
const ours = { __proto__: null };
let again;
let begun = false;

/** Writes an entry; false if that cannot be done. */
export function keep(stream, seq, text) {
  const key = PREFIX + stream + '.' + seq;
  try {
    localStorage.setItem(key, text);
  } catch {
    return false;
  }
  begin();
  if (!ours[stream]) hold(stream, () => {});
  copy(key, text);
  return true;
}

/**
 * Removes entries, by their numbers parted by spaces; if there are none, the stream is let go. What was written in another
 * process may be seen here later than the lock was had: what nobody has named is not removed.
 */
export function forget(stream, seqs) {
  if (!seqs) return letGo(stream);
  remove(pick(split(seqs, ' '), (seq) => ({ key: PREFIX + stream + '.' + seq })));
}

/** Removes all there is of ours. */
export function erase() {
  eraseKeys();
  remove(entries(''));
  copies = [];
  letAllGo();
  close(base);
  base = undefined;
  try {
    w.indexedDB.deleteDatabase('footstep').onerror = null;
  } catch { /* there is none */ }
}

async function close(base) {
  try {
    (await base)?.close();
  } catch { /* it never opened */ }
}

function remove(found) {
  pick(found, ({ key }) => {
    try {
      localStorage.removeItem(key);
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
  // A page that is put away must not keep others from what it has left.
  // After the shell's own listener, which may still write.
  addListener(w, 'pagehide', letAllGo);
  const written = ({ key }) => { if (exec(ENTRY, key)) soon(); };
  addListener(w, 'storage', written);
  ending(() => {
    begun = false;
    removeListener(w, 'pagehide', letAllGo);
    removeListener(w, 'storage', written);
    clearTimeout(again);
    again = undefined;
    letAllGo();
  });
}

const letGo = (stream) => {
  ours[stream]?.();
  delete ours[stream];
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
      // Let go of before it was there.
      if (!otherwise && !ours[stream]) return release();
      ours[stream] = release;
      taken();
    });
  };
  if (!otherwise) ours[stream] = () => {};
  if (locks) locks.request(PREFIX + stream, { __proto__: null, ifAvailable: !!otherwise }, act).catch(() => {});
  else if (otherwise) otherwise();
}

const soon = () => { again ??= setTimeout(adopt, AGAIN); };

/** Looks for streams that have been left behind, now and as long as there are others. */
export async function adopt() {
  clearTimeout(again);
  again = undefined;
  begin();
  const copied = await second();
  const streams = { __proto__: null };
  pick(copied, (each) => { streams[each.stream] = true; });
  pick(entries(''), (each) => { streams[each.stream] = true; });
  for (const stream in streams) {
    if (ours[stream]) continue;
    const found = () => {
      const all = { __proto__: null };
      const take = (each) => { if (each.stream === stream) all[each.seq] = each.text; };
      pick(copied, take);
      pick(entries(stream), take);
      let text = stream;
      for (const seq in all) text += '\x1e' + seq + '\x1f' + all[seq];
      say(ADOPT, text);
    };
    hold(stream, found, navigator.locks ? soon : () => {
      if (mono() < LONG) return soon();
      ours[stream] = () => {};
      found();
    });
  }
}

let base;
function database() {
  return (base ??= new Promise((resolve, reject) => {
    const request = w.indexedDB.open('footstep', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('journal');
    request.onerror = reject;
    request.onsuccess = () => {
      const { result } = request;
      // Somebody wants it gone: another tab, or the visitor.
      result.onversionchange = () => (result.close(), (base = undefined));
      resolve(result);
    };
  }));
}
const journal = async (mode) => (await database()).transaction('journal', mode).objectStore('journal');

/** What is in the second copy. */
async function second() {
  try {
    const store = await journal('readonly');
    const keys = store.getAllKeys();
    const texts = store.getAll();
    await new Promise((resolve, reject) => {
      store.transaction.oncomplete = resolve;
      store.transaction.onabort = reject;
    });
    return pick(keys.result, (key, at) => {
      const is = exec(ENTRY, key);
      return is ? { stream: is[1], seq: is[2], text: texts.result[at] } : undefined;
    });
  } catch {
    return [];
  }
}

let copies = [];
/** Writes into the second copy what has been written, or removes it if there is no text. */
function copy(key, text) {
  if (key === undefined) return;
  add(copies, { key, text });
  if (copies.length > 1) return;
  setTimeout(async () => {
    const all = copies;
    copies = [];
    // Erased meanwhile.
    if (!all.length) return;
    try {
      const store = await journal('readwrite');
      pick(all, ({ key, text }) => void (text === undefined ? store.delete(key) : store.put(text, key)));
    } catch { /* there is none: the first copy has to do */ }
  });
}
