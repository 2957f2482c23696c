//! What the vocabulary looks like from outside: the config's schema and its TypeScript type, made from the rows of
//! the tables. Never part of the wasm; `tests/catalog.rs` writes and checks the files.

pub mod collectors;
mod schema;
mod types;

use crate::model::config::{Once, Per, Untrusted};
pub use schema::{config_schema, preset_schema};
pub use types::config_types;

/// A word: name, schema (a JSON object), TypeScript type, meaning.
type Word = (&'static str, &'static str, &'static str, &'static str);

/// The words every conversion may say.
const CONVERSION: &[Word] = &[
    (
        "once",
        "",
        "",
        "How often it may count: each time, once per element, page view, visit, visitor or order (by the property `order`).",
    ),
    (
        "count",
        r#"{"type":"integer","minimum":1}"#,
        "number",
        "The how many-th time it counts: `5` with `per: session` counts once, at the fifth.",
    ),
    ("per", "", "", "Over what `count` runs: a page view, a visit, all visits."),
    ("distinct", r#"{"type":"boolean"}"#, "boolean", "Only times on different pages add to `count`."),
    ("value", r#"{"type":"number"}"#, "number", "What it is worth, in `currency` or in points."),
    ("currency", r#"{"type":"string"}"#, "string", "ISO 4217 code of the value's currency."),
    (
        "macro",
        r#"{"type":"boolean"}"#,
        "boolean",
        "It is what the other steps lead to: a purchase, a contract, a trial.",
    ),
    ("leadsTo", r#"{"type":"string"}"#, "string", "The macro-conversion this step leads to."),
    (
        "read",
        r##"{"type":"object","additionalProperties":{"$ref":"#/$defs/read"}}"##,
        "Record<string, Read>",
        "Properties to read when it happens. `value` and `currency` take the place of the constants.",
    ),
];

/// The words every way to recognise a conversion may say.
const WAY: &[Word] = &[
    (
        "url",
        r#"{"type":"string"}"#,
        "string",
        "On which pages: a pattern for the path. `*` stands for anything within a segment, `**` for any segments, `{name}` for a segment that can be read.",
    ),
    (
        "confirm",
        r##"{"oneOf":[{"const":"unseen"},{"$ref":"#/$defs/evidence"},{"type":"array","items":{"$ref":"#/$defs/evidence"}}]}"##,
        "'unseen' | Evidence | Evidence[]",
        "What shows that it succeeded, any of it; `unseen` if no page of the site can.",
    ),
    (
        "fail",
        r##"{"oneOf":[{"$ref":"#/$defs/evidence"},{"type":"array","items":{"$ref":"#/$defs/evidence"}}]}"##,
        "Evidence | Evidence[]",
        "What shows that it failed, any of it. If both are seen at once, this weighs more.",
    ),
    (
        "within",
        r#"{"type":"string","pattern":"^[0-9]+(ms|s|m|h|d)$"}"#,
        "string",
        "How long that may take, such as `10s`; then it is `unknown`.",
    ),
    ("untrusted", "", "", "What becomes of events made by a script instead of a hand."),
];

/// The words that are lists of words themselves.
fn word_list(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "once" => Some(Once::WORDS),
        "per" => Some(Per::WORDS),
        "untrusted" => Some(Untrusted::WORDS),
        _ => None,
    }
}
