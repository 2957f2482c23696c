//! Times and units of the wire formats: each collector has its own, and most take a wrong one without a word.

use footstep::formats::{ENCODERS, encode};
use footstep::model::delivery::Job;
use footstep::model::value::{Object, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::formats::batch;
use crate::wire::object;

/// The body of the first request for a batch whose first event happened at `at`, and which is sent 1500 ms later.
fn body(name: &str, at: u64) -> String {
    let row = ENCODERS.iter().find(|row| row.name == name).unwrap();
    let mut batch = batch();
    let Some(Value::Array(events)) = batch.get("events") else { panic!() };
    let Value::Object(mut first) = events[0].clone() else { panic!() };
    first.set("at", at.into());
    batch.set("events", Value::Array(vec![Value::Object(first)]));
    let mut sent = Object::default();
    sent.set("at", (at + 1500).into());
    batch.set("sent", Value::Object(sent));
    let options = object(row.doc.example);
    let job = Job { options: &options, batch: &batch, end: false, limit: 60_000, most: 9 };
    encode(row, &job).requests.remove(0).body
}

fn parsed(name: &str, at: u64) -> Json {
    serde_json::from_str(&body(name, at)).unwrap()
}

/// Milliseconds of a date as it is written; the inverse of what is tested, by counting days.
fn read(date: &str) -> u64 {
    let number = |from: usize, to: usize| date[from..to].parse::<u64>().unwrap();
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let days: u64 = (1970..year).map(|year| 365 + u64::from(leap(year))).sum::<u64>()
        + lengths[..month as usize - 1].iter().sum::<u64>()
        + day
        - 1;
    (((days * 24 + number(11, 13)) * 60 + number(14, 16)) * 60 + number(17, 19)) * 1000 + number(20, 23)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// From 1970 to 2100.
    #[test]
    fn every_instant_in_each_collectors_unit(at in 0u64..4_102_444_800_000) {
        for (name, event, sent) in [("cloudevents", "/0/time", None), ("segment", "/batch/0/timestamp", Some("/sentAt")), ("posthog", "/batch/0/timestamp", Some("/sent_at"))] {
            let body = parsed(name, at);
            let text = body.pointer(event).and_then(Json::as_str).unwrap();
            prop_assert!(text.len() == 24 && text.ends_with('Z') && &text[10..11] == "T", "{}: {}", name, text);
            prop_assert_eq!(read(text), at, "{}", name);
            if let Some(sent) = sent {
                prop_assert_eq!(read(body.pointer(sent).and_then(Json::as_str).unwrap()), at + 1500);
            }
        }
        let snowplow = parsed("snowplow", at);
        prop_assert_eq!(&snowplow["data"][0]["dtm"], &json!(at.to_string()));
        prop_assert_eq!(&snowplow["data"][0]["stm"], &json!((at + 1500).to_string()));
        prop_assert_eq!(&parsed("ga4", at)["events"][0]["timestamp_micros"], &json!(at * 1000));
        prop_assert_eq!(&parsed("amplitude", at)["events"][0]["time"], &json!(at));
        prop_assert_eq!(&parsed("umami", at)[0]["payload"]["timestamp"], &json!(at / 1000));
        let otlp = parsed("otlp", at);
        let record = &otlp["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
        let nanos: u128 = record["timeUnixNano"].as_str().unwrap().parse().unwrap();
        prop_assert_eq!(nanos, u128::from(at) * 1_000_000);
        prop_assert!(body("matomo", at).contains("&cdo=1&"));
        let row: Json = serde_json::from_str(body("clickhouse", at).trim_end()).unwrap();
        let time = row["time"].as_str().unwrap();
        prop_assert!(time.len() == 23 && &time[10..11] == " ", "{}", time);
        prop_assert_eq!(read(time), at);
    }
}

/// Whole milliseconds; with decimals it would be taken for seconds.
#[test]
fn mixpanel_is_given_milliseconds() {
    let body = body("mixpanel", 1_795_325_916_127);
    assert!(body.contains("%22time%22%3A1795325916127%2C"), "{body}");
}

#[test]
fn a_visit_is_a_number_where_a_number_is_wanted() {
    let at = 1_795_325_916_127;
    let start = at - 60_000;
    assert_eq!(parsed("amplitude", at)["events"][0]["session_id"], json!(start));
    assert_eq!(parsed("segment", at)["batch"][0]["context"]["sessionId"], json!(start));
    assert_eq!(parsed("ga4", at)["events"][0]["params"]["session_id"], json!((start / 1000).to_string()));
}

/// A price keeps its digits, and stays a number where it was one.
#[test]
fn money_is_a_number() {
    let all = |name: &str| {
        let row = ENCODERS.iter().find(|row| row.name == name).unwrap();
        let (options, batch) = (object(row.doc.example), batch());
        let job = Job { options: &options, batch: &batch, end: false, limit: 60_000, most: 9 };
        let requests = encode(row, &job).requests;
        requests.iter().map(|request| request.body.as_str()).collect::<Vec<_>>().join("\n")
    };
    for name in ["ga4", "segment", "posthog", "umami", "cloudevents", "kafka", "clickhouse"] {
        assert!(all(name).contains(r#""value":27.00"#), "{name}");
    }
    assert!(all("amplitude").contains(r#""revenue":27.00"#));
    assert!(all("plausible").contains(r#""$":{"amount":27.00,"currency":"EUR"}"#));
    assert!(all("otlp").contains(r#"{"key":"footstep.value","value":{"doubleValue":27.00}}"#));
    assert!(all("otlp").contains(r#"{"key":"footstep.consent","value":{"intValue":"1"}}"#));
    assert!(all("matomo").contains("&revenue=27.00&"));
    assert!(all("ga4").contains(r#""points":10"#), "a value without a currency is none");
}
