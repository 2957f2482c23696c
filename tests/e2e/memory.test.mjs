/**
 * Memory: cards that are put into a page and taken out again, ten thousand times, each seen and pressed by rules that
 * remember elements. What has left the page is kept by nobody: the heap and the memory of the wasm stay as they were,
 * and the last cards can be collected.
 *
 * Held against the same page without us, whose own heap also breathes.
 */

import assert from 'node:assert/strict';
import { leave, scenario, visitor } from './support/browser.mjs';
import { emptied } from './support/journal.mjs';
import { WATCH, memory } from './support/memory.mjs';
import { html } from './support/site.mjs';

const [WARM, ROUNDS, CARDS] = [10, 20, 500];
/** Bytes of heap that 10,000 cards may leave behind more than without us: 4 a card, less than any thing that is kept. */
const MOST = 40_000;

const config = {
  pageViews: false, untrusted: 'count',
  conversions: {
    pressed: { on: 'click', match: '.card button', once: 'element', read: { id: { attribute: 'data-id' } } },
    pressed_card: { on: 'click', match: '.card', once: 'element' },
    seen: { on: 'visible', match: '.card', percent: 50, seconds: 3600, once: 'element' },
    shown: { on: 'visible', match: '.card:first-child', seconds: 0.001 },
    sent: { on: 'submit', match: '.card form' },
    thanked: { on: 'click', match: '.card button', confirm: { visible: '.thanks' }, within: '1s' },
    deep: { on: 'click', match: '.inner' },
  },
};
const body = '<div id=shelf style="height:500px;overflow:hidden"></div>';

/** One round: cards come, are drawn, pressed, sent, and go. */
const round = async (cards) => {
  const shelf = document.getElementById('shelf');
  const frame = () => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
  for (let from = 0; from < cards; from += 50) {
    shelf.innerHTML = Array.from({ length: 50 }, (_, i) => `<div class=card data-id=c${i}><form><button type=button>x</button></form><x-part></x-part></div>`).join('');
    for (const part of shelf.querySelectorAll('x-part')) part.attachShadow({ mode: 'open' }).innerHTML = '<button class=inner>x</button><form></form>';
    await frame();
    for (const card of shelf.children) {
      card.querySelector('button').click();
      card.querySelector('form').dispatchEvent(new Event('submit', { bubbles: true }));
      const inner = card.lastChild.shadowRoot.querySelector('.inner');
      inner.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
      inner.click();
    }
    await frame();
    window.last = [...shelf.querySelectorAll('*')].map((element) => new WeakRef(element));
    shelf.replaceChildren();
    // So that no more than this is ever waiting.
    await window.footstep?.flush();
    await frame();
  }
  // Rules that wait for an outcome have given it up.
  while (window.footstep?.stats().pending) await frame();
};

/** One visit; what it left behind. */
async function visit({ site }, head) {
  site.routes['/'] = html(body, WATCH + head);
  const { context, noise } = await visitor();
  const page = await context.newPage();
  await page.goto(site.origin);
  if (head) await page.evaluate(() => window.footstep.ready);
  // What has bounds is filled first: the queue with more records than it holds, each as large as those to come or
  // larger; and, by the first rounds, the elements that rules remember. From then on nothing grows.
  await page.evaluate(async () => {
    for (let i = 0; i < 2000; i += 1) window.footstep?.track('filled', { text: 'x'.repeat(500), number: i });
    await window.footstep?.flush();
  });
  for (let i = 0; i < WARM; i += 1) await page.evaluate(round, CARDS);
  // What is on its way into the journal's second copy, and out of it, is in memory until it is there.
  const now = async () => {
    await emptied(page);
    return memory(page);
  };
  let grown;
  // How much waits at a time depends on how busy the machine is: a peak takes a block more, once. What leaks takes more
  // with each ten thousand cards.
  for (let times = 0; times < 3 && grown?.wasm !== 0; times += 1) {
    const before = await now();
    for (let i = 0; i < ROUNDS; i += 1) await page.evaluate(round, CARDS);
    const after = await now();
    grown = { heap: after.heap - before.heap, wasm: after.wasm - before.wasm };
  }
  const kept = await page.evaluate(() => window.last.filter((ref) => ref.deref()).length);
  const cdp = await context.newCDPSession(page);
  const { nodes } = await cdp.send('Memory.getDOMCounters');
  const counted = head ? await page.evaluate(() => window.footstep.stats().collectors[0].acknowledged) : 0;
  await leave(context);
  assert.deepEqual(noise, []);
  return { ...grown, kept, nodes, counted };
}

scenario('ten thousand cards come and go, and leave nothing behind', { config, timeout: 600_000 }, async (s) => {
  const without = await visit(s, '');
  const withUs = await visit(s, s.tag);
  const said = JSON.stringify({ without, withUs });
  assert.equal(withUs.kept, 0, 'elements that have left the page are kept');
  assert.equal(withUs.wasm, 0, `the memory of the wasm grew: ${said}`);
  assert.ok(withUs.heap - without.heap < MOST, `the heap grew: ${said}`);
  assert.ok(withUs.nodes < without.nodes + 500, `nodes are kept: ${said}`);
  assert.ok(withUs.counted > ROUNDS * CARDS, `they were counted: ${said}`);
});
