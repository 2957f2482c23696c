//! What one source can do to the others: nothing. Clients that are slow, many, large or fast are told so, and whoever
//! comes from elsewhere is served meanwhile.
//!
//! On Linux every address of 127.0.0.0/8 is this machine, so a test can come from several.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use crate::support::{Collector, FIRST, answer, batch, connect, event, post, uuid};

const OTHER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

/// Waits until the other side has closed; nothing but that may come. To wait for too long is no end.
fn is_closed(mut stream: TcpStream) -> bool {
    match stream.read(&mut [0; 1]) {
        Ok(count) => count == 0,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

#[test]
fn slow_clients_are_let_go_and_others_are_served_meanwhile() {
    let collector =
        Collector::start(&["--head-timeout", "1", "--body-timeout", "2", "--max-source-connections", "40"]);
    let mut heads: Vec<TcpStream> = (0..20).map(|_| connect(FIRST, collector.port)).collect();
    let mut bodies: Vec<TcpStream> = (0..20).map(|_| connect(FIRST, collector.port)).collect();
    for stream in &mut heads {
        stream.write_all(b"POST /v1/batch HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
    }
    for stream in &mut bodies {
        stream
            .write_all(b"POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"ver")
            .unwrap();
    }
    // A byte now and then does not buy more time.
    let drip = std::thread::spawn({
        let mut streams: Vec<TcpStream> =
            heads.iter().chain(&bodies).map(|stream| stream.try_clone().unwrap()).collect();
        move || {
            for _ in 0..40 {
                std::thread::sleep(Duration::from_millis(100));
                streams.retain_mut(|stream| stream.write_all(b" ").is_ok());
            }
        }
    });
    // All forty places of that source are taken; another one does not notice.
    assert_eq!(post(FIRST, collector.port).error().0, "too_many_connections");
    for _ in 0..20 {
        assert_eq!(post(OTHER, collector.port).status, 204);
    }
    for stream in bodies {
        let answer = answer(stream);
        assert_eq!((answer.status, answer.error().0.as_str()), (408, "too_slow"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    }
    assert!(heads.into_iter().all(is_closed));
    assert_eq!(post(FIRST, collector.port).status, 204, "and they may come again");
    drip.join().unwrap();
}

#[test]
fn connections_too_many_are_told_so() {
    let collector = Collector::start(&["--max-source-connections", "3", "--max-connections", "5"]);
    let first: Vec<TcpStream> = (0..3).map(|_| connect(FIRST, collector.port)).collect();
    let refused = post(FIRST, collector.port);
    assert_eq!((refused.status, refused.error().0.as_str()), (429, "too_many_connections"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
    let other: Vec<TcpStream> = (0..2).map(|_| connect(OTHER, collector.port)).collect();
    let refused = post(Ipv4Addr::new(127, 0, 0, 4), collector.port);
    assert_eq!((refused.status, refused.error().0.as_str()), (503, "busy"));
    drop((first, other));
    // The places are free as soon as the collector has heard of it.
    let again = (0..200).map(|_| post(FIRST, collector.port).status).find(|&status| status == 204);
    assert_eq!(again, Some(204));
}

#[test]
fn a_source_that_is_too_fast_is_told_when_to_come_back() {
    let collector = Collector::start(&["--max-rate", "2"]);
    let statuses: Vec<u16> = (0..60).map(|_| post(FIRST, collector.port).status).collect();
    let kept = statuses.iter().filter(|&&status| status == 204).count();
    assert!(statuses[..20].iter().all(|&status| status == 204), "ten seconds' worth at once");
    assert_eq!(kept + statuses.iter().filter(|&&status| status == 429).count(), 60);
    assert!(kept < 60);
    let refused = loop {
        let answer = post(FIRST, collector.port);
        if answer.status == 429 {
            break answer;
        }
    };
    assert_eq!((refused.error().0.as_str(), refused.header("retry-after")), ("too_fast", Some("1")));
    assert_eq!(refused.header("access-control-expose-headers"), Some("retry-after"));
    assert_eq!(post(OTHER, collector.port).status, 204);
    // Reading is not slowed: the owner looks while a page misbehaves.
    assert!(collector.events("").len() > kept);
}

#[test]
fn a_large_body_counts_as_many() {
    let collector = Collector::start(&["--max-rate", "1"]);
    let text = batch(&uuid(), &[event(1, "n")]).to_string();
    let large = |from| {
        let mut stream = connect(from, collector.port);
        let body = format!("{text}{}", " ".repeat(100_000));
        let head = "POST /v1/batch HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length:";
        stream.write_all(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
        answer(stream)
    };
    assert_eq!(large(FIRST).status, 204);
    assert_eq!(large(FIRST).error().0, "too_fast");
    assert_eq!(large(OTHER).status, 204);
}

#[test]
fn behind_a_proxy_the_visitor_is_the_source() {
    let collector =
        Collector::start(&["--max-rate", "1", "--max-source-connections", "1", "--proxy", "127.0.0.1"]);
    let from = |visitor: &str| {
        let header = format!("X-Forwarded-For: 6.6.6.6, {visitor}");
        let text = batch(&uuid(), &[event(1, "n")]).to_string();
        collector.ask("POST", "/v1/batch", &[&header], text.as_bytes()).status
    };
    let _open = connect(Ipv4Addr::LOCALHOST, collector.port);
    let statuses: Vec<u16> = (0..30).map(|_| from("192.0.2.7")).collect();
    assert!(statuses.contains(&429) && statuses.starts_with(&[204; 10]));
    assert_eq!(from("192.0.2.8"), 204);
}

#[test]
fn who_asks_before_sending_too_much_is_spared_the_sending() {
    let collector = Collector::start(&[]);
    let mut stream = connect(FIRST, collector.port);
    stream
        .write_all(b"POST /v1/batch HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 100000000\r\n\r\n")
        .unwrap();
    let answer = answer(stream);
    assert_eq!((answer.status, answer.error().0.as_str()), (413, "too_large"));
}
