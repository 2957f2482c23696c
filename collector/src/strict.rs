//! What JSON's grammar allows and a batch may not hold anyway: names that stand twice, depth without end.
//!
//! Readers differ about which of two equal names counts, and the text of an event is handed on as it came: so the
//! collector takes only text that everybody reads alike. Builds nothing; the place of what is wrong is told by whoever
//! tracks the path. Knows no batch.

use std::collections::HashSet;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// How deep lists and objects may stand in one another, the outermost included.
pub const MAX_DEPTH: usize = 32;

/// Any JSON value without equal names in one object, at most [`MAX_DEPTH`] deep.
#[derive(Debug)]
pub struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value { depth: 0 }.deserialize(deserializer)
    }
}

#[derive(Clone, Copy)]
struct Value {
    depth: usize,
}

impl Value {
    fn inside<E: Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH}")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Strict;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Fails where the value of a name stands that was there before, so that the path names it.
struct Twice;

impl<'de> DeserializeSeed<'de> for Twice {
    type Value = Strict;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Strict, D::Error> {
        // Read past it, so that line and column are those of its end.
        IgnoredAny::deserialize(deserializer)?;
        Err(D::Error::custom("this name stands twice in the object"))
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
        let inside = self.inside()?;
        while items.next_element_seed(inside)?.is_some() {}
        Ok(Strict)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Strict, A::Error> {
        let inside = self.inside()?;
        let mut names: HashSet<String> = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if names.insert(name) {
                members.next_value_seed(inside)?;
            } else {
                members.next_value_seed(Twice)?;
            }
        }
        Ok(Strict)
    }
}
