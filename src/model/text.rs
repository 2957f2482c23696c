//! Cutting text at single bytes and fixed words.
//!
//! `str::split`, `find` and their like bring the standard library's searchers, 5 kB of wasm; the texts here are
//! short, and what they are cut at is ASCII.

/// The text before the first `byte` (an ASCII character) and the text after it.
#[must_use]
pub fn cut(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|each| each == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Takes the text up to the next `byte` from the front of `rest`; `None` once everything has been taken.
pub fn next<'a>(rest: &mut Option<&'a str>, byte: u8) -> Option<&'a str> {
    let text = rest.take()?;
    let Some((head, tail)) = cut(text, byte) else { return Some(text) };
    *rest = Some(tail);
    Some(head)
}

/// The pieces between `byte`s, as `str::split` would give them.
pub fn pieces(text: &str, byte: u8) -> Vec<&str> {
    let (mut rest, mut pieces) = (Some(text), Vec::new());
    while let Some(piece) = next(&mut rest, byte) {
        pieces.push(piece);
    }
    pieces
}

/// Where `part` begins in `text`.
#[must_use]
pub fn find(text: &str, part: &str) -> Option<usize> {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    (0..=text.len().checked_sub(part.len())?).find(|&at| text.get(at..at + part.len()) == Some(part))
}

/// `text` without `head` at its front.
#[must_use]
pub fn after<'a>(text: &'a str, head: &str) -> Option<&'a str> {
    if text.as_bytes().starts_with(head.as_bytes()) { text.get(head.len()..) } else { None }
}

/// The whole number the text is made of; `None` for anything but 1 to 15 digits.
#[must_use]
pub fn whole(text: &str) -> Option<u64> {
    let digits = matches!(text.len(), 1..=15) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.bytes().fold(0, |total, byte| total * 10 + u64::from(byte - b'0')))
}

/// The text that these bytes are in UTF-8 (RFC 3629, section 4); `None` if they are none. The standard library's reader is
/// made for speed, and five times as large.
#[must_use]
pub fn utf8(bytes: &[u8]) -> Option<String> {
    let (mut text, mut code, mut length, mut missing) = (String::new(), 0, 0, 0);
    for &byte in bytes {
        let ones = byte.leading_ones();
        match (ones, missing) {
            (0 | 2..=4, 0) => {
                (length, missing) = (ones.max(1), ones.max(1));
                code = u32::from(byte) & (0xff >> ones);
            }
            (1, 1..) => code = code << 6 | u32::from(byte & 63),
            _ => return None,
        }
        missing -= 1;
        if missing == 0 {
            // In as few bytes as it can be written with, and no surrogate.
            text.push(char::from_u32(code).filter(|letter| letter.len_utf8() == length as usize)?);
        }
    }
    (missing == 0).then_some(text)
}

/// Writes text as part of a URL or a form (percent-encoding, RFC 3986: all but the unreserved characters).
pub fn write_percent(out: &mut String, text: &str) {
    write_safe(out, text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'));
}

/// Writes text percent-encoded, but for the ASCII characters that are safe.
pub fn write_safe(out: &mut String, text: &str, is_safe: fn(u8) -> bool) {
    for byte in text.bytes() {
        if is_safe(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for &nibble in &[byte >> 4, byte & 15] {
                out.push(char::from(if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }));
            }
        }
    }
}

/// The text, cut off behind so many bytes at the most, between characters.
#[must_use]
pub fn at_most(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn like_the_standard_library(text in "[ab/é]{0,20}", part in "[ab/é]{0,3}") {
            prop_assert_eq!(pieces(&text, b'/'), text.split('/').collect::<Vec<_>>());
            prop_assert_eq!(cut(&text, b'/'), text.split_once('/'));
            prop_assert_eq!(find(&text, &part), text.find(&part));
            prop_assert_eq!(after(&text, &part), text.strip_prefix(part.as_str()));
        }
    }

    proptest! {
        #[test]
        fn utf8_as_the_standard_library_reads_it(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(vec![0x41, 0x80, 0xc3, 0xe0, 0xed, 0xf0, 0xf4])], 0..5),
            text in any::<String>(),
        ) {
            prop_assert_eq!(utf8(&bytes), String::from_utf8(bytes).ok());
            prop_assert_eq!(utf8(text.as_bytes()), Some(text));
        }
    }

    #[test]
    fn percent_and_cuts() {
        let mut out = String::new();
        write_percent(&mut out, "a-b_c.d~e f/é&{");
        assert_eq!(out, "a-b_c.d~e%20f%2F%C3%A9%26%7B");
        assert_eq!((at_most("aéb", 2), at_most("aéb", 3), at_most("", 5)), ("a", "aé", ""));
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(whole("0123456789"), Some(123_456_789));
        for text in ["", "-1", "1.5", "1234567890123456"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
