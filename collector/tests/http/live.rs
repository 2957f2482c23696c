//! `/v1/live`: what is there, then what comes, as soon as it is committed.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Collector, batch, event, uuid, with};

struct Watch(BufReader<TcpStream>);

impl Watch {
    fn open(collector: &Collector, query: &str) -> Self {
        let mut socket = TcpStream::connect(("127.0.0.1", collector.port)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(socket, "GET /v1/live{query} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        Self(BufReader::new(socket))
    }

    /// The next message of that name; others are passed over.
    fn next(&mut self, name: &str) -> Value {
        let mut found = false;
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
            if let Some(event) = line.strip_prefix("event: ") {
                found = event.trim() == name;
            } else if let Some(data) = line.strip_prefix("data: ")
                && found
            {
                return serde_json::from_str(data).unwrap();
            }
        }
    }
}

#[test]
fn what_is_there_and_then_what_comes() {
    let collector = Collector::start(&[]);
    let events: Vec<_> = (1..=250).map(|seq| event(seq, "old")).collect();
    collector.keep(&batch(&uuid(), &events));
    let mut watch = Watch::open(&collector, "");
    watch.next("hello");
    assert_eq!(watch.next("totals")["events"], 250);
    for seq in 51..=250 {
        assert_eq!(watch.next("footstep")["seq"], seq, "the newest 200, oldest first");
    }
    watch.next("settled");
    let attempt = with(
        event(1, "new"),
        json!({"phase": "attempted", "value": 12.5, "currency": "EUR", "visitor": uuid()}),
    );
    let outcome = with(attempt.clone(), json!({"seq": 2, "rev": 1, "kind": "macro", "phase": "confirmed"}));
    let stream = uuid();
    collector.keep(&batch(&stream, &[outcome]));
    let came = watch.next("footstep");
    assert_eq!(
        (&came["name"], &came["stream"], &came["site"]),
        (&json!("new"), &json!(stream), &json!("shop-42"))
    );
    // A late attempt and a duplicate are no news; the next event that is told is the one after them.
    collector.keep(&batch(&stream, std::slice::from_ref(&attempt)));
    collector.keep(&batch(&stream, &[attempt]));
    collector.keep(&batch(&stream, &[event(4, "next")]));
    assert_eq!(watch.next("footstep")["name"], "next");
    let totals = loop {
        let totals = watch.next("totals");
        if totals["events"] == 252 {
            break totals;
        }
    };
    assert_eq!(
        (&totals["conversions"], &totals["macroConversions"], &totals["visitors"]),
        (&json!(252), &json!(1), &json!(1))
    );
    assert_eq!(
        totals["value"],
        json!([{"currency": "EUR", "macroConversions": 12.5, "microConversions": 0.0}])
    );
    assert_eq!(totals["audit"]["missing"], 1);
    assert_eq!(totals["audit"]["duplicates"], 1);
}

/// More at once than a watcher is told: it is sent away and finds everything when it comes back, never a hole.
#[test]
fn too_much_at_once_is_looked_up_anew() {
    let collector = Collector::start(&["--max-body", "2000000"]);
    let mut watch = Watch::open(&collector, "");
    watch.next("settled");
    let big = |seq| with(event(seq, "big"), json!({"properties": {"text": "x".repeat(50_000)}}));
    let events: Vec<_> = (1..=30).map(big).collect();
    collector.keep(&batch(&uuid(), &events));
    // The answer ends with an empty chunk.
    let mut line = String::new();
    while line != "0\r\n" {
        line.clear();
        assert!(watch.0.read_line(&mut line).unwrap() > 0);
        assert_ne!(line, "event: footstep\n", "not a part of them");
    }
    let mut again = Watch::open(&collector, "");
    for seq in 1..=30 {
        assert_eq!(again.next("footstep")["seq"], seq);
    }
}

#[test]
fn the_token_goes_in_the_query() {
    let collector = Collector::start(&["--read-token", "t"]);
    Watch::open(&collector, "?token=t").next("settled");
}
