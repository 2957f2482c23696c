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
use crate::model::text::{find, pieces};
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

/// Syntax, unknown table, format, database or setting; denied, readonly, wrong user, password or address.
const WRONG: &str = "60 62 73 81 115 164 192 193 194 195 218 291 452 472 497 516";
/// Slow, busy, out of something (memory, room, quota), too many parts, read-only for now, stopping; network, replicas, Keeper.
const LATER: &str = "24 75 95 96 159 160 173 198 201 202 203 209 210 225 236 241 242 243 244 252 254 279 285 286 290 297 \
                     319 364 369 394 425 439 473 499 574 733 999 1000 1001 1002";

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
        rest.get(..rest.bytes().take_while(u8::is_ascii_digit).count())
    });
    Judgement::of(match code {
        Some(code) if pieces(WRONG, b' ').contains(&code) => Verdict::WrongEndpoint,
        Some(code) if pieces(LATER, b' ').contains(&code) => Verdict::Later,
        // Text that cannot be read as the column's type, an unknown column, whatever else: one row must not hold up all.
        Some(_) => Verdict::Refused,
        None => return Judgement::by_status(status),
    })
}
