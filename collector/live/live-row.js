// One event as a row. Everything in an event may come from a stranger: it is only ever set as text.

/** An element with a class and children; strings become text nodes. */
export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== ''));
  return node;
}

const WORDS = { attempted: 'attempted', confirmed: 'confirmed', failed: 'failed', unknown: 'unknown' };
const KINDS = { micro: 'micro', macro: 'macro', page: 'page', custom: 'custom' };

/** What the filter box looks at. */
export function searchText(event) {
  return JSON.stringify([event.name, event.kind, event.phase, event.page, event.visitor, event.session?.id,
    event.currency, event.properties, event.trigger, event.site, event.leadsTo]).toLowerCase();
}

/** The path of the page; the whole text if it is no URL. */
function pathOf(url) {
  try {
    const parsed = new URL(url);
    return decodeURI(parsed.pathname) + parsed.search + parsed.hash;
  } catch {
    return String(url);
  }
}

/** Money in the reader's own way; a currency nobody knows is shown as it came. */
export function money(value, currency) {
  if (currency) {
    try {
      return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(value);
    } catch { /* not an ISO 4217 code */ }
  }
  const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }).format(value);
  return currency ? `${number} ${currency}` : number;
}

/** A colour per visitor: the same everywhere on the page and at every opening. */
function hueOf(id) {
  let hash = 2166136261;
  for (const character of id) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  // Steps of 15 degrees: near hues would look alike.
  return ((hash >>> 8) % 24) * 15;
}

/** The random end of a UUID version 7: its beginning is a time and much the same for all. */
const short = (id) => String(id).slice(-4);

function plain(value) {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}

function chips(object, className, skip) {
  return Object.entries(object ?? {}).filter(([name]) => name !== skip).map(([name, value]) => {
    const text = plain(value);
    const chip = make('span', `chip ${className}`, make('i', '', name), text.length > 60 ? `${text.slice(0, 59)}…` : text);
    if (text.length > 60) chip.title = text;
    return chip;
  });
}

const UNITS = { percent: '%', seconds: ' s', pixels: ' px' };

/** The trigger in short: `scroll 75%`, `media 50%`. Of a page view it says nothing new. */
function triggerOf({ trigger, kind }) {
  if (!trigger?.on) return [];
  const facts = [];
  const rest = {};
  for (const [name, value] of Object.entries(trigger)) {
    if (name === 'on') continue;
    if (name in UNITS && typeof value === 'number') facts.push(`${value}${UNITS[name]}`);
    else if (value === true) facts.push(name);
    else rest[name] = value;
  }
  const first = make('span', 'chip on', make('b', '', plain(trigger.on)), facts.length ? ` ${facts.join(' ')}` : '');
  return [kind === 'page' && !facts.length ? undefined : first, ...chips(rest, 'fact')];
}

function who(event) {
  if (!event.visitor && !event.session) return make('span', 'who none', 'no id');
  const node = make('span', 'who', make('i', 'dot'), event.visitor ? short(event.visitor) : 'no id');
  node.title = [event.visitor && `visitor ${event.visitor}`, event.session && `session ${event.session.id}`]
    .filter(Boolean).join('\n');
  if (event.visitor) node.style.setProperty('--hue', hueOf(event.visitor));
  if (event.session) node.append(make('small', '', ` visit ${event.session.number} · ${short(event.session.id)}`));
  return node;
}

function timeOf(event) {
  const date = new Date(event.at);
  const valid = !Number.isNaN(date.getTime());
  const node = make('time', '', valid ? date.toLocaleTimeString(undefined, { hour12: false }) : String(event.at));
  if (valid) {
    node.dateTime = date.toISOString();
    const late = event.received - event.at;
    const when = late > 3000 ? `, received ${new Date(event.received).toLocaleString()}` : '';
    node.title = `${date.toLocaleString()}${when}`;
    if (date.toDateString() !== new Date(event.received).toDateString()) {
      node.prepend(make('small', '', date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })), ' ');
    }
  }
  return node;
}

function phaseOf(event) {
  if (event.kind === 'page') return undefined;
  const word = WORDS[event.phase] ?? 'unknown';
  // An outcome follows an attempt that was sent before it.
  const was = event.rev > 0 ? 'attempted' : undefined;
  const node = make('span', `phase phase-${word}`, word);
  return was && was !== word ? make('span', 'phases', make('span', 'was', was), ' ', node) : node;
}

/** Everything about it, for those who want to see what was sent. Made when it is first opened. */
function detailsOf(event, details) {
  details.addEventListener('toggle', () => {
    if (details.open && !details.querySelector('pre')) {
      details.append(make('pre', '', JSON.stringify(event, null, 2)));
    }
  });
}

/** The row. `isNew` lets it light up. */
export function makeRow(event, isNew) {
  const kind = KINDS[event.kind] ?? 'custom';
  const name = make('span', 'name', event.name);
  const title = event.kind === 'page' && event.page.title ? make('span', 'title', event.page.title) : undefined;
  const path = make('span', 'path', pathOf(event.page.url));
  path.title = event.page.url;
  const marks = [event.untrusted ? make('span', 'chip mark', 'script-made') : undefined,
    event.leadsTo ? make('span', 'chip leads', '→ ', event.leadsTo) : undefined];
  const worth = event.value === undefined ? undefined : make('span', 'worth', money(event.value, event.currency));
  const summary = make('summary', '',
    timeOf(event),
    make('span', `kind kind-${kind}`, kind),
    make('span', 'head', name, phaseOf(event), title),
    worth ?? make('span', 'worth'),
    make('span', 'more', path, ...triggerOf(event), ...chips(event.properties, 'property'), ...marks),
    who(event));
  const details = make('details', '', summary);
  detailsOf(event, details);
  return make('li', `event event-${kind} is-${WORDS[event.phase] ?? 'unknown'}${isNew ? ' is-new' : ''}`, details);
}
