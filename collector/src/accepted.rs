//! From bytes to a batch that can be kept, or to the exact place that is wrong. All of it or nothing.
//!
//! Does not know what is in the database: a batch that was seen before is as acceptable as the first time. Each event
//! is kept in the text it came in (only spacing is lost), so that a price such as `12.50` is never rounded.

use footstep::model::batch::{Batch, VERSION};
use footstep::model::record::Record;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::problem::Problem;
use crate::strict::Strict;

/// The most events, dropped ranges and closed streams in one batch.
pub const MAX_EVENTS: usize = 1_000;
/// The largest event, in bytes. A page's whole request is smaller.
pub const MAX_EVENT: usize = 64 * 1024;
/// The most codes of diagnostics.
pub const MAX_DIAGNOSTICS: usize = 100;
/// The largest worth of an event either way: sums of it stay numbers.
pub const MAX_VALUE: f64 = 1e15;
/// The longest name of an event or a site, in characters.
pub const MAX_NAME: usize = 200;
/// The highest whole number, of a stream or a clock: beyond it neither JavaScript nor SQLite counts exactly.
pub const MAX_SEQ: u64 = (1 << 53) - 1;
/// The highest rev: 0 is the first record of a conversion, 1 its outcome.
pub const MAX_REV: u8 = 1;

/// The most characters of a path or a message in a refusal: a hostile name is not sent back at full length.
const MAX_WORDS: usize = 300;

/// A batch that passed every check.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// What it says, but for what is kept as text only: properties, trigger and attempt are empty.
    pub batch: Batch,
    /// The JSON text of each event, on one line.
    pub texts: Vec<String>,
}

/// Only the events, each as text.
#[derive(Deserialize)]
struct Outline<'a> {
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

/// Reads a request's body.
///
/// # Errors
/// What is wrong and where; always a 400.
pub fn read(body: &[u8]) -> Result<Accepted, Problem> {
    let text = str::from_utf8(body).map_err(|error| {
        Problem::bad("bad_utf8", "", format!("the body is not UTF-8: byte {}", error.valid_up_to()))
    })?;
    let _: Strict = typed(text, "")?;
    let outline: Outline = typed(text, "")?;
    if outline.events.len() > MAX_EVENTS {
        let message = format!("{} events in one batch; {MAX_EVENTS} at most", outline.events.len());
        return Err(Problem::bad("too_many", "events", message));
    }
    // One by one first: of a flattened record the reader of the whole batch could not name the member that is wrong.
    let mut texts = Vec::with_capacity(outline.events.len());
    for (index, event) in outline.events.iter().enumerate() {
        let place = format!("events[{index}]");
        if event.get().len() > MAX_EVENT {
            let message = format!("{} bytes; {MAX_EVENT} at most", event.get().len());
            return Err(Problem::bad("out_of_range", place, message));
        }
        known_members(event.get(), &place)?;
        texts.push(one_line(event.get()));
    }
    let mut batch: Batch = typed(text, "")?;
    limits(&batch)?;
    for event in &mut batch.events {
        let record = &mut event.record;
        (record.properties, record.trigger, record.attempt) = Default::default();
    }
    Ok(Accepted { batch, texts })
}

/// Reads JSON text as a type; a problem's path begins with `place`.
fn typed<'a, T: Deserialize<'a>>(text: &'a str, place: &str) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut json);
    let value = read.map_err(|error| wrong(place, &error.path().to_string(), error.inner()))?;
    json.end().map_err(|error| wrong(place, "", &error))?;
    Ok(value)
}

/// An event's members must all be members of the record, or `seq`, which is read with the batch.
fn known_members(text: &str, place: &str) -> Result<(), Problem> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut track = serde_path_to_error::Track::new();
    let mut unknown = None;
    let reader = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let record: Result<Record, _> = serde_ignored::deserialize(reader, |path| {
        let name = path.to_string();
        if name != "seq" {
            unknown.get_or_insert(name);
        }
    });
    record.map_err(|error| wrong(place, &track.path().to_string(), &error))?;
    match unknown {
        Some(name) => Err(Problem::bad("bad_shape", join(place, &name), "an event has no such member")),
        None => Ok(()),
    }
}

/// JSON text without the space between its parts, so also without line breaks. Everything else stays as it was sent.
fn one_line(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let is_part = |&sign: &char| {
        let space = !quoted && matches!(sign, ' ' | '\n' | '\r' | '\t');
        quoted ^= sign == '"' && !escaped;
        escaped = sign == '\\' && !escaped;
        !space
    };
    text.chars().filter(is_part).collect()
}

fn wrong(place: &str, path: &str, error: &serde_json::Error) -> Problem {
    // Line and column count from where the reading began.
    let from = if place.is_empty() { "" } else { " of the event" };
    let path = short(&join(place, path));
    if error.is_data() {
        Problem::bad("bad_shape", path, short(&format!("{error}{from}")))
    } else {
        Problem::bad("bad_json", path, short(&format!("the body is not JSON: {error}")))
    }
}

fn short(words: &str) -> String {
    match words.char_indices().nth(MAX_WORDS) {
        // What is wrong stands at the beginning, where it is at the end.
        Some((end, _)) => {
            let last = words.char_indices().nth_back(60).map_or(end, |(at, _)| at.max(end));
            format!("{} … {}", &words[..end], &words[last..])
        }
        None => words.to_owned(),
    }
}

fn join(place: &str, path: &str) -> String {
    // `?` stands for a place inside of something that has not been read yet.
    let path = path.strip_suffix('?').map_or(path, |path| path.strip_suffix('.').unwrap_or(path));
    match (place, path) {
        ("", path) => path.to_owned(),
        (place, "" | ".") => place.to_owned(),
        (place, path) => format!("{place}.{path}"),
    }
}

/// What the types alone do not say.
fn limits(batch: &Batch) -> Result<(), Problem> {
    let limit = |path: String, message: String| Err(Problem::bad("out_of_range", path, message));
    if batch.version != VERSION {
        let message = format!("version {} is not known here; this collector reads {VERSION}", batch.version);
        return Err(Problem::bad("unknown_version", "version", message));
    }
    if batch.site.as_ref().is_some_and(|site| site.chars().count() > MAX_NAME) {
        return limit("site".to_owned(), format!("longer than {MAX_NAME} characters"));
    }
    if batch.dropped.len() > MAX_EVENTS {
        return limit("dropped".to_owned(), format!("more than {MAX_EVENTS} ranges"));
    }
    for (index, dropped) in batch.dropped.iter().enumerate() {
        if dropped.from < 1 || dropped.to < dropped.from || dropped.to > MAX_SEQ {
            return limit(format!("dropped[{index}]"), format!("a range is 1 <= from <= to <= {MAX_SEQ}"));
        }
    }
    if batch.closed.len() > MAX_EVENTS {
        return limit("closed".to_owned(), format!("more than {MAX_EVENTS} streams"));
    }
    for (index, closed) in batch.closed.iter().enumerate() {
        if closed.last_seq > MAX_SEQ {
            return limit(format!("closed[{index}].lastSeq"), format!("{MAX_SEQ} at most"));
        }
    }
    if batch.diagnostics.len() > MAX_DIAGNOSTICS {
        return limit("diagnostics".to_owned(), format!("more than {MAX_DIAGNOSTICS} codes"));
    }
    if batch.sent.at.0.max(batch.sent.mono.0) > MAX_SEQ {
        return limit("sent".to_owned(), format!("{MAX_SEQ} at most"));
    }
    for (index, event) in batch.events.iter().enumerate() {
        let at = |member| format!("events[{index}].{member}");
        if !(1..=MAX_SEQ).contains(&event.seq) {
            return limit(at("seq"), format!("from 1 to {MAX_SEQ}"));
        }
        if event.record.rev > MAX_REV {
            return limit(at("rev"), format!("0 or {MAX_REV}"));
        }
        for (member, number) in [
            ("at", event.record.at.0),
            ("mono", event.record.mono.0),
            ("session.number", event.record.session.map_or(0, |session| session.number)),
            ("consent", event.record.consent),
        ] {
            if number > MAX_SEQ {
                return limit(at(member), format!("{MAX_SEQ} at most"));
            }
        }
        let value = event.record.value.as_ref().and_then(|value| value.text().parse::<f64>().ok());
        if value.is_some_and(|value| value.abs() > MAX_VALUE) {
            return limit(at("value"), format!("{MAX_VALUE:e} at most, either way"));
        }
        if !(1..=MAX_NAME).contains(&event.record.name.chars().count()) {
            return limit(at("name"), format!("from 1 to {MAX_NAME} characters"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01935c5e-7d1a-7b2c-8d3e-4f5061728394";

    fn event(more: &str) -> String {
        format!(
            r#"{{"seq":1,"id":"{ID}","rev":0,"kind":"micro","name":"n","phase":"confirmed","at":1,"mono":2,
                "page":{{"id":"{ID}","url":"https://shop.example/"}}{more}}}"#
        )
    }

    fn batch(events: &str) -> String {
        format!(
            r#"{{"version":1,"sent":{{"at":5,"mono":6}},"stream":"{ID}","context":{{"engine":"wasm"}},"events":[{events}]}}"#
        )
    }

    fn refusal(text: &str) -> (&'static str, String) {
        let problem = read(text.as_bytes()).unwrap_err();
        assert_eq!(problem.status, 400);
        (problem.code, problem.path.unwrap_or_default())
    }

    #[test]
    fn a_price_keeps_its_digits_and_a_line_stays_one_line() {
        let text = batch(&event(",\n\"value\":12.50, \"properties\":{\"big\":900719925474099312345}"));
        let accepted = read(text.as_bytes()).unwrap();
        assert!(accepted.texts[0].contains(r#""value":12.50,"properties":{"big":900719925474099312345}"#));
        assert!(!accepted.texts[0].contains('\n'));
        let spaced = r#","properties" : { "q" : "a \" : b \\" , "r" : [ 1 , " " ] }"#;
        let accepted_spaced = read(batch(&event(spaced)).as_bytes()).unwrap();
        assert!(accepted_spaced.texts[0].contains(r#""properties":{"q":"a \" : b \\","r":[1," "]}"#));
        assert_eq!(accepted.batch.events.len(), 1);
    }

    #[test]
    fn the_place_is_named() {
        let two = |second: &str| batch(&format!("{},{second}", event("")));
        assert_eq!(refusal("{"), ("bad_json", String::new()));
        assert_eq!(refusal(&format!("{} x", batch(""))), ("bad_json", String::new()));
        assert_eq!(refusal("[]").0, "bad_shape");
        assert_eq!(refusal("{}").0, "bad_shape");
        assert_eq!(refusal(&two(&event(",\"colour\":1"))), ("bad_shape", "events[1].colour".to_owned()));
        assert_eq!(refusal(&two(&event(",\"value\":\"1\""))), ("bad_shape", "events[1].value".to_owned()));
        let page = event("").replace("\"url\"", "\"uri\"");
        assert_eq!(refusal(&two(&page)), ("bad_shape", "events[1].page.uri".to_owned()));
        let nested = format!(",\"properties\":{{\"a\":{}{}}}", "[".repeat(40), "]".repeat(40));
        let (code, path) = refusal(&two(&event(&nested)));
        assert_eq!((code, path.starts_with("events[1].properties.a[0][0]")), ("bad_shape", true), "{path}");
        assert_eq!(refusal(&two(&event("").replace("\"rev\":0", "\"rev\":2"))).1, "events[1].rev");
        assert_eq!(refusal(&two(&event("").replace("\"seq\":1", "\"seq\":0"))).1, "events[1].seq");
        assert_eq!(refusal(&two(&event("").replace("\"seq\":1,", ""))).1, "events[1]");
        assert_eq!(refusal(&two(&event("").replace("\"n\"", "\"\""))).1, "events[1].name");
        assert_eq!(refusal(&batch("").replace("\"version\":1", "\"version\":2")).0, "unknown_version");
        assert_eq!(refusal(&batch("").replace("\"version\":1", "\"version\":1,\"x\":1")).1, "x");
        let dropped = |from, to| {
            format!("\"version\":1,\"dropped\":[{{\"from\":{from},\"to\":{to},\"reason\":\"consent\"}}]")
        };
        assert_eq!(refusal(&batch("").replace("\"version\":1", &dropped(3, 2))).1, "dropped[0]");
        assert!(read(batch("").replace("\"version\":1", &dropped(2, 3)).as_bytes()).is_ok());
    }

    /// What the SDK writes, byte for byte: see `tests/native/wire.rs`.
    #[test]
    fn the_golden_batch_is_taken_as_it_is() {
        let golden = include_str!("../../tests/wire/footstep/batch.json");
        let accepted = read(golden.as_bytes()).unwrap();
        assert!(!accepted.texts.is_empty());
        assert!(accepted.texts.iter().all(|text| golden.contains(text)));
    }

    #[test]
    fn the_limits_are_where_they_are_said_to_be() {
        let many = |count: usize| batch(&vec![event(""); count].join(","));
        assert!(read(many(MAX_EVENTS).as_bytes()).is_ok());
        assert_eq!(refusal(&many(MAX_EVENTS + 1)), ("too_many", "events".to_owned()));
        let named =
            |length: usize| batch(&event("").replace("\"n\"", &format!("\"{}\"", "é".repeat(length))));
        assert!(read(named(MAX_NAME).as_bytes()).is_ok());
        assert_eq!(refusal(&named(MAX_NAME + 1)).1, "events[0].name");
        assert_eq!(read(b"{\"a\":\"\xff\"}").unwrap_err().code, "bad_utf8");
    }
}
