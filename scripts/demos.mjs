/**
 * A demo of every preset for the shop: a page that says what it counts and on which markup it stands, with pages to try
 * by hand, hits and near misses. They are the cases the tests hold the presets to (`www/presets/`); those that need a
 * server of their own to answer are left to the tests.
 */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './steps.mjs';

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
/** Whether a static page is all it takes. */
const isAlone = ({ html, at, pages = {}, elsewhere }) => !elsewhere && (at ? typeof pages[at] === 'string' : html && !Object.keys(pages).some((path) => /^POST/.test(path)));
const list = (items) => `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;

const page = (title, head, body) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escape(title)} | Demos of Footstep</title>
  <link rel="icon" href="/favicon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/base.css">
  <link rel="stylesheet" href="/assets/demos.css">
  ${head}
</head>
<body>
${body}
</body>
</html>
`;

/** What Footstep says on the page, as it says it. */
const HEARD = `<aside class="heard" aria-live="polite"><b>Heard:</b> <ol id="heard"></ol></aside>
<script>footstep.on('conversion', ({ name, phase }) => heard.append(Object.assign(document.createElement('li'), { textContent: name + ' ' + phase })));</script>`;
const STUB = `<script>window.footstep={q:[]};footstep.on=(...a)=>footstep.q.push(['on',performance.now(),a])</script>`;
const tag = (preset) => `${STUB}<script async src="/dist/footstep.js" data-site="demos" data-collector="/v1/batch" data-presets="${preset}"></script>`;

/** Writes them into `folder`. */
export async function demos(folder) {
  const names = (await readdir(join(ROOT, 'presets'))).map((name) => name.replace(/\.json$/, '')).sort();
  const rows = [];
  for (const name of names) {
    const { what, markup } = JSON.parse(await readFile(join(ROOT, `presets/${name}.json`), 'utf8'));
    const cases = await import(join(ROOT, `www/presets/${name}.mjs`));
    const tries = async (kind) => {
      const links = [];
      for (const [number, each] of cases[kind].entries()) {
        if (!isAlone(each)) continue;
        const at = `/demos/${name}/${kind}/${number + 1}${each.at ?? ''}`.replace(/\/$/, '');
        const body = `<nav><a href="/demos/${name}/">${name}</a>: ${escape(each.title)}</nav>${each.html ?? each.pages[each.at]}${HEARD}`;
        await mkdir(join(folder, at), { recursive: true });
        await writeFile(join(folder, at, 'index.html'), page(each.title, tag(name) + (each.head ?? ''), body));
        links.push(`<a href="${at}/">${escape(each.title)}</a>`);
      }
      return links.length ? list(links) : '<p>These need a server that answers: the tests have one.</p>';
    };
    const body = `<nav><a href="/demos/">All demos</a></nav><main><h1>${name}</h1><p>${escape(what)}</p>
<h2>It stands on</h2>${list(markup.map(escape))}<h2>What counts</h2>${await tries('hits')}<h2>What must not</h2>${await tries('misses')}</main>`;
    await mkdir(join(folder, 'demos', name), { recursive: true });
    await writeFile(join(folder, 'demos', name, 'index.html'), page(name, '', body));
    rows.push(`<a href="/demos/${name}/">${name}</a><br>${escape(what)}`);
  }
  await writeFile(join(folder, 'demos/index.html'), page('Presets', '', `<nav><a href="/">The shop</a></nav><main><h1>Every preset, to try by hand</h1>
<p>Each stands on the markup of real shops. What you do here arrives on the <a href="/live">live page</a>.</p>${list(rows)}</main>`));
}
