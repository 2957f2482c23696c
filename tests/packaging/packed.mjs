/** The package as npm publishes it, installed in a folder of its own; and an app in it, built by Vite. */

import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../e2e/support/site.mjs';

const execute = promisify(execFile);
export const bin = (name) => join(ROOT, 'node_modules/.bin', name);

/** Packs the package and installs it elsewhere; returns the folder and the list of files that were packed. */
export async function install() {
  const folder = await mkdtemp(join(tmpdir(), 'footstep-'));
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT });
  const said = JSON.parse(stdout);
  const packed = Array.isArray(said) ? said[0] : Object.values(said)[0];
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  await execute('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], { cwd: folder });
  return { folder, files: packed.files.map((file) => file.path), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs a program in the app's folder; resolves with what it printed, rejects with all it said. */
export async function within(folder, program, args) {
  try {
    return (await execute(program, args, { cwd: folder, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`);
  }
}

/** Builds an app whose script is `code` with Vite; returns routes for a fixture site. */
export async function viteApp(folder, code) {
  await write(join(folder, 'index.html'), '<!doctype html><title>App</title><body><form class="signup"><button>Go</button></form><script type="module" src="/app.js"></script>');
  await write(join(folder, 'app.js'), code);
  await within(folder, bin('vite'), ['build', '--logLevel', 'warn', '--outDir', 'out', '--emptyOutDir']);
  const routes = {};
  routes['/'] = await readFile(join(folder, 'out/index.html'), 'utf8');
  for (const name of await readdir(join(folder, 'out/assets'))) {
    const path = `/assets/${name}`;
    routes[path] = { body: await readFile(join(folder, 'out', path)), headers: { 'content-type': extname(path) === '.js' ? 'text/javascript' : 'text/css' } };
  }
  return routes;
}

export async function write(path, text) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
