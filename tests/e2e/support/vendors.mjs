/**
 * Collectors that are not ours, on one origin: each path keeps what it is sent, answers preflights as a vendor with CORS
 * does, and says what the test tells it to say. What a page sends besides its events is held to: no cookies.
 */

import { createServer } from 'node:http';
import { once } from 'node:events';

/** How long to wait for a request before the test fails with what did come. */
const PATIENCE = 15_000;

/**
 * Starts them. `answers`: path -> what the request gets: a status, `{ status, body, headers }`, `'cut'` (taken, no answer),
 * a promise of one of these, or a function of (body, how many that path has had) returning one of these. 200 unless said.
 */
export async function startVendors(answers = {}) {
  const vendors = new Vendors(answers);
  const server = createServer((request, response) => void vendors.receive(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vendors.server = server;
  vendors.origin = `http://127.0.0.1:${server.address().port}`;
  return vendors;
}

class Vendors {
  /** All requests with a body: { path, query, type, headers, body }. */
  requests = [];
  /** Paths that were asked beforehand. */
  preflights = [];
  problems = [];
  #waiting = new Set();

  constructor(answers) {
    this.answers = answers;
  }

  async receive(request, response) {
    const { pathname: path, searchParams } = new URL(request.url, this.origin);
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type, x-site', 'access-control-expose-headers': '*' };
    if (request.method === 'OPTIONS') {
      this.preflights.push(path);
      return response.writeHead(204, cors).end();
    }
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // The page went before its request was whole.
    }
    const { headers } = request;
    if (headers.cookie) this.problems.push(`a cookie came along: ${headers.cookie}`);
    this.requests.push({ path, query: Object.fromEntries(searchParams), type: headers['content-type'], headers, body: Buffer.concat(chunks).toString('utf8') });
    for (const look of this.#waiting) look();
    let answer = this.answers[path] ?? 200;
    if (typeof answer === 'function') answer = answer(this.to(path).at(-1), this.to(path).length);
    answer = await answer;
    if (answer === 'cut') return request.socket.destroy();
    const { status = 200, body = '', headers: more = {} } = typeof answer === 'object' ? answer : { status: answer };
    response.writeHead(status, { 'content-type': 'application/json', ...cors, ...more }).end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  /** The bodies a path has been sent, parsed. */
  to(path) {
    return this.requests.filter((request) => request.path === path).map(({ body }) => JSON.parse(body));
  }

  /** Waits until `holds()`; `what` says in words what is waited for. */
  until(holds, what) {
    return new Promise((resolve, reject) => {
      const end = (act) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        act();
      };
      const look = () => { if (holds()) end(resolve); };
      const came = () => this.requests.map(({ path, body }) => `${path} ${body.slice(0, 300)}`).join('\n');
      const timer = setTimeout(() => end(() => reject(new Error(`waited for ${what}; there came:\n${came()}`))), PATIENCE);
      this.#waiting.add(look);
      look();
    });
  }

  /** Waits until a path has had so many requests; returns their bodies. */
  async had(path, count) {
    await this.until(() => this.to(path).length >= count, `${count} requests to ${path}`);
    return this.to(path);
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
    if (this.problems.length) throw new Error(this.problems.join('\n'));
  }
}
