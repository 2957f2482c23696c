//! What arrived, what is missing, what was given up: per stream, to the number.
//!
//! Of each stream the same equation holds: `lastSeq = received + dropped + missing`. The counts are kept with the
//! streams ([`super::insert`]); the numbers behind them are listed by [`super::numbers`]. Here stands which streams are
//! asked for, and the sum over them.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use serde::Serialize;
use serde_json::value::RawValue;

use super::numbers::{self, Numbers};

/// After so many entries of all lists together no further stream is listed: an answer has a size.
const MOST_ENTRIES: usize = 20_000;

/// Which streams are wanted. All that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// This one.
    pub stream: Option<String>,
    /// Of this site.
    pub site: Option<String>,
    /// Heard of at this time or later, ms since 1970.
    pub since: Option<i64>,
    /// Only those in which something is missing.
    pub incomplete: bool,
}

/// Where a page of the list begins: after the stream that was first heard of then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its `firstReceived`.
    pub first_received: i64,
    /// Its id.
    pub stream: String,
}

/// The report.
#[derive(Debug, Serialize)]
pub struct Audit {
    /// Over all streams that pass the filter, however few are listed.
    pub summary: Summary,
    /// The streams, the one first heard of last first: an order that does not change while pages are read.
    pub streams: Vec<Stream>,
    /// What to give as `after` for the streams that follow; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The report in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Streams heard of.
    pub streams: u64,
    /// Streams in which something is missing.
    pub incomplete: u64,
    /// Streams of which the end is known.
    pub closed: u64,
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
    /// When it was first heard of, ms since 1970.
    pub first_received: u64,
    /// When it was last heard of.
    pub last_received: u64,
    /// What its first batch said about the browser; `null` if none arrived and only its end is known.
    pub context: Box<RawValue>,
    /// Codes of what is wrong with the page's config.
    pub diagnostics: Box<RawValue>,
    /// The last number, by the word of a later page; absent as long as nobody said that the stream has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<u64>,
    /// The equation.
    pub counts: Counts,
    /// The numbers themselves.
    #[serde(flatten)]
    pub numbers: Numbers,
    /// Records that came again.
    pub duplicates: u64,
    /// Records under a number that another record has.
    pub conflicts: u64,
}

/// `lastSeq = received + dropped + missing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// The highest number heard of: as received, as dropped or as the last one.
    pub last_seq: u64,
    /// Numbers that arrived.
    pub received: u64,
    /// Numbers reported as given up, that did not arrive.
    pub dropped: u64,
    /// Numbers nothing is known of.
    pub missing: u64,
}

impl Counts {
    fn read(last_seq: u64, received: u64, accounted: u64) -> Self {
        Self { last_seq, received, dropped: accounted - received, missing: last_seq - accounted }
    }
}

/// The report on the first `limit` streams after the place, each with its numbers from `from` on.
///
/// # Errors
/// What SQLite says.
pub fn report(
    db: &Connection,
    filter: &Filter,
    after: Option<Place>,
    limit: u32,
    from: u64,
) -> rusqlite::Result<Audit> {
    // One moment for all questions.
    let db = db.unchecked_transaction()?;
    let (mut tests, mut values) = conditions(filter);
    if let Some(place) = after {
        values.extend([Value::Integer(place.first_received), Value::Text(place.stream)]);
        tests.push_str(&format!(
            " AND (first_received, stream) < (?{}, ?{})",
            values.len() - 1,
            values.len()
        ));
    }
    values.push(Value::Integer(i64::from(limit) + 1));
    let mut statement = db.prepare(&format!(
        "SELECT stream, site, first_received, last_received, context, diagnostics, closed, last_seq, received,
         accounted, duplicates, conflicts FROM streams WHERE {tests}
         ORDER BY first_received DESC, stream DESC LIMIT ?{}",
        values.len()
    ))?;
    let rows = statement.query_map(params_from_iter(values), stream)?;
    let mut streams: Vec<Stream> = rows.collect::<Result<_, _>>()?;
    let found = streams.len();
    streams.truncate(limit as usize);
    let (mut listed, mut entries) = (0, 0);
    for stream in &mut streams {
        if entries >= MOST_ENTRIES {
            break;
        }
        stream.numbers = numbers::list(&db, &stream.stream, from, stream.counts.last_seq)?;
        entries += stream.numbers.entries();
        listed += 1;
    }
    streams.truncate(listed);
    let next = streams
        .last()
        .filter(|_| found > listed)
        .map(|last| format!("{}.{}", last.first_received, last.stream));
    Ok(Audit { summary: summary(&db, filter)?, streams, next })
}

fn stream(row: &Row) -> rusqlite::Result<Stream> {
    let raw = |index| row.get(index).map(|text: String| RawValue::from_string(text).unwrap_or_default());
    Ok(Stream {
        stream: row.get(0)?,
        site: row.get(1)?,
        first_received: row.get(2)?,
        last_received: row.get(3)?,
        context: raw(4)?,
        diagnostics: raw(5)?,
        closed: row.get(6)?,
        counts: Counts::read(row.get(7)?, row.get(8)?, row.get(9)?),
        numbers: Numbers::default(),
        duplicates: row.get(10)?,
        conflicts: row.get(11)?,
    })
}

/// The report in numbers, over all streams that pass.
///
/// # Errors
/// What SQLite says.
pub fn summary(db: &Connection, filter: &Filter) -> rusqlite::Result<Summary> {
    let (tests, values) = conditions(filter);
    let mut statement = db.prepare(&format!(
        "SELECT closed IS NOT NULL, last_seq, received, accounted, duplicates, conflicts FROM streams WHERE {tests}"
    ))?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut sum = Summary::default();
    // Not by SQLite's sum(), which fails where a hostile stream's numbers overflow it.
    while let Some(row) = rows.next()? {
        let counts = Counts::read(row.get(1)?, row.get(2)?, row.get(3)?);
        sum.streams += 1;
        sum.incomplete += u64::from(counts.missing > 0);
        sum.closed += u64::from(row.get::<_, bool>(0)?);
        sum.received = sum.received.saturating_add(counts.received);
        sum.missing = sum.missing.saturating_add(counts.missing);
        sum.dropped = sum.dropped.saturating_add(counts.dropped);
        sum.duplicates += row.get::<_, u64>(4)?;
        sum.conflicts += row.get::<_, u64>(5)?;
    }
    Ok(sum)
}

/// The words after WHERE and what stands for their question marks.
fn conditions(filter: &Filter) -> (String, Vec<Value>) {
    let (mut tests, mut values) = ("TRUE".to_owned(), Vec::new());
    let mut test = |words: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            tests.push_str(&format!(" AND {words} ?{}", values.len()));
        }
    };
    test("stream =", filter.stream.clone().map(Value::Text));
    test("site =", filter.site.clone().map(Value::Text));
    test("last_received >=", filter.since.map(Value::Integer));
    if filter.incomplete {
        tests.push_str(" AND last_seq > accounted");
    }
    (tests, values)
}
