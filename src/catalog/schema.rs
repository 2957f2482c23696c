//! The schemas: JSON Schema, draft 2020-12.

use super::collectors::collector_schema;
use super::{CONVERSION, WAY, Word, word_list};
use crate::evidence;
use crate::model::config::{As, ConsentMode, Untrusted};
use crate::model::json;
use crate::model::value::{Object, Value};
use crate::reads;
use crate::triggers::{self, Type};

/// The schema of a config, as JSON text.
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
"collectors":{{"type":"array","description":"Where events are sent.","items":{{"$ref":"#/$defs/collector"}}}},
"maxStored":{{"type":"integer","minimum":1,"maximum":100000,"description":"How many records are kept for each collector while it cannot be reached; 500 unless said."}},
"consent":{{"type":"object","additionalProperties":false,"required":["mode"],"properties":{{"mode":{{"enum":{consent},"description":"Whether events may be recorded before the visitor has been asked. Left out, or `none`: the owner states that nobody need be asked."}}}}}},
"page":{{"type":"object","additionalProperties":false,"description":"What of the URL, besides the path, is the page's identity and may leave the page.","properties":{{"query":{{"type":"array","items":{{"type":"string"}},"description":"Names of query keys."}},"hash":{{"type":"boolean"}}}}}},
"frames":{{"type":"boolean","description":"Whether frames of the same origin belong to the page; others are never touched."}},
"presets":{{"description":"Conversions that come ready-made: their names, or presets as they are.","type":"array","items":{{"oneOf":[{{"type":"string"}},{{"$ref":"#/$defs/preset"}}]}}}},
"pageViews":{{"type":"boolean","description":"Whether each page view is an event; true unless said."}},
"untrusted":{{"enum":{untrusted},"description":"What becomes of events made by a script instead of a hand."}},
"conversions":{{"$ref":"#/$defs/conversions"}}
}},
"$defs":{{
"collector":{collector},
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
        collector = collector_schema(),
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
