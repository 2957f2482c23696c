//! What is generated from the tables is fresh; and every row of every table holds what it promises.
//!
//! `UPDATE=1 cargo test --all-features --test catalog` (`npm run generate`) writes the files anew.

use std::fs;
use std::path::Path;

use footstep::catalog::collectors::Warning;
use footstep::engine::{Engine, Said};
use footstep::formats::FORMATS;
use footstep::model::diagnostic::Code;
use footstep::model::input::{Environment, PageFacts};
use footstep::model::time::Now;
use footstep::{catalog, evidence, reads, triggers};

fn fresh(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is stale: run `npm run generate`", path.display());
}

/// The codes of what is wrong with a config.
fn findings(config: &str) -> Vec<(String, String)> {
    let environment = Environment { entropy: [1, 2, 3, 4], ..Environment::default() };
    let said = Said { config, ..Said::default() };
    let engine = Engine::start(&said, environment, PageFacts::default(), Now::default());
    let stats: serde_json::Value = serde_json::from_str(&engine.stats()).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    stats["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (text(&each["code"]), text(&each["path"])))
        .collect()
}

fn with_collector(conversion: &str) -> String {
    format!(r#"{{"collectors":[{{"url":"/c"}}],"conversions":{{"step":{conversion}}}}}"#)
}

#[test]
fn generated_files_are_fresh() {
    fresh("schema/config.v1.json", &catalog::config_schema());
    fresh("schema/preset.v1.json", &catalog::preset_schema());
    fresh("js/config.d.ts", &catalog::config_types());
    fresh("js/collectors.d.ts", &catalog::collectors::collector_types());
}

/// Each preset is what its schema says, the core has nothing to object to, and its name is that of its file.
#[test]
fn every_preset_is_understood() {
    let schema: serde_json::Value = serde_json::from_str(&catalog::config_schema()).unwrap();
    let wrapped = serde_json::json!({ "$defs": schema["$defs"], "$ref": "#/$defs/preset" });
    let validator = jsonschema::validator_for(&wrapped).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("presets");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let preset: serde_json::Value = serde_json::from_str(&text).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert_eq!(preset["name"], name);
        assert!(preset["what"].as_str().is_some_and(|what| what.ends_with('.')), "{name}.what");
        assert!(preset["markup"].as_array().is_some_and(|markup| !markup.is_empty()), "{name}.markup");
        if let Err(error) = validator.validate(&preset) {
            panic!("{name}: {} {error}", error.instance_path());
        }
        let found = findings(&format!(r#"{{"collectors":[{{"url":"/c"}}],"presets":[{text}]}}"#));
        assert_eq!(found, [], "{name}");
        count += 1;
    }
    assert!(count >= 30, "{count} presets");
}

#[test]
fn names_are_well_formed_and_unique() {
    let tables = [
        triggers::ROWS.iter().map(|row| row.name).collect::<Vec<_>>(),
        reads::ROWS.iter().map(|row| row.name).collect(),
        evidence::ROWS.iter().map(|row| row.name).collect(),
        FORMATS.iter().map(|format| format.name).collect(),
    ];
    for names in tables {
        for (index, name) in names.iter().enumerate() {
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
                "{name}"
            );
            assert!(!names[..index].contains(name), "{name} twice");
        }
    }
}

#[test]
fn every_trigger_is_documented_and_its_example_works() {
    let schema: serde_json::Value = serde_json::from_str(&catalog::config_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for row in triggers::ROWS {
        let doc = row.doc;
        assert!(doc.what.ends_with('.') && doc.what.len() > 20, "{}: {}", row.name, doc.what);
        for (option, _, meaning) in doc.options {
            assert!(meaning.ends_with('.'), "{}.{option}: {meaning}", row.name);
        }
        let config = with_collector(doc.example);
        assert_eq!(findings(&config), [], "{}", row.name);
        let value: serde_json::Value = serde_json::from_str(&config).unwrap();
        assert_eq!(value["conversions"]["step"]["on"], row.name);
        assert!(validator.is_valid(&value), "{}: {:?}", row.name, validator.validate(&value));
    }
}

#[test]
fn every_option_of_every_trigger_is_understood() {
    for row in triggers::ROWS {
        for (option, ..) in row.doc.options {
            // Whatever is wrong with `{}` as a value, the word itself must be known.
            let config = with_collector(&format!(r#"{{"on":"{}","{option}":{{}}}}"#, row.name));
            let found = findings(&config);
            assert!(!found.is_empty(), "{}.{option}", row.name);
            let unknown = (Code::UnknownWord.text().to_owned(), format!("conversions.step.{option}"));
            assert!(!found.contains(&unknown), "{}.{option}: {found:?}", row.name);
        }
    }
}

#[test]
fn every_code_has_its_words() {
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("js/messages.json")).unwrap();
    let table: serde_json::Value = serde_json::from_str(&table).unwrap();
    let table = table.as_object().unwrap();
    // `footstep check` knows what it was that could not be loaded.
    let mut codes = vec!["unknown_preset"];
    codes.extend(Code::ALL.iter().map(|code| code.text()));
    codes.extend(Warning::CODES);
    for code in &codes {
        let words = &table[*code];
        for part in ["what", "why", "do"] {
            assert!(words[part].as_str().is_some_and(|text| text.ends_with('.')), "{code}.{part}");
        }
    }
    assert_eq!(table.len(), codes.len(), "words for codes that do not exist");
}

/// The configs in `tests/fixtures/config/<kind>`.
fn fixtures(kind: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/config").join(kind);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

/// The third judge, tsc, is asked in `tests/packaging/config.test.mjs`.
#[test]
fn the_core_and_the_schema_judge_configs_alike() {
    let schema = serde_json::from_str(&catalog::config_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (kind, good) in [("ok", true), ("bad", false)] {
        for (name, config) in fixtures(kind) {
            assert_eq!(findings(&config).is_empty(), good, "{name}: {:?}", findings(&config));
            assert_eq!(validator.is_valid(&serde_json::from_str(&config).unwrap()), good, "schema, {name}");
        }
    }
}
