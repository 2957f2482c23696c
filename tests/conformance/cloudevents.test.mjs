/** CloudEvents: the specification's own SDK reads our batch, and finds every event valid. */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { golden } from './support.mjs';

const { HTTP } = createRequire(`${process.env.FOOTSTEP_CONFORMANCE}/`)('cloudevents');

test('the SDK reads our batch', async () => {
  const [{ headers, body }] = await golden('cloudevents');
  const events = HTTP.toEvent({ headers: { 'content-type': headers['Content-Type'] }, body });
  assert.equal(events.length, 6);
  for (const event of events) assert.ok(event.validate());
  const [, signup, , , purchase] = events;
  assert.equal(signup.type, 'com.example.shop.newsletter_signup');
  assert.equal(signup.time, '2026-11-22T05:38:36.377Z');
  assert.equal(purchase.data.order, 'T-1001');
  assert.equal(new Set(events.map(({ id }) => id)).size, 6);
});

test('the SDK sees no event where the type is another', async () => {
  const [{ body }] = await golden('cloudevents');
  assert.throws(() => HTTP.toEvent({ headers: { 'content-type': 'text/plain' }, body }));
});
