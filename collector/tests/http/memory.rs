//! Memory stays bounded, whatever is sent: measured as the process's highest resident size, from Linux.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::{Answer, Collector, batch, event, uuid};

const MB: u64 = 1024 * 1024;

/// The highest resident size so far, in bytes.
fn peak(collector: &Collector) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", collector.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[expect(clippy::print_stderr, reason = "the figure; shown with --nocapture")]
fn tell(what: &str, before: u64, now: u64) {
    eprintln!("{what}: {} kB at first, {} kB at the most", before / 1024, now / 1024);
}

fn post(port: u16, length: usize, body: impl Iterator<Item = Vec<u8>>) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(
        stream,
        "POST /v1/batch HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    for part in body {
        stream.write_all(&part).ok()?;
    }
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).ok()?;
    Answer::read(&raw).ok()
}

#[test]
fn a_hundred_megabytes_are_refused_without_being_kept() {
    let collector = Collector::start(&[]);
    collector.keep(&batch(&uuid(), &[event(1, "warm")]));
    let before = peak(&collector);
    let parts = std::iter::repeat_n(vec![b' '; 1_000_000], 100);
    let answer = post(collector.port, 100_000_000, parts).expect("an answer, not a broken connection");
    assert_eq!((answer.status, answer.error().0.as_str()), (413, "too_large"));
    tell("a body of 100 MB", before, peak(&collector));
    let more = peak(&collector) - before;
    assert!(more < 8 * MB, "{} kB more", more / 1024);
    // Without a length, and without an end.
    let mut stream = TcpStream::connect(("127.0.0.1", collector.port)).unwrap();
    stream.write_all(b"POST /v1/batch HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 65_536], b"\r\n".to_vec()].concat();
    let sent = (0..10_000).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!(sent < 10_000, "patience has an end");
    assert!(peak(&collector) - before < 8 * MB);
    collector.keep(&batch(&uuid(), &[event(1, "after")]));
}

/// The worst a body of the largest size can hold, from many at once: lists of nothing, thousands of small events.
#[test]
fn many_hostile_bodies_at_once_do_not_add_up() {
    let collector = Collector::start(&["--max-rate", "100000"]);
    let empty = batch(&uuid(), &[event(1, "n")]).to_string();
    let inflated = |list: &str, length: usize| {
        let inside = format!("\"properties\":{{\"p\":[{}1]}},\"name\"", list.repeat(length / list.len()));
        empty.replacen("\"name\"", &inside, 1)
    };
    let small: Vec<_> = (1..=1000).map(|seq| event(seq, "n")).collect();
    let bodies = [
        inflated("1,", 60_000),
        inflated("[],", 500_000),
        inflated("{\"a\":1},", 60_000),
        batch(&uuid(), &small).to_string(),
        "[".repeat(500_000),
        format!("{{\"events\":[{}1]}}", "1,".repeat(240_000)),
    ];
    let before = peak(&collector);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let run = |worker: usize| {
            let bodies = &bodies;
            let port = collector.port;
            move || {
                let sent = (0..3).filter_map(|n| {
                    let body = bodies[(worker + n) % bodies.len()].clone().into_bytes();
                    post(port, body.len(), std::iter::once(body))
                });
                sent.map(|answer| answer.status).collect::<Vec<_>>()
            }
        };
        let workers: Vec<_> = (0..32).map(|worker| scope.spawn(run(worker))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(statuses.len(), 96);
    assert!(statuses.iter().all(|status| matches!(status, 204 | 400 | 429 | 503)), "{statuses:?}");
    assert!(statuses.contains(&204) && statuses.contains(&400));
    tell("hostile bodies", before, peak(&collector));
    let more = peak(&collector) - before;
    assert!(more < 80 * MB, "{} kB more", more / 1024);
    collector.keep(&batch(&uuid(), &[event(1, "after")]));
}

/// Bodies that never end are held up to the limit and no further; those beyond it are told to come back.
#[test]
fn bodies_that_never_end_fill_what_they_may_and_no_more() {
    let collector = Collector::start(&["--max-held", "4000000", "--body-timeout", "60"]);
    let mut open: Vec<TcpStream> = Vec::new();
    let before = peak(&collector);
    for _ in 0..20 {
        let mut stream = TcpStream::connect(("127.0.0.1", collector.port)).unwrap();
        let head =
            "POST /v1/batch HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 500000\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&vec![b' '; 400_000]).unwrap();
        open.push(stream);
    }
    // Two fit into this source's quarter. Those that do not fit are still read, so they can be answered.
    let mut statuses = Vec::new();
    for mut stream in open {
        stream.write_all(&vec![b' '; 100_000]).unwrap();
        let mut raw = Vec::new();
        stream.read_to_end(&mut raw).unwrap();
        statuses.push(Answer::read(&raw).unwrap().status);
    }
    assert!(statuses.contains(&429) && statuses.contains(&400), "{statuses:?}");
    assert!(peak(&collector) - before < 16 * MB);
    collector.keep(&batch(&uuid(), &[event(1, "after")]));
}
