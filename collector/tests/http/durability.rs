//! What a 204 is worth: killed in the middle of the load, asked to end, or with a disk that does not keep up.

use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use crate::load::killed_under_load;
use crate::support::{Collector, batch, event, folder, raw, send, uuid};

#[test]
fn killed_under_load_it_has_every_batch_it_answered() {
    killed_under_load(2, 1_500);
}

#[test]
fn asked_to_end_it_ends_and_keeps_what_it_has() {
    for signal in ["-TERM", "-INT"] {
        let mut collector = Collector::start(&[]);
        collector.keep(&batch(&uuid(), &[event(1, "n")]));
        // An open live page must not hold it back.
        let mut watcher = std::net::TcpStream::connect(("127.0.0.1", collector.port)).unwrap();
        std::io::Write::write_all(&mut watcher, b"GET /v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        std::io::Read::read_exact(&mut watcher, &mut [0; 64]).unwrap();
        assert!(
            Command::new("kill")
                .args([signal, &collector.child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        assert!(collector.child.wait().unwrap().success());
        assert!(!collector.db.with_extension("sqlite-wal").exists(), "the log is folded into the database");
        assert_eq!(Collector::on(collector.db.clone(), &[]).events("").len(), 1);
    }
}

#[test]
fn when_the_disk_does_not_keep_up_it_says_when_to_come_back() {
    let collector = Collector::start(&["--queue", "1"]);
    let other = rusqlite::Connection::open(&collector.db).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (told, hears) = mpsc::channel();
    let mut sent = 0;
    // One is in the writer's hands, one waits; the next is refused at once.
    let refused = loop {
        sent += 1;
        assert!(sent < 10, "the queue has no end");
        let (told, port) = (told.clone(), collector.port);
        std::thread::spawn(move || told.send(send(port, &raw(&batch(&uuid(), &[event(1, "n")]))).unwrap()));
        if let Ok(answer) = hears.recv_timeout(Duration::from_millis(300)) {
            break answer;
        }
    };
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
    assert_eq!(refused.error().0, "busy");
    assert!(collector.events("").is_empty(), "nothing was promised yet");
    other.execute_batch("COMMIT").unwrap();
    for _ in 1..sent {
        assert_eq!(hears.recv_timeout(Duration::from_secs(20)).unwrap().status, 204);
    }
    assert_eq!(collector.events("").len(), sent - 1);
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let path = folder().join("other.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    for (db, word) in [(path, "something else"), (folder().join("no/such/folder.sqlite"), "unable to open")] {
        let output = crate::support::program().args(["--port", "0", "--db"]).arg(db).output().unwrap();
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains(word));
    }
}
