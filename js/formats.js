/**
 * The second module: wire formats that only some sites need. Loaded if the config names one of them. It keeps nothing and
 * decides nothing. What traps is said to have, and a fresh instance goes on. Texts cross as in the core (`scripts/glue.mjs`):
 * by nothing a page could have replaced.
 */

const free = Function.prototype.bind.bind(Function.prototype.call);
const split = free(String.prototype.split);
const getReader = free(ReadableStream.prototype.getReader);
const { Instance } = WebAssembly;
const { parse } = JSON;
const { hasOwn } = Object;
const { isArray } = Array;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { __proto__: null, ignoreBOM: true });
const US = '\x1f';
/** Of an answer's body no more is read, in characters: what it says of a hundred events is less. */
const MOST = 65_536;

/**
 * Fetches the wasm: that of one format, if the page needs no other, which is about half as much; else that of all. `url` makes an
 * address of a file's name; `named` is the tag's list of collectors, if it has one, else the config's text, or why there is none.
 */
export async function load(url, named) {
  const pins = FOOTSTEP_FORMATS;
  let only;
  try {
    const list = typeof named === 'string' ? parse(named).collectors : named;
    const all = isArray(list) ? list : [list];
    for (let at = 0; at < all.length; at += 1) {
      const format = all[at]?.format;
      if (typeof format === 'string' && format !== 'footstep' && format !== (only ??= format)) only = 'all';
    }
  } catch { /* the core says what is wrong with it */ }
  if (!hasOwn(pins, only)) only = 'all';
  return await fetch(url((only === 'all' ? 'footstep-formats' : `formats/${only}`) + '.wasm'), { __proto__: null, integrity: pins[only] });
}

/** What is read of a body that is being sent. If it breaks off, the status has to say enough. */
async function read(body) {
  let text = '';
  const pieces = new TextDecoder();
  try {
    const reader = getReader(body);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += pieces.decode(value, { __proto__: null, stream: true });
      if (text.length > MOST) {
        reader.cancel();
        return '';
      }
    }
  } catch {
    return '';
  }
}

/** Takes the compiled wasm; see `formats/src/lib.rs` for what it turns text into. */
export function connect(module) {
  let wasm;
  const begin = () => { wasm = new Instance(module).exports; };
  /** What it makes of a text and three numbers; undefined if it traps, or cannot begin again. */
  const make = (what, text, a, b, c) => {
    try {
      if (!wasm) begin();
      const bytes = encoder.encode(text);
      const at = wasm.__wbindgen_malloc(bytes.length, 1) >>> 0;
      new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
      const found = wasm[what](at, bytes.length, a, b, c);
      const made = decoder.decode(new Uint8Array(wasm.memory.buffer, found[0] >>> 0, found[1]));
      wasm.__wbindgen_free(found[0], found[1], 1);
      return made;
    } catch {
      wasm = undefined;
    }
  };
  begin();
  return {
    /** The requests that a batch becomes, as text; `!` if it cannot be done. */
    encode: (text, end, limit, most) => make('encode', text, +end, limit, most) ?? '!',
    /** One of them: how to send it, and what its answer means. */
    request(to) {
      const said = split(to, US);
      const headers = { __proto__: null, 'content-type': said[3] };
      for (let at = 4; at < said.length; at += 2) headers[said[at]] = said[at + 1];
      const judge = async (answer) => make('judge', said[0] + US + (await read(answer.body)), answer.status, +said[1], 0);
      return { url: said[2], type: said[3], headers, judge };
    },
  };
}
