/** Paying by card, account number and payment frame; numbers that are none, other fields, frames of others. */

import { layer, onClick, onSubmit, push } from './support/page.mjs';

export const preset = 'payment_info_entered';

const CARD = '<form id="pay"><input autocomplete="cc-number" inputmode="numeric" pattern="[0-9 ]{13,19}" required placeholder="0000 0000 0000 0000"> <input autocomplete="cc-name" name="holder"> <input autocomplete="cc-csc" name="csc"></form>';
const frame = (title, src, more = '') => ({
  title, html: `<label>Card</label><iframe ${more} src="${src}" width="300" height="60" title="Secure card payment input frame"></iframe>`,
  elsewhere: { [new URL(src).hostname]: '<!doctype html><title>frame</title><input name="cardnumber" autocomplete="cc-number">' },
  act: [['frame', 'iframe', 'input']], expect: [['payment_info_entered', 'attempted', { trigger: { on: 'event' } }]],
});

export const hits = [
  { title: 'the data layer', html: layer() + '<button id="go">Weiter</button>' + onClick('#go', push({ event: 'add_payment_info', ecommerce: { currency: 'EUR', value: 20, payment_type: 'card' } })), act: [['click', '#go']], expect: [['payment_info_entered', 'confirmed', { trigger: { on: 'datalayer' } }]] },
  { title: 'the review step', at: '/checkout/review', pages: { '/checkout/review': '<h1>Review your order</h1>' }, expect: [['payment_info_entered', 'confirmed']] },
  { title: 'a payment form that is sent', html: '<form id="payment-form" action="/pay"><label><input type="radio" name="how" value="invoice" required>Rechnung</label><button>Weiter</button></form>' + onSubmit('form', ''), act: [['click', '[name=how]'], ['submit', 'form']], expect: [['payment_info_entered', 'attempted', { trigger: { on: 'submit' } }]] },
  { title: 'an own card field (de)', html: CARD, act: [['type', "[autocomplete='cc-number']", '4111 1111 1111 1111'], ['tab']], expect: [['payment_info_entered', 'confirmed', { trigger: { on: 'change' } }]] },
  { title: 'an own field for an account number (nl)', html: '<form><input name="iban" pattern="[A-Z]{2}[0-9]{2}[A-Z0-9 ]{10,30}" required></form>', act: [['type', '[name=iban]', 'NL91ABNA0417164300'], ['tab']], expect: [['payment_info_entered', 'confirmed']] },
  frame('the card frame of Stripe', 'https://js.stripe.com/v3/elements-inner-card.html'),
  frame('the card frame of Mollie', 'https://js.mollie.com/components.html'),
  frame('the card frame of Adyen', 'https://checkoutshopper-live.adyen.com/checkoutshopper/securedfields/x.html'),
  frame('the card frame of Braintree', 'https://assets.braintreegateway.com/web/3/html/hosted-fields-frame.html', 'id="braintree-hosted-field-number"'),
  { ...frame('frame and data layer are one step', 'https://js.stripe.com/v3/elements-inner-card.html'), act: [['frame', 'iframe', 'input'], ['outcomes', 1], ['script', push({ event: 'add_payment_info' })]], head: layer() },
];

export const misses = [
  { title: 'a card number that is none', html: CARD, act: [['type', "[autocomplete='cc-number']", '4111'], ['tab']] },
  { title: 'the name on the card alone', html: CARD, act: [['type', '[name=holder]', 'Ana'], ['tab']] },
  { title: 'an address', html: '<form><input autocomplete="street-address" name="street"></form>', act: [['type', '[name=street]', 'Hauptstraße 1'], ['tab']] },
  { ...frame('a video frame', 'https://www.youtube.com/embed/x'), expect: [] },
  { title: 'a page about ways to pay', at: '/payment-methods', pages: { '/payment-methods': '<h1>Ways to pay</h1>' } },
];
