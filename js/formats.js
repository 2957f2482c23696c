/**
 * The second module: wire formats that only some sites need. Loaded if the config names one of them. It holds nothing
 * and decides nothing; what traps is told to whoever called.
 */

import { encode, initSync, judge } from '../build/formats/footstep_formats.js';

/** Takes the compiled wasm; returns its two functions, which turn text into text (see `formats/src/lib.rs`). */
export function connect(module) {
  initSync({ module });
  return { encode, judge };
}
