// The live page: takes what the collector sends, keeps the newest events, and decides which of them show.
// How one event looks is live-row.js, the totals and the audit are live-side.js. Text only ever becomes text.
import { makeRow, searchText } from './live-row.js';
import { showDelivery, showSteps, showTotals } from './live-side.js';

const KEPT = 200;
const $ = (id) => document.getElementById(id);

// A token in the address would stay in the history and in screenshots: it moves to the tab's own memory.
function takeToken() {
  const address = new URL(location.href);
  const given = address.searchParams.get('token');
  try {
    if (given) sessionStorage.setItem('footstep-read-token', given);
    else return sessionStorage.getItem('footstep-read-token') ?? '';
  } catch { /* storage may be forbidden: then the token stays in the address */ return given ?? ''; }
  address.searchParams.delete('token');
  history.replaceState(null, '', address);
  return given;
}

const token = takeToken();
const withToken = (path) => (token ? `${path}${path.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}` : path);

/** Shown, newest first: { event, row, text }. */
let entries = [];
/** Arrived while paused, oldest first. */
let held = [];
let paused = false;
/** Until the collector has told what it has, nobody knows whether there is nothing. */
let known = false;
/** The events there were already come in one go and without a flash. */
let opening = true;
let query = '';
const hidden = new Set();

function passes(entry) {
  if (hidden.has(entry.event.kind)) return false;
  return query.split(/\s+/).every((word) => entry.text.includes(word));
}

function add(event) {
  // An outcome takes the place of its attempt.
  const at = entries.findIndex((entry) => entry.event.id === event.id);
  if (at >= 0) {
    const [old] = entries.splice(at, 1);
    if (old.event.rev >= event.rev) { entries.splice(at, 0, old); return; }
    old.row.remove();
  }
  const entry = { event, text: searchText(event), row: makeRow(event, !opening) };
  entry.row.hidden = !passes(entry);
  entries.unshift(entry);
  $('events').prepend(entry.row);
  for (const old of entries.splice(KEPT)) old.row.remove();
}

let drawing = false;
function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    showSteps($('steps'), entries.map((entry) => entry.event), (name) => { $('filter').value = name; filter(); });
    const visible = entries.some((entry) => !entry.row.hidden);
    $('empty').hidden = !known || entries.length > 0 || held.length > 0;
    $('nothing').hidden = visible || entries.length === 0;
    $('held').hidden = held.length === 0;
    $('held').textContent = `${held.length} new ${held.length === 1 ? 'event' : 'events'}: show`;
  });
}

function filter() {
  query = $('filter').value.trim().toLowerCase();
  for (const entry of entries) entry.row.hidden = !passes(entry);
  draw();
}

function release() {
  const waiting = held;
  held = [];
  waiting.forEach(add);
  draw();
}

function pause(on) {
  paused = on;
  $('pause').setAttribute('aria-pressed', String(on));
  $('pause').textContent = on ? 'Resume' : 'Pause';
  if (!on) release();
  state();
}

let link = 'connecting';
function state(next = link) {
  link = next;
  const shown = paused && link === 'live' ? 'paused' : link;
  $('connection').dataset.state = shown;
  if ($('connection').textContent !== shown) $('connection').textContent = shown;
}

function reset() {
  for (const entry of entries) entry.row.remove();
  entries = [];
  held = [];
  opening = true;
  draw();
}

function receive(event) {
  if (paused && !opening) {
    held.push(event);
    if (held.length > KEPT) held.shift();
  } else {
    add(event);
  }
  draw();
}

// What the collector refuses (a wrong token) an event source does not tell; a request does.
async function explain() {
  try {
    const answer = await fetch(withToken('/v1/audit?limit=0'), { cache: 'no-store' });
    if (answer.status !== 401) return false;
    state('locked');
    known = false;
    reset();
    $('locked').hidden = false;
    try { sessionStorage.removeItem('footstep-read-token'); } catch { /* nothing to remove */ }
    return true;
  } catch {
    return false;
  }
}

function connect() {
  const source = new EventSource(withToken('/v1/live'));
  source.addEventListener('hello', () => { reset(); state('live'); });
  source.addEventListener('footstep', (message) => receive(JSON.parse(message.data)));
  source.addEventListener('totals', (message) => {
    const totals = JSON.parse(message.data);
    showTotals(totals);
    showDelivery(totals.audit, totals.audit.missing > 0 ? audit : undefined);
  });
  // The events that were there already are through; what comes now is new.
  source.addEventListener('settled', () => { opening = false; known = true; draw(); });
  source.onerror = async () => {
    state('reconnecting');
    if (source.readyState !== EventSource.CLOSED) return;
    if (!(await explain())) setTimeout(connect, 2000);
  };
}

// The streams that lack something, asked for only when there are some.
async function audit() {
  try {
    const answer = await fetch(withToken('/v1/audit?incomplete=true&limit=5'), { cache: 'no-store' });
    return answer.ok ? (await answer.json()).streams : [];
  } catch {
    return [];
  }
}

$('endpoint').textContent = `${location.origin}/v1/batch`;
$('filter').addEventListener('input', filter);
$('clear').addEventListener('click', () => {
  $('filter').value = '';
  hidden.clear();
  for (const button of $('kinds').children) button.setAttribute('aria-pressed', 'true');
  filter();
});
$('pause').addEventListener('click', () => pause(!paused));
$('held').addEventListener('click', release);
$('kinds').addEventListener('click', (click) => {
  const button = click.target.closest('button');
  if (!button) return;
  const { kind } = button.dataset;
  if (!hidden.delete(kind)) hidden.add(kind);
  button.setAttribute('aria-pressed', String(!hidden.has(kind)));
  filter();
});
connect();
