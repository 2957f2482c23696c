//! A disk that is full, in two ways: the database has grown as large as it may (`--max-db`, SQLite says full), and the
//! system refuses to write (a limit on the size of files, an I/O error). Each time: a clear refusal, what was promised
//! is there, and when there is space again, it goes on by itself. A file system that is really full wants root to make
//! one: `tests/long/`. From Linux, for `prlimit`.

use std::process::{Command, Stdio};

use crate::support::{Collector, batch, event, fill, folder, program, uuid};

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
