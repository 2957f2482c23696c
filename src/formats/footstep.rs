//! The `footstep` format, version 1: JSON, described in `schema/batch.v1.json` and by the structs of
//! [`crate::model::batch`]. Written directly, so that the wasm carries no serialisation framework.

use super::Header;
use crate::model::batch::VERSION;
use crate::model::json::{Writer, write_list, write_string, write_u64};
use crate::model::record::{Page, Record, Session};

/// Writes a batch with as many of the events, in order, as fit into `limit` bytes; returns it and their number.
pub fn encode(
    header: &Header<'_>,
    events: &mut dyn Iterator<Item = (u64, &str)>,
    limit: usize,
) -> (String, usize) {
    let mut body = String::with_capacity(1024);
    let mut batch = Writer::object(&mut body);
    batch.u64("version", VERSION);
    batch.maybe("site", header.site);
    let mut sent = Writer::object(batch.name("sent"));
    sent.u64("at", header.sent.at.0);
    sent.u64("mono", header.sent.mono.0);
    sent.end();
    batch.string("stream", &header.stream.text());
    write_context(batch.name("context"), header);
    if !header.dropped.is_empty() {
        write_list(batch.name("dropped"), header.dropped, |out, dropped| {
            let mut range = Writer::object(out);
            range.u64("from", dropped.from);
            range.u64("to", dropped.to);
            range.string("reason", dropped.reason.text());
            range.end();
        });
    }
    if !header.diagnostics.is_empty() {
        write_list(batch.name("diagnostics"), header.diagnostics, |out, code| write_string(out, code));
    }
    batch.name("events").push('[');
    let mut count = 0;
    let mut tail = String::from("]");
    if let Some(last) = header.closed {
        tail.push_str(",\"closed\":[");
        let mut closed = Writer::object(&mut tail);
        closed.string("stream", &header.stream.text());
        closed.u64("lastSeq", last);
        closed.end();
        tail.push(']');
    }
    for (seq, event) in events {
        let before = body.len();
        if count > 0 {
            body.push(',');
        }
        body.push_str("{\"seq\":");
        write_u64(&mut body, seq);
        body.push(',');
        body.push_str(event.get(1..).unwrap_or_default());
        if body.len() + tail.len() + 1 > limit {
            body.truncate(before);
            tail.truncate(1);
            break;
        }
        count += 1;
    }
    body.push_str(&tail);
    body.push('}');
    (body, count)
}

/// Writes one event as a batch carries it, but without its number in a stream.
pub fn write_event(out: &mut String, record: &Record) {
    let mut event = Writer::object(out);
    event.string("id", &record.id.text());
    event.u64("rev", u64::from(record.rev));
    event.string("kind", record.kind.text());
    event.string("name", &record.name);
    event.string("phase", record.phase.text());
    event.u64("at", record.at.0);
    event.u64("mono", record.mono.0);
    write_page(event.name("page"), &record.page);
    if let Some(visitor) = record.visitor {
        event.string("visitor", &visitor.text());
    }
    if let Some(Session { id, number }) = record.session {
        let mut session = Writer::object(event.name("session"));
        session.string("id", &id.text());
        session.u64("number", number);
        session.end();
    }
    if let Some(value) = &record.value {
        event.name("value").push_str(value.text());
    }
    event.maybe("currency", record.currency.as_deref());
    event.maybe("leadsTo", record.leads_to.as_deref());
    let objects =
        &[("properties", &record.properties), ("trigger", &record.trigger), ("attempt", &record.attempt)];
    for &(name, object) in objects {
        if !object.is_empty() {
            let mut members = Writer::object(event.name(name));
            members.members(object);
            members.end();
        }
    }
    if record.consent > 0 {
        event.u64("consent", record.consent);
    }
    event.mark("early", record.early);
    event.mark("untrusted", record.untrusted);
    event.end();
}

fn write_page(out: &mut String, page: &Page) {
    let mut writer = Writer::object(out);
    writer.string("id", &page.id.text());
    writer.string("url", &page.url);
    for &(name, text) in &[("title", &page.title), ("referrer", &page.referrer), ("route", &page.route)] {
        writer.maybe(name, Some(text.as_str()).filter(|text| !text.is_empty()));
    }
    writer.end();
}

fn write_context(out: &mut String, header: &Header<'_>) {
    let context = header.context;
    let mut writer = Writer::object(out);
    writer.string("engine", &context.engine);
    for &(name, text) in
        &[("language", &context.language), ("zone", &context.zone), ("screen", &context.screen)]
    {
        writer.maybe(name, Some(text.as_str()).filter(|text| !text.is_empty()));
    }
    writer.mark("automation", context.automation);
    writer.end();
}
