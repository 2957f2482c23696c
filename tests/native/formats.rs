//! The wire formats: every row of the table, golden requests, limits, times and units.
//!
//! `tests/wire/batch.json` is the batch they are all made of; a format's goldens lie in `tests/wire/<format>/`:
//! `live.http`, and `end.http` where the request at the end of the page is another. `UPDATE=1` writes them anew; look at
//! the difference.

use std::fmt::Write;
use std::fs;

use footstep::formats::{ENCODERS, EVERY, Encoder, FORMATS, WORDS, check, encode};
use footstep::model::delivery::{Encoded, Job, Outcome, Verdict};
use footstep::model::dropped::DropReason;
use footstep::model::json;
use footstep::model::value::{Object, Value};

use crate::wire::{assert_valid, object, root};

/// When the first event of the batch happened: 2026-11-22T05:38:36.127Z.
const AT: u64 = 1_795_325_916_127;

pub(crate) fn rows() -> impl Iterator<Item = &'static Encoder> {
    ENCODERS.iter()
}

fn row(name: &str) -> &'static Encoder {
    rows().find(|row| row.name == name).unwrap()
}

pub(crate) fn batch() -> Object {
    object(&fs::read_to_string(root("tests/wire/batch.json")).unwrap())
}

fn requests(name: &str, options: &str, end: bool) -> Encoded {
    let (options, batch) = (object(options), batch());
    encode(row(name), &Job { options: &options, batch: &batch, end, limit: 60_000, most: 15 })
}

/// The words that are shipped are those that are documented.
#[test]
fn the_words_that_are_known_are_those_that_are_documented() {
    for row in rows() {
        let said =
            row.doc.words.iter().map(|word| format!("{}{}", word.name, if word.required { "!" } else { "" }));
        assert_eq!(row.words, said.collect::<Vec<_>>().join(" "), "{}", row.name);
        let all = EVERY.split(' ').map(|word| format!("\"{word}\":1"));
        let all = object(&format!("{{{}}}", all.collect::<Vec<_>>().join(",")));
        assert!(!check(row, &all).contains("unknown"));
        let known = format!(
            "{{{}}}",
            WORDS.iter().map(|(word, ..)| format!("\"{word}\":1")).collect::<Vec<_>>().join(",")
        );
        assert!(!check(row, &object(&known)).contains("unknown"));
        assert_eq!(check(row, &object(row.doc.example)), "");
    }
}

/// The example's requests as a person would read them.
fn shown(encoded: &Encoded) -> String {
    let mut out = String::new();
    for request in &encoded.requests {
        writeln!(out, "POST {}\nContent-Type: {}", request.url, request.content_type).unwrap();
        for (name, value) in &request.headers {
            writeln!(out, "{name}: {value}").unwrap();
        }
        writeln!(out, "\n{}\n", request.body.trim_end()).unwrap();
    }
    for (place, reason) in &encoded.dropped {
        writeln!(out, "# event {place} is dropped: {}", reason.text()).unwrap();
    }
    out
}

/// Further configs that have goldens: format, name, config.
const MORE: &[(&str, &str, &str)] = &[
    (
        "json",
        "templates",
        r#"{"url":"/in","body":{"apiKey":"k","sent":"{sentIso}","batch":[]},"each":{"type":"{name}","ts":"{iso}","who":"{who}","":"{properties}","page":{"u":"{page.url|30}"}},"headers":{"X-Site":"{site}"},"contentType":"text/plain","events":{"add_to_cart":"AddToCart"}}"#,
    ),
    (
        "segment",
        "rudderstack",
        r#"{"url":"https://rudder.example/beacon/v1/batch?writeKey={writeKey}","writeKey":"WK","dialect":"rudderstack"}"#,
    ),
    ("snowplow", "structured", r#"{"url":"https://sp.example/com.snowplowanalytics.snowplow/tp2"}"#),
    ("kafka", "v3-stream", r#"{"url":"https://kafka.example/v3/clusters/c/topics/t/records","version":3}"#),
    (
        "kafka",
        "v3-batch",
        r#"{"url":"https://kafka.example/v3/clusters/c/topics/t/records:batch","version":3}"#,
    ),
];

#[test]
fn golden_requests() {
    let examples =
        rows().flat_map(|row| [(row.name, "live", row.doc.example), (row.name, "end", row.doc.example)]);
    for (name, file, options) in examples.chain(MORE.iter().copied()) {
        let now = shown(&requests(name, options, file == "end"));
        if file == "end" && now == shown(&requests(name, options, false)) {
            continue;
        }
        let path = root(&format!("tests/wire/{name}/{file}.http"));
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &now).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap_or_default(), now, "{}", path.display());
    }
}

#[test]
fn the_batch_is_one() {
    assert_valid(&fs::read_to_string(root("tests/wire/batch.json")).unwrap());
}

#[test]
fn every_row_is_whole() {
    let names: Vec<&str> = rows().map(|row| row.name).collect();
    let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(known.split_first().unwrap(), (&"footstep", names.as_slice()), "one order, no name twice");
    for row in rows() {
        let name = row.name;
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{name}");
        assert!(row.doc.what.ends_with('.'), "{name}");
        let example = object(row.doc.example);
        assert_eq!(example.get("format"), Some(&Value::from(name)), "{name}");
        for (word, _) in &example.0 {
            let own = row.doc.words.iter().any(|own| own.name == word);
            let known =
                ["url", "format"].contains(&word.as_str()) || WORDS.iter().any(|(any, ..)| any == word);
            assert!(own != known, "{name}: {word}");
        }
        for word in row.doc.words {
            assert!(word.what.ends_with('.') && !(word.secret && word.required), "{name}: {}", word.name);
            assert!(json::read(word.schema).is_ok(), "{name}: {}", word.name);
            assert!(!word.required || example.get(word.name).is_some(), "{name}: {}", word.name);
        }
        let page = fs::read_to_string(root(&format!("docs/collectors/{name}.md"))).unwrap_or_default();
        assert!(page.contains(&format!("\"format\": \"{name}\"")), "docs/collectors/{name}.md has no config");
        for word in row.doc.words {
            assert!(page.contains(&format!("`{}`", word.name)), "docs/collectors/{name}.md: {}", word.name);
        }
    }
}

/// Every event is in one request and no other, in its order, in both shapes; and its id is in the body where doubles
/// are known by it.
#[test]
fn every_event_is_sent_once() {
    for (row, end) in rows().flat_map(|row| [(row, false), (row, true)]) {
        let Encoded { requests, dropped } = requests(row.name, row.doc.example, end);
        let sent: Vec<usize> = requests.iter().flat_map(|request| request.events.clone()).collect();
        assert_eq!(sent, (0..6).collect::<Vec<_>>(), "{} {end}", row.name);
        assert_eq!(dropped, [], "{}", row.name);
        let format = FORMATS.iter().find(|format| format.name == row.name).unwrap();
        for request in requests.iter().filter(|_| format.idempotent) {
            for place in &request.events {
                let id = id(*place);
                assert!(request.body.contains(&id), "{}: {id}", row.name);
            }
        }
    }
}

fn id(place: usize) -> String {
    let batch: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root("tests/wire/batch.json")).unwrap()).unwrap();
    batch["events"][place]["id"].as_str().unwrap().to_owned()
}

/// What a Snowplow collector lets through although it is wrong: a value that is no text, a step its schema refuses.
#[test]
fn snowplow_gets_texts_and_steps_of_its_schema() {
    let schema = fs::read_to_string(root("schema/snowplow/micro_conversion.1-0-0.json")).unwrap();
    let mut schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    schema["$schema"] = "http://json-schema.org/draft-04/schema#".into();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut steps = 0;
    let body = &requests("snowplow", row("snowplow").doc.example, false).requests[0].body;
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    for event in body["data"].as_array().unwrap() {
        assert!(event.as_object().unwrap().values().all(serde_json::Value::is_string), "{event}");
        let Some(inner) = event["ue_pr"].as_str() else { continue };
        let inner: serde_json::Value = serde_json::from_str(inner).unwrap();
        let (name, data) = (&inner["data"]["schema"], &inner["data"]["data"]);
        if name == "iglu:com.example/micro_conversion/jsonschema/1-0-0" {
            assert!(schema.is_valid(data), "{data}");
            steps += 1;
        } else {
            assert_eq!(
                name,
                "iglu:com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2"
            );
        }
    }
    assert_eq!(steps, 3);
}

#[test]
fn a_request_ends_where_a_limit_is() {
    for row in rows() {
        let (options, batch) = (object(row.doc.example), batch());
        let whole = requests(row.name, row.doc.example, false);
        let bytes: usize = whole.requests.iter().map(|request| request.body.len()).sum();
        for limit in (0..=bytes).step_by(97).chain([bytes]) {
            for most in 0..3 {
                let job = Job { options: &options, batch: &batch, end: true, limit, most };
                let some = encode(row, &job);
                let used: usize = some.requests.iter().map(|request| request.body.len()).sum();
                assert!(used <= limit && some.requests.len() <= most, "{} {limit} {most}", row.name);
                let sent: Vec<usize> =
                    some.requests.iter().flat_map(|request| request.events.clone()).collect();
                assert_eq!(sent, (0..sent.len()).collect::<Vec<_>>(), "{} {limit} {most}", row.name);
            }
        }
        for request in whole.requests {
            assert!(request.events.len() <= row.limits.events, "{}", row.name);
            assert!(request.body.len() <= row.limits.bytes, "{}", row.name);
        }
    }
}

/// A batch of so many copies of the second event.
fn many(count: usize) -> Object {
    let mut batch = batch();
    let Some(Value::Array(events)) = batch.get("events") else { panic!() };
    let events = vec![events[1].clone(); count];
    batch.set("events", Value::Array(events));
    batch
}

#[test]
fn no_request_holds_more_events_than_its_collector_takes() {
    let batch = many(60);
    for (name, most) in [("ga4", 25), ("amplitude", 10), ("umami", 20), ("mixpanel", 50), ("plausible", 1)] {
        let options = object(row(name).doc.example);
        let all = encode(
            row(name),
            &Job { options: &options, batch: &batch, end: false, limit: 600_000, most: 99 },
        );
        assert_eq!(all.requests[0].events.len(), most, "{name}");
        assert_eq!(all.requests.iter().map(|request| request.events.len()).sum::<usize>(), 60, "{name}");
    }
}

#[test]
fn events_of_two_visitors_share_no_request() {
    let mut batch = batch();
    let Some(Value::Array(events)) = batch.get("events") else { panic!() };
    let mut events = events.clone();
    let Value::Object(last) = &mut events[5] else { panic!() };
    last.set("visitor", "019a24b9-c07b-7b2c-8d3e-000000000000".into());
    batch.set("events", Value::Array(events));
    let options = object(row("ga4").doc.example);
    let all =
        encode(row("ga4"), &Job { options: &options, batch: &batch, end: false, limit: 60_000, most: 9 });
    assert_eq!(all.requests.iter().map(|request| request.events.len()).collect::<Vec<_>>(), [5, 1]);
    assert!(all.requests[1].body.starts_with(r#"{"client_id":"0.1"#), "{}", all.requests[1].body);
}

#[test]
fn what_is_too_old_or_reserved_is_dropped_by_name() {
    let mut batch = batch();
    let day = 86_400_000;
    for (name, age) in [("plausible", 1_800_000), ("matomo", day), ("ga4", 3 * day), ("mixpanel", 5 * day)] {
        let options = object(row(name).doc.example);
        for (late, dropped) in [(age - 1500, 0), (age, 6)] {
            let mut sent = Object::default();
            sent.set("at", (AT + 1500 + late).into());
            batch.set("sent", Value::Object(sent));
            let all = encode(
                row(name),
                &Job { options: &options, batch: &batch, end: false, limit: 60_000, most: 9 },
            );
            let old = all.dropped.iter().filter(|(_, reason)| *reason == DropReason::TooOld).count();
            assert!(old == dropped || (late == age && old >= 1), "{name} {late}: {old}");
        }
    }
    let renamed = r#"{"url":"/","measurementId":"G-1","events":{"coupon_failed":"session_start"}}"#;
    assert_eq!(requests("ga4", renamed, false).dropped, [(5, DropReason::Inexpressible)]);
}

#[test]
fn an_event_larger_than_its_collector_takes_is_dropped_alone() {
    let mut batch = many(3);
    let Some(Value::Array(events)) = batch.get("events") else { panic!() };
    let mut events = events.clone();
    let Value::Object(second) = &mut events[1] else { panic!() };
    let mut large = Object::default();
    large.set("text", Value::String("x".repeat(33_000)));
    second.set("properties", Value::Object(large));
    batch.set("events", Value::Array(events));
    let options = object(row("segment").doc.example);
    let all =
        encode(row("segment"), &Job { options: &options, batch: &batch, end: false, limit: 60_000, most: 9 });
    assert_eq!(all.dropped, [(1, DropReason::TooLarge)]);
    assert_eq!(all.requests[0].events, [0, 2]);
}

/// A purchase that was refused is no order, has no revenue and no name that anybody counts as a sale.
#[test]
fn what_failed_is_not_counted_as_a_sale() {
    let mut batch = batch();
    let Some(Value::Array(events)) = batch.get("events") else { panic!() };
    let Value::Object(mut purchase) = events[4].clone() else { panic!() };
    purchase.set("phase", "failed".into());
    batch.set("events", Value::Array(vec![Value::Object(purchase)]));
    for row in rows() {
        let options = object(row.doc.example);
        let job = Job { options: &options, batch: &batch, end: false, limit: 60_000, most: 9 };
        let body = encode(row, &job).requests.remove(0).body;
        for sale in [
            "Order Completed",
            "\"revenue\"",
            "&idgoal=0",
            "transaction_id",
            "\"name\":\"purchase\",\"timestamp",
        ] {
            assert!(
                !body.contains(sale) || (row.name == "ga4" && sale == "transaction_id"),
                "{}: {sale}\n{body}",
                row.name
            );
        }
        let raw = ["json", "ndjson", "kafka", "clickhouse", "snowplow"].contains(&row.name);
        assert_eq!(body.contains("purchase_failed"), !raw, "{}\n{body}", row.name);
        assert!(body.contains("failed"), "{}", row.name);
    }
}

#[test]
fn only_a_store_that_replaces_is_sent_attempts() {
    let replace: Vec<&str> = FORMATS
        .iter()
        .filter(|format| format.outcome == Outcome::Replace)
        .map(|format| format.name)
        .collect();
    assert_eq!(replace, ["footstep", "clickhouse"]);
}

#[test]
fn a_status_alone() {
    for row in rows() {
        for (status, verdict) in [
            (204, Verdict::Acknowledged),
            (400, Verdict::Refused),
            (401, Verdict::WrongEndpoint),
            (404, Verdict::WrongEndpoint),
            (429, Verdict::Later),
            (503, Verdict::Later),
        ] {
            assert_eq!((row.judge)(status, "", 3).verdict, verdict, "{} {status}", row.name);
        }
    }
}
