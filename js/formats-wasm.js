/** The wasm of the second module for npm users, in a file of its own: `index.js` imports it if the config needs it. */

export { default } from '../build/footstep-formats.wasm';
