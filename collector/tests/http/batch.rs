//! `POST /v1/batch`: what is kept, what is refused and where the refusal points.

use serde_json::json;

use crate::support::{Collector, batch, event, uuid, with};

#[test]
fn what_was_sent_is_what_is_given() {
    let collector = Collector::start(&[]);
    let stream = uuid();
    let sent = with(
        event(1, "add_to_cart"),
        json!({
            "visitor": uuid(), "session": {"id": uuid(), "number": 2}, "value": 12.5, "currency": "EUR", "leadsTo": "purchase",
            "properties": {"sku": "T-1", "nested": [1, null, {"a": true}]}, "trigger": {"on": "click"}, "consent": 1,
            "untrusted": true,
        }),
    );
    // The digits of a price are the shop's: 12.50 must not come back as 12.5.
    let text = batch(&stream, std::slice::from_ref(&sent)).to_string().replace("12.5", "12.50");
    for kind in ["text/plain", "application/json; charset=utf-8"] {
        let header = format!("Content-Type: {kind}");
        assert_eq!(collector.ask("POST", "/v1/batch", &[&header], text.as_bytes()).status, 204);
    }
    assert_eq!(collector.ask("POST", "/v1/batch", &[], text.as_bytes()).status, 204, "no type at all");
    let answer = collector.get("/v1/events");
    assert!(answer.text().contains("\"value\":12.50,"));
    let mut line = collector.events("").remove(0);
    let received = line["received"].as_u64().unwrap();
    assert!(received > 1_700_000_000_000);
    let members = line.as_object_mut().unwrap();
    members.remove("received");
    assert_eq!(members.remove("stream"), Some(json!(stream)));
    assert_eq!(members.remove("site"), Some(json!("shop-42")));
    assert_eq!(line, sent);
    assert_eq!(collector.events("").len(), 1, "three times the same is one event");
    assert_eq!(collector.audit(&stream)["duplicates"], 2);
}

#[test]
fn the_higher_rev_shows_whichever_comes_first() {
    let collector = Collector::start(&[]);
    for late in [false, true] {
        let (stream, name) = (uuid(), if late { "late" } else { "in_order" });
        let attempt = with(event(1, name), json!({"phase": "attempted"}));
        let outcome = with(attempt.clone(), json!({"seq": 2, "rev": 1, "phase": "failed"}));
        let order = if late { [&outcome, &attempt] } else { [&attempt, &outcome] };
        for event in order {
            collector.keep(&batch(&stream, std::slice::from_ref(event)));
        }
        let shown = collector.events(&format!("?name={name}"));
        assert_eq!(shown.len(), 1);
        assert_eq!((&shown[0]["rev"], &shown[0]["phase"]), (&json!(1), &json!("failed")));
        let audit = collector.audit(&stream);
        assert_eq!(
            audit["superseded"],
            json!([{"id": attempt["id"], "rev": 0, "seq": 1, "late": late, "by": {"stream": stream, "seq": 2, "rev": 1}}])
        );
        assert_eq!((&audit["received"], &audit["duplicates"]), (&json!([[1, 2]]), &json!(0)));
    }
    // The outcome may be found on the visitor's next page, which is another stream.
    let (before, after) = (uuid(), uuid());
    let attempt = with(event(1, "crossing"), json!({"phase": "attempted"}));
    collector.keep(&batch(&before, std::slice::from_ref(&attempt)));
    collector.keep(&batch(&after, &[with(attempt, json!({"rev": 1, "phase": "confirmed"}))]));
    assert_eq!(collector.events("?name=crossing").len(), 1);
    assert_eq!(collector.audit(&before)["superseded"][0]["by"]["stream"], json!(after));
    assert_eq!(collector.audit(&after)["superseded"], json!([]));
}

#[test]
fn one_bad_event_and_nothing_is_stored() {
    let collector = Collector::start(&[]);
    let good = event(1, "good");
    let bad = [
        (json!({"seq": 0}), "events[1].seq"),
        (json!({"rev": 2}), "events[1].rev"),
        (json!({"name": ""}), "events[1].name"),
        (json!({"name": "n".repeat(201)}), "events[1].name"),
        (json!({"kind": "nano"}), "events[1].kind"),
        (json!({"colour": "red"}), "events[1].colour"),
        (json!({"id": "no uuid"}), "events[1].id"),
        (json!({"page": {"id": uuid()}}), "events[1].page"),
        (json!({"seq": "2"}), "events[1].seq"),
    ];
    for (wrong, path) in bad {
        let stream = uuid();
        let answer = collector.post(&batch(&stream, &[good.clone(), with(event(2, "bad"), wrong)]));
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(answer.error().1, path, "{}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(collector.get(&format!("/v1/audit?stream={stream}")).status, 404);
    }
    let many: Vec<_> = (1..=1001).map(|seq| event(seq, "m")).collect();
    assert_eq!(collector.post(&batch(&uuid(), &many)).error(), ("too_many".to_owned(), "events".to_owned()));
    assert_eq!(collector.events(""), Vec::<serde_json::Value>::new());
    collector.keep(&batch(&uuid(), &many[..1000]));
}

#[test]
fn what_is_no_batch_is_told_so() {
    let collector = Collector::start(&[]);
    let post = |body: &[u8]| collector.ask("POST", "/v1/batch", &["Content-Type: text/plain"], body);
    let code = |body: &[u8]| {
        let answer = post(body);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (400, Some("*")));
        answer.error().0
    };
    assert_eq!(code(b""), "bad_json");
    assert_eq!(code(b"{\"version\":1,"), "bad_json");
    assert_eq!(code(b"null"), "bad_shape");
    assert_eq!(code(b"\xff\xfe"), "bad_utf8");
    let text = batch(&uuid(), &[event(1, "caf\u{e9}")]).to_string();
    let cut = text
        .replace('\u{e9}', "#")
        .bytes()
        .map(|byte| if byte == b'#' { 0xe9 } else { byte })
        .collect::<Vec<_>>();
    assert_eq!(code(&cut), "bad_utf8", "Latin-1 in the middle");
    let header = ["Content-Type: multipart/form-data; boundary=x"];
    assert_eq!(collector.ask("POST", "/v1/batch", &header, text.as_bytes()).status, 415);
    let header = ["Content-Type: text/plain", "Content-Encoding: gzip"];
    assert_eq!(collector.ask("POST", "/v1/batch", &header, b"\x1f\x8b").status, 415);
    assert!(collector.events("").is_empty());
}

#[test]
fn any_page_may_post_and_read_the_answer() {
    let collector = Collector::start(&[]);
    let preflight = collector.ask(
        "OPTIONS",
        "/v1/batch",
        &["Origin: https://shop.example", "Host: collect.example"],
        b"",
    );
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert_eq!(preflight.header("access-control-allow-headers"), Some("content-type"));
    assert_eq!(preflight.header("access-control-allow-methods"), Some("POST"));
    let text = batch(&uuid(), &[event(1, "n")]).to_string();
    let answer = collector.ask("POST", "/v1/batch", &["Host: collect.example"], text.as_bytes());
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, Some("*")));
    assert_eq!(answer.header("access-control-expose-headers"), Some("retry-after"));
    let wrong = collector.ask("PUT", "/v1/batch", &[], b"");
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("POST, OPTIONS")));
    assert_eq!(wrong.header("access-control-allow-origin"), Some("*"));
    assert_eq!(wrong.error().0, "method_not_allowed");
    assert_eq!(collector.ask("GET", "/healthz", &["Host: any.example"], b"").json(), json!({"status": "ok"}));
}

/// A batch with so much space behind it that it has this size.
fn padded(size: usize) -> String {
    let text = batch(&uuid(), &[]).to_string();
    let space = " ".repeat(size - text.len());
    text + &space
}

#[test]
fn a_body_over_the_limit_is_answered_not_cut() {
    let collector = Collector::start(&["--max-body", "2000"]);
    for size in [2001, 4_000, 30_000, 3_000_000] {
        let text = padded(size);
        let head = format!(
            "POST /v1/batch HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
        );
        // Beyond all patience the connection is closed, and the sender may see just that.
        let Ok(answer) = crate::support::send(collector.port, &[head.as_bytes(), text.as_bytes()].concat())
        else {
            assert!(size > 16 * 2000);
            continue;
        };
        assert_eq!((answer.status, answer.error().0.as_str()), (413, "too_large"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    }
    let text = padded(2000);
    assert_eq!(collector.ask("POST", "/v1/batch", &[], text.as_bytes()).status, 204);
}
