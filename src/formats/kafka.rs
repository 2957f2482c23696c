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
use crate::model::event::{text_at, whole_at};
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
/// Ten entries a batch may have, unless its operator says otherwise. Their ids are what the answer names them by: numbers that
/// grow, so that their places follow from them.
const V3_BATCH: Shape = Shape {
    types: [JSON; 2],
    body: r#"{"entries":[]}"#,
    each: r#"{"id":"{seq|s}","key":{"type":"STRING","data":"{who}"},"value":{"type":"JSON","data":"{whole}"}}"#,
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

/// Each record has an answer of its own: what was put off is sent again, without what has arrived.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    let mut judgement = Judgement::by_status(status);
    if judgement.verdict != Verdict::Acknowledged {
        return judgement;
    }
    let (said, mut answers) = (answer(body), Vec::new());
    for list in &["successes", "failures", "offsets"] {
        if let Some(Value::Array(list)) = said.get(list) {
            for one in list {
                take(&mut answers, one);
            }
        }
    }
    let mut rest = if answers.is_empty() { body } else { "" };
    while !rest.is_empty() {
        // Where one answer ends and the next begins is where reading stops.
        let end = match read(rest) {
            Err(end) if end > 0 => end,
            _ => rest.len(),
        };
        if let Some(Ok(one)) = rest.get(..end).map(read) {
            take(&mut answers, &one);
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    let arrived = answers.iter().any(|(_, code)| *code == 0);
    for (id, code) in &answers {
        let mut place = 0;
        for (other, _) in &answers {
            place += usize::from(other < id);
        }
        let list = match code {
            0 => continue,
            429 | 503 | 42_900..=42_999 => &mut judgement.later,
            // Sent again with what has not arrived either, what has been written after all would be there twice.
            2 | 500..=599 | 50_003 if !arrived => &mut judgement.later,
            _ => &mut judgement.refused,
        };
        list.push(place);
    }
    if !arrived && !judgement.later.is_empty() {
        judgement.verdict = Verdict::Later;
    }
    if answers.len() == events || answers.is_empty() {
        return judgement;
    }
    if said.get("failures").is_some() {
        // Nobody knows their places.
        judgement.unnamed = (judgement.refused.len() + judgement.later.len()) as u64;
        judgement.refused.clear();
        judgement.later.clear();
    } else if judgement.verdict == Verdict::Acknowledged {
        // Of these nothing was said.
        for place in answers.len()..events {
            judgement.refused.push(place);
        }
    }
    judgement
}

/// Adds what an answer says: the record's id, or its place, and the number of its error, 0 if there is none.
fn take(answers: &mut Vec<(u64, u64)>, one: &Value) {
    if let Value::Object(one) = one {
        let code = whole_at(one, "error_code");
        let id = whole(text_at(one, "id")).unwrap_or(answers.len() as u64);
        answers.push((id, if code == 200 { 0 } else { code }));
    }
}
