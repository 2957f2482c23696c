/**
 * The part of jQuery that our users' pages rely on, in its documented semantics: handlers live in a table of its own,
 * `trigger` makes no event of the browser but walks from the element up to the document and the window, and an event of
 * the browser reaches the same handlers with `originalEvent`.
 */
export const JQUERY = `(() => {
  const table = new WeakMap();
  const heardOn = (target) => table.get(target) ?? {};
  const each = (names, act) => names.split(' ').forEach((name) => act(...name.split('.')));
  const run = (target, event, ...args) => { for (const { handler } of [...(heardOn(target)[event.type] ?? [])]) handler.call(target, event, ...args); };
  const fn = {
    on(names, handler) {
      each(names, (type, space) => {
        if (!table.has(this.target)) table.set(this.target, {});
        const all = table.get(this.target);
        if (!all[type]) {
          const hear = (originalEvent) => run(this.target, { type, target: originalEvent.target, originalEvent });
          all[type] = Object.assign([], { hear });
          this.target.addEventListener(type, hear);
        }
        all[type].push({ space, handler });
      });
      return this;
    },
    off(names, handler) {
      each(names, (type, space) => {
        const all = heardOn(this.target);
        for (let at = all[type]?.length ?? 0; at-- > 0;) {
          if ((!space || all[type][at].space === space) && (!handler || all[type][at].handler === handler)) all[type].splice(at, 1);
        }
        if (all[type] && !all[type].length) {
          this.target.removeEventListener(type, all[type].hear);
          delete all[type];
        }
      });
      return this;
    },
    trigger(type, ...args) {
      const path = [];
      for (let at = this.target; at; at = at === document ? window : at === window ? null : at.parentNode) path.push(at);
      for (const at of path) run(at, { type, target: this.target }, ...args);
      return this;
    },
  };
  const jQuery = (what) => Object.assign(Object.create(fn), { target: typeof what === 'string' ? document.querySelector(what) : what });
  window.jQuery = window.$ = Object.assign(jQuery, { fn, heardOn });
})();`;
