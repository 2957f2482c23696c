//! Load as many pages make it: connections that stay open, each with a stream of its own, a batch every so often.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::support::{Collector, batch, event, folder, uuid};

/// Pages that send at the same time.
const PAGES: usize = 64;
/// Events in each batch.
const EVENTS: u64 = 3;

/// A load that goes on until the collector is gone.
pub(crate) struct Load {
    /// Batches answered 204 so far, over all pages.
    pub(crate) kept: Arc<AtomicUsize>,
    began: Instant,
    pages: Vec<JoinHandle<Page>>,
}

/// What one page was told.
pub(crate) struct Page {
    pub(crate) stream: String,
    /// Batches answered 204; of the next one no answer came.
    pub(crate) kept: u64,
}

impl Load {
    /// `rate` batches a second in all, if the collector keeps up.
    pub(crate) fn start(port: u16, rate: u32) -> Self {
        let kept = Arc::new(AtomicUsize::new(0));
        let all = Arc::new(Barrier::new(PAGES + 1));
        let pause = Duration::from_secs(1) * u32::try_from(PAGES).unwrap() / rate;
        let pages = (0..PAGES).map(|_| {
            let (kept, all) = (Arc::clone(&kept), Arc::clone(&all));
            std::thread::spawn(move || page(port, pause, &kept, &all))
        });
        let pages = pages.collect();
        all.wait();
        Self { kept, began: now(), pages }
    }

    /// Waits until so many batches are kept; says at what rate, in batches a second.
    pub(crate) fn until(&self, kept: usize) -> f64 {
        while self.kept.load(Ordering::Relaxed) < kept {
            assert!(self.began.elapsed() < Duration::from_secs(120), "the collector has stopped answering");
            std::thread::sleep(Duration::from_millis(1));
        }
        f64::from(u32::try_from(self.kept.load(Ordering::Relaxed)).unwrap())
            / self.began.elapsed().as_secs_f64()
    }

    /// What each page was told, once the collector is gone.
    pub(crate) fn end(self) -> Vec<Page> {
        self.pages.into_iter().map(|page| page.join().unwrap()).collect()
    }
}

#[expect(clippy::print_stderr, reason = "the figure; shown with --nocapture")]
pub(crate) fn tell(rate: f64) {
    eprintln!("{rate:.0} batches of {} events a second, each on the disk before its answer", EVENTS);
}

/// Pages send 2,000 batches a second; the process is killed in the middle, several times over on one database. Says
/// how many a second were answered in the slowest round.
pub(crate) fn killed_under_load(rounds: usize, kept_each: usize) -> f64 {
    let db = folder().join("killed.sqlite");
    let flags = ["--max-rate", "100000"];
    let mut collector = Collector::on(db.clone(), &flags);
    let mut pages = Vec::new();
    let mut slowest = f64::INFINITY;
    for round in 1..=rounds {
        let load = Load::start(collector.port, 2_000);
        let rate = load.until(kept_each);
        collector.child.kill().unwrap();
        collector.child.wait().unwrap();
        tell(rate);
        slowest = slowest.min(rate);
        pages.extend(load.end());
        collector = Collector::on(db.clone(), &flags);
        let have: BTreeSet<(String, u64)> = collector
            .events("")
            .iter()
            .map(|line| (line["stream"].as_str().unwrap().to_owned(), line["seq"].as_u64().unwrap()))
            .collect();
        let promised =
            pages.iter().flat_map(|page| (1..=page.kept * EVENTS).map(|seq| (page.stream.clone(), seq)));
        let lost: Vec<_> = promised.filter(|number| !have.contains(number)).collect();
        assert_eq!(lost, [], "round {round}");
        // Of a batch that nobody was promised, all or nothing is there; the audit says the same as the events.
        let summary = collector.get("/v1/audit?limit=0").json()["summary"].clone();
        assert_eq!((&summary["missing"], &summary["conflicts"]), (&0.into(), &0.into()));
        assert_eq!(summary["received"].as_u64().unwrap(), have.len() as u64);
        assert_eq!(have.len() as u64 % EVENTS, 0);
    }
    slowest
}

fn page(port: u16, pause: Duration, all_kept: &AtomicUsize, all: &Barrier) -> Page {
    let stream = uuid();
    let mut page = Page { stream: stream.clone(), kept: 0 };
    let mut socket = BufReader::new(TcpStream::connect(("127.0.0.1", port)).unwrap());
    socket.get_ref().set_nodelay(true).unwrap();
    all.wait();
    let began = now();
    for turn in 0.. {
        let first = u64::from(turn) * EVENTS + 1;
        let events: Vec<_> = (first..first + EVENTS).map(|seq| event(seq, "load")).collect();
        let text = batch(&stream, &events).to_string();
        let head = format!("POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", text.len());
        // Behind time it sends at once: what did not go before goes now.
        std::thread::sleep((pause * turn).saturating_sub(began.elapsed()));
        match post(&mut socket, &[head.as_bytes(), text.as_bytes()].concat()) {
            Ok(204) => {
                page.kept += 1;
                all_kept.fetch_add(1, Ordering::Relaxed);
            }
            Ok(status) => panic!("answered {status}"),
            Err(_) => break,
        }
    }
    page
}

/// The status of the answer, which must be whole.
fn post(socket: &mut BufReader<TcpStream>, request: &[u8]) -> std::io::Result<u16> {
    socket.get_mut().write_all(request)?;
    let (mut line, mut status, mut length) = (String::new(), 0, 0);
    loop {
        line.clear();
        if socket.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = line.trim_end().to_ascii_lowercase();
        if let Some(rest) = text.strip_prefix("http/1.1 ") {
            status = rest[..3].parse().unwrap();
        } else if let Some(rest) = text.strip_prefix("content-length: ") {
            length = rest.parse().unwrap();
        } else if text.is_empty() {
            socket.read_exact(&mut vec![0; length])?;
            return Ok(status);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the rule guards the core; a load has a rate")]
fn now() -> Instant {
    Instant::now()
}
