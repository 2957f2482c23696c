//! `umami`: Umami's `/api/batch`, as plain text: the type does not matter, and there is no preflight.
//!
//! Times are in **seconds**: milliseconds would be taken, and land in the year 58861. Sources: "Sending stats" in
//! Umami's documentation, and its routes `send` and `batch`.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, Limits, TEXT, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, parts, text_at, whole_at};
use crate::model::json::{Writer, write};
use crate::model::text::at_most;
use crate::model::value::{Object, Value};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "Umami's batch endpoint.",
    words: &[Word {
        name: "websiteId",
        schema: r#"{"type":"string"}"#,
        required: true,
        secret: false,
        what: "The website's id.",
    }],
    example: r#"{"url":"https://umami.example/api/batch","format":"umami","websiteId":"00000000-0000-4000-8000-000000000001"}"#,
    cors: Cors::Yes,
};

/// The server takes the events of a batch one by one.
pub(super) const LIMITS: Limits = Limits { events: 20, ..Limits::NONE };

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    Frame::new(job, event, TEXT).around("[", "]")
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let url = event.text("page.url");
    let (_, host, ..) = parts(url);
    let mut writer = Writer::object(out);
    writer.string("type", "event");
    let mut payload = Writer::object(writer.name("payload"));
    for &(name, text, most) in &[
        ("website", job.option("websiteId"), 100),
        ("hostname", host, 100),
        ("url", url, 500),
        ("referrer", event.text("page.referrer"), 500),
        ("title", event.text("page.title"), 500),
        ("screen", text_at(job.batch, "context.screen"), 11),
        ("language", text_at(job.batch, "context.language"), 35),
        ("id", event.text("visitor"), 50),
        // Without a name it is a page view.
        ("name", if event.is_page() { "" } else { event.name(&[]) }, 50),
    ] {
        payload.maybe(name, Some(at_most(text, most)).filter(|text| !text.is_empty()));
    }
    payload.u64("timestamp", event.whole("at") / 1000);
    let data = data(event);
    if !data.is_empty() {
        write(payload.name("data"), &Value::Object(data));
    }
    payload.end();
    writer.end();
    Ok(())
}

/// Properties; `revenue` beside `currency` fills the table of revenue, which only macro-conversions should.
fn data(event: &Event<'_>) -> Object {
    let mut data = event.flat();
    if event.text("kind") == "macro"
        && let Some(value) = event.all.get("value")
    {
        data.set("revenue", value.clone());
    }
    data
}

/// A 200 names the events that were refused by their places; `beep` means that all was taken for a robot's.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    let said = answer(body);
    let mut judgement = Judgement::by_status(status);
    if judgement.verdict != Verdict::Acknowledged {
        return judgement;
    }
    if said.get("beep").is_some() {
        return judgement.unnamed(events as u64, events);
    }
    if let Some(Value::Array(details)) = said.get("details") {
        for detail in details {
            if let Value::Object(detail) = detail {
                judgement.refused.push(whole_at(detail, "index") as usize);
            }
        }
    }
    judgement
}
