//! Scenarios: what a site owner would tell of the engine, step by step, without a browser.

use super::support::Page;
use footstep::model::dropped::DropReason;
use footstep::model::effect::{Means, Source};
use footstep::model::input::{Answer, Environment, Input, PageFacts};
use footstep::model::record::{Kind, Phase};
use footstep::model::signal::Scroll;

const SHOP: &str = r##"{
  "site": "shop", "collectors": [{ "url": "/c" }], "pageViews": false, "page": { "query": ["id"] },
  "conversions": {
    "signup": { "on": "submit", "match": "form", "value": 2.50, "currency": "EUR", "leadsTo": "purchase", "read": { "list": { "attribute": "data-list" } } },
    "look": { "on": "click", "match": "a", "once": "page" },
    "purchase": { "on": "page", "url": "**/order/{id}", "macro": true, "read": { "order": { "url": "**/order/{id}" } } },
    "added": { "on": "event", "event": "added", "read": { "value": { "attribute": "data-price" }, "currency": { "constant": "EUR" } } },
    "read": { "on": "scroll", "percent": [50, 100], "url": "/lamps" },
    "card": { "on": "click", "match": "li", "once": "element", "untrusted": "count" }
  }
}"##;
const SIGNUP: u32 = 0;
const LOOK: u32 = 1;
const ADDED: u32 = 3;
const READ: u32 = 4;
const CARD: u32 = 5;

#[test]
fn a_step_becomes_an_event() {
    let mut page = Page::ready(SHOP);
    page.mono = 40;
    page.click(SIGNUP, &[("data-list", "weekly")]);
    let batch = &page.batches[0];
    assert_eq!((batch.site.as_deref(), batch.version, batch.sent.mono.0), (Some("shop"), 1, 40));
    let event = &batch.events[0];
    let record = &event.record;
    assert_eq!((event.seq, record.rev, record.kind, record.phase), (1, 0, Kind::Micro, Phase::Confirmed));
    assert_eq!(
        (record.name.as_str(), record.at.0, record.mono.0),
        ("signup", super::support::START + 40, 40)
    );
    assert_eq!(record.page.url, "https://shop.example/lamps/", "neither query nor hash were allowed");
    assert_eq!(record.page.referrer, "https://search.example/");
    assert_eq!(record.leads_to.as_deref(), Some("purchase"));
    let text = &page.requests[0].body;
    for part in
        [r#""value":2.50,"currency":"EUR""#, r#""properties":{"list":"weekly"},"trigger":{"on":"submit"}"#]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(record.visitor.map(|id| id.text()), page.storage.get("visitor").cloned());
}

#[test]
fn what_is_valued_leaves_at_once_and_the_rest_within_a_second() {
    let mut page = Page::ready(SHOP);
    page.click(LOOK, &[]);
    page.advance(999);
    assert_eq!(page.sent(), [""; 0]);
    page.advance(1);
    assert_eq!(page.sent(), ["look"]);
    page.click(SIGNUP, &[]);
    assert_eq!(page.sent(), ["look", "signup"]);
    for _ in 0..20 {
        page.track("count");
    }
    assert_eq!(page.sent().len(), 22, "twenty are enough");
    page.accept_all();
    assert_eq!(page.engine.poll_wake(), None, "nothing waits, nothing is due");
}

#[test]
fn when_the_page_ends_everything_leaves_in_the_same_step() {
    let mut page = Page::new(SHOP);
    page.track("early");
    assert_eq!(page.sent(), [""; 0], "storage has not been read");
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["early"]);
    assert_eq!(page.requests[0].means, Means::Keepalive);
    page.track("in_the_background");
    assert_eq!(page.sent(), ["early", "in_the_background"], "timers sleep there: nothing waits");
}

#[test]
fn without_keepalive_the_end_of_the_page_is_a_beacon_and_a_return_sends_again() {
    let mut page = Page::with(SHOP, "", Environment::default());
    page.track("step");
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["step"]);
    assert!(page.requests.is_empty(), "nobody will answer");
    page.handle(Input::Visible);
    page.advance(1000);
    assert_eq!(page.sent(), ["step", "step"]);
    assert_eq!(page.batches[0].events, page.batches[1].events, "the same id, the same number");
    assert_eq!(page.requests[0].means, Means::Fetch);
    page.accept_all();
}

#[test]
fn a_failed_request_is_tried_again_with_the_same_ids() {
    let mut page = Page::ready(SHOP);
    page.click(SIGNUP, &[]);
    for answer in [Answer::Failed, Answer::Status(503), Answer::Status(429)] {
        page.answer(answer);
        assert!(page.requests.is_empty());
        page.advance(5 * 60_000);
    }
    assert_eq!(page.batches.len(), 4);
    assert!(page.batches.iter().all(|batch| batch.events == page.batches[0].events));
    page.accept_all();
    let (_, counts) = page.engine.streams().next().unwrap();
    assert_eq!((counts.created, counts.acknowledged, counts.waiting), (1, 1, 0));
}

#[test]
fn a_refused_batch_is_halved_until_the_offender_is_alone() {
    let mut page = Page::ready(SHOP);
    for index in 0..20 {
        page.track(if index == 13 { "bad" } else { "good" });
    }
    let mut arrived = 0;
    for _ in 0..100 {
        let Some(request) = page.requests.first() else { break };
        let bad = request.body.contains("\"bad\"");
        arrived += if bad { 0 } else { request.body.matches("\"good\"").count() };
        page.answer(Answer::Status(if bad { 400 } else { 204 }));
    }
    assert_eq!(arrived, 19);
    let (_, counts) = page.engine.streams().next().unwrap();
    assert_eq!(counts.dropped.entries(), [(DropReason::Rejected, 1)]);
    page.track("next");
    page.advance(1000);
    let dropped = &page.batches.last().unwrap().dropped;
    assert_eq!(
        dropped.iter().map(|range| (range.from, range.to, range.reason)).collect::<Vec<_>>(),
        [(14, 14, DropReason::Rejected)]
    );
    page.accept_all();
    page.track("after");
    page.advance(1000);
    assert!(page.batches.last().unwrap().dropped.is_empty(), "reported until acknowledged, not longer");
}

#[test]
fn a_wrong_endpoint_is_left_alone_for_five_minutes() {
    let mut page = Page::ready(SHOP);
    page.click(SIGNUP, &[]);
    page.answer(Answer::Status(404));
    page.click(SIGNUP, &[]);
    page.handle(Input::Hidden);
    page.handle(Input::Visible);
    page.advance(5 * 60_000 - 1);
    assert_eq!(page.batches.len(), 1);
    page.advance(1);
    assert_eq!(page.batches.len(), 2, "one probe, with everything");
    assert_eq!(page.batches[1].events.len(), 2);
}

#[test]
fn nothing_leaves_memory_before_consent_and_all_of_it_after() {
    let mut page = Page::new(&SHOP.replace("\"site\"", r#""consent": {"mode": "opt-in"}, "site""#));
    for _ in 0..60 {
        page.mono += 10;
        page.track("step");
    }
    page.click(SIGNUP, &[]);
    page.handle(Input::Hidden);
    page.handle(Input::Flush);
    assert!(!page.idle && page.batches.is_empty() && page.storage.is_empty());
    assert_eq!(page.flushed, 1, "there is nothing that could be waited for");
    page.handle(Input::Consent(true));
    let events: Vec<_> = page.batches.iter().flat_map(|batch| &batch.events).collect();
    assert_eq!(events.len(), 50);
    assert_eq!(events[0].record.mono.0, 120, "the oldest of least value went, eleven of them");
    assert_eq!(events[49].record.name, "signup");
    assert!(events.iter().enumerate().all(|(index, event)| event.seq == index as u64 + 1));
    assert!(events.iter().all(|event| event.record.consent == 1));
    assert!(page.engine.stats().contains(r#""dropped":{"overflow":11}"#), "{}", page.engine.stats());
}

#[test]
fn a_withdrawal_erases_and_begins_a_new_stream() {
    let mut page = Page::ready(SHOP);
    page.click(SIGNUP, &[]);
    page.track("waits");
    assert!(!page.storage.is_empty());
    page.handle(Input::Consent(false));
    assert!(page.storage.is_empty());
    page.track("refused");
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["signup"]);
    page.answer(Answer::Status(204));
    page.handle(Input::Visible);
    page.handle(Input::Consent(true));
    page.idle();
    page.click(SIGNUP, &[]);
    let [first, second] = page.batches.as_slice() else { panic!("{:?}", page.sent()) };
    assert_ne!(first.stream, second.stream);
    assert_eq!(second.events[0].seq, 1);
    assert_ne!(
        first.events[0].record.visitor, second.events[0].record.visitor,
        "nobody knows the visitor any more"
    );
}

#[test]
fn what_is_wrong_with_the_consent_section_shuts_the_gate() {
    for consent in [r#"{"mode":"tcf"}"#, r#"{"mode":"none","source":"tcf"}"#, "{}", "true", "\"none\""] {
        let config = format!(r#"{{"consent":{consent},"collectors":[{{"url":"/c"}}]}}"#);
        let mut page = Page::new(&config);
        page.track("step");
        page.handle(Input::Hidden);
        assert!(page.batches.is_empty(), "{consent}");
        assert!(!page.engine.stats().contains(r#""diagnostics":[]"#), "{consent}");
    }
    let mut page = Page::new("{");
    page.handle(Input::Hidden);
    assert!(page.engine.stats().contains(r#""consent":"unknown""#), "a config that cannot be read");
    page =
        Page::with("{", r#"{"consent":{"mode":"none"},"collectors":[{"url":"/c"}]}"#, Environment::default());
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["page"], "unless the tag says what to do");
}

#[test]
fn one_bad_rule_does_not_silence_the_others() {
    let mut page = Page::new(
        r#"{"collectors":[{"url":"/c"},{"url":""},{"url":"/d","format":"morse"}],"pageViews":1,"funnels":{},"conversions":{
            "a b":{"on":"click","match":"a"},"no_on":{"match":"a"},"odd_on":{"on":"wink"},"no_match":{"on":"click"},
            "pattern":{"on":"page","url":"lamps"},"percent":{"on":"scroll","percent":[50,101]},"number":3,"off":false,
            "reads":{"on":"click","match":"a","value":"1","read":{"x":{"attribute":"value"},"y":{},"z":4}},
            "good":{"on":"click","match":"a","prise":1}}}"#,
    );
    let stats = page.engine.stats();
    for finding in [
        r#"{"code":"missing","path":"collectors.1","args":["url"]}"#,
        r#"{"code":"not_one_of","path":"collectors.2.format","args":["morse","footstep"]}"#,
        r#"{"code":"wrong_type","path":"pageViews","args":["boolean"]}"#,
        r#"{"code":"unknown_word","path":"funnels","args":["funnels"]}"#,
        r#"{"code":"bad_name","path":"conversions.a b","args":["a b"]}"#,
        r#"{"code":"missing","path":"conversions.no_on","args":["on"]}"#,
        r#"{"code":"not_one_of","path":"conversions.odd_on.on","args":["wink","click","#,
        r#"{"code":"missing","path":"conversions.no_match","args":["match"]}"#,
        r#"{"code":"bad_url","path":"conversions.pattern.url","args":["lamps"]}"#,
        r#"{"code":"out_of_range","path":"conversions.percent.percent","args":["0","100"]}"#,
        r#"{"code":"wrong_type","path":"conversions.number","args":["object"]}"#,
        r#"{"code":"wrong_type","path":"conversions.reads.value","args":["number"]}"#,
        r#"{"code":"protected_read","path":"conversions.reads.read.x.attribute","args":["value"]}"#,
        r#"{"code":"missing","path":"conversions.reads.read.y","args":["attribute","constant","url"]}"#,
        r#"{"code":"wrong_type","path":"conversions.reads.read.z","args":["object"]}"#,
        r#"{"code":"unknown_word","path":"conversions.good.prise","args":["prise"]}"#,
    ] {
        assert!(stats.contains(finding), "{finding}\nis not in\n{stats}");
    }
    assert_eq!(stats.matches("\"code\"").count(), 16, "{stats}");
    page.idle();
    page.click(0, &[]);
    page.click(1, &[]);
    page.advance(1000);
    assert_eq!(page.sent(), ["page", "reads", "good"]);
}

#[test]
fn scopes_and_repeats() {
    let mut page = Page::ready(SHOP);
    for _ in 0..3 {
        page.click(LOOK, &[]);
        page.click(CARD, &[]);
    }
    page.handle(Input::Dom {
        trusted: true,
        hits: vec![footstep::model::signal::Hit { element: 2, ..Page::hit(CARD, &[]) }],
    });
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["look", "card", "card"]);
    assert!(page.engine.stats().contains(r#""repeat":4"#), "{}", page.engine.stats());
    page.handle(Input::Page(PageFacts { url: "https://shop.example/".to_owned(), ..PageFacts::default() }));
    page.click(LOOK, &[]);
    assert_eq!(page.sent().len(), 4, "a new page view");
}

#[test]
fn a_hand_counts_and_a_script_does_not_unless_said() {
    let mut page = Page::ready(SHOP);
    for index in [LOOK, CARD, ADDED] {
        page.handle(Input::Dom {
            trusted: false,
            hits: vec![Page::hit(index, &[("data-price", " 12.50 ")])],
        });
    }
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["card", "added"]);
    let marks: Vec<bool> =
        page.batches.iter().flat_map(|batch| &batch.events).map(|event| event.record.untrusted).collect();
    assert_eq!(
        marks,
        [true, false],
        "a page's own events are made by scripts, and nothing is wrong with that"
    );
    assert!(page.engine.stats().contains(r#""untrusted":1"#));
    assert!(page.requests.iter().any(|request| request.body.contains(r#""value":12.50,"currency":"EUR""#)));
}

#[test]
fn markup_and_code_use_what_the_config_says_of_a_name() {
    let mut page = Page::ready(SHOP);
    page.markup(&[("data-footstep", "signup"), ("data-footstep-list", "daily")]);
    page.handle(Input::Track {
        name: "purchase".to_owned(),
        properties: r#"{"value":9,"items":[1]}"#.to_owned(),
    });
    page.handle(Input::Track { name: "new".to_owned(), properties: "[1]".to_owned() });
    page.track("not a name");
    page.handle(Input::Hidden);
    let events: Vec<_> =
        page.batches.iter().flat_map(|batch| &batch.events).map(|event| &event.record).collect();
    assert_eq!(
        events.iter().map(|one| one.kind).collect::<Vec<_>>(),
        [Kind::Micro, Kind::Macro, Kind::Custom]
    );
    assert_eq!(events[0].value.as_ref().map(|value| value.text()), Some("2.5"), "serde reads a float");
    let stats = page.engine.stats();
    for finding in [
        r#"{"code":"bad_properties","path":"track","args":["new"]}"#,
        r#"{"code":"bad_name","path":"track","args":["not a name"]}"#,
    ] {
        assert!(stats.contains(finding), "{stats}");
    }
}

#[test]
fn one_gesture_named_by_rule_and_markup_counts_once() {
    let mut page = Page::ready(SHOP);
    let hits =
        vec![Page::hit(LOOK, &[]), Page::hit(footstep::model::signal::MARKUP, &[("data-footstep", "look")])];
    page.handle(Input::Dom { trusted: true, hits });
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["look"]);
}

#[test]
fn scrolling_counts_where_the_rule_says() {
    let mut page = Page::ready(SHOP);
    page.handle(Input::Scroll(vec![(READ, Scroll { seen: 600, extent: 1000 })]));
    page.handle(Input::Page(PageFacts {
        url: "https://shop.example/other".to_owned(),
        ..PageFacts::default()
    }));
    page.handle(Input::Scroll(vec![(READ, Scroll { seen: 1000, extent: 1000 })]));
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["read"]);
    assert!(page.watches.iter().any(|watch| watch.rule == READ && watch.source == Source::Scroll));
}

#[test]
fn a_macro_conversion_on_its_page_with_its_order() {
    let mut page = Page::ready(SHOP);
    page.handle(Input::Page(PageFacts {
        url: "https://shop.example/checkout/order/77/?key=s".to_owned(),
        ..PageFacts::default()
    }));
    assert_eq!(page.sent(), ["purchase"], "at once");
    assert!(
        page.requests[0].body.contains(r#""kind":"macro""#)
            && page.requests[0].body.contains(r#""order":"77""#)
    );
    assert!(!page.requests[0].body.contains("key="));
}

#[test]
fn a_selector_the_browser_refuses_switches_its_rule_off_and_no_other() {
    let mut page = Page::ready(SHOP);
    page.handle(Input::BadSelector { rule: LOOK, selector: "a[".to_owned() });
    page.click(LOOK, &[]);
    page.click(CARD, &[]);
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["card"]);
    assert!(
        page.engine.stats().contains(r#"{"code":"bad_selector","path":"conversions.look","args":["a["]}"#)
    );
}

#[test]
fn a_selector_of_no_rule_is_reported_as_well() {
    let mut page = Page::ready(SHOP);
    page.handle(Input::BadSelector { rule: 99, selector: "x".to_owned() });
    page.click(99, &[]);
    page.handle(Input::Hidden);
    assert!(page.batches.is_empty());
}

#[test]
fn stop_sends_what_waits_and_ends() {
    let mut page = Page::new(SHOP);
    page.track("last");
    page.handle(Input::Stop);
    assert_eq!(page.sent(), ["last"]);
    assert!(page.unlistened);
    page.answer(Answer::Failed);
    assert_eq!(page.engine.poll_wake(), None, "no timer is left");
    page.track("late");
    page.advance(600_000);
    assert_eq!(page.sent(), ["last"]);
}

#[test]
fn flush_resolves_when_every_answer_is_there() {
    let mut page = Page::ready(SHOP);
    page.track("a");
    page.handle(Input::Flush);
    assert_eq!((page.sent().len(), page.flushed), (1, 0));
    page.answer(Answer::Failed);
    assert_eq!(page.flushed, 1);
    page.handle(Input::Listen);
    page.track("b");
    assert_eq!(page.notified.len(), 1);
}

#[test]
fn several_collectors_have_a_stream_each() {
    let mut page = Page::ready(r#"{"collectors":[{"url":"/a"},{"url":"/b"}],"pageViews":false}"#);
    page.track("step");
    page.advance(1000);
    assert_eq!(page.requests.iter().map(|request| request.url.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);
    assert_ne!(page.batches[0].stream, page.batches[1].stream);
    page.answer(Answer::Status(500));
    page.answer(Answer::Status(204));
    let waiting: Vec<u64> = page.engine.streams().map(|(_, counts)| counts.waiting).collect();
    assert_eq!(waiting, [1, 0], "one being down delays no other");
}

#[test]
fn storage_that_is_forbidden_is_said_to_be() {
    let mut page = Page::new(SHOP);
    page.available = false;
    page.click(SIGNUP, &[]);
    assert_eq!(page.sent(), ["signup"]);
    assert!(page.engine.stats().contains(r#""storage":"memory""#));
}
