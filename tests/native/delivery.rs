//! Scenarios of what becomes of an event: when it leaves, what happens if it does not arrive, what consent does.

use footstep::model::dropped::DropReason;
use footstep::model::effect::Means;
use footstep::model::input::{Answer, Decision, Environment, Input};

use super::shop::{LOOK, SHOP, SIGNUP};
use super::support::{Page, status};

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
fn a_flush_or_a_glance_elsewhere_hurries_what_waits_and_nothing_that_comes_after_it() {
    let mut page = Page::new(SHOP);
    page.track("before_storage");
    page.handle(Input::Flush);
    assert_eq!(page.sent(), ["before_storage"]);
    page.track("meanwhile");
    page.advance(999);
    assert_eq!(page.requests.len(), 1, "what comes before the answer waits like anything else");
    page.accept_all();
    assert_eq!(page.flushed, 1);
    page.advance(1);
    page.accept_all();
    for input in [Input::Flush, Input::Hidden] {
        page.handle(input);
        page.handle(Input::Visible);
        page.track("later");
        page.advance(999);
        assert_ne!(page.sent().last(), Some(&"later"));
        page.advance(1);
        assert_eq!(page.sent().last(), Some(&"later"));
        page.accept_all();
        page.track("done");
        page.advance(1000);
        page.accept_all();
    }
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
    for answer in [Answer::Failed, status(503), status(429)] {
        page.answer(answer);
        assert!(page.requests.is_empty());
        page.advance(8 * 60_000);
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
        page.answer(status(if bad { 400 } else { 204 }));
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
    page.answer(status(404));
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
    page.handle(Input::Consent(Decision::Granted));
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
    page.handle(Input::Consent(Decision::Denied));
    assert!(page.storage.is_empty());
    page.track("refused");
    page.handle(Input::Hidden);
    assert_eq!(page.sent(), ["signup"]);
    page.answer(status(204));
    page.handle(Input::Visible);
    page.handle(Input::Consent(Decision::Granted));
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
    assert_eq!(page.requests.iter().map(|request| request.to.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);
    assert_ne!(page.batches[0].stream, page.batches[1].stream);
    page.answer(status(500));
    page.answer(status(204));
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

#[test]
fn a_loss_that_no_event_follows_is_told_once() {
    let mut page = Page::ready(SHOP);
    page.track("bad");
    page.advance(1000);
    page.answer(status(400));
    page.advance(1000);
    let [_, told] = page.batches.as_slice() else { panic!("{} batches", page.batches.len()) };
    assert!(told.events.is_empty() && told.dropped.len() == 1);
    page.advance(10_000);
    assert_eq!(page.batches.len(), 2, "not again before that has been answered");
    page.answer(Answer::Failed);
    page.advance(300_000);
    page.accept_all();
    page.advance(300_000);
    assert_eq!(page.batches.len(), 3, "not again after it has arrived");
}

#[test]
fn a_flood_while_the_collector_hangs_costs_the_least_valuable_only() {
    let mut page = Page::ready(SHOP);
    for index in 0..4000 {
        page.mono += 1;
        page.track("step");
        if index % 100 == 0 {
            page.click(SIGNUP, &[]);
        }
    }
    // The collector wakes up.
    for _ in 0..500 {
        page.accept_all();
        page.advance(1000);
    }
    let (_, counts) = page.engine.streams().next().unwrap();
    assert_eq!(counts.dropped.entries().len(), 1, "{counts:?}");
    assert_eq!((counts.waiting, page.sent().iter().filter(|name| **name == "signup").count()), (0, 40));
    let told: u64 =
        page.batches.iter().flat_map(|batch| &batch.dropped).map(|range| range.to - range.from + 1).sum();
    assert!(told >= counts.dropped.total(), "every loss was told: {told}");
}

#[test]
fn a_collector_that_refuses_everything_is_not_asked_without_a_pause() {
    let mut page = Page::ready(SHOP);
    for _ in 0..200 {
        page.track("step");
        while !page.requests.is_empty() {
            page.answer(status(400));
        }
    }
    assert!(page.batches.len() < 60, "{} requests in no time", page.batches.len());
}

#[test]
fn a_call_that_waited_keeps_its_time_and_the_request_its_own() {
    let mut page = Page::ready(SHOP);
    page.mono = 10_000;
    page.handle(Input::Track { name: "signup".to_owned(), properties: String::new(), ago: 9400 });
    assert_eq!((page.batches[0].sent.mono.0, page.batches[0].events[0].record.mono.0), (10_000, 600));
}
