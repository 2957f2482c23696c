/** Footstep without the wasm inside: you say where it is. */

import type { Config } from './config.js';
import type { Footstep } from './index.js';



/** Starts with a wasm of your own: a URL, a (promise of a) Response, bytes or a module. */
export function start(
  config: Config,
  wasm: string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module | (() => BufferSource),
): Footstep;
