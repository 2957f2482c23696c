//! Consent for some purposes only: collectors that serve another one get nothing, and keep nothing.

use footstep::model::input::{Answer, Decision, Input, Orphan};

use super::support::{Page, status};

const STEPS: &str = r#""pageViews":false,"collectors":[
  {"url":"/own"}, {"url":"/stats","purpose":"statistics"}, {"url":"/ads","purpose":"advertising"}
]"#;

fn for_statistics() -> Input {
    Input::Consent(Decision::GrantedFor(vec!["statistics".to_owned()]))
}

/// Records created, waiting and dropped, for each collector.
fn counts(page: &Page) -> Vec<(u64, u64, u64)> {
    page.engine
        .streams()
        .map(|(_, counts)| (counts.created, counts.waiting, counts.dropped.total()))
        .collect()
}

/// To whom requests went.
fn asked(page: &Page) -> Vec<&str> {
    page.requests.iter().map(|request| request.to.as_str()).collect()
}

fn kept_for(page: &Page, url: &str) -> usize {
    page.journal.values().filter(|text| text.contains(url)).count()
}

#[test]
fn what_waited_for_the_decision_goes_to_those_it_is_for() {
    let mut page = Page::ready(&format!(r#"{{"consent":{{"mode":"opt-in"}},{STEPS}}}"#));
    page.track("step");
    page.handle(for_statistics());
    page.idle();
    page.handle(Input::Hidden);
    assert_eq!(asked(&page), ["/own", "/stats"]);
    assert_eq!(counts(&page), [(1, 1, 0), (1, 1, 0), (0, 0, 0)]);
    assert_eq!(kept_for(&page, "/ads"), 0);
}

#[test]
fn a_purpose_that_is_taken_back_takes_what_waits_along_and_a_new_grant_begins_anew() {
    let mut page = Page::ready(&format!("{{{STEPS}}}"));
    page.track("step");
    page.handle(Input::Flush);
    let first = page.batches[2].stream;
    assert_eq!(asked(&page), ["/own", "/stats", "/ads"]);
    (0..3).for_each(|_| page.answer(Answer::Failed));
    page.track("other");
    assert_eq!(kept_for(&page, "/ads"), 2);
    page.handle(for_statistics());
    assert_eq!(counts(&page), [(2, 2, 0), (2, 2, 0), (2, 0, 2)]);
    assert_eq!((kept_for(&page, "/ads"), kept_for(&page, "/stats")), (0, 2));
    assert!(page.storage.contains_key("visitor"), "the rest stays");
    page.track("third");
    page.handle(Input::Hidden);
    assert_eq!(asked(&page), ["/own", "/stats"]);
    page.accept_all();
    page.handle(Input::Visible);
    page.handle(Input::Consent(Decision::Granted));
    page.track("fourth");
    page.handle(Input::Flush);
    let last = page.batches.last().unwrap();
    assert_eq!((last.events.len(), last.events[0].seq), (1, 1));
    assert_ne!(last.stream, first);
    page.assert_balance();
}

#[test]
fn an_answer_that_comes_too_late_changes_nothing() {
    let mut page = Page::ready(&format!("{{{STEPS}}}"));
    page.track("step");
    page.handle(Input::Flush);
    page.handle(for_statistics());
    (0..3).for_each(|_| page.answer(status(204)));
    assert_eq!(counts(&page), [(1, 0, 0), (1, 0, 0), (1, 0, 1)]);
    assert!(page.journal.is_empty());
}

#[test]
fn what_an_earlier_page_left_for_it_is_erased() {
    let mut page = Page::ready(&format!("{{{STEPS}}}"));
    page.track("step");
    page.handle(Input::Hidden);
    let mut next =
        page.next(&format!(r#"{{"consent":{{"mode":"opt-in"}},{STEPS}}}"#), "https://shop.example/next");
    next.handle(for_statistics());
    next.idle();
    next.adopt();
    next.handle(Input::Hidden);
    assert_eq!(kept_for(&next, "/ads"), 0);
    assert_eq!((asked(&next).len(), asked(&next).contains(&"/ads")), (2, false));
    assert!(next.engine.stats().contains(r#""dropped":{"consent":1}"#), "{}", next.engine.stats());
}

#[test]
fn a_note_that_somebody_has_made_up_harms_nobody() {
    let mut page = Page::ready(&format!("{{{STEPS}}}"));
    let stream = "018f0000-0000-7000-8000-000000000001".to_owned();
    let note = "0/ads advertising\u{1f}999999999999999".to_owned();
    page.handle(Input::Adopt(Orphan { stream, entries: vec![(0, note)] }));
    page.handle(for_statistics());
    assert_eq!(counts(&page).len(), 3);
}

#[test]
fn a_purpose_that_cannot_be_read_shuts_its_collector_out() {
    let page = Page::ready(r#"{"collectors":[{"url":"/own"},{"url":"/ads","purpose":7}]}"#);
    assert_eq!(page.engine.streams().count(), 1);
    assert!(page.engine.stats().contains(r#""path":"collectors.1.purpose""#), "{}", page.engine.stats());
}
