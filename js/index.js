/**
 * The npm entry: `import { start } from 'footstep'`. The wasm travels inside this file, so that every bundler
 * takes it as it is. The wasm of the formats travels beside it, in a chunk that is loaded only if the config names one: it
 * would be half as much again for everybody. No side effect on import; a no-op on a server.
 */

import bytes from '../build/footstep.wasm';
import { start as startWith } from './slim.js';

/** Starts on this page; see `index.d.ts`. */
export const start = (config) => startWith(config, () => bytes, async () => (await import('./formats.js')).default);
