//! `GET /v1/audit`: the audit as JSON, page by page however much there is.
//!
//! Which streams: `stream` (one), `site`, `since` (heard of at that time or later, ms since 1970), `incomplete=true`.
//! How many: `limit`; the answer's `next` is the `after` of the next page. A stream with more numbers than one answer
//! holds says `nextFrom`: ask for that stream with `from`.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use footstep::model::uuid::Uuid;
use serde::Deserialize;

use super::App;
use crate::accepted::MAX_SEQ;
use crate::problem::Problem;
use crate::store::audit::{self, Filter, Place};

/// Streams listed unless `limit` says otherwise, and the most. The summary always counts all of them.
const LISTED: u32 = 100;
const MOST_LISTED: u32 = 1_000;

/// What may stand behind the question mark.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    stream: Option<String>,
    site: Option<String>,
    since: Option<u64>,
    incomplete: Option<bool>,
    limit: Option<u32>,
    after: Option<String>,
    from: Option<u64>,
    /// Checked before; here only so that it is no unknown word.
    #[serde(rename = "token")]
    _token: Option<String>,
}

/// Answers.
///
/// # Errors
/// A parameter that cannot be understood, a stream never heard of, or a database that cannot be read.
pub async fn answer(
    State(app): State<App>,
    query: Result<Query<Parameters>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(parameters) = query.map_err(|error| Problem::bad("bad_query", "", error.body_text()))?;
    let filter = filter(&parameters)?;
    let after = parameters.after.as_deref().map(place).transpose()?;
    let limit = parameters.limit.unwrap_or(LISTED).min(MOST_LISTED);
    let from = parameters.from.unwrap_or(1).clamp(1, MAX_SEQ);
    let named = filter.stream.is_some();
    let report = app.store.read(move |db| audit::report(db, &filter, after, limit, from)).await;
    let report = report.map_err(|error| Problem::storage(&error))?;
    if named && report.summary.streams == 0 {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "unknown_stream",
            "nothing of this stream has arrived",
        ));
    }
    let text = serde_json::to_string(&report).map_err(|error| Problem::storage(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

fn filter(parameters: &Parameters) -> Result<Filter, Problem> {
    let stream = parameters.stream.as_deref().map(|text| {
        let id = Uuid::parse(text)
            .ok_or_else(|| Problem::bad("bad_query", "stream", "not a UUID (36 characters, hyphenated)"))?;
        Ok(id.text())
    });
    Ok(Filter {
        stream: stream.transpose()?,
        site: parameters.site.clone(),
        since: parameters.since.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX)),
        incomplete: parameters.incomplete.unwrap_or(false),
    })
}

fn place(text: &str) -> Result<Place, Problem> {
    let parts = text.split_once('.').and_then(|(time, id)| Some((time.parse().ok()?, Uuid::parse(id)?)));
    let (first_received, id) =
        parts.ok_or_else(|| Problem::bad("bad_query", "after", "not the `next` of another answer"))?;
    Ok(Place { first_received, stream: id.text() })
}
