//! `kafka`: records for a topic, by a REST proxy: version 2 (Confluent, Redpanda, Karapace) or 3 (Confluent).
//!
//! Key is the visitor, value the event as the `footstep` format has it, so that consumers can drop doubles by its id.
//! Of version 3 the URL decides: `.../records` takes one object after another, `.../records:batch` a list. Sources:
//! "Confluent REST Proxy API Reference", and its OpenAPI description.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, JSON, Limits, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, scalar, whole_at};
use crate::model::json::{Writer, read};
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

/// How many entries a batch of version 3 may have, unless its operator says otherwise.
const ENTRIES: usize = 10;

fn is_3(job: &Job<'_>) -> bool {
    whole_at(job.options, "version") == 3
}

fn is_list(job: &Job<'_>) -> bool {
    find(job.option("url"), ":batch").is_some()
}

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    if !is_3(job) {
        return Frame::new(job, event, "application/vnd.kafka.json.v2+json").around("{\"records\":[", "]}");
    }
    let frame = Frame::new(job, event, JSON);
    if is_list(job) {
        Frame { most: ENTRIES, ..frame.around("{\"entries\":[", "]}") }
    } else {
        Frame { between: "\n", ..frame }
    }
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let mut writer = Writer::object(out);
    if !is_3(job) {
        writer.string("key", event.who);
        super::write_whole(job, event, writer.name("value"));
        writer.end();
        return Ok(());
    }
    if is_list(job) {
        writer.string("id", event.text("id"));
    }
    let mut key = Writer::object(writer.name("key"));
    key.string("type", "STRING");
    key.string("data", event.who);
    key.end();
    let mut value = Writer::object(writer.name("value"));
    value.string("type", "JSON");
    super::write_whole(job, event, value.name("data"));
    value.end();
    writer.end();
    Ok(())
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
    let offsets = match said.get("offsets") {
        Some(Value::Array(offsets)) => offsets.clone(),
        _ => each(body),
    };
    for (place, offset) in offsets.iter().enumerate() {
        let Value::Object(offset) = offset else { continue };
        match offset.get("error_code").and_then(scalar).and_then(whole) {
            None | Some(200) => {}
            // An error that passes.
            Some(2 | 429 | 500..=599) => judgement.verdict = Verdict::Later,
            Some(_) => judgement.refused.push(place),
        }
    }
    judgement
}

/// The objects of a text that holds one after the other.
fn each(text: &str) -> Vec<Value> {
    let (mut found, mut rest) = (Vec::new(), text);
    loop {
        match read(rest) {
            Ok(value) => {
                found.push(value);
                return found;
            }
            // Where the first object ends and the next begins is where reading stops.
            Err(at) => match rest.get(..at).map(read) {
                Some(Ok(value)) => found.push(value),
                _ => return found,
            },
        }
        rest = rest.get(read(rest).err().unwrap_or(rest.len())..).unwrap_or_default();
    }
}
