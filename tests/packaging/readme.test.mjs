/** The README is true: every snippet in it is run, in the order a reader meets them. */

import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { leave, press, visitor } from '../e2e/support/browser.mjs';
import { startSink } from '../e2e/support/sink.mjs';
import { ROOT, html, startSite } from '../e2e/support/site.mjs';
import { install, viteApp, within, write } from './packed.mjs';

const text = await readFile(join(ROOT, 'README.md'), 'utf8');
const snippets = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, code]) => ({ language, code: code.trim(), used: false }));

/** The one snippet of that language that says `word`. */
function snippet(language, word) {
  const found = snippets.filter((each) => each.language === language && each.code.includes(word));
  assert.equal(found.length, 1, `${found.length} ${language} snippets say ${word}`);
  found[0].used = true;
  return found[0].code;
}

const COLLECTOR = 'https://collect.example/v1/batch';

test('the two commands are those of package.json, and the options named exist', { timeout: 120_000 }, async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const commands = snippet('sh', 'npm start').split('\n').map((line) => line.split('#')[0].trim());
  assert.deepEqual(commands, ['npm start', 'npm test']);
  for (const command of commands) await access(join(ROOT, scripts[command.slice(4)].replace('node ', '')));
  assert.equal(snippet('sh', 'npm install'), 'npm install footstep');
});

test('the links lead somewhere', { timeout: 120_000 }, async () => {
  for (const [, path] of text.matchAll(/\]\((?!http)([^)#]+)\)/g)) await access(join(ROOT, path));
});

test('tag, config, markup, calls and stub on one page', { timeout: 120_000 }, async () => {
  const sink = await startSink();
  const config = JSON.parse(snippet('json', 'conversions'));
  const tag = snippet('html', 'footstep.js').replace(COLLECTOR, sink.url);
  assert.ok(tag.includes(sink.url));
  const calls = snippet('js', "footstep.track('quote_requested'");
  const page = html(`${snippet('html', 'data-footstep=')}
    <form class="newsletter"><button>Sign up</button></form><p class="thanks" hidden>Thanks</p><a class="recommendation" data-product="lamp" href="#lamp">Lamp</a>
    <script>document.addEventListener('submit', (event) => { event.preventDefault(); document.querySelector('.thanks').hidden = false; }); ${calls}</script>`, snippet('html', 'footstep ??=') + tag);
  const site = await startSite({ '/': page, '/footstep.json': config, '/guide.pdf': 'guide' });
  const { context, noise } = await visitor([/^quote_requested|wishlist_add|newsletter_signup|recommendation_click|guide_download/]);
  try {
    const view = await context.newPage();
    const heard = [];
    view.on('console', (message) => heard.push(message.text()));
    await view.goto(site.origin);
    assert.deepEqual(await view.evaluate(() => window.footstep.ready), { engine: 'wasm', diagnostics: [] });
    await press(view, 'button[data-footstep]');
    await press(view, 'form.newsletter button');
    await sink.events(3);
    await press(view, 'a.recommendation');
    await press(view, 'a.footstep-event-guide_download');
    const steps = ['quote_requested', 'wishlist_add', 'newsletter_signup', 'recommendation_click', 'guide_download'];
    const events = await sink.until((arrived) => arrived.filter((event) => event.kind !== 'page').length === steps.length, steps.join());
    const found = events.filter((event) => event.kind !== 'page');
    assert.deepEqual(found.map((event) => event.name), steps);
    assert.deepEqual(found.map((event) => event.value), [900, 12.5, undefined, undefined, undefined]);
    assert.equal(found[2].leadsTo, 'purchase');
    assert.deepEqual(found[3].properties, { product: 'lamp' });
    assert.equal(found[0].site, 'my-shop');
    // The first was tracked before anybody listened. The last navigates away: whether that page still prints is a
    // race of the browser's.
    assert.deepEqual(heard.slice(0, 3), steps.slice(1, 4));
    assert.deepEqual(noise, []);
  } finally {
    await leave(context);
    site.close();
    await sink.close();
  }
});

let app;
before(async () => {
  app = await install();
});
after(() => app?.remove());

test('the npm snippet in a Vite build', { timeout: 120_000 }, async () => {
  const sink = await startSink();
  const code = snippet('js', "import { start }").replace(COLLECTOR, sink.url);
  const site = await startSite(await viteApp(app.folder, code));
  const { context, noise } = await visitor();
  try {
    const page = await context.newPage();
    await page.goto(site.origin);
    const [, event] = await sink.until((arrived) => arrived.length === 2, 'page and configurator_finished');
    assert.deepEqual([event.name, event.value, event.currency, event.site], ['configurator_finished', 240, 'EUR', 'my-shop']);
    assert.deepEqual(noise, []);
  } finally {
    await leave(context);
    site.close();
    await sink.close();
  }
});

test('the check says of the config, with the slip, what is shown', { timeout: 120_000 }, async () => {
  const slip = snippet('json', 'conversions').replace('"leadsTo"', '"leadTo"');
  await write(join(app.folder, 'footstep.json'), slip);
  const [program, ...args] = snippet('sh', 'footstep check').split(' ');
  const error = await within(app.folder, program, args).then(() => assert.fail('it has an error'), (failed) => failed.message);
  assert.ok(error.includes(`\n${snippet('text', 'leadTo')}\n`), error);
});

test('no snippet was left out', { timeout: 120_000 }, () => {
  assert.deepEqual(snippets.filter((each) => !each.used).map((each) => each.code), []);
});
