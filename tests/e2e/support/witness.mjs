/**
 * A page that writes down all that happens to it. `witness` is a function for the page's head, before any other script:
 * it wraps every way to interfere (cancelling, listening, observing, timing, logging, opening channels) and takes a
 * picture of the built-ins, so that a visit with us can be held against one without us, line by line.
 *
 * It knows nothing of the SDK but the beginning of its storage keys. What is left over after a visit comes with the stack that made it, for whoever reads the
 * failure.
 */

/** `<script>` for the head. */
export const witnessed = () => `<script>(${witness})();</script>`;

function witness() {
  const log = [];
  const note = (...said) => void log.push(said.join(' '));
  const own = { addEventListener: EventTarget.prototype.addEventListener, setAttribute: Element.prototype.setAttribute };
  const label = (target) => {
    if (target === window) return 'window';
    if (target === document) return 'document';
    if (!(target instanceof Element)) return Object.prototype.toString.call(target);
    const id = Element.prototype.getAttribute.call(target, 'id');
    return target.localName + (id ? '#' + id : '');
  };
  const place = () => new Error().stack.split('\n').slice(3, 8).join('\n');
  const hooked = (object, name, before) => {
    const original = object[name];
    Object.defineProperty(object, name, { ...Object.getOwnPropertyDescriptor(object, name), value(...args) {
      before(this, args);
      return Reflect.apply(original, this, args);
    } });
  };

  // Cancelling and stopping.
  for (const name of ['preventDefault', 'stopPropagation', 'stopImmediatePropagation']) {
    hooked(Event.prototype, name, (event) => note(name, event.type, label(event.target)));
  }
  for (const name of ['returnValue', 'cancelBubble']) {
    const { get, set } = Object.getOwnPropertyDescriptor(Event.prototype, name);
    Object.defineProperty(Event.prototype, name, { configurable: true, enumerable: true, get, set(value) {
      note('set', name, this.type);
      set.call(this, value);
    } });
  }

  // Listening. What is pending: key -> where it was made.
  const left = { listeners: new Map(), timers: new Map(), observers: new Map(), channels: new Map() };
  const ids = new WeakMap();
  let count = 0;
  const id = (object) => {
    if (object === null || (typeof object !== 'object' && typeof object !== 'function')) return String(object);
    if (!ids.has(object)) ids.set(object, ++count);
    return ids.get(object);
  };
  const key = (target, type, listener, options) => [label(target), id(target), type, id(listener), Boolean(options?.capture ?? options === true)].join(' ');
  hooked(EventTarget.prototype, 'addEventListener', (self, [type, listener, options]) => {
    const target = self ?? window;
    if (!listener) return;
    const name = key(target, type, listener, options);
    if (!left.listeners.has(name)) left.listeners.set(name, place());
    const forget = () => left.listeners.delete(name);
    if (options?.once) own.addEventListener.call(target, type, forget, { once: true, capture: Boolean(options.capture) });
    if (options?.signal) own.addEventListener.call(options.signal, 'abort', forget, { once: true });
  });
  hooked(EventTarget.prototype, 'removeEventListener', (self, [type, listener, options]) => left.listeners.delete(key(self ?? window, type, listener, options)));

  // Timing.
  for (const [set, clear, repeats] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval', true],
    ['requestAnimationFrame', 'cancelAnimationFrame'], ['requestIdleCallback', 'cancelIdleCallback']]) {
    const [original, cancel] = [window[set], window[clear]];
    window[set] = (act, ...rest) => {
      const number = original((...args) => {
        if (!repeats) left.timers.delete(`${set} ${number}`);
        return typeof act === 'function' ? act(...args) : undefined;
      }, ...rest);
      left.timers.set(`${set} ${number}`, place());
      return number;
    };
    window[clear] = (number) => {
      left.timers.delete(`${set} ${number}`);
      cancel(number);
    };
  }

  // Observing, and channels to elsewhere.
  for (const name of ['MutationObserver', 'IntersectionObserver', 'ResizeObserver', 'PerformanceObserver', 'ReportingObserver']) {
    const { prototype } = window[name] ?? {};
    if (!prototype) continue;
    hooked(prototype, 'observe', (self) => left.observers.set(`${name} ${id(self)}`, place()));
    hooked(prototype, 'disconnect', (self) => left.observers.delete(`${name} ${id(self)}`));
  }
  for (const name of ['BroadcastChannel', 'MessageChannel', 'Worker', 'SharedWorker', 'WebSocket', 'EventSource', 'RTCPeerConnection']) {
    if (!window[name]) continue;
    window[name] = new Proxy(window[name], { construct(target, args, wanted) {
      const made = Reflect.construct(target, args, wanted);
      left.channels.set(`${name} ${id(made)}`, place());
      return made;
    } });
    if (window[name].prototype.close) hooked(window[name].prototype, 'close', (self) => left.channels.delete(`${name} ${id(self)}`));
  }

  // What a page says and suffers.
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'table', 'trace']) hooked(console, name, (_, args) => note('console', name, ...args));
  own.addEventListener.call(window, 'error', (event) => note('error', event.message));
  own.addEventListener.call(window, 'unhandledrejection', (event) => note('rejection', event.reason?.message ?? event.reason));
  own.addEventListener.call(document, 'securitypolicyviolation', (event) => note('violation', event.violatedDirective, event.blockedURI));
  const mutations = new MutationObserver((records) => {
    for (const { type, target, attributeName, addedNodes, removedNodes } of records) {
      note('dom', type, label(target), attributeName ?? '', [...addedNodes].map(label), [...removedNodes].map(label));
    }
  });
  // From here on: how the parser parts its work is no matter of ours.
  own.addEventListener.call(document, 'DOMContentLoaded', () => {
    mutations.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    left.observers.clear();
  });

  // The picture of the built-ins. Of the window only what is there now is held to its value; what is new is told by name.
  const KINDS = ['History', 'Navigation', 'EventTarget', 'Node', 'Element', 'HTMLElement', 'HTMLFormElement', 'HTMLMediaElement', 'HTMLIFrameElement', 'ShadowRoot', 'Document', 'Event',
    'XMLHttpRequest', 'Request', 'Response', 'Headers', 'Navigator', 'Storage', 'Object', 'Function', 'Array', 'String', 'Number', 'Date', 'Promise', 'Map', 'WeakMap', 'Set', 'RegExp',
    'Notification', 'Performance', 'FormData', 'Screen', 'Location'];
  const pictured = () => {
    const picture = new Map();
    const take = (name, object) => {
      for (const property of Reflect.ownKeys(object)) {
        const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(object, property);
        picture.set(`${name}.${String(property)}`, [value, get, set, JSON.stringify(flags)]);
      }
    };
    for (const name of KINDS) {
      if (!window[name]) continue;
      take(name, window[name]);
      take(`${name}.prototype`, window[name].prototype);
    }
    for (const name of ['window', 'history', 'navigation', 'navigator', 'location', 'document', 'JSON', 'Math', 'Reflect', 'console', 'localStorage', 'performance', 'crypto', 'Intl', 'screen']) {
      if (name !== 'localStorage' && window[name]) take(name, window[name]);
    }
    if (Array.isArray(window.dataLayer)) {
      picture.set('dataLayer', [window.dataLayer]);
      picture.set('dataLayer.push', [window.dataLayer.push]);
      picture.set('dataLayer own', [Object.getOwnPropertyNames(window.dataLayer).filter((name) => !/^\d+$|length/.test(name)).join()]);
    }
    return picture;
  };
  /** What a page changes itself by living. */
  const LIVING = /^(window\.(event|name|status|witness|scroll[XY]|page[XY]Offset|screen(X|Y|Left|Top)|length|\d+)|document\.location|performance\.)/;
  const changed = () => {
    const now = pictured();
    const different = [...now].filter(([name, said]) => !before.get(name)?.every((each, i) => Object.is(each, said[i]))).map(([name]) => name);
    const gone = [...before.keys()].filter((name) => !now.has(name)).map((name) => `${name} is gone`);
    return [...different, ...gone].filter((name) => !LIVING.test(name)).sort();
  };

  window.witness = {
    log,
    note,
    label,
    changed,
    /** How the page stands after a step: its place in the history, its document, its stores. */
    stand(name) {
      const { entries, current } = { entries: navigation.entries().map(({ url }) => new URL(url).pathname + new URL(url).search + new URL(url).hash), current: navigation.currentEntry.index };
      note('stand', name, JSON.stringify([location.pathname + location.search + location.hash, history.length, history.state, history.scrollRestoration, entries, current, document.title,
        label(document.activeElement), Math.round(scrollY), document.cookie, Object.keys(sessionStorage).filter((key) => !key.startsWith('footstep.')), document.all.length, frames.length]));
    },
    /** What is pending, by kind: `[[key, stack]]`. */
    left: () => Object.fromEntries(Object.entries(left).map(([kind, map]) => [kind, [...map]])),
  };
  const before = pictured();
}
