/** Asking for a quote, a contract or a call, with the form builders people use; and the other forms built with them. */

import { JQUERY, dispatch, layer, onClick, onSubmit, push, put, redirect, trigger } from './support/page.mjs';

export const preset = 'lead';

const asked = [['lead', 'confirmed', { kind: 'macro' }]];
const refused = [['lead', 'failed']];
const form = (more, button = 'Senden') => `<form ${more}><input name="name"><textarea name="message"></textarea><button type="submit">${button}</button></form>`;
const CF7 = `<div class="wpcf7 js" id="wpcf7-f12-o1">${form('action="/#wpcf7-f12-o1" method="post" class="wpcf7-form init" novalidate data-status="init"')}</div>`;
const write = [['type', '[name=message]', 'How much for ten?'], ['submit', 'form']];

export const hits = [
  { title: 'Contact Form 7: sent (de)', html: CF7 + onSubmit('form', dispatch('wpcf7mailsent', 'form.parentNode')), act: write, expect: asked },
  { title: 'Contact Form 7: a field is missing (de)', html: CF7 + onSubmit('form', dispatch('wpcf7invalid', 'form.parentNode')), act: write, expect: refused },
  { title: 'Contact Form 7: taken for spam, then sent', html: CF7 + onSubmit('form', `window.tries = (window.tries ?? 0) + 1; if (window.tries === 1) { ${dispatch('wpcf7spam', 'form.parentNode')} } else { ${dispatch('wpcf7mailsent', 'form.parentNode')} }`), act: [...write, ['outcomes', 1], ['submit', 'form']], expect: [...refused, ...asked] },
  { title: 'Gravity Forms (fr)', html: `<div class="gform_wrapper" id="gform_wrapper_2">${form('method="post" id="gform_2" action="/devis/"', 'Envoyer')}</div>`, pages: { 'POST /devis/': '<div id="gform_confirmation_wrapper_2"><div id="gform_confirmation_message_2" class="gform_confirmation_message">Merci.</div></div>' }, act: [...write, ['see', '.gform_confirmation_message']], expect: asked },
  { title: 'Gravity Forms, refused (fr)', html: form('method="post" id="gform_2" action="/devis/"', 'Envoyer'), pages: { 'POST /devis/': `<div class="gform_validation_errors"><h2>Erreur</h2></div>${form('id="gform_2"')}` }, act: [...write, ['see', '.gform_validation_errors']], expect: refused },
  { title: 'Elementor (es)', html: JQUERY + form('class="elementor-form" method="post" name="Contacto"', 'Enviar') + onSubmit('form', trigger('submit_success', 'form')), act: write, expect: asked },
  { title: 'WPForms (it)', html: `<div class="wpforms-container">${form('id="wpforms-form-7" class="wpforms-validate wpforms-form"', 'Invia')}</div>` + onSubmit('form', "form.outerHTML = '<div class=\"wpforms-confirmation-container-full\"><p>Grazie</p></div>'"), act: write, expect: asked },
  { title: 'HubSpot (nl)', html: form('class="hs-form stacked" id="hsForm_1" method="POST" action="https://forms.hsforms.com/submissions/v3/public/submit/formsnext/multipart/1/2"', 'Verstuur') + onSubmit('form', dispatch('hs-form-event:on-submission:success', 'window')), act: write, expect: asked },
  { title: 'a quote, then a page of thanks (pl)', html: form('id="zapytanie-ofertowe" action="/wyslij" method="post"', 'Wyślij'), pages: { 'POST /wyslij': redirect('/dziekujemy-za-zapytanie'), '/dziekujemy-za-zapytanie': '<h1>Dziękujemy</h1>' }, act: [...write, ['arrive', '/dziekujemy**']], expect: asked },
  { title: 'the data layer', html: layer() + '<button id="go">x</button>' + onClick('#go', push({ event: 'generate_lead', value: 50, currency: 'EUR' })), act: [['click', '#go']], expect: asked },
  { title: 'a form that tells nothing', html: form('class="contact-form"') + onSubmit('form', ''), within: '1s', act: write, expect: [['lead', 'unknown']] },
];

export const misses = [
  { title: 'a newsletter built with the same plug-in', html: `<div class="footer-newsletter">${CF7}</div>` + onSubmit('form', dispatch('wpcf7mailsent', 'form.parentNode')), act: write },
  { title: 'the newsletter of an older Shopify theme', html: '<form method="post" action="/contact#contact_form" id="contact_form" class="contact-form"><input type="hidden" name="contact[tags]" value="newsletter"><input type="email" name="contact[email]"><button>OK</button></form>' + onSubmit('form', put('<p>ok</p>')), act: [['type', '[type=email]', 'ana@mail.example'], ['submit', 'form']] },
  { title: 'a filter of offers (nl)', html: form('class="offerte-filter"') + onSubmit('form', ''), act: write },
  { title: 'a search', html: '<form role="search" id="kontakt-suche"><input name="q"><button>Suche</button></form>' + onSubmit('form', ''), act: [['type', '[name=q]', 'x'], ['submit', 'form']] },
  { title: 'a login', html: '<form class="login contact-login"><input name="q"><button>Log in</button></form>' + onSubmit('form', ''), act: [['type', '[name=q]', 'x'], ['submit', 'form']] },
];
