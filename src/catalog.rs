//! What the vocabulary looks like from outside: the config's schema and its TypeScript type, made from the rows of
//! the tables. Never part of the wasm; `tests/catalog.rs` writes and checks the files.

use crate::evidence;
use crate::formats;
use crate::model::config::{As, ConsentMode, Once, Per, Untrusted};
use crate::model::json;
use crate::model::value::{Object, Value};
use crate::reads;
use crate::triggers::{self, Type};

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

/// The schema of a config, as JSON text: JSON Schema, draft 2020-12.
#[must_use]
pub fn config_schema() -> String {
    let mut out = String::new();
    let conversions: Vec<String> = triggers::ROWS
        .iter()
        .map(|row| trigger_schema(row, &[CONVERSION, WAY]))
        .chain([any_schema()])
        .collect();
    let ways: Vec<String> = triggers::ROWS.iter().map(|row| trigger_schema(row, &[WAY])).collect();
    let evidence: Vec<String> = evidence::ROWS.iter().map(evidence_schema).collect();
    let reads: Vec<String> = reads::ROWS.iter().map(read_schema).collect();
    let formats: Vec<&str> = formats::ROWS.iter().map(|row| row.name).collect();
    out.push_str(&format!(
        r##"{{
"$schema":"https://json-schema.org/draft/2020-12/schema",
"$id":"https://footstep.example/schema/config.v1.json",
"title":"Footstep config, version 1",
"description":"Made from the tables in src/triggers, src/reads and src/formats by `npm run generate`.",
"type":"object","additionalProperties":false,
"properties":{{
"$schema":{{"type":"string"}},
"site":{{"type":"string","description":"The site's name."}},
"collectors":{{"type":"array","description":"Where events are sent.","items":{{"type":"object","additionalProperties":false,"required":["url"],"properties":{{"url":{{"type":"string","minLength":1,"description":"An absolute URL, or one relative to the page."}},"format":{{"enum":{formats},"description":"How events are written; the first unless said."}}}}}}}},
"consent":{{"type":"object","additionalProperties":false,"required":["mode"],"properties":{{"mode":{{"enum":{consent},"description":"Whether events may be recorded before the visitor has been asked. Left out, or `none`: the owner states that nobody need be asked."}}}}}},
"page":{{"type":"object","additionalProperties":false,"description":"What of the URL, besides the path, is the page's identity and may leave the page.","properties":{{"query":{{"type":"array","items":{{"type":"string"}},"description":"Names of query keys."}},"hash":{{"type":"boolean"}}}}}},
"frames":{{"type":"boolean","description":"Whether frames of the same origin belong to the page; others are never touched."}},
"presets":{{"description":"Conversions that come ready-made: their names, or presets as they are.","type":"array","items":{{"oneOf":[{{"type":"string"}},{{"$ref":"#/$defs/preset"}}]}}}},
"pageViews":{{"type":"boolean","description":"Whether each page view is an event; true unless said."}},
"untrusted":{{"enum":{untrusted},"description":"What becomes of events made by a script instead of a hand."}},
"conversions":{{"$ref":"#/$defs/conversions"}}
}},
"$defs":{{
"percents":{{"oneOf":[{{"$ref":"#/$defs/percent"}},{{"type":"array","items":{{"$ref":"#/$defs/percent"}}}}]}},
"percent":{{"type":"number","exclusiveMinimum":0,"maximum":100}},
"pixels":{{"oneOf":[{{"$ref":"#/$defs/pixel"}},{{"type":"array","items":{{"$ref":"#/$defs/pixel"}}}}]}},
"pixel":{{"type":"number","exclusiveMinimum":0,"maximum":1000000}},
"seconds":{{"oneOf":[{{"$ref":"#/$defs/second"}},{{"type":"array","items":{{"$ref":"#/$defs/second"}}}}]}},
"second":{{"type":"number","exclusiveMinimum":0,"maximum":86400}},
"texts":{{"oneOf":[{{"type":"string"}},{{"type":"array","items":{{"type":"string"}}}}]}},
"read":{{"oneOf":[{reads}]}},
"evidence":{{"oneOf":[{evidence}]}},
"preset":{{"type":"object","additionalProperties":false,"required":["conversions"],"properties":{{"$schema":{{"type":"string"}},"name":{{"type":"string"}},"what":{{"type":"string","description":"What it counts, in one plain sentence."}},"markup":{{"type":"array","items":{{"type":"string"}},"description":"Which markup of which software it stands on."}},"conversions":{{"$ref":"#/$defs/conversions"}}}}}},
"conversions":{{"type":"object","propertyNames":{{"pattern":"^[A-Za-z0-9_.-]{{1,100}}$"}},"description":"The steps that count, by name. `false` switches one off.","additionalProperties":{{"oneOf":[{{"const":false}},{{"$ref":"#/$defs/conversion"}}]}}}},
"way":{{"type":"object","required":["on"],"oneOf":[
{ways}
]}},
"conversion":{{"type":"object","oneOf":[
{conversions}
]}}
}}
}}"##,
        formats = words(&formats),
        consent = words(ConsentMode::WORDS),
        untrusted = words(Untrusted::WORDS),
        reads = reads.join(","),
        evidence = evidence.join(","),
        ways = ways.join(",\n"),
        conversions = conversions.join(",\n"),
    ));
    let value = json::read(&out).unwrap_or(Value::Null);
    let mut pretty = String::new();
    indent(&mut pretty, &value, 0);
    pretty.push('\n');
    pretty
}

/// The schema of a preset's file, as JSON text.
#[must_use]
pub fn preset_schema() -> String {
    r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://footstep.example/schema/preset.v1.json",
  "title": "Footstep preset, version 1",
  "description": "Conversions that come ready-made, in the words of a config.",
  "$ref": "config.v1.json#/$defs/preset",
  "required": ["name", "what", "markup", "conversions"]
}
"##
    .to_owned()
}

/// The TypeScript type of a config.
#[must_use]
pub fn config_types() -> String {
    let mut out = String::from(
        "// Made from the tables in src/triggers, src/reads and src/formats by `npm run generate`. Do not edit.\n\n",
    );
    let formats: Vec<&str> = formats::ROWS.iter().map(|row| row.name).collect();
    out.push_str(&format!(
        "/** What counts on this site, and where it is sent. */\n\
         export interface Config {{\n  $schema?: string;\n\
         \x20 /** The site's name. */\n  site?: string;\n\
         \x20 /** Where events are sent. */\n  collectors?: Collector[];\n\
         \x20 /** Whether events may be recorded before the visitor has been asked. */\n  consent?: {{ mode: {consent} }};\n\
         \x20 /** What of the URL, besides the path, is the page's identity and may leave the page. */\n\
         \x20 page?: {{ query?: string[]; hash?: boolean }};\n\
         \x20 /** Whether frames of the same origin belong to the page; others are never touched. */\n  frames?: boolean;\n\
         \x20 /** Conversions that come ready-made: their names, or presets as they are. */\n  presets?: (string | Preset)[];\n\
         \x20 /** Whether each page view is an event; true unless said. */\n  pageViews?: boolean;\n\
         \x20 /** What becomes of events made by a script instead of a hand. */\n  untrusted?: {untrusted};\n\
         \x20 /** The steps that count, by name. `false` switches one off. */\n\
         \x20 conversions?: Record<string, Conversion | false>;\n}}\n\n\
         /** Conversions that come ready-made, in the same words. */\nexport interface Preset {{\n  $schema?: string;\n  name?: string;\n\
         \x20 /** What it counts, in one plain sentence. */\n  what?: string;\n\
         \x20 /** Which markup of which software it stands on. */\n  markup?: string[];\n\
         \x20 conversions: Record<string, Conversion | false>;\n}}\n\n\
         /** Where events are sent. */\nexport interface Collector {{\n\
         \x20 /** An absolute URL, or one relative to the page. */\n  url: string;\n\
         \x20 /** How events are written; the first unless said. */\n  format?: {formats};\n}}\n\n",
        consent = union(ConsentMode::WORDS),
        untrusted = union(Untrusted::WORDS),
        formats = union(&formats),
    ));
    let reads: Vec<String> = reads::ROWS.iter().map(read_type).collect();
    out.push_str(&format!(
        "/** How what was read is understood, and whether it counts minor units such as cents. */\n\
         export interface Typed {{\n  as?: {};\n  minor?: boolean;\n}}\n\n\
         /** Where a property is read from. */\nexport type Read = Typed & (\n{}\n);\n\n",
        union(As::WORDS),
        reads.join("\n")
    ));
    let evidence: Vec<String> = evidence::ROWS.iter().map(evidence_type).collect();
    out.push_str(&format!(
        "/** What shows how an attempt ended. */\nexport type Evidence =\n{};\n\n",
        evidence.join("\n")
    ));
    for (title, what, list) in [
        ("Common", "What every conversion may say besides its trigger.", CONVERSION),
        ("Way", "What every way to recognise a conversion may say.", WAY),
    ] {
        out.push_str(&format!("/** {what} */\nexport interface {title} {{\n"));
        for &(name, _, kind, meaning) in list {
            let kind = word_type(name).unwrap_or_else(|| kind.to_owned());
            out.push_str(&format!("  /** {meaning} */\n  {name}?: {kind};\n"));
        }
        out.push_str("}\n\n");
    }
    for row in triggers::ROWS {
        out.push_str(&format!(
            "/** {} */\nexport interface {} extends Way {{\n  on: '{}';\n",
            row.doc.what,
            title(row.name),
            row.name
        ));
        for &(name, kind, meaning) in row.doc.options {
            let (mark, text) = ts_type(kind);
            out.push_str(&format!("  /** {meaning} */\n  {name}{mark}: {text};\n"));
        }
        out.push_str("}\n\n");
    }
    let all: Vec<String> = triggers::ROWS.iter().map(|row| title(row.name)).collect();
    out.push_str(&format!(
        "/** What sets a conversion off. */\nexport type Trigger = {};\n\n\
         /** A step that counts: with one trigger, or with any of several, the best first. */\n\
         export type Conversion = Common & (Trigger | {{ any: Trigger[] }});\n",
        all.join(" | ")
    ));
    out
}

/// The words that are lists of words themselves.
fn word_list(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "once" => Some(Once::WORDS),
        "per" => Some(Per::WORDS),
        "untrusted" => Some(Untrusted::WORDS),
        _ => None,
    }
}

fn word_type(name: &str) -> Option<String> {
    word_list(name).map(union)
}

fn members_of(lists: &[&[Word]]) -> Vec<String> {
    let all = lists.iter().flat_map(|list| list.iter());
    all.map(|&(name, schema, _, meaning)| {
        let schema = word_list(name)
            .map_or_else(|| schema.to_owned(), |list| format!(r#"{{"enum":{}}}"#, words(list)));
        let inner = schema.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
        format!(r#""{name}":{{{inner},"description":{}}}"#, quoted(meaning))
    })
    .collect()
}

fn any_schema() -> String {
    let mut members = members_of(&[CONVERSION]);
    members.insert(0, r##""any":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/way"},"description":"Several ways to recognise it, the best first."}"##.to_owned());
    format!(
        r#"{{"description":"A step that can be recognised in several ways.","additionalProperties":false,"required":["any"],"properties":{{{}}}}}"#,
        members.join(",")
    )
}

fn evidence_schema(row: &evidence::Row) -> String {
    let more: String = row
        .doc
        .1
        .iter()
        .map(|(name, meaning)| format!(r#","{name}":{{"type":"string","description":{}}}"#, quoted(meaning)))
        .collect();
    format!(
        r#"{{"type":"object","additionalProperties":false,"required":["{name}"],"properties":{{"{name}":{{"type":"string","minLength":1,"description":{}}}{more}}}}}"#,
        quoted(row.doc.0),
        name = row.name,
    )
}

fn evidence_type(row: &evidence::Row) -> String {
    let more: String = row.doc.1.iter().map(|(name, _)| format!("; {name}?: string")).collect();
    let others = evidence::ROWS.iter().filter(|other| other.name != row.name);
    let never: String = others.map(|other| format!("; {}?: never", other.name)).collect();
    format!("  /** {} */\n  | {{ {}: string{more}{never} }}", row.doc.0, row.name)
}

fn trigger_schema(row: &triggers::Row, lists: &[&[Word]]) -> String {
    let mut members = vec![format!(r#""on":{{"const":"{}"}}"#, row.name)];
    let mut required = vec!["on"];
    for &(name, kind, meaning) in row.doc.options {
        let (must, schema) = match kind {
            Type::Selector | Type::Text => (false, r#""type":"string""#.to_owned()),
            Type::RequiredSelector | Type::RequiredText | Type::RequiredPattern => {
                (true, r#""type":"string","minLength":1"#.to_owned())
            }
            Type::Percents => (false, r##""$ref":"#/$defs/percents""##.to_owned()),
            Type::Pixels => (false, r##""$ref":"#/$defs/pixels""##.to_owned()),
            Type::Seconds => (false, r##""$ref":"#/$defs/seconds""##.to_owned()),
            Type::Texts => (false, r##""$ref":"#/$defs/texts""##.to_owned()),
            Type::Flag => (false, r#""type":"boolean""#.to_owned()),
            Type::Words(list) => (false, format!(r#""enum":{}"#, words(list))),
        };
        if must {
            required.push(name);
        }
        members.push(format!(r#""{name}":{{{schema},"description":{}}}"#, quoted(meaning)));
    }
    members.extend(members_of(lists));
    format!(
        r#"{{"description":{},"additionalProperties":false,"required":{},"properties":{{{}}}}}"#,
        quoted(row.doc.what),
        words(&required),
        members.join(",")
    )
}

fn read_schema(row: &reads::Row) -> String {
    let kind =
        if row.doc.1 == "any" { String::new() } else { format!(r#""type":"{}","minLength":1,"#, row.doc.1) };
    format!(
        r#"{{"type":"object","additionalProperties":false,"required":["{name}"],"properties":{{"{name}":{{{kind}"description":{}}}{of},"as":{{"enum":{}}},"minor":{{"type":"boolean"}}}}}}"#,
        quoted(row.doc.0),
        words(As::WORDS),
        of = if row.name == "attribute" { r#","of":{"type":"string"}"# } else { "" },
        name = row.name,
    )
}

/// One source, and none of the others beside it.
fn read_type(row: &reads::Row) -> String {
    let (what, kind) = row.doc;
    let kind = if kind == "any" { "unknown" } else { kind };
    let others = reads::ROWS.iter().filter(|other| other.name != row.name);
    let never: String = others.map(|other| format!("; {}?: never", other.name)).collect();
    let of = if row.name == "attribute" { "; of?: string" } else { "" };
    format!("  /** {what} */\n  | {{ {}: {kind}{of}{never} }}", row.name)
}

fn ts_type(kind: Type) -> (&'static str, String) {
    match kind {
        Type::Selector | Type::Text => ("?", "string".to_owned()),
        Type::RequiredSelector | Type::RequiredText | Type::RequiredPattern => ("", "string".to_owned()),
        Type::Percents | Type::Pixels | Type::Seconds => ("?", "number | number[]".to_owned()),
        Type::Texts => ("?", "string | string[]".to_owned()),
        Type::Flag => ("?", "boolean".to_owned()),
        Type::Words(list) => ("?", union(list)),
    }
}

fn title(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + letters.as_str() + "Conversion"
    })
}

fn union(list: &[&str]) -> String {
    list.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" | ")
}

fn words(list: &[&str]) -> String {
    let mut out = String::new();
    json::write_list(&mut out, list, |out, word| json::write_string(out, word));
    out
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    json::write_string(&mut out, text);
    out
}

/// JSON with two spaces a level; lists of plain values on one line.
fn indent(out: &mut String, value: &Value, depth: usize) {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    match value {
        Value::Object(Object(members)) if !members.is_empty() => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                line(out, depth + 1);
                json::write_string(out, name);
                out.push_str(": ");
                indent(out, member, depth + 1);
            }
            line(out, depth);
            out.push('}');
        }
        Value::Array(items) if items.iter().any(|item| matches!(item, Value::Object(_))) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                line(out, depth + 1);
                indent(out, item, depth + 1);
            }
            line(out, depth);
            out.push(']');
        }
        other => json::write(out, other),
    }
}
