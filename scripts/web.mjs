/**
 * Ring 2: the shell's own tests, in Chromium, Firefox and WebKit, one after another.
 *
 * The three run the same wasm: wasm-pack compiles it for the first and finds it made for the others. WebKit is driven
 * as if it were Safari, which shares its engine and its protocol; it knows no headless mode, so it gets a screen that
 * exists in memory only. `webdriver.json` is read for all and has a section only for Chromium: Firefox needs none, and
 * the runner asks Safari for nothing.
 */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
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
    await onScreen(screen, (DISPLAY) => shellTests(['--safari', '--safaridriver', driver], {
      DISPLAY,
      // A Wayland session, where there is one, would be preferred to our screen.
      GDK_BACKEND: 'x11',
      // WebKit's sandbox starts neither for root nor in most containers; nothing but our own page is opened.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    }));
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

/** Starts a screen in memory, does something with its name and ends it. */
async function onScreen(program, act) {
  // Asked to say which number it took, it takes a free one: so two checkouts can test at the same time.
  const args = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
  const screen = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  try {
    const number = await new Promise((resolve, reject) => {
      screen.stdio[3].once('data', (text) => resolve(String(text).trim()));
      screen.on('error', (error) => reject(new Failure(`${program}: ${error.message}`)));
      screen.on('exit', (code, signal) => reject(new Failure(`${program} ended with ${signal ?? code}`)));
    });
    await act(`:${number}`);
  } finally {
    screen.kill();
  }
}
