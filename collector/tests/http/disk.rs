//! A disk that is full, in two ways: the database has grown as large as it may (`--max-db`, SQLite says full), and the
//! system refuses to write (a limit on the size of files, an I/O error). Each time: a clear refusal, what was promised
//! is there, and when there is space again, it goes on by itself. A file system that is really full wants root to make
//! one: the long form. From Linux, for `prlimit` and tmpfs.

use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::{Answer, Collector, batch, event, folder, program, uuid, with};

/// Sends until something else than 204 comes; says how many were kept.
fn fill(collector: &Collector) -> (usize, Answer) {
    for kept in 0..2_000 {
        let big = with(event(1, "big"), json!({"properties": {"text": "x".repeat(40_000)}}));
        let answer = collector.post(&batch(&uuid(), &[big]));
        if answer.status != 204 {
            return (kept, answer);
        }
    }
    panic!("80 MB fit into a disk that is full");
}

#[test]
fn a_database_as_large_as_it_may_be() {
    let collector = Collector::start(&["--max-db", "2000000"]);
    let (kept, refused) = fill(&collector);
    assert!(kept > 20, "{kept}");
    assert_eq!((refused.status, refused.error().0.as_str()), (507, "no_space"));
    assert_eq!(
        (refused.header("retry-after"), refused.header("access-control-allow-origin")),
        (Some("60"), Some("*"))
    );
    assert_eq!(collector.events("").len(), kept, "what was promised is there, and can be read");
    assert_eq!(collector.get("/v1/audit").json()["summary"]["streams"], kept);
    // The owner makes room.
    let owner = rusqlite::Connection::open(&collector.db).unwrap();
    owner.execute("DELETE FROM records", ()).unwrap();
    collector.keep(&batch(&uuid(), &[event(1, "after")]));
    assert_eq!(collector.events("").len(), 1);
}

#[test]
fn a_system_that_refuses_to_write() {
    let db = folder().join("full.sqlite");
    // The signal that comes with the limit is ignored, as a full disk sends none; `-S`: it can be lifted again.
    let script = "trap '' XFSZ; ulimit -S -f 3000; exec \"$0\" \"$@\"";
    let mut command = Command::new("bash");
    command.args(["-c", script]).arg(program().get_program()).stdout(Stdio::piped());
    let collector = Collector::spawn(command, db, &[]);
    let (kept, refused) = fill(&collector);
    assert!(kept > 10, "{kept}");
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("10")));
    assert_eq!(refused.error().0, "storage");
    assert_eq!(collector.events("").len(), kept);
    let id = collector.child.id().to_string();
    assert!(Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"]).status().unwrap().success());
    let sent = batch(&uuid(), &[event(1, "after")]);
    collector.keep(&sent);
    assert_eq!(collector.events("").len(), kept + 1);
    // Nothing is torn: the next start finds the same.
    let again = collector.restart();
    assert_eq!(again.events("").len(), kept + 1);
}

/// The real thing: a file system of 3 MB. `cargo test -p footstep-collector -- --ignored file_system`, as root.
#[test]
#[ignore = "mounts a file system: wants root"]
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
