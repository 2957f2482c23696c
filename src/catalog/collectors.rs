//! Collectors from outside: the schema and the TypeScript types of their objects in a config, and what there is to warn of
//! before anything was sent: shapes that cannot work from a page, or only half. What is wrong with their words the core
//! and the second module say themselves.

use std::fmt::Write;

use crate::formats::{Cors, ENCODERS, Encoder, FORMATS, WORDS, encode};
use crate::model::delivery::{Job, Outcome};
use crate::model::json;
use crate::model::template::{mark, text};
use crate::model::value::{Object, Value};

/// A finding that stops nothing; the text is the word of the config it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A word of other formats' collectors, which changes nothing here.
    Unused(String),
    /// The body's template has no place for the events.
    NoPlace,
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

impl Warning {
    /// The codes of all of them.
    pub const CODES: &[&str] =
        &["unused_word", "no_place", "secret_in_page", "preflight", "preflight_at_end", "needs_cors"];

    /// Its code in the table of messages.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unused(_) => "unused_word",
            Self::NoPlace => "no_place",
            Self::Secret(_) => "secret_in_page",
            Self::Preflight => "preflight",
            Self::PreflightAtEnd => "preflight_at_end",
            Self::NeedsCors => "needs_cors",
        }
    }

    /// The word it is about.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::Unused(word) | Self::Secret(word) => Some(word),
            _ => None,
        }
    }
}

/// Types that need no preflight (Fetch standard, "CORS-safelisted request-header").
const SIMPLE: &[&str] = &["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];
/// Words the core knows of every collector: name, schema, meaning.
const CORE: &[(&str, &str, &str)] = &[
    ("url", r#"{"type":"string","minLength":1}"#, "An absolute URL, or one relative to the page."),
    ("names", r#"{"type":"array","items":{"type":"string"}}"#, "The only events it gets, by name."),
    ("onlyMacro", r#"{"type":"boolean"}"#, "It gets macro-conversions only."),
    (
        "sample",
        r#"{"type":"number","exclusiveMinimum":0,"maximum":100}"#,
        "Of how many visitors it hears, in percent; always the same ones.",
    ),
    (
        "purpose",
        r#"{"type":"string","minLength":1}"#,
        "What it is for, in the site's own word: it gets nothing where `consent('granted', [...])` does not name that.",
    ),
];
/// Of a collector that counts every record.
const OUTCOMES: (&str, &str, &str) = (
    "outcomes",
    r#"{"enum":["confirmed","all"]}"#,
    "Whether it hears of what failed and of what nobody saw the outcome of, too; `confirmed` unless said.",
);
/// Of every collector but our own.
const RESEND: (&str, &str, &str) = (
    "resend",
    r#"{"type":"boolean"}"#,
    "What may have arrived, for nobody answered, is sent again, and may count twice; or it is dropped as `unanswered`. Sent again unless said where the format has ids to tell repeats by.",
);

/// The words the core reads of a collector of that format.
fn core_words(name: &str) -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    let format = FORMATS.iter().find(|format| format.name == name);
    let counts = format.is_some_and(|format| format.outcome == Outcome::FinalOnly);
    let others = name != "footstep";
    CORE.iter().chain(counts.then_some(&OUTCOMES)).chain(others.then_some(&RESEND))
}

/// A batch that every format can write.
const SAMPLE: &str = r#"{"sent":{"at":0},"stream":"","events":[{"id":"","kind":"micro","name":"a","phase":"confirmed","at":0,"page":{"id":"","url":"https://a.example/"}}]}"#;

/// What there is to say about a collector of one of [`ENCODERS`]; nothing about others.
#[must_use]
pub fn warnings(collector: &Object) -> Vec<Warning> {
    let name = collector.get("format").and_then(Value::as_str);
    let Some(encoder) = ENCODERS.iter().find(|encoder| Some(encoder.name) == name) else { return Vec::new() };
    let mut found = Vec::new();
    for (word, value) in &collector.0 {
        let known = |name: &str| core_words(name).any(|(core, ..)| core == word);
        if encoder.doc.words.iter().any(|own| own.name == word && own.secret) {
            found.push(Warning::Secret(word.clone()));
        }
        if FORMATS.iter().any(|format| known(format.name)) && !known(encoder.name) {
            found.push(Warning::Unused(word.clone()));
        }
        if word == "body" && !mark(&mut value.clone()) {
            found.push(Warning::NoPlace);
        }
        if let ("headers", Value::Object(headers)) = (word.as_str(), value) {
            let keys = headers.0.iter().filter(|(name, _)| is_key(name));
            found.extend(keys.map(|(name, _)| Warning::Secret(format!("headers.{name}"))));
        }
    }
    if is_own(collector) {
        return found;
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

/// Whether it is of the page's own origin, as its address shows: there is nobody to ask.
fn is_own(collector: &Object) -> bool {
    let url = collector.get("url").and_then(Value::as_str).unwrap_or_default();
    !url.starts_with("//") && !url.contains("://")
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

/// The schema of a collector, as JSON text: one shape for each format, and one for Footstep's own.
#[must_use]
pub fn collector_schema() -> String {
    let mut out = String::from(
        r#"{"oneOf":[{"type":"object","additionalProperties":false,"required":["url"],"properties":{"format":{"const":"footstep","description":"Footstep's own format."}"#,
    );
    core_words("footstep").for_each(|word| write_word(&mut out, word));
    out.push_str("}}");
    for Encoder { name, doc, .. } in ENCODERS {
        let required: String = doc
            .words
            .iter()
            .filter(|word| word.required)
            .map(|word| format!(r#","{}""#, word.name))
            .collect();
        let what = quoted(doc.what);
        let _ = write!(
            out,
            r#",{{"type":"object","additionalProperties":false,"required":["url","format"{required}],"properties":{{"format":{{"const":"{name}","description":{what}}}"#
        );
        core_words(name).for_each(|word| write_word(&mut out, word));
        doc.words.iter().for_each(|word| write_word(&mut out, &(word.name, word.schema, word.what)));
        WORDS.iter().for_each(|word| write_word(&mut out, word));
        out.push_str("}}");
    }
    out.push_str("]}");
    out
}

fn write_word(out: &mut String, (word, schema, what): &(&str, &str, &str)) {
    let members = schema.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
    let comma = if members.is_empty() { "" } else { "," };
    let _ = write!(out, r#","{word}":{{{members}{comma}"description":{}}}"#, quoted(what));
}

/// The TypeScript types of collectors.
#[must_use]
pub fn collector_types() -> String {
    let mut out = String::from(
        "// Made from the table in src/formats by `npm run generate`. Do not edit.\n\n/** Where events are sent. */\nexport type Collector = FootstepCollector",
    );
    for Encoder { name, .. } in ENCODERS {
        let _ = write!(out, " | {}Collector", capital(name));
    }
    out.push_str(";\n\n/** What every collector may say. */\nexport interface CommonWords {\n");
    for (word, schema, what) in CORE {
        let mark = if *word == "url" { "" } else { "?" };
        let _ = writeln!(out, "  /** {what} */\n  {word}{mark}: {};", type_of(schema));
    }
    out.push_str("}\n\n/** Footstep's own format. */\nexport interface FootstepCollector extends CommonWords {\n  format?: 'footstep';\n  outcomes?: never;\n  resend?: never;\n}\n\n");
    out.push_str(
        "/** What every other collector may say. */\nexport interface CollectorWords extends CommonWords {\n",
    );
    for (word, schema, what) in WORDS {
        let _ = writeln!(out, "  /** {what} */\n  {word}?: {};", type_of(schema));
    }
    out.push_str("}\n");
    for Encoder { name, doc, .. } in ENCODERS {
        let _ = write!(
            out,
            "\n/** {} */\nexport interface {}Collector extends CollectorWords {{\n  format: '{name}';\n",
            doc.what,
            capital(name)
        );
        for (word, schema, what) in core_words(name).skip(CORE.len()) {
            let _ = writeln!(out, "  /** {what} */\n  {word}?: {};", type_of(schema));
        }
        for word in doc.words {
            let mark = if word.required { "" } else { "?" };
            let _ = writeln!(out, "  /** {} */\n  {}{mark}: {};", word.what, word.name, type_of(word.schema));
        }
        out.push_str("}\n");
    }
    out
}

/// The TypeScript type of what a word's schema allows.
fn type_of(schema: &str) -> String {
    let Ok(Value::Object(schema)) = json::read(schema) else { return "unknown".to_owned() };
    if let Some(Value::Array(words)) = schema.get("enum") {
        return words.iter().map(quote).collect::<Vec<_>>().join(" | ");
    }
    let inner = |name| schema.get(name).map_or_else(|| "unknown".to_owned(), |inner| type_of(&text(inner)));
    let one = |name: &Value| match name.as_str() {
        Some("string") => "string".to_owned(),
        Some("integer" | "number") => "number".to_owned(),
        Some("boolean") => "boolean".to_owned(),
        Some("array") => format!("{}[]", inner("items")),
        Some("object") => format!("Record<string, {}>", inner("additionalProperties")),
        _ => "unknown".to_owned(),
    };
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().map(one).collect::<Vec<_>>().join(" | "),
        Some(name) => one(name),
        None => "unknown".to_owned(),
    }
}

/// A constant of a schema, as TypeScript writes it.
fn quote(value: &Value) -> String {
    value.as_str().map_or_else(|| text(value), |text| format!("'{text}'"))
}

fn quoted(what: &str) -> String {
    text(&Value::from(what))
}

fn capital(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}
