/**
 * What stands between the pages and the collector: hands each batch on and the answer back, and keeps a list of what
 * was sent when. It can be shut, with the collector killed behind it, and it can refuse. What arrived is not for it to
 * say: that is read from the collector's own table.
 */

import http from 'node:http';
import { once } from 'node:events';
import { startCollector } from '../../tests/e2e/support/collector.mjs';

const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };

export async function startGate() {
  const gate = new Gate(await startCollector());
  gate.port = await listen(gate.server);
  gate.url = `http://127.0.0.1:${gate.port}/v1/batch`;
  return gate;
}

/** On a port that systems do not hand out: while nobody listens there, nobody else is given it. */
async function listen(server) {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return port;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
}

class Gate {
  /** Each batch as it came: when it was sent, by the page's clock, and the ids of its records. */
  batches = [];
  /** Refuses with this status. */
  status = 0;
  #held;
  #watching = new Set();
  #agent = new http.Agent({ keepAlive: true });

  constructor(collector) {
    this.collector = collector;
    this.server = http.createServer((request, response) => void this.#take(request, response).catch(() => response.destroy()));
  }

  async #take(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { sent, events } = JSON.parse(body);
    this.batches.push({ sent: sent.at, ids: events.map(({ id, rev }) => `${id} ${rev}`) });
    response.on('finish', () => this.#look());
    if (this.status) return response.writeHead(this.status, CORS).end();
    const { statusCode, headers } = await this.#pass(request, body);
    await this.#held;
    response.writeHead(statusCode, headers).end();
  }

  #pass({ method, url, headers }, body) {
    return new Promise((resolve, reject) => {
      const onward = http.request(this.collector.origin + url, { method, headers, agent: this.#agent }, (answer) => {
        answer.resume().on('end', () => resolve(answer)).on('error', reject);
      });
      onward.on('error', reject).end(body);
    });
  }

  #look() {
    for (const look of this.#watching) look();
  }

  /** Resolves once `holds()`, which is looked at whenever a batch was answered; with false if that takes too long. */
  until(holds, patience) {
    return new Promise((resolve, reject) => {
      let looking = Promise.resolve();
      const end = (found) => {
        clearTimeout(timer);
        this.#watching.delete(look);
        resolve(found);
      };
      const look = () => { looking = looking.then(async () => (await holds()) && end(true)).catch(reject); };
      const timer = setTimeout(() => end(false), patience);
      this.#watching.add(look);
      look();
    });
  }

  /** The collector is not there: `how` is `refuses` (killed, nobody listens) or a status that is answered instead. */
  async down(how) {
    if (how !== 'refuses') {
      this.status = how;
      return;
    }
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await Promise.all([closed, this.collector.kill()]);
  }

  /** The collector takes what it is sent, and no answer goes back until the function that is returned is called. */
  hold() {
    let release;
    this.#held = new Promise((resolve) => { release = resolve; });
    return release;
  }

  /** It is back, with what it had. */
  async up() {
    this.status = 0;
    if (this.server.listening) return;
    await this.collector.start();
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Records that were sent again although a page had seen, at the time that `seen` says, that they are there. */
  needless(seen) {
    const again = ({ sent, ids }) => ids.filter((id) => sent > seen[id]);
    return this.batches.flatMap(again).length;
  }

  async close() {
    this.#agent.destroy();
    this.server.closeAllConnections();
    this.server.close();
    await this.collector.stop();
  }
}
