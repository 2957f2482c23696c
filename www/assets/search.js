/* The search page: reads ?q= and filters the product data. */

(function () {
  var asked = (new URLSearchParams(location.search).get('q') || '').trim();
  var words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  var title = document.querySelector('.search-title');
  var list = document.querySelector('.results');
  var nothing = document.querySelector('.nothing');

  document.querySelectorAll('input[name="q"]').forEach(function (field) { field.value = asked; });
  if (!words.length) return;

  function text(product) {
    return [product.name, product.category, product.blurb, product.words].join(' ').toLowerCase();
  }

  var hits = Shop.products.filter(function (product) {
    // "lamps" should find "lamp", so a plural s is not looked at.
    return words.every(function (word) { return text(product).indexOf(word.replace(/(..)s$/, '$1')) >= 0; });
  });

  title.textContent = hits.length
    ? (hits.length === 1 ? 'One thing' : hits.length + ' things') + ' for “' + asked + '”'
    : 'Nothing found for “' + asked + '”';
  nothing.hidden = hits.length > 0;
  list.hidden = hits.length === 0;

  hits.forEach(function (product) {
    list.append(Shop.el('li', { class: 'card' },
      Shop.el('a', { href: '/product/' + product.id + '/' },
        Shop.el('span', { class: 'shot' },
          Shop.el('img', { src: '/img/' + product.id + '.svg', alt: product.alt, width: 400, height: 400 })),
        Shop.el('h3', {}, product.name),
        Shop.el('p', { class: 'blurb' }, product.blurb),
        Shop.el('p', { class: 'price' }, Shop.money(product.price)))));
  });
})();
