//! `cloudevents`: CloudEvents 1.0 over HTTP, batched mode.
//!
//! Sources: CloudEvents specification 1.0.2, HTTP protocol binding, JSON format; extension names are lower-case letters
//! and digits only. The type of the body is the mode: a receiver sees no event in `application/json`.

pub(super) use super::by_status as judge;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, Limits};
use crate::model::delivery::Job;
use crate::model::dropped::DropReason;
use crate::model::event::{Event, parts};
use crate::model::json::{Writer, write};
use crate::model::time::iso;
use crate::model::value::Value;

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

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    Frame::new(job, event, "application/cloudevents-batch+json; charset=utf-8").around("[", "]")
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let (origin, _, path, _) = parts(event.text("page.url"));
    let or = |option: &'static str, other| match job.option(option) {
        "" => other,
        said => said,
    };
    let mut name = or("typePrefix", "footstep.").to_owned();
    name.push_str(event.name(&[]));
    let mut writer = Writer::object(out);
    writer.string("specversion", "1.0");
    writer.string("id", event.text("id"));
    writer.string("source", or("source", origin));
    writer.string("type", &name);
    writer.string("time", &iso(event.whole("at")));
    writer.maybe("subject", Some(path).filter(|path| !path.is_empty()));
    writer.string("datacontenttype", super::JSON);
    for &(name, path) in &[("sessionid", "session.id"), ("visitorid", "visitor"), ("pageid", "page.id")] {
        writer.maybe(name, Some(event.text(path)).filter(|text| !text.is_empty()));
    }
    let mut data = event.flat();
    if let Some(page) = event.all.get("page") {
        data.set("page", page.clone());
    }
    write(writer.name("data"), &Value::Object(data));
    writer.end();
    Ok(())
}
