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
        json!({"streams": 2, "incomplete": 1, "received": 4, "missing": 5, "dropped": 4, "duplicates": 0, "conflicts": 0})
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
    collector.keep(&batch(&stream, &[event(top, "a")]));
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

/// Any batches in any order, some of them twice, with any drops: the audit says what counting by hand says.
#[test]
fn the_audit_agrees_with_counting_by_hand() {
    let collector = Collector::start(&[]);
    let numbers = prop::collection::vec(1_u64..40, 0..8);
    let drops = prop::collection::vec((1_u64..45, 0_u64..4), 0..2);
    let batches = prop::collection::vec((numbers, drops, any::<bool>()), 1..8);
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&batches, |batches| {
        let stream = uuid();
        let (mut received, mut given_up) = (BTreeSet::new(), BTreeSet::new());
        let (mut ids, mut duplicates, mut kept) = (std::collections::BTreeMap::new(), 0, BTreeSet::new());
        for (numbers, drops, twice) in batches {
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
            let sent = with(batch(&stream, &events), json!({"dropped": dropped}));
            for _ in 0..=u8::from(twice) {
                collector.keep(&sent);
                duplicates += numbers.iter().filter(|&&seq| !kept.insert(seq)).count();
            }
            received.extend(numbers);
            given_up.extend(drops.iter().flat_map(|&(from, more)| from..=from + more));
        }
        let known: BTreeSet<u64> = received.union(&given_up).copied().collect();
        let missing =
            (1..known.last().copied().unwrap_or(0)).filter(|number| !known.contains(number)).collect();
        let audit = collector.audit(&stream);
        prop_assert_eq!(&audit["received"], &ranges(&received));
        prop_assert_eq!(&audit["missing"], &ranges(&missing));
        prop_assert_eq!(&audit["duplicates"], duplicates);
        prop_assert_eq!(&audit["conflicts"], 0);
        Ok(())
    });
    tried.unwrap();
}
