/**
 * The npm entry for those who serve the wasm themselves: `import { start } from 'footstep/slim'`, then
 * `start(config, wasm)` with a URL, a Response, bytes or a module. A config that names a format other than `footstep` needs the
 * second wasm as well, of that format or of all, in the same way: `start(config, wasm, formats)`.
 */

import { fill } from './handle.js';
import { pack } from './pack.js';

/** Parts that are loaded only if the config needs them. */
const PARTS = {
  product: () => import('./parts/product.js'),
  requests: () => import('./parts/requests.js'),
  players: () => import('./parts/players.js'),
  // A file of its own beside this one, which bundlers make a chunk of.
  formats: () => import('./footstep-formats.js'),
};

let running;

export function start(config = {}, wasm, formats) {
  // On a server there is no page to track: the calls are there and do nothing.
  const server = typeof window === 'undefined';
  if (!server && (running ?? window.footstep?.ready)) return running ?? window.footstep;
  const begin = async (queue) => {
    if (server) throw new Error('not in a browser');
    const fetched = async (what) => {
      const given = typeof what === 'function' ? await what() : what;
      if (given === undefined) throw new Error('no wasm of the formats was given');
      return await (typeof given === 'string' || given instanceof URL ? fetch(given) : given);
    };
    const source = fetched(wasm);
    // Only now: the core's module looks at `window` when it is evaluated.
    const { connect } = await import('./core.js');
    let text;
    try {
      text = pack(config, { values: 200_000 });
    } catch (error) {
      text = error;
    }
    return connect({ wasm: source, config: text, queue, part: (name) => PARTS[name](), formats: () => fetched(formats) });
  };
  const handle = fill({}, begin);
  if (!server) running = handle;
  return handle;
}
