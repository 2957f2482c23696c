//! `ndjson`: one event a line, for servers that read logs by the line. As plain text unless the config says otherwise:
//! what reads lines rarely looks at the type, and there is no preflight.
//!
//! Source: the NDJSON specification, version 1.

pub(super) use super::by_status as judge;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc};
use super::{Frame, Limits, TEXT};
use crate::model::delivery::Job;
use crate::model::dropped::DropReason;
use crate::model::event::Event;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "One JSON event a line, for log pipelines.",
    words: &[],
    example: r#"{"url":"https://logs.example/in?key=public","format":"ndjson"}"#,
    cors: Cors::Configured,
};

pub(super) const LIMITS: Limits = Limits::NONE;

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    Frame { between: "\n", ..Frame::new(job, event, TEXT).around("", "\n") }
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    super::write_whole(job, event, out);
    Ok(())
}
