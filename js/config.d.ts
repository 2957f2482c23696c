// Made from the tables in src/triggers, src/reads and src/evidence by `npm run generate`. Do not edit.

import type { Collector } from './collectors.js';

export type * from './collectors.js';

/** What counts on this site, and where it is sent. */
export interface Config {
  $schema?: string;
  /** The site's name. */
  site?: string;
  /** Where events are sent. */
  collectors?: Collector[];
  /** Whether events may be recorded before the visitor has been asked. */
  consent?: { mode: 'none' | 'opt-in' | 'opt-out' };
  /** What of the URL, besides the path, is the page's identity and may leave the page. */
  page?: { query?: string[]; hash?: boolean };
  /** Whether frames of the same origin belong to the page; others are never touched. */
  frames?: boolean;
  /** Conversions that come ready-made: their names, or presets as they are. */
  presets?: (string | Preset)[];
  /** Whether each page view is an event; true unless said. */
  pageViews?: boolean;
  /** How many records are kept for each collector while it cannot be reached; 500 unless said. */
  maxStored?: number;
  /** What becomes of events made by a script instead of a hand. */
  untrusted?: 'ignore' | 'count';
  /** The steps that count, by name. `false` switches one off. */
  conversions?: Record<string, Conversion | false>;
}

/** Conversions that come ready-made, in the same words. */
export interface Preset {
  $schema?: string;
  name?: string;
  /** What it counts, in one plain sentence. */
  what?: string;
  /** Which markup of which software it stands on. */
  markup?: string[];
  conversions: Record<string, Conversion | false>;
}

/** How what was read is understood, and whether it counts minor units such as cents. */
export interface Typed {
  as?: 'string' | 'number' | 'integer' | 'money';
  minor?: boolean;
}

/** Where a property is read from. */
export type Read = Typed & (
  /** The text of an attribute of the element that was hit, or of the element `of` names. */
  | { attribute: string; of?: string; constant?: never; datalayer?: never; jsonld?: never; microdata?: never; opengraph?: never; text?: never; url?: never }
  /** Always this value. */
  | { constant: unknown; attribute?: never; datalayer?: never; jsonld?: never; microdata?: never; opengraph?: never; text?: never; url?: never }
  /** A path in the page's data layer, such as `ecommerce.value`. */
  | { datalayer: string; attribute?: never; constant?: never; jsonld?: never; microdata?: never; opengraph?: never; text?: never; url?: never }
  /** A path in the product that the page describes as JSON-LD, such as `offers.price`. */
  | { jsonld: string; attribute?: never; constant?: never; datalayer?: never; microdata?: never; opengraph?: never; text?: never; url?: never }
  /** A path in the product that the page describes as microdata, such as `offers.price`. */
  | { microdata: string; attribute?: never; constant?: never; datalayer?: never; jsonld?: never; opengraph?: never; text?: never; url?: never }
  /** A `meta` property of the page, such as `product:price:amount`. */
  | { opengraph: string; attribute?: never; constant?: never; datalayer?: never; jsonld?: never; microdata?: never; text?: never; url?: never }
  /** The text of the element that this selector names: inside or around the one that was hit, else on the page. */
  | { text: string; attribute?: never; constant?: never; datalayer?: never; jsonld?: never; microdata?: never; opengraph?: never; url?: never }
  /** The segment of the page's path that stands in braces in this pattern. */
  | { url: string; attribute?: never; constant?: never; datalayer?: never; jsonld?: never; microdata?: never; opengraph?: never; text?: never }
);

/** What shows how an attempt ended. */
export type Evidence =
  /** An element that this selector names becomes rendered, on screen or not. */
  | { visible: string; url?: never; event?: never; datalayer?: never; response?: never; text?: never }
  /** The visitor comes to a page whose URL this pattern means. */
  | { url: string; visible?: never; event?: never; datalayer?: never; response?: never; text?: never }
  /** The page dispatches this event, or triggers it by jQuery. */
  | { event: string; match?: string; visible?: never; url?: never; datalayer?: never; response?: never; text?: never }
  /** The page pushes this event onto its data layer. */
  | { datalayer: string; layer?: string; visible?: never; url?: never; event?: never; response?: never; text?: never }
  /** A request whose URL this pattern means is answered. */
  | { response: string; method?: string; status?: string; has?: string; lacks?: string; visible?: never; url?: never; event?: never; datalayer?: never; text?: never }
  /** This text becomes rendered. */
  | { text: string; in?: string; visible?: never; url?: never; event?: never; datalayer?: never; response?: never };

/** What every conversion may say besides its trigger. */
export interface Common {
  /** How often it may count: each time, once per element, page view, visit, visitor or order (by the property `order`). */
  once?: 'event' | 'element' | 'page' | 'session' | 'visitor' | 'order';
  /** The how many-th time it counts: `5` with `per: session` counts once, at the fifth. */
  count?: number;
  /** Over what `count` runs: a page view, a visit, all visits. */
  per?: 'page' | 'session' | 'visitor';
  /** Only times on different pages add to `count`. */
  distinct?: boolean;
  /** What it is worth, in `currency` or in points. */
  value?: number;
  /** ISO 4217 code of the value's currency. */
  currency?: string;
  /** It is what the other steps lead to: a purchase, a contract, a trial. */
  macro?: boolean;
  /** The macro-conversion this step leads to. */
  leadsTo?: string;
  /** Properties to read when it happens. `value` and `currency` take the place of the constants. */
  read?: Record<string, Read>;
}

/** What every way to recognise a conversion may say. */
export interface Way {
  /** On which pages: a pattern for the path. `*` stands for anything within a segment, `**` for any segments, `{name}` for a segment that can be read. */
  url?: string;
  /** What shows that it succeeded, any of it; `unseen` if no page of the site can. */
  confirm?: 'unseen' | Evidence | Evidence[];
  /** What shows that it failed, any of it. If both are seen at once, this weighs more. */
  fail?: Evidence | Evidence[];
  /** How long that may take, such as `10s`; then it is `unknown`. */
  within?: string;
  /** What becomes of events made by a script instead of a hand. */
  untrusted?: 'ignore' | 'count';
}

/** A field was changed. Its content is never read; `:valid` in the selector asks whether it is valid. */
export interface ChangeConversion extends Way {
  on: 'change';
  /** Which fields. */
  match: string;
}

/** A press on an element, by mouse (left or middle), finger, pen or keyboard. */
export interface ClickConversion extends Way {
  on: 'click';
  /** Which elements. Anything inside them counts as well. */
  match: string;
}

/** Code on the page calls `footstep.track()` with the conversion's name. Any conversion can be tracked from code; this one by nothing else. */
export interface CustomConversion extends Way {
  on: 'custom';
}

/** The page pushes an event onto its data layer, by `dataLayer.push()` or `gtag()`; Universal Analytics' names are translated to those of GA4. */
export interface DatalayerConversion extends Way {
  on: 'datalayer';
  /** The event's name as GA4 has it, such as `add_to_cart`. */
  event: string;
  /** The name of the array; `dataLayer` if it is left out. */
  layer?: string;
}

/** A press on a link to a file: one with a `download` attribute, or one that ends like a file. */
export interface DownloadConversion extends Way {
  on: 'download';
  /** Only these links. */
  match?: string;
  /** Endings of files, such as `pdf`, instead of the usual ones. */
  extensions?: string | string[];
}

/** The visitor has been active on the page for so long; time hidden or idle does not count. */
export interface EngagedConversion extends Way {
  on: 'engaged';
  /** Active seconds. Each is reported once per page view. */
  seconds?: number | number[];
}

/** The page dispatches a DOM event, or triggers one by jQuery, such as its own `added-to-cart`. */
export interface EventConversion extends Way {
  on: 'event';
  /** The event's name (its `type`). */
  event: string;
  /** Only on these elements, or anything inside them. */
  match?: string;
}

/** The mouse leaves the page at its top, as before closing the tab; once per page view. */
export interface ExitConversion extends Way {
  on: 'exit';
}

/** A video or audio element begins to play (without `percent`), or a part of it has been watched. */
export interface MediaConversion extends Way {
  on: 'media';
  /** Which players; every one if it is left out. */
  match?: string;
  /** Parts of the length, above 0 and up to 100, each reported once per player and page view. */
  percent?: number | number[];
  /** Seconds watched, each reported once; for players without an end. */
  seconds?: number | number[];
  /** Players in frames as well: `youtube`, `vimeo`. */
  players?: string | string[];
  /** `watched` (unless said otherwise): each second that was really played, once. `position`: how far the player came, seeking included. */
  measure?: 'watched' | 'position';
}

/** A press on a link that leads to another host. */
export interface OutboundConversion extends Way {
  on: 'outbound';
  /** Only these links. */
  match?: string;
  /** Only links to these domains and their subdomains, such as `youtube.com`. */
  domains?: string | string[];
}

/** A page is viewed; `url` says which. */
export interface PageConversion extends Way {
  on: 'page';
}

/** The visitor allows notifications when the browser asks. */
export interface PermissionConversion extends Way {
  on: 'permission';
}

/** A request of the page was answered, well unless `status` says otherwise. */
export interface ResponseConversion extends Way {
  on: 'response';
  /** Which requests: a pattern for their path, or whole URL. */
  request: string;
  /** Only this method, such as `POST`. */
  method?: string;
  /** The status, such as `201`, `4xx`; `2xx` if it is left out. */
  status?: string;
  /** A path in the answer's JSON that must hold something, such as `items.0`. */
  has?: string;
  /** A path in the answer's JSON that must hold nothing, such as `error`. */
  lacks?: string;
}

/** The visitor has scrolled so far that a part of the page, or of one element, has been seen. */
export interface ScrollConversion extends Way {
  on: 'scroll';
  /** Parts of the height, above 0 and up to 100. Each is reported once per page view. */
  percent?: number | number[];
  /** Heights in CSS pixels from the top. Each is reported once per page view. */
  pixels?: number | number[];
  /** The element to measure; the whole page if it is left out. */
  of?: string;
  /** `x`: sideways, from left to right. `y` unless said. */
  axis?: 'y' | 'x';
}

/** A page of search results is viewed: one whose URL holds a search term. */
export interface SearchConversion extends Way {
  on: 'search';
  /** The query keys that hold the term, instead of the usual ones. */
  query?: string | string[];
  /** Whether the term itself is told; it may be private. */
  term?: boolean;
}

/** A form is sent: by its button, by Enter, by `requestSubmit()`, or by `submit()` if the page is left by it. Invalid forms do not count. */
export interface SubmitConversion extends Way {
  on: 'submit';
  /** Which forms. */
  match: string;
  /** Only if sent by one of these buttons. */
  submitter?: string;
}

/** An element has been on screen, so much of it and for so long; each element once per page view. */
export interface VisibleConversion extends Way {
  on: 'visible';
  /** Which elements. */
  match: string;
  /** How much of it, or of the screen if it is larger than that; 50 unless said. */
  percent?: number | number[];
  /** For how long without a break; 1 unless said. */
  seconds?: number | number[];
}

/** What sets a conversion off. */
export type Trigger = ChangeConversion | ClickConversion | CustomConversion | DatalayerConversion | DownloadConversion | EngagedConversion | EventConversion | ExitConversion | MediaConversion | OutboundConversion | PageConversion | PermissionConversion | ResponseConversion | ScrollConversion | SearchConversion | SubmitConversion | VisibleConversion;

/** A step that counts: with one trigger, or with any of several, the best first. */
export type Conversion = Common & (Trigger | { any: Trigger[] });
