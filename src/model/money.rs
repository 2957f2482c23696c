//! Amounts as people write them: `1.234,50 €`, `$1,234.50`, `CHF 1'234.-`.

use super::text::find;
use super::value::Number;

/// Signs that mean one currency only. A dollar, a crown or a pound sign alone may be many.
const SIGNS: &[(&str, &str)] = &[
    ("€", "EUR"),
    ("£", "GBP"),
    ("zł", "PLN"),
    ("Kč", "CZK"),
    ("₹", "INR"),
    ("₺", "TRY"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₫", "VND"),
    ("₴", "UAH"),
    ("Ft", "HUF"),
    ("R$", "BRL"),
    ("US$", "USD"),
];

/// Currencies that have no minor unit, or a thousand of them (ISO 4217).
const MINOR: &[(&str, usize)] = &[
    ("JPY", 0),
    ("KRW", 0),
    ("VND", 0),
    ("CLP", 0),
    ("ISK", 0),
    ("XOF", 0),
    ("XAF", 0),
    ("KWD", 3),
    ("BHD", 3),
    ("JOD", 3),
    ("OMR", 3),
    ("TND", 3),
];

/// The number in a text. Of two sorts of separators the last is the decimal one; of one sort, if it stands once and
/// is not followed by exactly three digits.
///
/// ```
/// use footstep::model::money::number;
/// assert_eq!(number("ab 1.234,50 €").unwrap().text(), "1234.50");
/// assert_eq!(number("1,234").unwrap().text(), "1234");
/// assert!(number("free").is_none());
/// ```
#[must_use]
pub fn number(text: &str) -> Option<Number> {
    // As a machine writes it.
    if let Some(number) = Number::parse(text.trim_ascii()) {
        return Some(number);
    }
    let start = text.bytes().position(|byte| byte.is_ascii_digit())?;
    let negative = start > 0 && text.as_bytes().get(start - 1) == Some(&b'-');
    let mut digits = String::new();
    // Where in `digits` each separator stood, and which it was.
    let mut marks: Vec<(usize, char)> = Vec::new();
    for letter in text.get(start..)?.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '.' | ',' => marks.push((digits.len(), letter)),
            // Spaces, also narrow and fixed ones, and the strokes Swiss and Indian shops part thousands with.
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' => {}
            _ => break,
        }
    }
    // A separator at the very end ends the sentence, or stands before "no cents".
    while marks.last().is_some_and(|(at, _)| *at == digits.len()) {
        marks.pop();
    }
    let decimal = marks.last().copied().filter(|&(at, mark)| {
        let alone = marks.iter().filter(|(_, other)| *other == mark).count() == 1;
        let mixed = marks.iter().any(|(_, other)| *other != mark);
        alone && (mixed || digits.len() - at != 3 || digits.get(..at) == Some("0"))
    });
    let whole = decimal.map_or(digits.len(), |(at, _)| at);
    let mut plain = String::new();
    if negative {
        plain.push('-');
    }
    let head = digits.get(..whole)?;
    let zeros = head.bytes().take_while(|byte| *byte == b'0').count().min(whole.saturating_sub(1));
    plain.push_str(head.get(zeros..)?);
    if let Some((at, _)) = decimal {
        plain.push('.');
        plain.push_str(digits.get(at..)?);
    }
    Number::parse(&plain)
}

/// The currency a text names, by its code or by a sign that means no other.
#[must_use]
pub fn currency(text: &str) -> Option<&str> {
    let mut start = 0;
    for (at, byte) in text.bytes().chain([b' ']).enumerate() {
        if byte.is_ascii_uppercase() {
            continue;
        }
        if at - start == 3 && !byte.is_ascii_lowercase() {
            return text.get(start..at);
        }
        start = at + 1;
    }
    SIGNS.iter().rev().find(|(sign, _)| find(text, sign).is_some()).map(|(_, code)| *code)
}

/// A number of minor units (cents) in whole units of the currency; unchanged if it is no whole number.
#[must_use]
pub fn from_minor(number: Number, currency: Option<&str>) -> Number {
    let places = MINOR.iter().find(|(code, _)| currency == Some(*code)).map_or(2, |(_, places)| *places);
    let text = number.text();
    if places == 0 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return number;
    }
    let mut digits = String::new();
    for _ in text.len()..=places {
        digits.push('0');
    }
    digits.push_str(text);
    digits.insert(digits.len() - places, '.');
    Number::parse(&digits).unwrap_or(number)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_people_write_it() {
        for (text, is, code) in [
            ("1.234,50 €", "1234.50", Some("EUR")),
            ("$1,234.50", "1234.50", None),
            ("US$ 1,234.50", "1234.50", Some("USD")),
            ("CHF 1'234.-", "1234", Some("CHF")),
            ("1 234,5 zł", "1234.5", Some("PLN")),
            ("£12", "12", Some("GBP")),
            ("49.90", "49.90", None),
            ("from 007,50 EUR.", "7.50", Some("EUR")),
            ("0,125", "0.125", None),
            ("1.234.567", "1234567", None),
            ("-3,00 €", "-3.00", Some("EUR")),
            ("¥1,200", "1200", None),
        ] {
            assert_eq!(number(text).unwrap().text(), is, "{text}");
            assert_eq!(currency(text), code, "{text}");
        }
        for text in ["", "free", "€", ","] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(currency("LAMP for you"), None);
    }

    #[test]
    fn minor_units() {
        let of = |text: &str, code| from_minor(Number::parse(text).unwrap(), code).text().to_owned();
        assert_eq!(of("4990", Some("EUR")), "49.90");
        assert_eq!(of("5", None), "0.05");
        assert_eq!(of("4990", Some("JPY")), "4990");
        assert_eq!(of("4990", Some("KWD")), "4.990");
        assert_eq!(of("49.90", Some("EUR")), "49.90", "whoever writes a point means whole units");
    }

    proptest! {
        #[test]
        fn any_text_is_a_number_or_none(text in "\\PC{0,30}") {
            let _ = (number(&text), currency(&text));
        }

        #[test]
        fn german_and_english_agree(whole in 0u64..10_000_000, cents in 0u64..100) {
            let grouped = |mark: &str| {
                let digits = whole.to_string();
                digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect::<Vec<_>>().join(mark)
            };
            let plain = format!("{whole}.{cents:02}");
            for text in [format!("{},{cents:02} €", grouped(".")), format!("${}.{cents:02}", grouped(","))] {
                prop_assert_eq!(number(&text), Number::parse(&plain));
            }
        }
    }
}
