/** Logging in at shops and elsewhere, with right and wrong passwords; and the forms around a login. */

import { layer, onClick, onSubmit, push, put, redirect } from './support/page.mjs';

export const preset = 'login';

const inside = [['login', 'confirmed']];
const refused = [['login', 'failed']];
const fill = (selector) => [['type', `${selector} input:not([type=hidden])`, 'ana@mail.example'], ['type', `${selector} [type=password]`, 'correct horse'], ['submit', selector]];
const WOO = (notice = '') => `${notice}<form class="woocommerce-form woocommerce-form-login login" method="post" action="/mi-cuenta/"><input type="text" name="username" id="username" autocomplete="username"><input type="password" name="password" id="password" autocomplete="current-password"><button type="submit" class="woocommerce-form-login__submit" name="login" value="Acceder">Acceder</button></form>`;
const PRESTA = (error = '') => `${error}<form id="login-form" action="/connexion" method="post"><input name="email" type="email" autocomplete="email" required><input name="password" type="password" autocomplete="current-password" required><input type="hidden" name="submitLogin" value="1"><button id="submit-login" data-link-action="sign-in" type="submit">Connexion</button></form>`;

export const hits = [
  { title: 'WooCommerce (es)', html: WOO(), pages: { 'POST /mi-cuenta/': redirect('/mi-cuenta/'), '/mi-cuenta/': '<script>document.body.className = "logged-in"</script><nav class="woocommerce-MyAccount-navigation">Cuenta</nav>' }, act: [...fill('.login'), ['arrive', '/mi-cuenta/']], expect: inside },
  { title: 'WooCommerce, wrong password (es)', html: WOO(), pages: { 'POST /mi-cuenta/': WOO('<ul class="woocommerce-error" role="alert"><li>Contraseña incorrecta.</li></ul>') }, act: [...fill('.login'), ['see', '.woocommerce-error']], expect: refused },
  { title: 'PrestaShop (fr)', html: PRESTA(), pages: { 'POST /connexion': redirect('/3-objets'), '/3-objets': '<header><a class="logout" href="/?mylogout=">Déconnexion</a></header>' }, act: [...fill('form'), ['arrive', '/3-objets']], expect: inside },
  { title: 'PrestaShop, wrong password (fr)', html: PRESTA(), pages: { 'POST /connexion': PRESTA('<div class="help-block"><ul><li class="alert alert-danger">Échec d’authentification</li></ul></div>') }, act: [...fill('form'), ['see', '.alert-danger']], expect: refused },
  { title: 'Shopify, classic account (en)', html: '<form method="post" action="/account/login" id="customer_login" novalidate><input type="email" name="customer[email]" id="CustomerEmail" autocomplete="email"><input type="password" name="customer[password]" id="CustomerPassword" autocomplete="current-password"><button>Sign in</button></form>', pages: { 'POST /account/login': redirect('/account'), '/account': '<h1>Account</h1>' }, act: [...fill('form'), ['arrive', '/account']], expect: inside },
  { title: 'WordPress, wrong password (en)', html: '<form name="loginform" id="loginform" action="/wp-login.php" method="post"><input type="text" name="log" id="user_login" autocomplete="username"><input type="password" name="pwd" id="user_pass" autocomplete="current-password"><input type="submit" name="wp-submit" value="Log In"></form>', pages: { 'POST /wp-login.php': '<div id="login_error" class="notice notice-error">Error: unknown username.</div>' }, act: [...fill('form'), ['see', '#login_error']], expect: refused },
  { title: 'a form of the shop’s own, and a way to log out appears (de)', html: '<form id="anmeldeformular"><input type="email" name="a"><input type="password" name="b"><button>Einloggen</button></form>' + onSubmit('form', put('<a href="/abmelden">Abmelden</a>')), act: fill('form'), expect: inside },
  { title: 'known only by its fields, refused in the form (nl)', html: '<form id="f1"><input autocomplete="username" name="a"><input type="password" autocomplete="current-password" name="b"><button>Verder</button></form>' + onSubmit('form', "form.elements.b.setAttribute('aria-invalid', 'true')"), act: fill('form'), expect: refused },
  { title: 'a form that tells nothing', html: '<form class="signin"><input name="a"><input type="password" name="b"><button>Go</button></form>' + onSubmit('form', ''), within: '1s', act: fill('form'), expect: [['login', 'unknown']] },
  { title: 'the data layer', html: layer() + '<button id="go">x</button>' + onClick('#go', push({ event: 'login', method: 'Google' })), act: [['click', '#go']], expect: inside },
];

export const misses = [
  { title: 'logging out', html: '<form action="/logout" class="login-state"><button>Log out</button></form>' + onSubmit('form', ''), act: [['submit', 'form']] },
  { title: 'a forgotten password', html: '<form name="lostpasswordform" action="/wp-login.php?action=lostpassword"><input name="user_login"><button>Get a new one</button></form>' + onSubmit('form', ''), act: [['type', '[name=user_login]', 'ana'], ['submit', 'form']] },
  { title: 'a registration', html: '<form class="login-register register"><input type="email" name="a" autocomplete="email"><input type="password" name="b" autocomplete="new-password"><button>Register</button></form>' + onSubmit('form', put('<a href="/logout">Log out</a>')), act: [['type', '[name=a]', 'ana@mail.example'], ['type', '[name=b]', 'x'], ['submit', 'form']] },
  { title: 'a password that is changed', html: '<form id="f"><input type="password" autocomplete="current-password" name="o"><input type="password" autocomplete="new-password" name="n"><button>Save</button></form>' + onSubmit('form', ''), act: [['type', '[name=o]', 'x'], ['submit', 'form']] },
  { title: 'an invalid form', html: PRESTA(), act: [['submit', 'form']] },
];
