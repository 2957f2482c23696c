/** What a page says about its product: JSON-LD, microdata and Open Graph as shops really write them. */

import assert from 'node:assert/strict';
import { scenario } from './support/browser.mjs';
import { html } from './support/site.mjs';

const ld = (content, type = 'application/ld+json') => `<script type="${type}">${typeof content === 'string' ? content : JSON.stringify(content)}</script>`;
const thing = (type, more) => ({ '@context': 'https://schema.org', '@type': type, ...more });
const offer = (price, more) => ({ '@type': 'Offer', price, priceCurrency: 'EUR', ...more });
const PATHS = ['name', 'sku', 'brand', 'offers.price', 'offers.priceCurrency'];

/** What the part finds at these paths of the page that is open. */
const values = (page, paths = PATHS, kind = 'jsonld') => page.evaluate(async ([kind, paths]) => {
  const { product } = await import('/js/parts/product.js');
  return paths.map((path) => product(kind, path));
}, [kind, paths]);

/** Pages, each with what is to be found on it: `{ head?, body?, at?, kind?, paths?, finds }`. */
function finds(name, pages) {
  scenario(name, { tag: false, expect: [/Failed to load resource/] }, async ({ page, site }) => {
    site.routes['/js/parts/product.js'] = { file: '/js/parts/product.js' };
    for (const [what, { head = '', body = '', at = '/shirt', kind, paths, finds }] of Object.entries(pages)) {
      site.routes[new URL(at, site.origin).pathname] = html(body, head);
      await page.goto(site.origin + at);
      const read = await values(page, paths, kind);
      assert.deepEqual(read.map((value) => (typeof value === 'string' ? value.replace(site.origin, '{origin}') : value)), finds, what);
    }
  });
}

const shirt = { name: 'Shirt', sku: 'S-1', brand: { '@type': 'Brand', name: 'Acme' }, offers: offer('19.90') };
const found = ['Shirt', 'S-1', 'Acme', '19.90', 'EUR'];
const nothing = PATHS.map(() => undefined);

finds('JSON-LD: wherever the product stands in its block', {
  'an object': { head: ld(thing('Product', shirt)), finds: found },
  'an array': { head: ld([thing('Organization', { name: 'Shop' }), thing('Product', shirt)]), finds: found },
  'a graph': { head: ld({ '@context': 'https://schema.org', '@graph': [thing('WebSite', { name: 'Shop' }), thing('Product', shirt)] }), finds: found },
  'a graph in an array': { head: ld([{ '@graph': [thing('Product', shirt)] }]), finds: found },
  'several types': { head: ld(thing(['Thing', 'Product'], shirt)), finds: found },
  'a full type': { head: ld(thing('http://schema.org/Product', shirt)), finds: found },
  'a secure one': { head: ld(thing('https://schema.org/Product', shirt)), finds: found },
  'a short one': { head: ld(thing('schema:Product', shirt)), finds: found },
  'in the body, with a parameter': { body: ld(thing('Product', shirt), 'application/ld+json; charset=utf-8'), finds: found },
  'no product': { head: ld(thing('Organization', { name: 'Shop' })), finds: nothing },
  'nothing at all': { finds: nothing },
});

finds('JSON-LD: blocks that are broken', {
  'a line break in a string': { head: ld(JSON.stringify(thing('Product', { description: 'one NL two', ...shirt })).replace('NL', '\r\n\t')), finds: found },
  'an HTML comment around it': { head: ld(`<!-- ${JSON.stringify(thing('Product', shirt))} -->`), finds: found },
  'an HTML comment before it': { head: ld(`<!-- [by a plug-in] -->\n${JSON.stringify(thing('Product', shirt))}`), finds: found },
  'CDATA': { head: ld(`//<![CDATA[\n${JSON.stringify(thing('Product', shirt))}\n//]]>`), finds: found },
  'CDATA in a comment': { head: ld(`/*<![CDATA[*/${JSON.stringify(thing('Product', shirt))}/*]]>*/`), finds: found },
  'something behind it': { head: ld(`${JSON.stringify(thing('Product', shirt))};\n// end`), finds: found },
  'a comma too many': { head: ld(JSON.stringify(thing('Product', shirt)).replace(/}$/, ',\n}')), finds: found },
  'all of that within a text that is well': {
    head: ld(thing('Product', { ...shirt, name: 'A <!-- B --> <![CDATA[ C, ]' })), paths: ['name'], finds: ['A <!-- B --> <![CDATA[ C, ]'],
  },
  'broken ones beside a good one': { head: ld('{') + ld('') + ld('not JSON') + ld('null') + ld('"x"') + ld('{"@type": }') + ld(thing('Product', shirt)), finds: found },
});

const other = { name: 'Hat', sku: 'H-1', brand: 'Other', offers: offer(5) };

finds('JSON-LD: which of several products is the page\'s', {
  'by its url, whatever its query, fragment or slash': {
    at: '/shirt?utm_source=x#top', head: ld(thing('Product', { ...other, url: '/hat' })) + ld(thing('Product', { ...shirt, url: '/shirt/' })), finds: found,
  },
  'by the canonical link': {
    at: '/p/17', head: '<link rel="canonical" href="https://shop.example/shirt">' + ld([thing('Product', { ...shirt, url: 'http://shop.example/shirt#p' }), thing('Product', other)]), finds: found,
  },
  'by its id': { head: ld([thing('Product', other), thing('Product', { ...shirt, '@id': '/shirt#product' })]), finds: found },
  'by its offer': { head: ld([thing('Product', other), thing('Product', { ...shirt, offers: [offer('19.90', { url: '/shirt?variant=3' })] })]), finds: found },
  'by the page it is the main entity of': { head: ld([thing('Product', other), thing('Product', { ...shirt, mainEntityOfPage: { '@type': 'ItemPage', '@id': '/shirt' } })]), finds: found },
  'a fragment alone is nobody\'s address': { head: ld([thing('Product', { ...other, '@id': '#2' }), thing('Product', { ...shirt, '@id': '/shirt#1' })]), finds: found },
  'by the page\'s main entity': {
    head: ld({ '@graph': [thing('WebPage', { mainEntity: { '@id': '#it' } }), thing('Product', other), thing('Product', { ...shirt, '@id': '#it' })] }), finds: found,
  },
  'in the page\'s main entity': { head: ld([thing('Product', other), thing('ItemPage', { mainEntity: thing('Product', shirt) })]), finds: found },
  'the only one, whatever its url': { head: ld(thing('Product', { ...shirt, url: 'https://elsewhere.example/x' })), finds: found },
  'the only one, described in two blocks': { head: ld(thing('Product', { '@id': '#p', name: 'Shirt', sku: 'S-1' })) + ld(thing('Product', { '@id': '#p', brand: 'Acme', offers: offer('19.90') })), finds: found },
  'one of a list is not the page\'s': { head: ld(thing('ItemList', { itemListElement: [{ '@type': 'ListItem', item: thing('Product', shirt) }] })), finds: nothing },
  'related ones are not': { head: ld(thing('Product', { ...shirt, isRelatedTo: [thing('Product', other)] })), finds: found },
  'nobody knows': { head: ld([thing('Product', other), thing('Product', shirt)]), finds: nothing },
  'described twice by two plug-ins, which agree': {
    head: ld(thing('Product', { ...shirt, url: '/shirt' })) + ld(thing('Product', { name: 'Shirt', url: '/shirt', offers: offer(19.9) })), finds: found,
  },
  'described twice, without agreeing': {
    head: ld(thing('Product', { ...shirt, url: '/shirt' })) + ld(thing('Product', { name: 'Shirt', url: '/shirt', offers: offer(24) })), finds: ['Shirt', 'S-1', 'Acme', undefined, 'EUR'],
  },
});

const sized = (size, price, more) => thing('Product', { name: `Shirt ${size}`, sku: `S-${size}`, offers: offer(price, more) });
const group = (more) => thing('ProductGroup', { name: 'Shirt', brand: 'Acme', url: '/shirt', ...more });
const both = [sized('S', 10, { url: '/shirt?variant=1' }), sized('M', 12, { url: '/shirt?variant=2' })];

finds('JSON-LD: a group and its variants', {
  'the variant of the address': { at: '/shirt?utm_source=x&variant=2', head: ld(group({ hasVariant: both })), finds: ['Shirt', 'S-M', 'Acme', 12, 'EUR'] },
  'the variant whose address says most': {
    at: '/shirt?variant=2', head: ld(group({ hasVariant: [sized('S', 10, { url: '/shirt' }), both[1]] })), finds: ['Shirt', 'S-M', 'Acme', 12, 'EUR'],
  },
  'the variant of the sku': {
    at: '/shirt?size=S-M', head: ld(group({ hasVariant: [sized('S', 10), sized('M', 12)] })), finds: ['Shirt', 'S-M', 'Acme', 12, 'EUR'],
  },
  'the only variant': { head: ld(group({ hasVariant: [both[1]] })), finds: ['Shirt', 'S-M', 'Acme', 12, 'EUR'] },
  'none is shown: only what they have in common': { head: ld(group({ hasVariant: both })), finds: ['Shirt', undefined, 'Acme', undefined, 'EUR'] },
  'nothing tells them apart': { head: ld(group({ hasVariant: [sized('S', 10), sized('M', 10)] })), finds: ['Shirt', undefined, 'Acme', undefined, undefined] },
  'what the group says goes first': {
    at: '/shirt?variant=2', head: ld(group({ offers: { '@type': 'AggregateOffer', lowPrice: 9, priceCurrency: 'EUR' }, hasVariant: both })), finds: ['Shirt', 'S-M', 'Acme', 9, 'EUR'],
  },
  'variants by reference': {
    at: '/shirt?variant=1', head: ld([group({ hasVariant: [{ '@id': '#s' }, { '@id': '#m' }] }), { ...both[0], '@id': '#s' }, { ...both[1], '@id': '#m' }]), finds: ['Shirt', 'S-S', 'Acme', 10, 'EUR'],
  },
  'variants that name their group': {
    at: '/shirt?variant=1', head: ld([group({ '@id': '#g', url: undefined }), ...both.map((each) => ({ ...each, isVariantOf: { '@id': '#g' } }))]), finds: ['Shirt', 'S-S', 'Acme', 10, 'EUR'],
  },
});

finds('JSON-LD: along the path', {
  'offers in every shape': {
    head: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, index) => ld(thing(`T${index}`, { name, offers: [
      offer(1), [offer(2), offer(9)], { '@type': 'AggregateOffer', lowPrice: '3.00', highPrice: 9, offers: [offer(8)] },
      { '@type': 'Offer', priceSpecification: [{ price: 99, priceType: 'https://schema.org/ListPrice' }, { price: 4, priceCurrency: 'CHF' }] },
      { '@type': 'AggregateOffer', offers: [offer(5)] }, { '@type': 'Offer', price: '', priceSpecification: { price: 6 } }, [offer(9, { url: '/x' }), offer(7, { url: '/shirt' })],
    ][index] }))).join(''),
    paths: ['T0.offers.price', 'T1.offers.price', 'T2.offers.price', 'T3.offers.price', 'T3.offers.priceCurrency', 'T4.offers.price', 'T5.offers.price', 'T6.offers.price', 'T4.price', 'T4.priceCurrency'],
    finds: [1, 2, '3.00', 4, 'CHF', 5, 6, 7, 5, 'EUR'],
  },
  'other types, by name': {
    head: ld(thing('Product', shirt)) + ld(thing('Article', { headline: 'News', author: [{ name: 'A' }, { name: 'B' }], keywords: ['x'] })),
    paths: ['Article.headline', 'Article.author', 'Article.author.name', 'Article.keywords', 'Product.sku', 'Event.name', 'headline'],
    finds: ['News', ['A', 'B'], 'A', 'x', 'S-1', undefined, undefined],
  },
  'references': {
    head: ld(thing('Product', { ...shirt, brand: { '@id': '#acme' }, offers: { '@id': '#offer' }, category: { '@id': '#nowhere' } })) + ld({ '@graph': [{ '@id': '#acme', name: 'Acme' }, { '@id': '#offer', ...offer('19.90') }] }),
    paths: [...PATHS, 'brand.name', 'category'], finds: [...found, 'Acme', undefined],
  },
  'circles': {
    head: ld([thing('Product', { '@id': '#a', name: { '@id': '#a' }, offers: { '@id': '#b' } }), thing('Offer', { '@id': '#b', offers: { '@id': '#a' }, priceSpecification: { '@id': '#b' } })]),
    paths: ['offers.price', 'offers.offers.offers.priceCurrency', 'sku'], finds: [undefined, undefined, undefined],
  },
  'names of prototypes, and what is not there': {
    head: ld('{"@type": "Product", "name": "Shirt", "sku": null, "gtin": "", "mpn": {"@value": "7"}, "stock": 0, "__proto__": {"polluted": 1}}'),
    paths: ['constructor', 'toString', '__proto__.constructor', 'polluted', 'name.length', 'name.name', 'sku', 'gtin', 'mpn', 'stock', 'a.b.c', '', '.', 'Product'],
    finds: [undefined, undefined, undefined, undefined, undefined, 'Shirt', undefined, undefined, '7', 0, undefined, undefined, undefined, 'Shirt'],
  },
  'deeper than anybody writes': { head: ld('['.repeat(9000) + ']'.repeat(9000)) + ld(thing('Product', shirt)), finds: found },
});

scenario('nothing a page does to itself is in the way, and nothing is kept', { tag: false }, async ({ page, site }) => {
  site.routes['/js/parts/product.js'] = { file: '/js/parts/product.js' };
  site.routes['/shirt'] = html('<img name=querySelectorAll><img name=baseURI><form name=getElementById></form>', ld(thing('Product', shirt)));
  await page.goto(`${site.origin}/shirt`);
  assert.deepEqual(await values(page), found);
  // Another product, as after a change of route; meanwhile the page has replaced what it could.
  const later = await page.evaluate(async (other) => {
    const { product } = await import('/js/parts/product.js');
    const before = Object.getOwnPropertyNames(window).length;
    document.querySelector.call(document, 'script[type*=ld]').textContent = JSON.stringify({ '@type': 'Product', ...other });
    JSON.parse = Element.prototype.getAttribute = Reflect.apply = () => { throw new Error('patched'); };
    Object.prototype.get = 'polluted';
    Object.prototype.sku = 'polluted';
    const values = [product('jsonld', 'name'), product('jsonld', 'offers.sku'), product('nonsense', 'x'), product('jsonld'), product()];
    delete Object.prototype.get;
    delete Object.prototype.sku;
    return [values, Object.getOwnPropertyNames(window).length - before];
  }, other);
  assert.deepEqual(later, [['Hat', undefined, undefined, undefined, undefined], 0]);
});

const scope = (type, inside, more = '') => `<div itemscope itemtype="https://schema.org/${type}" ${more}>${inside}</div>`;
const price = (amount) => scope('Offer', `<meta itemprop=price content="${amount}"><span itemprop=priceCurrency>EUR</span>`, 'itemprop=offers');
const shirtItem = `<h1 itemprop=name>  Shirt
  of linen </h1><b itemprop=sku>S-1</b>${scope('Brand', '<span itemprop=name>Acme</span>', 'itemprop=brand')}${price('19.90')}`;
const foundItem = ['Shirt of linen', 'S-1', 'Acme', '19.90', 'EUR'];
const md = (body, more) => ({ kind: 'microdata', body, finds: foundItem, ...more });

finds('microdata: items in items, and parts that stand elsewhere', {
  'nested': md(scope('Product', shirtItem)),
  'as a form whose inputs are called like its own properties': md(`<form itemscope itemtype="http://schema.org/Product">${shirtItem}
    <input name=closest><input name=getAttribute><input name=querySelectorAll><input name=contains><input name=parentElement></form>`),
  'by itemref': md(`<p id=more itemprop=name>Shirt of linen</p><div id=rest><b itemprop=sku>S-1</b>${scope('Thing', '<i itemprop=sku>not this</i>')}<div id=offer>${price('19.90')}</div></div>
    ${scope('Product', scope('Brand', '<span itemprop=name>Acme</span>', 'itemprop=brand'), 'itemref="more rest nowhere more"')}`),
  'itemref in a circle': md(`${scope('Product', shirtItem, 'itemref=a')}${scope('Product', '', 'id=a itemprop=isRelatedTo itemref=b')}${scope('Product', '', 'id=b itemprop=isRelatedTo itemref=a')}`),
  'the main entity of the page': md(scope('WebPage', scope('Product', shirtItem, 'itemprop=mainEntity')) + scope('Product', '<i itemprop=name>Hat</i>')),
  'by its url': md(scope('Product', `<a itemprop=url href="/shirt#x">x</a>${shirtItem}`) + scope('Product', '<a itemprop=url href="/hat">x</a><i itemprop=name>Hat</i>')),
  'nobody knows': md(scope('Product', shirtItem) + scope('Product', shirtItem), { finds: nothing }),
  'a related one is not the page\'s': md(scope('Product', shirtItem + scope('Product', '<i itemprop=name>Hat</i><i itemprop=sku>H</i>', 'itemprop=isRelatedTo'))),
  'a group and its variants': md(scope('ProductGroup', `<i itemprop=name>Shirt of linen</i>${scope('Product', shirtItem, 'itemprop=hasVariant')}`)),
  'a price without an offer, or by its last name': md(scope('Product', '<i itemprop=price>7</i>') + scope('Thing', price(8)), { paths: ['price', 'Thing.price'], finds: ['7', '8'] }),
});

finds('microdata: what an element says, and never what is typed', {
  'by its kind': {
    kind: 'microdata', paths: 'abcdefghij'.split('').map((name) => `T.${name}`),
    body: scope('T', `<meta itemprop=a content=A><a itemprop=b href="/b?x">text</a><img itemprop=c src="c.png"><object itemprop=d data="/d"></object>
      <data itemprop=e value=E>text</data><meter itemprop=f value=0.5>text</meter><time itemprop=g datetime="2024-05-01">May</time><time itemprop=h>2025</time>
      <link itemprop=i href="https://schema.org/InStock"><span itemprop=j content="12.5">12,50</span>`),
    finds: ['A', '{origin}/b?x', '{origin}/c.png', '{origin}/d', 'E', '0.5', '2024-05-01', '2025', 'https://schema.org/InStock', '12.5'],
  },
  'a field': {
    kind: 'microdata', paths: 'abcdefgh'.split('').map((name) => `T.${name}`),
    body: scope('T', `<input itemprop=a value=typed><textarea itemprop=b>typed</textarea><select itemprop=c><option value=x selected>chosen</option></select>
      <div itemprop=d>around <textarea>typed</textarea></div><p itemprop=e contenteditable>typed</p><div contenteditable><b itemprop=f>typed</b></div>
      <label itemprop=g>Name <input value=typed></label><input itemprop=h value=typed content=said>`),
    finds: [...Array(7).fill(undefined), 'said'],
  },
  'one name several times, several names once, none': {
    kind: 'microdata', paths: ['T.a', 'T.b', 'T.c', 'T.d', 'T.constructor', 'T.e'],
    body: scope('T', '<i itemprop=a>1</i><i itemprop="a b">2</i><i itemprop="">3</i><i itemprop="__proto__">4</i><i itemprop=d></i><input itemprop=e value=typed><i itemprop=e>said</i>'),
    finds: [['1', '2'], '2', undefined, undefined, undefined, 'said'],
  },
});

finds('Open Graph', {
  'by property, by name, the first that says something': {
    kind: 'opengraph', paths: ['product:price:amount', 'product:price:currency', 'og:title', 'product:brand', 'description', 'og:image', 'og:none', 'constructor', ''],
    head: `<meta property="product:price:amount" content="19.90"><meta name="product:price:currency" content="EUR"><meta property="og:title" content="">
      <meta property="og:title dc:title" content="Shirt"><meta property="product:brand"><meta name=description content="Good &amp; cheap"><meta content="alone">
      <meta property="og:image" content="/1.png"><meta property="og:image" content="/2.png">`,
    finds: ['19.90', 'EUR', 'Shirt', undefined, 'Good & cheap', '/1.png', undefined, undefined, undefined],
  },
});
