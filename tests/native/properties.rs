//! What must hold whatever happens, in whatever order: the accounting equation after each step, exactly once at the
//! collector, gapless numbers, bodies within bounds, nothing before consent, no panic on any input.

use std::collections::{BTreeMap, BTreeSet};

use super::support::{Page, Posted, status};
use footstep::engine::{Engine, Said};
use footstep::model::input::{Answer, Decision, Environment, Input, PageFacts};
use footstep::model::signal::Scroll;
use footstep::model::time::Now;
use proptest::prelude::*;

const SHOP: &str = r##"{
  "collectors": [{ "url": "/a" }, { "url": "/b" }OTHERS], "consent": { "mode": "CONSENT" },
  "conversions": {
    "look": { "on": "click", "match": "a" },
    "buy": { "on": "submit", "match": "form", "macro": true, "value": 12.5 },
    "read": { "on": "scroll", "percent": [25, 50, 75] }
  }
}"##;

/// One of each kind of collector: what is sent twice counts once, or twice; several events share a request, or none.
const OTHERS: &str = r#", { "url": "/s", "format": "segment", "writeKey": "k" }, { "url": "/j", "format": "json" },
  { "url": "/p", "format": "plausible", "resend": true }, { "url": "/c", "format": "clickhouse", "table": "t" }"#;

fn shop(consent: &str, others: &str) -> String {
    SHOP.replace("CONSENT", consent).replace("OTHERS", others)
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Op {
    Click(u32),
    Track(usize),
    Scroll(u64, u64),
    View,
    Consent(bool),
    Hidden,
    Visible,
    Idle,
    Advance(u64),
    Answer(usize, Answer),
    Flush,
}

fn op() -> impl Strategy<Value = Op> {
    let answer = prop_oneof![
        4 => Just(status(204)),
        1 => prop::sample::select(vec![200u16, 400, 403, 404, 408, 413, 422, 429, 500, 503, 505]).prop_map(status),
        1 => Just(Answer::Failed),
        1 => Just(Answer::Unseen),
    ];
    prop_oneof![
        4 => (0u32..4).prop_map(Op::Click),
        4 => prop_oneof![9 => 0usize..200, 1 => 10_000usize..70_000].prop_map(Op::Track),
        1 => (any::<u64>(), any::<u64>()).prop_map(|(seen, extent)| Op::Scroll(seen, extent)),
        1 => Just(Op::View),
        1 => any::<bool>().prop_map(Op::Consent),
        1 => Just(Op::Hidden),
        1 => Just(Op::Visible),
        2 => Just(Op::Idle),
        3 => prop_oneof![0u64..50, 900u64..1100, 0u64..600_000].prop_map(Op::Advance),
        6 => (0usize..20, answer).prop_map(|(which, answer)| Op::Answer(which, answer)),
        1 => Just(Op::Flush),
    ]
}

/// A collector that takes each batch it is said to take, and each event once.
#[derive(Default)]
struct Taken {
    events: BTreeMap<String, BTreeSet<String>>,
    seqs: BTreeMap<String, BTreeSet<u64>>,
    dropped: BTreeMap<String, BTreeSet<u64>>,
    /// What collectors of other formats may have taken: URL and event, how often and what of it.
    posted: BTreeMap<(String, String), Vec<String>>,
}

impl Taken {
    fn take(&mut self, url: &str, body: &str) {
        let batch: footstep::model::batch::Batch = serde_json::from_str(body).unwrap();
        let stream = format!("{url} {}", batch.stream.text());
        for event in batch.events {
            let new = self.events.entry(url.to_owned()).or_default().insert(event.record.id.text());
            let number = self.seqs.entry(stream.clone()).or_default().insert(event.seq);
            assert_eq!(new, number, "an event under two numbers, or two under one");
        }
        for range in batch.dropped {
            self.dropped.entry(stream.clone()).or_default().extend(range.from..=range.to);
        }
    }
}

impl Taken {
    /// Holds another collector to: one id never has two contents, and where it would count twice nothing it may have
    /// taken comes again.
    fn posted(&mut self, posted: &Posted, answer: &Answer) {
        let (url, body) = (posted.url.split('?').next().unwrap().to_owned(), posted.body.clone());
        let may_have_taken = !matches!(answer, Answer::Status { status: 300.., .. });
        let events: Vec<(String, String)> = match posted.format.as_str() {
            "segment" => {
                let body: serde_json::Value = serde_json::from_str(&body).unwrap();
                let events = body["batch"].as_array().unwrap().iter();
                events.map(|event| (event["messageId"].to_string(), event.to_string())).collect()
            }
            "json" => {
                let body: serde_json::Value = serde_json::from_str(&body).unwrap();
                let events = body.as_array().unwrap().iter();
                events.map(|event| (event["id"].to_string(), event.to_string())).collect()
            }
            _ => return,
        };
        assert_eq!(events.len(), posted.events, "{body}");
        for (id, content) in events {
            let known = self.posted.entry((url.clone(), id)).or_default();
            assert!(known.iter().all(|other| *other == content), "one id, two contents: {known:?} {content}");
            if may_have_taken {
                known.push(content);
                assert!(known.len() < 2 || posted.format != "json", "counted twice: {known:?}");
            }
        }
    }
}

fn happen(page: &mut Page, op: Op, taken: &mut Taken) {
    match op {
        Op::Click(rule) => page.click(if rule == 3 { u32::MAX } else { rule }, &[("data-footstep", "mark")]),
        Op::Track(size) => {
            let properties = format!(r#"{{"text":"{}"}}"#, "ü".repeat(size));
            page.handle(Input::Track { name: "step".to_owned(), properties, ago: 0 });
        }
        Op::Scroll(seen, extent) => {
            page.handle(Input::Scroll(vec![(2, 0, Scroll { seen, extent, moved: true })]))
        }
        Op::View => page.handle(Input::Page(PageFacts {
            url: "https://shop.example/x".to_owned(),
            ..PageFacts::default()
        })),
        Op::Consent(granted) => {
            let decision = if granted { Decision::Granted } else { Decision::Denied };
            page.handle(Input::Consent(decision));
        }
        Op::Hidden => page.handle(Input::Hidden),
        Op::Visible => page.handle(Input::Visible),
        Op::Idle => page.idle(),
        Op::Advance(ms) => page.advance(ms),
        Op::Flush => page.handle(Input::Flush),
        Op::Answer(which, answer) => {
            if let Some(which) = which.checked_rem(page.requests.len()) {
                let request = page.requests.remove(which);
                let posted = Posted::of(&request);
                if let Some(posted) = &posted {
                    taken.posted(posted, &answer);
                } else if matches!(answer, Answer::Status { status: 200..=299, .. }) {
                    taken.take(&request.to, &request.body);
                }
                page.handle(Input::Response { request: request.number, answer });
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_sums_are_right_and_all_arrives_once(ops in prop::collection::vec(op(), 0..60)) {
        let mut page = Page::new(&shop("none", ""));
        let mut taken = Taken::default();
        for op in ops {
            happen(&mut page, op, &mut taken);
        }
        // The weather clears: everything that is not dropped arrives.
        page.handle(Input::Consent(Decision::Granted));
        page.handle(Input::Visible);
        for _ in 0..200 {
            page.idle();
            happen(&mut page, Op::Answer(0, status(204)), &mut taken);
            page.advance(5 * 60_000);
        }
        page.track("sentinel");
        page.advance(5 * 60_000);
        while !page.requests.is_empty() {
            happen(&mut page, Op::Answer(0, status(204)), &mut taken);
        }
        for (url, counts) in page.engine.streams() {
            prop_assert_eq!(counts.waiting, 0, "{}", url);
            let (_, numbers) = taken.seqs.iter().rfind(|(name, _)| name.starts_with(url)).unwrap();
            prop_assert!(!numbers.is_empty());
        }
        // Of the last stream of each collector (no later withdrawal cut it off) every number is there or reported.
        let last = page.batches.iter().map(|batch| batch.stream.text()).collect::<Vec<_>>();
        for (name, numbers) in &taken.seqs {
            let stream = name.split(' ').next_back().unwrap();
            if !last.iter().rev().take(2).any(|each| each == stream) {
                continue;
            }
            let dropped = taken.dropped.get(name).cloned().unwrap_or_default();
            let highest = *numbers.iter().next_back().unwrap();
            for seq in 1..=highest {
                prop_assert!(numbers.contains(&seq) != dropped.contains(&seq), "{} of {}", seq, name);
            }
        }
    }

    #[test]
    fn collectors_of_other_formats_get_everything_that_is_not_dropped(ops in prop::collection::vec(op(), 0..60)) {
        let mut page = Page::new(&shop("none", OTHERS));
        let mut taken = Taken::default();
        for op in ops {
            happen(&mut page, op, &mut taken);
        }
        page.handle(Input::Consent(Decision::Granted));
        page.handle(Input::Visible);
        for _ in 0..400 {
            page.idle();
            happen(&mut page, Op::Answer(0, status(204)), &mut taken);
            if page.requests.is_empty() {
                page.advance(5 * 60_000);
            }
        }
        for (url, counts) in page.engine.streams() {
            prop_assert_eq!(counts.waiting, 0, "{}", url);
        }
    }

    #[test]
    fn nothing_leaves_without_consent(ops in prop::collection::vec(op(), 0..60)) {
        let mut page = Page::new(&shop("opt-in", OTHERS));
        for op in ops {
            let granted = matches!(op, Op::Consent(true));
            let before = (page.batches.len(), page.storage.len());
            happen(&mut page, op, &mut Taken::default());
            if granted {
                return Ok(());
            }
            prop_assert_eq!((page.batches.len(), page.storage.len()), before);
            prop_assert!(!page.idle && before == (0, 0));
        }
    }

    #[test]
    fn any_config_is_understood_or_reported(text in any_config()) {
        let facts = PageFacts { url: "https://shop.example/lamps".to_owned(), ..PageFacts::default() };
        let said = Said { config: &text, ..Said::default() };
        let mut engine = Engine::start(&said, Environment::default(), facts, Now::default());
        engine.begin(Now::default());
        for rule in 0..4 {
            engine.handle(Input::Dom { trusted: true, hits: vec![Page::hit(rule, &[])] }, Now::default());
        }
        engine.handle(Input::Hidden, Now::default());
        prop_assert!(serde_json::from_str::<serde_json::Value>(&engine.stats()).is_ok());
    }

    #[test]
    fn any_properties_are_taken_or_reported(name in ".{0,8}", text in r#"[{}\[\]",:a0-9.eu\\-]{0,40}"#) {
        let mut page = Page::new(&shop("none", ""));
        page.handle(Input::Track { name, properties: text, ago: 0 });
        page.handle(Input::Hidden);
    }
}

/// The shop's config with a few bytes changed, or no config at all.
fn any_config() -> impl Strategy<Value = String> {
    let damaged = prop::collection::vec((any::<prop::sample::Index>(), r#"[{}\[\]",:a0-9*/.-]"#), 0..6)
        .prop_map(|edits| {
            let mut bytes = shop("none", "").into_bytes();
            for (at, by) in edits {
                let at = at.index(bytes.len());
                bytes[at] = by.as_bytes()[0];
            }
            String::from_utf8(bytes).unwrap()
        });
    prop_oneof![3 => damaged, 1 => ".{0,60}"]
}
