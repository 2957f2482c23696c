//! Answers that name events: those are refused or wait, and the others are what the answer says of the whole.

use footstep::model::input::Input;
use serde_json::Value;

use super::support::{Page, Posted};
use crate::collected::{BUY, CALL, counts, shop};

#[test]
fn a_success_that_rejects_drops_only_what_it_names() {
    let mut page = shop(r#"{"url":"/m","format":"matomo","siteId":1}"#);
    for name in ["a", "b", "c"] {
        page.track(name);
    }
    page.advance(1000);
    page.judged(200, r#"{"status":"success","tracked":2,"invalid":1,"invalid_indices":[1]}"#);
    assert_eq!(counts(&page, 0), (3, 2, 0, vec![("rejected", 1)]));
    page.advance(600_000);
    assert_eq!(page.posted.len(), 1, "nothing is asked again, and nothing is reported to it");
    assert!(page.journal.is_empty(), "{:?}", page.journal);
}

#[test]
fn of_a_success_that_rejects_without_a_name_the_number_is_kept() {
    let mut page = shop(r#"{"url":"/l","format":"otlp"}"#);
    for name in ["a", "b", "c"] {
        page.track(name);
    }
    page.advance(1000);
    page.judged(200, r#"{"partialSuccess":{"rejectedLogRecords":"2"}}"#);
    assert_eq!(counts(&page, 0), (3, 1, 0, vec![("rejected", 2)]));
}

#[test]
fn of_a_refusal_that_names_the_others_are_sent_again_at_once() {
    let mut page = shop(r#"{"url":"/a","format":"amplitude","apiKey":"k"}"#);
    for name in ["a", "b", "c"] {
        page.track(name);
    }
    page.advance(1000);
    page.judged(400, r#"{"code":400,"events_with_invalid_fields":{"time":[0,7]}}"#);
    assert_eq!(page.posted.iter().map(|posted| posted.events).collect::<Vec<_>>(), [3, 2]);
    page.judged(200, r#"{"code":200}"#);
    assert_eq!(counts(&page, 0), (3, 2, 0, vec![("rejected", 1)]));
    // One that names none is halved, as everybody's.
    for name in ["d", "e"] {
        page.track(name);
    }
    page.advance(1000);
    page.judged(400, "{}");
    assert_eq!(page.posted[2..].iter().map(|posted| posted.events).collect::<Vec<_>>(), [2, 1, 1]);
    page.judged(400, "{}");
    page.judged(200, "{}");
    assert_eq!(counts(&page, 0), (5, 3, 0, vec![("rejected", 2)]));
}

#[test]
fn of_a_success_that_puts_some_off_those_are_sent_again_without_the_others_and_after_a_pause() {
    let mut page = shop(r#"{"url":"/topics/t","format":"kafka"}"#);
    for name in ["a", "b"] {
        page.track(name);
    }
    page.click(BUY, &[]);
    // What comes meanwhile does not make them leave earlier.
    page.click(CALL, &[]);
    page.handle(Input::Hidden);
    page.judged(200, r#"{"offsets":[{"error_code":null},{"error_code":1},{"error_code":429}]}"#);
    let sent = |page: &Page| -> Vec<Vec<String>> {
        let names = |posted: &Posted| -> Vec<String> {
            let body: Value = serde_json::from_str(&posted.body).unwrap();
            let name = |record: &Value| record["value"]["name"].as_str().unwrap().to_owned();
            body["records"].as_array().unwrap().iter().map(name).collect()
        };
        page.posted.iter().map(names).collect()
    };
    assert_eq!(sent(&page), [vec!["a", "b", "buy"], vec!["call"]]);
    assert_eq!(counts(&page, 0), (4, 1, 2, vec![("rejected", 1)]));
    page.handle(Input::Visible);
    page.judged(200, r#"{"offsets":[{"error_code":null}]}"#);
    page.advance(2000);
    assert_eq!(sent(&page)[2..], [vec!["buy"]]);
    page.judged(200, r#"{"offsets":[{"error_code":null}]}"#);
    assert_eq!(counts(&page, 0), (4, 3, 0, vec![("rejected", 1)]));
    page.handle(Input::Hidden);
    assert!(page.journal.is_empty(), "{:?}", page.journal);
}
