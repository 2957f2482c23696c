//! The second module: the encoders of [`footstep::formats`] that the core does without. It is loaded if the config names
//! one of them; text goes in and text comes out.

use footstep::formats::{ENCODERS, Encoder};
use footstep::model::delivery::{ABSENT, Job, Judgement};
use footstep::model::json;
use footstep::model::text::{cut, next};
use footstep::model::value::{Object, Value};

/// US: what parts the pieces of a text. No JSON holds it.
const SEPARATOR: u8 = 0x1f;

/// The one format that `FOOTSTEP_ONLY` in the environment of the build names: pages that need no other load about half as much.
const ONLY: Option<&str> = option_env!("FOOTSTEP_ONLY");

const COUNT: usize = if ONLY.is_some() { 1 } else { ENCODERS.len() };

/// The table. A copy: the other one would bring all encoders along.
const TABLE: [Encoder; COUNT] = table();

const fn table() -> [Encoder; COUNT] {
    let [first, ..] = ENCODERS else { unreachable!() };
    let mut table = [*first; COUNT];
    let (mut from, mut to) = (ENCODERS, table.as_mut_slice());
    while let [encoder, encoders @ ..] = from {
        if is_wanted(encoder.name) {
            let [place, places @ ..] = to else { unreachable!() };
            *place = *encoder;
            to = places;
        }
        from = encoders;
    }
    assert!(to.is_empty(), "FOOTSTEP_ONLY names no format");
    table
}

const fn is_wanted(name: &str) -> bool {
    let Some(only) = ONLY else { return true };
    let (mut name, mut only) = (name.as_bytes(), only.as_bytes());
    while let ([a, rest @ ..], [b, others @ ..]) = (name, only) {
        if *a != *b {
            return false;
        }
        (name, only) = (rest, others);
    }
    name.is_empty() && only.is_empty()
}

fn encoder(name: &str) -> Option<&'static Encoder> {
    const { &TABLE }.iter().find(|encoder| encoder.name == name)
}

fn object(text: &str) -> Object {
    if let Ok(Value::Object(object)) = json::read(text) { object } else { Object::default() }
}

/// Makes requests of a batch. `text` holds, parted by US: the format's name, the collector's object in the config, a
/// batch of the `footstep` format. Returns [`Encoded::text`]; [`ABSENT`] if there is no such format in here. Without a batch it
/// says what is wrong with the object: [`footstep::formats::check`].
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
#[must_use]
pub fn encode(text: &str, end: bool, limit: usize, most: usize) -> String {
    let mut rest = Some(text);
    let mut piece = || next(&mut rest, SEPARATOR).unwrap_or_default();
    let (name, options, batch) = (piece(), object(piece()), piece());
    let Some(encoder) = encoder(name) else {
        // Somebody serves the file of another format.
        let mut said = ABSENT.to_owned();
        if batch.is_empty() {
            said = "not_loaded\u{1f}formats: ".to_owned();
            said.push_str(name);
            said.push('\u{1e}');
        }
        return said;
    };
    if batch.is_empty() {
        return footstep::formats::check(encoder, &options);
    }
    let job = Job { options: &options, batch: &object(batch), end, limit, most };
    footstep::formats::encode(encoder, &job).text()
}

/// Judges the answer to a request that carried so many events. `text` holds the format's name and the answer's body,
/// parted by US. Returns [`Judgement::text`].
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
#[must_use]
pub fn judge(text: &str, status: u16, events: usize) -> String {
    let (name, body) = cut(text, SEPARATOR).unwrap_or((text, ""));
    let judgement = encoder(name)
        .map_or_else(|| Judgement::by_status(status), |encoder| (encoder.judge)(status, body, events));
    judgement.text()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use footstep::model::delivery::{Encoded, Verdict};

    #[test]
    fn a_batch_becomes_requests() {
        let batch = r#"{"version":1,"sent":{"at":1,"mono":1},"stream":"s","context":{"engine":"wasm"},"events":[{"seq":1,"id":"a","kind":"micro","name":"x","at":1,"page":{"url":"https://a.example/p"}}]}"#;
        let text = ["plausible", r#"{"url":"/api/event"}"#, batch].join("\u{1f}");
        let encoded = Encoded::read(&encode(&text, true, 60_000, 15));
        assert_eq!(encoded.requests.len(), 1);
        assert_eq!(encoded.requests[0].events, [0]);
        assert_eq!(encoded.requests[0].url, "/api/event");
        assert_eq!(encode("ga4\u{1f}{}\u{1f}{\"events\":[1]}", false, 60_000, 15), "");
        assert_eq!(encode("none\u{1f}{}\u{1f}{}", true, 60_000, 15), "?");
        assert_eq!(encode("none", false, 60_000, 15), "not_loaded\u{1f}formats: none\u{1e}");
    }

    #[test]
    fn without_a_batch_the_words_are_judged() {
        let said = encode("segment\u{1f}{\"url\":\"/\",\"writeKye\":1}\u{1f}", false, 0, 0);
        assert_eq!(said, "missing\u{1f}writeKey\u{1e}unknown_word\u{1f}writeKye\u{1e}");
    }

    #[test]
    fn an_answer_is_judged() {
        let judged = Judgement::read(&judge("mixpanel\u{1f}0", 200, 1));
        assert_eq!(judged.verdict, Verdict::Refused);
        assert_eq!(Judgement::read(&judge("none", 200, 1)).verdict, Verdict::Acknowledged);
    }
}
