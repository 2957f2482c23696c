/**
 * PrestaShop with Classic and Hummingbird: the window of the cart module, answers with and without `hasError`, pages
 * known by the id of their body in every language, and the modules for wish list, newsletter and reviews.
 */

import { ask, body, json, onClick, onSubmit, put, show } from './support/page.mjs';

export const preset = 'prestashop';

const added = (more) => ['add_to_cart', 'confirmed', { leadsTo: 'purchase', ...more }];
const FORM = (action, more = '') => `<article class="product-container" data-id-product="7"><form action="${action}" method="post" id="add-to-cart-or-refresh"><input type="hidden" name="id_product" value="7"><input type="number" name="qty" value="1"><button class="btn btn-primary add-to-cart" data-button-action="add-to-cart" type="submit" ${more}>Ajouter au panier</button></form><div class="product-add-to-cart"></div></article>`;
/** As the cart module does it: the answer of the cart first, its own window then. */
const MODULE = (action) => onClick('[data-button-action]', `${ask(action)} if (answer.hasError) { ${put('<div class="alert alert-danger ajax-error" role="alert">Stock insuffisant</div>', '.product-add-to-cart')} return; }
  const more = await (await fetch('/fr/module/ps_shoppingcart/ajax', { method: 'POST' })).json(); if (more.modal) document.body.insertAdjacentHTML('beforeend', more.modal);`);
const OK = json({ success: true, id_product: 7, quantity: 1, cart: {}, errors: '' });
const MODAL = json({ preview: '', modal: '<div id="blockcart-modal" class="modal fade in" role="dialog">Produit ajouté</div>' });

export const hits = [
  { title: 'added (fr)', html: FORM('/fr/panier') + MODULE('/fr/panier'), pages: { 'POST /fr/panier': OK, 'POST /fr/module/ps_shoppingcart/ajax': MODAL }, act: [['click', 'button']], expect: [added({ properties: { product: '7' } })] },
  { title: 'added (de), the window is switched off', html: FORM('/de/warenkorb') + onClick('button', ask('/de/warenkorb')), pages: { 'POST /de/warenkorb': OK }, act: [['click', 'button']], expect: [added()] },
  { title: 'added without friendly addresses', html: FORM('/index.php?controller=cart') + onClick('button', ask('/index.php?controller=cart')), pages: { 'POST /index.php': OK }, act: [['click', 'button']], expect: [added()] },
  { title: 'not in stock (fr)', html: FORM('/fr/panier') + MODULE('/fr/panier'), pages: { 'POST /fr/panier': json({ hasError: true, errors: ['Stock insuffisant'], quantity: 0 }) }, act: [['click', 'button'], ['see', '.ajax-error']], expect: [['add_to_cart', 'failed']] },
  { title: 'sent to the cart (it)', html: FORM('/it/carrello'), pages: { 'POST /it/carrello': '<h1>Carrello</h1>' }, act: [['click', 'button'], ['arrive', '/it/carrello']], expect: [added()] },
  { title: 'the order page, loaded again (pl)', at: '/pl/potwierdzenie-zamowienia?id_cart=1&id_order=5&key=secret', pages: { '/pl/potwierdzenie-zamowienia': `${body('lang-pl', 'order-confirmation')}<ul><li id="order-reference-value">Numer: XKBKNABJK</li></ul>` }, act: [['outcomes', 1], ['reload'], ['see', '#order-reference-value']], expect: [['purchase', 'confirmed', { kind: 'macro', order: 'Numer: XKBKNABJK' }]] },
  { title: 'the checkout under any name (es)', at: '/es/pedido', pages: { '/es/pedido': `${body('lang-es', 'checkout')}<section id="checkout-personal-information-step">1</section>` }, expect: [['begin_checkout', 'confirmed']] },
  { title: 'placing the order', html: '<div id="payment-confirmation"><button type="button" class="btn btn-primary">Commander</button></div>', act: [['click', 'button']], expect: [['payment_info_entered', 'attempted']] },
  { title: 'a product and a category', html: `${body('', 'category')}<h1>Lampes</h1>`, pages: { '/7-halo.html': `${body('', 'product')}<h1>Halo</h1>` }, act: [['outcomes', 1], ['goto', '/7-halo.html']], expect: [['category_viewed', 'confirmed'], ['product_viewed', 'confirmed']] },
  { title: 'an account (nl)', html: `${body('', 'registration')}<form action="/registratie" id="customer-form" class="js-customer-form" method="post"><input type="email" name="email"><input type="password" name="password"><button data-link-action="save-customer" type="submit">Opslaan</button></form>`, pages: { 'POST /registratie': '<a class="logout" href="/?mylogout=">Uitloggen</a>' }, act: [['type', '[type=password]', 'x'], ['submit', 'form'], ['see', '.logout']], expect: [['account_created', 'confirmed']] },
  { title: 'the newsletter, refused (es)', html: '<div class="block_newsletter"><form action="/#blockEmailSubscription" method="post"><input name="email" type="email"><input type="submit" name="submitNewsletter" value="OK"></form></div>' + onSubmit('form', put('<p class="alert alert-danger block_newsletter_alert">Ya está registrado.</p>', '.block_newsletter')), act: [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']], expect: [['newsletter_signup', 'failed']] },
  { title: 'a review', html: '<form id="post-product-comment-form" action="/module/productcomments/PostComment" method="POST"><textarea name="comment_content"></textarea><button type="submit">Envoyer</button></form><div id="product-comment-posted-modal" class="modal fade" style="display:none">Merci</div>' + onSubmit('form', `document.querySelector('#product-comment-posted-modal').classList.add('show'); ${show('#product-comment-posted-modal')}`), act: [['type', 'textarea', 'Bien.'], ['submit', 'form']], expect: [['comment_posted', 'confirmed']] },
];

export const misses = [
  { title: 'a product that cannot be bought', html: FORM('/panier', 'disabled'), act: [['click', 'button']] },
  { title: 'taking a product out', html: '<a class="remove-from-cart" data-link-action="delete-from-cart" href="/panier?delete=1">×</a>' + onClick('a', ask('/panier?delete=1')), pages: { 'POST /panier': json({ success: true }) }, act: [['click', 'a']] },
  { title: 'a quick view', html: '<a class="quick-view" href="#" data-link-action="quickview">Aperçu</a>' + onClick('a', put('<div class="modal in"><div class="quickview">Halo</div></div>')), act: [['click', 'a']] },
  { title: 'a guest at the checkout is no account', html: `<section id="x"><form id="customer-form" class="js-customer-form"><input type="email" name="email"><button type="submit">Continuer</button></form></section>` + onSubmit('form', ''), act: [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']] },
  { title: 'the order button before the terms are accepted', html: '<div id="payment-confirmation"><button type="button" disabled>Commander</button></div>', act: [['click', 'button']] },
];
