/**
 * The page the cells stand on, and the config whose rules they are to set off. Every cell has a box in a grid, so that
 * nothing has to be scrolled to; whatever its rules hit carries the number of the press under way, which the rules read.
 * So each event says which press made it, and one that is lost or doubled can be told by its number.
 */

/** Of the real tabs a press would open, one in so many is let; in the others the page cancels what comes after us. */
const OPENS_EVERY = 10;
const [WIDTH, HEIGHT, COLUMNS] = [180, 64, 6];

const kebab = (name) => name.replaceAll('_', '-');
/** The class that stands for a cell's own elements. */
const mark = ({ id }) => `hit-${kebab(id)}`;
const named = (cell, text) => text?.replaceAll('HIT', mark(cell));

/** The rules of a cell: `{ name, rule, events }`, where `events` is what one press is to make. */
export function steps(cell, on) {
  const said = cell.steps ?? { '': [{ on, match: '.HIT' }, cell.events ?? 1] };
  return Object.entries(said).map(([step, [rule, events = 1]]) => ({
    name: step ? `${cell.id}_${step}` : cell.id,
    events,
    rule: { ...rule, match: named(cell, rule.match), ...(rule.submitter && { submitter: named(cell, rule.submitter) }), read: { run: { attribute: 'data-run' } } },
  }));
}

/** The config with the rules of these cells and no other. */
export function config(cells, on) {
  const rules = cells.flatMap((cell) => steps(cell, on)).map(({ name, rule }) => [name, rule]);
  return { pageViews: false, conversions: Object.fromEntries(rules) };
}

/** The page with these cells, as seen by one hand. */
export function page(cells, hand, head) {
  const boxes = cells.map((cell, i) => {
    const place = `left:${(i % COLUMNS) * WIDTH}px;top:${Math.floor(i / COLUMNS) * HEIGHT}px`;
    return `<div class=box data-cell=${cell.id} style="${place}">${named(cell, cell.html)}</div>`;
  });
  const opens = cells.filter((cell) => cell.opens === true || cell.opens?.includes(hand)).map(({ id }) => id);
  const wires = cells.map((cell) => `${JSON.stringify(cell.id)}: { hit: '.${mark(cell)}', press: ${JSON.stringify(named(cell, cell.press) ?? null)},
    html: ${JSON.stringify(cell.fresh ? named(cell, cell.html) : null).replaceAll('</', '<\\/')}, opens: ${opens.includes(cell.id)}, wire: ${named(cell, String(cell.wire ?? null))} }`);
  return `<!doctype html><html lang=en><meta charset=utf-8><title>Matrix</title>
    <style>
      body { margin: 0; height: ${Math.ceil(cells.length / COLUMNS) * HEIGHT}px; font: 14px sans-serif }
      .box { position: absolute; width: ${WIDTH - 10}px; height: ${HEIGHT - 10}px; overflow: hidden; contain: strict } dialog { margin: 0; padding: 0; border: 0 }
      input { width: 30px }
    </style>
    <script>(${inPage})({ ${wires} }, ${OPENS_EVERY})</script>${head}
    <body>${boxes.join('\n')}<script>for (const id of Object.keys(matrix.cells)) matrix.wire(id);</script>`;
}

/** The page a journey starts from and comes back to; it says `arrived(run)` once it is ready for the press. */
export function station(cell, head) {
  return `<!doctype html><html lang=en><meta charset=utf-8><title>Journey</title>
    <style>body { margin: 0 } .press { position: fixed; left: 0; top: 0; width: 99px; height: 49px }</style>${head}
    <body>${named(cell, cell.html)}<script>{
      const form = document.querySelector('.${mark(cell)}');
      const run = sessionStorage.run = Number(sessionStorage.run ?? 0) + 1;
      Element.prototype.setAttribute.call(form, 'data-run', run);
      addEventListener('load', () => footstep.ready.then(() => arrived(run)));
      ${cell.wire ?? ''}
    }</script>`;
}

/** Runs in the page, before anything of ours: numbers the presses, and tells the driver where to press. */
function inPage(cells, opensEvery) {
  const { querySelector, querySelectorAll, setAttribute, hasAttribute, getAttribute, getBoundingClientRect, setHTMLUnsafe } = Element.prototype;
  const shadow = Object.getOwnPropertyDescriptor(Element.prototype, 'shadowRoot').get;
  const all = (root, selector) => [
    ...(root instanceof Element ? querySelectorAll.call(root, selector) : root.querySelectorAll(selector)),
    ...[...(root instanceof Element ? querySelectorAll.call(root, '*') : root.querySelectorAll('*'))].map((element) => shadow.call(element)).filter(Boolean).flatMap((inner) => all(inner, selector)),
  ];
  const box = (id) => querySelector.call(document.documentElement, `[data-cell=${id}]`);
  const boxOf = (event) => event.composedPath().find((node) => node instanceof Element && hasAttribute.call(node, 'data-cell'));
  const target = (id) => all(box(id), cells[id].press ?? '.press')[0] ?? all(box(id), cells[id].hit)[0];
  const runs = {};
  // A tap is a click only a moment after its pointerdown, when the next finger may be down: it is numbered by the mouse
  // events the browser makes of it.
  let finger;
  const number = (event) => {
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    if (event.type === 'pointerdown') finger = event.pointerType === 'touch';
    if (event.type !== 'keydown' && finger !== (event.type === 'mousedown')) return;
    const found = boxOf(event);
    if (!found) return;
    const id = getAttribute.call(found, 'data-cell');
    runs[id] = (runs[id] ?? 0) + 1;
    for (const element of all(found, cells[id].hit)) setAttribute.call(element, 'data-run', runs[id]);
  };
  for (const type of ['pointerdown', 'mousedown', 'keydown']) addEventListener(type, number, true);
  for (const type of ['click', 'auxclick']) {
    addEventListener(type, (event) => {
      const found = boxOf(event);
      const id = found && getAttribute.call(found, 'data-cell');
      if (id && cells[id].opens && runs[id] % opensEvery !== 1) event.preventDefault();
    });
  }
  const focusIn = (id) => {
    for (const element of [target(id), ...all(box(id), cells[id].hit)]) {
      HTMLElement.prototype.focus.call(element);
      if (element.getRootNode().activeElement === element) return;
    }
  };
  window.matrix = {
    cells,
    runs,
    wire: (id) => cells[id].wire?.(box(id)),
    /** Before a press: the cell as it should be, and where to press. */
    ready(id, fresh, focus) {
      if (fresh) {
        box(id).textContent = '';
        setHTMLUnsafe.call(box(id), cells[id].html);
        matrix.wire(id);
      }
      if (focus) focusIn(id);
      const { x, y, width, height } = getBoundingClientRect.call(target(id));
      return [x + width / 2, y + height / 2];
    },
  };
}
