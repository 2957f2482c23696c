/**
 * One config that uses every trigger, kind of evidence, read and scope there is, and the page it belongs to: for tests
 * that ask what the tracker does to a page while it does all it can. Extend it here when a word is added.
 *
 * `heard` is how often each rule must fire in the visit of `untouched.test.mjs`; a rule that is not in it must not.
 */

const url = '/{place}';

export const conversions = {
  pressed: { on: 'click', match: '#plain', read: { place: { url }, text: { text: '#label' }, kind: { constant: 'button' }, id: { attribute: 'id' } } },
  linked: { on: 'click', match: 'a.kept', once: 'element' },
  labelled: { on: 'click', match: '#box' },
  sent: { on: 'submit', match: '#sent', once: 'event', leadsTo: 'bought', value: 2, currency: 'EUR' },
  kept: { on: 'submit', match: '#kept', confirm: [{ visible: '#thanks' }], fail: [{ visible: '#sorry' }], within: '20s' },
  refused: { on: 'submit', match: '#invalid' },
  shaded: { on: 'submit', match: '.shaded' },
  chosen: { on: 'change', match: '#choice' },
  played: { on: 'media', match: '#film' },
  watched: { on: 'media', match: '#film', percent: [5], measure: 'watched', players: ['youtube', 'vimeo'] },
  read: { on: 'scroll', percent: [50] },
  deep: { on: 'scroll', pixels: [900], of: 'main' },
  shown: { on: 'visible', match: '#below', percent: 50, seconds: 0.2, once: 'element' },
  routed: { on: 'page', url: '/routed/**' },
  paged: { on: 'page', count: 3, per: 'session', distinct: true },
  stayed: { on: 'engaged', seconds: 3600 },
  searched: { on: 'search', query: ['q'], term: true },
  fetched_file: { on: 'download' },
  went: { on: 'outbound', domains: ['elsewhere.example'] },
  allowed: { on: 'permission' },
  said: { on: 'event', event: 'shop:said', match: '#plain' },
  layered: { on: 'datalayer', event: 'add_to_cart', read: { value: { datalayer: 'ecommerce.value' } } },
  leaving: { on: 'exit' },
  told: { on: 'custom' },
  bought: {
    on: 'click', match: '#buy', macro: true, confirm: [{ event: 'shop:bought' }, { url: '/bought/*' }, { datalayer: 'purchase' }, { text: 'Thank you', in: '#thanks' }],
    read: { price: { jsonld: 'offers.price' }, brand: { microdata: 'brand' }, title: { opengraph: 'og:title' } },
  },
  either: { any: [{ on: 'event', event: 'shop:either' }, { on: 'click', match: '#either' }] },
};

/** Steps of requests: they need what no other word needs, a patch of `fetch` and `XMLHttpRequest`. */
export const responses = {
  answered: { on: 'response', request: '/api/cart', method: 'POST', has: 'items' },
  ordered: { on: 'click', match: '#fetch', confirm: { response: '/api/cart', has: 'items' }, within: '20s' },
};

export const heard = {
  pressed: 1, linked: 1, labelled: 2, sent: 1, kept: 1, shaded: 1, chosen: 1, played: 1, watched: 1, read: 1, deep: 1, shown: 1, routed: 3, paged: 1, searched: 1, said: 1,
  layered: 1, told: 1, bought: 1, either: 1, fetched_file: 1, leaving: 1,
};
export const answeredToo = { answered: 2, ordered: 1 };

/** What the page has in its head. */
export const head = `<script>window.dataLayer = [{ event: 'old', ecommerce: {} }];</script><meta property="og:title" content=Lamp>`;

/** What the page holds; it tells `witness` of every event it sees itself. */
export const body = `<script type="application/ld+json">{ "@type": "Product", "offers": { "price": "9.90" } }</script>
  <main><p id=label>A label</p> <button id=plain>x</button> <a class=kept id=link href="/never">x</a> <label id=around>yes <input type=checkbox id=box></label>
  <form id=sent action=/two method=post target=frame><input name=action value=1><input name=id value=2><button id=send name=which value=first formaction="/two?first">x</button></form>
  <form id=kept><input name=a id=field><select id=choice><option>1<option>2</select><button id=keep>x</button></form>
  <form id=invalid><input type=email required><button id=bad>x</button></form>
  <x-form id=host><template shadowrootmode=open><form class=shaded><button id=shade>x</button></form></template></x-form>
  <button id=push>x</button> <button id=replace>x</button> <button id=search>x</button> <button id=back>x</button> <a id=hash href="#below">x</a>
  <button id=fetch>x</button> <button id=play>x</button> <button id=buy>x</button> <button id=either>x</button> <button id=throw>x</button> <a id=file href=/guide.pdf download>x</a>
  <span itemscope><b itemprop=brand>Glow</b></span> <video id=film muted playsinline src=/film.webm></video> <iframe name=frame></iframe> <p id=thanks hidden>Thank you</p>
  <div style="height:1500px"></div><p id=below>below</p><div style="height:1500px"></div></main>
  <script>(${page})();</script>`;

function page() {
  const { note, label } = window.witness;
  const at = (id, type, act) => document.getElementById(id).addEventListener(type, act);
  for (const type of ['click', 'auxclick', 'submit', 'change', 'input', 'focusin', 'keydown', 'keyup', 'pointerdown', 'mousedown', 'popstate', 'hashchange', 'formdata', 'shop:said', 'shop:bought', 'shop:either', 'toggle', 'invalid']) {
    addEventListener(type, (event) => note('seen', type, label(event.composedPath()[0]), event.defaultPrevented, event.cancelable, event.eventPhase, event.isTrusted));
  }
  // Once each: on a busy machine a film may halt and go on.
  for (const type of ['playing', 'pause', 'ended', 'error']) document.getElementById('film').addEventListener(type, () => note('film', type), { once: true });
  at('link', 'click', (event) => event.preventDefault());
  at('kept', 'submit', (event) => {
    event.preventDefault();
    document.getElementById('thanks').hidden = false;
    note('form', JSON.stringify([...new FormData(event.target, event.submitter)]));
  });
  document.getElementById('host').shadowRoot.querySelector('form').onsubmit = () => false;
  at('push', 'click', () => { history.pushState({ n: 1 }, '', '/routed/one'); document.title = 'One'; });
  at('replace', 'click', () => history.replaceState({ n: 2 }, '', '/routed/two?x=1'));
  at('search', 'click', () => history.pushState(null, '', '/search?q=lamp'));
  at('back', 'click', () => history.back());
  at('buy', 'click', () => setTimeout(() => document.body.dispatchEvent(new CustomEvent('shop:bought', { bubbles: true }))));
  at('either', 'click', (event) => event.target.dispatchEvent(new CustomEvent('shop:either', { bubbles: true })));
  at('plain', 'click', (event) => {
    event.target.dispatchEvent(new CustomEvent('shop:said', { bubbles: true }));
    const pushed = window.dataLayer.push({ event: 'add_to_cart', ecommerce: { value: 5 } });
    note('pushed', pushed, window.dataLayer.length);
  });
  at('play', 'click', async () => {
    const film = document.getElementById('film');
    await film.play();
    film.addEventListener('timeupdate', function enough() {
      if (film.currentTime < 1) return;
      film.removeEventListener('timeupdate', enough);
      film.pause();
      document.body.dataset.played = 'yes';
    });
  });
  at('throw', 'click', () => {
    Promise.reject(new Error('of the page, later'));
    console.log('the page speaks');
    throw new Error('of the page');
  });
  at('fetch', 'click', () => void requests().then((said) => { note(...said); document.body.dataset.fetched = 'yes'; }));

  /** Every way a page asks, with the order in which its answers come. */
  async function requests() {
    const said = [];
    const body = JSON.stringify({ add: 1 });
    const request = new Request('/api/cart', { method: 'POST', body });
    const promise = fetch(request);
    said.push('promise', promise.constructor === Promise, Object.getPrototypeOf(promise) === Promise.prototype, request.bodyUsed);
    promise.then(() => said.push('first'));
    const response = await promise;
    promise.then(() => said.push('second'));
    await Promise.resolve();
    said.push('after', response.constructor === Response, response.bodyUsed, response.url.replace(location.origin, ''), response.type);
    const clone = response.clone();
    said.push(await response.text(), (await clone.json()).items.length, response.bodyUsed);
    const stream = (await fetch('/api/stream')).body.getReader();
    let bytes = 0;
    for (let part = await stream.read(); !part.done; part = await stream.read()) bytes += part.value.length;
    said.push('stream', bytes);
    const abort = new AbortController();
    const aborted = fetch('/api/never', { signal: abort.signal });
    abort.abort();
    said.push(await aborted.catch(({ name }) => name), await fetch('http://127.0.0.1:1/').catch((error) => `${error.constructor === TypeError} ${error.message}`));
    said.push(await fetch('data:,x', { method: 'GET', body: 'no' }).catch(({ name, message }) => `${name}: ${message}`));
    const states = [];
    await new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.onreadystatechange = () => states.push(xhr.readyState);
      xhr.open('POST', '/api/cart');
      xhr.responseType = 'json';
      xhr.onloadend = () => { states.push('end', xhr.status, xhr.response.items.length, xhr.getResponseHeader('content-type')); resolve(); };
      xhr.send(body);
      states.push('sent', Object.getOwnPropertyNames(xhr).join());
    });
    const sync = new XMLHttpRequest();
    sync.open('GET', '/api/sync', false);
    sync.send();
    class Own extends XMLHttpRequest {}
    said.push(...states, sync.responseText, new Own() instanceof Own, fetch.name, fetch.length, `${fetch}`.length < 40, Object.keys(sync).length);
    return said;
  }
}
