// The numbers around the list: totals at the head, the audit and the most frequent steps at the side.
import { make, money } from './live-row.js';

const $ = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat();

function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The tiles at the head. */
export function showTotals(totals) {
  const micro = totals.conversions - totals.macroConversions;
  set($('total-events'), whole.format(totals.events));
  set($('total-conversions'), whole.format(totals.conversions));
  set($('total-micro'), totals.conversions ? `${whole.format(micro)} micro` : '');
  set($('total-macro'), whole.format(totals.macroConversions));
  const rate = totals.visitors ? totals.macroConversions / totals.visitors : 0;
  set($('total-rate'), rate ? `${rate.toLocaleString(undefined, { maximumFractionDigits: 2 })} per visitor` : '');
  set($('total-visitors'), whole.format(totals.visitors));
  const worths = totals.value.slice(0, 3).map((worth) => {
    const unit = worth.currency ? '' : ' pts';
    const amount = worth.macroConversions || worth.microConversions;
    const main = make('b', '', money(amount, worth.currency), unit);
    const steps = worth.microConversions && worth.macroConversions;
    const note = steps ? `+ ${money(worth.microConversions, worth.currency)} in steps` : worth.macroConversions ? '' : 'in steps';
    return make('div', 'worth-line', main, note ? make('span', 'sub', note) : undefined);
  });
  $('total-value').replaceChildren(...(worths.length ? worths : [make('b', '', '–')]));
}

/** `[[3,5],[9,9]]` as `3–5, 9`. */
function numbers(ranges) {
  const shown = ranges.slice(0, 6).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return shown.join(', ') + (ranges.length > 6 ? ' …' : '');
}

function verdictOf(audit) {
  if (!audit.streams) return ['none', 'Nothing to check yet.'];
  if (audit.missing) {
    const events = audit.missing === 1 ? '1 event is' : `${whole.format(audit.missing)} events are`;
    return ['missing', `${events} missing: still on the way, or lost.`];
  }
  if (audit.dropped) return ['complete', 'Nothing is missing; what was given up was reported.'];
  return ['complete', 'Complete: every number is accounted for.'];
}

let asked = false;

/** The audit's summary; `details` fetches the streams that lack something. */
export function showDelivery(audit, details) {
  const [state, words] = verdictOf(audit);
  $('verdict').dataset.state = state;
  set($('verdict'), words);
  const all = audit.received + audit.dropped + audit.missing || 1;
  for (const part of ['received', 'dropped', 'missing']) {
    $(`meter-${part}`).style.setProperty('--share', `${(audit[part] / all) * 100}%`);
  }
  const facts = [['Streams', audit.streams], ['Received', audit.received], ['Missing', audit.missing],
    ['Given up', audit.dropped], ['Duplicates', audit.duplicates]];
  if (audit.conflicts) facts.push(['Conflicts', audit.conflicts]);
  $('delivery').replaceChildren(...facts.map(([name, count]) => {
    const line = make('div', count ? `fact-${name.toLowerCase().replace(' ', '-')}` : 'zero');
    line.append(make('dt', '', name), make('dd', '', whole.format(count)));
    return line;
  }));
  if (!details) {
    $('incomplete').replaceChildren();
  } else if (!asked) {
    asked = true;
    details().then((streams) => showIncomplete(streams)).finally(() => { asked = false; });
  }
}

function showIncomplete(streams) {
  $('incomplete').replaceChildren(...streams.map((stream) => {
    const id = make('code', '', `…${stream.stream.slice(-8)}`);
    id.title = stream.stream;
    // What an ended stream lacks is in some visitor's storage at best; of the others it may be on the way.
    const lacks = stream.closed === undefined ? ' lacks ' : ` (ended at ${whole.format(stream.closed)}) lacks `;
    return make('li', '', id, lacks, make('b', '', numbers(stream.missing)));
  }));
}

/** How often each step stands in the list, as bars; a click filters by it. */
export function showSteps(list, events, choose) {
  const counts = new Map();
  for (const event of events) {
    if (event.kind === 'page') continue;
    const step = counts.get(event.name) ?? { count: 0, kind: event.kind };
    step.count += 1;
    counts.set(event.name, step);
  }
  // What the steps lead to stands first: it is the rarest, and must not fall off the end.
  const rank = ([, { kind }]) => (kind === 'macro' ? 0 : 1);
  const steps = [...counts].sort((a, b) => rank(a) - rank(b) || b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1)).slice(0, 10);
  const most = Math.max(1, ...steps.map(([, { count }]) => count));
  list.replaceChildren(...steps.map(([name, { count, kind }]) => {
    const bar = make('i', `step-bar kind-${['micro', 'macro', 'custom'].includes(kind) ? kind : 'custom'}`);
    bar.style.setProperty('--share', `${(count / most) * 100}%`);
    const button = make('button', '', bar, make('span', 'step-name', name), make('b', '', whole.format(count)));
    button.type = 'button';
    button.title = 'Show only these';
    button.addEventListener('click', () => choose(name));
    return make('li', '', button);
  }));
  list.closest('.card').hidden = steps.length === 0;
}
