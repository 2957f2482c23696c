//! The second module: the encoders of [`footstep::formats`] that the core does without. It is loaded if the config names
//! one of them; text goes in and text comes out.

use footstep::formats::{ENCODERS, Encoder};
use footstep::model::delivery::{Job, Judgement};
use footstep::model::json;
use footstep::model::text::{cut, next};
use footstep::model::value::{Object, Value};

/// US: what parts the pieces of a text. No JSON holds it.
const SEPARATOR: u8 = 0x1f;

/// The format that `FOOTSTEP_WITHOUT` in the environment of the build leaves out, to learn what it costs.
const LEFT_OUT: Option<&str> = option_env!("FOOTSTEP_WITHOUT");

/// The table.
const TABLE: [Encoder; ENCODERS.len()] = kept();

const fn kept() -> [Encoder; ENCODERS.len()] {
    let [.., last] = ENCODERS else { unreachable!() };
    let mut table = [*last; ENCODERS.len()];
    let (mut from, mut to) = (ENCODERS, table.as_mut_slice());
    while let ([encoder, encoders @ ..], [place, places @ ..]) = (from, to) {
        if !is_left_out(encoder.name) {
            *place = *encoder;
        }
        (from, to) = (encoders, places);
    }
    table
}

const fn is_left_out(name: &str) -> bool {
    let Some(other) = LEFT_OUT else { return false };
    let (mut name, mut other) = (name.as_bytes(), other.as_bytes());
    while let ([a, rest @ ..], [b, others @ ..]) = (name, other) {
        if *a != *b {
            return false;
        }
        (name, other) = (rest, others);
    }
    name.is_empty() && other.is_empty()
}

fn encoder(name: &str) -> Option<&'static Encoder> {
    const { &TABLE }.iter().find(|encoder| encoder.name == name)
}

fn object(text: &str) -> Object {
    if let Ok(Value::Object(object)) = json::read(text) { object } else { Object::default() }
}

/// Makes requests of a batch. `text` holds, parted by US: the format's name, the collector's object in the config, a
/// batch of the `footstep` format. Returns [`Encoded::text`]; empty if there is no such format. Without a batch it says what
/// is wrong with the object: [`footstep::formats::check`].
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
#[must_use]
pub fn encode(text: &str, end: bool, limit: usize, most: usize) -> String {
    let mut rest = Some(text);
    let mut piece = || next(&mut rest, SEPARATOR).unwrap_or_default();
    let (name, options, batch) = (piece(), object(piece()), piece());
    let Some(encoder) = encoder(name) else { return String::new() };
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
        assert_eq!(encode("none\u{1f}{}\u{1f}{}", true, 60_000, 15), "");
        for broken in ["", "none", "ga4\u{1f}{}\u{1f}{\"events\":[1]}"] {
            assert_eq!(encode(broken, false, 60_000, 15), "", "{broken}");
        }
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
