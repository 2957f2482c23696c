/**
 * WooCommerce, classic and blocks: events in jQuery's own way and as DOM events, the product form that loads a new
 * page, the setting that sends people to the cart, buttons that say nothing, and orders whose payment failed.
 */

import { JQUERY, ask, body, dispatch, json, onClick, onSubmit, put, redirect, show, trigger } from './support/page.mjs';

export const preset = 'woocommerce';

const added = (more) => ['add_to_cart', 'confirmed', { leadsTo: 'purchase', ...more }];
const refused = ['add_to_cart', 'failed'];
const AJAX = '/?wc-ajax=add_to_cart';
const BUTTON = '<ul class="products"><li class="product type-product post-12"><a href="?add-to-cart=12" data-quantity="1" class="button product_type_simple add_to_cart_button ajax_add_to_cart" data-product_id="12" data-product_sku="L-1" rel="nofollow">In den Warenkorb</a></li></ul>';
/** As the script of the lists does it. */
const LIST = (jquery = JQUERY) => `${BUTTON}${jquery}${onClick('.ajax_add_to_cart', `${ask(AJAX)} if (answer.error) { location.href = answer.product_url; return; } ${trigger('added_to_cart')}`)}`;
const SINGLE = (notice = '', more = '') => `${notice}<div class="product type-product" id="product-12"><form class="cart" action="/produkt/halo/" method="post" enctype="multipart/form-data"><input type="number" name="quantity" value="1" min="1"><button type="submit" name="add-to-cart" value="12" class="single_add_to_cart_button button alt${more}">In den Warenkorb</button></form></div>`;
const BLOCK = '<button type="button" class="wp-block-button__link add_to_cart_button ajax_add_to_cart wc-interactive wc-block-components-product-button__button product_type_simple" data-product_id="12">Add to cart</button>';
const NOTICE = '<div class="woocommerce-notices-wrapper"><div class="woocommerce-message" role="alert">„Halo“ wurde deinem Warenkorb hinzugefügt. <a href="/warenkorb/" class="button wc-forward">Warenkorb</a></div></div>';
const ERROR = '<ul class="woocommerce-error" role="alert"><li>Nicht vorrätig.</li></ul>';
const THANKS = (failed) => body('woocommerce-checkout woocommerce-order-received') + (failed ? '<div class="woocommerce-order"><p class="woocommerce-notice woocommerce-notice--error woocommerce-thankyou-order-failed">…</p></div>'
  : '<div class="woocommerce-order"><ul class="woocommerce-order-overview order_details"><li class="woocommerce-order-overview__order order">Bestellnummer: <strong>4711</strong></li><li class="woocommerce-order-overview__total total">Gesamt: <strong><span class="woocommerce-Price-amount amount"><bdi>129,90&nbsp;<span class="woocommerce-Price-currencySymbol">&euro;</span></bdi></span></strong></li></ul></div>');

export const hits = [
  { title: 'a list, jQuery is there', html: LIST(), pages: { [`POST ${AJAX}`]: json({ fragments: {}, cart_hash: 'x' }) }, act: [['click', '.ajax_add_to_cart']], expect: [added({ properties: { product: '12' } })] },
  { title: 'a list, jQuery comes late', html: BUTTON + onClick('.ajax_add_to_cart', `${ask(AJAX)} const late = document.createElement('script'); late.src = '/jquery.js'; late.onload = () => { ${trigger('added_to_cart')} }; document.body.append(late);`), pages: { [`POST ${AJAX}`]: json({ fragments: {} }), '/jquery.js': { body: JQUERY.replace(/<\/?script>/g, ''), headers: { 'content-type': 'text/javascript' } } }, act: [['click', '.ajax_add_to_cart']], expect: [added()] },
  { title: 'a list, refused: on to the product', html: LIST(), pages: { [`POST ${AJAX}`]: json({ error: true, product_url: '/produkt/halo/' }), '/produkt/halo/': SINGLE(ERROR) }, act: [['click', '.ajax_add_to_cart'], ['arrive', '/produkt/halo/']], expect: [refused] },
  { title: 'a list, the shop sends people to the cart', html: BUTTON + onClick('.ajax_add_to_cart', `${ask(AJAX)} location.href = '/warenkorb/';`), pages: { [`POST ${AJAX}`]: json({ fragments: {} }), '/warenkorb/': '<h1>Warenkorb</h1>' }, act: [['click', '.ajax_add_to_cart'], ['arrive', '/warenkorb/']], expect: [added()] },
  { title: 'a product page: the notice on the next page', html: SINGLE(), pages: { 'POST /produkt/halo/': SINGLE(NOTICE) }, act: [['click', '.single_add_to_cart_button'], ['see', '.woocommerce-message']], expect: [added()] },
  { title: 'a product page, by Enter in the quantity', html: SINGLE(), pages: { 'POST /produkt/halo/': SINGLE(NOTICE) }, act: [['enter', '[name=quantity]'], ['see', '.woocommerce-message']], expect: [added()] },
  { title: 'a product page: sold out', html: SINGLE(), pages: { 'POST /produkt/halo/': SINGLE(ERROR) }, act: [['click', '.single_add_to_cart_button'], ['see', '.woocommerce-error']], expect: [refused] },
  { title: 'a block', html: BLOCK + onClick('button', dispatch('wc-blocks_added_to_cart')), act: [['click', 'button']], expect: [added({ properties: { product: '12' } })] },
  { title: 'an interactive button without any event: the Store API', html: BLOCK + onClick('button', ask('/wp-json/wc/store/v1/cart/add-item')), pages: { 'POST /wp-json/wc/store/v1/cart/add-item': json({ items: [{ id: 12 }] }, 201) }, act: [['click', 'button']], expect: [added()] },
  { title: 'an interactive button, refused', html: BLOCK + onClick('button', ask('/wp-json/wc/store/v1/cart/add-item')), pages: { 'POST /wp-json/wc/store/v1/cart/add-item': json({ code: 'woocommerce_rest_product_out_of_stock' }, 400) }, noise: [/400/], act: [['click', 'button']], expect: [refused] },
  { title: 'an interactive button that tells nothing', html: BLOCK, within: '1s', act: [['click', 'button']], expect: [['add_to_cart', 'unknown']] },
  { title: 'a button of a plug-in that only triggers the event', html: `${JQUERY}<button id="sticky">+</button>${onClick('#sticky', trigger('added_to_cart'))}`, act: [['click', '#sticky']], expect: [['add_to_cart', 'confirmed', { trigger: { on: 'event' } }]] },
  { title: 'an order, loaded again', at: '/kasse/order-received/4711/?key=wc_order_secret', pages: { '/kasse/order-received/4711/': THANKS(false) }, act: [['outcomes', 1], ['reload'], ['see', '.woocommerce-order-overview']], expect: [['purchase', 'confirmed', { kind: 'macro', order: '4711', value: 129.9 }]] },
  { title: 'the checkout, under any address', html: body('woocommerce-checkout') + '<form name="checkout" class="checkout woocommerce-checkout" method="post"><input name="billing_email" autocomplete="email"></form>', expect: [['begin_checkout', 'confirmed']] },
  { title: 'placing the order, refused', html: `${JQUERY}<form name="checkout" class="checkout"><button type="submit" id="place_order" class="button alt">Zahlungspflichtig bestellen</button></form>${onSubmit('form', trigger('checkout_error'))}`, act: [['click', '#place_order']], expect: [['payment_info_entered', 'failed']] },
  { title: 'a wrong password', html: '<form class="woocommerce-form woocommerce-form-login login" method="post" action="/mein-konto/"><input name="username"><input type="password" name="password"><button type="submit" name="login" value="x">Anmelden</button></form>', pages: { 'POST /mein-konto/': ERROR }, act: [['type', '[name=password]', 'x'], ['submit', 'form'], ['see', '.woocommerce-error']], expect: [['login', 'failed']] },
  { title: 'a product page is a product seen', html: body('product-template-default single single-product') + SINGLE(), expect: [['product_viewed', 'confirmed', { properties: { product: 'product-12' } }]] },
];

export const misses = [
  { title: 'a product whose variant must be chosen', html: '<a href="/produkt/hemd/" target="_blank" data-product_id="13" class="button product_type_variable add_to_cart_button">Ausführung wählen</a>', pages: { '/produkt/hemd/': '<h1>Hemd</h1>' }, act: [['click', 'a']] },
  { title: 'a product sold elsewhere', html: '<a href="https://other.example/p" target="_blank" class="button product_type_external add_to_cart_button">Bei anderen kaufen</a>', act: [['click', 'a']] },
  { title: 'no variant chosen yet', html: SINGLE('', ' disabled wc-variation-selection-needed') + onSubmit('form', ''), act: [['click', '.single_add_to_cart_button']] },
  { title: 'taking a product out', html: `${JQUERY}<a href="/warenkorb/?remove_item=1" class="remove remove_from_cart_button" data-product_id="12">×</a>${onClick('a', trigger('removed_from_cart'))}`, act: [['click', 'a']] },
  { title: 'an order whose payment failed', dwell: true, at: '/kasse/order-received/4712/', pages: { '/kasse/order-received/4712/': THANKS(true) }, act: [['see', '.woocommerce-thankyou-order-failed']] },
  { title: 'the view-cart link that follows', html: `<a href="/warenkorb/" target="_blank" class="added_to_cart wc-forward" style="display:none">Warenkorb</a><button id="x">x</button>${onClick('#x', show('.added_to_cart'))}`, act: [['click', '#x'], ['see', '.added_to_cart']] },
  { title: 'a form that is only called cart', html: '<form class="cart"><button type="button" class="plus">+</button></form>' + onClick('.plus', put('<p>2</p>')), act: [['click', '.plus']] },
  { title: 'the cart after being sent there by hand', html: '<a href="/warenkorb/">Warenkorb</a>', pages: { '/warenkorb/': redirect('/w'), '/w': '<h1>Warenkorb</h1>' }, act: [['click', 'a'], ['arrive', '/w']] },
];
