/**
 * The last hand on what wasm-bindgen writes: names between wasm and JavaScript become single letters (wasm-opt
 * renames the wasm's side and prints what it did), and the functions of the shell's JavaScript that wasm imports are named
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
  const modules = [...new Set(imports.map(([module]) => module))].filter((module) => /^\.\/snippets\//.test(module));
  const host = modules.find((module) => /\/host\.js$/.test(module));
  if (!host) throw new Failure('glue: host.js is not imported; see scripts/glue.mjs');
  const direct = [];
  for (const [module, name, short] of imports) {
    const at = modules.indexOf(module);
    if (at >= 0) direct.push(`        ${short}: shell${at}.${name},`);
    else replace(name, new RegExp(`\\b${name}: function`), `${short}: function`);
  }
  for (const [name, short] of exports) glue = glue.replace(new RegExp(`\\bwasm\\.${name}\\b`, 'g'), `wasm.${short}`);
  replace('the table of imports', /return \{\s*__proto__: null,\s*"\.\/footstep_bg\.js": import0,[^}]*\}/, `return { a: { ...import0,\n${direct.join('\n')}\n    } }`);
  const named = modules.map((module, at) => `import * as shell${at} from '${module}';\n`).join('');
  return `${named}export { blow, connect, hear } from '${host}';\n${glue}`;
}
