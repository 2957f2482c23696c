/**
 * `npm run conformance`: our requests, judged by what others wrote. SDKs and servers from package registries read the
 * goldens in `tests/wire`. Too heavy for `npm test`: it installs a few hundred megabytes, once, below `~/.cache/footstep`, and
 * ClickHouse by apt where you are root.
 */

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, main, run, step } from './steps.mjs';
import { CACHE, clickhouse } from './tools.mjs';

const NPM = [
  'cloudevents@10.0.0', '@segment/analytics-node@3.1.0', 'posthog-node@5.70.0', 'mixpanel@0.24.0', '@amplitude/analytics-node@1.5.73',
  '@snowplow/tracker-core@4.10.2',
];
const PYPI = ['opentelemetry-proto==1.45.0', 'rotel==0.0.1a15'];

await main(async () => {
  const home = join(CACHE, 'conformance');
  const missing = (path) => access(join(home, path)).then(() => false, () => true);
  if (await missing('node_modules/@snowplow')) {
    await step('npm packages', () => run('npm', ['install', '--prefix', home, '--no-fund', '--no-audit', ...NPM]));
  }
  if (await missing('venv/lib')) {
    await step('Python packages', async () => {
      await run('python3', ['-m', 'venv', join(home, 'venv')]);
      await run(join(home, 'venv/bin/pip'), ['install', '--quiet', ...PYPI]);
    });
  }
  await clickhouse();
  const files = ['cloudevents', 'clients', 'otlp', 'clickhouse'].map((name) => join(ROOT, `tests/conformance/${name}.test.mjs`));
  await run('node', ['--test', ...files], { env: { FOOTSTEP_CONFORMANCE: home }, show: true });
});
