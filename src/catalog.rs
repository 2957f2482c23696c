//! What the vocabulary looks like from outside: the config's schema and its TypeScript type, made from the rows of
//! the tables. Never part of the wasm; `tests/catalog.rs` writes and checks the files.

use crate::formats;
use crate::model::config::{ConsentMode, Once, Untrusted};
use crate::model::json;
use crate::model::value::{Object, Value};
use crate::reads;
use crate::triggers::{self, Type};

/// The words every conversion may say: name, schema, type, meaning.
const CONVERSION: &[(&str, &str, &str, &str)] = &[
    (
        "url",
        r#"{"type":"string"}"#,
        "string",
        "On which pages: a pattern for the path. `*` stands for anything within a segment, `**` for any segments, `{name}` for a segment that can be read.",
    ),
    ("once", "", "", "How often it may count: each time, once per element, or once per page view."),
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
        "",
        "Record<string, Read>",
        "Properties to read when it happens. `value` and `currency` take the place of the constants.",
    ),
    ("untrusted", "", "", "What becomes of events made by a script instead of a hand."),
];

/// The schema of a config, as JSON text: JSON Schema, draft 2020-12.
#[must_use]
pub fn config_schema() -> String {
    let mut out = String::new();
    let conversions: Vec<String> = triggers::ROWS.iter().map(conversion_schema).collect();
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
"pageViews":{{"type":"boolean","description":"Whether each page view is an event; true unless said."}},
"untrusted":{{"enum":{untrusted},"description":"What becomes of events made by a script instead of a hand."}},
"conversions":{{"type":"object","propertyNames":{{"pattern":"^[A-Za-z0-9_.-]{{1,100}}$"}},"description":"The steps that count, by name. `false` switches one off.","additionalProperties":{{"oneOf":[{{"const":false}},{{"$ref":"#/$defs/conversion"}}]}}}}
}},
"$defs":{{
"percents":{{"oneOf":[{{"$ref":"#/$defs/percent"}},{{"type":"array","items":{{"$ref":"#/$defs/percent"}}}}]}},
"percent":{{"type":"number","exclusiveMinimum":0,"maximum":100}},
"pixels":{{"oneOf":[{{"$ref":"#/$defs/pixel"}},{{"type":"array","items":{{"$ref":"#/$defs/pixel"}}}}]}},
"pixel":{{"type":"number","exclusiveMinimum":0,"maximum":1000000}},
"read":{{"oneOf":[{reads}]}},
"conversion":{{"type":"object","required":["on"],"oneOf":[
{conversions}
]}}
}}
}}"##,
        formats = words(&formats),
        consent = words(ConsentMode::WORDS),
        untrusted = words(Untrusted::WORDS),
        reads = reads.join(","),
        conversions = conversions.join(",\n"),
    ));
    let value = json::read(&out).unwrap_or(Value::Null);
    let mut pretty = String::new();
    indent(&mut pretty, &value, 0);
    pretty.push('\n');
    pretty
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
         \x20 /** Whether each page view is an event; true unless said. */\n  pageViews?: boolean;\n\
         \x20 /** What becomes of events made by a script instead of a hand. */\n  untrusted?: {untrusted};\n\
         \x20 /** The steps that count, by name. `false` switches one off. */\n\
         \x20 conversions?: Record<string, Conversion | false>;\n}}\n\n\
         /** Where events are sent. */\nexport interface Collector {{\n\
         \x20 /** An absolute URL, or one relative to the page. */\n  url: string;\n\
         \x20 /** How events are written; the first unless said. */\n  format?: {formats};\n}}\n\n",
        consent = union(ConsentMode::WORDS),
        untrusted = union(Untrusted::WORDS),
        formats = union(&formats),
    ));
    let reads: Vec<String> = reads::ROWS.iter().map(read_type).collect();
    out.push_str(&format!(
        "/** Where a property is read from. */\nexport type Read =\n{};\n\n",
        reads.join("\n")
    ));
    out.push_str("/** What every conversion may say besides its trigger. */\nexport interface Common {\n");
    for &(name, _, kind, meaning) in CONVERSION {
        let kind = match name {
            "once" => union(Once::WORDS),
            "untrusted" => union(Untrusted::WORDS),
            _ => kind.to_owned(),
        };
        out.push_str(&format!("  /** {meaning} */\n  {name}?: {kind};\n"));
    }
    out.push_str("}\n\n");
    for row in triggers::ROWS {
        out.push_str(&format!(
            "/** {} */\nexport interface {} extends Common {{\n  on: '{}';\n",
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
    out.push_str(&format!("/** A step that counts. */\nexport type Conversion = {};\n", all.join(" | ")));
    out
}

fn conversion_schema(row: &triggers::Row) -> String {
    let mut members = vec![format!(r#""on":{{"const":"{}"}}"#, row.name)];
    let mut required = vec!["on"];
    for &(name, kind, meaning) in row.doc.options {
        let (must, schema) = match kind {
            Type::Selector => (false, r#""type":"string""#.to_owned()),
            Type::RequiredSelector | Type::RequiredText => {
                (true, r#""type":"string","minLength":1"#.to_owned())
            }
            Type::Percents => (false, r##""$ref":"#/$defs/percents""##.to_owned()),
            Type::Pixels => (false, r##""$ref":"#/$defs/pixels""##.to_owned()),
            Type::Words(list) => (false, format!(r#""enum":{}"#, words(list))),
        };
        if must {
            required.push(name);
        }
        members.push(format!(r#""{name}":{{{schema},"description":{}}}"#, quoted(meaning)));
    }
    for &(name, schema, _, meaning) in CONVERSION {
        let schema = match name {
            "once" => format!(r#""enum":{}"#, words(Once::WORDS)),
            "untrusted" => format!(r#""enum":{}"#, words(Untrusted::WORDS)),
            "read" => r##""type":"object","additionalProperties":{"$ref":"#/$defs/read"}"##.to_owned(),
            _ => schema.trim_matches(['{', '}']).to_owned(),
        };
        members.push(format!(r#""{name}":{{{schema},"description":{}}}"#, quoted(meaning)));
    }
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
        r#"{{"type":"object","additionalProperties":false,"required":["{name}"],"properties":{{"{name}":{{{kind}"description":{}}}}}}}"#,
        quoted(row.doc.0),
        name = row.name,
    )
}

/// One source, and none of the others beside it.
fn read_type(row: &reads::Row) -> String {
    let (what, kind) = row.doc;
    let kind = if kind == "any" { "unknown" } else { kind };
    let others = reads::ROWS.iter().filter(|other| other.name != row.name);
    let never: String = others.map(|other| format!("; {}?: never", other.name)).collect();
    format!("  /** {what} */\n  | {{ {}: {kind}{never} }}", row.name)
}

fn ts_type(kind: Type) -> (&'static str, String) {
    match kind {
        Type::Selector => ("?", "string".to_owned()),
        Type::RequiredSelector | Type::RequiredText => ("", "string".to_owned()),
        Type::Percents | Type::Pixels => ("?", "number | number[]".to_owned()),
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
