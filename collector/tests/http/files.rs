//! `--serve`: types, parts, compressed copies, the log line, and no way out of the folder.

use std::io::BufRead;

use serde_json::{Value, json};

use crate::support::{Collector, folder};

fn shop() -> (Collector, std::path::PathBuf) {
    let outer = folder();
    let serve = outer.join("www");
    std::fs::create_dir_all(serve.join("sub")).unwrap();
    std::fs::create_dir_all(serve.join(".git")).unwrap();
    for (name, text) in [
        ("www/index.html", "<!doctype html>home"),
        ("www/sub/index.html", "sub"),
        ("www/app.js", "let a = 'plain'"),
        ("www/app.js.br", "br-bytes"),
        ("www/m.mjs", "export {}"),
        ("www/core.wasm", "\0asm"),
        ("www/style.css", "a{}"),
        ("www/film.mp4", "0123456789"),
        ("www/film.webm", "0123456789"),
        ("www/.git/config", "secret"),
        ("secret.txt", "secret"),
    ] {
        std::fs::write(outer.join(name), text).unwrap();
    }
    let collector = Collector::start(&["--log-requests", "--serve", serve.to_str().unwrap()]);
    (collector, outer)
}

#[test]
fn files_come_with_their_types() {
    let (collector, _) = shop();
    for (path, kind) in [
        ("/", "text/html"),
        ("/sub/", "text/html"),
        ("/app.js", "text/javascript"),
        ("/m.mjs", "text/javascript"),
        ("/core.wasm", "application/wasm"),
        ("/style.css", "text/css"),
        ("/film.mp4", "video/mp4"),
        ("/film.webm", "video/webm"),
    ] {
        let answer = collector.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{path}");
        assert_eq!(answer.header("content-security-policy"), None, "the shop's pages are the shop's");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    assert_eq!(collector.get("/sub").status, 307);
    assert_eq!(collector.get("/none.html").status, 404);
    assert_eq!(collector.ask("POST", "/app.js", &[], b"").status, 405);
    assert_eq!(collector.get("/live").status, 200, "our own paths go first");
}

#[test]
fn a_part_of_a_video_can_be_had() {
    let (collector, _) = shop();
    let part = |range: &str| collector.ask("GET", "/film.mp4", &[&format!("Range: bytes={range}")], b"");
    let middle = part("2-4");
    assert_eq!((middle.status, middle.text()), (206, "234"));
    assert_eq!(middle.header("content-range"), Some("bytes 2-4/10"));
    assert_eq!(part("7-").text(), "789");
    assert_eq!(part("-2").text(), "89");
    assert_eq!(part("20-").status, 416);
    assert_eq!(collector.get("/film.mp4").header("accept-ranges"), Some("bytes"));
}

#[test]
fn the_compressed_copy_is_taken_and_its_bytes_are_logged() {
    let (mut collector, _) = shop();
    let packed = collector.ask("GET", "/app.js", &["Accept-Encoding: gzip, br"], b"");
    assert_eq!((packed.text(), packed.header("content-encoding")), ("br-bytes", Some("br")));
    assert_eq!(packed.header("content-type"), Some("text/javascript"));
    assert_eq!(collector.get("/app.js").text(), "let a = 'plain'");
    let _ = collector.get("/v1/events");
    let _ = collector.get("/none");
    let mut line = || -> Value {
        let mut text = String::new();
        collector.out.read_line(&mut text).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    assert_eq!(line(), json!({"path": "/app.js", "status": 200, "bytes": 8, "encoding": "br"}));
    assert_eq!(line(), json!({"path": "/app.js", "status": 200, "bytes": 15, "encoding": null}));
    assert_eq!(line(), json!({"path": "/none", "status": 404, "bytes": 0, "encoding": null}));
}

#[test]
fn nothing_outside_the_folder_and_nothing_hidden() {
    let (collector, outer) = shop();
    let absolute = format!("/{}", outer.join("secret.txt").display());
    for path in [
        "/../secret.txt",
        "/sub/../../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2e%2Fsecret.txt",
        "/sub/..%5c..%5csecret.txt",
        "//../secret.txt",
        "/.git/config",
        "/%2egit/config",
        "/sub/..%2f.git/config",
        "/sub%2f..%2f.git%2fconfig",
        "/./../secret.txt",
        "/app.js/../../secret.txt",
        "/secret.txt%00.html",
        absolute.as_str(),
    ] {
        let answer = collector.get(path);
        assert!(answer.status >= 400, "{path}: {}", answer.status);
        assert!(!answer.text().contains("secret\n") && answer.text() != "secret", "{path}");
    }
}
