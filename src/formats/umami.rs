//! `umami`: Umami's `/api/batch`, as plain text: the type does not matter, and there is no preflight.
//!
//! Times are in **seconds**: milliseconds would be taken, and land in the year 58861. Sources: "Sending stats" in
//! Umami's documentation, and its routes `send` and `batch`.

use std::slice;

pub(super) use super::no_facts as facts;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Limits, Shape, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::event::whole_at;
use crate::model::value::Value;

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

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        // Without a name it is a page view. `revenue` beside `currency` fills the table of revenue: for macro-conversions.
        each: r#"{"type":"event","payload":{"website":"{websiteId}","hostname":"{host|100}","url":"{page.url|500}","referrer":"{page.referrer|500}","title":"{page.title|500}","screen":"{context.screen|11}","language":"{context.language|35}","id":"{visitor}","name":"{event|50}","timestamp":"{seconds}","data":{"":"{flat}","revenue":"{revenue}"}}}"#,
        ..Shape::LIST
    }
}

/// A 200 names the events that were refused by their places, or only counts them; `beep` means that all was taken for a robot's.
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
                judgement = judgement.naming(detail.get("index").map_or(&[], slice::from_ref));
            }
        }
    }
    let errors = whole_at(&said, "errors").saturating_sub(judgement.refused.len() as u64);
    judgement.unnamed(errors, events)
}
