/**
 * The core as the loader and the npm entries use it: instantiates the wasm and turns calls into what it
 * understands. Nothing it does can throw into the page. Once the wasm has trapped, a fresh instance goes on; after three
 * traps nothing does.
 */

import * as core from '../build/pkg/footstep.js';
import { pack } from './pack.js';

const { compile, compileStreaming } = WebAssembly;
const { parse } = JSON;
const { isArray } = Array;
const { values } = Object;
/** Parts the pieces of a text that goes to wasm. */
const US = '\x1f';
/** Parts what has counted. */
const RS = '\x1e';
/** So often wasm is begun again on a page. */
const MOST_TRAPS = 3;

/** Compiles bytes, a module, or a (promise of a) Response, whatever type a server gives the latter. */
async function moduleOf(source) {
  const wasm = await source;
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (!(wasm instanceof Response)) return await compile(wasm);
  if (!wasm.ok) throw new Error(`${wasm.url} answered ${wasm.status}`);
  return core.exec(/^application\/wasm$/, wasm.headers.get('content-type')) ? await compileStreaming(wasm) : await compile(await wasm.arrayBuffer());
}

/** Optional parts of the shell, loaded if a rule needs them, by the bits of what `start` returns. */
const PARTS = ['product', 'requests', 'players', 'formats'];

/** Not `Promise.all`, which asks what a page may have replaced. */
async function allOf(promises) {
  for (let at = 0; at < promises.length; at += 1) await promises[at];
}

/** Name and text of each preset the config calls by its name; those that cannot be loaded have none. */
async function presets(config, tag, load) {
  let called;
  try {
    called = tag.presets ?? parse(config).presets;
  } catch { /* the core says what is wrong with it */ }
  const texts = [];
  const take = async (name, at) => {
    texts[at] = US + name + US;
    try {
      texts[at] += await load(name);
    } catch { /* the core says that it is not there */ }
  };
  const names = core.pick(isArray(called) ? called : [called], (name) => (typeof name === 'string' && core.exec(/^\w+$/, name) ? name : undefined));
  await allOf(core.pick(names, take));
  return core.join(texts, (text) => text, '');
}

/**
 * Starts the core. `config`: JSON text, or an error that says why there is none; `tag`: JSON text of what the
 * script tag says. Resolves with the implementation of the public calls: each takes the time it was made at
 * (`performance.now()`) and its arguments. `part(name)` resolves with an optional part of the shell, `formats()`
 * with the wasm of the second module, `preset(name)` with a preset's text; `early()` with the events that were kept
 * until now: event, path and time of each. `recorder(calls)`, where there may be one, records again what needs no rule,
 * once nothing else can, and returns what ends that.
 */
export async function connect({ wasm, config, tag = {}, debug = false, queue, part, formats, preset, early, recorder }) {
  const module = await moduleOf(wasm);
  core.initSync({ module });
  // A page that is prepared ahead has not been seen by anybody yet.
  const prepared = core.getter(Document.prototype, 'prerendering')?.(document);
  if (prepared) await new Promise((resolve) => core.addListener(document, 'prerenderingchange', resolve, { __proto__: null, once: true }));
  // Somebody has decided already: nothing happens before that has been heard.
  if (core.first(queue, (call) => call[0] === 'consent')) tag.consent = { mode: 'opt-in' };
  const callbacks = [];
  let flushed = [];
  let dead = false;
  let traps = 0;
  let lost = 0;
  let stopped = false;
  let decided;
  let agreed;
  let telling = false;
  const rest = [];
  let over;
  let last = { held: 0, dropped: {}, collectors: [], diagnostics: [] };

  /** What throws in here is wasm: a trap. What a page hands over is read by `told`, before. */
  // Not by a pattern: the bundler would make an object of the module, by a `for in` that names on Object.prototype end up in.
  const guarded = core.guarded;
  /** A page's getters, proxies and `toString` may throw: that is bad input, not a trap. */
  const told = (read) => {
    try {
      return read();
    } catch { /* unreadable */ }
  };
  const stats = () => {
    // Where nothing can be parsed, that is not the wasm's fault.
    last = told(() => parse(guarded(core.stats))) ?? { ...last, engine: 'none' };
    return last;
  };
  const settle = () => {
    const { held, dropped, collectors } = stats();
    const sum = (counts) => {
      let total = 0;
      core.pick(values(counts), (count) => { total += count; });
      return total;
    };
    const result = { acknowledged: 0, waiting: held, dropped: sum(dropped) };
    core.pick(collectors, (each) => {
      result.acknowledged += each.acknowledged;
      result.waiting += each.waiting;
      result.dropped += sum(each.dropped);
    });
    const waiting = flushed;
    flushed = [];
    core.pick(waiting, (resolve) => resolve({ ...result }));
  };
  const hook = (what, text) => {
    if (what) return settle();
    telling = true;
    // What a page's callback throws is its own affair.
    core.pick(callbacks, (callback) => told(() => void callback(parse(text))));
    telling = false;
  };

  const broken = typeof config !== 'string';
  const parts = {};
  /** A fresh instance, which knows what has happened; then what the other was doing, if it left no trace, is done once more. */
  const mend = (act) => {
    traps += 1;
    dead = (stopped && act !== stop) || traps > MOST_TRAPS;
    try {
      if (!dead) begin();
      if (!dead && act && act !== observe) act();
    } catch {
      core.blow();
      if (act && act !== observe) lost += 1;
      try {
        // Who is to stop does not begin again.
        dead = stopped;
        if (!dead) begin();
      } catch {
        dead = true;
      }
    }
    if (dead) {
      core.blow();
      settle();
      if (!stopped && decided !== false) over = recorder?.(rest);
    } else if (flushed[0]) guarded(core.flush);
  };
  /** Tells what could not be loaded, and begins to observe. */
  const observe = () => {
    core.pick(failures, (text) => void core.report(text));
    core.observe();
  };
  const stop = () => {
    stopped = true;
    core.stop();
  };
  const begin = () => {
    core.initSync({ module });
    core.connect(hook, core.called, core.heard, pack, parts, mend);
    // What has been decided since stands over what the page said at first.
    if (decided !== undefined) tag.consent = { mode: 'opt-in' };
    core.start(lost + core.join(core.past, (text) => RS + text, '') + said());
    observe();
    if (decided !== undefined) core.consent(decided, agreed);
    if (callbacks[0]) core.listen();
  };
  const named = await presets(config, tag, preset);
  const said = () => US + (broken ? '!' : config) + US + pack(tag) + named;
  /** What could not be loaded. */
  const failures = broken ? [US + String(config?.message ?? config)] : [];
  let needed;
  while (needed === undefined) {
    try {
      core.connect(hook, core.called, core.heard, pack, parts, mend);
      needed = core.start(said());
    } catch (error) {
      // A trap already: nothing is heard yet, nothing is under way.
      traps += 1;
      if (traps > MOST_TRAPS) throw error;
      core.initSync({ module });
    }
  }
  await allOf(core.pick(PARTS, async (name, bit) => {
    try {
      if (!(needed & (1 << bit))) return;
      const loaded = await part(name);
      parts[name] = loaded.connect ? loaded.connect(await moduleOf(formats())) : loaded;
    } catch (error) {
      core.add(failures, US + `${name}: ${error?.message ?? error}`);
    }
  }));
  // From here on we hear for ourselves.
  const before = early?.() ?? [];
  guarded(observe);
  core.pick(before, (kept) => core.hear(kept.event, kept.path, kept.time));

  stats();

  if (debug) {
    core.pick(last.diagnostics, ({ code, path, args }) => console.warn(`footstep: ${code} at ${path || 'the config'}: ${core.join(args, String, ' ')}`));
  }

  return {
    track(time, { 0: name, 1: properties }) {
      if (over && rest.length < 100) core.add(rest, ['track', time, [name, properties]]);
      const text = (told(() => String(name)) ?? '') + US + (properties === undefined ? '' : told(() => pack(properties)) ?? '!');
      const act = () => guarded(() => core.track(text, time));
      // A callback that tracks is called for that as well: between the two the page must have its turn.
      if (telling) setTimeout(act);
      else act();
    },
    consent(_, said) {
      const text = told(() => String(said[0]));
      const known = text === 'granted' || text === 'denied';
      if (known) {
        decided = text === 'granted';
        // Purposes that somebody meant to name, and has not, are none.
        agreed = said.length > 1 ? told(() => pack(said[1])) ?? '!' : '';
        if (!decided) over = void over?.();
      }
      guarded(() => (known ? core.consent(decided, agreed) : core.report('consent' + US + text)));
    },
    on(_, { 0: type, 1: callback }) {
      const text = told(() => String(type));
      const known = text === 'conversion' && typeof callback === 'function';
      if (known) core.add(callbacks, callback);
      guarded(() => (known ? core.listen() : core.report('on' + US + text)));
    },
    flush: (_, { 0: resolve }) => {
      core.add(flushed, resolve);
      guarded(() => core.flush());
      if (dead) settle();
    },
    stop: () => {
      guarded(stop);
      over = void over?.();
    },
    stats,
  };
}
