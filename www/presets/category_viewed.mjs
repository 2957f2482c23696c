/** Category pages by their address and theme; products, blogs and searches beside them. */

import { body } from './support/page.mjs';

export const preset = 'category_viewed';

const seen = [['category_viewed', 'confirmed']];
const at = (title, path) => ({ title, at: path, pages: { [path.split('?')[0]]: '<h1>Lamps</h1>' }, expect: seen });
const theme = (title, html) => ({ title, html, expect: seen });
const not = (title, path) => ({ ...at(title, path), expect: [] });

export const hits = [
  at('Shopify', '/collections/lamps?page=2'),
  at('WooCommerce (en)', '/product-category/lamps/table/'),
  at('WooCommerce (de)', '/produkt-kategorie/lampen/'),
  at('WooCommerce (fr)', '/categorie-produit/lampes/'),
  at('a Polish shop', '/kategorie/lampy'),
  at('OpenCart', '/index.php?route=product/category&path=20'),
  theme('WooCommerce under an address of its own', `${body('archive tax-product_cat term-lampen woocommerce')}<h1>Lampen</h1>`),
  theme('Magento', `${body('catalog-category-view page-layout-2columns-left')}<h1>Lampade</h1>`),
  theme('PrestaShop', `${body('lang-es', 'category')}<h1>Lámparas</h1>`),
  theme('Shopware', `${body('is-ctl-navigation is-act-index')}<h1>Lampen</h1>`),
];

export const misses = [
  not('a product of a collection', '/collections/lamps/products/halo'),
  not('a category of a blog', '/category/news/'),
  not('a search', '/search?q=lamp'),
  { title: 'the first page of Shopware', dwell: true, html: `${body('is-ctl-navigation is-act-home')}<h1>Hallo</h1>` },
];
