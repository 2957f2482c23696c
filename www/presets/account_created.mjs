/** Registration forms of shops and others, with the page or message that follows; and forms that also ask for a password. */

import { layer, onClick, onSubmit, push, put, redirect } from './support/page.mjs';

export const preset = 'account_created';

const created = [['account_created', 'confirmed']];
const refused = [['account_created', 'failed']];
const fill = (selector) => [['type', `${selector} [type=email]`, 'ana@mail.example'], ['type', `${selector} [type=password]`, 'correct horse'], ['submit', selector]];
const WOO = (notice = '') => `${notice}<form method="post" class="woocommerce-form woocommerce-form-register register" action="/my-account/"><input type="email" class="woocommerce-Input" name="email" id="reg_email" autocomplete="email"><input type="password" name="password" id="reg_password" autocomplete="new-password"><button type="submit" class="woocommerce-Button" name="register" value="Registrieren">Registrieren</button></form>`;
const MAGENTO = '<form class="form create account form-create-account" action="/customer/account/createpost/" method="post" id="form-validate" enctype="multipart/form-data"><input type="email" name="email" id="email_address" autocomplete="email"><input type="password" name="password" id="password" autocomplete="off"><button type="submit" class="action submit primary" title="Créer un compte"><span>Créer un compte</span></button></form>';

export const hits = [
  { title: 'WooCommerce (de)', html: WOO(), pages: { 'POST /my-account/': '<script>document.body.className = "woocommerce-account logged-in"</script><nav class="woocommerce-MyAccount-navigation">Mein Konto</nav>' }, act: [...fill('.register'), ['see', 'nav']], expect: created },
  { title: 'WooCommerce, the address is taken (de)', html: WOO(), pages: { 'POST /my-account/': WOO('<ul class="woocommerce-error" role="alert"><li>Ein Konto besteht bereits.</li></ul>') }, act: [...fill('.register'), ['see', '.woocommerce-error']], expect: refused },
  { title: 'Magento (fr)', html: MAGENTO, pages: { 'POST /customer/account/createpost/': redirect('/customer/account/'), '/customer/account/': '<h1>Mon compte</h1>' }, act: [...fill('form'), ['arrive', '/customer/account/']], expect: created },
  { title: 'Magento, refused (fr)', html: MAGENTO, pages: { 'POST /customer/account/createpost/': redirect('/customer/account/create/'), '/customer/account/create/': '<div class="page messages"><div class="message-error error message">Il y a déjà un compte.</div></div>' + MAGENTO }, act: [...fill('form'), ['arrive', '/customer/account/create/']], expect: refused },
  { title: 'Shopify, classic account (es)', html: '<form method="post" action="/account" id="create_customer"><input type="hidden" name="form_type" value="create_customer"><input type="email" name="customer[email]" id="RegisterForm-email" autocomplete="email"><input type="password" name="customer[password]" id="RegisterForm-password"><button>Crear</button></form>', pages: { 'POST /account': redirect('/account'), '/account': '<h1>Cuenta</h1><a href="/account/logout">Cerrar sesión</a>' }, act: [...fill('form'), ['arrive', '/account']], expect: created },
  { title: 'a form of the shop’s own, and a way to log out appears (pl)', html: '<form id="formularz-rejestracja" action="/konto"><input type="email" name="m"><input type="password" name="h"><button>Zarejestruj się</button></form>' + onSubmit('form', put('<a href="/wyloguj">Wyloguj</a>')), act: fill('form'), expect: created },
  { title: 'known only by its fields: e-mail and new password (it)', html: '<form id="f1"><input type="email" autocomplete="email" name="a"><input type="password" autocomplete="new-password" name="b"><button>Avanti</button></form>' + onSubmit('form', "location.href = '/welcome'"), pages: { '/welcome': '<h1>Benvenuta!</h1>' }, act: [...fill('form'), ['arrive', '/welcome']], expect: created },
  { title: 'first to be confirmed by e-mail: unknown', html: '<form class="signup"><input type="email" name="a"><input type="password" name="b"><button>Go</button></form>' + onSubmit('form', put('<p>Look into your mail.</p>')), within: '1s', act: fill('form'), expect: [['account_created', 'unknown']] },
  { title: 'the data layer', html: layer() + '<button id="go">x</button>' + onClick('#go', push({ event: 'sign_up', method: 'email' })), act: [['click', '#go']], expect: created },
];

export const misses = [
  { title: 'a login', html: '<form class="login-form"><input type="email" name="a"><input type="password" name="b" autocomplete="current-password"><button>Log in</button></form>' + onSubmit('form', put('<a href="/logout">Log out</a>')), act: fill('form') },
  { title: 'a password that is changed', html: '<form id="change"><input type="email" autocomplete="username" name="a"><input type="password" autocomplete="current-password" name="o"><input type="password" autocomplete="new-password" name="n"><button>Save</button></form>' + onSubmit('form', ''), act: fill('form') },
  { title: 'a password that is reset', html: '<form action="/reset-password" class="lost_reset_password"><input type="password" autocomplete="new-password" name="n"><button>Save</button></form>' + onSubmit('form', ''), act: [['type', '[name=n]', 'x'], ['submit', 'form']] },
  { title: 'registering for a webinar', html: '<form class="webinar-register"><input type="email" name="a"><button>Register</button></form>' + onSubmit('form', put('<p class="success">ok</p>')), act: [['type', '[name=a]', 'ana@mail.example'], ['submit', 'form']] },
  { title: 'the newsletter', html: '<form class="newsletter-signup" action="/signup"><input type="email" name="a"><button>Sign up</button></form>' + onSubmit('form', ''), act: [['type', '[name=a]', 'ana@mail.example'], ['submit', 'form']] },
];
