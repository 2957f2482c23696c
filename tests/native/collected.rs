//! Delivery to collectors of other formats: what they get of an attempt, what partial answers do, what is never sent
//! twice; and several collectors at once, of which none waits for another.

use footstep::model::effect::Means;
use footstep::model::input::{Answer, Environment, Input};
use serde_json::Value;

use super::support::{Page, Posted, encode, status};

const STEPS: &str = r##""pageViews":false,"conversions":{
  "lead": {"on":"submit","match":"form","confirm":[{"visible":".thanks"}],"fail":[{"visible":".error"}],"value":5},
  "call": {"on":"click","match":"a.phone","confirm":"unseen","value":1},
  "buy": {"on":"click","match":"button","macro":true,"value":9}
}"##;
const LEAD: u32 = 0;
pub(crate) const CALL: u32 = 1;
pub(crate) const BUY: u32 = 2;

pub(crate) fn shop(collectors: &str) -> Page {
    Page::ready(&config(collectors))
}

fn config(collectors: &str) -> String {
    format!(r#"{{"collectors":[{collectors}],{STEPS}}}"#)
}

fn rendered(page: &mut Page, at: usize) {
    let looks: Vec<(u32, u32)> = page.looks.iter().map(|&(rule, slot, _)| (rule, slot)).collect();
    page.handle(Input::Rendered(vec![looks[at]]));
}

/// The events of a request to an endpoint of one's own.
fn events(posted: &Posted) -> Vec<Value> {
    serde_json::from_str(&posted.body).unwrap()
}

fn phases(page: &Page) -> Vec<String> {
    let all = page.posted.iter().flat_map(events);
    all.map(|event| {
        format!("{} {} {}", event["name"].as_str().unwrap(), event["phase"].as_str().unwrap(), event["rev"])
    })
    .collect()
}

pub(crate) fn counts(page: &Page, at: usize) -> (u64, u64, u64, Vec<(&'static str, u64)>) {
    let (_, counts) = page.engine.streams().nth(at).unwrap();
    let dropped = counts.dropped.entries().iter().map(|(reason, count)| (reason.text(), *count)).collect();
    (counts.created, counts.acknowledged, counts.waiting, dropped)
}

const HOOK: &str = r#"{"url":"/hook","format":"json"}"#;

#[test]
fn the_attempt_waits_and_only_what_became_of_it_is_sent() {
    let mut page = shop(r#"{"url":"/own"},{"url":"/hook","format":"json"}"#);
    page.click(LEAD, &[]);
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["lead"], "our own is told that it was attempted");
    assert!(page.posted.is_empty());
    page.handle(Input::Visible);
    rendered(&mut page, 0);
    assert_eq!(phases(&page), ["lead confirmed 1"]);
    page.click(CALL, &[]);
    assert_eq!(phases(&page), ["lead confirmed 1", "call attempted 0"], "all that will ever be known");
    let ids: Vec<Value> = page.posted.iter().flat_map(events).map(|event| event["id"].clone()).collect();
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn what_failed_goes_out_only_where_all_outcomes_are_wanted() {
    let mut page = shop(r#"{"url":"/hook","format":"json"},{"url":"/all","format":"json","outcomes":"all"}"#);
    page.click(LEAD, &[]);
    rendered(&mut page, 1);
    page.click(LEAD, &[]);
    page.advance(60_000);
    let to = |url: &str| -> Vec<String> {
        let all = page.posted.iter().filter(|posted| posted.url == url).flat_map(events);
        all.map(|event| event["phase"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((to("/hook"), to("/all")), (vec![], vec!["failed".to_owned(), "unknown".to_owned()]));
    assert_eq!(counts(&page, 0).0, 0, "what it does not get has no number in its stream");
}

/// A store that keeps the last record of a conversion gets both.
#[test]
fn a_store_that_replaces_gets_the_attempt_as_well() {
    let mut page = shop(r#"{"url":"/rows","format":"clickhouse","table":"t"}"#);
    page.click(LEAD, &[]);
    page.handle(Input::Hidden);
    assert_eq!(page.posted.len(), 1);
    assert!(page.posted[0].body.contains("attempted"), "{}", page.posted[0].body);
}

#[test]
fn what_a_format_cannot_say_is_dropped_by_reason() {
    let mut page = shop(r#"{"url":"/p","format":"plausible","domain":"d"}"#);
    page.click(BUY, &[]);
    page.handle(Input::Response { request: page.requests[0].number, answer: status(503) });
    page.requests.clear();
    page.mono += 40 * 60_000;
    page.handle(Input::Wake);
    let (created, _, _, dropped) = counts(&page, 0);
    assert_eq!((created, dropped), (1, vec![("too_old", 1)]));
}

#[test]
fn what_may_have_arrived_is_not_sent_again_unless_the_owner_says_so() {
    let mut page = shop(r#"{"url":"/hook","format":"json"},{"url":"/again","format":"json","resend":true}"#);
    page.click(BUY, &[]);
    page.answer(Answer::Failed);
    page.answer(Answer::Failed);
    assert_eq!(counts(&page, 0), (1, 0, 0, vec![("unanswered", 1)]));
    assert_eq!(counts(&page, 1), (1, 0, 1, vec![]));
    page.advance(600_000);
    let urls: Vec<&str> = page.posted.iter().map(|posted| posted.url.as_str()).collect();
    assert_eq!(urls, ["/hook", "/again", "/again"]);
    // What was answered has not been taken: that is sent again.
    page.judged(200, "");
    page.click(BUY, &[]);
    page.judged(503, "");
    page.advance(600_000);
    assert_eq!(page.posted.iter().filter(|posted| posted.url == "/hook").count(), 3);
}

#[test]
fn a_gateway_that_has_heard_nothing_from_behind_it_does_not_know_either() {
    let mut page = shop(r#"{"url":"/hook","format":"json"},{"url":"/s","format":"segment","writeKey":"k"}"#);
    page.click(BUY, &[]);
    page.judged(504, "");
    page.judged(504, "");
    assert_eq!(counts(&page, 0), (1, 0, 0, vec![("unanswered", 1)]));
    assert_eq!(counts(&page, 1), (1, 0, 1, vec![]), "ids tell repeats");
    let mut page =
        shop(r#"{"url":"/s","format":"segment","writeKey":"k","dialect":"rudderstack","resend":false}"#);
    page.click(BUY, &[]);
    page.answer(Answer::Failed);
    assert_eq!(counts(&page, 0), (1, 0, 0, vec![("unanswered", 1)]));
}

#[test]
fn what_takes_more_bytes_in_another_format_is_not_too_large_for_that() {
    let mut page = shop(r#"{"url":"/track","format":"mixpanel","token":"t"}"#);
    let properties = format!(r#"{{"text":"{}"}}"#, "ä".repeat(11_000));
    page.handle(Input::Track { name: "long".to_owned(), properties, ago: 0 });
    page.handle(Input::Flush);
    assert!(page.posted[0].body.len() > 60_000, "{}", page.posted[0].body.len());
    assert_eq!(counts(&page, 0), (1, 0, 1, vec![]));
}

#[test]
fn two_sources_of_one_service_keep_their_own_events_wherever_they_stand() {
    let shop_source = r#"{"url":"/v1/b","format":"segment","writeKey":"SHOP"}"#;
    let ads = r#"{"url":"/v1/b","format":"segment","writeKey":"ADS","onlyMacro":true}"#;
    let mut page = shop(&format!("{shop_source},{ads}"));
    page.click(CALL, &[]);
    page.answer(Answer::Failed);
    let keys = |page: &Page| -> Vec<String> {
        page.posted
            .iter()
            .map(|posted| {
                serde_json::from_str::<Value>(&posted.body).unwrap()["writeKey"].as_str().unwrap().to_owned()
            })
            .collect()
    };
    let mut next = page.heir(&config(&format!("{ads},{shop_source}")));
    next.advance(10_000);
    assert_eq!(keys(&next), ["SHOP"]);
    let mut other = page.heir(&config(ads));
    other.advance(10_000);
    assert!(other.posted.is_empty(), "it waits for a page that knows its source");
}

#[test]
fn the_next_page_does_not_repeat_what_the_last_one_sent_without_an_answer() {
    for (options, sent) in [("", 0), (r#","resend":true"#, 1)] {
        let collector = format!(r#"{{"url":"/hook","format":"json"{options}}}"#);
        let mut page = shop(&collector);
        page.click(BUY, &[]);
        page.handle(Input::Hidden);
        assert_eq!(page.posted.len(), 1);
        let next = page.heir(&config(&collector));
        assert_eq!(next.posted.len(), sent, "{options}");
        let (created, _, waiting, dropped) = counts(&next, 0);
        let lost = if sent == 0 { vec![("unanswered", 1)] } else { vec![] };
        assert_eq!((created, waiting, dropped), (1, sent as u64, lost));
    }
    // One that was surely not taken is.
    let mut page = shop(HOOK);
    page.click(BUY, &[]);
    page.judged(503, "");
    let next = page.heir(&config(HOOK));
    assert_eq!(next.posted.len(), 1);
}

#[test]
fn without_keepalive_what_a_beacon_carried_is_not_carried_twice() {
    let environment = Environment { keepalive: false, ..Environment::default() };
    let mut page = Page::with(&config(HOOK), "", environment);
    page.idle();
    page.track("a");
    page.handle(Input::Hidden);
    assert_eq!(page.posted.len(), 1);
    assert!(page.requests.is_empty(), "{:?}", Means::Beacon);
    page.handle(Input::Visible);
    page.advance(600_000);
    assert_eq!(page.posted.len(), 1);
    assert_eq!(counts(&page, 0), (1, 0, 0, vec![("unanswered", 1)]));
}

#[test]
fn at_the_end_of_a_page_all_of_it_leaves_within_the_budget() {
    let mut page = shop(r#"{"url":"/p","format":"plausible","domain":"d"},{"url":"/hook","format":"json"}"#);
    for _ in 0..12 {
        page.track("step");
    }
    page.handle(Input::Hidden);
    let one: Vec<_> = page.posted.iter().filter(|posted| posted.format == "plausible").collect();
    assert!(one.len() == 12 && one.iter().all(|posted| posted.events == 1), "{}", one.len());
    assert_eq!(page.posted.len(), 13);
    assert!(page.requests.iter().all(|request| request.means == Means::Keepalive));
    for _ in 0..12 {
        page.track("late");
    }
    page.handle(Input::Hidden);
    assert_eq!(page.posted.len(), 15, "no more requests than the budget has");
}

/// What the second module makes of an event is larger than the event: it is that which has to fit.
#[test]
fn at_the_end_of_a_page_it_is_the_encoded_bytes_that_are_counted() {
    let mut page = shop(
        r#"{"url":"/a","format":"otlp"},{"url":"/b","format":"segment","writeKey":"k"},{"url":"/c","format":"cloudevents"}"#,
    );
    for at in 0..12 {
        let properties = format!(r#"{{"at":{at},"text":"{}"}}"#, "\\\"".repeat(900));
        page.handle(Input::Track { name: "step".to_owned(), properties, ago: 0 });
    }
    page.handle(Input::Hidden);
    assert!(!page.requests.is_empty());
    assert!(page.requests.iter().all(|request| request.means == Means::Keepalive));
    let bytes: usize = page.requests.iter().map(|request| request.body.len()).sum();
    assert!(bytes <= 60_000, "{bytes}");
    let waiting: u64 = (0..3).map(|at| counts(&page, at).2).sum();
    let flying: usize = page.posted.iter().map(|posted| posted.events).sum();
    assert!(waiting == 36 && flying < 36, "what had no room waits: {flying}");
}

#[test]
fn without_the_second_module_records_wait_in_the_journal() {
    let mut page = Page::new(&config(&format!(r#"{HOOK},{{"url":"/own"}}"#)));
    page.engine.encoder(|_, _, _, _| "?".to_owned());
    page.idle();
    page.click(BUY, &[]);
    page.advance(600_000);
    page.handle(Input::Hidden);
    assert_eq!((page.posted.len(), page.sent()), (0, vec!["buy"]));
    assert_eq!(counts(&page, 0), (1, 0, 1, vec![]));
    let next = page.heir(&config(HOOK));
    assert_eq!(next.posted.len(), 1, "a page that has it sends them");
}

/// `footstep/slim` may be given the file of one format only.
#[test]
fn a_format_that_is_not_in_the_second_module_keeps_no_other_from_leaving() {
    let other = r#"{"url":"/b","format":"segment","writeKey":"WK"}"#;
    for (list, absent) in [([HOOK, other], 1), ([other, HOOK], 0)] {
        let mut page = Page::new(&config(&list.join(",")));
        page.engine.encoder(|text, end, limit, most| {
            if text.starts_with("json") { encode(text, end, limit, most) } else { "?".to_owned() }
        });
        page.idle();
        for round in 1..=3 {
            page.click(BUY, &[]);
            page.judged(200, "");
            page.advance(600_000);
            assert_eq!(counts(&page, 1 - absent), (round, round, 0, vec![]));
            assert_eq!(counts(&page, absent), (round, 0, round, vec![]));
        }
        assert!(page.posted.iter().all(|posted| posted.format == "json"));
    }
}

#[test]
fn the_event_a_format_fails_on_is_found_and_dropped_alone() {
    let mut page = shop(HOOK);
    for name in ["a", "b", "trap", "c", "d"] {
        page.track(name);
    }
    for _ in 0..9 {
        page.advance(1000);
        while !page.requests.is_empty() {
            page.judged(200, "");
        }
    }
    let mut names: Vec<String> = phases(&page);
    names.sort();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(counts(&page, 0), (5, 4, 0, vec![("trap", 1)]));
}

#[test]
fn one_being_down_delays_no_other() {
    let mut page = shop(
        r#"{"url":"/down","format":"segment","writeKey":"k"},{"url":"/hook","format":"json"},{"url":"/own"}"#,
    );
    for _ in 0..5 {
        page.click(BUY, &[]);
        for _ in 0..page.requests.len() {
            if page.requests[0].to.contains("/down") {
                page.judged(500, "");
            } else {
                page.answer(status(200));
            }
        }
    }
    assert_eq!((counts(&page, 1).1, counts(&page, 2).1), (5, 5));
    assert_eq!((counts(&page, 0).1, counts(&page, 0).2), (0, 5));
}

#[test]
fn each_collector_gets_what_it_asks_for() {
    let mut page = shop(
        r#"{"url":"/names","format":"json","names":["buy","x"]},{"url":"/macro","onlyMacro":true},{"url":"/few","format":"json","sample":0.001},{"url":"/most","format":"json","sample":99.999}"#,
    );
    page.track("x");
    page.track("y");
    page.click(BUY, &[]);
    let created: Vec<u64> = (0..4).map(|at| counts(&page, at).0).collect();
    assert_eq!(created, [2, 1, 0, 3]);
}

/// Two properties of one vendor have one address.
#[test]
fn two_collectors_at_one_address_keep_apart_what_they_are_owed() {
    let both =
        r#"{"url":"/mp","format":"segment","writeKey":"A"},{"url":"/mp","format":"segment","writeKey":"B"}"#;
    let mut page = shop(both);
    page.click(BUY, &[]);
    page.judged(200, "{}");
    let next = page.heir(&config(both));
    assert_eq!(next.posted.len(), 1);
    assert!(next.posted[0].body.contains(r#""writeKey":"B""#), "{}", next.posted[0].body);
}
