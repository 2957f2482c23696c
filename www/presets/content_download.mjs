/** Links to documents in the words of several languages, and the papers and pictures a shop offers beside them. */

export const preset = 'content_download';

const file = { body: '%PDF-1.4', headers: { 'content-type': 'application/pdf', 'content-disposition': 'attachment' } };
const hit = (title, href, more = '') => ({
  title, html: `<main><h1>Wissen</h1><p>Lesen Sie mehr. <a class="btn" href="${href}"${more}>Download</a></p></main>`,
  pages: { [href.split('?')[0]]: file }, act: [['download', 'a']], expect: [['content_download', 'confirmed', { trigger: { file: href.split('?')[0].split('/').pop() } }]],
});
const miss = (title, href, more = '') => ({ ...hit(title, href, more), expect: [] });

export const hits = [
  hit('an e-book (en)', '/media/ebook-better-light.pdf'),
  hit('a guide (de)', '/wp-content/uploads/2026/02/leitfaden-licht.pdf'),
  hit('a case study behind a version in its address (fr)', '/etude-de-cas.pdf?v=3'),
  hit('slides (es)', '/recursos/guia-compra.pptx'),
  hit('a book for readers (pl)', '/poradnik.epub'),
  hit('a file that is only marked as a download (it)', '/scarica/42', ' download="guida.pdf"'),
  { title: 'a picture inside the link', html: '<a href="/guide.pdf"><svg width="40" height="40"><rect width="40" height="40"></rect></svg></a>', pages: { '/guide.pdf': file }, act: [['download', 'rect']], expect: [['content_download', 'confirmed']] },
];

export const misses = [
  miss('an invoice (en)', '/account/invoice-4711.pdf'),
  miss('an invoice (de)', '/konto/rechnung_4711.pdf'),
  miss('an invoice (nl)', '/bestelling/factuur-4711.pdf'),
  miss('general terms (de)', '/agb.pdf'),
  miss('general terms (pl)', '/regulamin.pdf'),
  miss('the withdrawal form (de)', '/downloads/widerruf.pdf'),
  { title: 'a large picture', html: '<a href="/img/lamp.jpg" target="_blank">larger</a>', pages: { '/img/lamp.jpg': { body: '', headers: { 'content-type': 'image/jpeg' } } }, act: [['click', 'a']] },
  { title: 'a page about the guide', html: '<a href="/guide-pdf" target="_blank">about the guide</a>', pages: { '/guide-pdf': '<h1>The guide</h1>' }, act: [['click', 'a']] },
];
