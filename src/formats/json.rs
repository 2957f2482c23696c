//! `json`: a list of events as the `footstep` format has them, for an endpoint of one's own. The mapping is applied
//! to the whole event, so that an endpoint nobody foresaw can be given what it wants.
//!
//! The type is `application/json` in both shapes: a server that goes by the type would not understand the same body
//! as text. Whoever knows that theirs does sets `contentType` to `text/plain` and saves the preflight.

pub(super) use super::by_status as judge;
pub(super) use super::whole as facts;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{JSON, Limits, Shape};
use crate::model::delivery::Job;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A JSON list of events, for an endpoint of one's own.",
    words: &[Word {
        name: "single",
        schema: r#"{"type":"boolean"}"#,
        required: false,
        secret: false,
        what: "One event a request, and no list around it.",
    }],
    example: r#"{"url":"https://hooks.example/in/{name}?k={constants.key}","format":"json","constants":{"key":"public"},"rename":{"page.url":"url"},"drop":["mono"],"single":true}"#,
    cors: Cors::Configured,
};

pub(super) const LIMITS: Limits = Limits::NONE;

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape { types: [JSON; 2], ..Shape::LIST }
}
