/**
 * The last hand on what wasm-bindgen writes: names between wasm and JavaScript become single letters (wasm-opt
 * renames the wasm's side and prints what it did), and the functions of `host.js` that wasm imports are named
 * directly. 700 bytes of brotli.
 */

import { Failure } from './steps.mjs';

/**
 * Rewrites the glue for the renamed wasm. `renamed`: wasm-opt's JSON of imports `[module, name, new]` and exports
 * `[name, new]`. Throws if anything is not where it is expected: a new wasm-bindgen may write other glue.
 */
export function shorten(glue, { imports, exports }) {
  const replace = (what, pattern, by) => {
    if (!pattern.test(glue)) throw new Failure(`glue: ${what} is not where it was; see scripts/glue.mjs`);
    glue = glue.replace(pattern, by);
  };
  const host = glue.match(/from ["'](\.\/snippets\/[^"']+host\.js)["']/)?.[1];
  const direct = [];
  for (const [module, name, short] of imports) {
    if (module === host) direct.push(`        ${short}: host.${name},`);
    else replace(name, new RegExp(`\\b${name}: function`), `${short}: function`);
  }
  for (const [name, short] of exports) glue = glue.replace(new RegExp(`\\bwasm\\.${name}\\b`, 'g'), `wasm.${short}`);
  replace('the table of imports', /return \{\s*__proto__: null,\s*"\.\/footstep_bg\.js": import0,[^}]*\}/, `return { a: { ...import0,\n${direct.join('\n')}\n    } }`);
  return `import * as host from '${host}';\nexport { blow, connect } from '${host}';\n${glue}`;
}
