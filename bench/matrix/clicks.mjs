/**
 * The click list: what can be pressed, and by which hand. A cell is markup in which `HIT` stands for the class its rule
 * names; the element with the class `press` (else the hit one) is where the hand goes. `by` lists the hands, each of
 * which must make exactly one event, unless `events` says otherwise. Declarative shadow roots keep even components data.
 *
 * `opens`: a real press opens a tab there. `fresh`: made anew before each press. `wire` runs in the page, with the
 * cell's box. `steps` names several rules for one cell, each with the events a press is to make (1 unless said).
 */

/** Hands that can press anything; keys need something that takes the focus. */
const HANDS = ['left', 'middle', 'touch'];
const BUTTON = [...HANDS, 'enter', 'space'];
const LINK = [...HANDS, 'enter'];

const root = (inside, mode = 'open') => `<x-card><template shadowrootmode=${mode}>${inside}</template></x-card>`;
const click = (match, more = {}) => ({ on: 'click', match, ...more });

export default [
  { id: 'plain_button', what: 'a plain button', html: '<button class=HIT>x</button>', by: BUTTON },
  { id: 'input_button', what: 'an input that is a button', html: '<input type=button value=x class=HIT>', by: BUTTON },
  { id: 'child', what: 'a child of a button', html: '<button class=HIT><b><i class=press>x</i></b></button>', by: HANDS },
  { id: 'text', what: 'a text node, nothing else', html: '<span class=HIT>no element in here</span>', by: HANDS },
  { id: 'link', what: 'a link', html: '<a class=HIT href=/stay>x</a>', by: LINK, opens: ['middle'] },
  { id: 'svg_path', what: 'an SVG path in a button in a link', by: HANDS, opens: ['middle'],
    html: '<a href=/stay><button type=button class=HIT><svg width=20 height=20><g><path class=press d="M0 0h20v20H0z"/></g></svg></button></a>' },
  { id: 'svg_use', what: 'an SVG use in a button in a link that counts', by: HANDS, opens: ['middle'],
    html: `<svg width=0 height=0><symbol id=icon viewBox="0 0 20 20"><path d="M0 0h20v20H0z"/></symbol></svg>
      <a class=HIT href=/stay><button type=button><svg width=20 height=20><use class=press href=#icon /></svg></button></a>` },
  { id: 'svg_link', what: 'a link of SVG itself', by: HANDS, opens: ['middle'],
    html: '<svg width=20 height=20><a class=HIT xlink:href=/stay><path class=press d="M0 0h20v20H0z"/></a></svg>' },
  { id: 'link_component', what: 'a link around a component', by: LINK, opens: ['middle'],
    html: `<a class=HIT href=/stay>${root('<span class=press>x</span>')}</a>` },
  { id: 'slotted', what: 'a slotted element in a button of the component', by: HANDS,
    html: '<x-card><template shadowrootmode=open><button class=HIT><slot></slot></button></template><b class=press>x</b></x-card>' },
  { id: 'slotted_light', what: 'a button slotted into a component', by: BUTTON,
    html: '<x-card><template shadowrootmode=open><div><slot></slot></div></template><button class=HIT>x</button></x-card>' },
  { id: 'slotted_host', what: 'the host of a slotted element', by: HANDS,
    html: '<x-card class=HIT><template shadowrootmode=open><div><slot></slot></div></template><button class=press>x</button></x-card>' },
  { id: 'open_1', what: 'a button in an open root', html: root('<button class=HIT><i>x</i></button>'), by: BUTTON },
  { id: 'open_3', what: 'a button three open roots deep', html: root(root(root('<button class=HIT><i>x</i></button>'))), by: BUTTON },
  { id: 'open_host', what: 'the host, three open roots above', by: HANDS,
    html: `<x-card class=HIT><template shadowrootmode=open>${root(root('<button class=press>x</button>'))}</template></x-card>` },
  { id: 'closed', what: 'the host of a closed root', by: HANDS,
    html: '<x-card class=HIT><template shadowrootmode=closed><button>x</button></template></x-card>' },
  { id: 'closed_in_open', what: 'the host of a closed root in an open one', by: HANDS,
    html: root('<x-card class=HIT><template shadowrootmode=closed><button>x</button></template></x-card>') },
  { id: 'late_root', what: 'a button in an open root made after the start', by: HANDS, fresh: true, html: '<x-late></x-late>', press: '.HIT',
    wire: (box) => { box.querySelector('x-late').attachShadow({ mode: 'open' }).innerHTML = '<button class=HIT>x</button>'; } },
  { id: 'label', what: 'a label around its checkbox', html: '<label class=HIT><span class=press>x</span><input type=checkbox></label>', by: HANDS },
  { id: 'label_field', what: 'the checkbox in a label that counts', by: [...HANDS, 'space'],
    html: '<label class=HIT>x<input class=press type=checkbox></label>' },
  { id: 'label_for', what: 'the checkbox that counts, pressed by its label', by: ['left', 'touch'],
    html: '<label class=press for=field>x</label><input class=HIT type=checkbox id=field>' },
  { id: 'label_around', what: 'what stands around a label and its checkbox', by: HANDS,
    html: '<div class=HIT><label class=press for=other>x</label><input type=checkbox id=other></div>' },
  { id: 'label_open', what: 'a label and its checkbox in an open root', by: HANDS,
    html: root('<label class=HIT><span class=press>x</span><input type=checkbox></label>') },
  { id: 'label_slow', what: 'a label whose click keeps the page busy', html: '<label class=HIT><span class=press>x</span><input type=checkbox></label>', by: ['left', 'touch'],
    wire: (box) => box.addEventListener('click', ({ target }) => { for (const end = target.localName === 'span' && performance.now() + 25; performance.now() < end;); }) },
  { id: 'summary', what: 'the summary of details', html: '<details><summary class=HIT>x</summary></details>', by: BUTTON },
  { id: 'javascript', what: 'a javascript: link', html: '<a class=HIT href="javascript:void 0">x</a>', by: LINK, opens: ['middle'] },
  { id: 'prevented', what: 'a link the app prevents', html: '<a class=HIT href=/never>x</a>', by: LINK,
    wire: (box) => { for (const type of ['click', 'auxclick']) box.addEventListener(type, (event) => event.preventDefault()); } },
  { id: 'prevented_first', what: 'a link the app prevents before we hear of it', html: '<a class=HIT href=/never>x</a>', by: LINK,
    wire: (box) => { for (const type of ['click', 'auxclick']) addEventListener(type, (event) => box.contains(event.target) && event.preventDefault(), true); } },
  { id: 'stopped', what: 'a button whose events the app stops at once', html: '<button class=HIT>x</button>', by: BUTTON,
    wire: (box) => { for (const type of ['click', 'auxclick']) box.firstChild.addEventListener(type, (event) => event.stopImmediatePropagation(), true); } },
  { id: 'stopped_first', what: 'a button whose events the app stops at the document', html: '<button class=HIT>x</button>', by: BUTTON,
    wire: (box) => { for (const type of ['click', 'auxclick', 'pointerdown', 'mousedown', 'keydown']) document.addEventListener(type, (event) => box.contains(event.target) && event.stopImmediatePropagation(), true); } },
  { id: 'nested', what: 'a hit element in another of the same rule', html: '<div class=HIT><button class="HIT press">x</button></div>', by: HANDS },
  { id: 'two_rules', what: 'a rule on the child, another on the parent', by: HANDS,
    html: '<div class="HIT outer"><button class="HIT inner press">x</button></div>',
    steps: { outer: [click('.HIT.outer')], inner: [click('.HIT.inner')] } },
  { id: 'later', what: 'a button added later', html: '<button class=HIT>x</button>', by: BUTTON, fresh: true },
  { id: 'removed', what: 'a button that its own handler removes', html: '<button class=HIT>x</button>', by: BUTTON, fresh: true,
    wire: (box) => { for (const type of ['click', 'auxclick']) box.addEventListener(type, () => box.replaceChildren(), true); } },
  { id: 'right', what: 'the right button: only asks for a menu', html: '<button class=HIT>x</button>', by: ['right'], events: 0 },
  { id: 'disabled', what: 'a button that is switched off', html: '<button class=HIT disabled>x</button>', by: ['left', 'middle'], events: 0 },
  { id: 'beside', what: 'beside the button', html: '<button class=HIT>x</button> <i class=press>beside</i>', by: HANDS, events: 0 },
  { id: 'meta', what: 'a link, with the meta key', html: '<a class=HIT href=/stay>x</a>', by: ['left+Meta'], opens: true },
  { id: 'alt', what: 'a link, with the alt key', html: '<a class=HIT href=/stay>x</a>', by: ['left+Alt'], opens: true },
  { id: 'shift', what: 'a link, with the shift key', html: '<a class=HIT href=/stay>x</a>', by: ['left+Shift', 'enter+Shift'], opens: true },
  { id: 'control', what: 'a link, with the control key', html: '<a class=HIT href=/stay>x</a>', by: ['left+Control', 'enter+Control'], opens: true },
  { id: 'blank', what: 'a link with target=_blank', html: '<a class=HIT href=/stay target=_blank>x</a>', by: LINK, opens: LINK },
  { id: 'download', what: 'a link with download', html: '<a class=HIT href=/file.bin download>x</a>', by: LINK, opens: LINK },
];
