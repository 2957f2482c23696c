/** The second module as it is published: under Node it makes the very requests of the goldens, and judges answers. */

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT } from '../e2e/support/site.mjs';

const US = '\x1f';
const RS = '\x1e';

/** The module of all formats, or of one. */
async function formats(file = 'footstep-formats') {
  const { connect } = await import(join(ROOT, 'dist/footstep-formats.js'));
  return connect(await WebAssembly.compile(await readFile(join(ROOT, `dist/${file}.wasm`))));
}

/** The config of each page about a format of the second module. */
async function configs() {
  const folder = join(ROOT, 'docs/collectors');
  const pages = (await readdir(folder)).filter((name) => !['README.md', 'footstep.md'].includes(name));
  return Promise.all(pages.map(async (name) => JSON.parse((await readFile(join(folder, name), 'utf8')).match(/```json\n([^]*?)```/)[1]).collectors[0]));
}

test('each documented collector makes requests, in wasm', { timeout: 120_000 }, async () => {
  const { encode } = await formats();
  const batch = JSON.stringify(JSON.parse(await readFile(join(ROOT, 'tests/wire/batch.json'), 'utf8')));
  for (const config of await configs()) {
    const text = encode([config.format, JSON.stringify(config), batch].join(US), true, 60_000, 15);
    const requests = text.split(RS).filter(Boolean).map((record) => record.split(US));
    const sent = requests.flatMap(([places]) => places.split(',').map(Number));
    assert.deepEqual(sent, [0, 1, 2, 3, 4, 5], config.format);
    for (const [, body, url, type] of requests) assert.ok(url && type && body, config.format);
  }
});

test('the module of one format makes the same of a batch, judges the same, and has no other format', { timeout: 120_000 }, async () => {
  const batch = await readFile(join(ROOT, 'tests/wire/batch.json'), 'utf8');
  const all = await formats();
  const every = await configs();
  const answers = [new Response('{"error_code":200}', { status: 200 }), new Response('0'), new Response('', { status: 503 })];
  for (const config of every) {
    const alone = await formats(`formats/${config.format}`);
    for (const other of every) {
      const text = [other.format, JSON.stringify(other), batch].join(US);
      assert.equal(alone.encode(text, true, 60_000, 15), other === config ? all.encode(text, true, 60_000, 15) : '?', `${other.format} by ${config.format}`);
    }
    const judged = ({ request }) => Promise.all(answers.map((answer) => request([config.format, 1, '/in', 'text/plain'].join(US)).judge(answer.clone())));
    assert.deepEqual(await judged(alone), await judged(all), config.format);
  }
});

test('the same bytes as natively', { timeout: 120_000 }, async () => {
  const { encode } = await formats();
  const batch = await readFile(join(ROOT, 'tests/wire/batch.json'), 'utf8');
  const config = JSON.stringify({ url: 'https://api.segment.io/v1/b', format: 'segment', writeKey: 'WK' });
  const [, body] = encode(['segment', config, batch].join(US), false, 60_000, 15).split(RS)[0].split(US);
  const golden = await readFile(join(ROOT, 'tests/wire/segment/live.http'), 'utf8');
  assert.equal(body, golden.split('\n\n')[1]);
});

test('answers are judged, and no text is too strange', { timeout: 120_000 }, async () => {
  const { encode, request } = await formats();
  const judge = (name, events, body) => request([name, events, '/in', 'text/plain'].join(US)).judge(new Response(body));
  assert.equal(await judge('mixpanel', 3, '0'), ['1', '0', '0', '', ''].join(US));
  assert.equal(await judge('umami', 2, '{"beep":"boop"}'), ['0', '0', '0', '0,1', ''].join(US));
  assert.equal(await judge('kafka', 2, '{"error_code":200}{"error_code":429}'), ['0', '0', '0', '', '1'].join(US));
  assert.equal(await judge('umami', 2, `{"beep":"${'x'.repeat(70_000)}"}`), ['0', '0', '0', '', ''].join(US), 'of a body without an end no more is read than helps');
  const absent = (name) => `not_loaded${US}formats: ${name}${RS}`;
  for (const [text, made] of [['', absent('')], [US, absent('')], [`ga4${US}[]${US}{`, ''], [`none${US}{}${US}{}`, '?'], ['\ud800', absent('\ufffd')]]) {
    assert.equal(encode(text, true, 1, 1), made);
  }
});
