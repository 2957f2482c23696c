//! The audit: exactly what is missing, checked against counting by hand.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::{Collector, batch, event, uuid, with};

#[test]
fn the_report_names_what_is_missing() {
    let collector = Collector::start(&[]);
    let stream = uuid();
    collector
        .keep(&with(batch(&stream, &[event(2, "a"), event(3, "b")]), json!({"diagnostics": ["bad_name"]})));
    collector.keep(&with(
        batch(&stream, &[event(9, "c")]),
        json!({"dropped": [{"from": 5, "to": 6, "reason": "overflow"}, {"from": 11, "to": 12, "reason": "consent"}]}),
    ));
    let audit = collector.audit(&stream);
    assert_eq!(audit["site"], "shop-42");
    assert_eq!(audit["context"], json!({"engine": "wasm", "language": "de-AT"}));
    assert_eq!(audit["diagnostics"], json!(["bad_name"]));
    assert_eq!(audit["received"], json!([[2, 3], [9, 9]]));
    assert_eq!(audit["missing"], json!([[1, 1], [4, 4], [7, 8], [10, 10]]));
    assert_eq!(
        audit["dropped"],
        json!([{"from": 5, "to": 6, "reason": "overflow"}, {"from": 11, "to": 12, "reason": "consent"}])
    );
    assert!(audit["firstReceived"].as_u64().unwrap() <= audit["lastReceived"].as_u64().unwrap());
    assert_eq!(
        (&audit["duplicates"], &audit["conflicts"], &audit["superseded"]),
        (&json!(0), &json!(0), &json!([]))
    );
    collector.keep(&batch(&uuid(), &[event(1, "d")]));
    let all = collector.get("/v1/audit?limit=1").json();
    assert_eq!(
        all["summary"],
        json!({"streams": 2, "incomplete": 1, "closed": 0, "received": 4, "missing": 5, "dropped": 4, "duplicates": 0, "conflicts": 0})
    );
    assert_eq!(all["streams"].as_array().unwrap().len(), 1, "listed as limited, summed up in full");
    assert_eq!(collector.get(&format!("/v1/audit?stream={}", uuid())).error().0, "unknown_stream");
    assert_eq!(collector.get("/v1/audit?stream=x").error(), ("bad_query".to_owned(), "stream".to_owned()));
}

#[test]
fn two_events_under_one_number_are_kept_and_told() {
    let collector = Collector::start(&[]);
    let stream = uuid();
    collector.keep(&batch(&stream, &[event(1, "a"), event(1, "b")]));
    collector.keep(&batch(&stream, &[event(1, "c")]));
    assert_eq!(collector.events("").len(), 3);
    assert_eq!(collector.audit(&stream)["conflicts"], 2);
    assert_eq!(collector.audit(&stream)["received"], json!([[1, 1]]));
}

#[test]
fn the_largest_number_is_no_trouble() {
    let collector = Collector::start(&[]);
    let (stream, top) = (uuid(), (1_u64 << 53) - 1);
    collector.keep(&batch(&stream, &[with(event(top, "a"), json!({"at": 1}))]));
    assert_eq!(collector.audit(&stream)["missing"], json!([[1, top - 1]]));
    assert_eq!(collector.post(&batch(&stream, &[event(top + 1, "b")])).status, 400);
}

fn ranges(numbers: &BTreeSet<u64>) -> Value {
    let mut list: Vec<[u64; 2]> = Vec::new();
    for &number in numbers {
        match list.last_mut() {
            Some(last) if last[1] + 1 == number => last[1] = number,
            _ => list.push([number, number]),
        }
    }
    json!(list)
}

#[test]
fn a_lost_tail_is_named_once_a_later_page_says_where_it_ends() {
    let collector = Collector::start(&[]);
    let (lost, silent, next) = (uuid(), uuid(), uuid());
    collector.keep(&batch(&lost, &[event(1, "a"), event(2, "b")]));
    assert_eq!(collector.audit(&lost)["missing"], json!([]), "nobody has said that there was more");
    assert_eq!(collector.audit(&lost).get("closed"), None);
    let closed = json!([{"stream": lost, "lastSeq": 5}, {"stream": silent, "lastSeq": 3}, {"stream": next, "lastSeq": 0}]);
    let sent = with(batch(&next, &[event(1, "c")]), json!({"closed": closed}));
    collector.keep(&sent);
    collector.keep(&sent);
    let audit = collector.audit(&lost);
    assert_eq!((&audit["missing"], &audit["closed"]), (&json!([[3, 5]]), &json!(5)));
    assert_eq!(audit["counts"], json!({"lastSeq": 5, "received": 2, "dropped": 0, "missing": 3}));
    // Of one that never arrived, everything is missing, and that is all that is known.
    let audit = collector.audit(&silent);
    assert_eq!((&audit["missing"], &audit["context"]), (&json!([[1, 3]]), &json!(null)));
    // A word that is lower than what has arrived takes nothing back.
    assert_eq!(
        collector.audit(&next)["counts"],
        json!({"lastSeq": 1, "received": 1, "dropped": 0, "missing": 0})
    );
    // What comes late, or is reported as lost by the stream itself, fills the gap.
    collector.keep(&with(
        batch(&lost, &[event(4, "d")]),
        json!({"dropped": [{"from": 3, "to": 3, "reason": "lost"}, {"from": 5, "to": 5, "reason": "expired"}]}),
    ));
    collector.keep(&batch(&silent, &[event(1, "e"), event(2, "f"), event(3, "g")]));
    assert_eq!(collector.audit(&silent)["context"]["engine"], "wasm");
    let summary = collector.get("/v1/audit").json()["summary"].clone();
    assert_eq!(
        (&summary["missing"], &summary["incomplete"], &summary["closed"]),
        (&json!(0), &json!(0), &json!(3))
    );
    assert_eq!(
        collector.audit(&lost)["counts"],
        json!({"lastSeq": 5, "received": 3, "dropped": 2, "missing": 0})
    );
    let wrong = with(batch(&next, &[]), json!({"closed": [{"stream": lost, "lastSeq": 1_u64 << 53}]}));
    assert_eq!(collector.post(&wrong).error(), ("out_of_range".to_owned(), "closed[0].lastSeq".to_owned()));
}

#[test]
fn a_number_stands_in_one_list_only() {
    let collector = Collector::start(&[]);
    let stream = uuid();
    let dropped = |from, to, reason| json!({"dropped": [{"from": from, "to": to, "reason": reason}]});
    collector.keep(&with(batch(&stream, &[event(1, "a")]), dropped(3, 6, "overflow")));
    collector.keep(&with(batch(&stream, &[event(8, "b")]), dropped(2, 7, "consent")));
    // Given up, and there all the same: the answer to it was lost on the way.
    collector.keep(&batch(&stream, &[event(4, "c")]));
    let audit = collector.audit(&stream);
    assert_eq!(audit["received"], json!([[1, 1], [4, 4], [8, 8]]));
    assert_eq!(
        audit["dropped"],
        json!([{"from": 2, "to": 2, "reason": "consent"}, {"from": 3, "to": 3, "reason": "overflow"},
               {"from": 5, "to": 6, "reason": "overflow"}, {"from": 7, "to": 7, "reason": "consent"}])
    );
    assert_eq!(audit["counts"], json!({"lastSeq": 8, "received": 3, "dropped": 5, "missing": 0}));
}

#[test]
fn two_tabs_that_settle_one_attempt_make_one_event() {
    let collector = Collector::start(&[]);
    let attempt = with(event(1, "buy"), json!({"phase": "attempted"}));
    let outcome = |phase| with(attempt.clone(), json!({"rev": 1, "phase": phase}));
    let (page, first, second) = (uuid(), uuid(), uuid());
    collector.keep(&batch(&first, &[outcome("confirmed")]));
    collector.keep(&batch(&second, &[outcome("unknown")]));
    collector.keep(&batch(&page, std::slice::from_ref(&attempt)));
    let shown = collector.events("");
    assert_eq!((shown.len(), &shown[0]["phase"]), (1, &json!("confirmed")), "the first word stands");
    let summary = collector.get("/v1/audit").json()["summary"].clone();
    assert_eq!(
        (&summary["missing"], &summary["duplicates"], &summary["received"]),
        (&json!(0), &json!(1), &json!(3))
    );
    assert_eq!(collector.audit(&second)["duplicates"], 1, "counted where it came again");
}

#[test]
fn filters_and_pages() {
    let collector = Collector::start(&[]);
    let streams: Vec<String> = (0..7).map(|_| uuid()).collect();
    for (index, stream) in streams.iter().enumerate() {
        let site = if index % 2 == 0 { "even" } else { "odd" };
        let seq = if index < 2 { 2 } else { 1 };
        collector.keep(&with(batch(stream, &[event(seq, "n")]), json!({"site": site})));
    }
    let listed = |query: &str| -> Vec<String> {
        let answer = collector.get(&format!("/v1/audit?{query}")).json();
        answer["streams"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["stream"].as_str().unwrap().to_owned())
            .collect()
    };
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    assert_eq!(sorted(listed("site=odd")), [&streams[1][..], &streams[3], &streams[5]]);
    assert_eq!(listed("incomplete=true&site=even"), [&streams[0][..]]);
    let summary = collector.get("/v1/audit?site=odd&limit=0").json()["summary"].clone();
    assert_eq!(
        (&summary["streams"], &summary["missing"]),
        (&json!(3), &json!(1)),
        "the sum is over what was asked for"
    );
    let last = collector.audit(&streams[6])["lastReceived"].as_u64().unwrap();
    assert!(listed(&format!("since={last}")).contains(&streams[6]));
    assert_eq!(listed(&format!("since={}", last + 1)), [""; 0]);
    // Page by page, while one of them is heard of again: each stream once.
    let (mut all, mut query) = (Vec::new(), "limit=3".to_owned());
    loop {
        let page = collector.get(&format!("/v1/audit?{query}")).json();
        all.extend(
            page["streams"].as_array().unwrap().iter().map(|s| s["stream"].as_str().unwrap().to_owned()),
        );
        collector.keep(&batch(&streams[0], &[event(3, "again")]));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("limit=3&after={next}");
    }
    assert_eq!(sorted(all), streams);
    for (query, path) in [("after=x", "after"), ("after=1.x", "after"), ("since=x", ""), ("incomplete=1", "")]
    {
        assert_eq!(
            collector.get(&format!("/v1/audit?{query}")).error(),
            ("bad_query".to_owned(), path.to_owned())
        );
    }
}

/// A stream with more gaps than one answer lists: going on at `nextFrom`, every number is named once.
#[test]
fn a_stream_full_of_gaps_is_told_in_parts() {
    let collector = Collector::start(&[]);
    let stream = uuid();
    let top = 5_200;
    let odd: Vec<_> = (1..=top).filter(|seq| seq % 2 == 1).map(|seq| event(seq, "n")).collect();
    odd.chunks(1000).for_each(|events| collector.keep(&batch(&stream, events)));
    let dropped: Vec<_> =
        (1..=500).map(|n| json!({"from": n * 10, "to": n * 10, "reason": "overflow"})).collect();
    collector.keep(&with(batch(&stream, &[]), json!({"dropped": dropped})));
    let (mut seen, mut from, mut answers) = (Vec::new(), 1, 0);
    loop {
        let audit = collector.get(&format!("/v1/audit?stream={stream}&from={from}"));
        assert!(audit.body.len() < 100_000);
        let audit = audit.json()["streams"][0].clone();
        answers += 1;
        for list in ["received", "missing"] {
            for range in audit[list].as_array().unwrap() {
                seen.extend((range[0].as_u64().unwrap()..=range[1].as_u64().unwrap()).map(|seq| (seq, list)));
            }
        }
        seen.extend(
            audit["dropped"].as_array().unwrap().iter().map(|d| (d["from"].as_u64().unwrap(), "dropped")),
        );
        let Some(next) = audit["nextFrom"].as_u64() else { break };
        from = next;
    }
    assert!(answers > 2);
    seen.sort_unstable();
    let hand = (1..top).map(|seq| match seq {
        seq if seq % 2 == 1 => (seq, "received"),
        seq if seq % 10 == 0 && seq <= 5000 => (seq, "dropped"),
        seq => (seq, "missing"),
    });
    assert!(seen.into_iter().eq(hand));
}

#[test]
fn long_lists_make_a_page_of_few_streams() {
    let collector = Collector::start(&[]);
    let even: Vec<_> = (1..=1000).map(|n| json!({"from": n * 2, "to": n * 2, "reason": "lost"})).collect();
    for _ in 0..12 {
        collector.keep(&with(batch(&uuid(), &[]), json!({"dropped": even})));
    }
    let (mut streams, mut query, mut pages) = (BTreeSet::new(), String::new(), 0);
    loop {
        let answer = collector.get(&format!("/v1/audit{query}"));
        assert!(answer.body.len() < 1_200_000, "{}", answer.body.len());
        let page = answer.json();
        pages += 1;
        streams.extend(
            page["streams"].as_array().unwrap().iter().map(|s| s["stream"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?after={next}");
    }
    assert_eq!((streams.len(), pages), (12, 2));
}

/// Any batches in any order, some of them twice, with any drops: the audit says what counting by hand says.
#[test]
fn the_audit_agrees_with_counting_by_hand() {
    let collector = Collector::start(&[]);
    let numbers = prop::collection::vec(1_u64..40, 0..8);
    let drops = prop::collection::vec((1_u64..45, 0_u64..4), 0..2);
    let batches = prop::collection::vec((numbers, drops, prop::option::of(0_u64..50), any::<bool>()), 1..8);
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&batches, |batches| {
        let stream = uuid();
        let (mut received, mut given_up, mut last) = (BTreeSet::new(), BTreeSet::new(), 0);
        let (mut ids, mut duplicates, mut kept) = (std::collections::BTreeMap::new(), 0, BTreeSet::new());
        for (numbers, drops, closed, twice) in batches {
            let events: Vec<Value> = numbers
                .iter()
                .map(|&seq| {
                    let id = ids.entry(seq).or_insert_with(uuid).clone();
                    with(event(seq, "n"), json!({"id": id}))
                })
                .collect();
            let dropped: Vec<Value> = drops
                .iter()
                .map(|&(from, more)| json!({"from": from, "to": from + more, "reason": "overflow"}))
                .collect();
            let closed: Vec<Value> =
                closed.iter().map(|last| json!({"stream": stream, "lastSeq": last})).collect();
            last = closed.iter().filter_map(|closed| closed["lastSeq"].as_u64()).fold(last, u64::max);
            let sent = with(batch(&stream, &events), json!({"dropped": dropped, "closed": closed}));
            for _ in 0..=u8::from(twice) {
                collector.keep(&sent);
                duplicates += numbers.iter().filter(|&&seq| !kept.insert(seq)).count();
            }
            received.extend(numbers);
            given_up.extend(drops.iter().flat_map(|&(from, more)| from..=from + more));
        }
        let known: BTreeSet<u64> = received.union(&given_up).copied().collect();
        last = last.max(known.last().copied().unwrap_or(0));
        let missing: BTreeSet<u64> = (1..=last).filter(|number| !known.contains(number)).collect();
        let lost: BTreeSet<u64> = given_up.difference(&received).copied().collect();
        let audit = collector.audit(&stream);
        prop_assert_eq!(&audit["received"], &ranges(&received));
        prop_assert_eq!(&audit["missing"], &ranges(&missing));
        let runs = audit["dropped"].as_array().unwrap().iter();
        let told: Vec<u64> =
            runs.flat_map(|d| d["from"].as_u64().unwrap()..=d["to"].as_u64().unwrap()).collect();
        prop_assert!(told.iter().eq(&lost), "{:?}", told);
        prop_assert_eq!(
            &audit["counts"],
            &json!({"lastSeq": last, "received": received.len(), "dropped": lost.len(), "missing": missing.len()})
        );
        prop_assert_eq!(&audit["duplicates"], duplicates);
        prop_assert_eq!(&audit["conflicts"], 0);
        Ok(())
    });
    tried.unwrap();
}
