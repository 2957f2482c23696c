/**
 * The vendors' own clients as oracles: each is given the same step as our golden requests tell of, and every field it sends
 * is one of ours, with the same type and, where the step says it, the same value.
 */

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { golden } from './support.mjs';

const require = createRequire(`${process.env.FOOTSTEP_CONFORMANCE}/`);
const TIME = new Date('2026-11-22T05:38:36.627Z');
/** The third event of the golden batch. */
const STEP = 2;

/** Answers `answer` to the first request; resolves with its body. */
async function heard(answer, act) {
  let tell;
  const told = new Promise((resolve) => { tell = resolve; });
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      const body = Buffer.concat(chunks);
      tell({ url: request.url, body: (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString() });
      response.setHeader('Content-Type', 'application/json');
      response.end(answer);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await act(`127.0.0.1:${server.address().port}`);
    return await told;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Every field of `theirs` is in `ours` with the same type. `not`: what they say of the machine they run on. */
function assertHas(ours, theirs, not = [], path = '') {
  for (const [key, value] of Object.entries(theirs)) {
    const at = `${path}.${key}`;
    if (not.includes(at)) continue;
    assert.ok(key in ours, `${at} is missing; theirs is ${JSON.stringify(value)}`);
    assert.equal(typeof ours[key], typeof value, at);
    if (value && typeof value === 'object' && !Array.isArray(value)) assertHas(ours[key], value, not, at);
  }
}

test('segment', async () => {
  const [{ body }] = await golden('segment');
  const ours = JSON.parse(body);
  const event = ours.batch[STEP];
  const { Analytics } = require('@segment/analytics-node');
  const { body: sent } = await heard('{"success":true}', async (host) => {
    const client = new Analytics({ writeKey: 'WK', host: `http://${host}`, flushAt: 1, maxRetries: 0 });
    const { event: name, anonymousId, messageId, properties } = event;
    client.track({ event: name, anonymousId, messageId, properties, timestamp: TIME });
    await client.closeAndFlush({ timeout: 3000 });
  });
  const theirs = JSON.parse(sent);
  assertHas(event, theirs.batch[0], ['.integrations', '._metadata']);
  assert.equal(event.timestamp, theirs.batch[0].timestamp);
  assert.deepEqual(event.properties, theirs.batch[0].properties);
  assertHas(ours, { ...theirs, batch: [] });
});

test('posthog', async () => {
  const [{ body }] = await golden('posthog');
  const ours = JSON.parse(body);
  const event = ours.batch[STEP];
  const { PostHog } = require('posthog-node');
  const { body: sent } = await heard('{"status":1}', async (host) => {
    const client = new PostHog('phc_x', { host: `http://${host}`, flushAt: 1, disableGeoip: false });
    client.capture({ distinctId: event.properties.distinct_id, event: event.event, uuid: event.uuid, timestamp: TIME, properties: { value: 25, currency: 'EUR' } });
    await client.shutdown(3000);
  });
  const theirs = JSON.parse(sent);
  // It names the person beside the properties, which the server takes from within them as well.
  assertHas(event, theirs.batch[0], ['.distinct_id', '.library', '.library_version', '.type', '.properties.$is_server', '.properties.$os', '.properties.$os_version', '.properties.$runtime', '.properties.$runtime_version']);
  assert.equal(event.timestamp, theirs.batch[0].timestamp);
  assert.equal(event.uuid, theirs.batch[0].uuid);
  assertHas(ours, { ...theirs, batch: [] });
});

test('amplitude', async () => {
  const [{ body }] = await golden('amplitude');
  const ours = JSON.parse(body);
  const event = ours.events[STEP];
  const amplitude = require('@amplitude/analytics-node');
  const { body: sent } = await heard('{"code":200}', async (host) => {
    await amplitude.init('K', { serverUrl: `http://${host}/2/httpapi`, flushQueueSize: 1, logLevel: 0 }).promise;
    const time = TIME.getTime();
    await amplitude.track({ event_type: event.event_type, device_id: 'device', session_id: time, time, insert_id: 'id', event_properties: { value: 25 } }).promise;
  });
  const theirs = JSON.parse(sent);
  assertHas(event, theirs.events[0], ['.event_id']);
  assert.equal(event.time, theirs.events[0].time);
  assertHas(ours, { ...theirs, events: [] }, ['.options', '.request_metadata']);
});

test('mixpanel', async () => {
  const [{ body }] = await golden('mixpanel');
  const ours = JSON.parse(decodeURIComponent(body.slice(5)))[STEP];
  const mixpanel = require('mixpanel');
  const { url, body: sent } = await heard('1', (host) => new Promise((resolve) => {
    const client = mixpanel.init('T', { host, protocol: 'http', path: '', geolocate: true });
    client.track(ours.event, { distinct_id: 'device', $insert_id: 'id', value: 25, time: TIME.getTime() }, resolve);
  }));
  const data = new URLSearchParams(sent).get('data') ?? new URL(url, 'http://localhost').searchParams.get('data');
  const theirs = [JSON.parse(Buffer.from(data, 'base64').toString())].flat()[0];
  assertHas(ours, theirs);
  assert.equal(theirs.properties.token, ours.properties.token);
  assert.equal(theirs.properties.time, ours.properties.time);
});

test('snowplow', async () => {
  const [{ body }] = await golden('snowplow');
  const ours = JSON.parse(body).data;
  const { buildPageView, buildSelfDescribingEvent, buildStructEvent, trackerCore } = require('@snowplow/tracker-core');
  const sent = (event) => {
    let payload;
    const core = trackerCore({ base64: false, callback: (builder) => { payload = builder.build(); } });
    core.setPlatform('web');
    core.setAppId('shop');
    core.track(event, [], TIME.getTime());
    return payload;
  };
  const text = (payload) => Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
  assertHas(ours[0], text(sent(buildPageView({ pageUrl: 'u', pageTitle: 't', referrer: 'r' }))));
  // With the true time given, it leaves out the device's.
  const step = ours[3];
  const event = JSON.parse(step.ue_pr).data;
  const theirs = text(sent(buildSelfDescribingEvent({ event })));
  assertHas(step, theirs);
  assert.deepEqual(JSON.parse(theirs.ue_pr), JSON.parse(step.ue_pr));
  const [{ body: structured }] = await golden('snowplow', 'structured');
  assertHas(JSON.parse(structured).data[STEP], text(sent(buildStructEvent({ category: 'c', action: 'a', property: 'p', value: 1 }))), ['.aid']);
});
