/**
 * Hears how the page's own requests end, for rules that count an answer (`on: "response"`, `confirm: { response }`).
 * Loaded only when a config has such a rule: it is the one thing of ours that patches the page.
 *
 * So it does as little as can be done. Each function is wrapped once, by a Proxy: what it is called, how long it is,
 * what else hangs on it and that it cannot be constructed are still the original's. The original gets the very same
 * `this` and arguments and what it returns goes back to the page as it is; we look at it from the side. A request is
 * never rebuilt, a body is looked at only if somebody wants it, it is JSON and small, and then only in a clone.
 *
 * It does not know which requests matter, and it does not hear those of our own: host.js took its `fetch` before.
 *
 * What a page can still notice: a rejected promise of `fetch` that nobody looks at is reported as unhandled by way of
 * another promise with the same reason (one of the page's own making is not, because we have looked); a wanted body that is cancelled is read on until it ends or is too large; and in
 * stacks, and beside the browser's own lines in the console, our file stands as one of the callers.
 */

const { document, Proxy, TextDecoder, URL, WeakMap, WeakSet, XMLHttpRequest: XHR } = window;
const { apply, get: look } = Reflect;
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { parse } = JSON;
const { toString } = Function.prototype;

/**
 * The prototype that has it in the end: a page may have put a subclass in the place of XMLHttpRequest or Response. Not
 * Object.prototype, where pages put things called `get` or `open`.
 */
function home({ prototype = {} }, name) {
  let found;
  for (let at = prototype, next; (next = getPrototypeOf(at)); at = next) {
    if (getOwnPropertyDescriptor(at, name)) found = at;
  }
  return found ?? prototype;
}

/** A getter or method as it is now, as a function of the object; it throws on what is no such object. */
const of = (kind, name) => {
  const { get, value } = { __proto__: null, ...getOwnPropertyDescriptor(home(kind, name), name) };
  return (self, ...args) => apply(get ?? value, self, args);
};
const addressOf = of(Request, 'url');
const methodOf = of(Request, 'method');
const hrefOf = of(URL, 'href');
const baseOf = of(Node, 'baseURI');
const statusOf = of(Response, 'status');
const answeredBy = of(Response, 'url');
const headersOf = of(Response, 'headers');
const header = of(Headers, 'get');
const clone = of(Response, 'clone');
const bodyOf = of(Response, 'body');
const readerOf = of(ReadableStream, 'getReader');
const listen = of(EventTarget, 'addEventListener');
const unlisten = of(EventTarget, 'removeEventListener');
const xhrState = of(XHR, 'readyState');
const xhrStatus = of(XHR, 'status');
const xhrAddress = of(XHR, 'responseURL');
const xhrHeader = of(XHR, 'getResponseHeader');
const xhrType = of(XHR, 'responseType');
const xhrText = of(XHR, 'responseText');
const xhrJson = of(XHR, 'response');

/** Larger bodies are left alone: what a shop answers to "put it into the cart" is a few kilobytes. */
const MOST_BYTES = 200_000;

/** Those who listen. With none of them every wrapper that is still there does nothing. */
let ears = [];
/** What each wrapper of ours stands in for. */
const originals = new WeakMap();
/** A request heard by two wrappers of ours (another library between them) is one request. */
const heard = new WeakSet();
const isNew = (thing) => !heard.has(thing) && heard.add(thing);
const ENDS = ['readystatechange', 'loadend'];
/** What was opened and not yet answered, by its XMLHttpRequest. */
const opened = new WeakMap();

/** Says it to those who still listen; returns those who want the body. */
const tell = (facts, asked = ears) => asked.filter((ear) => {
  try {
    return ears.includes(ear) && ear(facts);
  } catch { /* theirs, not the page's */ }
});

/**
 * Where a request goes and how. Of strings, URLs and Requests only: to turn anything else into text would run the
 * page's code a second time, so that such a request is known by where its answer came from.
 */
function request(input, method) {
  let url;
  if (typeof input === 'string') url = input;
  else for (const read of [addressOf, hrefOf]) {
    try {
      url ??= read(input);
      method ??= methodOf(input);
    } catch { /* of another kind */ }
  }
  return {
    url: url === undefined ? '' : new URL(url, baseOf(document)).href,
    method: typeof method === 'string' ? method.toUpperCase() : 'GET',
  };
}

const isSmallJson = (type, length) => /^[^;]*[/+]json\s*(;|$)/i.test(type) && !(length > MOST_BYTES);

/** The promises of the language itself, whatever the page calls Promise. */
const NativePromise = (async () => {})().constructor;

/**
 * Waits for the answer, as the first who asks. `await` asks a native promise nothing that a page could have patched;
 * one of the page's own making it would ask too late, when the page has begun to read.
 */
function follow(answer, args) {
  try {
    if (!isNew(answer)) return;
    const { url, method } = request(args[0], args[1]?.method);
    const done = (response) => void answered(url, method, response);
    if (answer.constructor !== NativePromise) {
      answer.then(done, () => done());
      return;
    }
    // Who waits for a promise has handled its rejection, and so have we. So there is a second one, which is rejected as
    // well, unless the page waits for the first: whoever does that asks for its `constructor`.
    let second;
    let waited;
    pass(answer, done, (error) => { if (!waited) second = reject(error); });
    const get = () => {
      if (!waited) pass(second, none, none);
      waited = true;
      return NativePromise;
    };
    defineProperty(answer, 'constructor', { __proto__: null, configurable: true, get });
  } catch { /* nothing that could be waited for */ }
}

const none = () => {};
const reject = async (error) => { throw error; };

async function pass(answer, done, failed) {
  let response;
  try {
    response = await answer;
  } catch (error) {
    failed(error);
  }
  done(response);
}

async function answered(url, method, response) {
  try {
    if (response && !isNew(response)) return;
    const facts = { url: url || answeredBy(response), method, status: response ? statusOf(response) : 0 };
    const asked = tell(facts);
    if (!asked[0]) return;
    let body;
    try {
      const headers = headersOf(response);
      // Still in the same turn, so that nobody has begun to read.
      if (isSmallJson(header(headers, 'content-type'), header(headers, 'content-length'))) body = await read(clone(response));
    } catch { /* aborted while it was read, no JSON, no answer at all */ }
    tell({ ...facts, last: true, body }, asked);
  } catch { /* no Response at all */ }
}

/** The JSON of a body; undefined if it turns out to be too large. */
async function read(response) {
  const reader = readerOf(bodyOf(response));
  const decoder = new TextDecoder();
  let text = '';
  let left = MOST_BYTES;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parse(text + decoder.decode());
    left -= value.length;
    if (left < 0) return reader.cancel();
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * Listens to `readystatechange`, because a page may open the same one anew as soon as it hears `load`, and to
 * `loadend`, should the former have been kept from us.
 */
function finished(event) {
  try {
    const facts = opened.get(this);
    if (!facts || xhrState(this) !== 4) return;
    opened.delete(this);
    facts.status = xhrStatus(this);
    facts.url ||= xhrAddress(this);
    const asked = facts.url ? tell(facts) : [];
    if (!asked[0]) return;
    let body;
    try {
      if (!isSmallJson(xhrHeader(this, 'content-type'), xhrHeader(this, 'content-length'))) {
        // Nothing to be read.
      } else if (xhrType(this) === 'json') {
        // Also what could not be read as JSON is null.
        body = xhrJson(this) ?? undefined;
      } else {
        const text = xhrText(this);
        if (text.length <= MOST_BYTES) body = parse(text);
      }
    } catch { /* no JSON, or kept as something else than text */ }
    tell({ ...facts, last: true, body }, asked);
  } catch { /* no XMLHttpRequest of the browser's */
  } finally {
    // Over, and not opened anew meanwhile: nothing of ours stays on it.
    if (event?.type === 'loadend' && !opened.has(this)) for (const type of ENDS) unlisten(this, type, finished);
  }
}

const traps = {
  fetch(original, self, args) {
    const answer = apply(original, self, args);
    if (ears[0]) follow(answer, args);
    return answer;
  },

  open(original, self, args) {
    const returned = apply(original, self, args);
    try {
      opened.delete(self);
      if (ears[0]) {
        opened.set(self, request(args[1], args[0]));
        // Before the page listens, if it can be. A listener that is there already is not added again.
        for (const type of ENDS) listen(self, type, finished);
      }
    } catch { /* not to be known, so not to be told */ }
    return returned;
  },

  send(original, self, args) {
    try {
      return apply(original, self, args);
    } catch (error) {
      // A synchronous request that fails has no events; one that was wrongly sent has not ended.
      apply(finished, self, []);
      throw error;
    }
  },
};

const places = [[window, 'fetch'], [home(XHR, 'open'), 'open'], [home(XHR, 'send'), 'send']];

/** Without prototypes: what a page put on Object.prototype is no attribute and no trap of ours. */
const put = (owner, name, value) => defineProperty(owner, name, { __proto__: null, value });

function patch(owner, name) {
  const original = getOwnPropertyDescriptor(owner, name).value;
  if (typeof original !== 'function' || originals.has(original)) return;
  const { toString: text } = {
    toString() {
      return apply(toString, this === wrapper ? original : this, []);
    },
  };
  const wrapper = new Proxy(original, {
    __proto__: null,
    apply: traps[name],
    get(target, key, self) {
      const value = look(target, key, self);
      return value === toString ? text : value;
    },
  });
  put(owner, name, wrapper);
  originals.set(wrapper, original);
}

function restore(owner, name) {
  const original = originals.get(getOwnPropertyDescriptor(owner, name).value);
  if (original) put(owner, name, original);
}

/**
 * Tells how each request of the page ends: `told({ url, method, status })`, with status 0 if there was no answer. If
 * it returns true, exactly once more with `last` and, if that is small JSON, the `body`. Returns the function that ends it: whatever is
 * still the top-most wrapper is taken off, what another library has wrapped stays and does nothing.
 */
export function observe(told) {
  const ear = (facts) => told(facts);
  const all = (act) => {
    for (const [owner, name] of places) {
      try {
        act(owner, name);
      } catch { /* not there, or frozen: then it stays as it is */ }
    }
  };
  ears = [...ears, ear];
  all(patch);
  return () => {
    ears = ears.filter((each) => each !== ear);
    if (!ears[0]) all(restore);
  };
}
