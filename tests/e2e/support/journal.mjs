/** The journal of a page, as a test sees it: what is in first-party storage, in the second copy, and what came of it. */

import assert from 'node:assert/strict';

/** A collector that is down says so on the console, by the browser's own words. */
export const expect = [/Failed to load resource/];
const ENTRY = /^footstep\.[0-9a-f-]{36}\.\d+$/;
/** What a page has left in storage, by its keys; and in the second copy. */
export const kept = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('footstep.')).sort());
export const journal = async (page) => (await kept(page)).filter((key) => ENTRY.test(key));
export const copies = (page) => page.evaluate(async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === 'footstep')) return [];
  const base = await new Promise((resolve, reject) => Object.assign(indexedDB.open('footstep'), { onsuccess: (event) => resolve(event.target.result), onerror: reject }));
  const keys = base.transaction('journal').objectStore('journal').getAllKeys();
  await new Promise((resolve) => { keys.onsuccess = resolve; });
  base.close();
  return keys.result;
});
/** Waits until nothing is left of it. */
export const emptied = (page) => page.waitForFunction(() => !Object.keys(localStorage).some((key) => /^footstep\.[0-9a-f-]{36}\./.test(key)));
/** Waits until the second copy holds so many records. */
export async function copied(page, count) {
  while ((await copies(page)).length !== count);
}
/** Both copies hold the same. */
export const settled = async (page) => {
  const [first, second] = [await journal(page), await copies(page)];
  return first.length > 0 && first.every((key) => second.includes(key));
};
export const track = (page, name, count = 1) => page.evaluate(([name, count]) => { for (let i = 0; i < count; i += 1) footstep.track(name, { i }); }, [name, count]);
/** The tracker is there and knows its visitor. */
export const ready = (page, word = 'local') => page.waitForFunction((word) => window.footstep?.stats().storage === word, word);
/** Each record that was taken, as often as it was taken; not those of a page that did not live to see the answer. */
const taken = (sink, killed) => sink.batches.filter((one) => one.taken)
  .flatMap(({ batch }) => batch.events.filter(({ name }) => name !== killed).map(({ id, rev }) => `${id} ${rev}`));
export const once = (sink, killed) => {
  const all = taken(sink, killed);
  assert.equal(new Set(all).size, all.length, 'nothing was taken twice');
};
