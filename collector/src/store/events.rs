//! The events as a shop owner asks for them: of each conversion the latest word, in the order of arrival.
//!
//! A long answer is read page by page, each from its own moment; `until` (a place in the order of arrival) makes all
//! pages speak of one moment all the same. Does not know who asks.

use footstep::model::time::Millis;
use footstep::model::uuid::Uuid;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::insert::Arrival;
use super::line;

/// Which events are wanted. All that is given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Exactly this name.
    pub name: Option<String>,
    /// Of this kind, in the word of the wire.
    pub kind: Option<String>,
    /// Of this visitor.
    pub visitor: Option<Uuid>,
    /// In this visit.
    pub session: Option<Uuid>,
    /// Received at this time or later.
    pub since: Option<i64>,
    /// Received before this time.
    pub until: Option<i64>,
}

/// A span in the order of arrival, both ends included; empty if `first > last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where to begin.
    pub first: i64,
    /// Where to end; what arrived later is not there yet for this answer.
    pub last: i64,
}

/// The span of the newest `limit` events that pass, or of all of them.
///
/// # Errors
/// What SQLite says.
pub fn span(from: &Connection, filter: &Filter, limit: Option<u32>) -> rusqlite::Result<Span> {
    let last = from.query_row("SELECT coalesce(max(n), 0) FROM records", (), |row| row.get(0))?;
    let Some(limit) = limit else { return Ok(Span { first: 1, last }) };
    let (tests, mut values) = conditions(filter, Span { first: 1, last });
    values.push(Value::Integer(limit.into()));
    let sql = format!(
        "SELECT coalesce(min(n), ?1 + 1) FROM (SELECT r.n FROM records AS r WHERE {tests} ORDER BY r.n DESC LIMIT ?{})",
        values.len()
    );
    let first = from.query_row(&sql, params_from_iter(values), |row| row.get(0))?;
    Ok(Span { first, last })
}

/// The first `size` events that pass, oldest first, as lines.
///
/// # Errors
/// What SQLite says.
pub fn page(from: &Connection, filter: &Filter, span: Span, size: u32) -> rusqlite::Result<Vec<Arrival>> {
    let (tests, mut values) = conditions(filter, span);
    values.push(Value::Integer(size.into()));
    let sql = format!(
        "SELECT r.n, r.received, r.stream, r.site, r.event FROM records AS r WHERE {tests} ORDER BY r.n LIMIT ?{}",
        values.len()
    );
    let mut statement = from.prepare(&sql)?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        let (stream, site): (String, Option<String>) = (row.get(2)?, row.get(3)?);
        let event: String = row.get(4)?;
        let line = line::write(Millis(row.get(1)?), &stream, site.as_deref(), &event);
        Ok(Arrival { n: row.get(0)?, line })
    })?;
    rows.collect()
}

/// The words after WHERE and what stands for their question marks; `?1` is always the end of the span.
fn conditions(filter: &Filter, span: Span) -> (String, Vec<Value>) {
    let mut values = vec![Value::Integer(span.last), Value::Integer(span.first)];
    let mut tests = "r.n BETWEEN ?2 AND ?1 AND NOT EXISTS (SELECT 1 FROM records AS newer \
                     WHERE newer.id = r.id AND newer.rev > r.rev AND newer.n <= ?1)"
        .to_owned();
    let mut test = |words: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            tests.push_str(&format!(" AND r.{words} ?{}", values.len()));
        }
    };
    test("name =", filter.name.clone().map(Value::Text));
    test("kind =", filter.kind.clone().map(Value::Text));
    test("visitor =", filter.visitor.map(|id| Value::Text(id.text())));
    test("session =", filter.session.map(|id| Value::Text(id.text())));
    test("received >=", filter.since.map(Value::Integer));
    test("received <", filter.until.map(Value::Integer));
    (tests, values)
}
