//! `GET /v1/events`: the events as JSON lines, oldest first, streamed page by page however many there are.

use std::fmt;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use footstep::model::record::Kind;
use footstep::model::uuid::Uuid;
use futures_util::stream;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;

use super::App;
use crate::problem::Problem;
use crate::store::Store;
use crate::store::events::{self, Filter, Span};

/// Events read at once: a slow reader holds this much, and no lock.
const PAGE: u32 = 100;

/// What may stand behind the question mark.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    name: Option<String>,
    kind: Option<String>,
    visitor: Option<String>,
    session: Option<String>,
    since: Option<u64>,
    until: Option<u64>,
    limit: Option<u32>,
    /// Checked before; here only so that it is no unknown word.
    #[serde(rename = "token")]
    _token: Option<String>,
}

/// The answer ends before its end.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the database could not be read")
    }
}

impl std::error::Error for Cut {}

/// Answers.
///
/// # Errors
/// A parameter that cannot be understood, or a database that cannot be read.
pub async fn answer(
    State(app): State<App>,
    query: Result<Query<Parameters>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(parameters) = query.map_err(|error| Problem::bad("bad_query", "", error.body_text()))?;
    let limit = parameters.limit;
    let filter = filter(parameters)?;
    let asked = filter.clone();
    let span = app.store.read(move |from| events::span(from, &asked, limit)).await;
    let span = span.map_err(|error| Problem::storage(&error))?;
    let lines = Body::from_stream(lines(app.store, filter, span));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response())
}

fn filter(parameters: Parameters) -> Result<Filter, Problem> {
    let id = |name: &str, text: Option<String>| {
        let parsed = text.map(|text| Uuid::parse(&text).ok_or(()));
        parsed
            .transpose()
            .map_err(|()| Problem::bad("bad_query", name, "not a UUID (36 characters, hyphenated)"))
    };
    let kind = parameters.kind.map(|word| {
        let read: Result<Kind, ValueError> = Kind::deserialize(word.as_str().into_deserializer());
        read.map(|kind| kind.text().to_owned())
            .map_err(|error| Problem::bad("bad_query", "kind", error.to_string()))
    });
    let time = |ms: Option<u64>| ms.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX));
    Ok(Filter {
        name: parameters.name,
        kind: kind.transpose()?,
        visitor: id("visitor", parameters.visitor)?,
        session: id("session", parameters.session)?,
        since: time(parameters.since),
        until: time(parameters.until),
    })
}

/// One item per page. If the database fails on the way the answer is cut off, which the reader of a chunked answer
/// can tell from its end.
fn lines(store: Store, filter: Filter, span: Span) -> impl stream::Stream<Item = Result<String, Cut>> + Send {
    stream::try_unfold((store, filter, span), |(store, filter, span)| async move {
        let asked = filter.clone();
        let page = store.read(move |from| events::page(from, &asked, span, PAGE)).await.map_err(|error| {
            tracing::error!("reading events failed: {error}");
            Cut
        })?;
        let Some(last) = page.last().map(|arrival| arrival.n) else { return Ok(None) };
        let mut text = String::new();
        for arrival in page {
            text.push_str(&arrival.line);
            text.push('\n');
        }
        Ok(Some((text, (store, filter, Span { first: last + 1, ..span }))))
    })
}
