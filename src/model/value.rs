//! A tree of JSON values: what a config, an event's properties and the facts of a trigger are made of.
//!
//! Numbers keep the text they came in, so that a price is never rounded on its way and neither float parsing
//! nor float printing (20 kB of wasm) is needed.

use super::text::{after, whole};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, in the text it was written in.
    Number(Number),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Self>),
    /// Named values, in the order they came.
    Object(Object),
}

impl Value {
    /// About how many bytes it takes on a wire.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) => 5,
            Self::Number(number) => number.text().len(),
            Self::String(text) => text.len() + 2,
            Self::Array(items) => items.iter().map(|item| item.weight() + 1).sum::<usize>() + 2,
            Self::Object(object) => object.weight(),
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }
}

/// The strings among these values.
#[must_use]
pub fn strings(values: &[Value]) -> Vec<String> {
    let mut strings = Vec::new();
    for text in values.iter().filter_map(Value::as_str) {
        strings.push(text.to_owned());
    }
    strings
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(Number::from(number))
    }
}

impl From<bool> for Value {
    fn from(is: bool) -> Self {
        Self::Bool(is)
    }
}

/// Named values in the order they came. A list, not a map: it is short, and a map costs 2 kB of wasm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object(pub Vec<(String, Value)>);

impl Object {
    /// The value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The text of that name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// The whole number of that name.
    #[must_use]
    pub fn whole(&self, name: &str) -> Option<u64> {
        if let Some(Value::Number(number)) = self.get(name) { whole(number.text()) } else { None }
    }

    /// Sets that name, in its old place if it is there.
    pub fn set(&mut self, name: &str, value: Value) {
        if let Some(slot) = self.0.iter_mut().find(|(key, _)| key == name) {
            slot.1 = value;
        } else {
            self.0.push((name.to_owned(), value));
        }
    }

    /// Sets all of the other's.
    pub fn set_all(&mut self, other: &Self) {
        for (name, value) in &other.0 {
            self.set(name, value.clone());
        }
    }

    /// With one more value, whose name it does not have yet.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    /// Takes the value of that name out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(place).1)
    }

    /// About how many bytes it takes on a wire.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.weight() + 4).sum::<usize>() + 2
    }

    /// True if nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A finite decimal number as JSON text, such as `12.50`, `-3` or `1e6`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// Takes text that is a JSON number (RFC 8259, section 6); `None` for anything else.
    ///
    /// ```
    /// use footstep::model::value::Number;
    /// assert_eq!(Number::parse("12.50").unwrap().text(), "12.50");
    /// assert!(Number::parse("12,50").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = after(text, "-").unwrap_or(text).as_bytes();
        let whole = digits(unsigned);
        let mut rest = unsigned.get(whole..)?;
        if whole == 0 || (whole > 1 && unsigned.first() == Some(&b'0')) || text.len() > 40 {
            return None;
        }
        if let [b'.', fraction @ ..] = rest {
            let count = digits(fraction);
            if count == 0 {
                return None;
            }
            rest = fraction.get(count..)?;
        }
        if let [b'e' | b'E', exponent @ ..] = rest {
            let exponent = if let [b'+' | b'-', digits @ ..] = exponent { digits } else { exponent };
            // Three digits at the most: anything longer is no number a double can hold.
            if digits(exponent) != exponent.len() || !matches!(exponent.len(), 1..=3) {
                return None;
            }
            rest = &[];
        }
        rest.is_empty().then(|| Self(text.to_owned()))
    }

    /// The number as JSON text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The number in thousandths, cut off towards zero beyond the third decimal; `None` if it has an
    /// exponent or its size is over 2^50. Good for thresholds, percentages and durations.
    #[must_use]
    pub fn thousandths(&self) -> Option<i64> {
        let (negative, text) = after(&self.0, "-").map_or((false, self.0.as_str()), |rest| (true, rest));
        let mut total: i64 = 0;
        let mut decimals: Option<u32> = None;
        for byte in text.bytes() {
            match (byte, decimals) {
                (b'.', None) => decimals = Some(0),
                (b'0'..=b'9', Some(3)) => {}
                (b'0'..=b'9', _) => {
                    total = total * 10 + i64::from(byte - b'0');
                    decimals = decimals.map(|count| count + 1);
                }
                _ => return None,
            }
            if total > 1 << 50 {
                return None;
            }
        }
        for _ in decimals.unwrap_or(0)..3 {
            total *= 10;
        }
        (total <= 1 << 50).then_some(if negative { -total } else { total })
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        let mut text = String::new();
        super::json::write_u64(&mut text, number);
        Self(text)
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

#[cfg(feature = "serde")]
mod with_serde {
    use super::{Number, Object, Value};
    use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
    use serde::ser::{Serialize, SerializeMap, Serializer};
    use std::fmt;

    impl Serialize for Number {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            if let Ok(whole) = self.0.parse::<i64>() {
                return serializer.serialize_i64(whole);
            }
            serializer.serialize_f64(self.0.parse().map_err(serde::ser::Error::custom)?)
        }
    }

    impl<'de> Deserialize<'de> for Number {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match Value::deserialize(deserializer)? {
                Value::Number(number) => Ok(number),
                _ => Err(Error::custom("not a number")),
            }
        }
    }

    impl Serialize for Object {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(self.0.len()))?;
            for (name, value) in &self.0 {
                map.serialize_entry(name, value)?;
            }
            map.end()
        }
    }

    impl<'de> Deserialize<'de> for Object {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match Value::deserialize(deserializer)? {
                Value::Object(object) => Ok(object),
                _ => Err(Error::custom("not an object")),
            }
        }
    }

    impl Serialize for Value {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Null => serializer.serialize_unit(),
                Self::Bool(is) => serializer.serialize_bool(*is),
                Self::Number(number) => number.serialize(serializer),
                Self::String(text) => serializer.serialize_str(text),
                Self::Array(items) => items.serialize(serializer),
                Self::Object(object) => object.serialize(serializer),
            }
        }
    }

    impl<'de> Deserialize<'de> for Value {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(ValueVisitor)
        }
    }

    struct ValueVisitor;

    impl<'de> Visitor<'de> for ValueVisitor {
        type Value = Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON value")
        }

        fn visit_unit<E: Error>(self) -> Result<Value, E> {
            Ok(Value::Null)
        }

        fn visit_bool<E: Error>(self, is: bool) -> Result<Value, E> {
            Ok(Value::Bool(is))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
            Ok(Value::Number(Number::from(number)))
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
            Number::parse(&number.to_string()).map(Value::Number).ok_or_else(|| E::custom("not a number"))
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
            // Debug, not Display: it writes an exponent where the digits would fill lines.
            Number::parse(&format!("{number:?}"))
                .map(Value::Number)
                .ok_or_else(|| E::custom("not a finite number"))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
            Ok(Value::String(text.to_owned()))
        }

        fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
            Ok(Value::String(text))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
            let mut list = Vec::new();
            while let Some(item) = items.next_element()? {
                list.push(item);
            }
            Ok(Value::Array(list))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
            let mut object = Object::default();
            while let Some((name, value)) = entries.next_entry::<String, Value>()? {
                object.0.push((name, value));
            }
            Ok(Value::Object(object))
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_text() {
        for text in ["0", "-0", "12.50", "1e6", "1.5E-3", "900719925474099312345"] {
            assert_eq!(Number::parse(text).map(|n| n.text().to_owned()), Some(text.to_owned()), "{text}");
        }
        for text in ["", "-", "01", ".5", "5.", "1e", "1e+", "1e1000", "NaN", "Infinity", "0x10", "1 ", "1,5"]
        {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn thousandths() {
        let of = |text| Number::parse(text).and_then(|n| n.thousandths());
        assert_eq!(of("12.5"), Some(12_500));
        assert_eq!(of("-0.0019"), Some(-1));
        assert_eq!(of("75"), Some(75_000));
        assert_eq!(of("1e3"), None);
        assert_eq!(of("99999999999999999999"), None);
    }
}
