/**
 * What a page says about its product, in the three ways pages do: JSON-LD, microdata, Open Graph. Loaded only when a
 * rule reads one of them; looks at the document only when asked, and keeps nothing, because pages change under it.
 *
 * JSON-LD and microdata become the same plain objects, so that choosing the product and following a path is one piece
 * of code. Everything read here was written by shops and their plug-ins: blocks are broken, products are described
 * twice, related ones stand beside the page's own. Where nothing says which product is meant there is no answer: no
 * value is better than the neighbour's.
 *
 * It does not know what a price is (the core reads numbers), never looks through a prototype and never reads a field
 * that a visitor fills in.
 */

const { document, Map, Set, URL } = window;
const { apply } = Reflect;
const { getOwnPropertyDescriptor, keys } = Object;
const { isArray } = Array;
const { parse } = JSON;

/** A getter or method as it is now, as a function of the object: forms hide their own behind inputs. */
const of = ({ prototype }, name) => {
  const { get, value } = { __proto__: null, ...getOwnPropertyDescriptor(prototype, name) };
  return (self, ...args) => apply(get ?? value, self, args);
};
const find = of(Document, 'querySelectorAll');
const byId = of(Document, 'getElementById');
const findIn = of(Element, 'querySelectorAll');
const attribute = of(Element, 'getAttribute');
const closest = of(Element, 'closest');
const parentOf = of(Node, 'parentElement');
const contains = of(Node, 'contains');
const textOf = of(Node, 'textContent');
const baseOf = of(Node, 'baseURI');

/** How much is looked at, how deep, and among how many is chosen: no product is larger, and no walk is endless. */
const MOST = 20_000;
const DEEPEST = 12;
const MOST_ROOTS = 400;

let left;
/** What stands at the top of a block or in a graph. */
let roots;
/** The descriptions of what has an `@id`, by it. */
let known;
/** The page's own addresses: where it is and where it says it is. */
let pages;

const list = (value) => (isArray(value) ? value : value === undefined ? [] : [value]);
const isObject = (value) => value && typeof value === 'object';
const words = (text) => (text ?? '').split(/\s+/).filter(Boolean);

/** An own property, if it says something. */
function own(node, key) {
  const value = isObject(node) ? getOwnPropertyDescriptor(node, key)?.value : undefined;
  return value === null || value === '' ? undefined : value;
}

const described = (node) => known.get(own(node, '@id')) ?? [];

/** A property of the object or, as it may be a mere reference, of another description of the same. */
function get(node, key) {
  for (const each of [node, ...described(node)]) {
    const value = own(each, key);
    if (value !== undefined) return value;
  }
}

/** Several, as objects: `"#variant-1"` is short for a reference to it. */
const nodes = (value) => list(value).map((each) => (isObject(each) ? each : { '@id': each }));
const same = (a, b) => a === b || (own(a, '@id') !== undefined && own(a, '@id') === own(b, '@id'));

/** Whether one of its types fits: `Product`, which may be written `http://schema.org/Product` or `schema:Product`. */
const is = (node, type) => list(get(node, '@type')).some((each) => type.test(String(each).replace(/^.*[/:#]/, '')));

function collect(value, top, depth) {
  if (!isObject(value) || depth > DEEPEST || --left < 0) return;
  if (!isArray(value)) {
    if (top && roots.length < MOST_ROOTS) roots.push(value);
    const id = own(value, '@id');
    if (id && keys(value)[1]) (known.get(id) ?? known.set(id, []).get(id)).push(value);
  }
  for (const key of keys(value)) collect(value[key], top && (isArray(value) || key === '@graph'), depth + 1);
}

/** The JSON of a block: as it stands, else without what should not be there. */
function mended(text) {
  // Line breaks within strings, and the marks of CDATA, which look like arrays.
  const bare = text.replace(/[\0-\x1f]+/g, ' ').replace(/<!\[CDATA\[|\]\]>/g, '');
  for (const attempt of [text, bare, bare.replace(/<!--.*?-->/g, ''), bare.replace(/,\s*(?=[}\]])/g, '')]) {
    try {
      // Whatever stands before and behind: comment marks, a semicolon.
      return parse(/[{[][^]*[}\]]/.exec(attempt)[0]);
    } catch { /* the next one */ }
  }
}

/** An item and what belongs to it: what is inside, but not inside another item, and what `itemref` points at. */
function item(element, depth) {
  const node = { __proto__: null, '@type': words(attribute(element, 'itemtype')), '@id': attribute(element, 'itemid') };
  const found = new Set();
  for (const root of [element, ...words(attribute(element, 'itemref')).map((id) => byId(document, id))]) {
    for (const each of root ? [root, ...findIn(root, '[itemprop]')] : []) {
      const scope = each !== element && closest(parentOf(each) ?? each, '[itemscope]');
      if (scope !== false && (scope === element || !contains(root, scope))) found.add(each);
    }
  }
  for (const each of found) {
    if (--left < 0 || depth > DEEPEST) break;
    const value = attribute(each, 'itemscope') === null ? said(each) : item(each, depth + 1);
    for (const name of words(attribute(each, 'itemprop'))) {
      if (value !== undefined) node[name] = name in node ? [...list(node[name]), value] : value;
    }
  }
  return node;
}

const FIELDS = 'input,textarea,select,option,[contenteditable]';

/** What an element says, never what somebody has typed. */
function said(element) {
  for (const key of ['content', 'src', 'href', 'data', 'datetime', 'value']) {
    const value = attribute(element, key);
    if (value !== null && (key !== 'value' || closest(element, 'data,meter') === element)) {
      return /[cf]$|^data$/.test(key) ? (address(value)?.href ?? value) : value;
    }
  }
  if (!closest(element, FIELDS) && !findIn(element, FIELDS)[0]) return textOf(element).replace(/\s+/g, ' ').trim();
}

function address(text) {
  try {
    return new URL(text, baseOf(document));
  } catch { /* none */ }
}

const place = ({ host, pathname }) => host + pathname.replace(/\/+$/, '');

/**
 * Whether this is the page's address: 0 if it is another's, 1 if it is but for its query, more if the page has the
 * query's parts too (`?variant=2` of a page with `?variant=2&utm_source=x`). A mere fragment says nothing.
 */
function nearness(text) {
  const url = /^[^#]/.test(text) && address(text);
  return Math.max(0, ...pages.map((page) => {
    if (!url || place(url) !== place(page)) return 0;
    const query = [...url.searchParams];
    return query.every(([key, value]) => page.searchParams.get(key) === value) ? 2 + query.length : 1;
  }));
}

/** Those whose address is the page's, by the first property that can tell. */
function nearest(among, names) {
  for (const name of names) {
    const scores = among.map((node) => Math.max(0, ...list(get(node, name)).map((value) => (
      isObject(value) ? Math.max(nearness(get(value, 'url')), nearness(own(value, '@id'))) : nearness(value)
    ))));
    const best = Math.max(...scores);
    if (best > 0) return among.filter((_, index) => scores[index] === best);
  }
  return [];
}

const WHERE = ['url', 'offers', '@id', 'mainEntityOfPage'];

/** The variants of a group: those it names and those that name it. */
const variants = (group) => [
  ...nodes(get(group, 'hasVariant')), ...roots.filter((each) => list(get(each, 'isVariantOf')).some((other) => same(other, group))),
];

/** What the page is about. Several, if they all claim to be it. */
function chosen(type) {
  const all = roots.filter((node) => is(node, type));
  const inGroups = all.flatMap(variants);
  const candidates = all.filter((node, index) => (
    !inGroups.some((other) => same(other, node)) && all.findIndex((other) => same(other, node)) === index
  ));
  const near = nearest(candidates, WHERE);
  if (near[0]) return near;
  const mains = roots.filter((node) => is(node, /Page$/)).flatMap((page) => nodes(get(page, 'mainEntity')));
  const main = mains.find((node) => is(node, type));
  return main ? [main] : candidates[1] ? [] : candidates;
}

/** The variant the page shows. Several, if nothing tells them apart. */
function shown(group) {
  const all = variants(group);
  const near = nearest(all, WHERE);
  if (near[0] || !all[1]) return near[0] ? near : all;
  const named = pages.flatMap(({ pathname, searchParams }) => [...pathname.split('/'), ...searchParams.values()]);
  return all.filter((node) => named.includes(String(get(node, 'sku'))));
}

/** One of several: the one whose address is the page's, else the first that is no crossed-out price. */
const one = (value) => (isArray(value)
  ? nearest(value, ['url'])[0] ?? value.find((each) => !own(each, 'priceType')) ?? value[0]
  : value);

/** One step of a path. A price may stand in an offer, in the bounds of several or in its specification. */
function step(node, key, depth) {
  if (!isObject(node)) return key === 'name' ? node : undefined;
  const value = get(node, key);
  if (value !== undefined || !/^price/.test(key) || depth > DEEPEST) return value;
  const inside = (name) => step(one(get(node, name)), key, depth + 1);
  return (key === 'price' ? get(node, 'lowPrice') : undefined) ?? inside('priceSpecification') ?? inside('offers');
}

/** What is handed out: of a brand or a person its name, of a reference what it stands for. */
function plain(value, depth) {
  if (!isObject(value) || depth > DEEPEST) return value;
  if (isArray(value)) return value[1] === undefined ? plain(value[0], depth + 1) : value.map((each) => plain(each, depth + 1));
  return plain(get(value, '@value') ?? get(value, 'name'), depth + 1) ?? (keys(value)[1] ? value : described(value)[0]);
}

const follow = (node, path) => plain(path.reduce((value, key) => step(one(value), key, 0), node), 0);

/** The value they have in common; those that have none do not count. */
function agreed(values) {
  const [first, ...others] = values.filter((value) => value !== undefined);
  return others.every((other) => other === first || +other === +first) ? first : undefined;
}

/** The content of a `<meta>`, by its property or name. */
const meta = (path) => [...find(document, 'meta[content]')]
  .filter((element) => [...words(attribute(element, 'property')), attribute(element, 'name')].includes(path))
  .map((element) => attribute(element, 'content')).find(Boolean);

/**
 * What the page says at that path: `offers.price` of its product, or `Article.headline` of what else it is about.
 * `kind`: jsonld, microdata or opengraph. Undefined if there is nothing or nobody can say which. Never throws.
 */
export function product(kind, path) {
  try {
    if (kind === 'opengraph') return meta(path);
    left = MOST;
    roots = [];
    known = new Map();
    const canonical = find(document, 'link[rel~=canonical i][href]')[0];
    pages = [location.href, canonical && attribute(canonical, 'href')].map((href) => href && address(href)).filter(Boolean);
    if (kind === 'jsonld') {
      for (const script of find(document, 'script[type^="application/ld+json" i]')) collect(mended(textOf(script)), true, 0);
    } else {
      collect([...find(document, '[itemscope]:not([itemprop])')].map((element) => item(element, 0)), true, 0);
    }
    const names = path.split('.');
    const type = /^[A-Z]/.test(path) ? new RegExp(`^${names.shift()}$`) : /^Product(Group)?$/;
    return agreed(chosen(type).map((node) => follow(node, names) ?? agreed(shown(node).map((each) => follow(each, names)))));
  } catch { /* a page that nobody can read */ } finally {
    roots = known = pages = undefined;
  }
}
