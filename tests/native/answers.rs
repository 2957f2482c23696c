//! Answers of collectors, judged: a 200 that refuses, a 500 that is final, and who names whom.

use footstep::formats::ENCODERS;
use footstep::model::delivery::{Judgement, Verdict};

fn judge(name: &str, status: u16, body: &str, events: usize) -> Judgement {
    (ENCODERS.iter().find(|row| row.name == name).unwrap().judge)(status, body, events)
}

/// Format, status, body, of 5 events: verdict, places refused, refused without a name.
type Case = (&'static str, u16, &'static str, Verdict, &'static [usize], u64);

const CASES: &[Case] = &[
    ("segment", 200, r#"{"success":true}"#, Verdict::Acknowledged, &[], 0),
    ("segment", 200, r#"{"ok":true,"receivedEvents":5,"okEvents":5}"#, Verdict::Acknowledged, &[], 0),
    ("segment", 200, r#"{"ok":false,"error":"bad key"}"#, Verdict::Refused, &[], 0),
    (
        "segment",
        200,
        r#"{"ok":false,"receivedEvents":5,"okEvents":3,"errors":["x","y"]}"#,
        Verdict::Acknowledged,
        &[],
        2,
    ),
    ("segment", 402, "", Verdict::WrongEndpoint, &[], 0),
    ("posthog", 200, r#"{"status":1}"#, Verdict::Acknowledged, &[], 0),
    (
        "posthog",
        200,
        r#"{"status":1,"quota_limited":["events"]}"#,
        Verdict::Acknowledged,
        &[0, 1, 2, 3, 4],
        0,
    ),
    ("posthog", 200, r#"{"status":1,"quota_limited":["recordings"]}"#, Verdict::Acknowledged, &[], 0),
    ("amplitude", 400, r#"{"code":400,"error":"Invalid API key: K"}"#, Verdict::WrongEndpoint, &[], 0),
    ("amplitude", 200, r#"{"code":200,"events_ingested":5}"#, Verdict::Acknowledged, &[], 0),
    (
        "amplitude",
        400,
        r#"{"code":400,"events_with_invalid_fields":{"time":[3],"event_type":[3]},"events_with_missing_fields":{"device_id":[1]},"silenced_events":[0]}"#,
        Verdict::Refused,
        &[3, 1, 0],
        0,
    ),
    ("amplitude", 413, "", Verdict::Refused, &[], 0),
    ("mixpanel", 200, "1", Verdict::Acknowledged, &[], 0),
    ("mixpanel", 200, "0", Verdict::Refused, &[], 0),
    ("mixpanel", 200, r#"{"error":"data, missing or empty","status":0}"#, Verdict::Refused, &[], 0),
    ("mixpanel", 200, r#"{"error":null,"status":1}"#, Verdict::Acknowledged, &[], 0),
    ("plausible", 202, "ok", Verdict::Acknowledged, &[], 0),
    ("umami", 200, r#"{"size":5,"processed":5,"errors":0,"details":[]}"#, Verdict::Acknowledged, &[], 0),
    (
        "umami",
        200,
        r#"{"size":5,"processed":4,"errors":1,"details":[{"index":2,"response":{}}]}"#,
        Verdict::Acknowledged,
        &[2],
        0,
    ),
    (
        "umami",
        200,
        r#"{"size":5,"processed":4,"errors":1,"details":[{"response":{}}]}"#,
        Verdict::Acknowledged,
        &[],
        1,
    ),
    ("umami", 200, r#"{"beep":"boop"}"#, Verdict::Acknowledged, &[0, 1, 2, 3, 4], 0),
    ("matomo", 200, r#"{"status":"success","tracked":5,"invalid":0}"#, Verdict::Acknowledged, &[], 0),
    ("matomo", 200, r#"{"status":"success","tracked":3,"invalid":2}"#, Verdict::Acknowledged, &[], 2),
    (
        "matomo",
        200,
        r#"{"status":"success","tracked":4,"invalid":1,"invalid_indices":[4]}"#,
        Verdict::Acknowledged,
        &[4],
        0,
    ),
    ("matomo", 204, "", Verdict::Acknowledged, &[], 0),
    ("otlp", 200, "{}", Verdict::Acknowledged, &[], 0),
    ("otlp", 200, r#"{"partialSuccess":{"rejectedLogRecords":"2"}}"#, Verdict::Acknowledged, &[], 2),
    (
        "otlp",
        200,
        r#"{"partialSuccess":{"rejectedLogRecords":5}}"#,
        Verdict::Acknowledged,
        &[0, 1, 2, 3, 4],
        0,
    ),
    ("otlp", 500, "", Verdict::Refused, &[0, 1, 2, 3, 4], 0),
    ("otlp", 502, "", Verdict::Later, &[], 0),
    ("otlp", 504, "", Verdict::Later, &[], 0),
    ("otlp", 415, "", Verdict::WrongEndpoint, &[], 0),
    (
        "kafka",
        200,
        r#"{"offsets":[{"partition":0,"offset":1,"error_code":null},{},{},{},{}]}"#,
        Verdict::Acknowledged,
        &[],
        0,
    ),
    (
        "kafka",
        200,
        r#"{"offsets":[{"offset":1,"error_code":null},{"error_code":1,"error":"x"},{},{},{}]}"#,
        Verdict::Acknowledged,
        &[1],
        0,
    ),
    ("kafka", 200, r#"{"offsets":[{"error_code":2,"error":"x"}]}"#, Verdict::Later, &[], 0),
    (
        "kafka",
        200,
        "{\"error_code\":200}\n{\"error_code\":40003}{\"error_code\":200}{\"error_code\":200}",
        Verdict::Acknowledged,
        // Of the last nothing was said.
        &[1, 4],
        0,
    ),
    (
        "kafka",
        207,
        r#"{"successes":[{"id":"a"}],"failures":[{"id":"b","error_code":400}]}"#,
        Verdict::Acknowledged,
        &[],
        1,
    ),
    // None has arrived: what would pass is, and what would not is not.
    (
        "kafka",
        200,
        r#"{"offsets":[{"error_code":1},{"error_code":2},{"error_code":2},{"error_code":2},{"error_code":2}]}"#,
        Verdict::Later,
        &[0],
        0,
    ),
    ("kafka", 200, r#"{"error_code":503}{"error_code":50003}{"error_code":42901}"#, Verdict::Later, &[], 0),
    (
        "kafka",
        207,
        r#"{"successes":[{"id":"11"},{"id":"9"},{"id":"14"}],"failures":[{"id":"10","error_code":400},{"id":"13","error_code":503}]}"#,
        Verdict::Acknowledged,
        &[1],
        0,
    ),
    (
        "kafka",
        207,
        r#"{"successes":[],"failures":[{"id":"9","error_code":503},{"id":"10","error_code":400},{"id":"11","error_code":50003},{"id":"13","error_code":503},{"id":"14","error_code":503}]}"#,
        Verdict::Later,
        &[1],
        0,
    ),
    ("kafka", 415, "", Verdict::WrongEndpoint, &[], 0),
    ("clickhouse", 200, "", Verdict::Acknowledged, &[], 0),
    ("clickhouse", 500, "Code: 117. DB::Exception: Unknown field found", Verdict::Refused, &[], 0),
    (
        "clickhouse",
        500,
        "Code: 27, e.displayText() = DB::Exception: Cannot parse input",
        Verdict::Refused,
        &[],
        0,
    ),
    ("clickhouse", 500, "Code: 349. DB::Exception: Cannot insert NULL", Verdict::Refused, &[], 0),
    ("clickhouse", 500, "Code: 469. DB::Exception: Constraint violated", Verdict::Refused, &[], 0),
    ("clickhouse", 500, "Code: 241. DB::Exception: Memory limit exceeded", Verdict::Later, &[], 0),
    ("clickhouse", 500, "Code: 242. DB::Exception: Table is in readonly mode", Verdict::Later, &[], 0),
    ("clickhouse", 500, "Code: 210. DB::NetException: Connection reset", Verdict::Later, &[], 0),
    ("clickhouse", 500, "Code: 252. DB::Exception: Too many parts", Verdict::Later, &[], 0),
    ("clickhouse", 503, "Code: 202. DB::Exception: Too many queries", Verdict::Later, &[], 0),
    ("clickhouse", 404, "Code: 60. DB::Exception: Table does not exist", Verdict::WrongEndpoint, &[], 0),
    ("clickhouse", 403, "Code: 516. DB::Exception: Authentication failed", Verdict::WrongEndpoint, &[], 0),
    ("clickhouse", 500, "", Verdict::Later, &[], 0),
    ("cloudevents", 410, "", Verdict::WrongEndpoint, &[], 0),
    ("snowplow", 200, "ok", Verdict::Acknowledged, &[], 0),
    ("snowplow", 413, "", Verdict::Refused, &[], 0),
    ("ga4", 204, "", Verdict::Acknowledged, &[], 0),
];

#[test]
fn what_each_answer_means() {
    for (name, status, body, verdict, refused, unnamed) in CASES {
        let judged = judge(name, *status, body, 5);
        let is = (judged.verdict, judged.refused.as_slice(), judged.unnamed);
        assert_eq!(is, (*verdict, *refused, *unnamed), "{name} {status} {body}");
    }
}

/// What was put off waits, whether or not others have arrived; what may have been written is given up where others have.
#[test]
fn records_that_were_put_off_are_named() {
    type Case = (u16, &'static str, Verdict, &'static [usize], &'static [usize]);
    let cases: [Case; 5] = [
        (
            200,
            r#"{"offsets":[{"error_code":null},{"error_code":2},{"error_code":1},{"error_code":429},{"error_code":50003}]}"#,
            Verdict::Acknowledged,
            &[3],
            &[1, 2, 4],
        ),
        (
            200,
            "{\"error_code\":503}{\"error_code\":200}{\"error_code\":42901}{\"error_code\":200}",
            Verdict::Acknowledged,
            &[0, 2],
            &[4],
        ),
        (
            207,
            r#"{"successes":[{"id":"11"},{"id":"9"},{"id":"14"}],"failures":[{"id":"10","error_code":400},{"id":"13","error_code":503}]}"#,
            Verdict::Acknowledged,
            &[3],
            &[1],
        ),
        // Nobody knows where they stand.
        (
            207,
            r#"{"successes":[{"id":"11"}],"failures":[{"id":"10","error_code":503}]}"#,
            Verdict::Acknowledged,
            &[],
            &[],
        ),
        (
            207,
            r#"{"successes":[],"failures":[{"id":"10","error_code":503},{"id":"11","error_code":503},{"id":"11","error_code":503},{"id":"12","error_code":503},{"id":"13","error_code":503},{"id":"14","error_code":503}]}"#,
            Verdict::Later,
            &[],
            &[],
        ),
    ];
    for (status, body, verdict, later, refused) in cases {
        let judged = judge("kafka", status, body, 5);
        let is = (judged.verdict, judged.later.as_slice(), judged.refused.as_slice());
        assert_eq!(is, (verdict, later, refused), "{body}");
    }
}

#[test]
fn a_collector_that_wants_a_pause_gets_one() {
    let judged = judge("amplitude", 429, r#"{"code":429,"eps_threshold":30}"#, 5);
    assert_eq!((judged.verdict, judged.wait), (Verdict::Later, 30_000));
}

/// Whatever comes back, nothing panics, and a refusal names only events that were sent.
#[test]
fn answers_that_are_no_json() {
    for row in ENCODERS {
        for body in ["", "<html>", "[", "[]", "null", "{", "{}", "{}{}{", "{\"details\":[1]}", "\u{feff}"] {
            for status in [0, 200, 204, 302, 400, 418, 500, 599] {
                let judged = (row.judge)(status, body, 2);
                assert!(judged.refused.iter().all(|place| *place < 2), "{} {status} {body}", row.name);
            }
        }
    }
}
