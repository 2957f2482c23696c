/** Wasm that traps when it is told to: a script for a page's head, before ours. */

import { readFileSync } from 'node:fs';

/** What the functions JavaScript calls are called in the wasm, whose names are shortened, by those of `src/bindings.rs`. */
export const EXPORTS = {};
const glue = readFileSync(new URL('../../../build/pkg/footstep.js', import.meta.url), 'utf8');
for (const [, name, body] of glue.matchAll(/^(?:export )?function (\w+)\([^]*?\{\n([^]*?)^\}/gm)) {
  const short = /\bwasm\.(\w+)\(/.exec(body)?.[1];
  // What is called like something else in there has a number behind its name.
  if (short && glue.includes(`export function ${name}(`)) EXPORTS[name] = short;
  else if (short && glue.includes(`export { ${name} as ${name.slice(0, -1)} }`)) EXPORTS[name.slice(0, -1)] = short;
}

/** Lets the page say which function of wasm traps next, and when: `arm((name) => 'before')`, `'after'` its work, or not. */
export const faulty = `<script>(() => {
  const { Instance, RuntimeError } = WebAssembly;
  let armed;
  window.trapped = 0;
  window.instances = 0;
  window.arm = (how) => { armed = how; };
  WebAssembly.Instance = function (module, imports) {
    window.instances += 1;
    const { exports } = new Instance(module, imports);
    const faulty = {};
    for (const [name, value] of Object.entries(exports)) {
      faulty[name] = typeof value !== 'function' ? value : (...args) => {
        const hit = armed?.(name, args, exports);
        if (hit === 'before' || hit === 'after') {
          if (hit === 'after') value(...args);
          window.trapped += 1;
          window.trappedAt = performance.now();
          throw new RuntimeError('unreachable');
        }
        return value(...args);
      };
    }
    return { exports: faulty };
  };
})()</script>`;
