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
use crate::model::event::{scalar, text_at, whole_at};
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

/// Each record has an answer of its own.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    let judgement = Judgement::by_status(status);
    if judgement.verdict != Verdict::Acknowledged {
        return judgement;
    }
    let (said, mut answers) = (answer(body), Answers::default());
    if let Some(Value::Array(failures)) = said.get("failures") {
        let (mut entries, mut ids) = (Vec::new(), Vec::new());
        for list in &["successes", "failures"] {
            if let Some(Value::Array(list)) = said.get(list) {
                entries.extend(list);
            }
        }
        for entry in &entries {
            ids.extend(id(entry));
        }
        if (ids.len(), entries.len()) != (events, events) {
            return judgement.unnamed(failures.len() as u64, events);
        }
        for entry in entries {
            let place = ids.iter().filter(|other| Some(**other) < id(entry)).count();
            answers.take(entry, place);
        }
    } else if let Some(Value::Array(offsets)) = said.get("offsets") {
        for (place, offset) in offsets.iter().enumerate() {
            answers.take(offset, place);
        }
    } else {
        let mut rest = body;
        // Where one answer ends and the next begins is where reading stops.
        while let Err(end @ 1..) = read(rest) {
            answers.take_text(rest.get(..end).unwrap_or_default());
            rest = rest.get(end..).unwrap_or_default();
        }
        answers.take_text(rest);
    }
    answers.judged(judgement)
}

fn id(entry: &Value) -> Option<u64> {
    let Value::Object(entry) = entry else { return None };
    whole(text_at(entry, "id"))
}

/// What the answers to single records say.
#[derive(Default)]
struct Answers {
    count: usize,
    refused: Vec<usize>,
    /// Of errors that pass.
    later: Vec<usize>,
}

impl Answers {
    fn take_text(&mut self, text: &str) {
        if let Ok(answer) = read(text) {
            self.take(&answer, self.count);
        }
    }

    fn take(&mut self, answer: &Value, place: usize) {
        let Value::Object(answer) = answer else { return };
        self.count += 1;
        match answer.get("error_code").and_then(scalar).and_then(whole) {
            None | Some(200) => {}
            Some(2 | 429 | 500..=599 | 42_900..=42_999 | 50_003) => self.later.push(place),
            Some(_) => self.refused.push(place),
        }
    }

    /// All that was not refused is sent again if nothing of it has arrived; else that would double what has, so that what
    /// failed is given up.
    fn judged(mut self, mut judgement: Judgement) -> Judgement {
        if !self.later.is_empty() && self.later.len() + self.refused.len() == self.count {
            judgement.verdict = Verdict::Later;
        } else {
            self.refused.append(&mut self.later);
        }
        judgement.refused = self.refused;
        judgement
    }
}
