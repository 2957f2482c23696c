/**
 * The submit list: each way to send a form, and what is no sending. Cells are written as in `clicks.mjs`; `/stay` answers
 * 204, so a form is really sent there and the page stays. The cells of `journeys` leave the page and come back to
 * it: there each run is a page load of its own.
 */

const TAP = ['left', 'touch'];
const KEYS = ['enter', 'space'];
const submit = (match, more = {}) => ({ on: 'submit', match, ...more });
const click = (match, more = {}) => ({ on: 'click', match, ...more });

const form = (inside, attributes = 'action=/stay') => `<form class=HIT ${attributes}>${inside}</form>`;
const root = (inside) => `<x-form><template shadowrootmode=open>${inside}</template></x-form>`;
const SEND = '<button class=press>x</button>';
const FIELD = '<input class=press name=a value=b>';
/** Inputs that hide what a form can do. */
const NAMES = ['id', 'action', 'submit', 'method', 'parentNode', 'getAttribute', 'children', 'attributes', 'matches', 'closest', 'elements', 'target', 'name', 'nodeName',
  'getRootNode', 'addEventListener', 'hasAttribute', 'noValidate', 'checkValidity', 'dataset', 'contains', 'isConnected', 'tagName', 'getAttributeNames', 'querySelector', 'ownerDocument'];
const HIDING = `<div hidden>${NAMES.map((name) => `<input name=${name} value=1>`).join('')}</div>`;

const prevent = (box) => box.addEventListener('submit', (event) => event.preventDefault());

export const submits = [
  { id: 'button', what: 'the button', html: form(SEND), by: [...TAP, ...KEYS] },
  { id: 'input_submit', what: 'an input that submits', html: form('<input class=press type=submit>'), by: ['left', ...KEYS] },
  { id: 'image', what: 'an image that submits', html: form('<input class=press type=image alt=send>'), by: [...TAP, 'enter'] },
  { id: 'enter', what: 'Enter in a field', html: form(`${FIELD}<button>x</button>`), by: ['enter'] },
  { id: 'enter_alone', what: 'Enter in the only field of a form without a button', html: form(FIELD), by: ['enter'] },
  { id: 'post', what: 'by POST', html: form(FIELD + '<button>x</button>', 'action=/stay method=post'), by: ['enter'] },
  { id: 'request_submit', what: 'requestSubmit()', html: form('<input class=press type=button value=x>'), by: ['left'],
    wire: (box) => box.addEventListener('click', () => box.firstChild.requestSubmit()) },
  { id: 'script_click', what: 'a press on a link that presses the button by script', html: `${form('<button>x</button>')}<a class=press>x</a>`, by: ['left'],
    wire: (box) => { box.querySelector('a').onclick = () => box.querySelector('button').click(); } },
  { id: 'prevented', what: 'prevented by the app', html: form(`${FIELD}<button>x</button>`), by: ['enter'], wire: prevent },
  { id: 'prevented_button', what: 'prevented by the app, by the button', html: form(SEND), by: [...TAP, ...KEYS], wire: prevent },
  { id: 'prevented_first', what: 'prevented by the app before we hear of it', html: form(SEND), by: ['left', 'enter'],
    wire: (box) => addEventListener('submit', (event) => box.contains(event.target) && event.preventDefault(), true) },
  { id: 'stopped', what: 'stopped at once by the app', html: form(SEND), by: ['left', 'enter'],
    wire: (box) => box.firstChild.addEventListener('submit', (event) => { event.stopImmediatePropagation(); event.preventDefault(); }, true) },
  { id: 'stopped_first', what: 'stopped at once at the document', html: form(SEND), by: ['left', 'enter'],
    wire: (box) => {
      for (const type of ['submit', 'click', 'formdata', 'pointerdown', 'keydown', 'focusin']) {
        document.addEventListener(type, (event) => box.contains(event.target) && event.stopImmediatePropagation(), true);
      }
    } },
  { id: 'invalid', what: 'invalid', html: form(`<input type=email required>${SEND}`), by: [...TAP, ...KEYS], events: 0, fresh: true },
  { id: 'invalid_enter', what: 'invalid, by Enter', html: form('<input class=press type=email value=no><button>x</button>'), by: ['enter'], events: 0 },
  { id: 'invalid_request', what: 'invalid, by requestSubmit()', html: form('<input required><input class=press type=button>'), by: ['left'], events: 0,
    wire: (box) => box.addEventListener('click', () => box.firstChild.requestSubmit()) },
  { id: 'novalidate', what: 'invalid, but novalidate', html: form(`<input required>${SEND}`, 'action=/stay novalidate'), by: ['left', 'enter'] },
  { id: 'formnovalidate', what: 'invalid, but formnovalidate', html: form('<input required><button class=press formnovalidate>x</button>'), by: ['left'] },
  { id: 'dialog', what: 'method=dialog', html: `<dialog open>${form(SEND, 'method=dialog')}</dialog>`, by: ['left', 'enter'], fresh: true },
  ...['first', 'second'].map((name) => ({
    id: `two_${name}`, what: `two submitters, the ${name}`, by: ['left', ...KEYS],
    html: form(['first', 'second'].map((one) => `<button name=go value=${one} formaction=/stay?${one} class="${one} ${one === name ? 'press' : ''}">x</button>`).join('')),
    steps: {
      any: [submit('.HIT')],
      first: [submit('.HIT', { submitter: '.first' }), Number(name === 'first')],
      second: [submit('.HIT', { submitter: '[value=second]' }), Number(name === 'second')],
    },
  })),
  { id: 'two_enter', what: 'two submitters, Enter in a field', html: form(`${FIELD}<button class=first>x</button><button class=second>y</button>`), by: ['enter'],
    steps: { any: [submit('.HIT')], first: [submit('.HIT', { submitter: '.first' })], second: [submit('.HIT', { submitter: '.second' }), 0] } },
  { id: 'outside', what: 'a button outside the form', html: '<form class=HIT id=far action=/stay></form><button class=press form=far>x</button>', by: ['left', ...KEYS] },
  { id: 'later', what: 'a form added later', html: form(SEND), by: ['left', 'enter'], fresh: true },
  { id: 'hidden_names', what: 'inputs that hide the methods of a form', html: form(`${HIDING}${SEND}`), by: ['left', 'enter'] },
  { id: 'open_root', what: 'in an open root', html: root(form(SEND)), by: [...TAP, ...KEYS] },
  { id: 'open_enter', what: 'in an open root, Enter in a field', html: root(form(`${FIELD}<button>x</button>`)), by: ['enter'] },
  { id: 'open_3', what: 'three open roots deep', html: root(root(root(form(SEND)))), by: ['left', 'enter'] },
  { id: 'open_fresh', what: 'in an open root that was not there before', html: root(form(SEND)), by: [...TAP, ...KEYS], fresh: true },
  { id: 'open_fresh_enter', what: 'in a new open root, Enter in a field', html: root(form(`${FIELD}<button>x</button>`)), by: ['enter'], fresh: true },
  { id: 'open_names', what: 'in an open root, with inputs that hide its methods', html: root(form(`${HIDING}${SEND}`)), by: ['left'], fresh: true },
  { id: 'open_request', what: 'in an open root, requestSubmit() by a button in there', html: root(`${form('')}<input class=press type=button>`), by: ['left'], fresh: true, press: '.press',
    wire: (box) => { const { shadowRoot } = box.firstChild; shadowRoot.querySelector('input').onclick = () => shadowRoot.querySelector('form').requestSubmit(); } },
  { id: 'open_prevented', what: 'in an open root, stopped and prevented', html: root(form(SEND)), by: ['left'], fresh: true,
    wire: (box) => box.firstChild.shadowRoot.firstChild.addEventListener('submit', (event) => { event.preventDefault(); event.stopPropagation(); }) },
  { id: 'open_invalid', what: 'in an open root, invalid', html: root(form(`<input type=email required>${SEND}`)), by: ['left', 'enter'], events: 0, fresh: true },
  { id: 'slotted', what: 'a form slotted into a component', by: ['left', 'enter'],
    html: `<x-form><template shadowrootmode=open><div><slot></slot></div></template>${form(SEND)}</x-form>` },
  { id: 'formdata_only', what: 'new FormData(form), sent nowhere', html: form('<input class=press type=button>'), by: ['left'], events: 0,
    wire: (box) => box.addEventListener('click', () => new FormData(box.firstChild)) },
  { id: 'formdata_handler', what: 'prevented and read by new FormData(form), twice', html: form(SEND), by: ['left', 'enter'],
    wire: (box) => box.addEventListener('submit', (event) => { event.preventDefault(); for (let i = 0; i < 2; i += 1) new FormData(event.target, event.submitter); }) },
  { id: 'synthetic', what: 'Enter in a field, and the click the browser makes of it', html: form(`${FIELD}<button class=HIT>x</button>`, 'action=/stay'), by: ['enter'],
    steps: { sent: [submit('form.HIT')], pressed: [click('button.HIT')] } },
  { id: 'pressed_button', what: 'the button, with a click rule on it', html: form('<button class="HIT press">x</button>'), by: ['left', ...KEYS],
    steps: { sent: [submit('form.HIT')], pressed: [click('button.HIT')] } },
  { id: 'synthetic_open', what: 'Enter in an open root, and the click the browser makes of it', html: root(form(`${FIELD}<button class=HIT>x</button>`)), by: ['enter'],
    steps: { sent: [submit('form.HIT')], pressed: [click('button.HIT')] } },
  { id: 'two_rules', what: 'two rules on one form', html: form(SEND), by: ['left'], steps: { one: [submit('.HIT')], other: [submit('form.HIT')] } },
  { id: 'reset', what: 'reset instead of sent', html: form('<button class=press type=reset>x</button>'), by: ['left'], events: 0 },
  { id: 'plain', what: 'a button that is none of the form', html: form('<button class=press type=button>x</button>'), by: ['left'], events: 0 },
];

const sends = (attributes = '') => form('<input name=id value=1><input name=submit value=2><button class=press type=button>x</button>', attributes);
const sent = (act) => `form.addEventListener('submit', async (event) => { event.preventDefault(); ${act} })`;
const FORM_SUBMIT = 'HTMLFormElement.prototype.submit.call(form);';

/** Runs that leave the page for itself: one page load each. `wire` is a statement about `form`. */
export const journeys = [
  { id: 'form_submit', what: 'form.submit() to the next page', html: sends(), wire: `form.addEventListener('click', () => ${FORM_SUBMIT.slice(0, -1)})` },
  { id: 'form_submit_post', what: 'form.submit() to the next page, by POST', html: sends('method=post'), wire: `form.addEventListener('click', () => ${FORM_SUBMIT.slice(0, -1)})` },
  { id: 'form_submit_prevented', what: 'prevented, then form.submit()', html: form(SEND, ''), wire: sent(FORM_SUBMIT) },
  { id: 'form_submit_later', what: 'prevented, then form.submit() after an answer', html: form(SEND, ''), wire: sent(`await fetch('/stay'); ${FORM_SUBMIT}`) },
  { id: 'request_submit_later', what: 'prevented, then requestSubmit() after an answer', html: form(SEND, ''),
    wire: `let sure; form.addEventListener('submit', async (event) => { if (sure) return; event.preventDefault(); await fetch('/stay'); sure = true; form.requestSubmit(); })` },
  { id: 'formdata_left', what: 'new FormData(form), then a link to the next page', html: `${form('', 'action=/other')}<a class=press href="/?">x</a>`, events: 0,
    wire: `document.querySelector('a').addEventListener('click', () => new FormData(form))` },
];
