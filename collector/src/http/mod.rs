//! Which path answers what, and who may ask. One file per answer; what they share is decided here, in one table.
//!
//! Two rooms: the open one (batches, health) takes anybody, from any page and under any name; everything else can be
//! read only under a name of this server ([`host_check`]) and never by another site's page, as it has no CORS header.

pub mod audit;
pub mod batch;
pub mod events;
pub mod files;
pub mod host_check;
pub mod live;
pub mod page;
pub mod serve;
pub mod token;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tokio::sync::watch;

use crate::gate::Gate;
use crate::limits::Limits;
use crate::problem::Problem;
use crate::store::Store;

/// What every answer may need.
#[derive(Clone, Debug)]
pub struct App {
    /// What is kept.
    pub store: Store,
    /// Who may come in.
    pub gate: Arc<Gate>,
    /// What the flags say.
    pub options: Arc<Options>,
    /// Turns true when the collector is about to end.
    pub ending: watch::Receiver<bool>,
}

/// The flags that requests depend on.
#[derive(Debug)]
pub struct Options {
    /// The address listened on: one of the names of this server.
    pub listen: IpAddr,
    /// Further names of this server.
    pub hosts: Vec<String>,
    /// What reading needs.
    pub read_token: Option<String>,
    /// How much is let in.
    pub limits: Limits,
    /// The folder at `/`.
    pub serve: Option<PathBuf>,
    /// One line per static file on standard output.
    pub log_requests: bool,
}

/// Waits until the collector is about to end.
pub async fn told_to_end(mut ending: watch::Receiver<bool>) {
    // An error means that whoever could tell is gone: that is an end too.
    let _ = ending.wait_for(|ending| *ending).await;
}

/// All paths.
pub fn router(app: App) -> Router {
    let open = Router::new()
        .route("/v1/batch", batch::route())
        .route("/healthz", get(healthz).fallback(|| async { Problem::method("GET, HEAD") }))
        .layer(map_response(any_origin));
    let read = Router::new()
        .route("/v1/events", get(events::answer).fallback(|| async { Problem::method("GET, HEAD") }))
        .route("/v1/audit", get(audit::answer).fallback(|| async { Problem::method("GET, HEAD") }))
        .route("/v1/live", get(live::answer).fallback(|| async { Problem::method("GET, HEAD") }))
        .route_layer(from_fn_with_state(app.clone(), token::check));
    let ours = read
        .merge(page::routes())
        .route("/v1/{*rest}", get(nothing).fallback(nothing))
        .layer(map_response(sealed));
    let local = match &app.options.serve {
        Some(folder) => ours.fallback_service(files::service(folder, app.options.log_requests)),
        None => ours.route("/", get(|| async { Redirect::temporary("/live") })).fallback(nothing),
    };
    open.merge(local.layer(from_fn_with_state(app.clone(), host_check::check))).with_state(app)
}

async fn healthz(State(app): State<App>) -> Response {
    if app.store.is_alive() {
        ([(header::CONTENT_TYPE, "application/json")], r#"{"status":"ok"}"#).into_response()
    } else {
        Problem::later("ending", "5", "the collector is about to end").into_response()
    }
}

async fn nothing(request: Request) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", format!("there is nothing at {}", request.uri().path()))
}

/// On refusals too: a page must be able to read the status and when to come back, or it could only guess.
async fn any_origin(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Events come from anybody: whatever is in them, no browser may take our answers for a document that does something.
/// The live page brings its own, wider policy.
async fn sealed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
