//! `cloudevents`: CloudEvents 1.0 over HTTP, batched mode.
//!
//! Sources: CloudEvents specification 1.0.2, HTTP protocol binding, JSON format; extension names are lower-case letters
//! and digits only. The type of the body is the mode: a receiver sees no event in `application/json`.

pub(super) use super::by_status as judge;
pub(super) use super::no_facts as facts;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Limits, Shape};
use crate::model::delivery::Job;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "CloudEvents 1.0, batched mode.",
    words: &[
        Word {
            name: "source",
            schema: r#"{"type":"string"}"#,
            required: false,
            secret: false,
            what: "The `source` of its events; the page's origin unless said.",
        },
        Word {
            name: "typePrefix",
            schema: r#"{"type":"string"}"#,
            required: false,
            secret: false,
            what: "What stands before the name in `type`; `footstep.` unless said.",
        },
    ],
    example: r#"{"url":"https://events.example/in","format":"cloudevents","source":"https://shop.example","typePrefix":"com.example.shop."}"#,
    cors: Cors::Configured,
};

pub(super) const LIMITS: Limits = Limits::NONE;

const TYPE: &str = "application/cloudevents-batch+json; charset=utf-8";

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        types: [TYPE; 2],
        each: r#"{"specversion":"1.0","id":"{id}","source":"{source/origin}","type":"{typePrefix/'footstep.}{name}","time":"{iso}","subject":"{path}","datacontenttype":"application/json","sessionid":"{session.id}","visitorid":"{visitor}","pageid":"{page.id}","data":{"":"{flat}","page":"{page}"}}"#,
        ..Shape::LIST
    }
}
