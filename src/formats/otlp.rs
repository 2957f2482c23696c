//! `otlp`: log records of OpenTelemetry over HTTP, as JSON; each is an event, that is, it has an `eventName`.
//!
//! Times are nanoseconds and whole numbers are texts, as Protobuf's JSON mapping writes 64 bits. What the servers answer
//! decides: of their errors only 429, 502, 503 and 504 may be tried again. Sources: OTLP specification 1.5 (OTLP/HTTP),
//! `opentelemetry/proto/logs/v1`, semantic conventions for events.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, JSON, LIBRARY, Limits, VERSION, answer};
use crate::model::data::at;
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, scalar, text_at};
use crate::model::json::{Writer, write_list, write_string, write_u64};
use crate::model::text::whole;
use crate::model::value::{Object, Value};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "OpenTelemetry logs over HTTP, as JSON.",
    words: &[Word {
        name: "service",
        schema: r#"{"type":"string"}"#,
        required: false,
        secret: false,
        what: "The resource's `service.name`; the site's name unless said.",
    }],
    example: r#"{"url":"https://otel.example/v1/logs","format":"otlp","service":"shop-web"}"#,
    cors: Cors::Configured,
};

pub(super) const LIMITS: Limits = Limits::NONE;

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    let own = job.option("service");
    let mut begin = String::from("{\"resourceLogs\":[{\"resource\":{\"attributes\":");
    let mut resource = Object::default();
    let service = if own.is_empty() { text_at(job.batch, "site") } else { own };
    for (name, text) in [
        ("service.name", if service.is_empty() { "unknown_service" } else { service }),
        ("browser.language", text_at(job.batch, "context.language")),
    ] {
        if !text.is_empty() {
            resource.set(name, text.into());
        }
    }
    attributes(&mut begin, &resource);
    begin.push_str("},\"scopeLogs\":[{\"scope\":");
    let mut scope = Writer::object(&mut begin);
    scope.string("name", LIBRARY);
    scope.string("version", VERSION);
    scope.end();
    begin.push_str(",\"logRecords\":[");
    Frame::new(job, event, JSON).around(&begin, "]}]}]}")
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let mut writer = Writer::object(out);
    nanos(writer.name("timeUnixNano"), event.whole("at"));
    nanos(writer.name("observedTimeUnixNano"), job.sent());
    // INFO
    writer.u64("severityNumber", 9);
    let mut name = String::from("footstep.");
    name.push_str(event.name(&[]));
    writer.string("eventName", &name);
    let mut all = Object::default();
    for &(name, path) in &[
        ("event.id", "id"),
        ("session.id", "session.id"),
        ("user.anonymous_id", "visitor"),
        ("url.full", "page.url"),
        ("page.title", "page.title"),
        ("page.referrer", "page.referrer"),
    ] {
        if let Some(value) = at(event.all, path) {
            all.set(name, value.clone());
        }
    }
    for (name, value) in event.flat().0 {
        let mut full = String::from("footstep.");
        full.push_str(&name);
        all.0.push((full, value));
    }
    attributes(writer.name("attributes"), &all);
    writer.end();
    Ok(())
}

fn nanos(out: &mut String, ms: u64) {
    out.push('"');
    write_u64(out, ms);
    out.push_str("000000\"");
}

/// `KeyValue`s.
fn attributes(out: &mut String, object: &Object) {
    write_list(out, &object.0, |out, (name, value)| {
        out.push_str("{\"key\":");
        write_string(out, name);
        out.push_str(",\"value\":");
        any_value(out, value);
        out.push('}');
    });
}

fn any_value(out: &mut String, value: &Value) {
    let mut writer = Writer::object(out);
    match value {
        Value::Null => {}
        Value::Bool(is) => writer.value("boolValue", &Value::Bool(*is)),
        Value::String(text) => writer.string("stringValue", text),
        Value::Number(number) => {
            let text = number.text();
            if whole(text).is_some() {
                writer.string("intValue", text);
            } else {
                writer.name("doubleValue").push_str(text);
            }
        }
        Value::Array(items) => {
            let mut list = Writer::object(writer.name("arrayValue"));
            write_list(list.name("values"), items, any_value);
            list.end();
        }
        Value::Object(object) => {
            let mut list = Writer::object(writer.name("kvlistValue"));
            attributes(list.name("values"), object);
            list.end();
        }
    }
    writer.end();
}

/// A 200 may refuse some records without naming them; what is not to be tried again is lost.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    let judgement = Judgement::by_status(status);
    match status {
        200 => {
            let said = answer(body);
            let rejected = at(&said, "partialSuccess.rejectedLogRecords").and_then(scalar).and_then(whole);
            judgement.unnamed(rejected.unwrap_or(0), events)
        }
        500 | 505..=599 => Judgement::of(Verdict::Refused).unnamed(events as u64, events),
        _ => judgement,
    }
}
