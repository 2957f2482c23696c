//! What arrived, what is missing, what was given up: per stream, to the number.
//!
//! The arithmetic is in [`crate::ranges`]; here the tables are asked and the report is put together.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::ranges::{self, Range};

/// The report.
#[derive(Debug, Serialize)]
pub struct Audit {
    /// Over all streams, however few are listed.
    pub summary: Summary,
    /// The streams asked for, the one heard of last first.
    pub streams: Vec<Stream>,
}

/// The report in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Streams heard of.
    pub streams: u64,
    /// Streams in which something is missing.
    pub incomplete: u64,
    /// Numbers that arrived.
    pub received: u64,
    /// Numbers that should have arrived and did not, yet.
    pub missing: u64,
    /// Numbers reported as given up, that did not arrive.
    pub dropped: u64,
    /// Records that came again.
    pub duplicates: u64,
    /// Records under a number that another record has.
    pub conflicts: u64,
}

/// One stream: one document of one visitor.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stream {
    /// Its id.
    pub stream: String,
    /// The site its first batch named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// When its first batch arrived.
    pub first_received: u64,
    /// When its last batch arrived.
    pub last_received: u64,
    /// What its first batch said about the browser.
    pub context: Box<RawValue>,
    /// Codes of what is wrong with the page's config.
    pub diagnostics: Box<RawValue>,
    /// The numbers that arrived.
    pub received: Vec<Range>,
    /// Numbers below the highest known one that neither arrived nor were reported as dropped.
    pub missing: Vec<Range>,
    /// What the page gave up, as reported.
    pub dropped: Vec<Dropped>,
    /// Records that came again.
    pub duplicates: u64,
    /// Records under a number that another record has.
    pub conflicts: u64,
    /// Records that the events no longer show, because a higher rev of them is there.
    pub superseded: Vec<Superseded>,
}

/// A reported loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// The first number.
    pub from: u64,
    /// The last number, itself included.
    pub to: u64,
    /// Why, in the page's words.
    pub reason: String,
}

/// A record that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Superseded {
    /// The conversion.
    pub id: String,
    /// The rev that no longer shows.
    pub rev: u8,
    /// Its number in this stream.
    pub seq: u64,
    /// It came after the rev that replaced it.
    pub late: bool,
    /// What shows instead.
    pub by: Replacement,
}

/// The record that shows instead. It may have come in another stream: the visitor's next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replacement {
    /// The stream it came in.
    pub stream: String,
    /// Its number there.
    pub seq: u64,
    /// Its rev.
    pub rev: u8,
}

/// The report on one stream, or on the newest `limit` of all.
///
/// # Errors
/// What SQLite says.
pub fn report(from: &Connection, only: Option<&str>, limit: u32) -> rusqlite::Result<Audit> {
    // One moment for all questions.
    let from = from.unchecked_transaction()?;
    let mut statement = from.prepare(
        "SELECT stream, site, first_received, last_received, context, diagnostics, duplicates, conflicts FROM streams
         WHERE ?1 IS NULL OR stream = ?1 ORDER BY last_received DESC, stream LIMIT ?2",
    )?;
    let rows = statement.query_map(params![only, limit], |row| {
        let raw = |index| row.get(index).map(|text: String| RawValue::from_string(text).unwrap_or_default());
        Ok(Stream {
            stream: row.get(0)?,
            site: row.get(1)?,
            first_received: row.get(2)?,
            last_received: row.get(3)?,
            context: raw(4)?,
            diagnostics: raw(5)?,
            received: Vec::new(),
            missing: Vec::new(),
            dropped: Vec::new(),
            duplicates: row.get(6)?,
            conflicts: row.get(7)?,
            superseded: Vec::new(),
        })
    })?;
    let mut streams: Vec<Stream> = rows.collect::<Result<_, _>>()?;
    for stream in &mut streams {
        stream.received = received(&from, &stream.stream)?;
        stream.dropped = dropped(&from, &stream.stream)?;
        stream.superseded = superseded(&from, &stream.stream)?;
        let given_up = stream.dropped.iter().map(|dropped| Range { from: dropped.from, to: dropped.to });
        stream.missing = ranges::gaps(&ranges::union(stream.received.iter().copied().chain(given_up)));
    }
    Ok(Audit { summary: summary(&from)?, streams })
}

/// The report in numbers, over all streams.
///
/// # Errors
/// What SQLite says.
pub fn summary(from: &Connection) -> rusqlite::Result<Summary> {
    let mut summary = from.query_row(
        "SELECT count(*), coalesce(sum(duplicates), 0), coalesce(sum(conflicts), 0) FROM streams",
        (),
        |row| {
            let (streams, duplicates, conflicts) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Summary { streams, duplicates, conflicts, ..Summary::default() })
        },
    )?;
    let mut known: BTreeMap<String, Vec<Range>> = BTreeMap::new();
    for table in ["received", "dropped"] {
        let mut statement = from.prepare(&format!("SELECT stream, first, last FROM {table}"))?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let range = Range { from: row.get(1)?, to: row.get(2)? };
            if table == "received" {
                summary.received += range.count();
            }
            known.entry(row.get(0)?).or_default().push(range);
        }
    }
    let mut all = 0;
    for ranges in known.into_values() {
        let known = ranges::union(ranges);
        let missing = ranges::count(&ranges::gaps(&known));
        all += ranges::count(&known);
        summary.missing += missing;
        summary.incomplete += u64::from(missing > 0);
    }
    summary.dropped = all.saturating_sub(summary.received);
    Ok(summary)
}

fn received(from: &Connection, stream: &str) -> rusqlite::Result<Vec<Range>> {
    from.prepare_cached("SELECT first, last FROM received WHERE stream = ?1 ORDER BY first")?
        .query_map([stream], |row| Ok(Range { from: row.get(0)?, to: row.get(1)? }))?
        .collect()
}

fn dropped(from: &Connection, stream: &str) -> rusqlite::Result<Vec<Dropped>> {
    from.prepare_cached(
        "SELECT first, last, reason FROM dropped WHERE stream = ?1 ORDER BY first, last, reason",
    )?
    .query_map([stream], |row| Ok(Dropped { from: row.get(0)?, to: row.get(1)?, reason: row.get(2)? }))?
    .collect()
}

fn superseded(from: &Connection, stream: &str) -> rusqlite::Result<Vec<Superseded>> {
    from.prepare_cached(
        "SELECT old.id, old.rev, old.seq, old.n > new.n, new.stream, new.seq, new.rev FROM records AS old
         JOIN records AS new ON new.id = old.id AND new.rev > old.rev
         WHERE old.stream = ?1 ORDER BY old.seq, old.id, new.rev",
    )?
    .query_map([stream], |row| {
        let by = Replacement { stream: row.get(4)?, seq: row.get(5)?, rev: row.get(6)? };
        Ok(Superseded { id: row.get(0)?, rev: row.get(1)?, seq: row.get(2)?, late: row.get(3)?, by })
    })?
    .collect()
}
