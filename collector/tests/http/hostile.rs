//! Bodies that somebody made to do harm: each is a 400 that says where, what and why, nothing of it is kept, and the
//! collector is as quick and as sound as before.

use serde_json::{Value, json};

use crate::support::{Answer, Collector, batch, event, uuid, with};

fn post(collector: &Collector, body: &[u8]) -> Answer {
    collector.ask("POST", "/v1/batch", &["Content-Type: text/plain"], body)
}

/// A good batch of two events with a piece of text put in place of another.
fn broken(from: &str, to: &str) -> String {
    let good =
        batch(&uuid(), &[event(1, "good"), with(event(2, "target"), json!({"properties": {"p": "here"}}))]);
    let text = good.to_string();
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

#[test]
fn the_refusal_says_where_and_what() {
    let collector = Collector::start(&[]);
    let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
    let list = |count: usize, item: &str| vec![item; count].join(",");
    let unknown = |count: usize, at: &str| -> String {
        (0..count).map(|n| format!("\"u{n}\":1,")).collect::<String>() + at
    };
    let properties = |inside: &str| broken("\"p\":\"here\"", inside);
    let top = |more: &str| broken("\"version\":1", &format!("\"version\":1,{more}"));
    let page_url = "\"url\":\"https://shop.example/products/tent\"";
    let cases: Vec<(String, &str, &str, &str)> = vec![
        // Depth.
        (deep(100_000), "bad_shape", "[0][0][0]", "deeper than 32"),
        ("{\"a\":".repeat(60_000), "bad_shape", "a.a.a", "deeper than 32"),
        (
            properties(&format!("\"p\":{}", deep(40))),
            "bad_shape",
            "events[1].properties.p[0]",
            "deeper than 32",
        ),
        // Numbers.
        (
            properties(&format!("\"p\":{}", "9".repeat(100_000))),
            "bad_json",
            "events[1].properties.p",
            "number",
        ),
        (properties("\"p\":1e999999999"), "bad_json", "events[1].properties.p", "number"),
        (broken("\"seq\":2", "\"seq\":18446744073709551616"), "bad_shape", "events[1].seq", "u64"),
        (
            broken("\"seq\":2", "\"seq\":9007199254740992"),
            "out_of_range",
            "events[1].seq",
            "9007199254740991",
        ),
        (broken("\"seq\":2", "\"seq\":-2"), "bad_shape", "events[1].seq", "u64"),
        (broken("\"seq\":2", "\"seq\":2.0"), "bad_shape", "events[1].seq", "u64"),
        (
            broken("\"mono\":1200", "\"mono\":18446744073709551615"),
            "out_of_range",
            "events[0].mono",
            "at most",
        ),
        (broken("\"mono\":9000", "\"mono\":18446744073709551615"), "out_of_range", "sent", "at most"),
        (broken("\"seq\":2", "\"seq\":2,\"value\":1e300"), "out_of_range", "events[1].value", "1e15"),
        (broken("\"seq\":2", "\"seq\":2,\"value\":NaN"), "bad_json", "events[1].value", "expected value"),
        (broken("\"seq\":2", "\"seq\":0x2"), "bad_json", "events[1]", "line 1 column"),
        // Names that stand twice, spelt alike or not, wherever.
        (broken("\"seq\":2", "\"seq\":2,\"seq\":3"), "bad_shape", "events[1].seq", "twice"),
        (
            broken("\"name\":\"target\"", "\"name\":\"target\",\"name\":\"x\""),
            "bad_shape",
            "events[1].name",
            "twice",
        ),
        (properties("\"p\":1,\"\\u0070\":2"), "bad_shape", "events[1].properties.p", "twice"),
        (
            properties("\"p\":{\"q\":[{\"r\":1,\"r\":{}}]}"),
            "bad_shape",
            "events[1].properties.p.q[0].r",
            "twice",
        ),
        (broken("\"version\":1", "\"version\":1,\"version\":1"), "bad_shape", "version", "twice"),
        // Members nobody knows, by the thousand.
        (broken("\"version\":1", &unknown(10_000, "\"version\":1")), "bad_shape", "u0", "unknown field `u0`"),
        (broken("\"seq\":2", &unknown(5_000, "\"seq\":2")), "bad_shape", "events[1].u0", "no such member"),
        (broken(page_url, &unknown(5_000, page_url)), "bad_shape", "events[0].page.u0", "unknown field `u0`"),
        // Wrong types.
        (broken("\"events\":[", "\"events\":{},\"x\":["), "bad_shape", "events", "expected a sequence"),
        (broken("\"name\":\"target\"", "\"name\":null"), "bad_shape", "events[1].name", "invalid type: null"),
        (
            broken("\"properties\":{\"p\":\"here\"}", "\"properties\":[]"),
            "bad_shape",
            "events[1].properties",
            "object",
        ),
        (top("\"closed\":{}"), "bad_shape", "closed", "invalid type: map"),
        (top("\"closed\":[{\"stream\":\"x\",\"lastSeq\":1}]"), "bad_shape", "closed[0].stream", "UUID"),
        (
            top("\"dropped\":[{\"from\":1,\"to\":2,\"reason\":\"boredom\"}]"),
            "bad_shape",
            "dropped[0].reason",
            "boredom",
        ),
        (broken("\"site\":\"shop-42\"", "\"site\":7"), "bad_shape", "site", "invalid type: integer"),
        // Too many.
        (top(&format!("\"diagnostics\":[{}]", list(101, "\"a\""))), "out_of_range", "diagnostics", "100"),
        (
            top(&format!(
                "\"closed\":[{}]",
                list(1001, &format!("{{\"stream\":\"{}\",\"lastSeq\":1}}", uuid()))
            )),
            "out_of_range",
            "closed",
            "1000",
        ),
        (properties(&format!("\"p\":\"{}\"", "x".repeat(70_000))), "out_of_range", "events[1]", "65536"),
        // Text that no string can hold.
        (properties("\"p\":\"\\ud800\""), "bad_json", "events[1].properties.p", "escape"),
        (properties("\"p\":\"\n\""), "bad_json", "events[1].properties.p", "control character"),
        (properties("\"p\":\"\\x\""), "bad_json", "events[1].properties.p", "escape"),
        (properties("\"p\":\"here"), "bad_json", "events[1].properties", ""),
        ("\u{feff}{}".to_owned(), "bad_json", "", "line 1 column 1"),
    ];
    for (body, code, path, word) in &cases {
        let answer = post(&collector, body.as_bytes());
        let shown = &body[..body.len().min(300)];
        assert_eq!(answer.status, 400, "{shown}");
        let (found, place) = answer.error();
        let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
        assert_eq!(&found, code, "{place}: {message}\n{shown}");
        assert!(
            place == *path
                || path.contains("[0]") && place.starts_with(path)
                || *path == "a.a.a" && place.starts_with(path),
            "{place}, not {path}: {message}\n{shown}"
        );
        assert!(message.contains(word), "{message}\n{shown}");
        assert!(answer.body.len() < 2_000, "a hostile name is not sent back at full length");
    }
    let name = "n".repeat(60_000);
    assert!(post(&collector, top(&format!("\"{name}\":1")).as_bytes()).body.len() < 2_000);
    assert_eq!(collector.events(""), Vec::<Value>::new());
    collector.keep(&batch(&uuid(), &[event(1, "sound")]));
}

#[test]
fn bytes_that_are_no_text_are_placed() {
    let collector = Collector::start(&[]);
    let good = broken("here", "#").into_bytes();
    let at = good.iter().position(|&byte| byte == b'#').unwrap();
    // Cut off in a sequence, overlong, a surrogate, beyond the last character.
    for bad in [&b"\xe2\x82"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xff"] {
        let body = [&good[..at], bad, &good[at + 1..]].concat();
        let answer = post(&collector, &body);
        assert_eq!((answer.status, answer.error().0.as_str()), (400, "bad_utf8"));
        assert!(answer.text().contains(&format!("byte {at}")), "{}", answer.text());
    }
}

/// Any good batch with any bytes changed is a 204 or a 400, never anything else, and what is kept stays readable.
#[test]
fn no_mutilation_does_more_than_be_refused() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    let collector = Collector::start(&["--max-rate", "100000"]);
    let change = (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..3), 0..3_usize);
    let changes = prop::collection::vec(change, 1..4);
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&changes, |changes| {
        let mut body = broken("here", "there").into_bytes();
        for (at, new, gone) in changes {
            let at = at.index(body.len());
            let end = (at + gone).min(body.len());
            body.splice(at..end, new);
        }
        let answer = post(&collector, &body);
        prop_assert!(matches!(answer.status, 204 | 400), "{}: {}", answer.status, answer.text());
        if answer.status == 400 {
            answer.error();
        }
        Ok(())
    });
    tried.unwrap();
    collector.events("").iter().for_each(|line| assert!(line["id"].is_string()));
    assert!(collector.get("/v1/audit").json()["summary"]["streams"].is_u64());
}
