/**
 * Magento with Luma and with Hyvä: an answer without and with `backUrl`, the jQuery event that comes for both, messages
 * on the next page, the payment button of the method chosen, orders and accounts.
 */

import { JQUERY, ask, body, json, onSubmit, put, redirect, trigger } from './support/page.mjs';

export const preset = 'magento';

const added = (more) => ['add_to_cart', 'confirmed', { leadsTo: 'purchase', ...more }];
const ADD = '/checkout/cart/add/uenc/aHR0/product/14/';
const FORM = `<form data-role="tocart-form" data-product-sku="24-MB01" action="${ADD}" method="post"><input type="hidden" name="product" value="14"><button type="submit" title="Aggiungi al carrello" class="action tocart primary"><span>Aggiungi</span></button></form><div class="page messages"></div>`;
/** As the script of Luma does it: the event first, whatever the answer. */
const LUMA = JQUERY + onSubmit('form', `${ask(ADD)} ${trigger('ajax:addToCart', 'document')} if (answer.backUrl) { location.href = answer.backUrl; return; } ${put('<div class="message-success success message">Aggiunto.</div>', '.messages')}`);
const message = (type, text = '…') => `<div class="page messages"><div class="messages"><div class="message-${type} ${type} message">${text}</div></div></div>`;
const LOGIN = '<form class="form form-login" action="/customer/account/loginPost/" method="post" id="login-form"><input name="login[username]" type="email"><input name="login[password]" type="password"><button type="submit" class="action login primary"><span>Log in</span></button></form>';
const PAY = '<div class="payment-method _active"><input type="radio" name="payment[method]" checked><button class="action primary checkout" type="submit"><span>Place Order</span></button></div>';

export const hits = [
  { title: 'added', html: FORM + LUMA, pages: { [`POST ${ADD}`]: json([]) }, act: [['click', '.tocart']], expect: [added({ properties: { sku: '24-MB01' } })] },
  { title: 'sent to the product to choose: no more than a notice', html: FORM + LUMA, pages: { [`POST ${ADD}`]: json({ backUrl: '/bag.html' }), '/bag.html': message('notice', 'You need to choose options for your item.') }, act: [['click', '.tocart'], ['arrive', '/bag.html']], expect: [['add_to_cart', 'failed']] },
  { title: 'sent to the product with an error', html: FORM + LUMA, pages: { [`POST ${ADD}`]: json({ backUrl: '/bag.html' }), '/bag.html': message('error', 'The requested qty is not available') }, act: [['click', '.tocart'], ['arrive', '/bag.html']], expect: [['add_to_cart', 'failed']] },
  { title: 'the shop sends people to the cart', html: FORM + LUMA, pages: { [`POST ${ADD}`]: json({ backUrl: '/checkout/cart/' }), '/checkout/cart/': message('success') }, act: [['click', '.tocart'], ['arrive', '/checkout/cart/']], expect: [added()] },
  { title: 'the request fails', html: FORM + JQUERY + onSubmit('form', trigger('ajax:addToCart:error', 'document')), act: [['click', '.tocart']], expect: [['add_to_cart', 'failed']] },
  { title: 'Hyvä: the message on the next page', html: `<form method="POST" action="${ADD}" id="product_addtocart_form"><button type="submit" id="product-addtocart-button">Add</button></form>`, pages: { [`POST ${ADD}`]: redirect('/bag.html'), '/bag.html': '<div class="message success" ui-id="message-success"><span>You added Bag.</span></div>' }, act: [['click', 'button'], ['arrive', '/bag.html']], expect: [added()] },
  { title: 'Hyvä: refused', html: `<form method="POST" action="${ADD}" id="product_addtocart_form"><button type="submit">Add</button></form>`, pages: { [`POST ${ADD}`]: redirect('/bag.html'), '/bag.html': '<div class="message error">Not available.</div>' }, act: [['click', 'button'], ['arrive', '/bag.html']], expect: [['add_to_cart', 'failed']] },
  { title: 'an order, loaded again', at: '/checkout/onepage/success/', pages: { '/checkout/onepage/success/': '<div class="checkout-success"><p>Your order # is: <span>000000042</span>.</p></div>' }, act: [['outcomes', 1], ['reload']], expect: [['purchase', 'confirmed', { kind: 'macro', order: '000000042' }]] },
  { title: 'paying, refused', html: PAY + '<script>document.querySelector("button").addEventListener("click", (event) => event.preventDefault());</script>' + '<div class="checkout-payment-method"></div>', act: [['click', '.checkout'], ['script', put('<div class="message-error error message">Card declined</div>', '.checkout-payment-method')]], expect: [['payment_info_entered', 'failed']] },
  { title: 'a wrong password', html: LOGIN, pages: { 'POST /customer/account/loginPost/': redirect('/customer/account/login/'), '/customer/account/login/': message('error') + LOGIN }, act: [['type', '[type=password]', 'x'], ['submit', 'form'], ['arrive', '/customer/account/login/']], expect: [['login', 'failed']] },
  { title: 'the right password', html: LOGIN, pages: { 'POST /customer/account/loginPost/': redirect('/customer/account/'), '/customer/account/': '<h1>My Account</h1>' }, act: [['type', '[type=password]', 'x'], ['submit', 'form'], ['arrive', '/customer/account/']], expect: [['login', 'confirmed']] },
  { title: 'the newsletter', html: '<form class="form subscribe" action="/newsletter/subscriber/new/" method="post" id="newsletter-validate-detail" novalidate><input name="email" type="email" id="newsletter"><button class="action subscribe primary" title="Iscriviti" type="submit"><span>Iscriviti</span></button></form>', pages: { 'POST /newsletter/subscriber/new/': redirect('/back'), '/back': message('success') }, act: [['type', '#newsletter', 'ana@mail.example'], ['submit', 'form'], ['arrive', '/back']], expect: [['newsletter_signup', 'confirmed']] },
  { title: 'the checkout', at: '/checkout/#shipping', pages: { '/checkout/': '<div id="checkout"></div>' }, expect: [['begin_checkout', 'confirmed']] },
  { title: 'a category and a search', html: body('catalog-category-view') + '<h1>Bags</h1>', pages: { '/catalogsearch/result/': '<h1>1</h1>' }, act: [['outcomes', 1], ['goto', '/catalogsearch/result/?q=bag']], expect: [['category_viewed', 'confirmed'], ['site_search', 'confirmed']] },
];

export const misses = [
  { title: 'the event alone, of a module that adds nothing', html: JQUERY + '<button id="x">x</button>', act: [['click', '#x'], ['script', trigger('ajax:addToCart', 'document')]] },
  { title: 'comparing', html: '<a href="#" class="action tocompare" data-post=\'{}\'>Compare</a>', act: [['click', 'a']] },
  { title: 'choosing a way to pay', html: PAY, act: [['click', '[type=radio]']] },
  { title: 'paying while the button is off', html: PAY.replace('class="action primary checkout"', 'class="action primary checkout disabled" disabled'), act: [['click', '.checkout']] },
  { title: 'the cart is no checkout', at: '/checkout/cart/', pages: { '/checkout/cart/': '<h1>Cart</h1>' } },
  { title: 'registering’s own newsletter box', html: '<form class="form-other"><input type="checkbox" name="is_subscribed"><button>Save</button></form>' + onSubmit('form', put(message('success'))), act: [['click', '[type=checkbox]'], ['submit', 'form']] },
];
