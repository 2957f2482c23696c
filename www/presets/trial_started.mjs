/** Starting a trial, and words that only hold those letters. */

import { layer, onClick, onSubmit, push, put } from './support/page.mjs';

export const preset = 'trial_started';

const started = [['trial_started', 'confirmed', { kind: 'macro' }]];
const form = (more, button = 'Start') => `<form ${more}><input type="email" name="email" required><button type="submit">${button}</button></form>`;
const go = [['type', '[name=email]', 'ana@mail.example'], ['submit', 'form']];

export const hits = [
  { title: 'a welcome page (en)', html: form('class="free-trial-form"') + onSubmit('form', "location.href = '/welcome'"), pages: { '/welcome': '<h1>Welcome</h1>' }, act: [...go, ['arrive', '/welcome']], expect: started },
  { title: 'a page of thanks (de)', html: form('id="kostenlos-testen"', 'Kostenlos testen') + onSubmit('form', "location.href = '/danke'"), pages: { '/danke': '<h1>Danke</h1>' }, act: [...go, ['arrive', '/danke']], expect: started },
  { title: 'a way to log out appears (es)', html: form('action="/prueba-gratis"', 'Empezar') + onSubmit('form', put('<a href="/logout">Salir</a>')), act: go, expect: started },
  { title: 'refused in the form (fr)', html: form('name="essai-gratuit"', 'Essayer') + onSubmit('form', "form.insertAdjacentHTML('beforeend', '<p role=\"alert\">Adresse déjà utilisée</p>')"), act: go, expect: [['trial_started', 'failed']] },
  { title: 'the data layer', html: layer() + '<button id="go">x</button>' + onClick('#go', push({ event: 'start_trial', value: 0, currency: 'EUR' })), act: [['click', '#go']], expect: started },
];

export const misses = [
  { title: 'an industrial shop', html: form('class="industrial-form" action="/industrial"') + onSubmit('form', ''), act: go },
  { title: 'an approval', html: form('class="approval-form"') + onSubmit('form', ''), act: go },
  { title: 'ending a trial', html: form('class="trial-form cancel-trial"') + onSubmit('form', put('<p>ok</p>')), act: go },
];
