//! `json`: a list of events as the `footstep` format has them, for an endpoint of one's own. The mapping is applied
//! to the whole event, so that an endpoint nobody foresaw can be given what it wants.
//!
//! The type is `application/json` in both shapes: a server that goes by the type would not understand the same body
//! as text. Whoever knows that theirs does sets `contentType` to `text/plain` and saves the preflight.

pub(super) use super::by_status as judge;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, JSON, Limits};
use crate::model::delivery::Job;
use crate::model::dropped::DropReason;
use crate::model::event::Event;
use crate::model::json;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A JSON list of events, for an endpoint of one's own.",
    words: &[
        Word {
            name: "wrap",
            schema: r#"{"type":"string"}"#,
            required: false,
            secret: false,
            what: "The list stands under this name in an object.",
        },
        Word {
            name: "envelope",
            schema: r#"{"type":"object"}"#,
            required: false,
            secret: false,
            what: "What else that object says.",
        },
        Word {
            name: "single",
            schema: r#"{"type":"boolean"}"#,
            required: false,
            secret: false,
            what: "One event a request, and no list around it.",
        },
    ],
    example: r#"{"url":"https://hooks.example/in/{name}?k={constants.key}","format":"json","constants":{"key":"public"},"rename":{"page.url":"url"},"drop":["mono"],"single":true}"#,
    cors: Cors::Configured,
};

pub(super) const LIMITS: Limits = Limits::NONE;

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    let frame = Frame::new(job, event, JSON);
    let wrap = job.option("wrap");
    if job.flag("single") {
        return Frame { most: 1, ..frame };
    }
    if wrap.is_empty() {
        return frame.around("[", "]");
    }
    let mut begin = String::new();
    let mut object = json::Writer::object(&mut begin);
    for (name, value) in job.table("envelope") {
        object.value(name, value);
    }
    object.name(wrap).push('[');
    frame.around(&begin, "]}")
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    super::write_whole(job, event, out);
    Ok(())
}
