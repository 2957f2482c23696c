//! `clickhouse`: rows for a table of ClickHouse, by its HTTP interface, in `JSONEachRow`.
//!
//! The type of the body is ignored, so there is no preflight. Times are written without `T` and `Z`, which every version
//! reads (a bare number of milliseconds would become the year 9999). With `ReplacingMergeTree(rev)` an outcome replaces
//! its attempt, and what arrives twice counts once. Almost every error is a 500, whose number in the text decides.
//! Sources: "HTTP interface", "JSONEachRow", "ReplacingMergeTree" in ClickHouse's documentation; `ErrorCodes.cpp`.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, Limits, TEXT};
use crate::model::data::at;
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, text_at};
use crate::model::json::write;
use crate::model::mapping::mapped;
use crate::model::text::{find, whole};
use crate::model::time::write_date;
use crate::model::value::{Object, Value};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A table of ClickHouse, by its HTTP interface.",
    words: &[
        Word {
            name: "table",
            schema: r#"{"type":"string"}"#,
            required: true,
            secret: false,
            what: "The table, such as `shop.footsteps`.",
        },
        Word {
            name: "user",
            schema: r#"{"type":"string"}"#,
            required: false,
            secret: false,
            what: "A user that may insert into that table and do nothing else.",
        },
        Word {
            name: "password",
            schema: r#"{"type":"string"}"#,
            required: false,
            secret: true,
            what: "Its password, which everybody can read in the page.",
        },
    ],
    example: r#"{"url":"https://clickhouse.example/","format":"clickhouse","table":"shop.footsteps","user":"ingest"}"#,
    cors: Cors::Configured,
};

pub(super) const LIMITS: Limits = Limits::NONE;

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    let mut frame = Frame { between: "\n", ..Frame::new(job, event, TEXT).around("", "\n") };
    let mut query = String::from("INSERT INTO ");
    query.push_str(job.option("table"));
    query.push_str(" FORMAT JSONEachRow");
    frame.parameter("query", &query);
    frame.parameter("input_format_skip_unknown_fields", "1");
    for name in ["user", "password"] {
        let value = job.option(name);
        if !value.is_empty() {
            frame.parameter(name, value);
        }
    }
    frame
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let mut row = Object::default();
    for &(column, path) in &[
        ("event_id", "id"),
        ("rev", "rev"),
        ("seq", "seq"),
        ("kind", "kind"),
        ("phase", "phase"),
        ("visitor_id", "visitor"),
        ("session_id", "session.id"),
        ("session_number", "session.number"),
        ("page_id", "page.id"),
        ("url", "page.url"),
        ("title", "page.title"),
        ("referrer", "page.referrer"),
        ("value", "value"),
        ("currency", "currency"),
        ("leads_to", "leadsTo"),
    ] {
        if let Some(value) = at(event.all, path) {
            row.set(column, value.clone());
        }
    }
    row.set("name", event.name(&[]).into());
    row.set("site", text_at(job.batch, "site").into());
    row.set("stream", text_at(job.batch, "stream").into());
    for (column, time) in [("time", event.whole("at")), ("sent", job.sent())] {
        let mut text = String::new();
        write_date(&mut text, time, ' ');
        row.set(column, text.as_str().into());
    }
    for column in ["properties", "trigger", "attempt"] {
        if let Some(value) = event.all.get(column) {
            let mut text = String::new();
            write(&mut text, value);
            row.set(column, text.as_str().into());
        }
    }
    write(out, &Value::Object(mapped(job.options, &row)));
    Ok(())
}

/// By the number of the error where there is one.
pub(super) fn judge(status: u16, body: &str, _: usize) -> Judgement {
    if (200..300).contains(&status) {
        return Judgement::by_status(status);
    }
    let code = find(body, "Code: ").and_then(|place| {
        let rest = body.get(place + 6..)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        whole(rest.get(..digits)?)
    });
    Judgement::of(match code {
        // Syntax, unknown table, unknown database, denied, readonly, wrong password, unknown user, unknown setting.
        Some(60 | 62 | 81 | 115 | 164 | 192 | 193 | 194 | 497 | 516) => Verdict::WrongEndpoint,
        // Text that cannot be read as the column's type, or an unknown column.
        Some(6 | 26 | 27 | 33 | 38 | 41 | 53 | 69 | 70 | 72 | 117 | 130 | 441) => Verdict::Refused,
        // Busy, slow, out of something.
        Some(_) => Verdict::Later,
        None => return Judgement::by_status(status),
    })
}
