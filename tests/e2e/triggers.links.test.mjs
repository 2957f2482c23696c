/**
 * Links: to files and to other sites, pressed on what is in them and with each button. Of a link's address nothing
 * leaves the page but the file's name or the host.
 */

import assert from 'node:assert/strict';
import { finish, names, open, press, scenario } from './support/browser.mjs';

const facts = (events, name) => events.filter((event) => event.name === name).map(({ trigger }) => trigger.file ?? trigger.host);
/** That none of the addresses' other parts was sent. */
function nothingElse(sink, secrets) {
  const sent = sink.batches.map(({ body }) => body).join('\n');
  for (const secret of secrets) assert.ok(!sent.includes(secret), `${secret} was sent`);
}
/** The page goes nowhere, whatever is pressed. */
const STAY = "<script>for (const type of ['click', 'auxclick']) document.addEventListener(type, (event) => event.preventDefault());</script>";

scenario('links to files', {
  config: {
    pageViews: false,
    conversions: {
      file: { on: 'download' },
      recipe: { on: 'download', extensions: ['brew'] },
      guide: { on: 'download', match: '.guides a' },
    },
  },
  body: `${STAY}<p><a id=child href="/s3cret-folder/price%20list.PDF?token=s3cret#s3cret"><b>Price <i>list</i></b></a></p>
    <p class=guides><a id=guide href="lamps.epub">Guide</a></p>
    <p><a id=named download="s3cret-name.txt" href="/export">Export</a></p>
    <p><a id=recipe href="/a.Brew">Recipe</a></p>
    <p><svg width=60 height=20><a xlink:href="/s3cret-folder/drawing.zip"><rect id=drawing width=60 height=20></rect></a></svg></p>
    <p><a id=made download="list.csv" href="data:text/csv,s3cret-a/s3cret-b">Made here</a></p>
    <p><a id=page href="/page.html">Page</a> <a id=none href="/s3cret/pdf">None</a> <a id=folder href="/a.pdf/">Folder</a>
      <a id=mail href="mailto:s3cret@mail.example">Mail</a> <a id=script href="javascript:void 's3cret.pdf'">Script</a> <a id=nothing>Nothing</a></p>
    <p><button id=button>no link.pdf</button></p>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  for (const id of ['child i', 'guide', 'named', 'recipe', 'drawing', 'made', 'page', 'none', 'folder', 'mail', 'script', 'nothing', 'button']) await press(page, `#${id}`);
  await press(page, '#guide', 'middle');
  await press(page, '#guide', 'right');
  await page.focus('#guide');
  await page.keyboard.press('Enter');
  const events = await finish(s);
  assert.deepEqual(facts(events, 'file'), ['price%20list.PDF', 'lamps.epub', 'export', 'drawing.zip', 'data', 'lamps.epub', 'lamps.epub']);
  assert.deepEqual(facts(events, 'recipe'), ['a.Brew']);
  assert.deepEqual(facts(events, 'guide'), Array(3).fill('lamps.epub'));
  assert.ok(events.every(({ trigger }) => trigger.on === 'download'));
  nothingElse(s.sink, ['s3cret']);
});

scenario('links to other sites', {
  config: {
    pageViews: false,
    conversions: {
      away: { on: 'outbound' },
      social: { on: 'outbound', domains: ['youtube.com', 'fb.com'], confirm: 'unseen' },
      partner: { on: 'outbound', match: '.partner' },
    },
  },
  body: (s) => `${STAY}<p><a id=child href="https://www.youtube.com/@s3cret?x=s3cret"><b>Our <i>films</i></b></a></p>
    <p><a id=sub class=partner href="//m.YouTube.com">Phone</a></p>
    <p><a id=almost href="https://notyoutube.com/s3cret">Almost</a> <a id=tail href="https://youtube.com.evil.example">Tail</a>
      <a id=user href="https://youtube.com:s3cret@other.example:8443/">User</a></p>
    <p><svg width=60 height=20><a xlink:href="https://fb.com/s3cret"><g><path id=drawn d="M0 0H60V20H0z"></path></g></a></svg></p>
    <div id=host></div><a id=around class=partner href="https://around.example/s3cret"><slot-holder>slotted</slot-holder></a>
    <p><a id=own href="${s.site.origin}/s3cret">Own</a> <a id=relative href="/s3cret">Relative</a> <a id=mail href="mailto:a@youtube.com">Mail</a>
      <a id=phone href="tel:+4930">Phone</a> <a id=script href="javascript:void 'https://youtube.com'">Script</a></p>
    <script>
      host.attachShadow({ mode: 'open' }).innerHTML = '<a href="https://inside.example/"><span id=inside>inside</span></a>';
      document.querySelector('slot-holder').attachShadow({ mode: 'closed' }).innerHTML = '<slot></slot>';
    </script>`,
}, async (s) => {
  await open(s);
  const { page } = s;
  for (const id of ['child i', 'sub', 'almost', 'tail', 'user', 'drawn', 'inside', 'around', 'own', 'relative', 'mail', 'phone', 'script']) await press(page, `#${id}`);
  const events = await finish(s);
  assert.deepEqual(facts(events, 'away'), ['youtube.com', 'm.youtube.com', 'notyoutube.com', 'youtube.com.evil.example', 'other.example', 'fb.com', 'inside.example', 'around.example']);
  assert.deepEqual(facts(events, 'social'), ['youtube.com', 'm.youtube.com', 'fb.com']);
  assert.ok(events.filter(({ name }) => name === 'social').every(({ phase }) => phase === 'attempted'), 'nobody has seen the outcome');
  assert.deepEqual(facts(events, 'partner'), ['m.youtube.com', 'around.example']);
  nothingElse(s.sink, ['s3cret']);
});

scenario('the page is left by the link, or a tab is opened by it', {
  config: { pageViews: false, conversions: { away: { on: 'outbound' } } },
  body: '<a id=here href="https://other.example/a">Here</a> <a id=blank target=_blank href="https://blank.example/">Blank</a>',
}, async (s) => {
  await s.context.route('https://*.example/**', (route) => route.fulfill({ contentType: 'text/html', body: 'there' }));
  await open(s);
  const { page, context } = s;
  for (const [selector, button] of [['#here', 'middle'], ['#blank', 'left']]) {
    const tab = context.waitForEvent('page');
    await press(page, selector, button);
    await (await tab).close();
  }
  await page.bringToFront();
  await press(page, '#here');
  await page.waitForURL('https://other.example/a');
  await s.sink.events(3);
  assert.deepEqual(facts(s.sink.arrived, 'away'), ['other.example', 'blank.example', 'other.example']);
  assert.deepEqual(names(s.sink.arrived), Array(3).fill('away'));
});
