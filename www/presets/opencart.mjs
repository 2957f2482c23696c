/**
 * OpenCart 3 and 4: buttons with the product in their onclick, one form with three buttons of different `formaction`,
 * answers with success, error or redirect, and routes parted by slash, bar or dot.
 */

import { ask, json, onClick, onSubmit, put } from './support/page.mjs';

export const preset = 'opencart';

const added = ['add_to_cart', 'confirmed', { leadsTo: 'purchase' }];
const refused = ['add_to_cart', 'failed'];
const OK = json({ success: 'Success: You have added Halo!', total: '1 item(s)' });
const REDIRECT = json({ redirect: '/index.php?route=product/product&product_id=42' });
const V3 = `<div id="content"><button type="button" onclick="cart.add('42', '1');"><span>Add to Cart</span></button><button type="button" id="heart" onclick="wishlist.add('42');">♥</button></div>
  <script>const add = (route) => async () => { const response = await fetch('/index.php?route=' + route, { method: 'POST', body: 'product_id=42' }); const answer = await response.json(); if (answer.redirect) location.href = answer.redirect;
  if (answer.success) document.querySelector('#content').insertAdjacentHTML('beforebegin', '<div class="alert alert-success alert-dismissible">' + answer.success + '</div>'); };
  window.cart = { add: add('checkout/cart/add') }; window.wishlist = { add: add('account/wishlist/add') };</script>`;
const V4 = (separator = '.') => `<div id="alert"></div><form method="post" data-oc-toggle="ajax" data-oc-load="x" data-oc-target="#header-cart"><button type="submit" id="buy" formaction="/index.php?route=checkout/cart${separator}add&language=en-gb" title="Add to Cart">+</button><button type="submit" id="heart" formaction="/index.php?route=account/wishlist${separator}add&language=en-gb">♥</button><button type="submit" id="compare" formaction="/index.php?route=product/compare${separator}add&language=en-gb">⇄</button><input type="hidden" name="product_id" value="42"></form>
  <script>document.querySelector('form').addEventListener('submit', async (event) => { event.preventDefault(); const response = await fetch(event.submitter.getAttribute('formaction'), { method: 'POST', body: 'product_id=42' }); const answer = await response.json();
  if (answer.redirect) { location.href = answer.redirect; return; } const type = answer.success ? 'success' : 'danger'; document.querySelector('#alert').insertAdjacentHTML('afterbegin', '<div class="alert alert-' + type + ' alert-dismissible">x</div>'); });</script>`;
const route = (path, separator = '.') => `POST /index.php?route=${path}${separator}add&language=en-gb`;

export const hits = [
  { title: '3: added from a list', html: V3, pages: { 'POST /index.php?route=checkout/cart/add': OK }, act: [['click', "[onclick*='cart']"], ['see', '.alert-success']], expect: [added] },
  { title: '3: sent to choose an option', html: V3, pages: { 'POST /index.php?route=checkout/cart/add': REDIRECT, '/index.php': '<div id="other">Halo</div>' }, act: [['click', "[onclick*='cart']"], ['arrive', '/index.php?route=product/product**']], expect: [refused] },
  { title: '3: an option is missing on the product page', html: '<div id="product"><input name="quantity" value="1"><button type="button" id="button-cart">Add to Cart</button></div>' + onClick('#button-cart', `${ask('/index.php?route=checkout/cart/add')} if (answer.error) { ${put('<div class="text-danger">Size required!</div>', '#product')} }`), pages: { 'POST /index.php?route=checkout/cart/add': json({ error: { option: { 227: 'Size required!' } } }) }, act: [['click', '#button-cart'], ['see', '.text-danger']], expect: [refused] },
  { title: '3: the wish list', html: V3, pages: { 'POST /index.php?route=account/wishlist/add': OK }, act: [['click', '#heart'], ['see', '.alert-success']], expect: [['wishlist_add', 'confirmed']] },
  { title: '4: the cart button of three', html: V4(), pages: { [route('checkout/cart')]: OK }, act: [['click', '#buy'], ['see', '.alert-success']], expect: [added] },
  { title: '4: the wish-list button of three', html: V4(), pages: { [route('account/wishlist')]: OK }, act: [['click', '#heart'], ['see', '.alert-success']], expect: [['wishlist_add', 'confirmed']] },
  { title: '4.0.0: a bar in the route', html: V4('|'), pages: { [route('checkout/cart', '|')]: OK }, act: [['click', '#buy'], ['see', '.alert-success']], expect: [added] },
  { title: '4: refused', html: V4(), pages: { [route('checkout/cart')]: json({ error: { warning: 'Minimum order amount is 2!' } }) }, act: [['click', '#buy'], ['see', '.alert-danger']], expect: [refused] },
  { title: '4: sent to choose an option', html: V4(), pages: { [route('checkout/cart')]: REDIRECT, '/index.php': '<div id="other">Halo</div>' }, act: [['click', '#buy'], ['arrive', '/index.php?route=product/product**']], expect: [refused] },
  { title: 'an order, once in a visit', at: '/index.php?route=checkout/success&language=en-gb', pages: { '/index.php': '<h1>Your order has been placed!</h1>' }, act: [['outcomes', 1], ['reload']], expect: [['purchase', 'confirmed', { kind: 'macro' }]] },
  { title: 'the checkout', at: '/index.php?route=checkout/checkout', pages: { '/index.php': '<h1>Checkout</h1>' }, expect: [['begin_checkout', 'confirmed']] },
  { title: 'an account', html: '<form id="form-register" action="/index.php?route=account/register.register" method="post"><input type="email" name="email"><input type="password" name="password"><button type="submit">Continue</button></form>' + onSubmit('form', "location.href = '/index.php?route=account/success'"), pages: { '/index.php': '<h1>Your Account Has Been Created!</h1>' }, act: [['type', '[name=password]', 'x'], ['submit', 'form'], ['arrive', '/index.php?route=account/success']], expect: [['account_created', 'confirmed']] },
  { title: 'a wrong password', html: '<div id="alert"></div><form id="form-login" data-oc-toggle="ajax"><input name="email"><input type="password" name="password"><button type="submit">Login</button></form>' + onSubmit('form', put('<div class="alert alert-danger">No match.</div>', '#alert')), act: [['type', '[name=password]', 'x'], ['submit', 'form']], expect: [['login', 'failed']] },
  { title: 'a search', at: '/index.php?route=product/search&search=lamp', pages: { '/index.php': '<h1>1</h1>' }, expect: [['site_search', 'confirmed']] },
];

export const misses = [
  { title: '4: the compare button of three', html: V4(), pages: { [route('product/compare')]: OK }, act: [['click', '#compare'], ['see', '.alert-success']] },
  { title: '3: another button', html: '<button type="button" onclick="compare.add(42)">⇄</button><script>window.compare = { add() {} };</script>', act: [['click', 'button']] },
  { title: 'a switch of currency', html: '<div id="alert"></div><form id="form-currency"><button name="EUR">€</button></form>' + onSubmit('form', put('<div class="alert alert-success">ok</div>', '#alert')), act: [['click', 'button']] },
  { title: 'the cart', at: '/index.php?route=checkout/cart', pages: { '/index.php': '<h1>Cart</h1>' } },
];
