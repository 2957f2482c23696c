/**
 * The core as the loader and the npm entries use it: instantiates the wasm and turns calls into what it
 * understands. Nothing it does can throw into the page; once the wasm has trapped it does nothing at all.
 */

import * as core from '../build/pkg/footstep.js';
import { pack } from './pack.js';

const { compile, compileStreaming } = WebAssembly;
const { parse } = JSON;
const { addEventListener } = EventTarget.prototype;
/** Parts the pieces of a text that goes to wasm. */
const US = '\x1f';

/** Compiles bytes, a module, or a (promise of a) Response, whatever type a server gives the latter. */
async function moduleOf(source) {
  const wasm = await source;
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (!(wasm instanceof Response)) return compile(wasm);
  if (!wasm.ok) throw new Error(`${wasm.url} answered ${wasm.status}`);
  return /^application\/wasm$/.test(wasm.headers.get('content-type')) ? compileStreaming(wasm) : compile(await wasm.arrayBuffer());
}

/** Optional parts of the shell, loaded if a rule needs them, by the bits of what `start` returns. */
const PARTS = ['product', 'requests', 'players'];

/** Name and text of each preset the config calls by its name; those that cannot be loaded have none. */
async function presets(config, tag, load) {
  let called;
  try {
    called = tag.presets ?? parse(config).presets;
  } catch { /* the core says what is wrong with it */ }
  const names = [called].flat().filter((name) => typeof name === 'string' && /^\w+$/.test(name));
  return (await Promise.all(names.map(async (name) => [name, await load?.(name).catch(() => {}) ?? '']))).flat();
}

/**
 * Starts the core. `config`: JSON text, or an error that says why there is none; `tag`: JSON text of what the
 * script tag says. Resolves with the implementation of the public calls: each takes the time it was made at
 * (`performance.now()`) and its arguments. `part(name)` resolves with an optional part of the shell, `preset(name)`
 * with a preset's text; `early()` with the events that were kept until now: event, path and time of each.
 */
export async function connect({ wasm, config, tag = {}, debug = false, queue, part, preset, early }) {
  core.initSync({ module: await moduleOf(wasm) });
  // A page that is prepared ahead has not been seen by anybody yet.
  const prepared = Object.getOwnPropertyDescriptor(Document.prototype, 'prerendering')?.get.call(document);
  if (prepared) await new Promise((resolve) => addEventListener.call(document, 'prerenderingchange', resolve, { __proto__: null, once: true }));
  // Somebody has decided already: nothing happens before that has been heard.
  if (queue.some(([method]) => method === 'consent')) tag.consent = { mode: 'opt-in' };
  const callbacks = [];
  const flushed = [];
  let dead = false;
  let telling = false;
  let last;

  /** What throws in here is wasm: a trap. What a page hands over is read by `told`, before. */
  const guarded = (act) => {
    if (dead) return;
    try {
      return act();
    } catch {
      dead = true;
      core.blow();
    }
  };
  /** A page's getters, proxies and `toString` may throw: that is bad input, not a trap. */
  const told = (read) => {
    try {
      return read();
    } catch { /* unreadable */ }
  };
  const settle = () => {
    const { held, dropped, collectors } = stats();
    const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);
    const result = { acknowledged: 0, waiting: held, dropped: sum(dropped) };
    for (const each of collectors) {
      result.acknowledged += each.acknowledged;
      result.waiting += each.waiting;
      result.dropped += sum(each.dropped);
    }
    for (const resolve of flushed.splice(0)) resolve({ ...result });
  };
  const hook = (what, text) => {
    if (what === 2) dead = true;
    if (what) return settle();
    telling = true;
    for (const callback of callbacks) {
      try {
        callback(parse(text));
      } catch { /* what a page's callback throws is its own affair */ }
    }
    telling = false;
  };

  const broken = typeof config !== 'string';
  const parts = {};
  core.connect(hook, core.called, core.heard, pack, parts);
  const needed = core.start([broken ? '!' : config, pack(tag), ...(await presets(config, tag, preset))].join(US));
  if (broken) core.report(US + String(config?.message ?? config));
  await Promise.all(PARTS.filter((_, bit) => needed & (1 << bit)).map(async (name) => {
    try {
      parts[name] = await part(name);
    } catch (error) {
      core.report(US + `${name}: ${error?.message ?? error}`);
    }
  }));
  // From here on we hear for ourselves.
  const before = early?.() ?? [];
  core.observe();
  for (const [event, path, time] of before) core.hear(event, path, performance.now() - time);

  const stats = () => {
    last = guarded(() => parse(core.stats())) ?? { ...last, engine: 'none' };
    return last;
  };
  stats();

  if (debug) {
    for (const { code, path, args } of last.diagnostics) console.warn(`footstep: ${code} at ${path || 'the config'}:`, ...args);
  }

  return {
    track(time, [name, properties]) {
      const text = (told(() => String(name)) ?? '') + US + (properties === undefined ? '' : told(() => pack(properties)) ?? '!');
      const act = () => guarded(() => core.track(text, Math.max(0, performance.now() - time)));
      // A callback that tracks is called for that as well: between the two the page must have its turn.
      if (telling) setTimeout(act);
      else act();
    },
    consent(_, [decision]) {
      const text = told(() => String(decision));
      guarded(() => (text === 'granted' || text === 'denied' ? core.consent(text === 'granted') : core.report('consent' + US + text)));
    },
    on(_, [type, callback]) {
      const text = told(() => String(type));
      const known = text === 'conversion' && typeof callback === 'function';
      if (known) callbacks.push(callback);
      guarded(() => (known ? core.listen() : core.report('on' + US + text)));
    },
    flush: (_, [resolve]) => {
      flushed.push(resolve);
      guarded(() => core.flush());
      if (dead) settle();
    },
    stop: () => guarded(() => core.stop()),
    stats,
  };
}
