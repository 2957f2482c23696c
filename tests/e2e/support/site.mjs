/** Fixture pages on an origin of their own, with the built SDK under /dist/ and a log of what was asked for. */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.json': 'application/json',
  '.wasm': 'application/wasm', '.webm': 'video/webm', '.mp4': 'video/mp4',
};

/**
 * Starts a site. `routes`: path -> text of the page, an object (sent as JSON), `{ body, file, status, headers,
 * wait }` where `wait` is a promise the answer waits for and `body` may be a function that writes to the answer itself,
 * or a function of the request returning one of these.
 * A path that is not there and begins with /dist/ comes from the build.
 */
export async function startSite(routes = {}) {
  const site = { routes, requests: [] };
  const server = createServer((request, response) => {
    serve(site, request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  site.origin = `http://127.0.0.1:${server.address().port}`;
  site.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return site;
}

async function serve(site, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname } = new URL(request.url, site.origin);
  site.requests.push({ method: request.method, url: request.url, body: Buffer.concat(chunks).toString() });
  const { status = 200, headers = {}, type, body, wait } = await answer(site, pathname, request);
  await wait;
  const cors = pathname.startsWith('/dist/') ? { 'access-control-allow-origin': '*' } : {};
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (range && status === 200 && Buffer.isBuffer(body)) {
    const from = Number(range[1]);
    const to = range[2] ? Number(range[2]) : body.length - 1;
    response.writeHead(206, { 'content-type': type, 'accept-ranges': 'bytes', 'content-range': `bytes ${from}-${to}/${body.length}`, ...headers });
    return response.end(body.subarray(from, to + 1));
  }
  response.writeHead(status, { 'content-type': type ?? 'text/plain', 'cache-control': 'no-store', ...cors, ...headers });
  return typeof body === 'function' ? body(response) : response.end(body);
}

async function answer(site, path, request) {
  let said = site.routes[path];
  if (typeof said === 'function') said = await said(request);
  if (said === undefined && path.startsWith('/dist/')) said = { file: path };
  if (said === undefined) return path === '/favicon.ico' ? { status: 204 } : { status: 404, type: TYPES['.html'], body: 'not here' };
  if (typeof said === 'string') return { type: TYPES['.html'], body: said };
  const { file, body, status, headers, wait, ...rest } = said;
  if (file) return { type: TYPES[extname(file)], body: await readFile(join(ROOT, file)), status, headers, wait };
  if (body !== undefined || status || headers) return { type: TYPES[extname(path)] ?? TYPES['.html'], body, status, headers, wait };
  return { type: TYPES['.json'], body: JSON.stringify(rest) };
}

/** The script tag, with these attributes besides its address. */
export function tag(attributes = {}, src = '/dist/footstep.js') {
  const text = Object.entries(attributes).map(([name, value]) => ` data-${name}="${value}"`).join('');
  return `<script async src="${src}"${text}></script>`;
}

/** A page. */
export function html(body, head = '') {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fixture</title>${head}</head><body>${body}</body></html>`;
}
