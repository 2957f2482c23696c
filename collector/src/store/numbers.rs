//! The numbers of one stream as the audit lists them: received, dropped, missing, superseded.
//!
//! A stream in which much is missing has a long list, so a list ends after [`MOST`] entries and says where to go on.
//! What is listed is exact: below that place each number stands in one of received, dropped and missing, and in one
//! only. The arithmetic is in [`crate::ranges`].

use rusqlite::{Connection, params};
use serde::Serialize;

use crate::ranges::{self, Range};

/// The most entries of each list.
pub const MOST: usize = 1_000;

/// One stream's numbers, from where was asked.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// The numbers that arrived.
    pub received: Vec<Range>,
    /// Numbers up to the highest known one that neither arrived nor were reported as dropped.
    pub missing: Vec<Range>,
    /// What the page gave up, by the first reason it gave. What arrived all the same is no loss and stands above.
    pub dropped: Vec<Dropped>,
    /// Records that the events no longer show, because a higher rev of them is there. Of one number at most [`MOST`].
    pub superseded: Vec<Superseded>,
    /// The first number that is not listed; absent if all are. To be given as `from`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_from: Option<u64>,
}

impl Numbers {
    /// How many entries all lists have together.
    #[must_use]
    pub const fn entries(&self) -> usize {
        self.received.len() + self.missing.len() + self.dropped.len() + self.superseded.len()
    }
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

/// Lists the numbers of a stream between `from` and `last`, its highest one, as far as they go.
///
/// # Errors
/// What SQLite says.
pub fn list(db: &Connection, stream: &str, from: u64, last: u64) -> rusqlite::Result<Numbers> {
    let mut received = runs(db, "received", stream, from)?;
    let mut accounted = runs(db, "accounted", stream, from)?;
    let dropped = dropped(db, stream, from)?;
    let mut superseded = superseded(db, stream, from)?;
    // One list too long cuts all of them, at the same number.
    let ends = [
        received.get(MOST).map(|run| run.from),
        accounted.get(MOST).map(|run| run.from),
        dropped.get(MOST).map(|dropped| dropped.from),
        superseded.get(MOST).map(|record| record.seq.max(from + 1)),
    ];
    let end = ends.into_iter().flatten().min();
    let to = end.map_or(last, |end| end - 1);
    clip(&mut received, from, to);
    clip(&mut accounted, from, to);
    let dropped = dropped.iter().flat_map(|dropped| {
        let window = Range { from: dropped.from.max(from), to: dropped.to.min(to) };
        let lost = ranges::gaps(&received, window).into_iter();
        lost.map(|lost| Dropped { from: lost.from, to: lost.to, reason: dropped.reason.clone() })
    });
    let dropped = dropped.collect();
    superseded.retain(|record| record.seq <= to);
    superseded.truncate(MOST);
    let missing = ranges::gaps(&accounted, Range { from, to });
    Ok(Numbers { received, missing, dropped, superseded, next_from: end })
}

fn clip(runs: &mut Vec<Range>, from: u64, to: u64) {
    runs.retain_mut(|run| {
        (run.from, run.to) = (run.from.max(from), run.to.min(to));
        run.from <= run.to
    });
}

fn runs(db: &Connection, table: &str, stream: &str, from: u64) -> rusqlite::Result<Vec<Range>> {
    db.prepare_cached(&format!(
        "SELECT first, last FROM {table} WHERE stream = ?1 AND last >= ?2 AND first >=
         coalesce((SELECT max(first) FROM {table} WHERE stream = ?1 AND first <= ?2), 0) ORDER BY first LIMIT ?3"
    ))?
    .query_map(params![stream, from, MOST + 1], |row| Ok(Range { from: row.get(0)?, to: row.get(1)? }))?
    .collect()
}

fn dropped(db: &Connection, stream: &str, from: u64) -> rusqlite::Result<Vec<Dropped>> {
    db.prepare_cached(
        "SELECT first, last, reason FROM dropped WHERE stream = ?1 AND last >= ?2 AND first >=
         coalesce((SELECT max(first) FROM dropped WHERE stream = ?1 AND first <= ?2), 0) ORDER BY first LIMIT ?3",
    )?
    .query_map(params![stream, from, MOST + 1], |row| {
        Ok(Dropped { from: row.get(0)?, to: row.get(1)?, reason: row.get(2)? })
    })?
    .collect()
}

fn superseded(db: &Connection, stream: &str, from: u64) -> rusqlite::Result<Vec<Superseded>> {
    db.prepare_cached(
        "SELECT old.id, old.rev, old.seq, old.n > new.n, new.stream, new.seq, new.rev FROM records AS old
         JOIN records AS new ON new.id = old.id AND new.rev > old.rev
         WHERE old.stream = ?1 AND old.seq >= ?2 ORDER BY old.seq, old.id, new.rev LIMIT ?3",
    )?
    .query_map(params![stream, from, MOST + 1], |row| {
        let by = Replacement { stream: row.get(4)?, seq: row.get(5)?, rev: row.get(6)? };
        Ok(Superseded { id: row.get(0)?, rev: row.get(1)?, seq: row.get(2)?, late: row.get(3)?, by })
    })?
    .collect()
}
