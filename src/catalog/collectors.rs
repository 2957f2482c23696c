//! What is wrong with a collector of a config before anything was sent: words nobody knows, and shapes that cannot work
//! from a page, or only half.

use crate::formats::{Cors, ENCODERS, Encoder, WORDS, encode};
use crate::model::delivery::Job;
use crate::model::json;
use crate::model::value::{Object, Value};

/// A finding; the text is the word of the config it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Nothing can be sent without it.
    Missing(String),
    /// No collector of this format has such a word.
    Unknown(String),
    /// Everybody can read it in the page, and do more with it than send events.
    Secret(String),
    /// The browser asks the server first: it must answer `OPTIONS` for this origin.
    Preflight,
    /// So it does when the page ends, and may not come to the request itself.
    PreflightAtEnd,
    /// Its servers let a page read their answer only if their operator switched that on: without it nothing is ever
    /// acknowledged.
    NeedsCors,
}

/// Types that need no preflight (Fetch standard, "CORS-safelisted request-header").
const SIMPLE: &[&str] = &["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];
/// Words the core knows of every collector.
const CORE: &[&str] = &["url", "format"];
/// A batch that every format can write.
const SAMPLE: &str = r#"{"sent":{"at":0},"stream":"","events":[{"id":"","kind":"micro","name":"a","phase":"confirmed","at":0,"page":{"id":"","url":"https://a.example/"}}]}"#;

/// What there is to say about a collector of one of [`ENCODERS`]; nothing about others.
#[must_use]
pub fn warnings(collector: &Object) -> Vec<Warning> {
    let name = collector.get("format").and_then(Value::as_str);
    let Some(encoder) = ENCODERS.iter().find(|encoder| Some(encoder.name) == name) else { return Vec::new() };
    let mut found = Vec::new();
    for word in encoder.doc.words {
        match collector.get(word.name) {
            None if word.required => found.push(Warning::Missing(word.name.to_owned())),
            Some(_) if word.secret => found.push(Warning::Secret(word.name.to_owned())),
            _ => {}
        }
    }
    for (word, value) in &collector.0 {
        let own = encoder.doc.words.iter().any(|own| own.name == word);
        if !own && !CORE.contains(&word.as_str()) && !WORDS.iter().any(|(any, ..)| any == word) {
            found.push(Warning::Unknown(word.clone()));
        }
        if let ("headers", Value::Object(headers)) = (word.as_str(), value) {
            let keys = headers.0.iter().filter(|(name, _)| is_key(name));
            found.extend(keys.map(|(name, _)| Warning::Secret(format!("headers.{name}"))));
        }
    }
    if asks_first(encoder, collector, false) {
        found.push(Warning::Preflight);
    }
    if asks_first(encoder, collector, true) {
        found.push(Warning::PreflightAtEnd);
    }
    if encoder.doc.cors != Cors::Yes {
        found.push(Warning::NeedsCors);
    }
    found
}

/// A header that carries a key.
fn is_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["authorization", "key", "token", "secret"].iter().any(|word| name.contains(word))
}

fn asks_first(encoder: &Encoder, collector: &Object, end: bool) -> bool {
    let Ok(Value::Object(batch)) = json::read(SAMPLE) else { return false };
    let job = Job { options: collector, batch: &batch, end, limit: usize::MAX, most: 1 };
    encode(encoder, &job).requests.iter().any(|request| {
        let essence = request.content_type.split(';').next().unwrap_or_default();
        !request.headers.is_empty() || !SIMPLE.contains(&essence)
    })
}
