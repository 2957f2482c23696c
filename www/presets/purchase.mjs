/** Orders by the data layer, new and old, and by the page that follows them; reloaded, and paid for again. */

import { layer } from './support/page.mjs';

export const preset = 'purchase';

const GA4 = (order) => ({ event: 'purchase', ecommerce: { transaction_id: order, currency: 'EUR', value: 129.9, items: [{ item_id: 'lamp', price: 89.5, quantity: 1 }] } });
const bought = (more) => ['purchase', 'confirmed', { kind: 'macro', ...more }];
const page = (order) => `${layer({ ecommerce: null }, GA4(order))}<h1>Danke</h1>`;
const at = (title, path) => ({ title, at: path, pages: { [path.split('?')[0]]: page('4711') }, expect: [bought({ value: 129.9, currency: 'EUR' })] });

export const hits = [
  { title: 'the data layer', html: page('4711'), expect: [bought({ value: 129.9, currency: 'EUR', order: '4711', trigger: { on: 'datalayer' } })] },
  { title: 'gtag', html: `${layer()}<script>function gtag() { dataLayer.push(arguments); } gtag('event', 'purchase', { transaction_id: '4712', value: 20, currency: 'PLN', items: [] });</script>`, expect: [bought({ value: 20, currency: 'PLN', order: '4712' })] },
  { title: 'older enhanced ecommerce', html: layer({ event: 'transaction', ecommerce: { currencyCode: 'EUR', purchase: { actionField: { id: '4713', revenue: '35.43' }, products: [{ id: 'pot' }] } } }), expect: [bought({ order: '4713' })] },
  { title: 'loaded again, it counts once', html: page('4711'), act: [['outcomes', 1], ['reload'], ['reload']], expect: [bought()] },
  { title: 'two orders are two', pages: { '/1': page('4711'), '/2': page('4712') }, act: [['goto', '/1'], ['outcomes', 1], ['goto', '/2']], expect: [bought({ order: '4711' }), bought({ order: '4712' })] },
  at('page and data layer are one step (en)', '/checkout/order-received/4711/'),
  at('PrestaShop (fr)', '/confirmation-commande?id_cart=1&id_order=4711&key=secret'),
  { title: 'a page without a data layer: once in a visit (de)', at: '/checkout/finish', pages: { '/checkout/finish': '<h1>Danke</h1>' }, act: [['outcomes', 1], ['reload']], expect: [bought()], says: ['no_order'] },
];

export const misses = [
  { title: 'a refund', html: layer({ event: 'refund', ecommerce: { transaction_id: '4711' } }) },
  { title: 'the orders of the account', at: '/account/orders/4711', pages: { '/account/orders/4711': '<h1>4711</h1>' } },
  { title: 'the checkout', at: '/checkout', pages: { '/checkout': '<h1>Checkout</h1>' } },
];
