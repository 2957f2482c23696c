//! The tables, and how a database is opened. Knows no batch and no question that is asked of it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// Counts up with each change of the tables; a file of another version is refused, never guessed at.
const VERSION: i64 = 2;

/// `records` keeps every `(id, rev)` once, in the order of arrival (`n`); `received` the numbers of each stream that
/// arrived, as runs; `dropped` what a page said will never arrive, each
/// number once, by the first reason given; `accounted` both together, so that what is between
/// its runs is missing. `streams` holds the counts of all that, kept up with each batch: a sum over many streams must
/// not have to look at their numbers. `events` is what a shop owner asks for: of each conversion the latest word.
///
/// In `streams`, `last_seq` is the highest number heard of in whatever way, `received` and `accounted` count numbers,
/// `closed` is the last number by the word of a later page; `context` is `null` until a batch of the stream arrives.
const TABLES: &str = "
CREATE TABLE records (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    rev INTEGER NOT NULL,
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    received INTEGER NOT NULL,
    site TEXT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    phase TEXT NOT NULL,
    visitor TEXT,
    session TEXT,
    value REAL,
    currency TEXT,
    event TEXT NOT NULL,
    UNIQUE (id, rev)
) STRICT;
CREATE INDEX records_by_seq ON records (stream, seq);
CREATE INDEX records_by_name ON records (name, n);
CREATE INDEX records_by_visitor ON records (visitor, n);
CREATE INDEX records_by_session ON records (session, n);
CREATE INDEX records_outcomes ON records (id) WHERE rev > 0;
CREATE TABLE streams (
    stream TEXT PRIMARY KEY,
    site TEXT,
    first_received INTEGER NOT NULL,
    last_received INTEGER NOT NULL,
    context TEXT NOT NULL,
    diagnostics TEXT NOT NULL,
    last_seq INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL DEFAULT 0,
    accounted INTEGER NOT NULL DEFAULT 0,
    closed INTEGER,
    duplicates INTEGER NOT NULL DEFAULT 0,
    conflicts INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX streams_by_time ON streams (first_received, stream);
CREATE INDEX streams_incomplete ON streams (first_received, stream) WHERE last_seq > accounted;
CREATE TABLE received (
    stream TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (stream, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE accounted (
    stream TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (stream, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE dropped (
    stream TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (stream, first)
) STRICT, WITHOUT ROWID;
CREATE VIEW events AS SELECT * FROM records AS r
    WHERE NOT EXISTS (SELECT 1 FROM records AS newer WHERE newer.id = r.id AND newer.rev > r.rev);
PRAGMA user_version = 2;
";

/// Opens the database to write, making the tables if the file is new. It may grow to `most` bytes.
///
/// # Errors
/// The sentence to show.
pub fn open(path: &Path, most: Option<u64>) -> Result<Connection, String> {
    let mut connection = Connection::open(path).map_err(|error| error.to_string())?;
    prepare(&mut connection).map_err(|error| error.to_string())??;
    if let Some(bytes) = most {
        limit(&connection, bytes).map_err(|error| error.to_string())?;
    }
    Ok(connection)
}

fn prepare(connection: &mut Connection) -> rusqlite::Result<Result<(), String>> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(32);
    // A 204 is a promise: with FULL each commit is on the disk before it is answered, not only in the system's cache.
    connection.query_row("PRAGMA journal_mode = WAL", (), |_| Ok(()))?;
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let version: i64 = transaction.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    match (version, tables) {
        (VERSION, _) => {}
        (0, 0) => transaction.execute_batch(TABLES)?,
        (0, _) => return Ok(Err("this is a database of something else".to_owned())),
        _ => {
            return Ok(Err(format!(
                "made by another version of the collector (tables {version}, not {VERSION}): move it away, a new one is made"
            )));
        }
    }
    transaction.commit()?;
    Ok(Ok(()))
}

fn limit(connection: &Connection, bytes: u64) -> rusqlite::Result<()> {
    let page: u64 = connection.query_row("PRAGMA page_size", (), |row| row.get(0))?;
    // Never below what is there already: SQLite itself sees to that.
    connection.query_row(&format!("PRAGMA max_page_count = {}", (bytes / page).max(1)), (), |_| Ok(()))
}

/// Opens the database to read; it must be there.
///
/// # Errors
/// What SQLite says.
pub fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    Ok(connection)
}
