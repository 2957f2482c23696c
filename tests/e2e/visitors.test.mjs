/** Visitor and session: the same over pages, tabs and reloads; another context is somebody else. */

import assert from 'node:assert/strict';
import { leave, open, scenario, visitor } from './support/browser.mjs';

scenario('one visitor, one visit; then another visitor', { routes: { '/two': (s) => s.html('two') } }, async (s) => {
  const seen = async (name, page = s.page) => {
    await page.evaluate((name) => { footstep.track(name); return footstep.flush(); }, name);
    await s.sink.named(name);
    const { visitor: who, session, page: view, stream } = s.sink.arrived.find((event) => event.name === name);
    return { who, session, view: view.id, url: view.url, stream };
  };
  await open(s, '/?email=a@b.c#top');
  const first = await seen('first');
  assert.equal(first.session.number, 1);
  assert.equal(first.url, `${s.site.origin}/`, 'what is not the identity of the page stays there');
  await open(s, '/two');
  const second = await seen('second');
  await s.page.reload();
  await s.page.evaluate(() => footstep.ready);
  const third = await seen('third');
  const tab = await s.context.newPage();
  await open({ ...s, page: tab }, '/two');
  const fourth = await seen('fourth', tab);
  for (const later of [second, third, fourth]) {
    assert.equal(later.who, first.who);
    assert.deepEqual(later.session, first.session);
  }
  const all = [first, second, third, fourth];
  for (const key of ['view', 'stream']) assert.equal(new Set(all.map((one) => one[key])).size, 4, key);

  const { context } = await visitor();
  const page = await context.newPage();
  await open({ ...s, page });
  const other = await seen('other', page);
  await leave(context);
  assert.notEqual(other.who, first.who);
  assert.notEqual(other.session.id, first.session.id);
  assert.equal(other.session.number, 1);
});

scenario('after half an hour the next visit of the same visitor begins', {}, async (s) => {
  await open(s);
  await s.page.evaluate(() => { footstep.track('first'); return footstep.flush(); });
  await s.sink.named('first');
  // The visit's last moment, put back by 31 minutes.
  await s.page.evaluate(() => {
    const [id, number, last] = localStorage.getItem('footstep.session').split(' ');
    localStorage.setItem('footstep.session', [id, number, Number(last) - 31 * 60_000].join(' '));
  });
  await s.page.reload();
  await s.page.evaluate(async () => {
    await footstep.ready;
    footstep.track('second');
    await footstep.flush();
  });
  await s.sink.named('second');
  const [first, second] = ['first', 'second'].map((name) => s.sink.arrived.find((event) => event.name === name));
  assert.equal(second.visitor, first.visitor);
  assert.equal(second.session.number, 2);
  assert.notEqual(second.session.id, first.session.id);
});
