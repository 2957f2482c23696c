/** ClickHouse: a server takes our rows into the table of the documentation; an outcome replaces its attempt. */

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT } from '../../scripts/steps.mjs';
import { folder, golden, port, serving } from './support.mjs';

test('rows, doubles and errors', async () => {
  const [home, http, tcp] = [await folder(), await port(), await port()];
  await mkdir(join(home, 'data'));
  await writeFile(join(home, 'users.xml'), `<yandex><profiles><default><allow_experimental_low_cardinality_type>1</allow_experimental_low_cardinality_type></default></profiles><quotas><default/></quotas><users>
    <default><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default>
    <ingest><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></ingest></users></yandex>`);
  await writeFile(join(home, 'config.xml'), `<yandex><logger><level>warning</level><console>true</console></logger>
    <http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><listen_host>127.0.0.1</listen_host><path>${home}/data/</path>
    <tmp_path>${home}/tmp/</tmp_path><users_config>${home}/users.xml</users_config><mark_cache_size>1000000</mark_cache_size>
    <default_profile>default</default_profile><default_database>default</default_database></yandex>`);
  const base = `http://127.0.0.1:${http}`;
  const ask = async (query, body) => {
    const answer = await fetch(`${base}/?query=${encodeURIComponent(query)}`, { method: 'POST', body });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return text.trim();
  };
  await serving('clickhouse-server', [`--config-file=${home}/config.xml`], base, async () => {
    const page = await readFile(join(ROOT, 'docs/collectors/clickhouse.md'), 'utf8');
    await ask('CREATE DATABASE shop');
    // Debian's server is of 2018 and has no time of milliseconds; what is written is read as text.
    await ask(page.match(/```sql\n([^]*?)```/)[1].replaceAll("DateTime64(3, 'UTC')", 'String'));
    const [{ url, headers, body }] = await golden('clickhouse');
    const send = (body) => fetch(base + url.pathname + url.search, { method: 'POST', headers, body });
    for (let times = 0; times < 2; times += 1) {
      const answer = await send(body);
      assert.equal(answer.status, 200, await answer.text());
    }
    const attempt = body.split('\n')[4].replace('"rev":1', '"rev":0').replace('"phase":"confirmed"', '"phase":"attempted"');
    assert.equal((await send(attempt)).status, 200);
    assert.equal(await ask('SELECT count(), countDistinct(event_id) FROM shop.footsteps FINAL'), '6\t6');
    const [, , , , purchase] = (await ask('SELECT name, phase, toString(time), value FROM shop.footsteps FINAL ORDER BY seq')).split('\n');
    assert.equal(purchase, 'purchase\tconfirmed\t2026-11-22 05:38:37.127\t27');

    const broken = await send('{"event_id":"a","rev":"yesterday"}');
    const text = await broken.text();
    assert.ok(broken.status >= 400 && /Code: (6|27|38|41|26|117)\b/.test(text), `${broken.status} ${text}`);
    const nowhere = await fetch(base + url.pathname + url.search.replace('footsteps', 'nothing'), { method: 'POST', body });
    assert.match(await nowhere.text(), /Code: 60\b/);
  }, { cwd: home });
});
