//! Scenarios of attempts and what becomes of them: confirmed, failed, unknown; in one page and over several; and of
//! scopes that last longer than a page.

use footstep::engine::Said;
use footstep::model::effect::Look;
use footstep::model::input::{Decision, Environment, Input};
use footstep::model::json;
use footstep::model::record::{Phase, Record};
use footstep::model::signal::{Data, Exchange, Hit, Signal};

use super::support::Page;

const CONFIG: &str = r##"{
  "collectors": [{ "url": "/c" }], "pageViews": false,
  "conversions": {
    "signup": { "on": "submit", "match": "form", "within": "10s",
      "confirm": [{ "visible": ".thanks" }, { "url": "**/welcome" }, { "event": "done" }, { "datalayer": "sign_up" }],
      "fail": [{ "visible": ".error" }], "read": { "list": { "attribute": "data-list" } } }
  }
}"##;

/// The ears of the rule's first way: its trigger, then its evidence in the config's order.
const TRIGGER: u32 = 0;
const THANKS: u32 = 1;
const DONE: u32 = 3;
const ERROR: u32 = 5;

fn hit(slot: u32, element: u32) -> Input {
    let attributes = vec![("data-list".to_owned(), "weekly".to_owned())];
    Input::Dom { trusted: true, hits: vec![Hit { slot, element, attributes, ..Hit::default() }] }
}

fn sent(page: &Page) -> Vec<Record> {
    page.batches.iter().flat_map(|batch| &batch.events).map(|event| event.record.clone()).collect()
}

/// Name, rev, phase and what showed it, of everything sent.
fn told(page: &Page) -> Vec<(u8, Phase, String)> {
    let by =
        |record: &Record| record.attempt.get("by").and_then(|by| by.as_str()).unwrap_or_default().to_owned();
    sent(page).iter().map(|record| (record.rev, record.phase, by(record))).collect()
}

fn later(page: &mut Page) {
    page.advance(1100);
    page.accept_all();
}

#[test]
fn confirmed_failed_and_unknown() {
    let mut page = Page::ready(CONFIG);
    page.handle(hit(TRIGGER, 1));
    later(&mut page);
    assert!(told(&page).is_empty(), "an attempt is no conversion");
    assert_eq!(page.looks.len(), 2, "it is looked out for what the rule names");
    page.handle(Input::Rendered(vec![(0, THANKS)]));
    later(&mut page);
    assert_eq!(told(&page), [(1, Phase::Confirmed, "visible".to_owned())]);
    assert_eq!(sent(&page)[0].at.0 - 1100, page.mono + super::support::START - 2200, "when it was confirmed");
    assert_eq!(sent(&page)[0].properties.get("list"), Some(&"weekly".into()), "read at the attempt");
    assert!(page.looks.is_empty(), "nothing is looked out for any more");

    page.handle(hit(TRIGGER, 1));
    page.handle(Input::Rendered(vec![(0, ERROR)]));
    page.handle(hit(TRIGGER, 1));
    page.advance(10_000);
    page.handle(hit(DONE, 9));
    later(&mut page);
    let phases: Vec<Phase> = sent(&page).iter().map(|record| record.phase).collect();
    assert_eq!(phases, [Phase::Confirmed, Phase::Failed, Phase::Unknown]);
    assert!(page.engine.stats().contains(r#""late":1"#), "what comes after that changes nothing");
}

#[test]
fn to_fail_weighs_more_and_a_repeated_attempt_joins() {
    let mut page = Page::ready(CONFIG);
    page.handle(hit(TRIGGER, 1));
    page.handle(hit(TRIGGER, 1));
    page.handle(hit(TRIGGER, 2));
    page.handle(Input::Rendered(vec![(0, THANKS), (0, ERROR)]));
    page.handle(Input::Rendered(vec![(0, THANKS)]));
    later(&mut page);
    let all = sent(&page);
    assert_eq!((all[0].phase, all[1].phase), (Phase::Failed, Phase::Confirmed), "the oldest first");
    assert_eq!(all[0].attempt.get("repeats"), Some(&1.into()));
    assert_eq!(all.len(), 2);
}

#[test]
fn other_kinds_of_evidence() {
    for evidence in
        [hit(DONE, 7), Input::Signal(Signal::Data(Data { event: "sign_up".to_owned(), ..Data::default() }))]
    {
        let mut page = Page::ready(CONFIG);
        page.handle(evidence.clone());
        page.handle(hit(TRIGGER, 1));
        page.handle(evidence);
        later(&mut page);
        assert_eq!(told(&page).len(), 1);
        assert_eq!(told(&page)[0].1, Phase::Confirmed);
    }
    let mut page = Page::ready(CONFIG);
    page.handle(hit(TRIGGER, 1));
    page.handle(Input::Route { url: "https://shop.example/en/welcome?x".to_owned() });
    assert!(page.unsettled);
    page.handle(Input::Settled { title: "Welcome".to_owned() });
    later(&mut page);
    assert_eq!(told(&page), [(1, Phase::Confirmed, "url".to_owned())]);
    assert_eq!(sent(&page)[0].page.url, "https://shop.example/lamps/", "the page of the attempt");
}

#[test]
fn an_attempt_survives_navigation() {
    let mut first = Page::ready(CONFIG);
    first.handle(hit(TRIGGER, 1));
    first.advance(4000);
    first.handle(Input::Hidden);
    assert_eq!(
        told(&first),
        [(0, Phase::Attempted, String::new())],
        "the page may end: told as far as it has come"
    );
    first.handle(Input::Visible);
    first.handle(Input::Hidden);
    assert_eq!(told(&first).len(), 1, "once");
    first.accept_all();

    let mut second = first.next(CONFIG, "https://shop.example/welcome");
    assert!(told(&second).is_empty(), "nothing is judged before the page has been looked at");
    assert!(second.looks.iter().all(|(_, _, look)| *look == Look::FromBefore) && !second.looks.is_empty());
    second.handle(Input::Rendered(Vec::new()));
    later(&mut second);
    assert_eq!(told(&second), [(1, Phase::Confirmed, "url".to_owned())]);
    let (before, after) = (&sent(&first)[0], &sent(&second)[0]);
    assert_eq!((before.id, &before.page, &before.properties), (after.id, &after.page, &after.properties));
    assert_eq!(second.storage["attempts"], "[]");

    // What stands on the page when it has loaded counts too, and to have failed weighs more than the address.
    let mut failed = first.next(CONFIG, "https://shop.example/welcome");
    failed.handle(Input::Rendered(vec![(0, ERROR)]));
    later(&mut failed);
    assert_eq!(told(&failed)[0].1, Phase::Failed);

    // 4 of its 10 seconds are gone.
    let mut slow = first.next(CONFIG, "https://shop.example/other");
    slow.handle(Input::Rendered(Vec::new()));
    slow.advance(5900);
    assert!(told(&slow).is_empty());
    slow.advance(1300);
    assert_eq!(told(&slow)[0].1, Phase::Unknown);

    // A config without the rule knows nothing of evidence any more.
    let mut gone = first.next(r#"{"collectors":[{"url":"/c"}],"pageViews":false}"#, "https://shop.example/");
    gone.handle(Input::Hidden);
    assert!(told(&gone).is_empty());
    gone.advance(7000);
    gone.handle(Input::Hidden);
    assert_eq!(told(&gone).len(), 1);
}

#[test]
fn where_nobody_can_see_the_outcome() {
    let unseen = r#"{"collectors":[{"url":"/c"}],"pageViews":false,"conversions":{"follow":{"on":"click","match":"a","confirm":"unseen"}}}"#;
    let mut page = Page::ready(unseen);
    page.handle(hit(TRIGGER, 1));
    later(&mut page);
    assert_eq!(told(&page), [(0, Phase::Attempted, String::new())], "its one and final phase");
}

#[test]
fn before_consent_nothing_is_kept_and_after_its_withdrawal_nothing_is_left() {
    let asked =
        CONFIG.replace(r#""pageViews": false"#, r#""pageViews": false, "consent": { "mode": "opt-in" }"#);
    let mut page = Page::new(&asked);
    page.handle(hit(TRIGGER, 1));
    page.handle(Input::Hidden);
    assert!(page.storage.is_empty() && page.batches.is_empty());
    page.handle(Input::Visible);
    page.handle(Input::Consent(Decision::Granted));
    page.idle();
    page.handle(Input::Rendered(vec![(0, THANKS)]));
    later(&mut page);
    assert_eq!(sent(&page).last().unwrap().phase, Phase::Confirmed);
    page.handle(hit(TRIGGER, 1));
    page.handle(Input::Consent(Decision::Denied));
    assert!(page.storage.is_empty());
    page.advance(20_000);
    assert!(page.engine.stats().contains(r#""dropped":{"consent":1}"#), "{}", page.engine.stats());
}

const ORDER: &str = r#"{"collectors":[{"url":"/c"}],"pageViews":false,"conversions":{
  "purchase":{"on":"page","url":"**/thanks/*","once":"order","macro":true,"read":{"order":{"url":"**/thanks/{order}"},"value":{"datalayer":"ecommerce.value","as":"money"}}},
  "fifth":{"on":"page","count":3,"per":"session","distinct":true},
  "first":{"on":"page","once":"visitor"}}}"#;

#[test]
fn an_order_counts_once_whatever_is_reloaded() {
    let mut page = Page::ready(ORDER);
    let mut names = Vec::new();
    for url in [
        "/thanks/1",
        "/thanks/1",
        "/thanks/2",
        "/thanks/1",
        "/thanks/undefined",
        "/thanks/undefined",
        "/thanks/3",
    ] {
        page = page.next(ORDER, &format!("https://shop.example{url}"));
        page.accept_all();
        page.handle(Input::Hidden);
        let purchases = sent(&page).into_iter().filter(|record| record.name == "purchase").count();
        names.push(purchases);
    }
    assert_eq!(names, [1, 0, 1, 0, 1, 0, 1]);
    let stats = page.engine.stats();
    assert!(!stats.contains("no_order"), "{stats}");
}

#[test]
fn what_lasts_longer_than_a_page() {
    let mut page = Page::ready(ORDER);
    let mut names: Vec<String> = sent(&page).into_iter().map(|record| record.name).collect();
    for url in ["/a", "/b", "/a", "/c", "/d"] {
        page.handle(Input::Hidden);
        names.extend(sent(&page).into_iter().map(|record| record.name));
        page = page.next(ORDER, &format!("https://shop.example{url}"));
    }
    page.handle(Input::Hidden);
    names.extend(sent(&page).into_iter().map(|record| record.name));
    assert_eq!(names.iter().filter(|name| *name == "fifth").count(), 1);
    assert_eq!(names.iter().filter(|name| *name == "first").count(), 1);
}

const RANKED: &str = r#"{"collectors":[{"url":"/c"}],"pageViews":false,"conversions":{"add":{"any":[
  {"on":"datalayer","event":"add_to_cart"},{"on":"event","event":"added"},{"on":"click","match":".add","confirm":{"visible":".in-cart"}}]}}}"#;

#[test]
fn several_ways_make_one_step() {
    let mut page = Page::ready(RANKED);
    let data = || Input::Signal(Signal::Data(Data { event: "add_to_cart".to_owned(), ..Data::default() }));
    // The click, then both the shop's event and the data layer.
    page.handle(hit(256, 1));
    page.advance(3000);
    page.handle(hit(128, 1));
    page.handle(data());
    later(&mut page);
    assert_eq!(
        told(&page),
        [(1, Phase::Confirmed, "event".to_owned())],
        "a better way is as good as evidence"
    );
    // From now on the ways below the best that was seen are not listened to.
    page.advance(60_000);
    page.handle(hit(128, 1));
    page.handle(hit(256, 1));
    page.advance(60_000);
    page.handle(data());
    later(&mut page);
    assert_eq!(told(&page).len(), 2);
    assert!(page.engine.stats().contains(r#""repeat":3"#), "{}", page.engine.stats());
}

#[test]
fn presets_and_the_config_that_has_the_last_word() {
    let config = r#"{"collectors":[{"url":"/c"}],"presets":["a","b","none",{"conversions":{"inline":{"on":"page"}}}],
        "conversions":{"two":false,"three":{"on":"custom"}}}"#;
    let a = r#"{"name":"a","what":"x","conversions":{"one":{"on":"page"},"two":{"on":"page"},"three":{"on":"page"}}}"#;
    let b = r#"{"conversions":{"one":{"on":"page","url":"/nowhere","prise":1}}}"#;
    let said = Said { config, presets: vec![("a", a), ("b", b)], ..Said::default() };
    let environment = Environment { keepalive: true, ..Environment::default() };
    let mut page = Page::said(&said, environment, Default::default(), "https://shop.example/");
    page.idle();
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["page", "inline"]);
    let stats = page.engine.stats();
    for finding in [
        r#"{"code":"not_loaded","path":"presets.2","args":["none"]}"#,
        r#"{"code":"preset_overlap","path":"presets.0.conversions","args":["one"]}"#,
        r#"{"code":"unknown_word","path":"presets.1.conversions.one.prise","args":["prise"]}"#,
    ] {
        assert!(stats.contains(finding), "{finding} in {stats}");
    }
}

#[test]
fn what_the_page_says_is_read_when_it_happens() {
    let config = r#"{"collectors":[{"url":"/c"}],"pageViews":false,"conversions":{"viewed":{"on":"page","read":{
        "value":{"text":".price","as":"money"},"stock":{"jsonld":"offers.stock","as":"integer"},"cents":{"datalayer":"cents","minor":true},
        "currency":{"opengraph":"product:price:currency"}}}}}"#;
    let mut page = Page::ready(config);
    for (want, text) in [
        ("=.price", "from 1.234,50 €"),
        ("Joffers.stock", "\"7.9\""),
        ("Dcents", "4990"),
        ("Oproduct:price:currency", "\"CHF\""),
    ] {
        page.says.insert(want.to_owned(), text.to_owned());
    }
    page.handle(Input::Route { url: "https://shop.example/next".to_owned() });
    page.handle(Input::Settled { title: String::new() });
    later(&mut page);
    let body = &page.batches.last().unwrap().events.last().unwrap().record;
    assert_eq!(body.value.as_ref().unwrap().text(), "1234.5");
    assert_eq!(body.currency.as_deref(), Some("EUR"), "the price says which it is");
    let number = |name: &str| match body.properties.get(name) {
        Some(footstep::model::value::Value::Number(number)) => number.text().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!((number("stock"), number("cents")), ("7".to_owned(), "49.9".to_owned()));
}

#[test]
fn a_restored_page_asks_the_tab_what_became_of_its_attempts() {
    let mut first = Page::ready(CONFIG);
    first.handle(hit(TRIGGER, 1));
    first.handle(Input::Hidden);
    first.accept_all();
    let mut second = first.next(CONFIG, "https://shop.example/welcome");
    second.handle(Input::Rendered(Vec::new()));
    assert_eq!(second.storage["attempts"], "[]");

    // Back again: the attempt has had its outcome on the other page.
    first.storage = second.storage.clone();
    let visitor = first.storage["visitor"].clone();
    first.handle(Input::Visible);
    first.handle(Input::Page(Default::default()));
    first.handle(Input::Rendered(vec![(0, THANKS)]));
    first.handle(hit(TRIGGER, 1));
    first.handle(Input::Rendered(vec![(0, THANKS)]));
    later(&mut first);
    let all = sent(&first);
    assert_eq!(
        all.iter().map(|record| record.phase).collect::<Vec<_>>(),
        [Phase::Attempted, Phase::Confirmed]
    );
    assert_ne!(all[0].id, all[1].id);
    assert_eq!(all[1].visitor.unwrap().text(), visitor);
}

/// Hands over an answer as the shell does: with what it says, if that is wanted.
fn answered(page: &mut Page, url: &str, body: Option<&str>) -> bool {
    let mut exchange = Exchange { url: url.to_owned(), method: "POST".to_owned(), status: 200, body: None };
    let wanted = page.engine.wants_body(&Signal::Exchange(exchange.clone()));
    if wanted {
        exchange.body = body.and_then(|text| json::read(text).ok());
    }
    page.handle(Input::Signal(Signal::Exchange(exchange)));
    wanted
}

#[test]
fn the_proofs_of_an_answer_are_judged_together_once_its_content_is_there() {
    let config = |confirm: &str| {
        let evidence =
            format!(r#""confirm": [{confirm}], "fail": [{{ "response": "**/join", "has": "error" }}]"#);
        format!(
            r#"{{ "collectors": [{{ "url": "/c" }}], "pageViews": false, "conversions": {{
                 "joined": {{ "on": "submit", "match": "form", "within": "9s", {evidence} }},
                 "answered": {{ "on": "response", "request": "**/join" }} }} }}"#
        )
    };
    let by_status = r#"{ "response": "**/join" }"#;
    let by_content = r#"{ "response": "**/join", "lacks": "error" }"#;
    for (confirm, body, becomes) in [
        (by_status, Some(r#"{"error":"taken"}"#), Phase::Failed),
        (by_status, Some(r#"{"error":null}"#), Phase::Confirmed),
        (by_status, None, Phase::Confirmed),
        (by_content, Some("{}"), Phase::Confirmed),
        (by_content, Some(r#"{"error":"taken"}"#), Phase::Failed),
        (by_content, None, Phase::Unknown),
    ] {
        let mut page = Page::ready(&config(confirm));
        assert!(
            !answered(&mut page, "https://shop.example/join", body),
            "nothing is pending: the content is left alone"
        );
        page.handle(hit(TRIGGER, 1));
        assert!(!answered(&mut page, "https://shop.example/other", body));
        assert!(answered(&mut page, "https://shop.example/join", body));
        page.advance(9_000);
        later(&mut page);
        let phases: Vec<(String, Phase)> =
            sent(&page).iter().map(|record| (record.name.clone(), record.phase)).collect();
        let of = |name: &str| -> Vec<Phase> {
            phases.iter().filter(|(other, _)| other == name).map(|&(_, phase)| phase).collect()
        };
        assert_eq!(of("joined"), [becomes], "{confirm} {body:?}");
        assert_eq!(of("answered").len(), 2, "each is one answer");
    }
}
