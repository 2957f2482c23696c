//! One batch into the tables, within a transaction that somebody else opens and commits.
//!
//! Here stands what makes delivery *exactly once*: `(id, rev)` is kept the first time and counted afterwards.

use footstep::model::batch::{Batch, Closed, Event};
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
    let news = News { duplicates, conflicts, ..account(to, &stream, batch)? };
    note(to, &stream, &news)?;
    for closed in &batch.closed {
        close(to, closed, batch.site.as_deref(), received)?;
    }
    Ok(arrivals)
}

/// What a batch changes in the counts of its stream.
#[derive(Default)]
struct News {
    /// The highest number it names.
    last_seq: u64,
    /// Numbers that have arrived and had not before.
    received: u64,
    /// Numbers that have arrived or were given up, and were neither before.
    accounted: u64,
    duplicates: u64,
    conflicts: u64,
}

fn account(to: &Transaction, stream: &str, batch: &Batch) -> rusqlite::Result<News> {
    let mut news = News::default();
    let mut known = |run: Range| {
        news.last_seq = news.last_seq.max(run.to);
        news.accounted += mark(to, "accounted", stream, run)?;
        Ok::<_, rusqlite::Error>(())
    };
    let mut received = 0;
    for run in ranges::of(batch.events.iter().map(|event| event.seq)) {
        received += mark(to, "received", stream, run)?;
        known(run)?;
    }
    for dropped in &batch.dropped {
        let range = Range { from: dropped.from, to: dropped.to };
        // A report comes again with each batch until one is acknowledged: mostly there is nothing new in it.
        for new in ranges::gaps(&touching(to, "dropped", stream, range)?, range) {
            to.prepare_cached("INSERT INTO dropped (stream, first, last, reason) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![stream, new.from, new.to, dropped.reason.text()])?;
            known(new)?;
        }
    }
    Ok(News { received, ..news })
}

fn note(to: &Transaction, stream: &str, news: &News) -> rusqlite::Result<()> {
    to.prepare_cached(
        "UPDATE streams SET last_seq = max(last_seq, ?2), received = received + ?3, accounted = accounted + ?4,
         duplicates = duplicates + ?5, conflicts = conflicts + ?6 WHERE stream = ?1",
    )?
    .execute(params![
        stream,
        news.last_seq,
        news.received,
        news.accounted,
        news.duplicates,
        news.conflicts
    ])?;
    Ok(())
}

/// Notes the end of a stream, of which perhaps nothing else ever arrives. The highest number anybody names counts.
fn close(to: &Transaction, closed: &Closed, site: Option<&str>, received: Millis) -> rusqlite::Result<()> {
    to.prepare_cached(
        "INSERT INTO streams (stream, site, first_received, last_received, context, diagnostics, last_seq, closed)
         VALUES (?1, ?2, ?3, ?3, 'null', '[]', ?4, ?4)
         ON CONFLICT (stream) DO UPDATE SET last_received = excluded.last_received,
         last_seq = max(last_seq, excluded.closed), closed = max(coalesce(closed, 0), excluded.closed)",
    )?
    .execute(params![closed.stream.text(), site, received.0, closed.last_seq])?;
    Ok(())
}

fn open_stream(to: &Transaction, stream: &str, batch: &Batch, received: Millis) -> rusqlite::Result<()> {
    // Diagnostics come with the first batch of a stream only, and that one need not be the first to arrive; before any
    // of them a later page may have told of the stream's end.
    to.prepare_cached(
        "INSERT INTO streams (stream, site, first_received, last_received, context, diagnostics)
         VALUES (?1, ?2, ?3, ?3, ?4, ?5)
         ON CONFLICT (stream) DO UPDATE SET last_received = excluded.last_received,
         context = CASE WHEN context = 'null' THEN excluded.context ELSE context END,
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

/// Joins a run of numbers with those that touch it, so that a stream without gaps is one row for ever. Says how many
/// of the numbers were not there before.
fn mark(to: &Transaction, table: &str, stream: &str, run: Range) -> rusqlite::Result<u64> {
    let touching = touching(to, table, stream, run)?;
    let joined = ranges::union(touching.iter().copied().chain([run]));
    if joined == touching {
        return Ok(0);
    }
    for old in &touching {
        to.prepare_cached(&format!("DELETE FROM {table} WHERE stream = ?1 AND first = ?2"))?
            .execute(params![stream, old.from])?;
    }
    for new in &joined {
        to.prepare_cached(&format!("INSERT INTO {table} (stream, first, last) VALUES (?1, ?2, ?3)"))?
            .execute(params![stream, new.from, new.to])?;
    }
    Ok(ranges::count(&joined) - ranges::count(&touching))
}

/// The runs of the table that overlap the one given, or stand right beside it, in order.
fn touching(to: &Transaction, table: &str, stream: &str, run: Range) -> rusqlite::Result<Vec<Range>> {
    to.prepare_cached(&format!(
        "SELECT first, last FROM {table} WHERE stream = ?1 AND first <= ?3 + 1 AND last >= ?2 - 1 AND first >=
         coalesce((SELECT max(first) FROM {table} WHERE stream = ?1 AND first < ?2), 0) ORDER BY first"
    ))?
    .query_map(params![stream, run.from, run.to], |row| Ok(Range { from: row.get(0)?, to: row.get(1)? }))?
    .collect()
}
