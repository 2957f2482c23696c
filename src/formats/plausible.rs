//! `plausible`: Plausible's events API, one event a request.
//!
//! There is no time, no id and no visitor in it: the server's clock and the sender's address are all there is, so what
//! waited long would falsify the statistics and is left out. Sources: "Events API reference" in Plausible's
//! documentation, and its ingestion.

pub(super) use super::by_status as judge;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, Limits, TEXT};
use crate::model::delivery::Job;
use crate::model::dropped::DropReason;
use crate::model::event::{Event, parts, scalar};
use crate::model::json::Writer;
use crate::model::text::at_most;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "Plausible's events API.",
    words: &[Word {
        name: "domain",
        schema: r#"{"type":"string"}"#,
        required: false,
        secret: false,
        what: "The site as Plausible knows it; the page's host unless said.",
    }],
    example: r#"{"url":"https://plausible.io/api/event","format":"plausible","domain":"shop.example"}"#,
    cors: Cors::Yes,
};

/// Half an hour: as long as a visit lasts without an event.
pub(super) const LIMITS: Limits = Limits { events: 1, age: 1_800_000, ..Limits::NONE };

/// Bytes of a URL; a longer one is an error.
const URL: usize = 2000;
/// Properties of an event; more are cut off.
const PROPERTIES: usize = 30;
/// Triggers that fire without the visitor doing anything: such events must not end a bounce.
const PASSIVE: &[&str] = &["engaged", "exit", "media", "page", "scroll", "visible"];

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    Frame::new(job, event, TEXT)
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let url = event.text("page.url");
    let (origin, host, path, _) = parts(url);
    let domain = job.option("domain");
    let short = url.get(..origin.len() + path.len()).unwrap_or_default();
    let url = if url.len() > URL { short } else { url };
    if url.len() > URL {
        return Err(DropReason::Inexpressible);
    }
    let mut writer = Writer::object(out);
    writer.string("n", if event.is_page() { "pageview" } else { at_most(event.name(&[]), 120) });
    writer.string("u", url);
    writer.string("d", if domain.is_empty() { host } else { domain });
    writer.maybe("r", Some(event.text("page.referrer")).filter(|text| !text.is_empty()));
    let flat = event.flat();
    let mut properties = Writer::object(writer.name("p"));
    let texts = flat.0.iter().filter_map(|(name, value)| Some((name, scalar(value)?)));
    for (name, text) in texts.filter(|(name, text)| !text.is_empty() && name.len() <= 300).take(PROPERTIES) {
        properties.string(name, at_most(text, 2000));
    }
    properties.end();
    if let (Some(Value::Number(value)), Some(currency)) = (event.all.get("value"), event.all.get("currency"))
    {
        let mut revenue = Writer::object(writer.name("$"));
        revenue.name("amount").push_str(value.text());
        revenue.value("currency", currency);
        revenue.end();
    }
    if !event.is_page() && PASSIVE.contains(&event.text("trigger.on")) {
        writer.name("i").push_str("false");
    }
    writer.end();
    Ok(())
}
