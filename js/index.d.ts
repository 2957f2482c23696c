/** Footstep: hears the small steps that lead to a sale. */

import type { Config } from './config.js';

export type * from './config.js';

/** Starts on this page. The first call starts, later ones return the same tracker; on a server nothing happens. */
export function start(config?: Config): Footstep;

/** A running tracker. No call throws, and none has to wait for another: calls made before the core is there are kept. */
export interface Footstep {
  /** Resolves, never rejects, once the core runs or cannot run (`engine: 'none'`). */
  readonly ready: Promise<{ engine: 'wasm' | 'none'; diagnostics: Diagnostic[] }>;
  /** A step named by code. A conversion of that name in the config lends it its value, currency and kind. */
  track(name: string, properties?: Properties): void;
  /** Calls back for every conversion on this page, at once. */
  on(type: 'conversion', callback: (event: ConversionEvent) => void): void;
  /**
   * The visitor has decided. `denied` erases what is stored and drops what waits. With `purposes`, consent is given for
   * these only: collectors whose `purpose` is none of them get nothing, and what waits for them is dropped.
   */
  consent(decision: 'granted' | 'denied', purposes?: string[]): void;
  /** Sends what waits now; resolves when every request has been answered or has failed. */
  flush(): Promise<{ acknowledged: number; waiting: number; dropped: number }>;
  /** How things stand: every event there was is in one of these counts. */
  stats(): Stats;
  /** Sends what waits as if the page ended, and takes every listener and timer away. */
  stop(): void;
}

/** What code says of a step. `value` (a number) and `currency` (ISO 4217) have places of their own in the event. */
export interface Properties {
  value?: number;
  currency?: string;
  [name: string]: unknown;
}

/** A conversion, as callbacks get it. */
export interface ConversionEvent {
  id: string;
  rev: number;
  kind: 'micro' | 'macro' | 'custom';
  name: string;
  phase: 'attempted' | 'confirmed' | 'failed' | 'unknown';
  /** Wall clock, ms since 1970. */
  at: number;
  /** Milliseconds since the page started. */
  mono: number;
  page: { id: string; url: string; title?: string; referrer?: string; route?: string };
  value?: number;
  currency?: string;
  leadsTo?: string;
  properties?: Record<string, unknown>;
  trigger?: { on: string; [fact: string]: unknown };
  /** Of an outcome: when the attempt was made, and what showed how it ended. */
  attempt?: { at: number; by?: string; what?: string; repeats?: number };
  untrusted?: true;
}

/** Something wrong with the config or a call. The words for each code are in `footstep/messages.json`. */
export interface Diagnostic {
  code: string;
  /** Where: a path in the config, such as `conversions.newsletter_signup.on`. */
  path: string;
  args: string[];
}

/** Counts by drop reason. */
export type Dropped = Record<string, number>;

/** For each collector, `created = acknowledged + waiting + dropped` at every moment. */
export interface Stats {
  engine: 'wasm' | 'none';
  consent: 'unknown' | 'granted' | 'denied';
  /** `local` storage, `memory` where it is forbidden, `closed` while consent or the first event is awaited. */
  storage: 'local' | 'memory' | 'closed';
  /** Events that wait for consent or for storage, outside of every stream. */
  held: number;
  /** Attempts of this tab whose outcome is not known yet. */
  pending: number;
  /** Events dropped before they belonged to a stream. */
  dropped: Dropped;
  ignored: { untrusted?: number; repeat?: number; late?: number };
  collectors: { url: string; created: number; acknowledged: number; waiting: number; dropped: Dropped }[];
  diagnostics: Diagnostic[];
}
