/**
 * JSON text of what a page hands over. Not `JSON.stringify`: libraries put `toJSON` on arrays and strings
 * (Prototype.js does), and a page may have replaced `JSON` itself. Returns undefined for what is no JSON, throws where
 * the page's own getters do and where there is no end.
 */

const { keys } = Object;
const { isArray } = Array;
const free = Function.prototype.bind.bind(Function.prototype.call);
const exec = free(RegExp.prototype.exec);
const charCode = free(String.prototype.charCodeAt);
const HEX = '0123456789abcdef';
const MAX_DEPTH = 16;
/** `left`: how many values it may be in all; objects that point at each other have more paths than anybody could walk. */
export function pack(value, left = { values: 2000 }, depth = 0) {
  if (!left.values--) throw new RangeError('too many values');
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return isFinite(value) ? '' + value : 'null';
    case 'boolean':
      return '' + value;
    case 'bigint':
      return quote('' + value);
    case 'object':
      break;
    default:
      return;
  }
  if (!value) return 'null';
  if (depth === MAX_DEPTH) return;
  if (value instanceof Date) return isFinite(+value) ? quote(value.toISOString()) : 'null';
  const list = isArray(value);
  const names = keys(value);
  let out = '';
  for (let at = 0; at < names.length; at += 1) {
    const text = pack(value[names[at]], left, depth + 1) ?? (list ? 'null' : undefined);
    if (text !== undefined) out += (out && ',') + (list ? '' : quote(names[at]) + ':') + text;
  }
  return list ? '[' + out + ']' : '{' + out + '}';
}

// Lone surrogates would be replaced on their way into wasm in any case.
function quote(text) {
  let out = '';
  const plain = /[^"\\\0-\x1f]+|[^]/g;
  for (let part; (part = exec(plain, text));) {
    const code = charCode(part[0]);
    out += code < 32 || code === 34 || code === 92 ? '\\u00' + HEX[code >> 4] + HEX[code & 15] : part[0];
  }
  return '"' + out + '"';
}
