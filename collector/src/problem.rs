//! What is answered when something cannot be done: one shape of JSON, whatever went wrong.
//!
//! `{"error":{"code":"..","message":"..","path":".."}}`: the code for programs, the message for people, the path (in
//! the batch or in the query) where there is one. Does not know who finds problems, nor why.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status it is answered with.
    pub status: StatusCode,
    /// The word a program can act on.
    pub code: &'static str,
    /// What is wrong and, where it can be said, what to do.
    pub message: String,
    /// Where in the batch or the query, such as `events[3].page.id`.
    pub path: Option<String>,
    /// A header that belongs to it: when to come back, which methods there are.
    pub header: Option<(header::HeaderName, &'static str)>,
}

impl Problem {
    /// A problem without a place.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), path: None, header: None }
    }

    /// 400: the request itself is wrong, at `path` (empty: as a whole).
    #[must_use]
    pub fn bad(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        let path = Some(path.into()).filter(|path| !path.is_empty() && path != ".");
        Self { path, ..Self::new(StatusCode::BAD_REQUEST, code, message) }
    }

    /// 503: nothing is wrong with the request; the same one may succeed in `seconds`.
    #[must_use]
    pub fn later(code: &'static str, seconds: &'static str, message: impl Into<String>) -> Self {
        let header = Some((header::RETRY_AFTER, seconds));
        Self { header, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message) }
    }

    /// 413: fewer events at once may succeed.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        let message = format!("the body is over {limit} bytes: send fewer events at once");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    }

    /// 408: the body did not arrive in time.
    #[must_use]
    pub fn too_slow(limit: Duration) -> Self {
        let message = format!("the body did not arrive within {} seconds", limit.as_secs());
        let header = Some((header::CONNECTION, "close"));
        Self { header, ..Self::new(StatusCode::REQUEST_TIMEOUT, "too_slow", message) }
    }

    /// 507: the disk, or what the database may take of it, is full.
    #[must_use]
    pub fn no_space() -> Self {
        let header = Some((header::RETRY_AFTER, "60"));
        let message = "no space is left for the batch: send it again later";
        Self { header, ..Self::new(StatusCode::INSUFFICIENT_STORAGE, "no_space", message) }
    }

    /// 429: this source asks too much at once; a second later the same request may succeed.
    #[must_use]
    pub fn slow_down(code: &'static str, message: impl Into<String>) -> Self {
        let header = Some((header::RETRY_AFTER, "1"));
        Self { header, ..Self::new(StatusCode::TOO_MANY_REQUESTS, code, message) }
    }

    /// 405: the path is right, the method is not.
    #[must_use]
    pub fn method(allowed: &'static str) -> Self {
        let header = Some((header::ALLOW, allowed));
        let message = format!("this path answers {allowed}");
        Self { header, ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message) }
    }

    /// 500: a read failed. What exactly is for the log, not for the one who asked.
    #[must_use]
    pub fn storage(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!("reading the database failed: {reason}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "storage", "the database could not be read")
    }
}

#[derive(Serialize)]
struct Body<'a> {
    error: Inner<'a>,
}

#[derive(Serialize)]
struct Inner<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let inner = Inner { code: self.code, message: &self.message, path: self.path.as_deref() };
        let text = serde_json::to_string(&Body { error: inner }).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, "application/json")];
        let mut response = (self.status, kind, text).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
