/** Recommended products as the themes write them, and the links and buttons around them. */

export const preset = 'recommendation_click';

const product = { '/p/pot': '<h1>Pot</h1>', '/products/pot': '<h1>Pot</h1>' };
const hit = (title, html, to) => ({ title, html, pages: product, act: [['click', '#it']], expect: [['recommendation_click', 'confirmed', { properties: { to } }]] });

export const hits = [
  hit('related products of WooCommerce (de)', '<section class="related products"><h2>Ähnliche Produkte</h2><ul class="products columns-4"><li class="product type-product post-12"><a id="it" href="/p/pot" target="_blank" class="woocommerce-LoopProduct-link"><h2 class="woocommerce-loop-product__title">Topf</h2></a><a href="?add-to-cart=12" class="button add_to_cart_button ajax_add_to_cart">In den Warenkorb</a></li></ul></section>', '/p/pot'),
  hit('recommendations of Dawn (fr)', '<product-recommendations class="related-products page-width" data-url="/recommendations/products?limit=4"><ul class="grid product-grid"><li class="grid__item"><h3 class="card__heading"><a id="it" href="/products/pot" target="_blank" class="full-unstyled-link">Casserole</a></h3></li></ul></product-recommendations>', '/products/pot'),
  hit('up-sells of Magento (es)', '<div class="block upsell" data-mage-init=\'{"upsellProducts":{}}\'><ol class="products list items"><li class="item product product-item"><a id="it" href="/p/pot" target="_blank" class="product-item-link">Olla</a></li></ol></div>', '/p/pot'),
  hit('accessories of PrestaShop (it)', '<section class="product-accessories clearfix"><article class="product-miniature js-product-miniature" data-id-product="12"><h3 class="product-title"><a id="it" href="/p/pot" target="_blank">Pentola</a></h3></article></section>', '/p/pot'),
  hit('a box of the shop’s own (pl)', '<div class="box-recommended" id="polecane"><div class="tile"><a href="/p/pot" target="_blank"><span id="it">Garnek</span></a></div></div>', '/p/pot'),
  hit('a box of Nosto (nl)', '<div class="nosto_element" id="productpage-nosto-1"><a id="it" href="/p/pot" target="_blank">Pan</a></div>', '/p/pot'),
];

export const misses = [
  { title: 'the cart button in the box', html: '<section class="related products"><a id="it" href="?add-to-cart=12" class="button add_to_cart_button" onclick="event.preventDefault()">Add</a></section>', act: [['click', '#it']] },
  { title: 'the arrow of the slider', html: '<div class="cross-sells"><a id="it" href="#next" role="button">›</a></div>', act: [['click', '#it']] },
  { title: 'a product of the list', html: '<ul class="products"><li class="product"><a id="it" href="/p/pot" target="_blank">Pot</a></li></ul>', pages: product, act: [['click', '#it']] },
  { title: 'the wish-list heart in the box', html: '<div class="related-products"><a id="it" href="/wish" class="add-to-wishlist" onclick="event.preventDefault()">♥</a></div>', act: [['click', '#it']] },
];
