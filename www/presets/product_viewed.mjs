/** Product pages by their address, their theme and the data layer; lists, quick views and blog posts beside them. */

import { body, layer } from './support/page.mjs';

export const preset = 'product_viewed';

const LD = '<script type="application/ld+json">{"@context":"https://schema.org/","@type":"Product","name":"Halo lamp","sku":"L-1","offers":{"@type":"Offer","price":"89.50","priceCurrency":"EUR"}}</script>';
const seen = (more) => [['product_viewed', 'confirmed', more]];
const at = (title, path) => ({ title, at: path, pages: { [path.split('?')[0]]: '<h1>Halo</h1>' }, expect: seen() });
const theme = (title, html) => ({ title, html, expect: seen({ trigger: { on: 'visible' } }) });
const not = (title, path) => ({ ...at(title, path), expect: [] });

export const hits = [
  { ...at('name, number and price of its JSON-LD', '/product/halo'), pages: { '/product/halo': `${LD}<h1>Halo</h1>` }, expect: seen({ properties: { name: 'Halo lamp', sku: 'L-1' } }) },
  at('Shopify, within a collection and a language', '/fr/collections/lampes/products/halo?variant=1'),
  at('a German shop', '/produkt/halo/'),
  at('a Spanish shop', '/producto/halo/'),
  at('an Italian shop', '/prodotto/halo/'),
  at('OpenCart', '/index.php?route=product/product&product_id=42'),
  theme('WooCommerce under an address of its own (pl)', `${body('product-template-default single single-product woocommerce')}<div class="product type-product"><h1 class="product_title">Lampa</h1></div>`),
  theme('Magento', `${body('catalog-product-view product-halo page-layout-1column')}<h1 class="page-title">Halo</h1>`),
  theme('PrestaShop', `${body('lang-it product-id-1', 'product')}<h1>Halo</h1>`),
  theme('Shopware', `${body('is-ctl-product is-act-index')}<h1 class="product-detail-name">Halo</h1>`),
  { title: 'the data layer', html: `${layer({ event: 'view_item', ecommerce: { currency: 'EUR', value: 89.5, items: [{ item_id: 'L-1' }] } })}<h1>Halo</h1>`, expect: seen({ trigger: { on: 'datalayer' } }) },
  { ...at('address and data layer are one step', '/products/halo'), pages: { '/products/halo': `${layer({ event: 'view_item', ecommerce: { items: [{ item_id: 'L-1' }] } })}<h1>Halo</h1>` } },
];

export const misses = [
  not('the list of all products', '/products'),
  not('a collection', '/collections/lamps'),
  not('a blog post', '/blog/new-products'),
  { title: 'a quick view in a window', dwell: true, html: '<div class="modal open"><div class="productView">Halo</div></div>' },
];
