/** The pages of the shop that faults happen to, and what a visitor does there: each action has a number. */

import { html, tag } from '../../tests/e2e/support/site.mjs';

export const config = {
  conversions: {
    plain: { on: 'click', match: '.plain', read: { n: { attribute: 'data-n' } } },
    valued: { on: 'click', match: '.valued', value: 5, read: { n: { attribute: 'data-n' } } },
    sent: { on: 'submit', match: '.sent', read: { n: { attribute: 'data-n' } } },
  },
};

/** What can be pressed, by the name of the event that comes of it. */
const KINDS = {
  plain: (n) => `<button class="press plain" data-n=${n}>x</button>`,
  valued: (n) => `<button class="press valued" data-n=${n}>x</button>`,
  sent: (n) => `<form class=sent data-n=${n} onsubmit="event.preventDefault()"><button class=press>x</button></form>`,
  told: (n) => `<button class=press onclick="footstep.track('told', { n: ${n} })">x</button>`,
};
const NAMES = Object.keys(KINDS);

/** What the visitor does in a run: one to seven actions, as names of the events that are to come; the last one in turn. */
export function actions(run) {
  const count = 1 + ((run * 5) % 7);
  return Array.from({ length: count }, (_, n) => NAMES[(run + count - 1 - n) % NAMES.length]);
}

/** Which records the page has been told of that they are there, and when: for each a key beside the tracker's own. */
const WITNESS = `<script>{
  const { fetch } = window;
  window.fetch = function (url, init) {
    const answer = fetch.call(this, url, init);
    if (init?.body?.includes?.('"events"')) answer.then(({ ok }) => {
      if (ok) for (const { id, rev } of JSON.parse(init.body).events) localStorage['seen ' + id + ' ' + rev] ??= Date.now();
    }, () => {});
    return answer;
  };
}</script>`;
/** What has been witnessed. */
export const SEEN = "Object.fromEntries(Object.entries(localStorage).flatMap(([key, at]) => (key.startsWith('seen ') ? [[key.slice(5), Number(at)]] : [])))";

/** The second copy is there, with what the page has kept so far. */
export const COPIED = `(async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === 'footstep')) return false;
  const base = await new Promise((resolve) => { indexedDB.open('footstep').onsuccess = ({ target }) => resolve(target.result); });
  const count = await new Promise((resolve) => { base.transaction('journal').objectStore('journal').count().onsuccess = ({ target }) => resolve(target.result); });
  base.close();
  return count > 0;
})()`;

/** The page of these actions; `fault` is a statement that runs right after the last one, in its task. */
export function page(acts, fault, attributes, head = '') {
  const boxes = acts.map((name, n) => `<div id=a${n} style="position:fixed;left:${n * 90}px;top:0">${KINDS[name](n)}</div>`);
  const last = acts.length - 1;
  return html(`${boxes.join('')}<script>
    document.querySelector('#a${last}').addEventListener('${acts[last] === 'sent' ? 'submit' : 'click'}', () => { ${fault} });
  </script>`, WITNESS + head + tag(attributes));
}

/** A page of the shop where nothing is done. */
export const other = (attributes, head = '') => html('<h1>Shop</h1>', WITNESS + head + tag(attributes));
