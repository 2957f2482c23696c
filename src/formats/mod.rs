//! How events are written for a collector: one pure file per wire format, one row each.
//!
//! A batch is written once, in the `footstep` format. For a collector that wants another one, an encoder makes that
//! collector's requests of it, and judges the answers. A format knows nothing of queues, retries or transport. To add
//! one: a file here, its `mod` line and its row in [`ENCODERS`] and [`FORMATS`].

use crate::model::batch::Context;
use crate::model::delivery::{Job, Judgement, Outcome};
use crate::model::dropped::{DropReason, Dropped};
use crate::model::event::{Event, campaign};
use crate::model::mapping::mapped;
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
mod request;
mod segment;
mod snowplow;
mod umami;
mod words;

pub use request::encode;
pub use words::{EVERY, check};

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
    /// The last number of the stream, if it is over: told with the last of its events.
    pub closed: Option<u64>,
    /// Codes of what is wrong with the config.
    pub diagnostics: &'a [&'a str],
}

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
#[derive(Clone, Copy)]
pub struct Encoder {
    /// The word after `format`.
    pub name: &'static str,
    /// The words of its own that a collector's object may say, parted by spaces; those with a `!` it must say.
    pub words: &'static str,
    /// What the collector takes.
    pub limits: Limits,
    /// How its requests look.
    pub shape: fn(&Job<'_>) -> &'static Shape,
    /// Adds what its templates ask for and no event says.
    pub facts: fn(&mut Event<'_>) -> Result<(), DropReason>,
    /// Judges the answer to a request that carried so many events, by status and body.
    pub judge: fn(u16, &str, usize) -> Judgement,
    /// What people read about it.
    #[cfg(any(test, feature = "catalog"))]
    pub doc: &'static Doc,
}

/// How the requests of a format look. Templates are those of [`crate::model::template`].
pub struct Shape {
    /// The type of the body while the page lives, and when it ends.
    pub types: [&'static str; 2],
    /// Parameters of the URL, a template; those that are left empty are left out.
    pub query: &'static str,
    /// The body, a template: the events stand in its last empty list. Empty: around them is nothing.
    pub body: &'static str,
    /// An event, a template.
    pub each: &'static str,
    /// What parts two events.
    pub between: &'static str,
    /// What becomes of an event's JSON.
    pub form: Form,
    /// How many events a request carries, where that is fewer than the limit.
    pub most: usize,
    /// Its word for a page view, if it has one.
    pub page: &'static str,
    /// Its words for conversions.
    pub names: &'static [(&'static str, &'static str)],
}

impl Shape {
    /// A list of events as they are.
    const LIST: Self = Self {
        types: [TEXT; 2],
        query: "",
        body: "[]",
        each: "\"{whole}\"",
        between: ",",
        form: Form::Json,
        most: usize::MAX,
        page: "",
        names: &[],
    };
}

/// See [`Shape::form`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Json,
    /// After the config's mapping, whose paths and names are those of what the template made.
    Mapped,
    /// Percent-encoded, as part of a form's field; and so is what stands around the events.
    Field,
    /// The query of a URL, as a text of JSON.
    Query,
}

/// What a collector takes.
#[derive(Clone, Copy)]
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
    (
        "body",
        r#"{}"#,
        "A template of the body, in place of the usual one; the events stand in its last empty list.",
    ),
    ("each", r#"{}"#, "A template of an event, in place of the usual one."),
    ("contentType", r#"{"type":"string"}"#, "The type its requests claim, in place of the usual one."),
];

macro_rules! row {
    ($module:ident, $words:literal) => {
        Encoder {
            name: stringify!($module),
            words: $words,
            limits: $module::LIMITS,
            shape: $module::shape,
            facts: $module::facts,
            judge: $module::judge,
            #[cfg(any(test, feature = "catalog"))]
            doc: &$module::DOC,
        }
    };
}

/// The encoders. The core has none of them: they are the second module.
pub const ENCODERS: &[Encoder] = &[
    row!(json, "single"),
    row!(ndjson, ""),
    row!(cloudevents, "source typePrefix"),
    row!(segment, "writeKey! dialect"),
    row!(snowplow, "appId schema ecommerce"),
    row!(ga4, "measurementId! apiSecret clientId adConsent"),
    row!(matomo, "siteId! goals dimensions"),
    row!(posthog, "apiKey!"),
    row!(amplitude, "apiKey!"),
    row!(mixpanel, "token!"),
    row!(plausible, "domain"),
    row!(umami, "websiteId!"),
    row!(otlp, "service"),
    row!(kafka, "version"),
    row!(clickhouse, "table! user password"),
];

/// A type that needs no preflight, and that most collectors read as whatever the body is.
const TEXT: &str = "text/plain;charset=UTF-8";
const JSON: &str = "application/json";

/// For formats whose templates ask for nothing special.
fn no_facts(_: &mut Event<'_>) -> Result<(), DropReason> {
    Ok(())
}

/// The fact `whole`: the event as the `footstep` format has it, after the config's mapping.
fn whole(event: &mut Event<'_>) -> Result<(), DropReason> {
    let mut all = event.all.clone();
    all.set("name", event.said("plain").into());
    event.fact("whole", Value::Object(mapped(event.job.options, &all, "")));
    Ok(())
}

/// Adds the campaign's parameters to the properties, for collectors that do not look for them in the URL.
fn with_campaign(event: &mut Event<'_>) -> Result<(), DropReason> {
    let campaign = campaign(event.text("page.url"));
    event.flattened().set_all(&campaign);
    Ok(())
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
