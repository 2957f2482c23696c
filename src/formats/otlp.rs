//! `otlp`: log records of OpenTelemetry over HTTP, as JSON; each is an event, that is, it has an `eventName`.
//!
//! Times are nanoseconds and whole numbers are texts, as Protobuf's JSON mapping writes 64 bits. What the servers answer
//! decides: of their errors only 429, 502, 503 and 504 may be tried again. Sources: OTLP specification 1.5 (OTLP/HTTP),
//! `opentelemetry/proto/logs/v1`, semantic conventions for events.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{JSON, Limits, Shape, answer};
use crate::model::data::at;
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, scalar};
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

const RESOURCE: &str =
    r#"{"service.name":"{service/site/'unknown_service}","browser.language":"{context.language}"}"#;
const ATTRIBUTES: &str = r#"{"event.id":"{id}","session.id":"{session.id}","user.anonymous_id":"{visitor}","url.full":"{page.url}","page.title":"{page.title}","page.referrer":"{page.referrer}"}"#;

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        types: [JSON; 2],
        body: r#"{"resourceLogs":[{"resource":{"attributes":"{resource}"},"scopeLogs":[{"scope":{"name":"footstep","version":"{version}"},"logRecords":[]}]}]}"#,
        // Severity 9 is INFO.
        each: r#"{"timeUnixNano":"{at}000000","observedTimeUnixNano":"{sent.at}000000","severityNumber":9,"eventName":"footstep.{name}","attributes":"{attributes}"}"#,
        ..Shape::LIST
    }
}

pub(super) fn facts(event: &mut Event<'_>) -> Result<(), DropReason> {
    event.fill("resource", RESOURCE);
    event.fill("attributes", ATTRIBUTES);
    for fact in &["resource", "attributes"] {
        let mut all = Object::default();
        if let Some(Value::Object(plain)) = event.facts.get(fact) {
            all.set_all(plain);
        }
        if *fact == "attributes" {
            for (name, value) in &event.flattened().0 {
                let mut full = String::from("footstep.");
                full.push_str(name);
                all.set(&full, value.clone());
            }
        }
        event.fact(fact, attributes(&all));
    }
    Ok(())
}

/// `KeyValue`s. What is null is left out: receivers refuse an `AnyValue` without a value.
fn attributes(object: &Object) -> Value {
    let mut all = Vec::new();
    for (key, value) in &object.0 {
        if matches!(value, Value::Null) {
            continue;
        }
        all.push(Value::Object(Object::default().with("key", key.as_str().into()).with("value", any(value))));
    }
    Value::Array(all)
}

/// An `AnyValue`.
fn any(value: &Value) -> Value {
    let (kind, value) = match value {
        Value::Null => return Value::Object(Object::default()),
        Value::Bool(_) => ("boolValue", value.clone()),
        Value::String(_) => ("stringValue", value.clone()),
        Value::Number(number) if whole(number.text()).is_some() => ("intValue", number.text().into()),
        Value::Number(_) => ("doubleValue", value.clone()),
        Value::Array(items) => {
            let mut all = Vec::new();
            for item in items {
                if !matches!(item, Value::Null) {
                    all.push(any(item));
                }
            }
            ("arrayValue", values(Value::Array(all)))
        }
        Value::Object(object) => ("kvlistValue", values(attributes(object))),
    };
    Value::Object(Object::default().with(kind, value))
}

fn values(list: Value) -> Value {
    Value::Object(Object::default().with("values", list))
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
        // The protocol says of these that they are to be sent again ("OTLP/HTTP Response", Retryable).
        502 | 504 => Judgement::of(Verdict::Later),
        500 | 505..=599 => Judgement::of(Verdict::Refused).unnamed(events as u64, events),
        _ => judgement,
    }
}
