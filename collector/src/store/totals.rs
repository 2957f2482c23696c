//! The numbers at the head of the live page. Counts what the events show now, so an outcome is never counted beside
//! its attempt. Knows nothing of the page.

use rusqlite::Connection;
use serde::Serialize;

use super::audit::{self, Summary};

/// The numbers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Events of any kind.
    pub events: u64,
    /// Confirmed micro- and macro-conversions.
    pub conversions: u64,
    /// Confirmed macro-conversions.
    pub macro_conversions: u64,
    /// Different visitors.
    pub visitors: u64,
    /// What the confirmed conversions are worth, largest first.
    pub value: Vec<Worth>,
    /// The audit in numbers.
    pub audit: Summary,
}

/// The worth in one currency. Macro and micro apart: a cart's value and the purchase's are one and the same money.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Worth {
    /// ISO 4217 code; absent: points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Of macro-conversions.
    pub macro_conversions: f64,
    /// Of micro-conversions.
    pub micro_conversions: f64,
}

/// Counts.
///
/// # Errors
/// What SQLite says.
pub fn count(from: &Connection) -> rusqlite::Result<Totals> {
    let from = from.unchecked_transaction()?;
    let mut totals = from.query_row(
        "SELECT count(*), count(*) FILTER (WHERE kind IN ('micro', 'macro') AND phase = 'confirmed'),
         count(*) FILTER (WHERE kind = 'macro' AND phase = 'confirmed'), count(DISTINCT visitor) FROM events",
        (),
        |row| {
            Ok(Totals {
                events: row.get(0)?,
                conversions: row.get(1)?,
                macro_conversions: row.get(2)?,
                visitors: row.get(3)?,
                value: Vec::new(),
                audit: Summary::default(),
            })
        },
    )?;
    totals.value = from
        .prepare(
            "SELECT currency, coalesce(sum(value) FILTER (WHERE kind = 'macro'), 0.0) AS macro,
             coalesce(sum(value) FILTER (WHERE kind <> 'macro'), 0.0) AS micro FROM events
             WHERE value IS NOT NULL AND phase = 'confirmed' GROUP BY currency ORDER BY macro DESC, micro DESC",
        )?
        .query_map((), |row| {
            Ok(Worth { currency: row.get(0)?, macro_conversions: row.get(1)?, micro_conversions: row.get(2)? })
        })?
        .collect::<Result<_, _>>()?;
    totals.audit = audit::summary(&from, &audit::Filter::default())?;
    Ok(totals)
}
