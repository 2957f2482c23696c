//! The collector's long forms: what takes minutes, two idle cores or root. They run when asked for by name:
//! `cargo test --release -p footstep-collector --test long -- --nocapture --test-threads 1`.

#![cfg(target_os = "linux")]

#[path = "../http/load.rs"]
mod load;
#[path = "../http/support.rs"]
#[expect(dead_code, reason = "the short forms use the rest")]
mod support;

use std::io::{Read, Write};
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::load::{Load, killed_under_load, tell};
use crate::support::{Collector, FIRST, batch, connect, event, fill, folder, post, uuid, with};

/// Ten times, at 2,000 batches a second.
#[test]
fn killed_under_load_it_has_every_batch_it_answered() {
    let slowest = killed_under_load(10, 10_000);
    assert!(slowest > 1_900.0, "{slowest:.0}");
}

/// How fast it is when nobody waits between batches, with the time until the answer; the promise of 2,000 is kept.
#[test]
fn as_fast_as_it_can() {
    let mut collector = Collector::start(&["--max-rate", "1000000"]);
    let load = Load::start(collector.port, 1_000_000);
    let rate = load.until(30_000);
    tell(rate);
    collector.child.kill().unwrap();
    load.end();
    assert!(rate > 2_000.0, "{rate:.0}");
}

/// A file system of 3 MB. Wants root, to mount it.
#[test]
fn a_file_system_that_is_full() {
    let place = folder();
    let path = place.to_str().unwrap();
    let run = |program: &str, arguments: &[&str]| {
        assert!(Command::new(program).args(arguments).status().unwrap().success(), "{program} {arguments:?}");
    };
    run("mount", &["-t", "tmpfs", "-o", "size=3m", "footstep", path]);
    let collector = Collector::on(place.join("full.sqlite"), &[]);
    let (kept, refused) = fill(&collector);
    assert!(kept > 5, "{kept}");
    assert_eq!((refused.status, refused.error().0.as_str()), (507, "no_space"));
    assert_eq!(collector.events("").len(), kept);
    run("mount", &["-o", "remount,size=30m", path]);
    collector.keep(&batch(&uuid(), &[event(1, "after")]));
    let again = collector.restart();
    assert_eq!(again.events("").len(), kept + 1);
    drop(again);
    run("umount", &[path]);
}

/// Who asks for much and reads nothing holds a place, but not for ever.
#[test]
fn an_answer_that_nobody_reads_is_given_up() {
    let collector = Collector::start(&["--max-source-connections", "1"]);
    let big = with(event(1, "big"), json!({"properties": {"text": "x".repeat(60_000)}}));
    (0..200).for_each(|_| {
        let sent = batch(&uuid(), &[with(big.clone(), json!({"id": uuid()}))]);
        // The connection before may not have been given back yet.
        while collector.post(&sent).status != 204 {}
    });
    let mut reader = connect(FIRST, collector.port);
    reader.write_all(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert_eq!(post(FIRST, collector.port).status, 429);
    let freed = (0..120).find(|_| {
        std::thread::sleep(Duration::from_millis(500));
        post(FIRST, collector.port).status == 204
    });
    assert!(freed.is_some_and(|turns| turns > 20), "{freed:?}");
    let mut answer = Vec::new();
    let _ = reader.read_to_end(&mut answer);
    assert!(answer.len() < 12_000_000, "cut off");
}
