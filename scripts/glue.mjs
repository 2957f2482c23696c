/**
 * The last hand on what wasm-bindgen writes: names between wasm and JavaScript become single letters (wasm-opt
 * renames the wasm's side and prints what it did), and the functions of the shell's JavaScript that wasm imports are named
 * directly. 700 bytes of brotli; and the functions that carry texts are our own.
 */

import { Failure } from './steps.mjs';

/** Ours are shorter: no way for old browsers, no views that are kept, no method of a string. */
const OWN = {
  passStringToWasm0: `function passStringToWasm0(text, malloc) {
    const bytes = cachedTextEncoder.encode(text);
    const at = malloc(WASM_VECTOR_LEN = bytes.length, 1) >>> 0;
    new Uint8Array(wasm.memory.buffer, at, WASM_VECTOR_LEN).set(bytes);
    return at;
}
`,
  getStringFromWasm0: `function getStringFromWasm0(at, length) {
    return cachedTextDecoder.decode(new Uint8Array(wasm.memory.buffer, at >>> 0, length));
}
`,
  getDataViewMemory0: `function give(to, text) {
    const at = passStringToWasm0(text, wasm.__wbindgen_malloc);
    const view = new DataView(wasm.memory.buffer, to >>> 0);
    view.setInt32(0, at, true);
    view.setInt32(4, WASM_VECTOR_LEN, true);
}
`,
  decodeText: '',
  initSync: `function initSync({ module }) {
    wasm = new WebAssembly.Instance(module, __wbg_get_imports()).exports;
    wasm.__wbindgen_start();
}
`,
};

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
  replace('a text that is returned', /const ptr1 = [^]*?ptr1, true\);/g, 'give(arg0, ret);');
  replace('the first use of the decoder', /cachedTextDecoder\.decode\(\);\n(?=const MAX)/, '');
  for (const [name, by] of Object.entries(OWN)) replace(name, new RegExp(`(?<=^|\\n)function ${name}\\([^]*?\\n}\\n`), by);
  replace('the encoder for old browsers', /if \(!\('encodeInto' in [^]*?\n}\n/, '');
  replace('the renewal of the decoder', /const MAX_SAFARI[^]*?(?=function decodeText|const cachedTextEncoder)/, '');
  // Only numbers and strings cross.
  replace('the table of objects', /const table = [^]*?(?=\n\s*\},)/, '');
  glue = glue.replace(/(passStringToWasm0\(\w+, wasm\.\w+), wasm\.\w+\)/g, '$1)');
  for (const [name, short] of exports) glue = glue.replace(new RegExp(`\\bwasm\\.${name}\\b`, 'g'), `wasm.${short}`);
  replace('the table of imports', /return \{\s*__proto__: null,\s*"\.\/footstep_bg\.js": import0,[^}]*\}/, `return { a: { ...import0,\n${direct.join('\n')}\n    } }`);
  const named = modules.map((module, at) => `import * as shell${at} from '${module}';\n`).join('');
  return `${named}export { add, addListener, blow, connect, exec, first, getter, guarded, hear, join, pick } from '${host}';\nexport { past } from '${host.replace('host.js', 'journal.js')}';\n${glue}`;
}
