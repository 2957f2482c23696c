/**
 * Does something to a visitor and compares what the collector's table holds, once the visitor has come back, with the
 * driver's own list of what was done: action by action, so that nothing lost is made up for by something doubled.
 */

import { startSite } from '../../tests/e2e/support/site.mjs';
import { startGate } from './gate.mjs';
import { SEEN, actions, config, other, page } from './page.mjs';

/** How long a visitor who has come back may take before what is missing counts as lost, ms. */
const PATIENCE = 20_000;
/** The tracker is there and knows its visitor. */
const READY = "window.footstep?.stats().storage === 'local'";
/** Emptied entries are done: they only wait for the second copy to let go of them. */
const JOURNAL = "Object.keys(localStorage).filter((key) => /^footstep\\.[0-9a-f-]{36}\\./.test(key) && localStorage[key])";

/** One run: what was to come, what came, what else was wrong. `sabotage`: what stands before the tracker's tag. */
async function once(kase, engine, run, { sabotage = '', patience = PATIENCE }) {
  const gate = await startGate();
  const site = await startSite({ '/footstep.json': config, '/opener': '<!doctype html>', '/favicon.ico': { status: 204 } });
  const visitor = await engine.visitor({ own: kase.own });
  try {
    const attributes = { site: 'delivery', collector: gate.url, config: '/footstep.json' };
    const acts = actions(run);
    const pages = typeof kase.pages === 'function' ? kase.pages(run) : kase.pages ?? [];
    site.routes['/first'] = page(acts, kase.fault?.(run) ?? '', attributes, sabotage);
    site.routes['/back'] = other(attributes, sabotage);
    // Where the visitor goes there may be a tracker, too.
    const tracked = run % 4 > 1;
    site.routes['/next'] = tracked ? other(attributes, sabotage) : '<!doctype html>';
    const truth = ['page /first', ...acts.map((name, n) => `${name} ${n}`)];
    const s = { gate, site, visitor, run };
    s.tab = await (kase.enter ? kase.enter(s) : visitor.open(`${site.origin}/first`));
    await s.tab.until(READY);
    await kase.before?.(s);
    for (let n = 0; n < acts.length - 1; n += 1) await s.tab.press(`#a${n} .press`);
    s.last = () => s.tab.press(`#a${acts.length - 1} .press`);
    await kase.act(s);
    if (tracked && pages.length) {
      await s.tab.until(READY);
      truth.push('page /next');
    }
    const back = await visitor.open(`${site.origin}/back`);
    truth.push('page /back');
    return { run, truth, ...(await settle(gate, back, truth, patience)), noise: visitor.noise };
  } finally {
    await visitor.leave();
    site.close();
    await gate.close();
  }
}

/** Waits until everything has arrived and nobody keeps anything any more that might come again; then reads the table. */
async function settle(gate, back, truth, patience) {
  const { collector } = gate;
  const read = async () => (await collector.events()).map(keyOf);
  const complete = await gate.until(async () => {
    const keys = new Set(await read());
    return truth.every((key) => keys.has(key));
  }, patience);
  const problems = [];
  if (complete) {
    await back.evaluate('footstep.flush()');
    await back.until(`${JOURNAL}.length === 0`, patience).catch(async () => problems.push(`still kept: ${await back.evaluate(JOURNAL)}`));
  }
  const { summary } = await collector.audit();
  for (const name of ['missing', 'dropped', 'conflicts']) if (summary[name]) problems.push(`${name}: ${summary[name]}`);
  return { keys: await read(), repeats: summary.duplicates, needless: gate.needless(await back.evaluate(SEEN)), problems };
}

const keyOf = ({ kind, name, page: { url }, properties }) => (kind === 'page' ? `page ${new URL(url).pathname}` : `${name} ${properties.n}`);

/** What was to come and what came, by its name and number. */
export function compare(truth, keys) {
  const left = [...keys];
  const lost = truth.filter((key) => {
    const at = left.indexOf(key);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return { lost, doubled: left };
}

/** One case, so many faults: a row of the table, and in words what was not as it should be. */
export async function measure(kase, engine, faults, options = {}) {
  const row = { case: kase.number, what: kase.name, browser: engine.name, runs: 0, events: 0, lost: 0, doubled: 0, repeats: 0, needless: 0 };
  const problems = [];
  for (let run = 0; run < faults; run += 1) {
    const found = await once(kase, engine, run, options);
    const { lost, doubled } = compare(found.truth, found.keys);
    row.runs += 1;
    row.events += found.truth.length;
    row.lost += lost.length;
    row.doubled += doubled.length;
    row.repeats += found.repeats;
    row.needless += found.needless;
    const said = [...lost.map((key) => `lost: ${key}`), ...doubled.map((key) => `doubled: ${key}`), ...found.problems, ...found.noise];
    problems.push(...said.map((text) => `case ${kase.number}, run ${run}: ${text}`));
  }
  return { row, problems };
}
