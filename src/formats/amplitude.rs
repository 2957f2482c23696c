//! `amplitude`: Amplitude's HTTP API, version 2.
//!
//! The key stands in the body. The server reads plain text as well as JSON: its own client sends JSON while the page
//! lives, and the same body as plain text when it ends. Source: "HTTP V2 API" in Amplitude's documentation.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, JSON, Limits, TEXT, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, campaign, parts, set_texts, text_at};
use crate::model::json::{Writer, write};
use crate::model::text::{at_most, whole};
use crate::model::time::iso;
use crate::model::value::{Object, Value};

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

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    let mut begin = String::new();
    let mut body = Writer::object(&mut begin);
    body.string("api_key", job.option("apiKey"));
    body.string("client_upload_time", &iso(job.sent()));
    body.name("events").push('[');
    Frame::new(job, event, if job.end { TEXT } else { JSON }).around(&begin, "]}")
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let mut writer = Writer::object(out);
    writer.string("event_type", if event.is_page() { "[Amplitude] Page Viewed" } else { event.name(&[]) });
    writer.string("device_id", event.who);
    if event.session_start() > 0 {
        writer.u64("session_id", event.session_start());
    }
    // Milliseconds; a date is refused.
    writer.u64("time", event.whole("at"));
    writer.string("insert_id", event.text("id"));
    writer.string("platform", "Web");
    writer.maybe("language", Some(text_at(job.batch, "context.language")).filter(|text| !text.is_empty()));
    // The address the request comes from.
    writer.string("ip", "$remote");
    writer.string("library", concat!("footstep/", env!("CARGO_PKG_VERSION")));
    if event.text("kind") == "macro"
        && let Some(value) = event.all.get("value")
    {
        writer.value("revenue", value);
        writer.string("revenueType", event.text("name"));
    }
    write(writer.name("event_properties"), &Value::Object(properties(event)));
    writer.end();
    Ok(())
}

fn properties(event: &Event<'_>) -> Object {
    let url = event.text("page.url");
    let (_, host, path, _) = parts(url);
    let mut properties = event.flat();
    let texts = [
        ("[Amplitude] Page Domain", host),
        ("[Amplitude] Page Location", url),
        ("[Amplitude] Page Path", path),
        ("[Amplitude] Page Title", event.text("page.title")),
        ("referrer", event.text("page.referrer")),
    ];
    set_texts(&mut properties, &texts);
    for (name, value) in campaign(url).0 {
        properties.set(&name, value);
    }
    for (_, value) in &mut properties.0 {
        if let Value::String(text) = value
            && text.len() > 1024
        {
            *text = at_most(text, 1024).to_owned();
        }
    }
    properties
}

/// A 400 names the events it is about, by field; a 429 means a pause of half a minute for this device.
pub(super) fn judge(status: u16, body: &str, _: usize) -> Judgement {
    let mut judgement = Judgement::by_status(status);
    match status {
        400 => {
            for (name, value) in answer(body).0 {
                if crate::model::text::after(&name, "events_with_").is_some() || name == "silenced_events" {
                    places(&value, &mut judgement.refused);
                }
            }
        }
        429 => (judgement.verdict, judgement.wait) = (Verdict::Later, 30_000),
        _ => {}
    }
    judgement
}

fn places(value: &Value, found: &mut Vec<usize>) {
    match value {
        Value::Object(fields) => fields.0.iter().for_each(|(_, list)| places(list, found)),
        Value::Array(list) => list.iter().for_each(|item| places(item, found)),
        Value::Number(number) => {
            if let Some(place) = whole(number.text())
                && !found.contains(&(place as usize))
            {
                found.push(place as usize);
            }
        }
        _ => {}
    }
}
