//! One batch into the tables, within a transaction that somebody else opens and commits.
//!
//! Here stands what makes delivery *exactly once*: `(id, rev)` is kept the first time and counted afterwards.

use footstep::model::batch::{Batch, Event};
use footstep::model::time::Millis;
use rusqlite::{OptionalExtension, Transaction, params};

use super::line;
use crate::accepted::Accepted;
use crate::ranges::{self, Range};

/// An event that was new and is the latest word on its conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Its place in the order of arrival.
    pub n: i64,
    /// As [`line::write`] makes it.
    pub line: String,
}

/// Puts the batch in; nothing of it stays if the caller does not commit.
///
/// # Errors
/// What SQLite says.
pub fn batch(to: &Transaction, accepted: &Accepted, received: Millis) -> rusqlite::Result<Vec<Arrival>> {
    let batch = &accepted.batch;
    let stream = batch.stream.text();
    open_stream(to, &stream, batch, received)?;
    let mut arrivals = Vec::new();
    let (mut duplicates, mut conflicts) = (0_u64, 0_u64);
    for (event, text) in batch.events.iter().zip(&accepted.texts) {
        let taken = to
            .prepare_cached("SELECT 1 FROM records WHERE stream = ?1 AND seq = ?2 LIMIT 1")?
            .exists(params![stream, event.seq])?;
        let Some(n) = record(to, &stream, batch.site.as_deref(), event, text, received)? else {
            duplicates += 1;
            continue;
        };
        // Two different events under one number: the page's counting is broken. Both are kept, and it is said.
        conflicts += u64::from(taken);
        if is_latest(to, event)? {
            arrivals.push(Arrival { n, line: line::write(received, &stream, batch.site.as_deref(), text) });
        }
    }
    for run in ranges::of(batch.events.iter().map(|event| event.seq)) {
        mark_received(to, &stream, run)?;
    }
    for dropped in &batch.dropped {
        to.prepare_cached(
            "INSERT OR IGNORE INTO dropped (stream, first, last, reason) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![stream, dropped.from, dropped.to, dropped.reason.text()])?;
    }
    if duplicates + conflicts > 0 {
        to.prepare_cached(
            "UPDATE streams SET duplicates = duplicates + ?2, conflicts = conflicts + ?3 WHERE stream = ?1",
        )?
        .execute(params![stream, duplicates, conflicts])?;
    }
    Ok(arrivals)
}

fn open_stream(to: &Transaction, stream: &str, batch: &Batch, received: Millis) -> rusqlite::Result<()> {
    // Diagnostics come with the first batch of a stream only, and that one need not be the first to arrive.
    to.prepare_cached(
        "INSERT INTO streams (stream, site, first_received, last_received, context, diagnostics)
         VALUES (?1, ?2, ?3, ?3, ?4, ?5)
         ON CONFLICT (stream) DO UPDATE SET last_received = excluded.last_received,
         diagnostics = CASE WHEN diagnostics = '[]' THEN excluded.diagnostics ELSE diagnostics END",
    )?
    .execute(params![stream, batch.site, received.0, json(&batch.context), json(&batch.diagnostics)])?;
    Ok(())
}

/// Strings and flags only: there is nothing in them that JSON could not say.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The new record's place, or nothing if this `(id, rev)` is there already.
fn record(
    to: &Transaction,
    stream: &str,
    site: Option<&str>,
    event: &Event,
    text: &str,
    received: Millis,
) -> rusqlite::Result<Option<i64>> {
    let record = &event.record;
    to.prepare_cached(
        "INSERT INTO records (id, rev, stream, seq, received, site, kind, name, phase, visitor, session, value,
         currency, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id, rev) DO NOTHING RETURNING n",
    )?
    .query_row(
        params![
            record.id.text(),
            record.rev,
            stream,
            event.seq,
            received.0,
            site,
            record.kind.text(),
            record.name,
            record.phase.text(),
            record.visitor.map(footstep::model::uuid::Uuid::text),
            record.session.map(|session| session.id.text()),
            record.value.as_ref().and_then(|value| value.text().parse::<f64>().ok()),
            record.currency,
            text,
        ],
        |row| row.get(0),
    )
    .optional()
}

fn is_latest(to: &Transaction, event: &Event) -> rusqlite::Result<bool> {
    let newer = to
        .prepare_cached("SELECT 1 FROM records WHERE id = ?1 AND rev > ?2")?
        .exists(params![event.record.id.text(), event.record.rev])?;
    Ok(!newer)
}

/// Joins a run of numbers with those that touch it, so that a stream without gaps is one row for ever.
fn mark_received(to: &Transaction, stream: &str, run: Range) -> rusqlite::Result<()> {
    let touching: Vec<Range> = to
        .prepare_cached(
            "SELECT first, last FROM received WHERE stream = ?1 AND first <= ?3 + 1 AND last >= ?2 - 1 AND first >=
             coalesce((SELECT max(first) FROM received WHERE stream = ?1 AND first <= ?2), 0)",
        )?
        .query_map(params![stream, run.from, run.to], |row| Ok(Range { from: row.get(0)?, to: row.get(1)? }))?
        .collect::<Result<_, _>>()?;
    for old in &touching {
        to.prepare_cached("DELETE FROM received WHERE stream = ?1 AND first = ?2")?
            .execute(params![stream, old.from])?;
    }
    for joined in ranges::union(touching.into_iter().chain([run])) {
        to.prepare_cached("INSERT INTO received (stream, first, last) VALUES (?1, ?2, ?3)")?
            .execute(params![stream, joined.from, joined.to])?;
    }
    Ok(())
}
