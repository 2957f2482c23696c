//! `ndjson`: one event a line, for servers that read logs by the line. As plain text unless the config says otherwise:
//! what reads lines rarely looks at the type, and there is no preflight.
//!
//! Source: the NDJSON specification, version 1.

pub(super) use super::by_status as judge;
pub(super) use super::whole as facts;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc};
use super::{Limits, Shape};
use crate::model::delivery::Job;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "One JSON event a line, for log pipelines.",
    words: &[],
    example: r#"{"url":"https://logs.example/in?key=public","format":"ndjson"}"#,
    cors: Cors::Configured,
};

pub(super) const LIMITS: Limits = Limits::NONE;

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape { body: "", between: "\n", ..Shape::LIST }
}
