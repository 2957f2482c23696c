/**
 * The journal: what is on its way, kept for the visitor's next page. One key for each record in first-party storage,
 * written at once; and a second copy in IndexedDB, written a moment later, for what the former loses when the whole
 * browser is killed (Chromium and Firefox keep the last seconds of it in memory).
 *
 * Whose a stream is says a Web Lock: the document that writes it holds it for as long as it lives. A stream whose lock
 * is free has been left behind.
 */

import { ends, erase as eraseKeys, mono, say, w } from './host.js';

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
const ours = new Map();
let again;
let begun = false;

/** Writes an entry; false if that cannot be done. */
export function keep(stream, seq, text) {
  const key = PREFIX + stream + '.' + seq;
  try {
    localStorage.setItem(key, text);
    // Some only pretend.
    if (!ours.has(stream) && localStorage.getItem(key) !== text) return false;
  } catch {
    return false;
  }
  begin();
  if (!ours.has(stream)) hold(stream, () => {});
  copy(key, text);
  return true;
}

/** Removes entries, by their numbers parted by spaces; if there are none, the whole stream, which is let go. */
export function forget(stream, seqs) {
  if (seqs) return remove(seqs.split(' ').map((seq) => PREFIX + stream + '.' + seq));
  remove([...entries(stream).keys()]);
  copy(IDBKeyRange?.bound(PREFIX + stream + '.', PREFIX + stream + '/'));
  letGo(stream);
}

/** Removes all there is of ours. */
export function erase() {
  eraseKeys();
  for (const key of entries('').keys()) localStorage.removeItem(key);
  copies = [];
  [...ours.keys()].forEach(letGo);
  base?.then((open) => open.close()).catch(() => {});
  base = undefined;
  try {
    w.indexedDB.deleteDatabase('footstep').onerror = null;
  } catch { /* there is none */ }
}

/** Empties entries; they go once the second copy has let go of them, so that nobody takes up from there what is done. */
function remove(keys) {
  for (const key of keys) {
    try {
      localStorage.setItem(key, '');
    } catch { /* forbidden: then there is nothing */ }
    copy(key);
  }
}

/** What storage holds of a stream; of all if it has no name. */
function entries(stream) {
  const found = new Map();
  try {
    for (let at = localStorage.length; at--;) {
      const key = localStorage.key(at);
      if (key.startsWith(PREFIX + stream) && ENTRY.test(key)) found.set(key, localStorage.getItem(key));
    }
  } catch { /* forbidden */ }
  return found;
}

function begin() {
  if (begun) return;
  begun = true;
  // A page that is put away must not keep others from what it has left.
  const left = () => [...ours.keys()].forEach(letGo);
  // After the shell's own listener, which may still write.
  w.addEventListener('pagehide', left);
  const written = ({ key }) => { if (ENTRY.test(key)) soon(); };
  w.addEventListener('storage', written);
  ends.push(() => {
    begun = false;
    w.removeEventListener('pagehide', left);
    w.removeEventListener('storage', written);
    clearTimeout(again);
    again = undefined;
    left();
  });
}

const letGo = (stream) => {
  ours.get(stream)?.();
  ours.delete(stream);
};

/** Takes the lock of a stream and keeps it until it is let go; `otherwise` if it is taken already. */
function hold(stream, taken, otherwise) {
  const { locks } = navigator;
  const act = (lock) => {
    if (!lock) return otherwise();
    return new Promise((release) => {
      // Let go of before it was there.
      if (!otherwise && !ours.has(stream)) return release();
      ours.set(stream, release);
      taken();
    });
  };
  if (!otherwise) ours.set(stream, () => {});
  if (locks) locks.request(PREFIX + stream, { __proto__: null, ifAvailable: !!otherwise }, act).catch(() => {});
  else if (otherwise) otherwise();
}

const soon = () => { again ??= setTimeout(adopt, AGAIN); };

/** Looks for streams that have been left behind, now and as long as there are others. */
export async function adopt() {
  clearTimeout(again);
  again = undefined;
  begin();
  const copies = await second();
  const streams = new Set();
  for (const key of [...entries('').keys(), ...copies.keys()]) streams.add(ENTRY.exec(key)?.[1]);
  for (const stream of streams) {
    if (!stream || ours.has(stream)) continue;
    const found = () => {
      const all = new Map([...[...copies].filter(([key]) => key.startsWith(PREFIX + stream + '.')), ...entries(stream)]);
      const done = [...all.keys()].filter((key) => !all.get(key));
      remove(done);
      if (done.length === all.size) return letGo(stream);
      done.forEach((key) => all.delete(key));
      say(ADOPT, [stream, ...[...all].map(([key, text]) => ENTRY.exec(key)[2] + '\x1f' + text)].join('\x1e'));
    };
    hold(stream, found, navigator.locks ? soon : () => { if (mono() > LONG) ours.set(stream, () => {}), found(); else soon(); });
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
const settled = (store) => new Promise((resolve, reject) => Object.assign(store.transaction, { oncomplete: resolve, onabort: reject }));

/** What is in the second copy. */
async function second() {
  try {
    const store = await journal('readonly');
    const [keys, texts] = [store.getAllKeys(), store.getAll()];
    await settled(store);
    return new Map(keys.result.map((key, at) => [key, texts.result[at]]));
  } catch {
    return new Map();
  }
}

let copies = [];
/** Writes into the second copy what has been written, or removes it if there is no text. */
function copy(key, text) {
  if (key !== undefined && copies.push([key, text]) === 1) setTimeout(write);
}

async function write() {
  const all = copies;
  copies = [];
  // Erased meanwhile, or done already.
  if (!all.length) return;
  try {
    const store = await journal('readwrite');
    for (const [key, text] of all) text === undefined ? store.delete(key) : store.put(text, key);
    await settled(store);
  } catch { /* there is none: the first copy has to do */ }
  try {
    for (const [key, text] of all) if (text === undefined && localStorage.getItem(key) === '') localStorage.removeItem(key);
  } catch { /* forbidden by now */ }
}
