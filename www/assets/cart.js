/* The cart: kept in localStorage, filled by the add-to-cart forms, counted in the
   header. Also the wishlist hearts and the colour picker of a product page. */

window.Shop = window.Shop || {};

(function () {
  var CART = 'wick-and-ladle:cart';
  var WISHES = 'wick-and-ladle:wishes';
  var ANSWER_AFTER = 300; // ms until the pretended server answers
  var SOLD_OUT = ['porch-lantern'];
  var memory = {}; // used when the browser refuses localStorage

  Shop.answerAfter = ANSWER_AFTER;

  Shop.load = function (key, fallback) {
    try {
      return JSON.parse(localStorage.getItem(key)) || fallback;
    } catch (refused) {
      return memory[key] || fallback;
    }
  };

  Shop.save = function (key, value) {
    memory[key] = value;
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch (refused) { /* the copy in memory has to do */ }
  };

  Shop.cart = {
    lines: function () { return Shop.load(CART, []); },
    write: function (lines) {
      Shop.save(CART, lines);
      showCount();
    },
    add: function (line) {
      var lines = Shop.cart.lines();
      var same = lines.find(function (other) {
        return other.id === line.id && other.options === line.options;
      });
      if (same) same.quantity += line.quantity;
      else lines.push(line);
      Shop.cart.write(lines);
    },
    count: function () {
      return Shop.cart.lines().reduce(function (sum, line) { return sum + line.quantity; }, 0);
    },
    totals: function () {
      var goods = Shop.cart.lines().reduce(function (sum, line) { return sum + line.price * line.quantity; }, 0);
      var delivery = goods === 0 || goods >= 60 ? 0 : 4.9;
      return { goods: goods, delivery: delivery, all: goods + delivery };
    }
  };

  function showCount(bump) {
    var count = Shop.cart.count();
    document.querySelectorAll('.cart-count').forEach(function (badge) {
      badge.textContent = count;
      badge.classList.toggle('bump', Boolean(bump));
    });
  }

  /* Options chosen in the form, as the text the cart shows: "Tomato, 3 m". */
  function optionsOf(form) {
    var chosen = [];
    form.querySelectorAll('select, input[type="radio"]:checked').forEach(function (field) {
      chosen.push(field.value);
    });
    return chosen.join(', ');
  }

  function openDrawer(line) {
    var drawer = document.querySelector('.cart-success');
    if (!drawer) return;
    drawer.querySelector('.line').replaceChildren(
      Shop.el('img', { src: line.picture, alt: '', width: 72, height: 72 }),
      Shop.el('p', {}, Shop.el('strong', {}, line.name), Shop.el('br'),
        line.quantity + ' × ' + Shop.money(line.price) + (line.options ? ', ' + line.options : ''))
    );
    drawer.hidden = false;
    clearTimeout(openDrawer.timer);
    openDrawer.timer = setTimeout(function () {
      if (!drawer.matches(':hover, :focus-within')) drawer.hidden = true;
    }, 7000);
  }

  function addToCart(event) {
    event.preventDefault();
    var form = event.target;
    var button = form.querySelector('[type="submit"]');
    if (button.getAttribute('aria-busy') === 'true') return;
    var error = form.querySelector('.cart-error');
    var text = button.textContent;
    // form.id is the hidden input named "id" here, so everything is read through elements.
    var id = form.elements.namedItem('id').value;
    var line = {
      id: id,
      name: Shop.find(id).name,
      price: Number(form.getAttribute('data-price')),
      quantity: Number(form.elements.namedItem('quantity').value),
      options: optionsOf(form),
      picture: form.querySelector('[data-picture]:checked').getAttribute('data-picture')
    };
    error.hidden = true;
    button.setAttribute('aria-busy', 'true');
    button.textContent = 'Adding…';

    setTimeout(function () {
      button.removeAttribute('aria-busy');
      if (SOLD_OUT.indexOf(id) >= 0) {
        button.textContent = text;
        error.hidden = false;
        return;
      }
      Shop.cart.add(line);
      showCount(true);
      button.dataset.state = 'added';
      button.textContent = 'Added to cart';
      setTimeout(function () {
        delete button.dataset.state;
        button.textContent = text;
      }, 1800);
      openDrawer(line);
      form.dispatchEvent(new CustomEvent('shop:added-to-cart', {
        bubbles: true,
        detail: { id: line.id, name: line.name, price: line.price, currency: Shop.currency, quantity: line.quantity }
      }));
    }, ANSWER_AFTER);
  }

  /* Hearts. A saved product's heart takes it off the list again, and that is no
     "wishlist_add": the mark for the tracker is off while the product is saved.
     It changes here and now, in the handler of the press: the tracker has read it
     by then, and the next press may come before any timer. */
  function showWish(button, saved) {
    var word = button.querySelector('.word');
    button.setAttribute('aria-pressed', String(saved));
    if (word) word.textContent = saved ? 'On your wishlist' : 'Save to wishlist';
    if (saved) button.removeAttribute('data-footstep');
    else button.setAttribute('data-footstep', 'wishlist_add');
  }

  function toggleWish(button) {
    var id = button.getAttribute('data-footstep-product');
    var wishes = Shop.load(WISHES, []);
    var saved = wishes.indexOf(id) < 0;
    wishes = saved ? wishes.concat(id) : wishes.filter(function (other) { return other !== id; });
    Shop.save(WISHES, wishes);
    document.querySelectorAll('[data-footstep-product="' + id + '"]').forEach(function (other) {
      showWish(other, saved);
    });
  }

  document.addEventListener('submit', function (event) {
    if (event.target.matches('form.add-to-cart')) addToCart(event);
  });

  document.addEventListener('click', function (event) {
    var heart = event.target.closest('button[data-footstep-product]');
    if (heart) toggleWish(heart);
    if (event.target.closest('.cart-success .close')) document.querySelector('.cart-success').hidden = true;
  });

  document.addEventListener('keydown', function (event) {
    var drawer = document.querySelector('.cart-success');
    if (event.key === 'Escape' && drawer) drawer.hidden = true;
  });

  document.addEventListener('change', function (event) {
    var colour = event.target.getAttribute('data-colour');
    var picture = document.querySelector('.product-shot');
    if (colour && picture) picture.style.setProperty('--finish', colour);
  });

  window.addEventListener('storage', function () { showCount(); });

  var saved = Shop.load(WISHES, []);
  document.querySelectorAll('button[data-footstep-product]').forEach(function (button) {
    if (saved.indexOf(button.getAttribute('data-footstep-product')) >= 0) showWish(button, true);
  });
  showCount();
})();
