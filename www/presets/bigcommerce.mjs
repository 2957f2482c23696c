/**
 * BigCommerce with Cornerstone: a form with an input named `action`, the answer of /remote/v1/cart/add with and without
 * an error, links that add by loading a page, and the pages after orders, accounts and wish lists.
 */

import { ask, json, layer, onClick, onSubmit, push, put, redirect } from './support/page.mjs';

export const preset = 'bigcommerce';

const added = (more) => ['add_to_cart', 'confirmed', { leadsTo: 'purchase', ...more }];
const ADD = '/remote/v1/cart/add';
const FORM = (more = '') => `<div class="productView" data-entity-id="77" data-name="Halo" data-product-price="89.5"><form class="form" method="post" action="/cart.php" enctype="multipart/form-data" data-cart-item-add><input type="hidden" name="action" value="add"><input type="hidden" name="product_id" value="77"><input type="tel" name="qty[]" value="1"><input id="form-action-addToCart" class="button button--primary" type="submit" value="Add to Cart" ${more}></form></div><div id="previewModal" class="modal modal--large"></div>`;
const CORNERSTONE = onSubmit('form', `${ask(ADD)} if (answer.data.error) { ${put('<div class="swal2-popup"><div class="swal2-icon swal2-error">!</div></div>')} return; } const box = document.querySelector('#previewModal'); box.classList.add('open'); box.textContent = 'added';`);
const LOGIN = (alert = '') => `${alert}<form class="login-form form" action="/login.php?action=check_login" method="post"><input name="login_email" type="email"><input name="login_pass" type="password"><input type="submit" class="button button--primary" value="Sign in"></form>`;
const ACCOUNT = '<form data-create-account-form class="form" action="/login.php?action=save_new_account" method="post"><input type="email" name="FormField[1][1]"><input type="password" name="FormField[1][2]"><input type="submit" value="Create Account"></form>';

export const hits = [
  { title: 'added', html: FORM() + CORNERSTONE, pages: { [`POST ${ADD}`]: json({ data: { cart_item: { hash: 'x' } } }) }, act: [['click', '#form-action-addToCart']], expect: [added({ properties: { product: '77', name: 'Halo' } })] },
  { title: 'refused with an answer of 200', html: FORM() + CORNERSTONE, pages: { [`POST ${ADD}`]: json({ data: { error: 'Not enough stock' } }) }, act: [['click', '#form-action-addToCart']], expect: [['add_to_cart', 'failed']] },
  { title: 'added and no window: on to the cart', html: FORM() + onSubmit('form', `${ask(ADD)} location.href = '/cart.php';`), pages: { [`POST ${ADD}`]: json({ data: { cart_item: {} } }), '/cart.php': '<h1>Cart</h1>' }, act: [['click', '#form-action-addToCart'], ['arrive', '/cart.php']], expect: [added()] },
  { title: 'a link of a card', html: '<article class="card" data-entity-id="78" data-name="Pot"><a href="/cart.php?action=add&amp;product_id=78" data-event-type="product-click" data-button-type="add-cart" class="button button--small card-figcaption-button">Add to Cart</a></article>', pages: { '/cart.php?action=add&product_id=78': redirect('/cart.php?suggest=x'), '/cart.php': '<h1>Cart</h1>' }, act: [['click', 'a'], ['arrive', '/cart.php?suggest=x']], expect: [added({ properties: { product: '78' } })] },
  { title: 'an order with a data layer, loaded again', at: '/checkout/order-confirmation', pages: { '/checkout/order-confirmation': layer({ event: 'purchase', ecommerce: { transaction_id: '118', value: 50, currency: 'USD', items: [] } }) + '<h1>Thank you</h1>' }, act: [['outcomes', 1], ['reload']], expect: [['purchase', 'confirmed', { kind: 'macro', order: '118', value: 50 }]] },
  { title: 'the checkout', at: '/checkout', pages: { '/checkout': '<div id="checkout-app"></div>' }, expect: [['begin_checkout', 'confirmed']] },
  { title: 'the checkout, as the data layer says', html: layer() + '<button id="x">x</button>' + onClick('#x', push({ event: 'begin_checkout', ecommerce: { value: 10, currency: 'USD' } })), act: [['click', '#x']], expect: [['begin_checkout', 'confirmed', { value: 10 }]] },
  { title: 'an account', html: ACCOUNT, pages: { 'POST /login.php?action=save_new_account': redirect('/login.php?action=account_created'), '/login.php': '<h1>Your account has been created</h1>' }, act: [['type', '[type=password]', 'x'], ['submit', 'form'], ['arrive', '/login.php?action=account_created']], expect: [['account_created', 'confirmed']] },
  { title: 'a wrong password', html: LOGIN(), pages: { 'POST /login.php?action=check_login': redirect('/login.php'), '/login.php': LOGIN('<div class="alertBox alertBox--error">Wrong</div>') }, act: [['type', '[type=password]', 'x'], ['submit', 'form'], ['arrive', '/login.php']], expect: [['login', 'failed']] },
  { title: 'the wish list', html: '<form action="/wishlist.php?action=add&product_id=77" class="form form-wishlist form-action" data-wishlist-add method="post"><input type="hidden" name="variation_id" value=""><input class="button" type="submit" value="Add to My Wish List"></form>', pages: { 'POST /wishlist.php?action=add&product_id=77': redirect('/wishlist.php?action=viewwishlistitems&wishlistid=1'), '/wishlist.php': '<h1>Wish list</h1>' }, act: [['submit', 'form'], ['arrive', '/wishlist.php**']], expect: [['wishlist_add', 'confirmed']] },
  { title: 'a product seen', html: FORM(), expect: [['product_viewed', 'confirmed', { properties: { product: '77', name: 'Halo' } }]] },
  { title: 'the newsletter that tells nothing', html: '<form class="form" action="/subscribe.php" method="post"><input type="hidden" name="action" value="subscribe"><input id="nl_email" name="nl_email" type="email"><input type="submit" value="Subscribe"></form>', pages: { 'POST /subscribe.php': '<h1>Thanks</h1>' }, within: '1s', act: [['type', '#nl_email', 'ana@mail.example'], ['submit', 'form'], ['see', 'h1']], expect: [['newsletter_signup', 'unknown']] },
];

export const misses = [
  { title: 'a quick view', dwell: true, html: '<a href="#" class="button card-figcaption-button quickview" data-product-id="77">Quick view</a>' + onClick('a', put('<div id="modal" class="modal open"><div class="productView">Halo</div></div>')), act: [['click', 'a']] },
  { title: 'a card that only leads to the choices', html: '<a href="/halo" target="_blank" data-event-type="product-click" class="button card-figcaption-button">Choose Options</a>', pages: { '/halo': '<h1>Halo</h1>' }, act: [['click', 'a']] },
  { title: 'changing an option', html: '<form data-other><select name="attribute[1]"><option>a</option><option>b</option></select></form>', act: [['click', 'select']] },
  { title: 'a sold-out product', html: '<div class="x">' + FORM('disabled').replace('class="productView"', 'class="sold"') + '</div>', act: [['click', '#form-action-addToCart']] },
];
