/** Registering for a webinar with forms of several builders and by links to the rooms of others. */

import { dispatch, onSubmit, put } from './support/page.mjs';

export const preset = 'webinar_registered';

const form = (more, button = 'Anmelden') => `<form ${more}><input type="email" name="email" required><button type="submit">${button}</button></form>`;
const register = [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']];
const link = (title, href) => ({ title, html: `<a href="${href}" target="_blank">Register</a>`, act: [['click', 'a']], expect: [['webinar_registered', 'attempted', { trigger: { on: 'click' } }]] });

export const hits = [
  { title: 'HubSpot in a webinar box (de)', html: `<section class="webinar-signup"><h2>Webinar: Licht planen</h2>${form('class="hs-form hs-form-private" action="https://forms.hsforms.com/submissions/v3/public/submit" method="POST"')}</section>` + onSubmit('form', dispatch('hs-form-event:on-submission:success', 'window')), act: register, expect: [['webinar_registered', 'confirmed']] },
  { title: 'Gravity Forms (fr)', html: `<div class="page-webinaire webinar"><div class="gform_wrapper">${form('id="gform_3" method="post" class="gform"', 'Je m’inscris')}</div></div>` + onSubmit('form', "form.parentNode.innerHTML = '<div class=\"gform_confirmation_message\">Merci !</div>'"), act: register, expect: [['webinar_registered', 'confirmed']] },
  { title: 'Contact Form 7, an address that is none (es)', html: `<div id="webinar"><div class="wpcf7">${form('class="wpcf7-form init" novalidate', 'Inscribirme')}</div></div>` + onSubmit('form', dispatch('wpcf7invalid', 'form.parentNode')), act: [['type', '[name=email]', 'ana'], ['submit', 'form']], expect: [['webinar_registered', 'failed']] },
  { title: 'a form of the site’s own, then a page of thanks (it)', html: form('id="webinar-form" action="/iscriviti"', 'Iscriviti') + onSubmit('form', "location.href = '/grazie'"), pages: { '/grazie': '<h1>Grazie!</h1>' }, act: [...register, ['arrive', '/grazie']], expect: [['webinar_registered', 'confirmed']] },
  link('Zoom', 'https://us02web.zoom.us/webinar/register/WN_1'),
  link('Livestorm', 'https://app.livestorm.co/shop/licht-planen'),
];

export const misses = [
  { title: 'joining a call', html: '<a href="https://us02web.zoom.us/j/123" target="_blank">Join</a>', act: [['click', 'a']] },
  { title: 'the newsletter on the webinar page', html: `<main class="webinar">${form('class="newsletter"')}</main>` + onSubmit('form', put('<p>ok</p>')), act: register },
  { title: 'the search on the webinar page', html: `<main class="webinar"><form role="search"><input name="email"><button>Search</button></form></main>` + onSubmit('form', ''), act: register },
  { title: 'a contact form', html: form('class="contact-form"') + onSubmit('form', put('<p>ok</p>')), act: register },
];
