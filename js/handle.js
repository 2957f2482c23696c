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
  // No method of an array's and no iterator: pages replace both. Once the core is there, `push` is our own.
  const call = (method, args) => {
    const entry = [method, performance.now(), args];
    if (core) queue.push(entry);
    else queue[queue.length] = entry;
  };
  const offer = (method) => { handle[method] = (...args) => call(method, args); };
  for (let i = 0; i < METHODS.length; i++) offer(METHODS[i]);
  handle.flush = () => new Promise((resolve) => call('flush', [resolve]));
  handle.stats = () => (core ? core.stats() : none);
  const failed = (error) => {
    none = { ...NONE, diagnostics: [{ code: 'no_core', path: '', args: [String(error?.message ?? error)] }] };
    const nothing = () => {};
    return { track: nothing, consent: nothing, on: nothing, stop: nothing, stats: () => none,
      flush: (_, { 0: resolve }) => resolve({ acknowledged: 0, waiting: 0, dropped: 0 }) };
  };
  const start = async () => {
    let found;
    try {
      found = await begin(queue);
    } catch (error) {
      found = failed(error);
    }
    const make = ({ 0: method, 1: time, 2: args }) => {
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
  };
  handle.ready = start();
  return handle;
}
