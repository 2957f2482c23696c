//! `POST /v1/batch`: 204 once the batch is on the disk, or a refusal that says what to do.
//!
//! Reads the request; what makes a batch acceptable is [`crate::accepted`]'s business.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use futures_util::StreamExt;

use super::App;
use crate::accepted;
use crate::problem::Problem;
use crate::store::writer::NotKept;

/// How many times the limit is read and thrown away, so that a sender in the middle of its body gets our answer and
/// not a broken connection.
const PATIENCE: usize = 16;

/// The methods of the path.
pub fn route() -> MethodRouter<App> {
    post(take).options(preflight).fallback(|| async { Problem::method("POST, OPTIONS") })
}

async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

async fn take(State(app): State<App>, headers: HeaderMap, body: Body) -> Result<StatusCode, Problem> {
    let bytes = collect(body, app.options.max_body).await?;
    readable(&headers)?;
    let accepted = accepted::read(&bytes)?;
    app.store.keep(accepted).await.map_err(|reason| match reason {
        NotKept::Full => Problem::later("busy", "1", "too many batches wait for the disk: send it again"),
        NotKept::Failed => Problem::later("storage", "10", "the batch could not be stored: send it again"),
        NotKept::Ending => Problem::later("ending", "5", "the collector is about to end: send it again"),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// A body of a kind we do not read is refused by its label, not by the riddle its bytes would be.
fn readable(headers: &HeaderMap) -> Result<(), Problem> {
    let word = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase());
    let refuse =
        |message| Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message));
    if word(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return refuse("send the batch uncompressed");
    }
    let kind = word(header::CONTENT_TYPE).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim() {
        "" | "text/plain" | "application/json" => Ok(()),
        _ => refuse("send the batch as text/plain or application/json"),
    }
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut total: usize = 0;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part =
            part.map_err(|_| Problem::bad("bad_request", "", "the body ended before it was complete"))?;
        total = total.saturating_add(part.len());
        if total <= limit {
            bytes.extend_from_slice(&part);
        } else {
            bytes = Vec::new();
            if total / PATIENCE > limit {
                break;
            }
        }
    }
    if total <= limit {
        return Ok(bytes);
    }
    let message = format!("the body is over {limit} bytes: send fewer events at once");
    Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message))
}
