//! `mixpanel`: Mixpanel's `/track`, a form whose field `data` holds the events as JSON: no preflight.
//!
//! A 200 may mean that nothing was taken, so the answer is asked for in words. Events older than five days are not
//! taken. Source: "Track Events" in Mixpanel's ingestion reference.

pub(super) use super::with_campaign as facts;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Form, Limits, Shape, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::event::whole_at;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "Mixpanel's event ingestion.",
    words: &[Word {
        name: "token",
        schema: r#"{"type":"string"}"#,
        required: true,
        secret: false,
        what: "The project's token.",
    }],
    example: r#"{"url":"https://api-js.mixpanel.com/track/","format":"mixpanel","token":"T"}"#,
    cors: Cors::Yes,
};

pub(super) const LIMITS: Limits = Limits { events: 50, age: 5 * 86_400_000, ..Limits::NONE };

const TYPE: &str = "application/x-www-form-urlencoded";

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        types: [TYPE; 2],
        query: "verbose=1&ip=1",
        // A whole number as time is milliseconds; what has decimals would be seconds.
        each: r#"{"event":"{name}","properties":{"":"{flat}","token":"{token}","time":"{at}","distinct_id":"$device:{who}","$device_id":"{who}","$insert_id":"{id}","$current_url":"{page.url}","current_domain":"{host}","current_url_path":"{path}","current_page_title":"{page.title}","$referrer":"{page.referrer}","mp_lib":"footstep","$lib_version":"{version}"}}"#,
        between: "%2C",
        form: Form::Field,
        page: "$mp_web_page_view",
        ..Shape::LIST
    }
}

/// 1 is yes, 0 is no, whatever the status; in words they are the field `status`.
pub(super) fn judge(status: u16, body: &str, _: usize) -> Judgement {
    let said = answer(body);
    let no = said.get("status").map_or(body.trim_ascii() == "0", |_| whole_at(&said, "status") == 0);
    if status == 200 && no { Judgement::of(Verdict::Refused) } else { Judgement::by_status(status) }
}
