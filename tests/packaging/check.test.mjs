/** `npx footstep check` of the packed package: exit codes, places and words, of configs that are good, bad and to be warned of. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from '../e2e/support/site.mjs';
import { install, write } from './packed.mjs';

const MESSAGES = JSON.parse(await readFile(join(ROOT, 'js/messages.json'), 'utf8'));
const OWN = { url: 'https://collect.example/v1/batch' };
/** Another collector, at an origin that is not the page's. */
const other = (format, words) => ({ url: 'https://in.example/', format, ...words });

let app;
before(async () => {
  app = await install();
});
after(() => app?.remove());

/** Runs the command; resolves with exit code and what was printed. */
function footstep(args, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn('npx', ['--no-install', 'footstep', ...args], { cwd: app.folder });
    const said = { out: '', err: '' };
    child.stdout.on('data', (piece) => { said.out += piece; });
    child.stderr.on('data', (piece) => { said.err += piece; });
    child.on('error', reject);
    // npx has words of its own about the settings it finds.
    child.on('close', (code) => resolve({ code, out: said.out, err: said.err.replace(/^npm warn .*\n/gm, '') }));
    // Who is told nothing reads nothing.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Checks one config, which is an object or a text. */
async function checked(config) {
  await write(join(app.folder, 'footstep.json'), typeof config === 'string' ? config : JSON.stringify(config));
  const { code, out, err } = await footstep(['check', 'footstep.json']);
  assert.equal(err, '');
  return { code, out, lines: out.trimEnd().split('\n') };
}

/** The two lines of a finding, as the table has its words. */
function lines(where, severity, code, ...args) {
  const { what, why, do: act } = MESSAGES[code];
  const fill = (text) => args.reduce((filled, arg, index) => filled.replaceAll(`{${index}}`, arg), text);
  return [`footstep.json: ${where}: ${severity}: ${fill(what)}`, `    ${fill(why)} ${fill(act)}`];
}

test('a good config is fine, with its presets', { timeout: 120_000 }, async () => {
  const conversions = { step: { on: 'click', match: '.a' }, newsletter_signup: false };
  const { code, out } = await checked({ collectors: [OWN, other('segment', { writeKey: 'WK' })], presets: ['wishlist_add', 'lead'], conversions });
  assert.deepEqual([code, out], [0, 'footstep.json: fine, 3 conversions, 2 collectors\n']);
  assert.equal((await checked(`\ufeff${JSON.stringify({ collectors: [OWN] })}`)).out, 'footstep.json: fine, 0 conversions, 1 collector\n', 'a byte order mark is none of it');
});

test('errors: of the core, of the second module, of a preset that is not there', { timeout: 120_000 }, async () => {
  const { code, lines: said } = await checked({
    collectors: [OWN, other('segment', { writeKye: 'WK' })],
    presets: ['wishlist_add', 'wishlist'],
    conversions: { step: { on: 'click', mtach: '.a' } },
  });
  assert.equal(code, 1);
  assert.deepEqual(said, [
    ...lines('presets.1', 'error', 'unknown_preset', 'wishlist'),
    ...lines('conversions.step', 'error', 'missing', 'match'),
    ...lines('conversions.step.mtach', 'error', 'unknown_word', 'mtach'),
    ...lines('collectors.1', 'error', 'missing', 'writeKey'),
    ...lines('collectors.1.writeKye', 'error', 'unknown_word', 'writeKye'),
    'footstep.json: 5 errors',
  ]);
});

test('what would have been understood is named', { timeout: 120_000 }, async () => {
  const { code, out } = await checked({ collectors: [OWN], conversions: { step: { on: 'clcik', confirm: [{}] } } });
  assert.equal(code, 1);
  assert.match(out, /conversions\.step\.on: error: `clcik` is none.*\n.* Possible here: `change`, `click`, /);
  assert.match(out, /conversions\.step\.confirm\.0: error: `visible` is missing.*\n.* Possible here: `url`, /);
});

test('text that is no JSON: the line and column', { timeout: 120_000 }, async () => {
  for (const [text, where] of [['', 'line 1, column 1'], ['{\n  "a": "\u00e4",,\n}', 'line 2, column 12'], ['{}\x1f{}', 'line 1, column 3']]) {
    const { code, out } = await checked(text);
    assert.equal(code, 1);
    assert.ok(out.startsWith(`footstep.json: ${where}: error: The config is not JSON`), out);
    assert.match(out, /\nfootstep\.json: 1 error\n$/);
  }
});

test('warnings: each row of them, and they stop nothing', { timeout: 120_000 }, async () => {
  const { code, lines: said } = await checked({
    collectors: [other('clickhouse', { table: 't', password: 'p', outcomes: 'all' }), other('otlp'), { ...other('otlp'), url: '/v1/logs' }],
  });
  assert.equal(code, 0);
  assert.deepEqual(said, [
    ...lines('collectors.0', 'warning', 'secret_in_page', 'password'),
    ...lines('collectors.0', 'warning', 'unused_word', 'outcomes'),
    ...lines('collectors.0', 'warning', 'needs_cors'),
    ...lines('collectors.1', 'warning', 'preflight'),
    ...lines('collectors.1', 'warning', 'preflight_at_end'),
    ...lines('collectors.1', 'warning', 'needs_cors'),
    'footstep.json: 6 warnings',
  ]);
  const tagged = await checked({ conversions: { step: { on: 'exit' } } });
  assert.deepEqual([tagged.code, tagged.lines], [0, [...lines('collectors', 'warning', 'no_collector'), 'footstep.json: 1 warning']], 'the tag may name it');
});

test('more errors than are shown, and errors beside warnings', { timeout: 120_000 }, async () => {
  const conversions = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`c${at}`, 1]));
  const { code, lines: said } = await checked({ collectors: [other('ndjson')], conversions });
  assert.deepEqual([code, said.at(-1)], [1, 'footstep.json: 50 errors, 1 warning; there may be more errors than these']);
});

test('several files, standard input, and a file that is not there', { timeout: 120_000 }, async () => {
  await write(join(app.folder, 'good.json'), JSON.stringify({ collectors: [OWN] }));
  await write(join(app.folder, 'bad.json'), JSON.stringify({ collectors: 1 }));
  const both = await footstep(['check', 'bad.json', 'good.json']);
  assert.equal(both.code, 1);
  assert.match(both.out, /^bad\.json: collectors\.0: error: [^]*\nbad\.json: 2 errors\ngood\.json: fine, 0 conversions, 1 collector\n$/);
  const piped = await footstep(['check', '-'], JSON.stringify({ collectors: [OWN] }));
  assert.deepEqual(piped, { code: 0, out: '-: fine, 0 conversions, 1 collector\n', err: '' });
  const gone = await footstep(['check', 'gone.json', '.', 'bad.json', 'good.json']);
  assert.equal(gone.code, 2);
  assert.equal(gone.err, 'gone.json: cannot be read: there is no such file\n.: cannot be read: it is a folder\n');
  assert.equal(gone.out, both.out, 'the others are judged');
});

test('wrong usage is answered with the usage', { timeout: 120_000 }, async () => {
  for (const args of [[], ['check'], ['lint', 'good.json'], ['check', '--fix', 'good.json']]) {
    const { code, out, err } = await footstep(args);
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(err, /^usage: footstep check <file>\.\.\./, args.join(' '));
  }
  const help = await footstep(['--help']);
  assert.deepEqual([help.code, help.err], [0, '']);
  assert.match(help.out, /^usage: footstep check <file>\.\.\./);
});

test('a config cannot steer the terminal', { timeout: 120_000 }, async () => {
  const { out } = await checked(JSON.stringify({ collectors: [OWN], '\u001b[2Jx\u009b': 1 }));
  assert.match(out, /^footstep\.json:  \[2Jx : error: `/);
});

/** The judges agree: what the core takes in a page is fine here, and the rest is an error. */
test('the fixtures of configs', { timeout: 120_000 }, async () => {
  const folder = join(ROOT, 'tests/fixtures/config');
  const fixtures = async (kind) => (await readdir(join(folder, kind))).map((name) => join(folder, kind, name));
  const good = await footstep(['check', ...(await fixtures('ok'))]);
  assert.deepEqual([good.code, good.err, / error/.test(good.out)], [0, '', false], good.out);
  const bad = await fixtures('bad');
  const { out } = await footstep(['check', ...bad]);
  for (const file of bad) assert.match(out, new RegExp(`^${file}: \\d+ errors?\\b`, 'm'), file);
});
