/** Footstep without the wasm inside: you say where it is. */

import type { Config } from './config.js';
import type { Footstep } from './index.js';



/** Where a wasm is: a URL, a (promise of a) Response, bytes or a module, or a function that says so when it is needed. */
export type Wasm = string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module;

/**
 * Starts with a wasm of your own. `formats`: that of the second module, for configs that name a format other than `footstep`:
 * `formats/ga4.wasm` and the like has one, `footstep-formats.wasm` all.
 */
export function start(config: Config, wasm: Wasm | (() => Wasm), formats?: Wasm | (() => Wasm | Promise<Wasm>)): Footstep;
