//! Who may read, if the owner set a token. Guards data only: the live page's own files hold none.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::App;
use crate::problem::Problem;

#[derive(Deserialize)]
struct Given {
    token: Option<String>,
}

/// Lets a request pass if it brings the token, in its header or, as an event source can send none, in its query.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(wanted) = app.options.read_token.as_deref() else { return next.run(request).await };
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer =
        header.and_then(|text| text.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    let query = axum::extract::Query::<Given>::try_from_uri(request.uri()).ok();
    let given = match bearer {
        Some((_, token)) => Some(token.trim().to_owned()),
        None => query.and_then(|query| query.0.token),
    };
    if given.is_some_and(|given| same(given.as_bytes(), wanted.as_bytes())) {
        return next.run(request).await;
    }
    let message = "reading needs the token: `Authorization: Bearer TOKEN` or `?token=TOKEN`";
    let mut response = Problem::new(StatusCode::UNAUTHORIZED, "token_needed", message).into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// Compares without stopping at the first difference: the time taken must not tell how much was right.
fn same(given: &[u8], wanted: &[u8]) -> bool {
    let difference = given.iter().zip(wanted).fold(0, |sum, (a, b)| sum | (a ^ b));
    given.len() == wanted.len() && std::hint::black_box(difference) == 0
}
