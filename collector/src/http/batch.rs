//! `POST /v1/batch`: 204 once the batch is on the disk, or a refusal that says what to do.
//!
//! Reads the request; what makes a batch acceptable is [`crate::accepted`]'s business.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use futures_util::StreamExt;
use tokio::time::timeout;

use super::App;
use super::serve::Peer;
use crate::accepted;
use crate::gate::{Hold, Shut};
use crate::problem::Problem;
use crate::source;
use crate::store::writer::NotKept;

/// How many bytes are read and thrown away, so that a sender in the middle of a body that is refused gets our answer
/// and not a broken connection.
const THROWN_AWAY: usize = 128 * 1024 * 1024;

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

async fn take(
    State(app): State<App>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let limits = &app.options.limits;
    let source = source::of(peer, &headers, &limits.proxies);
    let too_fast = || {
        let message = format!("more than {} batches a second from one address", limits.max_rate);
        Problem::slow_down("too_fast", message)
    };
    let refused = (!app.gate.is_slow_enough(source)).then(too_fast);
    if let Some(problem) = announced(&headers, limits.max_body) {
        return Err(problem);
    }
    let mut reading = Reading { bytes: Vec::new(), hold: app.gate.body(source), refused };
    let Reading { bytes, hold, refused } =
        match timeout(limits.body_timeout, reading.run(body, limits.max_body)).await {
            Ok(read) => read.map(|()| reading)?,
            Err(_) if reading.refused.is_some() => reading,
            Err(_) => return Err(Problem::too_slow(limits.body_timeout)),
        };
    refused.map_or(Ok(()), Err)?;
    if !app.gate.is_small_enough(source, bytes.len()) {
        return Err(too_fast());
    }
    readable(&headers)?;
    let accepted = accepted::read(&bytes)?;
    drop(bytes);
    // Its memory counts until it is on the disk, even if nobody waits for the answer any more.
    let kept = tokio::spawn(async move {
        let kept = app.store.keep(accepted).await;
        drop(hold);
        kept
    });
    kept.await.unwrap_or(Err(NotKept::Failed)).map_err(|reason| match reason {
        NotKept::Full => Problem::later("busy", "1", "too many batches wait for the disk: send it again"),
        NotKept::NoSpace => Problem::no_space(),
        NotKept::Failed => Problem::later("storage", "10", "the batch could not be stored: send it again"),
        NotKept::Ending => Problem::later("ending", "5", "the collector is about to end: send it again"),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody who asks beforehand whether a body of that size is welcome is told before it is sent.
fn announced(headers: &HeaderMap, limit: usize) -> Option<Problem> {
    let size = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse::<u64>().ok()?;
    let asks = headers.contains_key(header::EXPECT);
    (asks && size > limit as u64).then(|| Problem::too_large(limit))
}

/// A body on its way in.
struct Reading {
    /// What has come so far; empty once it is refused.
    bytes: Vec<u8>,
    hold: Hold,
    /// Why it is refused. It is read to its end all the same, as far as patience goes.
    refused: Option<Problem>,
}

impl Reading {
    async fn run(&mut self, body: Body, limit: usize) -> Result<(), Problem> {
        let mut total: usize = 0;
        let mut parts = body.into_data_stream();
        while let Some(part) = parts.next().await {
            let part =
                part.map_err(|_| Problem::bad("bad_request", "", "the body ended before it was complete"))?;
            total = total.saturating_add(part.len());
            if self.refused.is_none() {
                self.refused = self.add(&part, limit).err();
            }
            if self.refused.is_some() {
                self.bytes = Vec::new();
                self.hold.give_back();
            }
            if total > THROWN_AWAY {
                break;
            }
        }
        Ok(())
    }

    fn add(&mut self, part: &[u8], limit: usize) -> Result<(), Problem> {
        if self.bytes.len() + part.len() > limit {
            return Err(Problem::too_large(limit));
        }
        self.hold.bytes(part.len()).map_err(|shut| match shut {
            Shut::All => Problem::later("busy", "1", "too many batches at once: send it again"),
            Shut::Source => Problem::slow_down("too_much", "too many batches at once from this address"),
        })?;
        self.bytes.extend_from_slice(part);
        Ok(())
    }
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
