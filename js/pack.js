/**
 * JSON text of what a page hands over. Not `JSON.stringify`: libraries put `toJSON` on arrays and strings
 * (Prototype.js does), and a page may have replaced `JSON` itself. Returns undefined for what is no JSON, throws where
 * the page's own getters do and where there is no end.
 */

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
  const parts = [];
  const list = Array.isArray(value);
  for (const key of Object.keys(value)) {
    const text = pack(value[key], left, depth + 1);
    if (text !== undefined) parts.push(list ? text : quote(key) + ':' + text);
    else if (list) parts.push('null');
  }
  return list ? '[' + parts.join() + ']' : '{' + parts.join() + '}';
}

// Lone surrogates would be replaced on their way into wasm in any case.
const quote = (text) =>
  '"' + text.replace(/["\\\u0000-\u001f]/g, (c) => '\\u' + ('000' + c.charCodeAt(0).toString(16)).slice(-4)) + '"';
