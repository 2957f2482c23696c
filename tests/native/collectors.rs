//! Collectors in a config: what the linter says of them, their schema and their types.

use footstep::catalog::collectors::{Warning, collector_schema, collector_types, warnings};
use footstep::formats::Cors;

use super::support::Page;
use crate::formats::rows;
use crate::wire::{object, root};

/// At the end of a page nothing asks the server first, but where the format or its servers leave no choice.
#[test]
fn what_asks_the_server_first() {
    let asks = |warning: Warning| -> Vec<&str> {
        rows()
            .filter(|row| warnings(&object(row.doc.example)).contains(&warning))
            .map(|row| row.name)
            .collect()
    };
    let forced = ["json", "cloudevents", "snowplow", "otlp", "kafka"];
    assert_eq!(asks(Warning::PreflightAtEnd), forced);
    assert_eq!(asks(Warning::Preflight), ["json", "cloudevents", "snowplow", "amplitude", "otlp", "kafka"]);
}

#[test]
fn what_cannot_work_from_a_page_is_said() {
    let of = |words: &str| warnings(&object(&format!(r#"{{"url":"https://in.example/",{words}}}"#)));
    let secret = |word: &str| Warning::Secret(word.to_owned());
    assert_eq!(of(r#""format":"segment","writeKey":"k""#), []);
    assert_eq!(
        of(r#""format":"ga4","measurementId":"G-1","apiSecret":"s""#),
        [secret("apiSecret"), Warning::NeedsCors]
    );
    assert_eq!(
        of(r#""format":"ndjson","headers":{"Authorization":"Bearer k"}"#),
        [secret("headers.Authorization"), Warning::Preflight, Warning::PreflightAtEnd, Warning::NeedsCors]
    );
    assert_eq!(of(r#""format":"json","contentType":"text/plain""#), [Warning::NeedsCors]);
    assert_eq!(of(r#""format":"footstep""#), []);
    let of_body =
        |body: &str| of(&format!(r#""format":"json","contentType":"text/plain","body":{body}"#)).len();
    assert_eq!(of_body(r#"{"x":[{"batch":[]}],"y":[1]}"#), 1, "only what is said of its servers");
    for body in [r#"{"batch":["{name}"]}"#, r#""{properties.items}""#, "{}"] {
        assert_eq!(of_body(body), 2, "{body}");
    }
    assert_eq!(of(r#""format":"segment","writeKey":"k","outcomes":"all""#), []);
    assert_eq!(of(r#""format":"segment","writeKey":"k","resend":false"#), []);
    assert_eq!(
        of(r#""format":"clickhouse","table":"t","outcomes":"all""#),
        [Warning::Unused("outcomes".to_owned()), Warning::NeedsCors]
    );
}

/// Nobody is asked first by a page that sends to its own server.
#[test]
fn a_server_of_the_pages_own_is_not_warned_of() {
    let of = |url: &str| warnings(&object(&format!(r#"{{"url":"{url}","format":"otlp"}}"#)));
    for url in ["/v1/logs", "logs?x=1", "{origin}/v1/logs"] {
        assert_eq!(of(url), [], "{url}");
    }
    for url in ["https://otel.example/v1/logs", "//otel.example/v1/logs"] {
        assert_eq!(of(url), [Warning::Preflight, Warning::PreflightAtEnd, Warning::NeedsCors], "{url}");
    }
}

/// The schema takes what the linter takes, and refuses the rest.
#[test]
fn the_schema_of_a_collector() {
    let schema: serde_json::Value = serde_json::from_str(&collector_schema()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let is_valid = |text: &str| schema.is_valid(&serde_json::from_str(text).unwrap());
    assert!(is_valid(r#"{"url":"/v1/batch"}"#) && is_valid(r#"{"url":"/v1/batch","format":"footstep"}"#));
    for row in rows() {
        let example = row.doc.example;
        assert!(is_valid(example), "{example}");
        assert!(!is_valid(&example.replacen('{', r#"{"emial":1,"#, 1)), "{}", row.name);
        assert!(is_valid(&example.replacen('{', r#"{"events":{"a":"b"},"#, 1)), "{}", row.name);
        for word in row.doc.words.iter().filter(|word| word.required) {
            let without = example.replacen(&format!("\"{}\"", word.name), "\"constants\"", 1);
            assert!(!is_valid(&without), "{without}");
        }
    }
    for text in [
        r#"{"format":"json"}"#,
        r#"{"url":"/","format":"xml"}"#,
        r#"{"url":"/","format":"kafka","version":4}"#,
    ] {
        assert!(!is_valid(text), "{text}");
    }
}

#[test]
fn the_types_of_collectors() {
    let types = collector_types();
    for part in [
        "export type Collector = FootstepCollector | JsonCollector | ",
        "export interface Ga4Collector extends CollectorWords {\n  format: 'ga4';\n",
        "  writeKey: string;\n",
        "  dialect?: 'segment' | 'rudderstack';\n",
        "  goals?: Record<string, number>;\n",
        "  siteId: number | string;\n",
        "  version?: 2 | 3;\n",
        "  drop?: string[];\n",
        "  body?: unknown;\n",
    ] {
        assert!(types.contains(part), "{part}\n{types}");
    }
}

/// The words of a config that reach further than a page should let them.
#[test]
fn secrets_and_servers_that_answer_no_page_are_known() {
    let secrets: Vec<String> = rows()
        .flat_map(|row| {
            row.doc.words.iter().filter(|word| word.secret).map(|word| format!("{}.{}", row.name, word.name))
        })
        .collect();
    assert_eq!(secrets, ["ga4.apiSecret", "clickhouse.password"]);
    assert!(rows().all(|row| row.doc.cors != Cors::No));
}

/// What the documentation says of warnings is what they say, and which formats it names for them.
#[test]
fn warnings_are_documented() {
    let read = |path: &str| std::fs::read_to_string(root(path)).unwrap();
    let page = read("docs/collectors/README.md");
    let table: serde_json::Value = serde_json::from_str(&read("js/messages.json")).unwrap();
    for code in Warning::CODES {
        let what = table[*code]["what"].as_str().unwrap().replace("`{0}`", "");
        assert!(page.lines().any(|line| line.starts_with('|') && line.contains(what.trim())), "{code}");
    }
    let row = page.lines().find(|line| line.contains("let a page read their answer")).unwrap();
    for format in rows() {
        let named = row.contains(&format!("`{}`", format.name));
        assert_eq!(named, format.doc.cors != Cors::Yes, "{}", format.name);
    }
}

#[test]
fn what_is_wrong_with_a_collector_is_said_where_it_stands() {
    let page = Page::ready(
        r#"{"collectors":[{"url":"/a","format":"json","outcomes":"some","names":1,"sample":101},{"url":"/b","resend":true},{"format":"ga4"},{"url":"/s","format":"segment","writeKye":"k"}]}"#,
    );
    let stats: serde_json::Value = serde_json::from_str(&page.engine.stats()).unwrap();
    let found: Vec<String> = stats["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| format!("{} {}", found["code"].as_str().unwrap(), found["path"].as_str().unwrap()))
        .collect();
    let expected = [
        "out_of_range collectors.0.sample",
        "wrong_type collectors.0.names",
        "not_one_of collectors.0.outcomes",
        "unknown_word collectors.1.resend",
        "missing collectors.2",
        "missing collectors.3",
        "unknown_word collectors.3.writeKye",
    ];
    assert_eq!(found, expected);
}
