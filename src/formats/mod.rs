//! How events are written for a collector: one pure file per wire format, one row each.
//!
//! A batch is written once, in the `footstep` format. For a collector that wants another one, an encoder makes that
//! collector's requests of it, and judges the answers. A format knows nothing of queues, retries or transport. To add
//! one: a file here, its `mod` line and its row in [`ENCODERS`] and [`FORMATS`].

use crate::model::batch::Context;
use crate::model::delivery::{Encoded, Job, Judgement, Outcome, Request};
use crate::model::dropped::{DropReason, Dropped};
use crate::model::event::{Event, text_at};
use crate::model::mapping::{filled, mapped};
use crate::model::record::Record;
use crate::model::text::{cut, write_percent};
use crate::model::time::Now;
use crate::model::uuid::Uuid;
use crate::model::value::{Object, Value};

mod amplitude;
mod clickhouse;
mod cloudevents;
pub mod footstep;
mod ga4;
mod json;
mod kafka;
mod matomo;
mod mixpanel;
mod ndjson;
mod otlp;
mod plausible;
mod posthog;
mod segment;
mod snowplow;
mod umami;

/// What a batch says besides its events.
pub struct Header<'a> {
    /// The site's name.
    pub site: Option<&'a str>,
    /// When the request is made.
    pub sent: Now,
    /// The stream the sequence numbers belong to.
    pub stream: Uuid,
    /// About the browser.
    pub context: &'a Context,
    /// Numbers that will never arrive.
    pub dropped: &'a [Dropped],
    /// Codes of what is wrong with the config.
    pub diagnostics: &'a [&'a str],
}

/// A format's place in the table.
pub struct Row {
    /// The word after `format`.
    pub name: &'static str,
    /// Writes as many of the events, in order, as fit into `limit` bytes; returns the body and their number.
    pub encode: Encode,
}

/// See [`Row::encode`].
pub type Encode = fn(
    header: &Header<'_>,
    events: &mut dyn Iterator<Item = (u64, &Record)>,
    limit: usize,
) -> (String, usize);

/// Formats the batch itself is written in. The first is meant where a config names none.
pub const ROWS: &[Row] = &[Row { name: "footstep", encode: footstep::encode }];

/// What delivery must know of a format, wherever its encoder is.
pub struct Format {
    /// The word after `format`.
    pub name: &'static str,
    /// What its collectors do with a second record of a conversion.
    pub outcome: Outcome,
    /// Whether sending the same events again counts them once. Where not, what may have arrived is not sent again
    /// unless the owner says so.
    pub idempotent: bool,
}

const fn format(name: &'static str, outcome: Outcome, idempotent: bool) -> Format {
    Format { name, outcome, idempotent }
}

/// Every format there is.
pub const FORMATS: &[Format] = &[
    format("footstep", Outcome::Replace, true),
    format("json", Outcome::FinalOnly, false),
    format("ndjson", Outcome::FinalOnly, false),
    format("cloudevents", Outcome::FinalOnly, true),
    format("segment", Outcome::FinalOnly, true),
    format("snowplow", Outcome::FinalOnly, true),
    format("ga4", Outcome::FinalOnly, false),
    format("matomo", Outcome::FinalOnly, false),
    format("posthog", Outcome::FinalOnly, true),
    format("amplitude", Outcome::FinalOnly, true),
    format("mixpanel", Outcome::FinalOnly, true),
    format("plausible", Outcome::FinalOnly, false),
    format("umami", Outcome::FinalOnly, false),
    format("otlp", Outcome::FinalOnly, false),
    format("kafka", Outcome::FinalOnly, false),
    format("clickhouse", Outcome::Replace, true),
];

/// An encoder's place in the table.
pub struct Encoder {
    /// The word after `format`.
    pub name: &'static str,
    /// What the collector takes.
    pub limits: Limits,
    /// Begins a request for an event.
    pub frame: fn(&Job<'_>, &Event<'_>) -> Frame,
    /// Writes an event.
    pub item: fn(&Job<'_>, &Event<'_>, &mut String) -> Result<(), DropReason>,
    /// Judges the answer to a request that carried so many events, by status and body.
    pub judge: fn(u16, &str, usize) -> Judgement,
    /// What people read about it.
    #[cfg(any(test, feature = "catalog"))]
    pub doc: &'static Doc,
}

/// What a collector takes.
pub struct Limits {
    /// Events in a request.
    pub events: usize,
    /// Bytes of a body.
    pub bytes: usize,
    /// Bytes of an event.
    pub event: usize,
    /// Age of an event, ms.
    pub age: u64,
}

impl Limits {
    /// None that a browser would come to.
    const NONE: Self = Self { events: 100, bytes: 1_000_000, event: 1_000_000, age: u64::MAX };
}

/// What people read about an encoder. Makes the schema, the types and the linter.
#[cfg(any(test, feature = "catalog"))]
pub struct Doc {
    /// One sentence.
    pub what: &'static str,
    /// The words its collector's object may say besides those of every collector.
    pub words: &'static [Word],
    /// A collector that uses it, as JSON.
    pub example: &'static str,
    /// Whether its servers let a page of another origin read their answer.
    pub cors: Cors,
}

/// A word of a collector's object.
#[cfg(any(test, feature = "catalog"))]
pub struct Word {
    /// The key.
    pub name: &'static str,
    /// The JSON Schema of its value.
    pub schema: &'static str,
    /// Nothing can be sent without it.
    pub required: bool,
    /// Whoever has it can do more than send events: it has no place in a page.
    pub secret: bool,
    /// What it means.
    pub what: &'static str,
}

/// See [`Doc::cors`].
#[cfg(any(test, feature = "catalog"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cors {
    /// As they come.
    Yes,
    /// If their operator switches it on.
    Configured,
    /// Not known to, or not at all: put a server of your own between.
    No,
}

/// The words every collector of one of these formats may say: name, JSON Schema, meaning.
#[cfg(any(test, feature = "catalog"))]
pub const WORDS: &[(&str, &str, &str)] = &[
    (
        "events",
        r#"{"type":"object","additionalProperties":{"type":"string"}}"#,
        "Names this collector gets in place of a conversion's own.",
    ),
    (
        "rename",
        r#"{"type":"object","additionalProperties":{"type":"string"}}"#,
        "Properties it gets under another name: from a path such as `page.url` to a name.",
    ),
    ("drop", r#"{"type":"array","items":{"type":"string"}}"#, "Paths of properties it does not get."),
    ("constants", r#"{"type":"object"}"#, "Properties each of its events gets."),
    (
        "headers",
        r#"{"type":"object","additionalProperties":{"type":"string"}}"#,
        "Headers of its requests; `{path}` is filled in. Any header makes the browser ask the server first.",
    ),
    ("contentType", r#"{"type":"string"}"#, "The type its requests claim, in place of the usual one."),
];

macro_rules! row {
    ($module:ident) => {
        Encoder {
            name: stringify!($module),
            limits: $module::LIMITS,
            frame: $module::frame,
            item: $module::item,
            judge: $module::judge,
            #[cfg(any(test, feature = "catalog"))]
            doc: &$module::DOC,
        }
    };
}

/// The encoders that are part of the core.
pub const CORE: &[Encoder] = &[row!(json), row!(ndjson)];

/// The encoders of the second module.
pub const ENCODERS: &[Encoder] = &[
    row!(cloudevents),
    row!(segment),
    row!(snowplow),
    row!(ga4),
    row!(matomo),
    row!(posthog),
    row!(amplitude),
    row!(mixpanel),
    row!(plausible),
    row!(umami),
    row!(otlp),
    row!(kafka),
    row!(clickhouse),
];

/// A type that needs no preflight, and that most collectors read as whatever the body is.
const TEXT: &str = "text/plain;charset=UTF-8";
const JSON: &str = "application/json";
/// What vendors are told of who made the request.
const LIBRARY: &str = "footstep";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What stands around the events of a request.
pub struct Frame {
    /// The request, with the beginning of its body and without events.
    pub request: Request,
    /// What parts two events.
    pub between: &'static str,
    /// The end of the body.
    pub end: &'static str,
    /// How many events the request may carry.
    pub most: usize,
}

impl Frame {
    /// A request to the config's URL with its headers and its type, or `content_type` if it says none.
    fn new(job: &Job<'_>, event: &Event<'_>, content_type: &str) -> Self {
        let fill = |text: &str, percent| filled(text, job, event.all, percent);
        let mut request = Request { url: fill(job.option("url"), true), ..Request::default() };
        let own = job.option("contentType");
        request.content_type.push_str(if own.is_empty() { content_type } else { own });
        for (name, value) in job.table("headers") {
            let value = fill(value.as_str().unwrap_or_default(), false);
            request.headers.push((name.clone(), value));
        }
        Self { request, between: ",", end: "", most: usize::MAX }
    }

    /// The same with a body that begins and ends so.
    fn around(mut self, begin: &str, end: &'static str) -> Self {
        self.request.body.push_str(begin);
        self.end = end;
        self
    }

    /// Adds a parameter to the URL.
    fn parameter(&mut self, name: &str, value: &str) {
        let url = &mut self.request.url;
        url.push(if cut(url, b'?').is_some() { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        write_percent(url, value);
    }

    fn close(mut self, out: &mut Encoded, room: &mut usize) {
        self.request.body.push_str(self.end);
        *room = room.saturating_sub(self.request.body.len());
        out.requests.push(self.request);
    }
}

/// Makes requests of a batch: the events in their order, each in one of them, until there is no more room.
#[must_use]
pub fn encode(encoder: &Encoder, job: &Job<'_>) -> Encoded {
    let (mut out, mut open, mut room) = (Encoded::default(), None, job.limit);
    let Some(Value::Array(events)) = job.batch.get("events") else { return out };
    let mut who = "";
    for (place, event) in events.iter().enumerate() {
        let Value::Object(all) = event else { continue };
        let event = Event::of(job, all);
        let mut item = String::new();
        let written = if job.sent().saturating_sub(event.whole("at")) > encoder.limits.age {
            Err(DropReason::TooOld)
        } else {
            (encoder.item)(job, &event, &mut item)
        };
        if item.len() > encoder.limits.event || written.is_err() {
            out.dropped.push((place, written.err().unwrap_or(DropReason::TooLarge)));
            continue;
        }
        let bytes = encoder.limits.bytes.min(room);
        if let Some(frame) = open.take_if(|frame: &mut Frame| {
            let all = frame.request.body.len() + frame.between.len() + item.len() + frame.end.len();
            let count = frame.request.events.len();
            all > bytes || count >= frame.most || count >= encoder.limits.events || who != event.who
        }) {
            frame.close(&mut out, &mut room);
        }
        if let Some(frame) = &mut open {
            frame.request.body.push_str(frame.between);
        } else {
            let frame = (encoder.frame)(job, &event);
            let all = frame.request.body.len() + item.len() + frame.end.len();
            if all > encoder.limits.bytes {
                out.dropped.push((place, DropReason::TooLarge));
                continue;
            }
            if all > room || out.requests.len() >= job.most {
                break;
            }
            open = Some(frame);
            who = event.who;
        }
        if let Some(frame) = &mut open {
            frame.request.body.push_str(&item);
            frame.request.events.push(place);
        }
    }
    if let Some(frame) = open {
        frame.close(&mut out, &mut room);
    }
    out
}

/// Writes the whole event under the config's mapping.
fn write_whole(job: &Job<'_>, event: &Event<'_>, out: &mut String) {
    let mut all = event.all.clone();
    all.set("name", event.name(&[]).into());
    crate::model::json::write(out, &Value::Object(mapped(job.options, &all)));
}

/// What an answer's JSON says, if it is an object.
fn answer(body: &str) -> Object {
    match crate::model::json::read(body) {
        Ok(Value::Object(object)) => object,
        _ => Object::default(),
    }
}

/// Judges by the status alone.
fn by_status(status: u16, _: &str, _: usize) -> Judgement {
    Judgement::by_status(status)
}

/// The screen's width and height.
fn screen<'a>(job: &Job<'a>) -> Option<(&'a str, &'a str)> {
    cut(text_at(job.batch, "context.screen"), b'x')
}
