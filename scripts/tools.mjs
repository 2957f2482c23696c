/**
 * The tools the house is built and tested with, installed where they are missing.
 *
 * What `cargo install` makes goes to a cache in the user's home, one folder a version, so that neither another
 * checkout nor another version on PATH gets in the way.
 */

import { access, constants, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure, ROOT, lockedVersion, run, step } from './steps.mjs';

export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'footstep');
const WASM_PACK = '0.15.1';
const GECKODRIVER = '0.37.1';

const exists = (path) => access(path, constants.X_OK).then(() => true, () => false);
const output = (command, args) => run(command, args).catch(() => '');
// A command that is not there prints no error of its own here.
const says = async (command, args) => ((await find(command)) ? output(command, args) : '');

/** The path of a program on PATH, if it is there. */
async function find(command) {
  for (const folder of (process.env.PATH ?? '').split(':')) {
    if (await exists(join(folder, command))) return join(folder, command);
  }
}

/** npm's packages of the lock file. */
export async function packages() {
  const time = (path) => stat(join(ROOT, path)).then((found) => found.mtimeMs, () => 0);
  // npm writes the second file when it has done what the first one says.
  if ((await time('package-lock.json')) < (await time('node_modules/.package-lock.json'))) return;
  await step('JavaScript packages', () => run('npm', ['ci', '--no-fund', '--no-audit']));
}

/** The wasm target and the library sources of the toolchain in `rust-toolchain.toml`. */
export async function rust() {
  if (!(await find('cargo'))) throw new Failure('Rust is missing: install it with rustup, see https://rustup.rs');
  if (!(await find('rustup'))) return;
  const has = await output('rustup', ['component', 'list', '--installed']);
  const missing = ['rust-src', 'clippy', 'rustfmt'].filter((name) => !has.includes(name));
  if (missing.length) await step(`Rust components ${missing.join(', ')}`, () => run('rustup', ['component', 'add', ...missing]));
  if (!has.includes('rust-std-wasm32-unknown-unknown')) {
    await step('Rust target wasm32-unknown-unknown', () => run('rustup', ['target', 'add', 'wasm32-unknown-unknown']));
  }
}

/** A program from crates.io, in exactly this version; returns the folder it is in. */
async function crate(name, version, program, options = []) {
  if ((await says(program, ['--version'])).includes(` ${version}`)) return (await find(program)).replace(/\/[^/]+$/, '');
  const folder = join(CACHE, `${name}-${version}`);
  if (!(await exists(join(folder, 'bin', program)))) {
    const args = ['install', name, '--version', `=${version}`, '--root', folder, ...options];
    // Outside the checkout: its toolchain file and its lock are for the product.
    await step(`${name} ${version} (about two minutes, once)`, () => run('cargo', args, { cwd: homedir() }));
  }
  return join(folder, 'bin');
}

/** wasm-bindgen's program in the version of the lock file: the two must match to the letter. */
export const wasmBindgen = async () => crate('wasm-bindgen-cli', await lockedVersion('wasm-bindgen'), 'wasm-bindgen');

export const wasmPack = () => crate('wasm-pack', WASM_PACK, 'wasm-pack', ['--locked']);

/** What `look` finds, after an installation by apt where that is needed and possible. */
async function byApt(name, packages, look, elsewhere) {
  const before = await look();
  if (before) return before;
  if (process.getuid?.() === 0 && (await find('apt-get'))) {
    await step(`${name}, by apt`, async () => {
      await run('apt-get', ['update']);
      const env = { DEBIAN_FRONTEND: 'noninteractive' };
      await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
    }).catch((error) => console.error(error.message));
    const after = await look();
    if (after) return after;
  }
  throw new Failure(
    `Missing for the tests: ${name}\n` +
      `  Debian: sudo apt-get install ${packages.join(' ')}\n` +
      `  elsewhere: ${elsewhere}`,
  );
}

/** Chromium and its driver; returns their paths. */
export const chromium = () => byApt('Chromium and chromedriver of the same version', ['chromium', 'chromium-driver'], async () => {
  const browser = process.env.CHROMIUM || (await find('chromium')) || (await find('chromium-browser')) || (await find('google-chrome'));
  const driver = process.env.CHROMEDRIVER || (await find('chromedriver'));
  return browser && driver ? { browser, driver } : undefined;
}, 'install both and set CHROMIUM and CHROMEDRIVER to their paths');

/** Firefox and its driver, which Debian has no package of; returns their paths. */
export async function firefox() {
  const look = async () => process.env.FIREFOX || (await find('firefox')) || (await find('firefox-esr'));
  const browser = await byApt('Firefox', ['firefox-esr'], look, 'install it and set FIREFOX to its path');
  const driver = join(await crate('geckodriver', GECKODRIVER, 'geckodriver', ['--locked']), 'geckodriver');
  return { browser, driver };
}

/** WebKitGTK's driver, which brings its browser along, and the X server that draws into memory; returns their paths. */
export const webkit = () => byApt('WebKitWebDriver and Xvfb', ['webkit2gtk-driver', 'xvfb'], async () => {
  const [driver, screen] = [await find('WebKitWebDriver'), await find('Xvfb')];
  return driver && screen ? { driver, screen } : undefined;
}, 'install WebKitGTK with its MiniBrowser, and Xvfb, and put both programs on PATH');

/** ClickHouse's server. */
export const clickhouse = () => byApt("ClickHouse's server", ['clickhouse-server'], () => find('clickhouse-server'), 'install it and put it on PATH');
