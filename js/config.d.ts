// Made from the tables in src/triggers, src/reads and src/formats by `npm run generate`. Do not edit.

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
  /** Whether each page view is an event; true unless said. */
  pageViews?: boolean;
  /** What becomes of events made by a script instead of a hand. */
  untrusted?: 'ignore' | 'count';
  /** The steps that count, by name. `false` switches one off. */
  conversions?: Record<string, Conversion | false>;
}

/** Where events are sent. */
export interface Collector {
  /** An absolute URL, or one relative to the page. */
  url: string;
  /** How events are written; the first unless said. */
  format?: 'footstep';
}

/** Where a property is read from. */
export type Read =
  /** The text of an attribute of the element that was hit. */
  | { attribute: string; constant?: never; url?: never }
  /** Always this value. */
  | { constant: unknown; attribute?: never; url?: never }
  /** The segment of the page's path that stands in braces in this pattern. */
  | { url: string; attribute?: never; constant?: never };

/** What every conversion may say besides its trigger. */
export interface Common {
  /** On which pages: a pattern for the path. `*` stands for anything within a segment, `**` for any segments, `{name}` for a segment that can be read. */
  url?: string;
  /** How often it may count: each time, once per element, or once per page view. */
  once?: 'event' | 'element' | 'page';
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
  /** What becomes of events made by a script instead of a hand. */
  untrusted?: 'ignore' | 'count';
}

/** A press on an element, by mouse (left or middle), finger, pen or keyboard. */
export interface ClickConversion extends Common {
  on: 'click';
  /** Which elements. Anything inside them counts as well. */
  match: string;
}

/** Code on the page calls `footstep.track()` with the conversion's name. Any conversion can be tracked from code; this one by nothing else. */
export interface CustomConversion extends Common {
  on: 'custom';
}

/** The page dispatches a DOM event, such as its own `added-to-cart`. */
export interface EventConversion extends Common {
  on: 'event';
  /** The event's name (its `type`). */
  event: string;
  /** Only on these elements, or anything inside them. */
  match?: string;
}

/** A video or audio element begins to play (without `percent`), or a part of it has been watched. */
export interface MediaConversion extends Common {
  on: 'media';
  /** Which players; every one if it is left out. */
  match?: string;
  /** Parts of the length, above 0 and up to 100, each reported once per player and page view. */
  percent?: number | number[];
  /** `watched` (unless said otherwise): each second that was really played, once. `position`: how far the player came, seeking included. */
  measure?: 'watched' | 'position';
}

/** A page is viewed; `url` says which. */
export interface PageConversion extends Common {
  on: 'page';
}

/** The visitor has scrolled so far that a part of the page, or of one element, has been seen. */
export interface ScrollConversion extends Common {
  on: 'scroll';
  /** Parts of the height, above 0 and up to 100. Each is reported once per page view. */
  percent?: number | number[];
  /** Heights in CSS pixels from the top. Each is reported once per page view. */
  pixels?: number | number[];
  /** The element to measure; the whole page if it is left out. */
  of?: string;
}

/** A form is sent: by its button, by Enter or by `requestSubmit()`. Invalid forms do not count. */
export interface SubmitConversion extends Common {
  on: 'submit';
  /** Which forms. */
  match: string;
}

/** A step that counts. */
export type Conversion = ClickConversion | CustomConversion | EventConversion | MediaConversion | PageConversion | ScrollConversion | SubmitConversion;
