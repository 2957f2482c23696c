/**
 * A collector made for tests: a real HTTP server on its own origin that keeps every batch it is sent, holds each to
 * the published schema, and misbehaves when told to.
 */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import Ajv from 'ajv/dist/2020.js';

const schema = JSON.parse(readFileSync(new URL('../../../schema/batch.v1.json', import.meta.url), 'utf8'));
const valid = new Ajv({ allErrors: true, strict: false }).compile(schema);

/** How long to wait for an arrival before the test fails with what did arrive. */
const PATIENCE = 15_000;

/**
 * Starts a sink. `answer(batch, number)` says what becomes of a request: a status (204 unless said otherwise),
 * `{ status, headers }`, `'hangup'` (not taken, no answer), `'cut'` (taken, but the answer never arrives), or a
 * promise of one of these.
 */
export async function startSink(answer = () => 204) {
  const sink = new Sink(answer);
  const server = createServer((request, response) => void sink.receive(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  sink.server = server;
  sink.origin = `http://127.0.0.1:${server.address().port}`;
  sink.url = `${sink.origin}/v1/batch`;
  return sink;
}

class Sink {
  /** All requests with a body, taken or not: { method, path, headers, time, body, bytes, batch, taken }. */
  batches = [];
  /** Preflights. */
  options = 0;
  /** What was wrong with what arrived. */
  problems = [];
  #waiting = new Set();

  constructor(answer) {
    this.answer = answer;
  }

  async receive(request, response) {
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    if (request.method === 'OPTIONS') {
      this.options += 1;
      return response.writeHead(204, cors).end();
    }
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // The page went before its request was whole.
    }
    const raw = Buffer.concat(chunks);
    const { method, url: path, headers } = request;
    const entry = { method, path, headers, time: Date.now(), body: raw.toString('utf8'), bytes: raw.length, taken: false };
    entry.batch = this.#read(entry);
    this.batches.push(entry);
    for (const look of this.#waiting) look();
    const answer = await this.answer(entry.batch, this.batches.length, entry);
    const { status = 204, headers: more = {} } = typeof answer === 'object' ? answer : { status: answer };
    entry.taken = answer === 'cut' || (status >= 200 && status < 300);
    entry.status = status;
    for (const look of this.#waiting) look();
    if (answer === 'hangup' || answer === 'cut') return request.socket.destroy();
    response.writeHead(status, { ...cors, ...more }).end();
  }

  #read({ method, path, headers, body }) {
    if (method !== 'POST') this.problems.push(`${method} ${path}`);
    if (headers.cookie) this.problems.push(`a cookie came along: ${headers.cookie}`);
    try {
      const batch = JSON.parse(body);
      if (!valid(batch)) this.problems.push(`${JSON.stringify(valid.errors, null, 1)}\nin ${body.slice(0, 2000)}`);
      return batch;
    } catch (error) {
      this.problems.push(`${error.message} in ${body.slice(0, 500)}`);
      return { events: [] };
    }
  }

  /** The events of the batches that were taken, each (id, rev) once, in the order of their numbers. */
  get arrived() {
    const seen = new Map();
    for (const { batch, taken } of this.batches) {
      if (!taken) continue;
      for (const event of batch.events) {
        const key = `${event.id} ${event.rev}`;
        if (!seen.has(key)) seen.set(key, { ...event, stream: batch.stream, site: batch.site });
      }
    }
    const streams = [...new Set([...seen.values()].map((event) => event.stream))];
    return [...seen.values()].sort((a, b) => streams.indexOf(a.stream) - streams.indexOf(b.stream) || a.seq - b.seq);
  }

  /** What arrived, as `name` or `name(percent)`, without the page views: what a test compares with its own list. */
  get names() {
    return this.arrived.filter((event) => event.kind !== 'page').map(({ name, trigger }) => (trigger?.percent ? `${name}(${trigger.percent})` : name));
  }

  /** Waits until `holds(arrived)`; `what` says in words what is waited for. */
  until(holds, what) {
    return new Promise((resolve, reject) => {
      const end = (act) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        act();
      };
      const look = () => {
        const { arrived } = this;
        if (holds(arrived)) end(() => resolve(arrived));
      };
      const timer = setTimeout(() => end(() => reject(new Error(`waited for ${what}; ${this.batches.length} batches came, with: ${this.names.join(', ') || 'nothing'}`))), PATIENCE);
      this.#waiting.add(look);
      look();
    });
  }

  /** Waits until `count` events that are no page views have arrived. */
  async events(count) {
    const steps = (arrived) => arrived.filter((event) => event.kind !== 'page');
    return steps(await this.until((arrived) => steps(arrived).length >= count, `${count} events`));
  }

  /** Waits for an event of that name; returns everything that arrived before it in its stream. */
  async named(name) {
    const arrived = await this.until((all) => all.some((event) => event.name === name), name);
    return arrived.filter((event) => event.name !== name);
  }

  /** Waits until `count` requests have come, taken or not. */
  requests(count) {
    return this.until(() => this.batches.length >= count, `${count} requests`);
  }

  /** Numbers that neither arrived nor were reported as dropped, as `stream seq`, up to the last that arrived. */
  get gaps() {
    const streams = new Map();
    const known = (stream, seq) => streams.set(stream, (streams.get(stream) ?? new Set()).add(seq));
    for (const { stream, seq } of this.arrived) known(stream, seq);
    for (const { batch } of this.batches.filter(({ taken }) => taken)) {
      for (const { from, to } of batch.dropped ?? []) for (let seq = from; seq <= to; seq += 1) known(batch.stream, seq);
    }
    return [...streams].flatMap(([stream, seqs]) =>
      Array.from({ length: Math.max(...seqs) }, (_, i) => i + 1).filter((seq) => !seqs.has(seq)).map((seq) => `${stream} ${seq}`));
  }

  /** Ends; fails if any batch broke the format. */
  async close() {
    this.server.closeAllConnections();
    this.server.close();
    if (this.problems.length) throw new Error(`the sink was sent what it should not be:\n${this.problems.join('\n')}`);
  }
}
