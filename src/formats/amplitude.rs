//! `amplitude`: Amplitude's HTTP API, version 2.
//!
//! The key stands in the body. The server reads plain text as well as JSON: its own client sends JSON while the page
//! lives, and the same body as plain text when it ends. Source: "HTTP V2 API" in Amplitude's documentation.

pub(super) use super::with_campaign as facts;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{JSON, Limits, Shape, TEXT, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::text::after;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "Amplitude's HTTP API.",
    words: &[Word {
        name: "apiKey",
        schema: r#"{"type":"string"}"#,
        required: true,
        secret: false,
        what: "The project's API key.",
    }],
    example: r#"{"url":"https://api2.amplitude.com/2/httpapi","format":"amplitude","apiKey":"K"}"#,
    cors: Cors::Yes,
};

/// Ten events are what the documentation recommends for one device.
pub(super) const LIMITS: Limits = Limits { events: 10, ..Limits::NONE };

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        types: [JSON, TEXT],
        body: r#"{"api_key":"{apiKey}","client_upload_time":"{sentIso}","events":[]}"#,
        // The time is a number of milliseconds; a date is refused. `$remote`: the address the request comes from.
        each: r#"{"event_type":"{name}","device_id":"{who}","session_id":"{start}","time":"{at}","insert_id":"{id}","platform":"Web","language":"{context.language}","ip":"$remote","library":"footstep/{version}","revenue":"{revenue}","event_properties":{"":"{flat}","[Amplitude] Page Domain":"{host}","[Amplitude] Page Location":"{page.url}","[Amplitude] Page Path":"{path}","[Amplitude] Page Title":"{page.title}","referrer":"{page.referrer}"}}"#,
        page: "[Amplitude] Page Viewed",
        ..Shape::LIST
    }
}

/// A 400 names the events it is about, by field, or finds fault with the key; a 429 means a pause of half a minute for this device.
pub(super) fn judge(status: u16, body: &str, _: usize) -> Judgement {
    let mut judgement = Judgement::by_status(status);
    match status {
        400 => {
            for (name, value) in &answer(body).0 {
                if after(value.as_str().unwrap_or_default(), "Invalid API key").is_some() {
                    judgement.verdict = Verdict::WrongEndpoint;
                }
                if let (Some(_), Value::Object(fields)) = (after(name, "events_with_"), value) {
                    for (_, places) in &fields.0 {
                        judgement = named(judgement, places);
                    }
                } else if name == "silenced_events" {
                    judgement = named(judgement, value);
                }
            }
            judgement
        }
        429 => Judgement { wait: 30_000, ..judgement },
        _ => judgement,
    }
}

fn named(judgement: Judgement, places: &Value) -> Judgement {
    match places {
        Value::Array(places) => judgement.naming(places),
        _ => judgement,
    }
}
