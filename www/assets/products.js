/* The product data of the shop. Search and the cart read it; the product pages
   say the same in plain HTML. Prices are EUR. */

window.Shop = window.Shop || {};

Shop.currency = 'EUR';

Shop.products = [
  {
    id: 'halo-table-lamp', name: 'Halo table lamp', category: 'lamps', price: 89,
    blurb: 'Opal glass dome, dimmer on the cord',
    alt: 'Table lamp with a glowing opal glass dome on a blue stem',
    words: 'light bedside desk glass dimmer evening reading'
  },
  {
    id: 'bell-pendant', name: 'Bell pendant', category: 'lamps', price: 129,
    blurb: 'Enamelled steel, hangs low over a table',
    alt: 'Blue bell-shaped pendant lamp hanging over a bowl of lemons',
    words: 'light ceiling hanging dining table shade enamel'
  },
  {
    id: 'porch-lantern', name: 'Porch lantern', category: 'lamps', price: 64,
    blurb: 'Candle or LED, for windy evenings',
    alt: 'Red lantern with a lit candle behind glass and a carrying handle',
    words: 'light outdoor garden balcony candle camping'
  },
  {
    id: 'blue-rim-pot', name: 'Blue Rim pot', category: 'kitchen', price: 74,
    blurb: 'Enamel pot with lid, 4.5 litres',
    alt: 'White enamel pot with a blue rim and blue handles, steaming',
    words: 'casserole stew soup enamel cooking pan oven'
  },
  {
    id: 'slow-pour-kettle', name: 'Slow Pour kettle', category: 'kitchen', price: 58,
    blurb: 'Gooseneck spout, walnut handle',
    alt: 'Blue gooseneck kettle with a walnut handle',
    words: 'coffee tea filter gooseneck enamel water'
  },
  {
    id: 'long-ladle', name: 'Long ladle', category: 'kitchen', price: 22,
    blurb: 'Brushed steel, 34 cm, hangs anywhere',
    alt: 'Steel ladle with a blue grip hanging on a brass rail',
    words: 'spoon soup utensil steel serving cooking'
  }
];

Shop.find = function (id) {
  return Shop.products.find(function (product) { return product.id === id; });
};

Shop.money = function (amount) {
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency: Shop.currency }).format(amount);
};

/* Makes an element: Shop.el('p', {class: 'price'}, 'text', otherElement). */
Shop.el = function (tag, attributes) {
  var element = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (name) {
    element.setAttribute(name, attributes[name]);
  });
  for (var i = 2; i < arguments.length; i += 1) element.append(arguments[i]);
  return element;
};
