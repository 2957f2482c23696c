/** Wasm that traps when it is told to: a script for a page's head, before ours. */

/** Lets the page say which function of wasm traps next: `trap(calls, when, always)`; `calls` are those of the core's glue. */
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
