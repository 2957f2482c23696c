/**
 * Newsletter forms of the software people use, in several languages, each with the way it says how it ended; beside
 * them the forms that stand in the same corner of a page and are none.
 */

import { dispatch, onSubmit, put, redirect, show } from './support/page.mjs';

export const preset = 'newsletter_signup';

const signed = [['newsletter_signup', 'confirmed']];
const refused = [['newsletter_signup', 'failed']];

const MAILCHIMP = `<div id="mc_embed_signup"><form action="https://shop.us2.list-manage.com/subscribe/post?u=1&amp;id=2" method="post" id="mc-embedded-subscribe-form" name="mc-embedded-subscribe-form" class="validate" target="_blank" novalidate>
  <label for="mce-EMAIL">Email Address</label> <input type="email" name="EMAIL" class="required email" id="mce-EMAIL">
  <div id="mce-responses" class="clear"><div class="response" id="mce-error-response" style="display:none">Please enter a value</div><div class="response" id="mce-success-response" style="display:none">Thank you for subscribing!</div></div>
  <input type="submit" value="Subscribe" name="subscribe" id="mc-embedded-subscribe" class="button"></form></div>`;

const MC4WP = (answer = '') => `<form id="mc4wp-form-1" class="mc4wp-form mc4wp-form-12" method="post" data-id="12" data-name="Nieuwsbrief"><div class="mc4wp-form-fields">
  <label>E-mailadres: <input type="email" name="EMAIL" required></label> <input type="submit" value="Inschrijven"></div><div class="mc4wp-response">${answer}</div></form>`;

const CF7 = `<aside class="footer-newsletter"><h3>Unser Rundbrief</h3><div class="wpcf7 js" id="wpcf7-f45-o1" lang="de-DE"><form action="/#wpcf7-f45-o1" method="post" class="wpcf7-form init" novalidate data-status="init">
  <input class="wpcf7-form-control wpcf7-email" type="email" name="your-email"><button type="submit" class="wpcf7-submit">Anmelden</button><div class="wpcf7-response-output" style="display:none"></div></form></div></aside>`;

export const hits = [
  { title: 'Mailchimp, answered on the page (en)', html: MAILCHIMP + onSubmit('#mc-embedded-subscribe-form', show('#mce-success-response')),
    act: [['type', '#mce-EMAIL', 'ana@mail.example'], ['submit', '#mc-embedded-subscribe-form']], expect: signed },
  { title: 'Mailchimp, refused on the page (en)', html: MAILCHIMP + onSubmit('#mc-embedded-subscribe-form', show('#mce-error-response')),
    act: [['submit', '#mc-embedded-subscribe-form']], expect: refused },
  { title: 'Mailchimp in a tab of its own: nothing to see', html: MAILCHIMP, within: '1s',
    act: [['type', '#mce-EMAIL', 'ana@mail.example'], ['submit', '#mc-embedded-subscribe-form']], expect: [['newsletter_signup', 'unknown']] },
  { title: 'MC4WP, the answer on the next page (nl)', html: MC4WP(), pages: { 'POST /': MC4WP('<div class="mc4wp-alert mc4wp-success" role="alert"><p>Bedankt voor je aanmelding!</p></div>') },
    act: [['type', '[name=EMAIL]', 'ana@mail.example'], ['enter', '[name=EMAIL]'], ['see', '.mc4wp-alert']], expect: signed },
  { title: 'MC4WP, already on the list (nl)', html: MC4WP(), pages: { 'POST /': MC4WP('<div class="mc4wp-alert mc4wp-notice" role="alert"><p>Dit adres staat al op de lijst.</p></div>') },
    act: [['type', '[name=EMAIL]', 'ana@mail.example'], ['submit', '.mc4wp-form'], ['see', '.mc4wp-alert']], expect: refused },
  { title: 'MailPoet (fr)',
    html: `<div id="mailpoet_form_3" class="mailpoet_form mailpoet_form_shortcode"><form target="_self" method="post" action="/wp-admin/admin-post.php?action=mailpoet_subscription_form" class="mailpoet_form mailpoet_form_form" novalidate>
      <input type="email" autocomplete="email" class="mailpoet_text" name="data[form_field_ZW1haWw]" placeholder="Votre adresse e-mail" required><input type="submit" class="mailpoet_submit" value="Je m’abonne !">
      <div class="mailpoet_message" role="alert"><p class="mailpoet_validate_success" style="display:none">Vérifiez votre boîte de réception.</p><p class="mailpoet_validate_error" style="display:none"></p></div></form></div>`
      + onSubmit('form.mailpoet_form', show('.mailpoet_validate_success')),
    act: [['type', '.mailpoet_text', 'ana@mail.example'], ['submit', 'form.mailpoet_form']], expect: signed },
  { title: 'the Newsletter plugin leads to its page (it)',
    html: `<div class="tnp tnp-subscription"><form method="post" action="/?na=s"><input type="hidden" name="nlang" value=""><div class="tnp-field tnp-field-email"><label for="tnp-1">Email</label><input class="tnp-email" type="email" name="ne" id="tnp-1" required></div>
      <div class="tnp-field tnp-field-button"><input class="tnp-submit" type="submit" value="Iscriviti"></div></form></div>`,
    pages: { 'POST /?na=s': redirect('/newsletter/?nm=confirmation&nk=1-abc'), '/newsletter/': '<p>Controlla la posta.</p>' },
    act: [['type', '#tnp-1', 'ana@mail.example'], ['submit', '.tnp form'], ['arrive', '/newsletter/**']], expect: signed },
  { title: 'Brevo (de)',
    html: `<div class="sib-form"><div id="sib-form-container"><div id="error-message" class="sib-form-message-panel" style="display:none">Ihre Anmeldung konnte nicht gespeichert werden.</div><div id="success-message" class="sib-form-message-panel" style="display:none">Ihre Anmeldung war erfolgreich.</div>
      <div id="sib-container"><form id="sib-form" method="POST" action="https://1234.sibforms.com/serve/MUIF" data-type="subscription"><input type="text" id="EMAIL" name="EMAIL" autocomplete="off" data-required="true" required><button class="sib-form-block__button" form="sib-form" type="submit">ANMELDEN</button></form></div></div></div>`
      + onSubmit('#sib-form', show('#success-message')),
    act: [['type', '#EMAIL', 'ana@mail.example'], ['submit', '#sib-form']], expect: signed },
  { title: 'footer of Dawn, back on the page with a mark in its address (pl)',
    html: `<footer><form method="post" action="/contact#ContactFooter" id="ContactFooter" accept-charset="UTF-8" class="footer__newsletter newsletter-form"><input type="hidden" name="form_type" value="customer"><input type="hidden" name="contact[tags]" value="newsletter">
      <input id="NewsletterForm--footer" type="email" name="contact[email]" autocomplete="email" required placeholder="E-mail"><button type="submit" class="newsletter-form__button" name="commit" aria-label="Subskrybuj">→</button></form></footer>`,
    pages: { 'POST /contact': redirect('/?customer_posted=true#ContactFooter') },
    act: [['type', '#NewsletterForm--footer', 'ana@mail.example'], ['submit', '#ContactFooter'], ['arrive', '/?customer_posted=true**']], expect: signed },
  { title: 'PrestaShop, the answer on the next page (es)',
    html: `<div class="block_newsletter" id="blockEmailSubscription_displayFooterBefore"><p>Infórmese de nuestras últimas noticias</p><form action="/#blockEmailSubscription_displayFooterBefore" method="post"><input name="email" type="email" placeholder="Su dirección de correo" required><input type="hidden" name="action" value="0"><input class="btn" name="submitNewsletter" type="submit" value="Suscribirse"></form></div>`,
    pages: { 'POST /': '<div class="block_newsletter"><p class="alert alert-success">Se ha suscrito con éxito a este boletín.</p><form action="/" method="post"></form></div>' },
    act: [['type', '[name=email]', 'ana@mail.example'], ['submit', '.block_newsletter form'], ['see', '.alert-success']], expect: signed },
  { title: 'Contact Form 7 in a newsletter box: sent (de)', html: CF7 + onSubmit('.wpcf7-form', dispatch('wpcf7mailsent', 'form.parentNode', { contactFormId: 45 })),
    act: [['type', '[name=your-email]', 'ana@mail.example'], ['submit', '.wpcf7-form']], expect: signed },
  { title: 'Contact Form 7 in a newsletter box: an address that is none (de)', html: CF7 + onSubmit('.wpcf7-form', dispatch('wpcf7invalid', 'form.parentNode')),
    act: [['type', '[name=your-email]', 'ana'], ['submit', '.wpcf7-form']], expect: refused },
  { title: 'a form of the shop’s own, then a page of thanks (nl)',
    html: '<form id="nieuwsbrief" action="/inschrijven" method="post"><input type="email" name="email" required><button>Inschrijven</button></form>',
    pages: { 'POST /inschrijven': redirect('/bedankt'), '/bedankt': '<h1>Bedankt!</h1>' },
    act: [['type', '[name=email]', 'ana@mail.example'], ['submit', '#nieuwsbrief'], ['arrive', '/bedankt']], expect: signed },
];

export const misses = [
  { title: 'a search form in a box that also holds the newsletter',
    html: '<div class="footer-newsletter"><form role="search" method="get" action="/search" id="find"><input type="search" name="q"><button>Search</button></form></div>' + onSubmit('#find', ''),
    act: [['type', '[name=q]', 'lamp'], ['submit', '#find']] },
  { title: 'unsubscribing (en)', html: '<form id="newsletter-form" action="/newsletter/unsubscribe" method="post"><input type="email" name="email"><button>Unsubscribe</button></form>' + onSubmit('form', put('<p class="newsletter-success">Gone.</p>')),
    act: [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']] },
  { title: 'unsubscribing (de)', html: '<div class="newsletter-box"><form action="/newsletter/abmelden" method="post"><input type="email" name="email"><button>Abmelden</button></form></div>' + onSubmit('form', ''),
    act: [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']] },
  { title: 'a login in a newsletter popup', html: '<div id="newsletter-popup"><form action="/account/enter" method="post"><input type="email" name="email"><input type="password" name="pw"><button>Log in</button></form></div>' + onSubmit('form', ''),
    act: [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']] },
  { title: 'an empty address the browser itself refuses', html: MC4WP(), act: [['submit', '.mc4wp-form']] },
];
