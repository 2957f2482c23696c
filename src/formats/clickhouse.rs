//! `clickhouse`: rows for a table of ClickHouse, by its HTTP interface, in `JSONEachRow`.
//!
//! The type of the body is ignored, so there is no preflight. Times are written without `T` and `Z`, which every version
//! reads (a bare number of milliseconds would become the year 9999). With `ReplacingMergeTree(rev)` an outcome replaces
//! its attempt, and what arrives twice counts once. Almost every error is a 500, whose number in the text decides.
//! Sources: "HTTP interface", "JSONEachRow", "ReplacingMergeTree" in ClickHouse's documentation; `ErrorCodes.cpp`.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Form, Limits, Shape};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::Event;
use crate::model::text::{find, whole};
use crate::model::time::write_date;

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

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        query: "query=INSERT INTO {table} FORMAT JSONEachRow&input_format_skip_unknown_fields=1&user={user}&password={password}",
        body: "",
        each: r#"{"event_id":"{id}","rev":"{rev}","seq":"{seq}","kind":"{kind}","name":"{plain}","phase":"{phase}","time":"{time}","sent":"{sentTime}","site":"{site}","stream":"{stream}","visitor_id":"{visitor}","session_id":"{session.id}","session_number":"{session.number}","page_id":"{page.id}","url":"{page.url}","title":"{page.title}","referrer":"{page.referrer}","value":"{value}","currency":"{currency}","leads_to":"{leadsTo}","properties":"{properties|j}","trigger":"{trigger|j}","attempt":"{attempt|j}"}"#,
        between: "\n",
        form: Form::Mapped,
        ..Shape::LIST
    }
}

pub(super) fn facts(event: &mut Event<'_>) -> Result<(), DropReason> {
    for &(fact, at) in &[("time", event.whole("at")), ("sentTime", event.job.sent())] {
        let mut text = String::new();
        write_date(&mut text, at, ' ');
        event.fact(fact, text.as_str().into());
    }
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
