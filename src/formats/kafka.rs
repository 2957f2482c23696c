//! `kafka`: records for a topic, by a REST proxy: version 2 (Confluent, Redpanda, Karapace) or 3 (Confluent).
//!
//! Key is the visitor, value the event as the `footstep` format has it, so that consumers can drop doubles by its id.
//! Of version 3 the URL decides: `.../records` takes one object after another, `.../records:batch` a list. Sources:
//! "Confluent REST Proxy API Reference", and its OpenAPI description.

pub(super) use super::whole as facts;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{JSON, Limits, Shape, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::event::{scalar, whole_at};
use crate::model::json::read;
use crate::model::text::{find, whole};
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A topic of Kafka, by a REST proxy behind a gateway.",
    words: &[Word {
        name: "version",
        schema: r#"{"enum":[2,3]}"#,
        required: false,
        secret: false,
        what: "The version of the proxy's API; 2 unless said.",
    }],
    example: r#"{"url":"https://kafka.example/topics/footsteps","format":"kafka"}"#,
    cors: Cors::Configured,
};

pub(super) const LIMITS: Limits = Limits::NONE;

const V2: Shape = Shape {
    types: ["application/vnd.kafka.json.v2+json"; 2],
    body: r#"{"records":[]}"#,
    each: r#"{"key":"{who}","value":"{whole}"}"#,
    ..Shape::LIST
};
const V3: Shape = Shape {
    types: [JSON; 2],
    body: "",
    each: r#"{"key":{"type":"STRING","data":"{who}"},"value":{"type":"JSON","data":"{whole}"}}"#,
    between: "\n",
    ..Shape::LIST
};
/// Ten entries a batch may have, unless its operator says otherwise.
const V3_BATCH: Shape = Shape {
    types: [JSON; 2],
    body: r#"{"entries":[]}"#,
    each: r#"{"id":"{id}","key":{"type":"STRING","data":"{who}"},"value":{"type":"JSON","data":"{whole}"}}"#,
    most: 10,
    ..Shape::LIST
};

pub(super) fn shape(job: &Job<'_>) -> &'static Shape {
    match (whole_at(job.options, "version"), find(job.option("url"), ":batch")) {
        (3, Some(_)) => &V3_BATCH,
        (3, None) => &V3,
        _ => &V2,
    }
}

/// Each record has an answer of its own.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    let mut judgement = Judgement::by_status(status);
    if judgement.verdict != Verdict::Acknowledged {
        return judgement;
    }
    let said = answer(body);
    if let Some(Value::Array(failures)) = said.get("failures") {
        return judgement.unnamed(failures.len() as u64, events);
    }
    if let Some(Value::Array(offsets)) = said.get("offsets") {
        for (place, offset) in offsets.iter().enumerate() {
            one(offset, place, &mut judgement);
        }
        return judgement;
    }
    let (mut rest, mut place) = (body, 0);
    loop {
        // Where one answer ends and the next begins is where reading stops.
        let (end, last) = match read(rest) {
            Err(end) if end > 0 => (end, false),
            _ => (rest.len(), true),
        };
        if let Some(Ok(value)) = rest.get(..end).map(read) {
            one(&value, place, &mut judgement);
        }
        if last {
            return judgement;
        }
        rest = rest.get(end..).unwrap_or_default();
        place += 1;
    }
}

fn one(answer: &Value, place: usize, judgement: &mut Judgement) {
    let Value::Object(answer) = answer else { return };
    match answer.get("error_code").and_then(scalar).and_then(whole) {
        None | Some(200) => {}
        // An error that passes.
        Some(2 | 429 | 500..=599) => judgement.verdict = Verdict::Later,
        Some(_) => judgement.refused.push(place),
    }
}
