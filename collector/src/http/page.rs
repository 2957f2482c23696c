//! The live page's own files, carried in the binary. They hold no data; the data comes through `/v1/live`.

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::App;
use crate::problem::Problem;

/// Scripts and styles only from here, nothing inline, nothing from elsewhere, and no way to turn text into markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types 'none'";

const FILES: &[(&str, &str, &str)] = &[
    ("/live", "text/html; charset=utf-8", include_str!("../../live/live.html")),
    ("/live.css", "text/css; charset=utf-8", include_str!("../../live/live.css")),
    ("/live.js", "text/javascript; charset=utf-8", include_str!("../../live/live.js")),
    ("/live-row.js", "text/javascript; charset=utf-8", include_str!("../../live/live-row.js")),
    ("/live-side.js", "text/javascript; charset=utf-8", include_str!("../../live/live-side.js")),
    ("/live.svg", "image/svg+xml", include_str!("../../live/live.svg")),
];

/// One path per file.
pub fn routes() -> Router<App> {
    FILES.iter().fold(Router::new(), |router, &(path, kind, text)| {
        let answer = get(move || async move { file(kind, text) });
        router.route(path, answer.fallback(|| async { Problem::method("GET, HEAD") }))
    })
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // A new binary brings new files under the same names.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}
