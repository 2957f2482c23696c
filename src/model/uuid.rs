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
        for (index, &byte) in self.0.to_be_bytes().iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            for &nibble in &[byte >> 4, byte & 15] {
                text.push(char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }));
            }
        }
        text
    }

    /// Reads the canonical text (either case of letters); `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut value: u128 = 0;
        if text.len() != 36 {
            return None;
        }
        for (index, byte) in text.bytes().enumerate() {
            if matches!(index, 8 | 13 | 18 | 23) {
                if byte != b'-' {
                    return None;
                }
                continue;
            }
            let nibble = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                b'A'..=b'F' => byte - b'A' + 10,
                _ => return None,
            };
            value = (value << 4) | u128::from(nibble);
        }
        Some(Self(value))
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
