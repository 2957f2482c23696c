//! Who may read, under which name, and what a browser may do with what it gets.

use serde_json::json;

use crate::support::{Collector, batch, event, folder, program, uuid, with};

const READ: [&str; 3] = ["/v1/events", "/v1/audit", "/live"];

#[test]
fn only_under_a_name_of_this_server() {
    let serve = folder();
    std::fs::write(serve.join("index.html"), "shop").unwrap();
    let collector = Collector::start(&["--host", "shop.test", "--serve", serve.to_str().unwrap()]);
    for path in READ.into_iter().chain(["/", "/live.js"]) {
        for host in ["localhost", "127.0.0.1:9", "[::1]:4100", "shop.test", "SHOP.TEST:80"] {
            assert_eq!(
                collector.ask("GET", path, &[&format!("Host: {host}")], b"").status,
                200,
                "{host}{path}"
            );
        }
        for host in ["evil.example", "shop.test.evil.example", "127.0.0.1.evil.example:4100", ""] {
            let answer = collector.ask("GET", path, &[&format!("Host: {host}")], b"");
            assert_eq!((answer.status, answer.error().0.as_str()), (421, "unknown_host"), "{host}{path}");
        }
    }
}

#[test]
fn no_other_page_may_read() {
    let collector = Collector::start(&[]);
    for path in READ.into_iter().chain(["/", "/v1/nothing", "/nothing"]) {
        let answer = collector.ask("GET", path, &["Origin: https://evil.example"], b"");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
    assert_eq!(collector.get("/").header("location"), Some("/live"));
}

#[test]
fn with_a_token_reading_needs_it() {
    let collector = Collector::start(&["--read-token", "sesame street"]);
    for path in ["/v1/events", "/v1/audit"] {
        for wrong in ["", "?token=", "?token=sesame", "?token=sesame%20streetx"] {
            let answer = collector.get(&format!("{path}{wrong}"));
            assert_eq!((answer.status, answer.error().0.as_str()), (401, "token_needed"), "{path}{wrong}");
        }
        assert_eq!(collector.get(&format!("{path}?token=sesame%20street")).status, 200);
        assert_eq!(collector.ask("GET", path, &["Authorization: Bearer sesame street"], b"").status, 200);
        assert_eq!(collector.ask("GET", path, &["Authorization: Bearer no"], b"").status, 401);
    }
    assert_eq!(collector.get("/v1/live").status, 401);
    assert_eq!(collector.get("/live").status, 200, "the page itself holds no data, and asks for the token");
    collector.keep(&batch(&uuid(), &[event(1, "n")]));
}

#[test]
fn beyond_loopback_it_refuses_to_start_without_a_token() {
    let output = program().args(["--port", "0", "--listen", "0.0.0.0"]).output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("add --read-token"));
    let collector = Collector::start(&["--listen", "0.0.0.0", "--read-token", "t"]);
    assert_eq!(collector.get("/v1/events").status, 401);
}

/// The markup is stored as the text it is; what stands around it lets no browser read it as markup. How the live page
/// shows it is looked at in a browser, elsewhere.
#[test]
fn markup_stays_text() {
    let collector = Collector::start(&[]);
    let bad = "</script><img src=x onerror=alert(1)>\u{2028}";
    let stream = uuid();
    let sent = with(
        event(1, bad),
        json!({
            "currency": bad, "leadsTo": bad, "properties": {bad: bad}, "trigger": {"on": bad},
            "page": {"id": uuid(), "url": bad, "title": bad, "referrer": bad},
        }),
    );
    let context = json!({"engine": bad, "language": bad, "zone": bad, "screen": bad});
    collector
        .keep(&with(batch(&stream, &[sent]), json!({"site": bad, "context": context, "diagnostics": [bad]})));
    assert_eq!(collector.events("")[0]["properties"][bad], bad);
    assert_eq!(collector.audit(&stream)["context"]["zone"], bad);
    for (path, kind) in [
        ("/v1/events", "application/x-ndjson"),
        ("/v1/audit", "application/json"),
        ("/v1/x", "application/json"),
    ] {
        let answer = collector.get(path);
        assert_eq!(answer.header("content-type"), Some(kind));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    assert_eq!(collector.events("").len(), 1, "a line separator of JavaScript is no end of a line");
}

#[test]
fn the_live_page_holds_nothing_that_its_policy_would_have_to_allow() {
    let collector = Collector::start(&[]);
    let page = collector.get("/live");
    let policy = page.header("content-security-policy").unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{part}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let scripts = page.text().matches("<script").count();
    assert_eq!(scripts, page.text().matches("<script type=\"module\" src=\"/").count());
    for word in ["<style", " style=", " onclick", "http://", "https://"] {
        assert!(!page.text().contains(word), "{word}");
    }
    for path in ["/live.js", "/live-row.js", "/live-side.js"] {
        let script = collector.get(path);
        assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
        for word in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"]
        {
            assert!(!script.text().contains(word), "{path}: {word}");
        }
    }
    assert_eq!(collector.get("/live.css").header("content-type"), Some("text/css; charset=utf-8"));
}
