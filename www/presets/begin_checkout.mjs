/** The first page of a checkout by its address, the data layer, and pages whose address only talks of it. */

import { layer, onClick, push } from './support/page.mjs';

export const preset = 'begin_checkout';

const begun = [['begin_checkout', 'confirmed']];
const at = (title, path) => ({ title, at: path, pages: { [path.split('?')[0]]: '<h1>1</h1><form><input autocomplete="email"></form>' }, expect: begun });
const not = (title, path) => ({ ...at(title, path), expect: [] });

export const hits = [
  at('WooCommerce, Magento, BigCommerce (en)', '/checkout/'),
  at('in a folder of a language (de)', '/de/kasse'),
  at('PrestaShop (fr)', '/commande'),
  at('WooCommerce (es)', '/finalizar-compra/'),
  at('a shop of its own (nl)', '/afrekenen'),
  at('a shop of its own (pl)', '/zamowienie'),
  at('Shopware', '/checkout/register'),
  at('OpenCart', '/index.php?route=checkout/checkout&language=en-gb'),
  { title: 'the data layer, with value and currency', html: layer() + '<button id="go">Checkout</button>' + onClick('#go', push({ event: 'begin_checkout', ecommerce: { currency: 'EUR', value: 89.5, items: [{ item_id: 'lamp' }] } })), act: [['click', '#go']],
    expect: [['begin_checkout', 'confirmed', { value: 89.5, currency: 'EUR', trigger: { on: 'datalayer' } }]] },
  { ...at('twice in a visit is once', '/checkout'), act: [['outcomes', 1], ['reload'], ['goto', '/checkout']] },
];

export const misses = [
  not('the cart of Magento', '/checkout/cart'),
  not('a blog text', '/blog/checkout-tips'),
  not('the page after the order', '/checkout/order-received/4711'),
  { title: 'a link to the checkout in a blog text', html: '<article>How our <a href="#checkout">checkout</a> works.</article>', act: [['click', 'a']] },
];
