/** Subscribing to a blog, a membership, a feed, a podcast, news of a product; and what only looks like it. */

import { onSubmit, put, redirect } from './support/page.mjs';

export const preset = 'subscription';

const JETPACK = '<div class="jetpack_subscription_widget"><form action="/" method="post" accept-charset="utf-8" id="subscribe-blog-1"><input type="email" name="email" id="subscribe-field-1" required><input type="hidden" name="action" value="subscribe"><button type="submit" name="jetpack_subscriptions_widget">Abonnieren</button></form></div>';
const PMPRO = (error = '') => `<form id="pmpro_form" class="pmpro_form" action="/membership-checkout/" method="post">${error}<input name="username"><button type="submit" id="pmpro_btn-submit">Envoyer</button></form>`;
const pages = { '/blog/feed/': { body: '<rss></rss>' }, '/productalert/add/stock/product_id/12/': '<h1>Accedi</h1>' };
const link = (title, markup) => ({ title, html: `<p>${markup}</p>`, pages, act: [['click', 'a, button']], expect: [['subscription', 'attempted', { trigger: { on: 'click' } }]] });

export const hits = [
  { title: 'a blog with Jetpack (de)', html: JETPACK, pages: { 'POST /': redirect('/?subscribe=success#subscribe-blog-1') },
    act: [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form'], ['arrive', '/?subscribe=success**']], expect: [['subscription', 'confirmed']] },
  { title: 'a blog with Jetpack, an address that is none (de)', html: JETPACK, pages: { 'POST /': redirect('/?subscribe=invalid_email#subscribe-blog-1') },
    act: [['type', '[name=email]', 'a@b'], ['submit', 'form'], ['arrive', '/?subscribe=invalid_email**']], expect: [['subscription', 'failed']] },
  { title: 'a membership with Paid Memberships Pro (fr)', html: PMPRO(), pages: { 'POST /membership-checkout/': redirect('/membership-confirmation/?level=1'), '/membership-confirmation/': '<div class="pmpro_confirmation_wrap">Merci</div>' },
    act: [['type', '[name=username]', 'ana'], ['submit', 'form'], ['arrive', '/membership-confirmation/**']], expect: [['subscription', 'confirmed']] },
  { title: 'a membership refused (fr)', html: PMPRO(), pages: { 'POST /membership-checkout/': PMPRO('<div class="pmpro_message pmpro_error">Carte refusée</div>') },
    act: [['submit', 'form'], ['see', '.pmpro_error']], expect: [['subscription', 'failed']] },
  link('a podcast', '<a href="https://podcasts.apple.com/us/podcast/light/id1" target="_blank">Apple Podcasts</a>'),
  link('a feed', '<a href="/blog/feed/" target="_blank">RSS</a>'),
  link('a stock alert of Magento (it)', '<a href="/productalert/add/stock/product_id/12/" class="action alert" target="_blank">Avvisami</a>'),
];

export const misses = [
  { title: 'a newsletter form that says subscribe', html: '<form class="newsletter subscribe-form" action="/subscribe"><input type="email" name="e"><button>Subscribe</button></form>' + onSubmit('form', put('<p>ok</p>')), act: [['type', '[name=e]', 'ana@mail.example'], ['submit', 'form']] },
  { title: 'a Mailchimp form', html: '<form id="mc-embedded-subscribe-form" action="https://x.us2.list-manage.com/subscribe/post"><button>Subscribe</button></form>' + onSubmit('form', ''), act: [['submit', 'form']] },
  { title: 'unsubscribing', html: '<form action="/unsubscribe" class="unsubscribe-form"><button>Unsubscribe</button></form>' + onSubmit('form', ''), act: [['submit', 'form']] },
  { title: 'a song, not a show', html: '<a href="https://open.spotify.com/track/1" target="_blank">song</a>', act: [['click', 'a']] },
];
