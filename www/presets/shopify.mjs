/**
 * A Shopify theme (Dawn and its relatives): the answers of the AJAX cart, the drawer, the error of the form, a
 * language in front of the addresses, forms with an input named `id`, and what lies out of a theme's reach.
 */

import { ask, dispatch, json, layer, onClick, onSubmit, push, put, redirect } from './support/page.mjs';

export const preset = 'shopify';

const LINE = json({ id: 1, variant_id: 1, quantity: 1, price: 8950, title: 'Halo' });
const SOLD_OUT = json({ status: 422, message: 'Cart Error', description: 'The product is already sold out.' }, 422);
const FORM = (prefix = '', more = '') => `<product-form class="product-form" data-product-id="77"><div class="product-form__error-message-wrapper" role="alert" hidden><span class="product-form__error-message"></span></div>
  <form method="post" action="${prefix}/cart/add" accept-charset="UTF-8" class="form" novalidate data-type="add-to-cart-form"><input type="hidden" name="id" value="1" class="product-variant-id"><input type="hidden" name="product-id" value="77">
  <button type="submit" name="add" class="product-form__submit button" ${more}><span>Add</span></button></form></product-form><cart-drawer class="drawer"></cart-drawer>`;
/** As Dawn does it: the answer decides between the error, the drawer and the cart page. */
const DAWN = (prefix = '', then = "document.querySelector('cart-drawer').classList.add('active'); document.querySelector('cart-drawer').textContent = 'cart';") => onSubmit('form', `
  const add = form.querySelector('[name=add]'); if (add.getAttribute('aria-disabled') === 'true') return; add.setAttribute('aria-disabled', true);
  ${ask(`${prefix}/cart/add`)} if (answer.status) { const box = document.querySelector('.product-form__error-message-wrapper'); box.hidden = false; box.textContent = answer.description; return; }
  ${then} add.removeAttribute('aria-disabled');`);
const added = ['add_to_cart', 'confirmed', { leadsTo: 'purchase' }];
const refused = ['add_to_cart', 'failed'];
const noise = [/422/];

export const hits = [
  { title: 'added, the drawer opens', html: FORM() + DAWN(), pages: { 'POST /cart/add': LINE }, act: [['click', '[name=add]'], ['see', 'cart-drawer.active']], expect: [added] },
  { title: 'added behind a language in the address', html: FORM('/de') + DAWN('/de'), pages: { 'POST /de/cart/add': LINE }, act: [['click', '[name=add]'], ['see', 'cart-drawer.active']], expect: [added] },
  { title: 'sold out', html: FORM() + DAWN(), pages: { 'POST /cart/add': SOLD_OUT }, noise, act: [['click', '[name=add]'], ['see', '[role=alert]']], expect: [refused] },
  { title: 'sold out, then a press on the dead button', html: FORM() + DAWN(), pages: { 'POST /cart/add': SOLD_OUT }, noise, act: [['click', '[name=add]'], ['see', '[role=alert]'], ['outcomes', 1], ['click', '[name=add]']], expect: [refused] },
  { title: 'added twice, one after the other', html: FORM() + DAWN(), pages: { 'POST /cart/add': LINE }, act: [['click', '[name=add]'], ['outcomes', 1], ['click', '[name=add]']], expect: [added, added] },
  { title: 'no drawer: on to the cart', html: FORM() + DAWN('', "location.href = '/cart'; return;"), pages: { 'POST /cart/add': LINE, '/cart': '<h1>Cart</h1>' }, act: [['click', '[name=add]'], ['arrive', '/cart']], expect: [added] },
  { title: 'without script: the form itself leads to the cart', html: FORM('/fr'), pages: { 'POST /fr/cart/add': redirect('/fr/cart'), '/fr/cart': '<h1>Panier</h1>' }, act: [['click', '[name=add]'], ['arrive', '/fr/cart']], expect: [added] },
  { title: 'a quick-add without a form', html: '<button id="quick">+</button>' + onClick('#quick', ask('/cart/add.js')), pages: { 'POST /cart/add.js': LINE }, act: [['click', '#quick']], expect: [['add_to_cart', 'confirmed', { trigger: { on: 'response' } }]] },
  { title: 'nothing comes back', html: FORM() + onSubmit('form', ''), within: '1s', act: [['click', '[name=add]']], expect: [['add_to_cart', 'unknown']] },
  { title: 'to the checkout, out of sight', html: '<form action="/cart" id="cart" method="post"></form><button type="submit" id="checkout" name="checkout" form="cart">Zur Kasse</button>' + onSubmit('#cart', ''), act: [['click', '#checkout']], expect: [['begin_checkout', 'attempted']] },
  { title: 'buy it now', html: '<div class="shopify-payment-button"><button type="button" class="shopify-payment-button__button shopify-payment-button__button--unbranded">Buy it now</button></div>', act: [['click', 'button']], expect: [['begin_checkout', 'attempted']] },
  { title: 'the newsletter of the footer', html: '<form method="post" action="/contact#ContactFooter" id="ContactFooter" class="footer__newsletter newsletter-form"><input type="hidden" name="contact[tags]" value="newsletter"><input type="email" name="contact[email]"><button type="submit">→</button></form>', pages: { 'POST /contact': redirect('/?customer_posted=true#ContactFooter') }, act: [['type', '[type=email]', 'ana@mail.example'], ['submit', 'form'], ['arrive', '/?customer_posted**']], expect: [['newsletter_signup', 'confirmed']] },
  { title: 'a newsletter form of Klaviyo', html: '<form class="needsclick klaviyo-form" novalidate><input type="email" name="email"><button type="button" class="needsclick">Sign up</button></form>' + onClick('button', "fetch('https://a.klaviyo.com/client/subscriptions/?company_id=X', { method: 'POST', body: '{}' })"), elsewhere: { 'a.klaviyo.com': { status: 202, body: '' } }, act: [['type', '[type=email]', 'ana@mail.example'], ['click', 'button']], expect: [['newsletter_signup', 'confirmed', { trigger: { on: 'response' } }]] },
  { title: 'a wrong password', html: '<form method="post" action="/account/login" id="customer_login" novalidate><input type="email" name="customer[email]"><input type="password" name="customer[password]"><button>Sign in</button></form>', pages: { 'POST /account/login': redirect('/account/login'), '/account/login': '<div class="customer login"><form id="customer_login"><h2 class="form__message">Incorrect email or password.</h2></form></div>' }, act: [['type', '[type=password]', 'x'], ['submit', 'form'], ['arrive', '/account/login']], expect: [['login', 'failed']] },
  { title: 'a product and a collection', at: '/fr/collections/lampes', pages: { '/fr/collections/lampes': '<h1>Lampes</h1>', '/fr/collections/lampes/products/halo': '<h1>Halo</h1>' }, act: [['outcomes', 1], ['goto', '/fr/collections/lampes/products/halo']], expect: [['category_viewed', 'confirmed'], ['product_viewed', 'confirmed']] },
  { title: 'an order where a data layer tells it', html: layer() + '<button id="x">x</button>' + onClick('#x', push({ event: 'purchase', ecommerce: { transaction_id: '1001', value: 20, currency: 'EUR', items: [] } })), act: [['click', '#x']], expect: [['purchase', 'confirmed', { kind: 'macro', order: '1001' }]] },
];

export const misses = [
  { title: 'the new storefront event before its answer, and for taking out', html: '<button id="x">−</button>' + onClick('#x', dispatch('shopify:cart:lines-update', 'button', { action: 'remove', context: 'cart' })), act: [['click', '#x']] },
  { title: 'changing the cart', html: '<button id="x">−</button>' + onClick('#x', ask('/cart/change.js')), pages: { 'POST /cart/change.js': json({ item_count: 0 }) }, act: [['click', '#x']] },
  { title: 'reading the cart', html: '<button id="x">cart</button>' + onClick('#x', ask('/cart.js', 'GET')), pages: { '/cart.js': json({ item_count: 0 }) }, act: [['click', '#x']] },
  { title: 'a quick-add that is refused', html: '<button id="x">+</button>' + onClick('#x', ask('/cart/add.js')), pages: { 'POST /cart/add.js': SOLD_OUT }, noise, act: [['click', '#x']] },
  { title: 'the checkout of an empty cart', html: '<button name="checkout" disabled>Checkout</button>', act: [['click', 'button']] },
  { title: 'a link to the checkout in a blog text', html: '<article><a href="/blogs/news/checkout-tips" target="_blank">our checkout</a></article>', pages: { '/blogs/news/checkout-tips': '<p>tips</p>' }, act: [['click', 'a']] },
  { title: 'a forgotten password', html: '<form method="post" action="/account/recover"><input type="email" name="email"><button>Send</button></form>' + onSubmit('form', put('<p>ok</p>')), act: [['type', '[type=email]', 'ana@mail.example'], ['submit', 'form']] },
];
