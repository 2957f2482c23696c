/**
 * Words the fixture pages of the presets are written in: what a shop's own script does with a form, a button, an
 * answer. Only text for the page comes from here; nothing knows of Footstep.
 */

const text = (value) => JSON.stringify(value);

/** A script. */
export const script = (code) => `<script>${code}</script>`;

/** Gives the body the id and classes a shop's theme gives it. */
export const body = (classes, id = '') => script(`document.body.className = ${text(classes)}; document.body.id = ${text(id)};`);

/** Takes the sending of these forms into its own hands: `code` runs a moment later, `form` is the form. */
export const onSubmit = (selector, code) => script(`for (const form of document.querySelectorAll(${text(selector)}))
  form.addEventListener('submit', (event) => { event.preventDefault(); setTimeout(async () => { ${code} }); });`);

/** Takes clicks on these elements into its own hands: `code` runs a moment later, `button` is the element. */
export const onClick = (selector, code) => script(`for (const button of document.querySelectorAll(${text(selector)}))
  button.addEventListener('click', (event) => { event.preventDefault(); setTimeout(async () => { ${code} }); });`);

/** Shows an element that is there but hidden. */
export const show = (selector) => `document.querySelector(${text(selector)}).style.display = 'block';`;

/** Puts markup at the end of an element. */
export const put = (markup, into = 'body') => `document.querySelector(${text(into)}).insertAdjacentHTML('beforeend', ${text(markup)});`;

/** Dispatches an event of the page's own. */
export const dispatch = (name, on = 'document.body', detail) =>
  `${on}.dispatchEvent(new CustomEvent(${text(name)}, { bubbles: true, detail: ${text(detail ?? null)} }));`;

/** Sends a request as a shop's script does and keeps the answer in `answer`. */
export const ask = (url, method = 'POST') =>
  `const response = await fetch(${text(url)}, { method: ${text(method)}${method === 'POST' ? ", body: 'a=b'" : ''} }); const answer = await response.json();`;

/** The data layer as a tag manager's snippet leaves it. */
export const layer = (...entries) => script(`window.dataLayer = window.dataLayer || []; ${entries.map((each) => `dataLayer.push(${text(each)});`).join(' ')}`);

/** One entry more, as code. */
export const push = (entry) => `dataLayer.push(${text(entry)});`;

/** An answer in JSON. */
export const json = (body, status = 200) => ({ status, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

/** An answer that leads elsewhere. */
export const redirect = (location) => ({ status: 303, headers: { location } });

/**
 * What a shop needs of jQuery: handlers in lists of its own and `trigger`, which walks up to the document and the
 * window and calls them, without any DOM event.
 */
export const JQUERY = script(`window.jQuery = window.$ = (() => {
  const lists = new Map();
  const list = (node) => lists.get(node) ?? lists.set(node, []).get(node);
  const names = (text) => text.trim().split(/\\s+/).map((name) => name.split('.')[0]);
  function Set(nodes) { this.length = nodes.length; nodes.forEach((node, at) => { this[at] = node; }); }
  const nodesOf = (set) => Array.from(set);
  const $ = (what) => {
    if (typeof what === 'function') { setTimeout(() => what($)); return $(document); }
    if (typeof what === 'string') return new Set([...document.querySelectorAll(what)]);
    return new Set(what instanceof Set ? nodesOf(what) : what ? [what] : []);
  };
  $.fn = Set.prototype = {
    constructor: $, jquery: '3.7.1',
    on(types, selector, handler = selector) {
      for (const node of nodesOf(this)) for (const name of names(types)) list(node).push({ name, handler, selector: handler === selector ? '' : selector });
      return this;
    },
    off(types, handler) {
      for (const node of nodesOf(this)) lists.set(node, list(node).filter((each) => !names(types).includes(each.name) || (handler && each.handler !== handler)));
      return this;
    },
    trigger(type, extra = []) {
      for (const target of nodesOf(this)) {
        const path = [];
        for (let node = target; node; node = node === document ? window : node === window ? null : node.parentNode) path.push(node);
        const event = { type: type.split('.')[0], target, isTrigger: 3, preventDefault() {}, stopPropagation() {} };
        for (const node of path) for (const { name, handler, selector } of [...list(node)]) {
          event.currentTarget = node;
          if (name === event.type && (!selector || target.closest?.(selector))) handler.apply(node, [event, ...[].concat(extra)]);
        }
      }
      return this;
    },
    ready(handler) { setTimeout(() => handler($)); return this; },
    each(act) { nodesOf(this).forEach((node, at) => act.call(node, at, node)); return this; },
  };
  return $;
})();`);

/** Triggers an event jQuery's way. */
export const trigger = (name, on = 'document.body') => `jQuery(${on}).trigger(${text(name)});`;
