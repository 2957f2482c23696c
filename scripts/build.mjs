/**
 * `npm run build`: leaves in `dist/` exactly what is published.
 *
 * The wasm is built with the standard library's sources, optimised for size, with panics that abort at once and no paths:
 * 8 % smaller. `FOOTSTEP_PLAIN=1` builds with what the stable toolchain offers instead.
 *
 * What is called from one place only would be put there whatever its size. In functions that large most locals have numbers of
 * two bytes, and nothing repeats: 1,400 bytes of brotli. So an instruction costs LLVM's inliner twenty times what it is used
 * to, which bounds the bonus for such functions and nothing else (threshold and calls cost twenty times as much as well), and
 * wasm-opt moves small ones only.
 */

import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shorten } from './glue.mjs';
import { connect } from '../js/formats.js';
import { Failure, ROOT, main, run, step } from './steps.mjs';
import * as tools from './tools.mjs';

const BUILD = join(ROOT, 'build');
const DIST = join(ROOT, 'dist');
const MADE = 'wasm32-unknown-unknown/wasm';
/** Loaded only if the config needs them: `js/parts`. */
export const PARTS = ['product', 'requests', 'players'];
// Named one by one: `--all-features` makes a file that Chromium refuses.
const FEATURES = [
  'bulk-memory', 'bulk-memory-opt', 'sign-ext', 'mutable-globals', 'nontrapping-float-to-int', 'reference-types',
  'multivalue', 'call-indirect-overlong',
];
/** What decides on tools and libraries. */
const LOCKS = ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'package-lock.json'];
/** What `js/formats.js` uses of the second module. */
const USED = ['memory', 'encode', 'judge', '__wbindgen_malloc', '__wbindgen_free'];

export async function build() {
  await tools.packages();
  await tools.rust();
  await rm(DIST, { recursive: true, force: true });
  await mkdir(join(DIST, 'schema'), { recursive: true });
  await mkdir(BUILD, { recursive: true });

  await step('wasm: compile', () => compile('footstep', 'target'));
  await step('wasm: bind and optimise', async () => {
    const bound = await bind(join(ROOT, 'target', MADE, 'footstep.wasm'), 'pkg', 'footstep');
    const renamed = await optimise(bound, 'footstep', ['--minify-imports-and-exports-and-modules']);
    const glue = join(BUILD, 'pkg/footstep.js');
    await writeFile(glue, shorten(await readFile(glue, 'utf8'), JSON.parse(renamed)));
  });
  await step('formats: compile, bind and optimise', async () => formats(await formatNames()));
  await step('check: compile and bind', check);
  await step('JavaScript', bundle);
  for (const name of ['footstep.wasm', 'footstep-formats.wasm', 'footstep-check.wasm']) await cp(join(BUILD, name), join(DIST, name));
  await cp(join(BUILD, 'formats'), join(DIST, 'formats'), { recursive: true });
  await cp(join(ROOT, 'schema'), join(DIST, 'schema'), { recursive: true });
  await cp(join(ROOT, 'presets'), join(DIST, 'presets'), { recursive: true });
  for (const name of ['index.d.ts', 'slim.d.ts', 'config.d.ts', 'collectors.d.ts', 'messages.json']) await cp(join(ROOT, 'js', name), join(DIST, name));
}

/** Compiles a crate to wasm. The second module has a target folder of its own: it uses the core's crate with other features. */
function compile(crate, target, env = {}) {
  const plain = process.env.FOOTSTEP_PLAIN === '1';
  const std = plain ? [] : ['-Z', 'build-std=std,panic_abort', '-Z', 'build-std-features=optimize_for_size'];
  const nightly = { RUSTC_BOOTSTRAP: '1', RUSTFLAGS: '-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zinline-mir=yes -Cllvm-args=-inline-threshold=500 -Cllvm-args=-inline-instr-cost=100 -Cllvm-args=-inline-call-penalty=500' };
  const args = ['--locked', '--target-dir', join(ROOT, target), '-p', crate, '--lib', '--target', 'wasm32-unknown-unknown', '--profile', 'wasm', ...std];
  return run('cargo', ['build', ...args], { env: plain ? env : { ...nightly, ...env } });
}

/** Binds: leaves the wasm and its glue in `build/<folder>`. Returns the wasm's path. */
async function bind(raw, folder, name) {
  await run(join(await tools.wasmBindgen(), 'wasm-bindgen'), [
    raw, '--out-dir', join(BUILD, folder), '--target', 'web', '--omit-default-module-path', '--no-typescript',
    '--remove-name-section', '--remove-producers-section',
  ]);
  return join(BUILD, folder, `${name.replace('-', '_')}_bg.wasm`);
}

const featured = FEATURES.map((feature) => `--enable-${feature}`);

/** Leaves `build/<name>.wasm`. Returns what wasm-opt prints. */
function optimise(bound, name, options = []) {
  return run(join(ROOT, 'node_modules/.bin/wasm-opt'), [
    bound, '-o', join(BUILD, `${name}.wasm`),
    // The first kilobyte of wasm memory is the far end of Rust's stack: no pointer ever points there.
    '--low-memory-unused', '--one-caller-inline-max-function-size=20', '--flatten', '--rereloop', '-Oz', '-Oz', '-Oz',
    ...featured, '--strip-debug', '--strip-producers', '--strip-target-features', ...options,
  ]);
}

/** The formats of the second module, as its table has them. */
export async function formatNames() {
  const table = await readFile(join(ROOT, 'src/formats/mod.rs'), 'utf8');
  return [...table.split('pub const ENCODERS')[1].split('];')[0].matchAll(/row!\((\w+)/g)].map(([, name]) => name);
}

/** Builds the second module: with all formats, and with each alone. One is optimised while the next is compiled. */
async function formats(names) {
  const target = 'target/formats';
  const made = join(BUILD, `formats${process.env.FOOTSTEP_PLAIN === '1' ? '-plain' : ''}.made`);
  if (await isNewer(made, ['src', 'formats', 'allocator', 'scripts/build.mjs', ...LOCKS])) return;
  for (const name of ['formats.made', 'formats-plain.made']) await rm(join(BUILD, name), { force: true });
  await rm(join(BUILD, 'formats'), { recursive: true, force: true });
  await mkdir(join(BUILD, 'formats'), { recursive: true });
  let before;
  for (const only of [undefined, ...names]) {
    await Promise.all([before, compile('footstep-formats', target, { FOOTSTEP_ONLY: only })]);
    const raw = join(BUILD, `raw/${only ?? 'all'}/footstep_formats.wasm`);
    await mkdir(dirname(raw), { recursive: true });
    await copyFile(join(ROOT, target, MADE, 'footstep_formats.wasm'), raw);
    before = second(raw, only);
  }
  await before;
  await writeFile(made, '');
}

/** Binds and optimises the second module. */
async function second(raw, only) {
  const bound = await bind(raw, `raw/${only ?? 'all'}`, 'footstep-formats');
  // What wasm-bindgen adds for values that are no numbers, and nobody calls: 200 bytes of brotli.
  const graph = join(dirname(raw), 'used.json');
  const used = USED.map((name) => ({ name, export: name }));
  await writeFile(graph, JSON.stringify([{ name: 'js/formats.js', root: true, reaches: USED }, ...used]));
  await run(join(ROOT, 'node_modules/.bin/wasm-metadce'), [bound, '--graph-file', graph, '-o', bound, ...featured]);
  const name = only ? `formats/${only}` : 'footstep-formats';
  await optimise(bound, name);
  // Its hash is pinned under this name, so it has to be what the name says.
  const { encode } = connect(new WebAssembly.Module(await readFile(join(BUILD, `${name}.wasm`))));
  for (const each of await formatNames()) {
    const has = !encode(`${each}\x1f{}\x1f`, false, 0, 0).startsWith('not_loaded');
    if (has !== (!only || each === only)) throw new Failure(`${name}.wasm has ${has ? '' : 'not '}the format ${each}`);
  }
}

/** Builds the linter. No page loads it: it is bound, and its size is its own affair. The second module's target folder has the standard library built the same way. */
async function check() {
  const target = 'target/formats';
  await compile('footstep-check', target);
  await cp(await bind(join(ROOT, target, MADE, 'footstep_check.wasm'), 'check', 'footstep-check'), join(BUILD, 'footstep-check.wasm'));
}

async function bundle() {
  const { build: esbuild } = await import('esbuild');
  const wasm = await readFile(join(BUILD, 'footstep.wasm'));
  const common = { bundle: true, minify: true, target: 'es2022', logLevel: 'warning', legalComments: 'none', absWorkingDir: ROOT };
  const pinned = (bytes) => 'sha256-' + createHash('sha256').update(bytes).digest('base64');
  const pins = { all: pinned(await readFile(join(BUILD, 'footstep-formats.wasm'))) };
  for (const name of await formatNames()) pins[name] = pinned(await readFile(join(BUILD, `formats/${name}.wasm`)));
  await small('js/core.js', 'footstep-core.js');
  await small('js/formats.js', 'footstep-formats.js', 'esm', { FOOTSTEP_FORMATS: JSON.stringify(pins) });
  for (const name of PARTS) await small(`js/parts/${name}.js`, `footstep-${name}.js`);
  await esbuild({ ...common, entryPoints: ['js/check.js'], platform: 'node', format: 'esm', outfile: 'dist/footstep-check.js', banner: { js: '#!/usr/bin/env node' } });
  const all = createHash('sha256').update(wasm);
  for (const name of ['core', 'formats', ...PARTS]) all.update(await readFile(join(DIST, `footstep-${name}.js`)));
  const define = {
    // Changes with any of the files, so that a cached one never meets a new other. The wasm of the formats is pinned by their glue.
    FOOTSTEP_BUILD: JSON.stringify(all.digest('hex').slice(0, 8)),
    FOOTSTEP_INTEGRITY: JSON.stringify(pinned(wasm)),
  };
  await small('js/loader.js', 'footstep.js', 'iife', define);
  const loader = { '.wasm': 'binary' };
  // Files of their own, which bundlers make chunks of.
  const external = ['./formats.js', './footstep-formats.js'];
  await esbuild({ ...common, entryPoints: { index: 'js/index.js', slim: 'js/slim.js', formats: 'js/formats-wasm.js' }, format: 'esm', outdir: 'dist', loader, external });
}

/**
 * What a script tag loads: this minifier writes constants where they stand and gives each function the shortest names, 500
 * bytes of brotli less than esbuild's. Pages replace what they like: reading or writing a property is never taken for nothing.
 */
async function small(input, name, format = 'esm', define = {}) {
  const { rolldown } = await import('rolldown');
  const treeshake = { propertyReadSideEffects: 'always', propertyWriteSideEffects: 'always', unknownGlobalSideEffects: true };
  const bundle = await rolldown({ input: join(ROOT, input), treeshake, transform: { target: 'es2022', define } });
  const minify = { compress: { target: 'es2022' }, mangle: { toplevel: true }, codegen: { removeWhitespace: true } };
  await bundle.write({ file: join(DIST, name), format, minify, comments: false });
  await bundle.close();
}

/** Whether what is built is newer than everything it is built from. */
export function isFresh() {
  return isNewer(join(DIST, 'messages.json'), ['src', 'formats', 'check', 'js', 'presets', 'schema', 'scripts', 'allocator', ...LOCKS]);
}

async function isNewer(made, places) {
  const sources = (await run('git', ['ls-files', '-co', '--exclude-standard', ...places]).catch(() => '')).trim().split('\n');
  const time = async (path) => stat(path).then((found) => found.mtimeMs, () => 0);
  const built = await time(made);
  // Without git nobody can say what there is to compare with.
  return sources.length > 1 && built > Math.max(...(await Promise.all(sources.map((path) => time(join(ROOT, path))))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(build);
