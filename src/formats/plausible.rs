//! `plausible`: Plausible's events API, one event a request.
//!
//! There is no time, no id and no visitor in it: the server's clock and the sender's address are all there is, so what
//! waited long would falsify the statistics and is left out. Sources: "Events API reference" in Plausible's
//! documentation, and its ingestion.

pub(super) use super::by_status as judge;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Limits, Shape};
use crate::model::delivery::Job;
use crate::model::dropped::DropReason;
use crate::model::event::{Event, scalar};
use crate::model::text::at_most;
use crate::model::value::{Object, Value};

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

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        body: "",
        each: r#"{"n":"{name|120}","u":"{u}","d":"{domain/host}","r":"{page.referrer}","p":"{props}","$":"{money}","i":"{i}"}"#,
        page: "pageview",
        ..Shape::LIST
    }
}

pub(super) fn facts(event: &mut Event<'_>) -> Result<(), DropReason> {
    let mut url = event.text("page.url").to_owned();
    if url.len() > URL {
        let (origin, path) = (event.said("origin"), event.said("path"));
        url.truncate(origin.len() + path.len());
    }
    if url.len() > URL {
        return Err(DropReason::Inexpressible);
    }
    let mut properties = Object::default();
    for (name, value) in &event.flattened().0 {
        if let Some(text) = scalar(value).filter(|text| !text.is_empty() && name.len() <= 300) {
            properties.set(name, at_most(text, 2000).into());
        }
    }
    while properties.0.len() > PROPERTIES {
        properties.0.pop();
    }
    let money = (event.all.get("value"), event.all.get("currency"), event.facts.get("tail"));
    // What failed, or may have, has earned nothing.
    if let (Some(value), Some(currency), None) = money {
        let money = Object::default().with("amount", value.clone()).with("currency", currency.clone());
        event.fact("money", Value::Object(money));
    }
    if !event.is_page() && PASSIVE.contains(&event.text("trigger.on")) {
        event.fact("i", false.into());
    }
    event.fact("u", url.as_str().into());
    event.fact("props", Value::Object(properties));
    Ok(())
}
