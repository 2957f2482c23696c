//! The TypeScript types.

use super::{CONVERSION, WAY, word_list};
use crate::evidence;
use crate::model::config::{As, ConsentMode, Untrusted};
use crate::reads;
use crate::triggers::{self, Type};

/// The TypeScript type of a config.
#[must_use]
pub fn config_types() -> String {
    let mut out = String::from(
        "// Made from the tables in src/triggers, src/reads and src/evidence by `npm run generate`. Do not edit.\n\n\
         import type { Collector } from './collectors.js';\n\n\
         export type * from './collectors.js';\n\n",
    );
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
         \x20 /** How many records are kept for each collector while it cannot be reached; 500 unless said. */\n  maxStored?: number;\n\
         \x20 /** What becomes of events made by a script instead of a hand. */\n  untrusted?: {untrusted};\n\
         \x20 /** The steps that count, by name. `false` switches one off. */\n\
         \x20 conversions?: Record<string, Conversion | false>;\n}}\n\n\
         /** Conversions that come ready-made, in the same words. */\nexport interface Preset {{\n  $schema?: string;\n  name?: string;\n\
         \x20 /** What it counts, in one plain sentence. */\n  what?: string;\n\
         \x20 /** Which markup of which software it stands on. */\n  markup?: string[];\n\
         \x20 conversions: Record<string, Conversion | false>;\n}}\n\n",
        consent = union(ConsentMode::WORDS),
        untrusted = union(Untrusted::WORDS),
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

fn word_type(name: &str) -> Option<String> {
    word_list(name).map(union)
}

fn evidence_type(row: &evidence::Row) -> String {
    let more: String = row.doc.1.iter().map(|(name, _)| format!("; {name}?: string")).collect();
    let others = evidence::ROWS.iter().filter(|other| other.name != row.name);
    let never: String = others.map(|other| format!("; {}?: never", other.name)).collect();
    format!("  /** {} */\n  | {{ {}: string{more}{never} }}", row.doc.0, row.name)
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
