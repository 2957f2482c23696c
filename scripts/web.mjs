/**
 * Ring 2: the shell's own tests, in Chromium, Firefox and WebKit, one after another.
 *
 * The three run the same wasm: wasm-pack compiles it for the first and finds it made for the others. WebKit is driven
 * as if it were Safari, which shares its engine and its protocol; it knows no headless mode, so it gets a screen that
 * exists in memory only. `webdriver.json` is read for all and has a section only for Chromium: Firefox needs none, and
 * the runner asks Safari for nothing.
 */

import { join } from 'node:path';
import { startScreen } from './screen.mjs';
import { Failure, eachOf, run } from './steps.mjs';
import * as tools from './tools.mjs';

// The runner takes the first driver it finds in its environment: there must be none but the one we hand over.
const DRIVERS = ['GECKODRIVER', 'SAFARIDRIVER', 'CHROMEDRIVER', 'MSEDGEDRIVER'];
const NO_OTHERS = Object.fromEntries(DRIVERS.flatMap((name) => [[name], [`${name}_REMOTE`]]));
// Its own limits, 5 and 20 seconds, are too narrow where much else runs. These cost nothing while tests pass.
const LIMITS = { WASM_BINDGEN_TEST_DRIVER_TIMEOUT: '60', WASM_BINDGEN_TEST_TIMEOUT: '120' };

const ENGINES = {
  async chromium() {
    const { browser, driver } = await tools.chromium();
    await shellTests(['--chrome', '--chromedriver', driver], { CHROME: browser });
  },
  async firefox() {
    const { browser, driver } = await tools.firefox();
    await shellTests(['--firefox', '--geckodriver', driver], { GECKODRIVER_ARGS: `--binary "${browser}"` });
  },
  async webkit() {
    const { driver, screen } = await tools.webkit();
    const { env, end } = await startScreen(screen);
    try {
      await shellTests(['--safari', '--safaridriver', driver], env);
    } finally {
      end();
    }
  },
};

/** The shell's tests in every engine; a failure in one does not hide the others. */
export async function web() {
  const failed = await eachOf(ENGINES);
  if (failed.length) throw new Failure(`The shell's tests failed in ${failed.join(', ')}`);
}

async function shellTests(browser, env) {
  const pack = await tools.wasmPack();
  const PATH = [pack, await tools.wasmBindgen(), process.env.PATH].join(':');
  const args = ['test', '--headless', ...browser, '--', '--locked', '--lib'];
  await run(join(pack, 'wasm-pack'), args, { env: { ...NO_OTHERS, ...LIMITS, ...env, PATH }, show: true });
}
