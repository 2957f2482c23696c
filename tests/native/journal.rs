//! What is kept for the visitor's next page, and what that page makes of it: the same numbers, once, and a word on
//! everything that is not there any more.

use std::collections::BTreeMap;

use footstep::engine::Said;
use footstep::model::dropped::DropReason;
use footstep::model::input::{Answer, Environment, Input, Orphan};

use super::shop::{LOOK, SHOP, SIGNUP};
use super::support::{Page, status};

/// The streams of a journal, without repeats.
fn streams(page: &Page) -> Vec<String> {
    let mut streams: Vec<String> = page.journal.keys().map(|(stream, _)| stream.clone()).collect();
    streams.dedup();
    streams
}

#[test]
fn a_record_is_kept_before_it_is_sent_and_forgotten_when_it_has_arrived() {
    let mut page = Page::ready(SHOP);
    page.click(LOOK, &[]);
    assert_eq!(page.journal.len(), 1, "nothing has been sent yet");
    page.advance(1000);
    assert_eq!((page.journal.len(), page.requests.len()), (1, 1));
    page.accept_all();
    assert!(page.journal.is_empty());
}

#[test]
fn a_step_is_kept_at_once_though_the_page_was_never_idle_and_a_view_can_wait() {
    let mut page = Page::new(&SHOP.replace(r#""pageViews": false, "#, ""));
    assert!(page.idle && page.journal.is_empty(), "the view");
    page.click(LOOK, &[]);
    assert_eq!(page.journal.len(), 2, "the view and the step");
}

#[test]
fn an_attempt_is_kept_at_once_though_the_page_was_never_idle() {
    let config =
        SHOP.replace(r#""match": "form","#, r#""match": "form", "confirm": { "url": "**/welcome" },"#);
    let mut page = Page::new(&config);
    assert!(page.idle && page.storage.is_empty());
    page.click(SIGNUP, &[]);
    let mut next = page.next(&config, "https://shop.example/welcome");
    next.handle(Input::Rendered(Vec::new()));
    next.advance(1000);
    assert_eq!(next.sent(), ["signup"]);
}

#[test]
fn what_a_page_leaves_behind_the_next_one_sends_under_the_same_numbers() {
    let mut first = Page::ready(SHOP);
    first.click(SIGNUP, &[]);
    first.click(LOOK, &[]);
    first.handle(Input::Hidden);
    let sent: Vec<_> = first.batches.iter().flat_map(|batch| batch.events.clone()).collect();
    let mut second = first.next(SHOP, "https://shop.example/next");
    second.advance(1000);
    let batch = second.batches.iter().find(|batch| batch.stream == first.batches[0].stream).unwrap();
    assert_eq!(batch.events, sent);
    let closed: Vec<_> = batch.closed.iter().map(|closed| (closed.stream, closed.last_seq)).collect();
    assert_eq!(closed, [(batch.stream, 2)]);
    second.accept_all();
    assert!(second.journal.is_empty());
    let (_, counts) = second.engine.streams().next().unwrap();
    assert_eq!((counts.created, counts.acknowledged), (2, 2));
}

#[test]
fn what_was_lost_on_the_page_before_is_still_told() {
    let mut first = Page::ready(SHOP);
    first.track("bad");
    first.advance(1000);
    first.answer(status(400));
    first.track("good");
    let mut second = first.next(SHOP, "https://shop.example/next");
    second.advance(1000);
    let batch = &second.batches[0];
    let told: Vec<_> = batch.dropped.iter().map(|range| (range.from, range.to, range.reason)).collect();
    assert_eq!(told, [(1, 1, DropReason::Rejected)]);
    assert_eq!(batch.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [2]);
    second.accept_all();
    assert!(second.journal.is_empty(), "{:?}", second.journal);
}

#[test]
fn of_what_the_first_copy_has_lost_the_second_may_have_more() {
    let mut first = Page::ready(SHOP);
    for name in ["cut", "foreign", "whole", "gone"] {
        first.track(name);
    }
    let [stream] = streams(&first).try_into().unwrap();
    let whole = |seq| first.journal[&(stream.clone(), seq)].clone();
    let cut = |seq| whole(seq)[..300].to_owned();
    let entries = vec![
        (1, cut(1)),
        (1, whole(1)),
        (2, "?".to_owned()),
        (2, whole(2)),
        (3, whole(3)),
        (3, cut(3)),
        (4, cut(4)),
        (4, "?".to_owned()),
    ];
    first.journal.clear();
    let mut second = first.next(SHOP, "https://shop.example/next");
    second.handle(Input::Adopt(Orphan { stream, entries }));
    assert_eq!(second.sent(), ["cut", "foreign", "whole"]);
    let (_, counts) = second.engine.streams().next().unwrap();
    assert_eq!((counts.created, counts.waiting), (4, 3));
    assert_eq!(counts.dropped.entries(), [(DropReason::Lost, 1)]);
}

#[test]
fn what_is_too_old_or_no_event_is_told_as_such() {
    let mut first = Page::ready(SHOP);
    for name in ["old", "broken", "whole"] {
        first.track(name);
    }
    let stream = streams(&first)[0].clone();
    let mut journal = first.journal.clone();
    let old = journal.get_mut(&(stream.clone(), 1)).unwrap();
    // An id of 2001: its first 48 bits are the time.
    let at = old.find("\"id\":\"").unwrap() + 6;
    old.replace_range(at..at + 13, "00e6e5f0-0000");
    journal.get_mut(&(stream.clone(), 2)).unwrap().truncate(60);
    first.journal = journal;
    let mut second = first.next(SHOP, "https://shop.example/next");
    second.advance(1000);
    let batch = &second.batches[0];
    let told: Vec<_> = batch.dropped.iter().map(|range| (range.from, range.reason)).collect();
    assert_eq!(told, [(1, DropReason::Expired), (2, DropReason::Lost)]);
    assert_eq!(batch.events[0].record.name, "whole");
    second.accept_all();
    assert!(second.journal.is_empty());
}

#[test]
fn strangers_in_the_journal_harm_nobody() {
    let mut page = Page::ready(SHOP);
    for stream in ["", "not-a-stream", "01935c5e-7d1a-7b2c-8d3e-4f5061728394"] {
        let entries =
            vec![(0, String::new()), (1, "9x".to_owned()), (7, "1https://other.example\u{1f}{}".to_owned())];
        page.handle(Input::Adopt(Orphan { stream: stream.to_owned(), entries }));
    }
    page.track("step");
    page.advance(1000);
    assert_eq!(page.sent(), ["step"]);
}

#[test]
fn a_stream_of_a_collector_nobody_knows_is_left_for_others() {
    let mut first = Page::ready(SHOP);
    first.track("step");
    let elsewhere = r#"{"collectors":[{"url":"https://elsewhere.example/"}],"pageViews":false}"#;
    let mut second = first.next(elsewhere, "https://shop.example/next");
    second.advance(1000);
    assert_eq!((second.batches.len(), second.journal.len()), (0, 1));
}

#[test]
fn no_more_is_kept_than_may_be() {
    let config = SHOP.replace("\"site\"", "\"maxStored\": 10, \"site\"");
    assert_ne!(config, SHOP);
    let mut first = Page::ready(&config);
    for _ in 0..3 {
        // Requests that are never answered hold theirs; what waits behind them is bounded.
        for _ in 0..20 {
            first.track("step");
        }
    }
    for _ in 0..50 {
        first.track("step");
    }
    let (_, counts) = first.engine.streams().next().unwrap();
    assert!(counts.dropped.total() > 0);
    let kept = first.journal.keys().filter(|(_, seq)| *seq > 0).count() as u64;
    assert_eq!(kept, counts.waiting);
    let mut second = first.next(&config, "https://shop.example/next");
    let (_, counts) = second.engine.streams().next().unwrap();
    assert!(counts.waiting <= 10, "{counts:?}");
    for _ in 0..100 {
        second.advance(1000);
        second.accept_all();
    }
    let told: u64 =
        second.batches.iter().flat_map(|batch| &batch.dropped).map(|range| range.to - range.from + 1).sum();
    let arrived = second.batches.iter().map(|batch| batch.events.len() as u64).sum::<u64>();
    assert!(told + arrived >= 110, "{told} told, {arrived} arrived");
}

#[test]
fn a_step_that_is_kept_only_once_is_sent_at_once_and_a_view_can_wait() {
    let mut page = Page::ready(&SHOP.replace(r#""pageViews": false, "#, ""));
    page.handle(Input::KeptOnce);
    assert!(page.sent().is_empty());
    page.click(LOOK, &[]);
    assert!(page.sent().is_empty(), "there are two copies");
    page.handle(Input::KeptOnce);
    assert_eq!(page.sent(), ["page", "look"]);
}

#[test]
fn a_step_that_is_kept_only_once_waits_for_no_answer_as_long_as_the_page_could_end() {
    let mut page = Page::ready(SHOP);
    for _ in 0..20 {
        page.click(SIGNUP, &[]);
        page.handle(Input::KeptOnce);
    }
    assert_eq!(page.requests.len(), 12, "all but three of what browsers let outlive a page");
    page.answer(Answer::Failed);
    page.click(SIGNUP, &[]);
    page.handle(Input::KeptOnce);
    assert_eq!(page.requests.len(), 11, "one that is down is not asked for each");
    page.handle(Input::Hidden);
    assert_eq!(page.requests.len(), 12, "what is left goes when the page ends");
}

#[test]
fn a_flood_of_steps_that_are_kept_only_once_makes_no_flood_of_requests() {
    let mut page = Page::ready(SHOP);
    for _ in 0..3 {
        page.click(SIGNUP, &[]);
    }
    for _ in 0..100 {
        page.track("flood");
    }
    page.handle(Input::KeptOnce);
    assert_eq!(page.requests.len(), 3);
}

#[test]
fn storage_that_is_full_is_memory_from_then_on() {
    let mut page = Page::ready(SHOP);
    page.track("kept");
    page.handle(Input::Unkept);
    page.track("not_kept");
    assert_eq!(page.journal.len(), 1);
    assert!(page.engine.stats().contains(r#""storage":"memory""#));
    page.advance(1000);
    page.accept_all();
    assert!(page.journal.is_empty(), "what can no longer be written can be removed");
}

#[test]
fn a_collector_that_asks_for_patience_gets_it_from_the_next_page_too() {
    let mut first = Page::ready(SHOP);
    first.click(SIGNUP, &[]);
    first.answer(Answer::Status { status: 429, after: 60_000 });
    let mut second = first.next(SHOP, "https://shop.example/next");
    second.click(SIGNUP, &[]);
    second.handle(Input::Hidden);
    assert_eq!(second.batches.len(), 0);
    second.handle(Input::Visible);
    second.advance(60_000);
    assert!(!second.batches.is_empty());
    second.accept_all();
    assert_eq!(second.storage["pauses"], "", "forgotten when it answers");
}

#[test]
fn a_page_that_comes_back_takes_up_what_others_have_not() {
    let mut page = Page::ready(SHOP);
    page.click(SIGNUP, &[]);
    page.handle(Input::Hidden);
    page.handle(Input::Visible);
    page.handle(Input::Page(Default::default()));
    page.advance(1000);
    let streams: BTreeMap<_, _> =
        page.batches.iter().map(|batch| (batch.stream, batch.events.len())).collect();
    assert_eq!(streams.values().copied().collect::<Vec<_>>(), [1], "the old stream again, under its number");
    page.accept_all();
    page.click(SIGNUP, &[]);
    page.advance(1000);
    assert_ne!(page.batches.last().unwrap().stream, page.batches[0].stream, "what is new is of a new one");
}

#[test]
fn an_engine_that_begins_again_counts_nothing_twice() {
    let again = concat!(
        "2\u{1e}{\"name\":\"page\",\"trigger\":{}}",
        "\u{1e}{\"name\":\"signup\",\"trigger\":{\"on\":\"submit\"}}"
    );
    let config = r#"{"collectors":[{"url":"/c"}],"conversions":{
        "signup":{"on":"submit","match":"form"},"seen":{"on":"page"}}}"#;
    let said = Said { config, again, ..Said::default() };
    let environment = Environment { keepalive: true, ..Environment::default() };
    let mut page = Page::said(&said, environment, BTreeMap::new(), "https://shop.example/");
    page.idle();
    page.click(0, &[]);
    page.advance(1000);
    assert_eq!(page.sent(), ["seen", "signup"], "the page had counted; a form that is sent again is another");
    assert!(page.engine.stats().contains(r#""dropped":{"trap":2}"#), "{}", page.engine.stats());
}
