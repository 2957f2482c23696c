/**
 * `footstep.js`, the script tag: a classic script that puts the one global in place, fetches the core, the wasm
 * and the config side by side, and keeps every call until they are there.
 */

import { last, record } from './early.js';
import { fill } from './handle.js';

const load = () => {
  const own = Object.getOwnPropertyDescriptor(Document.prototype, 'currentScript').get.call(document);
  // An element of that name is no variable of the page's: ours stands before it.
  const stub = Object.hasOwn(window, 'footstep') ? window.footstep : undefined;
  // A second tag, or a page that goes by our name.
  if (!own || stub?.ready || (stub && !Array.isArray(stub.q))) return;

  const said = (name) => own.getAttribute('data-' + name) ?? undefined;
  const url = (name) => new URL(`${name}?v=${FOOTSTEP_BUILD}`, own.src).href;
  const tag = {};
  if (said('site')) tag.site = said('site');
  if (said('collector')) tag.collectors = [{ url: said('collector'), format: said('format') }];
  // Said, but nothing: a slip that must not open the gate.
  if (said('consent') !== undefined) tag.consent = { mode: said('consent') };

  /** The text at an address. Without a prototype: what a page put on Object.prototype is no option of ours. */
  const text = async (address) => {
    const response = await fetch(address, { __proto__: null, credentials: 'omit', signal: AbortSignal.timeout?.(5000) });
    if (!response.ok) throw Error(`${address}: ${response.status}`);
    // `await`, here and below: to resolve with a promise asks its `then`.
    return await response.text();
  };
  // An empty file is a broken one, not a config that says nothing: it must not open the consent gate.
  const NOTHING = '!';
  const config = async () => {
    const source = said('config');
    if (source === undefined) return '';
    if (source[0] === '#') {
      // The tag may run before the parser has come to it.
      const find = () => document.getElementById(source.slice(1));
      if (!find() && document.readyState === 'loading') {
        await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { __proto__: null, once: true }));
      }
      if (!find()) throw Error(`${source} is not on this page`);
      return find().textContent || NOTHING;
    }
    return (await text(source)) || NOTHING;
  };

  const part = (name) => import(url(`footstep-${name}.js`));

  const presets = {};
  const preset = (name) => (presets[name] ??= text(url(`presets/${name}.json`)));
  /** What is promised, or why it is not there. No function of promises or arrays and no iterator: pages replace them. */
  const outcome = async (promise) => {
    try {
      return await promise;
    } catch (error) {
      return error;
    }
  };
  // Those named here already are on their way before the config is there.
  const named = said('presets')?.match(/\w+/g);
  if (named) tag.presets = named;
  for (let i = 0; i < named?.length; i++) outcome(preset(named[i]));

  // Only what the tag itself says counts here: nobody has read the config.
  const native = (said('format') ?? 'footstep') === 'footstep';
  const allowed = said('consent') === 'none' && said('collector') && native;
  let calls = [];
  const send = allowed && ((kept) => last(said('collector'), said('site'), calls, kept));
  const early = record(send);
  const recorder = allowed && ((rest) => {
    calls = rest;
    return record(send);
  });

  const begin = async (queue) => {
    calls = queue;
    const coming = part('core');
    const written = outcome(config());
    // Encoders are needed at the page's end, when nothing can be awaited: they are there before `ready` is.
    let second;
    const formats = () => (second ??= (async () => await (await part('formats')).load(url, said('collector') ? tag.collectors : await written))());
    const wanted = async () => (native ? /"format":\s*"(?!foot)/.test(!said('collector') && (await written)) : true) && await formats();
    outcome(wanted());
    const wasm = fetch(url('footstep.wasm'), { __proto__: null, integrity: FOOTSTEP_INTEGRITY });
    outcome(wasm);
    const core = await coming;
    return await core.connect({ wasm, config: await written, tag, debug: said('debug') !== undefined, queue, part, formats, preset, early, recorder });
  };
  window.footstep = fill(stub ?? {}, begin, stub?.q);
};

try {
  load();
} catch { /* a page on which nobody can be asked anything */ }
