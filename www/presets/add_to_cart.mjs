/** Cart buttons without any preset for the shop's own software: what the button, the page and the data layer tell. */

import { JQUERY, layer, onClick, onSubmit, push, put, trigger } from './support/page.mjs';

export const preset = 'add_to_cart';

const added = [['add_to_cart', 'confirmed']];
const ITEM = { event: 'add_to_cart', ecommerce: { currency: 'EUR', value: 89.5, items: [{ item_id: 'lamp', price: 89.5, quantity: 1 }] } };

export const hits = [
  { title: 'only the data layer says it, with value and goods', html: layer({ ecommerce: null }) + '<button id="buy">Comprar</button>' + onClick('#buy', push({ ecommerce: null }) + push(ITEM)), act: [['click', '#buy']],
    expect: [['add_to_cart', 'confirmed', { value: 89.5, currency: 'EUR', trigger: { on: 'datalayer' } }]] },
  { title: 'button and data layer are one step', html: layer() + '<button type="button" class="btn in-den-warenkorb">In den Warenkorb</button>' + onClick('button', push(ITEM)), act: [['click', 'button']], expect: added },
  { title: 'on two pages they are two steps', html: layer() + '<button type="button" class="add-to-cart">Add</button>' + onClick('button', push(ITEM)), act: [['click', 'button'], ['outcomes', 1], ['reload'], ['click', 'button']], expect: [...added, ...added] },
  { title: 'older enhanced ecommerce', html: layer() + '<button id="buy">Buy</button>' + onClick('#buy', push({ event: 'addToCart', ecommerce: { currencyCode: 'EUR', add: { products: [{ id: 'lamp', price: '89.50', quantity: 1 }] } } })), act: [['click', '#buy']], expect: added },
  { title: 'WooCommerce (fr)', html: `${JQUERY}<a href="?add-to-cart=12" data-quantity="1" class="button product_type_simple add_to_cart_button ajax_add_to_cart" data-product_id="12">Ajouter au panier</a>${onClick('a', trigger('added_to_cart'))}`, act: [['click', 'a']], expect: added },
  { title: 'Shopify: sold out', html: `<product-form><div class="product-form__error-message-wrapper" role="alert" hidden>Épuisé</div><form method="post" action="/fr/cart/add" data-type="add-to-cart-form" novalidate><input type="hidden" name="id" value="1"><button type="submit" name="add" class="product-form__submit">Ajouter</button></form></product-form>${onSubmit('form', "document.querySelector('[role=alert]').hidden = false;")}`, act: [['click', '[name=add]']], expect: [['add_to_cart', 'failed']] },
  { title: 'a form that leads to the cart (it)', html: '<form action="/carrello" method="post"><button class="aggiungi-al-carrello">Aggiungi</button></form>', pages: { '/carrello': '<h1>Carrello</h1>' }, act: [['click', 'button'], ['arrive', '/carrello']], expect: added },
  { title: 'a message on the page (pl)', html: '<button type="button" class="btn do-koszyka">Do koszyka</button>' + onClick('button', put('<div class="alert alert-success">Dodano do koszyka</div>')), act: [['click', 'button']], expect: added },
  { title: 'a message of failure (nl)', html: '<button type="button" class="btn in-winkelwagen">In winkelwagen</button>' + onClick('button', put('<div class="alert alert-danger">Niet op voorraad</div>')), act: [['click', 'button']], expect: [['add_to_cart', 'failed']] },
  { title: 'a button that tells nothing', html: '<button type="button" id="add-to-cart">Add</button>', within: '1s', act: [['click', 'button']], expect: [['add_to_cart', 'unknown']] },
];

export const misses = [
  { title: 'a sold-out button', html: '<button class="add-to-cart" disabled>Sold out</button>', act: [['click', 'button']] },
  { title: 'a button that only leads to the choices', html: '<a href="/p/shirt" target="_blank" class="button product_type_variable add_to_cart_button">Select options</a>', pages: { '/p/shirt': '<h1>Shirt</h1>' }, act: [['click', 'a']] },
  { title: 'the link to the cart', html: '<a href="/cart" target="_blank" class="cart-link">Cart (0)</a>', pages: { '/cart': '<h1>Cart</h1>' }, act: [['click', 'a']] },
  { title: 'a blog text about it', html: '<article class="post"><h2>How to add to cart</h2><p>Click the <a href="#how">button</a>.</p></article>', act: [['click', 'a']] },
];
