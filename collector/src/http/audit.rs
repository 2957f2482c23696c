//! `GET /v1/audit`: the audit as JSON; of one stream with `?stream=`, else of those heard of last.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use footstep::model::uuid::Uuid;
use serde::Deserialize;

use super::App;
use crate::problem::Problem;
use crate::store::audit;

/// Streams listed unless `limit` says otherwise. The summary always counts all of them.
const LISTED: u32 = 1_000;

/// What may stand behind the question mark.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    stream: Option<String>,
    limit: Option<u32>,
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
    let only = match parameters.stream.as_deref().map(Uuid::parse) {
        Some(None) => {
            return Err(Problem::bad("bad_query", "stream", "not a UUID (36 characters, hyphenated)"));
        }
        Some(Some(id)) => Some(id.text()),
        None => None,
    };
    let named = only.is_some();
    let limit = parameters.limit.unwrap_or(LISTED);
    let report = app.store.read(move |from| audit::report(from, only.as_deref(), limit)).await;
    let report = report.map_err(|error| Problem::storage(&error))?;
    if named && report.streams.is_empty() {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "unknown_stream",
            "nothing of this stream has arrived",
        ));
    }
    let text = serde_json::to_string(&report).map_err(|error| Problem::storage(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}
