/**
 * Shopware's Storefront: the cart drawer that opens for both outcomes, the plug-in event that comes before the answer, a
 * finish page with its hidden block, pages known by the classes of their body, wish list and form blocks.
 */

import { body, dispatch, onClick, onSubmit, put, redirect } from './support/page.mjs';

export const preset = 'shopware';

const added = (more) => ['add_to_cart', 'confirmed', { leadsTo: 'purchase', ...more }];
const ADD = '/checkout/line-item/add';
const FORM = `<form id="productDetailPageBuyProductForm" action="${ADD}" method="post" class="buy-widget" data-add-to-cart="true"><input type="hidden" name="redirectTo" value="frontend.detail.page"><input type="hidden" name="lineItems[a1][id]" value="a1"><input type="hidden" name="lineItems[a1][quantity]" value="1"><input type="hidden" name="product-name" value="Halo"><button class="btn btn-primary btn-buy" type="submit" title="In den Warenkorb">In den Warenkorb</button></form>`;
/** As the plug-in does it: its event (which does not bubble) first, then the answer in the drawer. */
const DRAWER = onSubmit('form', `form.dispatchEvent(new CustomEvent('beforeFormSubmit')); const text = await (await fetch('${ADD}', { method: 'POST', body: 'a=b' })).text(); document.body.insertAdjacentHTML('beforeend', '<div class="offcanvas offcanvas-end cart-offcanvas show">' + text + '</div>');`);
const drawer = (type) => ({ body: `<div class="offcanvas-body"><div role="alert" class="alert alert-${type}">…</div></div>`, headers: { 'content-type': 'text/html' } });
const FINISH = '<h1 class="finish-header">Vielen Dank</h1><p class="finish-ordernumber" data-order-number="10042">Ihre Bestellnummer: #10042</p><div class="d-none hidden-line-items-information" style="display:none" data-currency="EUR" data-shipping="4.9" data-value="94.4" data-tax="15.07"><span class="hidden-line-item" data-id="a1" data-name="Halo" data-quantity="1" data-price="89.5"></span></div>';
const LOGIN = (alert = '') => `<form class="login-form" action="/account/login" method="post">${alert}<input type="email" name="username" id="loginMail"><input type="password" name="password" id="loginPassword"><button type="submit" class="btn btn-primary">Anmelden</button></form>`;
const NEWSLETTER = '<div class="cms-block"><form action="/form/newsletter" method="post"><div class="form-content"><select name="option"><option value="subscribe">Anmelden</option></select><input type="email" name="email"><button type="submit" class="btn btn-primary">Absenden</button></div></form></div>';

export const hits = [
  { title: 'added, the drawer opens', html: FORM + DRAWER, pages: { [`POST ${ADD}`]: drawer('success') }, act: [['click', '.btn-buy'], ['see', '.offcanvas']], expect: [added()] },
  { title: 'refused, the drawer opens too', html: FORM + DRAWER, pages: { [`POST ${ADD}`]: drawer('danger') }, act: [['click', '.btn-buy'], ['see', '.offcanvas']], expect: [['add_to_cart', 'failed']] },
  { title: 'without script: on to the cart', html: FORM, pages: { [`POST ${ADD}`]: redirect('/checkout/cart'), '/checkout/cart': '<h1>Warenkorb</h1>' }, act: [['click', '.btn-buy'], ['arrive', '/checkout/cart']], expect: [added()] },
  { title: 'an order with its value, loaded again', at: '/checkout/finish?orderId=f00', pages: { '/checkout/finish': FINISH }, act: [['outcomes', 1], ['reload']], expect: [['purchase', 'confirmed', { kind: 'macro', order: '10042', value: 94.4, currency: 'EUR' }]] },
  { title: 'the checkout', at: '/checkout/confirm', pages: { '/checkout/confirm': FINISH.slice(FINISH.indexOf('<div')) }, expect: [['begin_checkout', 'confirmed', { value: 94.4, currency: 'EUR' }]] },
  { title: 'the wish list', html: '<div id="storage"></div><button class="product-wishlist-a1 product-wishlist-action-circle product-wishlist-not-added" data-add-to-wishlist="true" title="Zum Merkzettel">♥</button>' + onClick('button', dispatch('Wishlist/onProductAdded', "document.querySelector('#storage')").replace('bubbles: true, ', '')), act: [['click', 'button']], expect: [['wishlist_add', 'confirmed']] },
  { title: 'a wrong password', html: LOGIN(), pages: { 'POST /account/login': LOGIN('<div role="alert" class="alert alert-danger">Kein Konto gefunden.</div>') }, act: [['type', '#loginPassword', 'x'], ['submit', 'form'], ['see', '.alert-danger']], expect: [['login', 'failed']] },
  { title: 'the right password', html: LOGIN(), pages: { 'POST /account/login': redirect('/account'), '/account': '<h1>Übersicht</h1>' }, act: [['type', '#loginPassword', 'x'], ['submit', 'form'], ['arrive', '/account']], expect: [['login', 'confirmed']] },
  { title: 'the newsletter block', html: NEWSLETTER + onSubmit('form', "form.parentNode.innerHTML = '<div class=\"confirm-message\"><div class=\"alert alert-success\">Bitte bestätigen</div></div>'"), act: [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']], expect: [['newsletter_signup', 'confirmed']] },
  { title: 'the newsletter block, refused', html: NEWSLETTER + onSubmit('form', put('<div class="confirm-alert"><div class="alert alert-danger">Fehler</div></div>', '.cms-block')), act: [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']], expect: [['newsletter_signup', 'failed']] },
  { title: 'a category and a product', html: `${body('is-ctl-navigation is-act-index')}<h1>Lampen</h1>`, pages: { '/Halo/L-1': `${body('is-ctl-product is-act-index')}<h1 class="product-detail-name">Halo</h1>` }, act: [['outcomes', 1], ['goto', '/Halo/L-1']], expect: [['category_viewed', 'confirmed'], ['product_viewed', 'confirmed']] },
  { title: 'a product of the cross-selling', html: '<div class="product-detail-cross-selling"><div class="product-slider"><a href="/Topf/T-1" target="_blank" class="product-name">Topf</a></div></div>', pages: { '/Topf/T-1': '<h1>Topf</h1>' }, act: [['click', 'a']], expect: [['recommendation_click', 'confirmed', { properties: { to: '/Topf/T-1' } }]] },
];

export const misses = [
  { title: 'the event of the plug-in alone', html: '<div id="x">x</div>', act: [['script', "document.querySelector('#x').dispatchEvent(new CustomEvent('beforeFormSubmit'))"]] },
  { title: 'taking a product off the list', html: '<button class="product-wishlist-action product-wishlist-added" data-add-to-wishlist="true">♥</button>', act: [['click', 'button']] },
  { title: 'the cart', at: '/checkout/cart', pages: { '/checkout/cart': '<h1>Warenkorb</h1>' } },
  { title: 'the first page', dwell: true, html: `${body('is-ctl-navigation is-act-home')}<h1>Hallo</h1>` },
  { title: 'a guest who orders without an account', html: '<form class="register-form"><input type="checkbox" id="createAccount" name="createCustomerAccount"><input type="email" name="email"><button type="submit">Weiter</button></form>' + onSubmit('form', ''), act: [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']] },
];
