//! `posthog`: PostHog's capture API, batched.
//!
//! The body is recognised by its content, so plain text works and needs no preflight. Events carry no person's profile.
//! Source: "Capture and batch API" in PostHog's documentation, and the capture service.

pub(super) use super::with_campaign as facts;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Limits, Shape, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::text::find;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "PostHog's capture API.",
    words: &[Word {
        name: "apiKey",
        schema: r#"{"type":"string"}"#,
        required: true,
        secret: false,
        what: "The project's API key, which begins with `phc_`.",
    }],
    example: r#"{"url":"https://eu.i.posthog.com/batch/","format":"posthog","apiKey":"phc_x"}"#,
    cors: Cors::Yes,
};

pub(super) const LIMITS: Limits = Limits::NONE;

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        body: r#"{"api_key":"{apiKey}","sent_at":"{sentIso}","batch":[]}"#,
        each: r#"{"uuid":"{id}","event":"{name|200}","timestamp":"{iso}","properties":{"":"{flat}","distinct_id":"{who}","$device_id":"{visitor}","$session_id":"{session.id}","$current_url":"{page.url}","$host":"{host}","$pathname":"{path}","$referrer":"{page.referrer}","title":"{page.title}","$lib":"footstep","$lib_version":"{version}","$process_person_profile":false}}"#,
        page: "$pageview",
        ..Shape::LIST
    }
}

/// A 200 may say that the project is over its quota of events: nothing of the request is kept.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    match answer(body).get("quota_limited") {
        Some(_) if status == 200 && find(body, r#""events""#).is_some() => {
            Judgement::of(Verdict::Acknowledged).unnamed(events as u64, events)
        }
        _ => Judgement::by_status(status),
    }
}
