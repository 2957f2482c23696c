// Made from the table in src/formats by `npm run generate`. Do not edit.

/** Where events are sent. */
export type Collector = FootstepCollector | JsonCollector | NdjsonCollector | CloudeventsCollector | SegmentCollector | SnowplowCollector | Ga4Collector | MatomoCollector | PosthogCollector | AmplitudeCollector | MixpanelCollector | PlausibleCollector | UmamiCollector | OtlpCollector | KafkaCollector | ClickhouseCollector;

/** What every collector may say. */
export interface CommonWords {
  /** An absolute URL, or one relative to the page. */
  url: string;
  /** The only events it gets, by name. */
  names?: string[];
  /** It gets macro-conversions only. */
  onlyMacro?: boolean;
  /** Of how many visitors it hears, in percent; always the same ones. */
  sample?: number;
  /** What it is for, in the site's own word: it gets nothing where `consent('granted', [...])` does not name that. */
  purpose?: string;
}

/** Footstep's own format. */
export interface FootstepCollector extends CommonWords {
  format?: 'footstep';
  outcomes?: never;
  resend?: never;
}

/** What every other collector may say. */
export interface CollectorWords extends CommonWords {
  /** Names this collector gets in place of a conversion's own. */
  events?: Record<string, string>;
  /** Properties it gets under another name: from a path such as `page.url` to a name. */
  rename?: Record<string, string>;
  /** Paths of properties it does not get. */
  drop?: string[];
  /** Properties each of its events gets. */
  constants?: Record<string, unknown>;
  /** Headers of its requests; `{path}` is filled in. Any header makes the browser ask the server first. */
  headers?: Record<string, string>;
  /** A template of the body, in place of the usual one; the events stand in its last empty list. */
  body?: unknown;
  /** A template of an event, in place of the usual one. */
  each?: unknown;
  /** The type its requests claim, in place of the usual one. */
  contentType?: string;
}

/** A JSON list of events, for an endpoint of one's own. */
export interface JsonCollector extends CollectorWords {
  format: 'json';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** One event a request, and no list around it. */
  single?: boolean;
}

/** One JSON event a line, for log pipelines. */
export interface NdjsonCollector extends CollectorWords {
  format: 'ndjson';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
}

/** CloudEvents 1.0, batched mode. */
export interface CloudeventsCollector extends CollectorWords {
  format: 'cloudevents';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The `source` of its events; the page's origin unless said. */
  source?: string;
  /** What stands before the name in `type`; `footstep.` unless said. */
  typePrefix?: string;
}

/** Segment's tracking API, which RudderStack, Jitsu and Hightouch speak too. */
export interface SegmentCollector extends CollectorWords {
  format: 'segment';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The source's write key. */
  writeKey: string;
  /** `rudderstack` where the time of an event is called `originalTimestamp`. */
  dialect?: 'segment' | 'rudderstack';
}

/** The Snowplow collector. */
export interface SnowplowCollector extends CollectorWords {
  format: 'snowplow';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The application's id, `aid`; the site's name unless said. */
  appId?: string;
  /** The schema of steps, as published in one's registry; without it they are structured events. */
  schema?: string;
  /** Whether steps about products are events of Snowplow's ecommerce schemas where they hold all these ask for. */
  ecommerce?: boolean;
}

/** Google Analytics 4, Measurement Protocol, by way of a tagging server or a proxy. */
export interface Ga4Collector extends CollectorWords {
  format: 'ga4';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The data stream's id, `G-...`. */
  measurementId: string;
  /** The protocol's secret: for tests only. A server of one's own should add it. */
  apiSecret?: string;
  /** The client id Google's tag uses on this page; made of the visitor's id unless said. */
  clientId?: string;
  /** What the requests say about consent to advertising. */
  adConsent?: Record<string, unknown>;
}

/** Matomo's tracking API. */
export interface MatomoCollector extends CollectorWords {
  format: 'matomo';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The website's number. */
  siteId: number | string;
  /** Numbers of goals by the names of conversions that reach them. */
  goals?: Record<string, number>;
  /** Numbers of custom dimensions by the names of properties that fill them. */
  dimensions?: Record<string, number>;
}

/** PostHog's capture API. */
export interface PosthogCollector extends CollectorWords {
  format: 'posthog';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The project's API key, which begins with `phc_`. */
  apiKey: string;
}

/** Amplitude's HTTP API. */
export interface AmplitudeCollector extends CollectorWords {
  format: 'amplitude';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The project's API key. */
  apiKey: string;
}

/** Mixpanel's event ingestion. */
export interface MixpanelCollector extends CollectorWords {
  format: 'mixpanel';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The project's token. */
  token: string;
}

/** Plausible's events API. */
export interface PlausibleCollector extends CollectorWords {
  format: 'plausible';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The site as Plausible knows it; the page's host unless said. */
  domain?: string;
}

/** Umami's batch endpoint. */
export interface UmamiCollector extends CollectorWords {
  format: 'umami';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The website's id. */
  websiteId: string;
}

/** OpenTelemetry logs over HTTP, as JSON. */
export interface OtlpCollector extends CollectorWords {
  format: 'otlp';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The resource's `service.name`; the site's name unless said. */
  service?: string;
}

/** A topic of Kafka, by a REST proxy behind a gateway. */
export interface KafkaCollector extends CollectorWords {
  format: 'kafka';
  /** Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said. */
  outcomes?: 'confirmed' | 'all';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The version of the proxy's API; 2 unless said. */
  version?: 2 | 3;
}

/** A table of ClickHouse, by its HTTP interface. */
export interface ClickhouseCollector extends CollectorWords {
  format: 'clickhouse';
  /** What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by. */
  resend?: boolean;
  /** The table, such as `shop.footsteps`. */
  table: string;
  /** A user that may insert into that table and do nothing else. */
  user?: string;
  /** Its password, which everybody can read in the page. */
  password?: string;
}
