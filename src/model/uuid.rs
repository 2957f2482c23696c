//! Identifiers: UUIDs, version 7, made once at capture and never again.

use std::fmt;

/// A UUID (RFC 9562). Made by [`crate::engine`] as version 7: 48 bits of wall milliseconds, 74 random bits.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(pub u128);

impl Uuid {
    /// The canonical text: 36 characters, lower-case hexadecimal with hyphens.
    #[must_use]
    pub fn text(self) -> String {
        let mut text = String::with_capacity(36);
        // By halves: nothing is shifted by 128 bits.
        for &half in &[(self.0 >> 64) as u64, self.0 as u64] {
            let mut half = half;
            for _ in 0..16 {
                if matches!(text.len(), 8 | 13 | 18 | 23) {
                    text.push('-');
                }
                half = half.rotate_left(4);
                text.push(char::from_digit(half as u32 & 15, 16).unwrap_or('0'));
            }
        }
        text
    }

    /// Reads the canonical text (either case of letters); `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut value: u128 = 0;
        for byte in text.bytes() {
            if let Some(nibble) = char::from(byte).to_digit(16) {
                value = (value << 4) | u128::from(nibble);
            }
        }
        // Whatever else stands in it, or is missing, its own text does not have.
        Some(Self(value)).filter(|id| id.text().eq_ignore_ascii_case(text))
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Uuid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Uuid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a UUID (36 characters, hyphenated)"))
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let id = Uuid(0x0193_5c5e_7d1a_7b2c_8d3e_4f50_6172_8394);
        assert_eq!(id.text(), "01935c5e-7d1a-7b2c-8d3e-4f5061728394");
        assert_eq!(Uuid::parse(&id.text()), Some(id));
        assert_eq!(Uuid::parse(&id.text().to_uppercase()), Some(id));
    }

    #[test]
    fn what_is_no_uuid_is_refused() {
        for text in
            ["", "01935c5e", "01935c5e-7d1a-7b2c-8d3e-4f506172839g", "01935c5e07d1a-7b2c-8d3e-4f5061728394"]
        {
            assert_eq!(Uuid::parse(text), None, "{text}");
        }
    }
}
