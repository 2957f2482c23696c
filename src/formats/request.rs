//! How a batch becomes requests, for every format: events are filled into its templates, and so many of them share a
//! request as the collector, the page's budget and the visitor they belong to allow.

use super::{Encoder, Form, Shape};
use crate::model::delivery::{Encoded, Job, Request};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, scalar};
use crate::model::json::write_string;
use crate::model::mapping::mapped;
use crate::model::template::{PLACE, filled, mark, render, text};
use crate::model::text::{cut, find, pieces, write_percent, write_safe};
use crate::model::value::Value;

/// A request that is being made.
struct Open {
    request: Request,
    /// What stands around its events.
    around: String,
    /// The end of its body.
    end: String,
}

impl Open {
    fn close(mut self, out: &mut Encoded, room: &mut usize) {
        self.request.body.push_str(&self.end);
        *room = room.saturating_sub(self.request.body.len());
        out.requests.push(self.request);
    }
}

/// The template of that name in the config, else the format's.
fn template(job: &Job<'_>, name: &str, usual: &str) -> Option<Value> {
    match job.options.get(name) {
        Some(own) => Some(own.clone()),
        None => crate::model::json::read(usual).ok(),
    }
}

/// Makes requests of a batch: the events in their order, each in one of them, until there is no more room.
#[must_use]
pub fn encode(encoder: &Encoder, job: &Job<'_>) -> Encoded {
    let (mut out, mut open, mut room) = (Encoded::default(), None, job.limit);
    let Some(Value::Array(events)) = job.batch.get("events") else { return out };
    let shape = (encoder.shape)(job);
    let Some(each) = template(job, "each", shape.each) else { return out };
    let (limits, single) = (&encoder.limits, job.flag("single"));
    let most = if single { 1 } else { limits.events.min(shape.most) };
    for (place, event) in events.iter().enumerate() {
        let Value::Object(all) = event else { continue };
        let mut event = Event::of(job, all, shape.names, shape.page);
        let old = job.sent().saturating_sub(event.whole("at")) > limits.age;
        let reason = match (encoder.facts)(&mut event) {
            Err(reason) => Some(reason),
            Ok(()) => old.then_some(DropReason::TooOld),
        };
        let item = if reason.is_none() { item(shape, &each, &event) } else { String::new() };
        let (request, end) = begin(shape, &event, single);
        let alone = request.body.len() + item.len() + end.len();
        let large = item.len() > limits.event || alone > limits.bytes;
        if let Some(reason) = reason.or(large.then_some(DropReason::TooLarge)) {
            out.dropped.push((place, reason));
            continue;
        }
        // Events share a request only where this is the same for both: it may name facts of theirs.
        let mut around = end.clone();
        write_string(&mut around, &request.url);
        for (_, value) in &request.headers {
            write_string(&mut around, value);
        }
        around.push_str(&request.body);
        if let Some(full) = open.take_if(|open: &mut Open| {
            let all = open.request.body.len() + shape.between.len() + item.len() + end.len();
            all > limits.bytes.min(room) || open.request.events.len() >= most || open.around != around
        }) {
            full.close(&mut out, &mut room);
        }
        if let Some(open) = &mut open {
            open.request.body.push_str(shape.between);
        } else {
            if alone > room || out.requests.len() >= job.most {
                break;
            }
            open = Some(Open { request, around, end });
        }
        if let Some(open) = &mut open {
            open.request.body.push_str(&item);
            open.request.events.push(place);
        }
    }
    if let Some(open) = open {
        open.close(&mut out, &mut room);
    }
    out
}

/// An event as it stands in the body.
fn item(shape: &Shape, each: &Value, event: &Event<'_>) -> String {
    let mut value = render(each, event).unwrap_or(Value::Null);
    if let (Form::Mapped, Value::Object(object)) = (shape.form, &value) {
        value = Value::Object(mapped(event.job.options, object, ""));
    }
    let json = text(&value);
    let mut out = String::new();
    match (shape.form, &value) {
        (Form::Field, _) => write_percent(&mut out, &json),
        (Form::Query, Value::Object(object)) => {
            let mut query = String::new();
            for (name, value) in &object.0 {
                parameter(&mut query, name, scalar(value).unwrap_or_default());
            }
            write_string(&mut out, &query);
        }
        _ => return json,
    }
    out
}

fn parameter(url: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        url.push(if cut(url, b'?').is_some() { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        write_percent(url, value);
    }
}

/// A request without events, and the end of its body.
fn begin(shape: &Shape, event: &Event<'_>, single: bool) -> (Request, String) {
    let job = event.job;
    let mut request = Request { url: filled(job.option("url"), event, true), ..Request::default() };
    for pair in pieces(shape.query, b'&') {
        if let Some((name, value)) = cut(pair, b'=') {
            parameter(&mut request.url, name, &filled(value, event, false));
        }
    }
    let own = job.option("contentType");
    let [live, end] = shape.types;
    request.content_type.push_str(if !own.is_empty() {
        own
    } else if job.end {
        end
    } else {
        live
    });
    for (name, value) in job.table("headers") {
        let value = filled(value.as_str().unwrap_or_default(), event, false);
        let mut printable = String::new();
        // Browsers take nothing else.
        write_safe(&mut printable, &value, |byte| matches!(byte, b' '..=b'~'));
        request.headers.push((name.clone(), printable));
    }
    let mut body = if single { None } else { template(job, "body", shape.body) };
    // Before it is filled: what fills it may look like a list.
    body.as_mut().map(mark);
    let mut body = body.and_then(|body| render(&body, event)).map(|body| text(&body)).unwrap_or_default();
    let mut end = String::new();
    if let Some(place) = find(&body, PLACE) {
        end.push_str(body.get(place + PLACE.len()..).unwrap_or_default());
        body.truncate(place);
    }
    if shape.form == Form::Field {
        let (begin, rest) = (body, end);
        (body, end) = (String::from("data="), String::new());
        write_percent(&mut body, &begin);
        write_percent(&mut end, &rest);
    } else if shape.between == "\n" {
        end.push('\n');
    }
    request.body = body;
    (request, end)
}
