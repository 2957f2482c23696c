//! What is wrong with the words of a collector's object: those it must say and does not, and those nobody knows. Their
//! meanings are documentation, which is not shipped; the core reads its own words itself.

use super::Encoder;
use crate::model::text::{cut, pieces};
use crate::model::value::Object;

/// The words every one of these collectors may say, those of the core included.
pub const EVERY: &str = "url format names onlyMacro sample purpose outcomes resend events rename drop constants headers body each contentType";

/// Says what is wrong: for each finding its code and the word, parted by US; records are ended by RS.
#[must_use]
pub fn check(encoder: &Encoder, options: &Object) -> String {
    let mut out = String::new();
    let mut find = |code: &str, word: &str| {
        out.push_str(code);
        out.push('\u{1f}');
        out.push_str(word);
        out.push('\u{1e}');
    };
    let (every, own) = (pieces(EVERY, b' '), pieces(encoder.words, b' '));
    for word in &own {
        if let Some((word, _)) = cut(word, b'!')
            && options.get(word).is_none()
        {
            find("missing", word);
        }
    }
    for (name, _) in &options.0 {
        let is = |word: &&str| cut(word, b'!').map_or(*word, |(word, _)| word) == name;
        if !every.iter().any(is) && !own.iter().any(is) {
            find("unknown_word", name);
        }
    }
    out
}
