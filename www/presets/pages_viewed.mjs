/** Five different pages in one visit, and the same page five times. A case ends on a page of its own, which counts too. */

export const preset = 'pages_viewed';

const pages = Object.fromEntries(['/a', '/b', '/c', '/d', '/e'].map((path) => [path, `<h1>${path}</h1>`]));

/** An app draws a route before it goes to the next. */
const DRAWN = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));';

export const hits = [
  { title: 'the fifth page', pages, act: [['goto', '/a'], ['goto', '/b'], ['goto', '/c'], ['goto', '/d']], expect: [['pages_viewed', 'confirmed', { page: {} }]] },
  { title: 'a sixth adds nothing', pages, act: [['goto', '/a'], ['goto', '/b'], ['goto', '/c'], ['goto', '/d'], ['goto', '/e']], expect: [['pages_viewed', 'confirmed']] },
  { title: 'routes of a single-page app', html: '<h1>app</h1>', act: ['/a', '/b', '/c', '/d'].map((path) => ['script', `history.pushState({}, '', '${path}'); ${DRAWN}`]), expect: [['pages_viewed', 'confirmed']] },
];

export const misses = [
  { title: 'the same page five times', act: [['reload'], ['reload'], ['reload'], ['reload'], ['reload']] },
  { title: 'four pages', pages, act: [['goto', '/a'], ['goto', '/b']] },
];
