/**
 * The public face of Footstep before and after the core is there. Calls made early are kept, in order and with
 * their time, and passed on; if the core never comes they end quietly. No call throws.
 */

const METHODS = ['track', 'consent', 'on', 'stop'];
const NONE = { engine: 'none', consent: 'unknown', storage: 'closed', held: 0, pending: 0, dropped: {}, ignored: {}, collectors: [], diagnostics: [] };

/**
 * Fills `handle` with the public calls. `begin(queue)` resolves with the implementation from `core.js`; `queue` holds
 * calls made before this one, as `[method, time, arguments]`, and takes all others.
 */
export function fill(handle, begin, queue = []) {
  let core;
  let none = NONE;
  const call = (method, args) => void queue.push([method, performance.now(), args]);
  for (const method of METHODS) handle[method] = (...args) => call(method, args);
  handle.flush = () => new Promise((resolve) => call('flush', [resolve]));
  handle.stats = () => (core ? core.stats() : none);
  const failed = (error) => {
    none = { ...NONE, diagnostics: [{ code: 'no_core', path: '', args: [String(error?.message ?? error)] }] };
    const nothing = () => {};
    return { track: nothing, consent: nothing, on: nothing, stop: nothing, stats: () => none,
      flush: (_, [resolve]) => resolve({ acknowledged: 0, waiting: 0, dropped: 0 }) };
  };
  handle.ready = begin(queue).catch(failed).then((found) => {
    const make = ([method, time, args]) => {
      try {
        found[method]?.(time, args);
      } catch { /* an entry that somebody else put into the queue */ }
    };
    // A call may make more calls: the queue is followed to its end before anything overtakes it.
    for (let i = 0; i < queue.length; i++) make(queue[i]);
    queue.length = 0;
    // Whoever still holds a method of the inline stub goes on being heard.
    queue.push = make;
    core = found;
    const { engine, diagnostics } = core.stats();
    return { engine, diagnostics };
  });
  return handle;
}
