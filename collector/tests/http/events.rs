//! `GET /v1/events`: filters, order, and answers longer than one page of the tables.

use serde_json::json;

use crate::support::{Collector, batch, event, uuid, with};

#[test]
fn filters_hold_together() {
    let collector = Collector::start(&[]);
    let (visitor, session) = (uuid(), uuid());
    let mine = json!({"visitor": visitor, "session": {"id": session, "number": 1}});
    collector.keep(&batch(
        &uuid(),
        &[
            with(event(1, "viewed"), mine.clone()),
            with(event(2, "bought"), with(mine, json!({"kind": "macro"}))),
            with(event(3, "viewed"), json!({"visitor": uuid(), "kind": "custom"})),
            event(4, "a&b=\u{fc}"),
        ],
    ));
    let seqs = |query: &str| -> Vec<u64> {
        collector.events(query).iter().map(|line| line["seq"].as_u64().unwrap()).collect()
    };
    assert_eq!(seqs(""), [1, 2, 3, 4]);
    assert_eq!(seqs("?name=viewed"), [1, 3]);
    assert_eq!(seqs("?name=a%26b%3D%C3%BC"), [4]);
    assert_eq!(seqs("?kind=macro"), [2]);
    assert_eq!(seqs(&format!("?visitor={}", visitor.to_uppercase())), [1, 2]);
    assert_eq!(seqs(&format!("?session={session}&name=viewed")), [1]);
    assert_eq!(seqs("?limit=2"), [3, 4], "the newest, newest last");
    assert_eq!(seqs("?limit=1&name=viewed"), [3]);
    assert_eq!(seqs("?limit=0"), [] as [u64; 0]);
    assert_eq!(seqs("?name=none&limit=5"), [] as [u64; 0]);
    let received = collector.events("")[0]["received"].as_u64().unwrap();
    assert_eq!(seqs(&format!("?since={received}")), [1, 2, 3, 4]);
    assert_eq!(seqs(&format!("?since={}", received + 1)), [] as [u64; 0]);
    assert_eq!(seqs(&format!("?until={received}")), [] as [u64; 0]);
    assert_eq!(seqs(&format!("?until={}&since=0", u64::MAX)), [1, 2, 3, 4]);
}

#[test]
fn what_is_not_understood_is_refused() {
    let collector = Collector::start(&[]);
    for (query, path) in [
        ("kind=nano", "kind"),
        ("visitor=1", "visitor"),
        ("session=", "session"),
        ("nmae=x", ""),
        ("limit=-1", ""),
        ("since=x", ""),
    ] {
        let answer = collector.get(&format!("/v1/events?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.error(), ("bad_query".to_owned(), path.to_owned()));
    }
    assert_eq!(collector.ask("POST", "/v1/events", &[], b"").status, 405);
    assert_eq!(collector.get("/v1/elsewhere").error().0, "not_found");
}

#[test]
fn a_long_answer_is_whole_and_in_order() {
    let collector = Collector::start(&[]);
    let mut seq = 0;
    for _ in 0..3 {
        let events: Vec<_> = (0..700)
            .map(|_| {
                seq += 1;
                event(seq, "step")
            })
            .collect();
        collector.keep(&batch(&uuid(), &events));
    }
    let answer = collector.get("/v1/events");
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let lines = collector.events("");
    assert!(lines.iter().map(|line| line["seq"].as_u64().unwrap()).eq(1..=2100));
    let newest = collector.events("?limit=1500");
    assert_eq!(newest, lines[600..]);
}
