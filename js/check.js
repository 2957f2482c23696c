/**
 * `footstep check`: says on the command line what is wrong with a config. Reads the files, and the presets they name, hands them
 * to the linter (`check/`, the core's own reading) and puts its findings into the words of `messages.json`. It judges
 * nothing itself. Exit codes: 0 no errors, 1 errors, 2 wrong usage or a file that cannot be read.
 */

import { readFile } from 'node:fs/promises';
import { check, initSync } from '../build/check/footstep_check.js';

const USAGE = `usage: footstep check <file>...

Says what is wrong with a config, such as footstep.json; - reads it from standard input.
Exit code: 0 if there are no errors, 1 if there are, 2 if a file cannot be read.`;
/** Parts the pieces of a text that goes to wasm. */
const US = '\x1f';
const REASONS = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' };

/** A file of the package. */
const own = (name) => readFile(new URL(name, import.meta.url));

/** As a browser reads it: a byte order mark is none of it. */
const decode = (bytes) => new TextDecoder().decode(bytes);

async function read(file) {
  if (file !== '-') return decode(await readFile(file));
  const pieces = [];
  for await (const piece of process.stdin) pieces.push(piece);
  return decode(Buffer.concat(pieces));
}

/** Name and text of each preset the config calls by its name, as `core.js` finds them; the linter says which are not there. */
async function presets(config) {
  let called;
  try {
    called = JSON.parse(config).presets;
  } catch { /* the linter says what is wrong with it */ }
  const names = [called].flat().filter((name) => typeof name === 'string' && /^\w+$/.test(name));
  return names.map(async (name) => [name, await own(`presets/${name}.json`).then(decode, () => '')]);
}

/** Where a byte of a text is, as editors count. */
function place(text, byte) {
  const before = decode(Buffer.from(text).subarray(0, byte)).split('\n');
  return `line ${before.length}, column ${before.at(-1).length + 1}`;
}

/** A finding, for people: where and what in the first line, why and what to do in the second. */
function words(messages, file, text, { severity, code, path, args }) {
  // All that the linter loads.
  const { what, why, do: act } = messages[code === 'not_loaded' ? 'unknown_preset' : code];
  const fill = (sentence) => sentence.replace(/\{(\d)\}/g, (_, index) => args[index] ?? '');
  const said = [what, why, act].join();
  const others = args.filter((_, index) => !said.includes(`{${index}}`));
  const possible = others.length ? ` Possible here: ${others.map((word) => `\`${word}\``).join(', ')}.` : '';
  const where = path || (code === 'not_json' ? place(text, +args[0]) : 'the config');
  // What a file holds does not steer the terminal.
  return [`${file}: ${where}: ${severity}: ${fill(what)}`, `    ${fill(why)} ${fill(act)}${possible}`].map((line) => line.replace(/\p{Cc}/gu, ' ')).join('\n');
}

const count = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

/** What there is to say about a file, and whether there are errors. */
async function judge(messages, file, text) {
  const named = await Promise.all(await presets(text));
  // What parts the pieces is no JSON, and neither is what takes its place.
  const { findings, all, conversions, collectors } = JSON.parse(check([text.replaceAll(US, '\0'), ...named.flat()].join(US)));
  const lines = findings.map((finding) => words(messages, file, text, finding));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const kinds = [errors && count(errors, 'error'), findings.length > errors && count(findings.length - errors, 'warning')];
  const sum = findings.length ? kinds.filter(Boolean) : ['fine', count(conversions, 'conversion'), count(collectors, 'collector')];
  lines.push(`${file}: ${sum.join(', ')}${all ? '' : '; there may be more errors than these'}`);
  return { lines, bad: errors > 0 };
}

async function main([command, ...files]) {
  if (command === '--help' || command === '-h') {
    console.log(USAGE);
    return 0;
  }
  if (command !== 'check' || !files.length || files.some((file) => /^-./.test(file))) {
    console.error(USAGE);
    return 2;
  }
  const messages = JSON.parse(decode(await own('messages.json')));
  initSync({ module: await WebAssembly.compile(await own('footstep-check.wasm')) });
  let code = 0;
  for (const file of files) {
    let text;
    try {
      text = await read(file);
    } catch (error) {
      console.error(`${file}: cannot be read: ${REASONS[error.code] ?? error.message}`);
      code = 2;
      continue;
    }
    const { lines, bad } = await judge(messages, file, text);
    console.log(lines.join('\n'));
    if (bad) code = Math.max(code, 1);
  }
  return code;
}

// Whoever reads what is printed may have seen enough.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`footstep: ${error.message}`);
  process.exitCode = 2;
}
