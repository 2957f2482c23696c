/** Hearts and stars of the wish-list plug-ins, each with what it shows afterwards; and taking things off again. */

import { JQUERY, dispatch, layer, onClick, put, push, redirect, trigger } from './support/page.mjs';

export const preset = 'wishlist_add';

const added = [['wishlist_add', 'confirmed']];
const PRESTA = '<div class="wishlist-button" data-product-id="12"><button class="wishlist-button-add wishlist-button-product"><i class="material-icons">favorite_border</i></button></div>';

export const hits = [
  { title: 'YITH (de)', html: `${JQUERY}<div class="yith-wcwl-add-to-wishlist"><div class="yith-wcwl-add-button"><a href="?add_to_wishlist=12" rel="nofollow" data-product-id="12" class="add_to_wishlist single_add_to_wishlist">Auf die Wunschliste</a></div></div>${onClick('.add_to_wishlist', trigger('added_to_wishlist'))}`,
    act: [['click', '.add_to_wishlist']], expect: added },
  { title: 'TI Wishlist (es)', html: `<a role="button" tabindex="0" class="tinvwl_add_to_wishlist_button tinvwl-icon-heart" data-tinv-wl-product="12" data-tinv-wl-action="add">Añadir a favoritos</a>${onClick('a', "button.classList.add('tinvwl-product-in-list')")}`, act: [['click', 'a']], expect: added },
  { title: 'PrestaShop (fr)', html: PRESTA + onClick('button', put('<div class="wishlist-toast success isActive"><p class="wishlist-toast-text">Produit ajouté</p></div>')), act: [['click', 'button']], expect: added },
  { title: 'PrestaShop, nobody is logged in (fr)', html: PRESTA + onClick('button', put('<div class="wishlist-login"><div class="wishlist-modal modal fade show">Connectez-vous</div></div>')), act: [['click', 'button']], expect: [['wishlist_add', 'failed']] },
  { title: 'Magento (it)', html: '<a href="#" class="action towishlist" data-action="add-to-wishlist" data-post=\'{"action":"/wishlist/index/add/"}\'><span>Aggiungi</span></a>' + onClick('a', "location.href = '/wishlist/index/index/wishlist_id/1/'"), pages: { '/wishlist/index/index/wishlist_id/1/': '<h1>Lista desideri</h1>' },
    act: [['click', 'span'], ['arrive', '/wishlist/**']], expect: added },
  { title: 'Magento, nobody is logged in (it)', html: '<a href="#" class="action towishlist" data-action="add-to-wishlist">Aggiungi</a>' + onClick('a', "location.href = '/customer/account/login/referer/x/'"), pages: { '/customer/account/login/referer/x/': '<h1>Accedi</h1>' },
    act: [['click', 'a'], ['arrive', '/customer/**']], expect: [['wishlist_add', 'failed']] },
  { title: 'Shopware (nl)', html: '<div id="store"></div><button class="product-wishlist-12 product-wishlist-action product-wishlist-not-added" data-add-to-wishlist="true" title="Aan verlanglijst toevoegen">♥</button>' + onClick('button', dispatch('Wishlist/onProductAdded', "document.querySelector('#store')").replace('bubbles: true, ', '')), act: [['click', 'button']], expect: added },
  { title: 'OpenCart (pl)', html: '<div id="alert"></div><button type="button" data-bs-toggle="tooltip" title="Dodaj do listy życzeń" onclick="wishlist.add(\'12\');">♥</button><script>window.wishlist = { add: () => setTimeout(() => { alert_.innerHTML = \'<div class="alert alert-success">Dodano</div>\'; }) }; const alert_ = document.querySelector("#alert");</script>', act: [['click', 'button']], expect: added },
  { title: 'only the data layer says it', html: layer() + '<button id="heart">♥</button>' + onClick('#heart', push({ event: 'add_to_wishlist', ecommerce: { currency: 'EUR', value: 12, items: [{ item_id: 'pot' }] } })), act: [['click', '#heart']], expect: [['wishlist_add', 'confirmed', { trigger: { on: 'datalayer' } }]] },
  { title: 'a heart that tells nothing', html: '<button class="btn merkliste">Merken</button>', within: '1s', act: [['click', 'button']], expect: [['wishlist_add', 'unknown']] },
];

export const misses = [
  { title: 'taking it off again (TI)', html: '<a role="button" class="tinvwl_add_to_wishlist_button tinvwl-product-in-list">♥</a>', act: [['click', 'a']] },
  { title: 'taking it off again (Shopware)', html: '<button class="product-wishlist-action product-wishlist-added" data-add-to-wishlist="true">♥</button>', act: [['click', 'button']] },
  { title: 'the link to the list', html: '<div class="yith-wcwl-add-to-wishlist"><a href="/wishlist" id="browse" onclick="event.preventDefault()">Browse wishlist</a></div>', act: [['click', '#browse']] },
  { title: 'a wish list in the menu', html: '<nav><a href="/wishlist" target="_blank" class="header-wishlist">Wishlist</a></nav>', pages: { '/wishlist': redirect('/login'), '/login': '<h1>Log in</h1>' }, act: [['click', 'a']] },
];
