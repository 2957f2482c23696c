//! The wire: a golden batch, byte for byte; the schema and the structs agree with it.
//!
//! A format's goldens lie in `tests/wire/<format>/`. `UPDATE=1` writes them anew; look at the difference.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use footstep::formats::Header;
use footstep::formats::footstep::{encode, write_event};
use footstep::model::batch::{Batch, Context};
use footstep::model::dropped::{DropReason, Dropped};
use footstep::model::json;
use footstep::model::record::{Kind, Page, Record, Session};
use footstep::model::time::{Millis, Now};
use footstep::model::uuid::Uuid;
use footstep::model::value::{Number, Object, Value};

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let text = fs::read_to_string(root("schema/batch.v1.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
});

/// Fails with the first reason why a body is no batch.
pub(crate) fn assert_valid(body: &str) {
    let value: serde_json::Value = serde_json::from_str(body).expect("JSON");
    if let Err(error) = SCHEMA.validate(&value) {
        panic!("{}: {error}\n{body}", error.instance_path());
    }
}

pub(crate) fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn object(text: &str) -> Object {
    let Ok(Value::Object(object)) = json::read(text) else { panic!("no object: {text}") };
    object
}

/// Everything a batch can say, and a record that says as little as it can.
fn records() -> [Record; 2] {
    let id = |last: u128| Uuid(0x0193_5c5e_7d1a_7b2c_8d3e_4f50_6172_8300 + last);
    let page = Page {
        id: id(1),
        url: "https://shop.example/p?id=7".to_owned(),
        title: "A \"lamp\" </script>\u{1}".to_owned(),
        referrer: "https://search.example/".to_owned(),
        route: "https://shop.example/".to_owned(),
    };
    let mut full =
        Record::new(Kind::Macro, "purchase", object(r#"{"on":"scroll","percent":75,"jump":true}"#));
    full.id = id(2);
    full.rev = 1;
    (full.at, full.mono) = (Millis(1_800_000_000_123), Millis(4567));
    full.page = page;
    full.visitor = Some(id(3));
    full.session = Some(Session { id: id(4), number: 12 });
    full.value = Number::parse("12.5");
    full.currency = Some("EUR".to_owned());
    full.leads_to = Some("contract".to_owned());
    full.properties =
        object(r#"{"order":"77","items":[{"sku":"ü🙂","price":1.25,"gift":null}],"first":false}"#);
    full.attempt = object(r#"{"at":1800000000023,"by":"visible","what":".thanks","repeats":2}"#);
    full.consent = 2;
    full.untrusted = true;
    let mut bare = Record::new(Kind::Page, "page", Object::default());
    bare.id = id(5);
    bare.page.id = id(6);
    [full, bare]
}

fn batch(limit: usize) -> (String, usize) {
    let context = Context {
        engine: "wasm".to_owned(),
        language: "de-AT".to_owned(),
        zone: "Europe/Vienna".to_owned(),
        screen: "1920x1080".to_owned(),
        automation: true,
    };
    let header = Header {
        site: Some("shop-42"),
        sent: Now { at: Millis(1_800_000_001_000), mono: Millis(5444) },
        stream: Uuid(0x0193_5c5e_7d1a_7b2c_8d3e_4f50_6172_83ff),
        context: &context,
        dropped: &[Dropped { from: 3, to: 5, reason: DropReason::Overflow }],
        closed: Some(7),
        diagnostics: &["unknown_word"],
    };
    let texts = records().map(|record| {
        let mut text = String::new();
        write_event(&mut text, &record);
        text
    });
    encode(&header, &mut (6..).zip(texts.iter().map(String::as_str)), limit)
}

#[test]
fn the_golden_batch() {
    let path = root("tests/wire/footstep/batch.json");
    let (body, count) = batch(60_000);
    assert_eq!(count, 2);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, format!("{body}\n")).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), format!("{body}\n"));
}

#[test]
fn the_structs_and_the_schema_read_what_is_written() {
    let (body, _) = batch(60_000);
    assert_valid(&body);
    let read: Batch = serde_json::from_str(&body).unwrap();
    let [full, bare] = records();
    assert_eq!(read.events[0].record, full);
    assert_eq!(read.events[1].record, bare);
    let again = serde_json::to_value(&read).unwrap();
    assert_eq!(again, serde_json::from_str::<serde_json::Value>(&body).unwrap());
}

#[test]
fn a_batch_ends_where_the_limit_is() {
    let (whole, _) = batch(60_000);
    for limit in 0..=whole.len() {
        let (body, count) = batch(limit);
        assert!(count == 0 || body.len() <= limit, "{} bytes of {limit}", body.len());
        assert_eq!(count == 2, limit == whole.len(), "{limit}");
        assert_valid(&body);
    }
}

#[test]
fn the_schema_refuses_what_is_no_batch() {
    let (body, _) = batch(60_000);
    for (from, to) in [
        (r#""version":1"#, r#""version":2"#),
        (r#""seq":6,"#, ""),
        (r#""kind":"macro""#, r#""kind":"huge""#),
        (r#""rev":1"#, r#""rev":-1"#),
        (r#""untrusted":true"#, r#""untrusted":true,"email":"x""#),
        (r#""reason":"overflow""#, r#""reason":"boredom""#),
    ] {
        let broken = body.replacen(from, to, 1);
        assert_ne!(broken, body, "{from}");
        assert!(!SCHEMA.is_valid(&serde_json::from_str(&broken).unwrap()), "{to}");
    }
}

/// What the writer does not write yet is held to one meaning all the same.
#[test]
fn closed_streams_and_every_reason_are_read_by_both() {
    let (body, _) = batch(60_000);
    let stream = "01935c5e-7d1a-7b2c-8d3e-4f50617283fe";
    let mut value: serde_json::Value = serde_json::from_str(&body).unwrap();
    let reasons = DropReason::ALL.iter().map(|reason| reason.text());
    value["dropped"] =
        reasons.map(|reason| serde_json::json!({"from": 1, "to": 2, "reason": reason})).collect();
    value["closed"] = serde_json::json!([{"stream": stream, "lastSeq": 0}]);
    assert_valid(&value.to_string());
    let read: Batch = serde_json::from_value(value.clone()).unwrap();
    assert_eq!((read.closed[0].stream.text().as_str(), read.closed[0].last_seq), (stream, 0));
    assert!(read.dropped.iter().map(|dropped| dropped.reason).eq(DropReason::ALL.iter().copied()));
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
    value["closed"][0]["last"] = 1.into();
    assert!(!SCHEMA.is_valid(&value));
    assert!(serde_json::from_value::<Batch>(value).is_err());
}
