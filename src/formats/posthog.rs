//! `posthog`: PostHog's capture API, batched.
//!
//! The body is recognised by its content, so plain text works and needs no preflight. Events carry no person's profile.
//! Source: "Capture and batch API" in PostHog's documentation, and the capture service.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, LIBRARY, Limits, TEXT, VERSION, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, campaign, parts, set_texts};
use crate::model::json::{Writer, write};
use crate::model::text::at_most;
use crate::model::time::iso;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "PostHog's capture API.",
    words: &[Word {
        name: "apiKey",
        schema: r#"{"type":"string"}"#,
        required: true,
        secret: false,
        what: "The project's API key, which begins with `phc_`.",
    }],
    example: r#"{"url":"https://eu.i.posthog.com/batch/","format":"posthog","apiKey":"phc_x"}"#,
    cors: Cors::Yes,
};

pub(super) const LIMITS: Limits = Limits::NONE;

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    let mut begin = String::new();
    let mut body = Writer::object(&mut begin);
    body.string("api_key", job.option("apiKey"));
    body.string("sent_at", &iso(job.sent()));
    body.name("batch").push('[');
    Frame::new(job, event, TEXT).around(&begin, "]}")
}

pub(super) fn item(_: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let url = event.text("page.url");
    let (_, host, path, _) = parts(url);
    let mut writer = Writer::object(out);
    writer.string("uuid", event.text("id"));
    writer.string("event", if event.is_page() { "$pageview" } else { at_most(event.name(&[]), 200) });
    writer.string("timestamp", &iso(event.whole("at")));
    let mut properties = event.flat();
    let texts = [
        ("distinct_id", event.who),
        ("$device_id", event.text("visitor")),
        ("$session_id", event.text("session.id")),
        ("$current_url", url),
        ("$host", host),
        ("$pathname", path),
        ("$referrer", event.text("page.referrer")),
        ("title", event.text("page.title")),
        ("$lib", LIBRARY),
        ("$lib_version", VERSION),
    ];
    set_texts(&mut properties, &texts);
    for (name, value) in campaign(url).0 {
        properties.set(&name, value);
    }
    properties.set("$process_person_profile", false.into());
    write(writer.name("properties"), &Value::Object(properties));
    writer.end();
    Ok(())
}

/// A 200 may say that the project is over its quota: nothing of the request is kept.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    match answer(body).get("quota_limited") {
        Some(Value::Array(of)) if status == 200 && !of.is_empty() => {
            Judgement::of(Verdict::Acknowledged).unnamed(events as u64, events)
        }
        _ => Judgement::by_status(status),
    }
}
