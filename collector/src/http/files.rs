//! The folder of `--serve`: static files with their right types, parts of them (a seek in a video), and the compressed
//! copies (`.br`, `.gz`) that stand beside them. No policy of ours is put on them: they are the shop's own pages.

use std::io::Write;
use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

use crate::problem::Problem;

/// The service for every path that is not ours.
pub fn service(folder: &Path, log: bool) -> Router {
    let files = ServeDir::new(folder).precompressed_br().precompressed_gzip();
    let router =
        Router::new().fallback_service(files).layer(map_response(tidy)).layer(from_fn(no_hidden_files));
    if log { router.layer(from_fn(log_line)) } else { router }
}

/// A rebuilt shop shows at the next load, and what has not changed is still not sent again. Every script goes by the
/// one name the standard has for it, `.mjs` too.
async fn tidy(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    if headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/javascript") {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript"));
    }
    response
}

/// `.git`, `.env` and the like are there by accident.
async fn no_hidden_files(request: Request, next: Next) -> Response {
    let hidden = request.uri().path().split('/').any(|part| {
        let decoded = part.replace("%2e", ".").replace("%2E", ".");
        decoded.starts_with('.') && decoded != ".well-known"
    });
    if hidden {
        let message = "there is nothing at a path with a part that begins with a dot";
        return Problem::new(StatusCode::NOT_FOUND, "not_found", message).into_response();
    }
    next.run(request).await
}

/// One line of JSON: what a size budget is measured by. The body's bytes as they go over the wire; no address.
async fn log_line(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_head = request.method() == axum::http::Method::HEAD;
    let response = next.run(request).await;
    let length = response.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let bytes = length.filter(|_| !is_head).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    let coding = response.headers().get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let line = serde_json::json!({
        "path": path, "status": response.status().as_u16(), "bytes": bytes, "encoding": coding
    });
    // If nobody reads standard output any more, serving goes on.
    let _ = writeln!(std::io::stdout(), "{line}");
    response
}
