//! Scenarios of what counts: rules, markup, code, scopes, and what becomes of a config that is wrong.

use footstep::model::effect::Source;
use footstep::model::input::{Environment, Input, PageFacts};
use footstep::model::record::{Kind, Phase};
use footstep::model::signal::{Hit, Scroll};

use super::shop::{ADDED, CARD, LOOK, READ, SHOP, SIGNUP};
use super::support::Page;

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
        r#"{"code":"not_one_of","path":"collectors.2.format","args":["morse","footstep","json","ndjson","#,
        r#"{"code":"wrong_type","path":"pageViews","args":["boolean"]}"#,
        r#"{"code":"unknown_word","path":"funnels","args":["funnels"]}"#,
        r#"{"code":"bad_name","path":"conversions.a b","args":["a b"]}"#,
        r#"{"code":"missing","path":"conversions.no_on","args":["on"]}"#,
        r#"{"code":"not_one_of","path":"conversions.odd_on.on","args":["wink","change","click","#,
        r#"{"code":"missing","path":"conversions.no_match","args":["match"]}"#,
        r#"{"code":"bad_url","path":"conversions.pattern.url","args":["lamps"]}"#,
        r#"{"code":"out_of_range","path":"conversions.percent.percent","args":["0","100"]}"#,
        r#"{"code":"wrong_type","path":"conversions.number","args":["object"]}"#,
        r#"{"code":"wrong_type","path":"conversions.reads.value","args":["number"]}"#,
        r#"{"code":"protected_read","path":"conversions.reads.read.x.attribute","args":["value"]}"#,
        r#"{"code":"missing","path":"conversions.reads.read.y","args":["attribute","constant","datalayer","jsonld","microdata","opengraph","text","url"]}"#,
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
    page.handle(Input::Dom { trusted: true, hits: vec![Hit { element: 2, ..Page::hit(CARD, &[]) }] });
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["look", "card", "card"]);
    assert!(page.engine.stats().contains(r#""repeat":4"#), "{}", page.engine.stats());
    page.accept_all();
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
        ago: 0,
    });
    page.handle(Input::Track { name: "new".to_owned(), properties: "[1]".to_owned(), ago: 0 });
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
    page.handle(Input::Scroll(vec![(READ, 0, Scroll { seen: 600, extent: 1000, moved: true })]));
    page.handle(Input::Page(PageFacts {
        url: "https://shop.example/other".to_owned(),
        ..PageFacts::default()
    }));
    page.handle(Input::Scroll(vec![(READ, 0, Scroll { seen: 1000, extent: 1000, moved: true })]));
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
    page.handle(Input::BadSelector { rule: LOOK, slot: 0, slow: false, selector: "a[".to_owned() });
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
    page.handle(Input::BadSelector { rule: 99, slot: 0, slow: false, selector: "x".to_owned() });
    page.click(99, &[]);
    page.handle(Input::Hidden);
    assert!(page.batches.is_empty());
}

#[test]
fn a_mark_counts_where_the_rule_of_its_name_has_nothing_to_say() {
    let config = SHOP.replace(r#""look": { "#, r#""look": { "url": "/elsewhere", "#);
    let mut page = Page::ready(&config);
    let hits =
        vec![Page::hit(LOOK, &[]), Page::hit(footstep::model::signal::MARKUP, &[("data-footstep", "look")])];
    page.handle(Input::Dom { trusted: true, hits });
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["look"]);
}

#[test]
fn a_route_that_goes_there_and_back_before_it_is_drawn_was_no_page_view() {
    let mut page = Page::ready(
        r#"{ "collectors": [{ "url": "/c" }], "conversions": { "a": { "on": "click", "match": "a", "once": "page" } } }"#,
    );
    let route = |page: &mut Page, path: &str| {
        page.handle(Input::Route { url: format!("https://shop.example/{path}") });
    };
    let click = |page: &mut Page| {
        page.handle(Input::Dom { trusted: true, hits: vec![Hit { element: 1, ..Hit::default() }] });
    };
    let told = |page: &mut Page| -> Vec<(String, String)> {
        page.advance(1100);
        page.accept_all();
        let records = page.batches.iter().flat_map(|batch| &batch.events).map(|event| &event.record);
        records.map(|record| (record.name.clone(), record.page.url.clone())).collect()
    };
    route(&mut page, "at");
    page.handle(Input::Settled { title: "At".to_owned() });
    click(&mut page);
    route(&mut page, "there");
    route(&mut page, "at");
    page.handle(Input::Settled { title: "Late".to_owned() });
    click(&mut page);
    let before = told(&mut page);
    assert_eq!(before.iter().filter(|(name, _)| name == "page").count(), 2, "the first, and the first route");
    assert_eq!(before.iter().filter(|(name, _)| name == "a").count(), 1, "its scope goes on: {before:?}");

    // What counts between the push and the page's being drawn belongs to the next page, once.
    route(&mut page, "there");
    route(&mut page, "next");
    click(&mut page);
    page.handle(Input::Settled { title: "Next".to_owned() });
    click(&mut page);
    let after = told(&mut page).split_off(before.len());
    let next = "https://shop.example/next".to_owned();
    assert_eq!(after, [("a".to_owned(), next.clone()), ("page".to_owned(), next)]);
}

#[test]
fn of_a_links_address_no_more_is_read_than_of_the_pages_own() {
    let mut page = Page::ready(
        r#"{ "collectors": [{ "url": "/c" }], "pageViews": false, "page": { "query": ["id"] }, "conversions": { "a": {
            "on": "click", "match": "a",
            "read": { "to": { "attribute": "href" }, "image": { "attribute": "src", "of": "img" }, "says": { "attribute": "data-x" } } } } }"#,
    );
    let attributes = [
        ("href", "/a?id=1&token=x&id=2#secret"),
        ("@src img", "https://x.example/i?token=x"),
        ("data-x", "a?b=c#d"),
    ]
    .map(|(want, text)| (want.to_owned(), text.to_owned()));
    page.handle(Input::Dom {
        trusted: true,
        hits: vec![Hit { attributes: attributes.to_vec(), ..Hit::default() }],
    });
    page.advance(1100);
    page.accept_all();
    let record = &page.batches[0].events[0].record;
    let read = ["to", "image", "says"]
        .map(|name| record.properties.get(name).and_then(|value| value.as_str()).unwrap());
    assert_eq!(read, ["/a?id=1&id=2", "https://x.example/i", "a?b=c#d"]);
}
