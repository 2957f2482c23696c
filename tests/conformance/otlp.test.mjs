/** OpenTelemetry: the published Protobuf types read our JSON to the last field, and a receiver takes it. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { folder, golden, port, serving } from './support.mjs';

const VENV = join(process.env.FOOTSTEP_CONFORMANCE, 'venv');

/** Unknown fields and wrong types are errors; the ids of the wire are what comes back. */
const READ = `
import sys
from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
request = Parse(sys.stdin.read(), ExportLogsServiceRequest())
records = request.resource_logs[0].scope_logs[0].log_records
print(len(records), records[1].event_name, records[1].time_unix_nano, records[1].severity_number)
`;

test('the Protobuf types read our JSON', async () => {
  const [{ body }] = await golden('otlp');
  const out = execFileSync(join(VENV, 'bin/python'), ['-c', READ], { input: body, encoding: 'utf8' });
  assert.equal(out.trim(), '6 footstep.newsletter_signup 1795325916377000000 9');
});

test('a receiver takes it', async () => {
  const [lib] = readdirSync(join(VENV, 'lib'));
  const agent = join(VENV, 'lib', lib, 'site-packages/rotel/rotel-agent');
  const [{ body, headers, url }] = await golden('otlp');
  const [http, grpc] = [await port(), await port()];
  const args = ['start', '--otlp-http-endpoint', `127.0.0.1:${http}`, '--otlp-grpc-endpoint', `127.0.0.1:${grpc}`, '--exporter', 'blackhole'];
  await serving(agent, args, `http://127.0.0.1:${http}/`, async () => {
    const send = (body) => fetch(`http://127.0.0.1:${http}${url.pathname}`, { method: 'POST', headers, body });
    const answer = await send(body);
    assert.equal(answer.status, 200, await answer.text());
    assert.equal((await send(body.replace('"timeUnixNano":"', '"timeUnixNano":"x'))).status, 400);
  }, { cwd: await folder() });
});
