/** A page for the shell's own tests: puts elements in place, makes events, records what reached wasm. */

const told = [];
const errors = [];
let heard = 0;
let onTold;

addEventListener('error', (event) => errors.push(event.message));

/** The three ears `host.js` is connected to. */
export const hook = () => (what, text) => {
  told.push(what + ' ' + text);
  onTold?.();
};
export const counting = (ear) => (...args) => {
  heard++;
  return ear(...args);
};
export const failing = () => () => {
  heard++;
  throw new Error('unreachable');
};

/** The part of the page that is ours; the rest is the test runner's. */
const main = document.body.appendChild(document.createElement('main'));

export function reset(html) {
  main.innerHTML = html;
  for (const template of main.querySelectorAll('template[data-root]')) {
    const root = template.parentElement.attachShadow({ mode: template.dataset.root });
    root.append(template.content);
    if (template.dataset.root === 'closed') template.parentElement.inside = root;
    template.remove();
  }
  told.length = errors.length = heard = 0;
  onTold = undefined;
}

/** The element at a path of selectors, each inside the shadow root of the one before. */
const find = (path) => path.split(' >>> ').reduce((from, selector) => (from.shadowRoot ?? from.inside ?? from).querySelector(selector), main.parentElement);

/** JSON text of what a page pushed; the real one is in `js/pack.js`, which this page cannot import. */
export const pack = () => (value) => JSON.stringify(value);

export const click = (path) => find(path).dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true }));
export const fire = (path, name, init) => find(path).dispatchEvent(Object.assign(new Event(name, { bubbles: true, composed: true }), init));
export const middle = (path, button) => fire(path, 'auxclick', { button });

/** The page's own code, which keeps the browser busy that long at each click there. */
export const slow = (path, ms) => find(path).addEventListener('click', () => {
  const end = performance.now() + ms;
  while (performance.now() < end);
});

/** Clicks once more the first time wasm tells of something, from inside the call. */
export function clickWhenTold(path) {
  onTold = () => {
    onTold = undefined;
    click(path);
  };
}

export const toldCount = () => told.length;
export const lastTold = () => told.at(-1) ?? '';
export const heardCount = () => heard;
export const errorCount = () => errors.length;

/** Takes storage away, as a sandbox does; returns what gives it back. */
export function forbidStorage() {
  Object.defineProperty(window, 'localStorage', { configurable: true, get: () => { throw new DOMException('denied', 'SecurityError'); } });
}
export const allowStorage = () => delete window.localStorage;

export const storedKeys = () => Object.keys(localStorage).filter((key) => key.startsWith('footstep')).join();

/** Counts reads of a field's value. */
let reads = 0;
export function trapValue(path) {
  const field = find(path);
  reads = 0;
  Object.defineProperty(field, 'value', { get: () => { reads++; return 'typed'; } });
}
export const valueReads = () => reads;
