/**
 * What happens before the core is there: kept with its time and the path it took, in memory only, and handed over when
 * the core begins to listen. If the page ends first, what needs no rule is sent from here: marked elements, `track()`
 * calls and, of all else, how many of each kind there were; but only if the tag itself says that no consent is needed
 * and which collector gets it in the native format.
 */

const TYPES = ['click', 'auxclick', 'submit', 'change'];
const MOST = 100;
const MARK = 'data-footstep';
const { getAttribute } = Element.prototype;

/**
 * Begins to record. Returns what ends that and hands over what there is: event, path and time of each. No function of
 * arrays and no iterator: pages replace them.
 */
export function record(send) {
  let kept = [];
  const end = () => {
    const all = kept;
    kept = [];
    return all;
  };
  const hear = (event) => { if (kept.length < MOST) kept[kept.length] = { event, path: event.composedPath(), time: performance.now() }; };
  const left = () => {
    try {
      send?.(end());
    } catch { /* the page ends as it would without us */ }
  };
  const each = (act) => {
    for (let i = 0; i < TYPES.length; i++) act(TYPES[i], hear, true);
    act('pagehide', left, true);
  };
  each(addEventListener);
  return () => {
    each(removeEventListener);
    return end();
  };
}

/** The last resort: a batch of what needs no rule, made without the core. */
export function last(collector, site, queue, kept) {
  // Somebody has decided, and nobody has listened yet; or nobody has seen the page.
  if (document.prerendering || queue.some(([method]) => method === 'consent')) return;
  // Version 7 of RFC 9562, section 5.7, whose random part is that of version 4.
  const uuid = () => Date.now().toString(16).padStart(12, 0).replace(/.{8}/, '$&-') + '-7' + crypto.randomUUID().slice(15);
  const { round } = Math;
  const [page, wall, mono, events, counts] = [{ id: uuid(), url: location.origin + location.pathname }, Date.now(), performance.now(), [], {}];
  const add = (time, on, name, { value, currency, ...properties } = {}) => {
    if (!/^[\w.-]{1,100}$/.test(name)) return;
    events.push({ seq: events.length + 1, id: uuid(), rev: 0, kind: on === 'markup' ? 'micro' : 'custom', name, phase: 'confirmed',
      at: round(wall - mono + time), mono: round(time), page, value: +value || undefined, currency, properties: Object.keys(properties)[0] && properties, trigger: { on }, early: true });
  };
  for (const { event: { type, isTrusted, button }, path, time } of kept) {
    // The right button only asks for a menu.
    const marked = isTrusted && type !== 'change' && !(button > 1) && path.find((node) => node.nodeType === 1
      && getAttribute.call(node, MARK) && (type === 'submit') === (node instanceof HTMLFormElement));
    if (marked) {
      const said = {};
      for (const { name, value } of marked.attributes) if (name.startsWith(MARK + '-')) said[name.slice(14)] = value;
      add(time, 'markup', getAttribute.call(marked, MARK), said);
    } else counts[type] = (counts[type] ?? 0) + 1;
  }
  for (const [method, time, [name, properties]] of queue.splice(0)) if (method === 'track') add(time, 'custom', name, properties);
  for (const type in counts) add(mono, type, 'before_core', { count: counts[type] });
  const body = JSON.stringify({ version: 1, site, sent: { at: wall, mono: round(mono) }, stream: uuid(), context: { engine: 'recorder' }, events });
  if (events.length) fetch(collector, { __proto__: null, method: 'POST', body, keepalive: true, credentials: 'omit' }).catch(() => {});
}
