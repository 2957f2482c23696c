/** Addresses of search results in several shops, the data layer, and addresses that hold no search. */

import { layer, onClick, push } from './support/page.mjs';

export const preset = 'site_search';

const found = [['site_search', 'confirmed']];
const at = (title, path) => ({ title, at: path, pages: { [path.split('?')[0]]: '<h1>3</h1>' }, expect: found });
const not = (title, path) => ({ ...at(title, path), expect: [] });

export const hits = [
  at('WordPress and WooCommerce', '/?s=lamp&post_type=product'),
  at('Shopify in a folder of a language', '/de/search?q=lampe&options%5Bprefix%5D=last'),
  at('Magento', '/catalogsearch/result/?q=lampada'),
  at('BigCommerce', '/search.php?search_query=lamp&section=product'),
  at('Shopware', '/search?search=lamp'),
  at('OpenCart', '/index.php?route=product/search&search=lampa'),
  { title: 'by the form itself', html: '<form role="search" action="/search"><input type="search" name="q"><button>Buscar</button></form>', pages: { '/search': '<h1>3</h1>' }, act: [['type', '[name=q]', 'lámpara'], ['enter', '[name=q]'], ['arrive', '/search**']], expect: found },
  { title: 'results without a new address, by the data layer', html: layer() + '<button id="go">x</button>' + onClick('#go', push({ event: 'view_search_results', search_term: 'lamp' })), act: [['click', '#go']], expect: [['site_search', 'confirmed', { trigger: { on: 'datalayer' } }]] },
];

export const misses = [
  not('the search page without a search', '/search'),
  not('an empty search', '/search?q='),
  not('a sorted list', '/collections/lamps?sort_by=price-ascending&page=2'),
];
