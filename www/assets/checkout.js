/* The cart page, the checkout and the thank-you page. The order itself is only
   a note in localStorage: nothing leaves the browser. */

(function () {
  var ORDER = 'wick-and-ladle:order';
  var byClass = function (name) { return document.querySelector('.' + name); };

  function row(list, name, value, className) {
    list.append(
      Shop.el('dt', className ? { class: className } : {}, name),
      Shop.el('dd', className ? { class: className } : {}, value));
  }

  function showTotals(list, totals) {
    row(list, 'Goods', Shop.money(totals.goods));
    row(list, 'Delivery', totals.delivery ? Shop.money(totals.delivery) : 'free');
    row(list, 'Total with VAT', Shop.money(totals.all), 'grand');
  }

  function showLines(list, lines) {
    list.replaceChildren();
    lines.forEach(function (line) {
      row(list, line.quantity + ' × ' + line.name + (line.options ? ' (' + line.options + ')' : ''),
        Shop.money(line.price * line.quantity));
    });
  }

  /* Cart page */
  function lineItem(line, index) {
    var field = 'quantity-' + index;
    var amount = Shop.el('input', { type: 'number', id: field, min: 1, max: 20, value: line.quantity, inputmode: 'numeric' });
    amount.addEventListener('change', function () {
      change(index, Math.min(20, Math.max(1, Math.round(Number(amount.value)) || 1)));
      document.getElementById(field).focus();
    });
    var remove = Shop.el('button', { type: 'button', class: 'link-button remove' }, 'Remove',
      Shop.el('span', { class: 'sr' }, ' ' + line.name));
    remove.addEventListener('click', function () { change(index, 0); });
    return Shop.el('li', {},
      Shop.el('img', { src: line.picture || '/img/' + line.id + '.svg', alt: '', width: 96, height: 96 }),
      Shop.el('div', {},
        Shop.el('a', { href: '/product/' + line.id + '/' }, Shop.el('strong', {}, line.name)),
        Shop.el('p', {}, (line.options ? line.options + ', ' : '') + Shop.money(line.price) + ' each'),
        Shop.el('div', { class: 'tools' },
          Shop.el('label', { for: field, class: 'sr' }, 'Quantity of ' + line.name), amount, remove)),
      Shop.el('span', { class: 'sum' }, Shop.money(line.price * line.quantity)));
  }

  function change(index, quantity) {
    var lines = Shop.cart.lines();
    if (quantity) lines[index].quantity = quantity;
    else lines.splice(index, 1);
    Shop.cart.write(lines);
    showCart();
    byClass('cart-status').textContent = 'Cart changed. Total ' + Shop.money(Shop.cart.totals().all) + '.';
  }

  function showCart() {
    var lines = Shop.cart.lines();
    var list = byClass('cart-lines');
    list.replaceChildren();
    lines.forEach(function (line, index) { list.append(lineItem(line, index)); });
    byClass('totals').replaceChildren();
    showTotals(byClass('totals'), Shop.cart.totals());
    byClass('cart-full').hidden = lines.length === 0;
    byClass('empty').hidden = lines.length > 0;
  }

  /* Checkout */
  function startCheckout(form) {
    var lines = Shop.cart.lines();
    byClass('checkout').hidden = lines.length === 0;
    byClass('empty').hidden = lines.length > 0;
    showLines(byClass('mini'), lines);
    showTotals(byClass('mini'), Shop.cart.totals());

    form.addEventListener('input', function () {
      var email = form.elements.namedItem('email').value;
      var address = ['name', 'street', 'postcode', 'city'].map(function (name) {
        return form.elements.namedItem(name).value.trim();
      }).filter(Boolean).join(', ');
      byClass('review-to').textContent = address || 'fill in step 1';
      byClass('review-email').textContent = email || 'fill in step 1';
      var digits = form.elements.namedItem('card').value.replace(/\D/g, '');
      byClass('review-card').textContent = digits.length > 11 ? 'card ending in ' + digits.slice(-4) : 'fill in step 2';
    });

    form.addEventListener('submit', function (event) {
      event.preventDefault();
      if (form.querySelector('[aria-busy="true"]')) return;
      var error = form.querySelector('.error');
      error.hidden = true;
      Shop.formBusy(form, true);
      setTimeout(function () {
        if (Shop.refuses(form)) {
          Shop.formBusy(form, false);
          Shop.reveal(error);
          return;
        }
        var order = 'WL-' + Date.now().toString(36).slice(-6).toUpperCase();
        Shop.save(ORDER, {
          id: order,
          name: form.elements.namedItem('name').value.trim().split(' ')[0],
          lines: Shop.cart.lines(),
          totals: Shop.cart.totals()
        });
        location.href = '/checkout/order-received/?order=' + encodeURIComponent(order);
      }, Shop.answerAfter);
    });
  }

  /* Thank-you page */
  function showOrder() {
    var asked = new URLSearchParams(location.search).get('order');
    var order = Shop.load(ORDER, null);
    Shop.cart.write([]);
    if (asked) byClass('order-id').textContent = asked;
    if (!order || order.id !== asked) {
      byClass('order-lines').hidden = true;
      return;
    }
    byClass('order-name').textContent = ', ' + order.name;
    // As shops tell their tag managers; again whenever the page is loaded again, as shops do.
    window.dataLayer = window.dataLayer || [];
    window.dataLayer.push({ ecommerce: null });
    window.dataLayer.push({ event: 'purchase', ecommerce: {
      transaction_id: order.id, currency: Shop.currency, value: order.totals.all,
      items: order.lines.map(function (line) {
        return { item_id: line.id, item_name: line.name, price: line.price, quantity: line.quantity };
      })
    } });
    showLines(byClass('mini'), order.lines);
    showTotals(byClass('mini'), order.totals);
  }

  var form = document.getElementById('order-form');
  if (byClass('cart-lines')) showCart();
  if (form) startCheckout(form);
  if (byClass('order-id')) showOrder();
  // Coming back with the browser's back button shows the page as it was left.
  window.addEventListener('pageshow', function (event) { if (event.persisted) location.reload(); });
})();
