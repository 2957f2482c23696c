//! JSON text in and out, without floats, without formatting machinery, without recursion that input can run away with.
//!
//! The reader is for a config, properties and whatever a page hands over; the writer is for every wire format
//! that is JSON.

use super::text::after;
use super::value::{Number, Object, Value};

/// How deep lists and objects may stand in one another.
pub const MAX_DEPTH: usize = 32;

/// Reads one JSON document (RFC 8259). Of a name that stands twice in one object, the later value counts.
///
/// # Errors
/// The byte at which the text stops being JSON.
///
/// ```
/// use footstep::model::json;
/// assert!(json::read(r#"{"a":[1,true,null]}"#).is_ok());
/// assert_eq!(json::read("{,}"), Err(1));
/// ```
pub fn read(text: &str) -> Result<Value, usize> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0).ok_or(reader.at)?;
    reader.space();
    if reader.at == text.len() { Ok(value) } else { Err(reader.at) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let hit = self.peek() == Some(byte);
        self.at += usize::from(hit);
        hit
    }

    fn word(&mut self, word: &str) -> bool {
        let hit = self.text.get(self.at..).is_some_and(|rest| after(rest, word).is_some());
        self.at += if hit { word.len() } else { 0 };
        hit
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.space();
        match self.peek()? {
            b'"' => self.string().map(Value::String),
            b'{' | b'[' if depth == MAX_DEPTH => None,
            b'{' => self.object(depth).map(Value::Object),
            b'[' => self.array(depth).map(Value::Array),
            b't' if self.word("true") => Some(Value::Bool(true)),
            b'f' if self.word("false") => Some(Value::Bool(false)),
            b'n' if self.word("null") => Some(Value::Null),
            b'-' | b'0'..=b'9' => self.number().map(Value::Number),
            _ => None,
        }
    }

    fn array(&mut self, depth: usize) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.eat(b']') {
            return Some(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.eat(b']') {
                return Some(items);
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Object> {
        let mut object = Object::default();
        self.at += 1;
        self.space();
        if self.eat(b'}') {
            return Some(object);
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return None;
            }
            let name = self.string()?;
            self.space();
            if !self.eat(b':') {
                return None;
            }
            let value = self.value(depth + 1)?;
            object.set(&name, value);
            self.space();
            if self.eat(b'}') {
                return Some(object);
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    fn number(&mut self) -> Option<Number> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let number = self.text.get(start..self.at).and_then(Number::parse);
        if number.is_none() {
            self.at = start;
        }
        number
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut out = String::new();
        let mut start = self.at;
        loop {
            match self.peek()? {
                b'"' => {
                    out.push_str(self.text.get(start..self.at)?);
                    self.at += 1;
                    return Some(out);
                }
                b'\\' => {
                    out.push_str(self.text.get(start..self.at)?);
                    self.at += 1;
                    out.push(self.escape()?);
                    start = self.at;
                }
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return None,
        })
    }

    /// Four hex digits, or a pair of surrogates. A lone surrogate, which JSON text from JavaScript may hold,
    /// becomes U+FFFD: no byte of a wire format could carry it.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex4()?;
        if (0xd800..0xdc00).contains(&first) {
            let before = self.at;
            if self.word("\\u") {
                let second = self.hex4()?;
                if (0xdc00..0xe000).contains(&second) {
                    return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
                }
            }
            self.at = before;
        }
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex4(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code << 4 | char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
        }
        Some(code)
    }
}

/// Writes an object member by member, with the commas in the right places.
pub struct Writer<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> Writer<'a> {
    /// Opens an object at the end of `out`. [`Writer::end`] closes it.
    pub fn object(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    /// Closes the object.
    pub fn end(self) {
        self.out.push('}');
    }

    /// Writes the name; the caller writes the value to what is returned.
    pub fn name(&mut self, name: &str) -> &mut String {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        write_string(self.out, name);
        self.out.push(':');
        self.out
    }

    /// A string member.
    pub fn string(&mut self, name: &str, text: &str) {
        let out = self.name(name);
        write_string(out, text);
    }

    /// A string member, left out if there is none.
    pub fn maybe(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.string(name, text);
        }
    }

    /// A whole number.
    pub fn u64(&mut self, name: &str, number: u64) {
        let out = self.name(name);
        write_u64(out, number);
    }

    /// `true`, or nothing at all.
    pub fn mark(&mut self, name: &str, is: bool) {
        if is {
            self.name(name).push_str("true");
        }
    }

    /// Any value.
    pub fn value(&mut self, name: &str, value: &Value) {
        let out = self.name(name);
        write(out, value);
    }

    /// All members of an object, in its order.
    pub fn members(&mut self, object: &Object) {
        for (name, value) in &object.0 {
            self.value(name, value);
        }
    }
}

/// Writes a value as JSON text.
pub fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number.text()),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => write_list(out, items, write),
        Value::Object(object) => {
            let mut writer = Writer::object(out);
            writer.members(object);
            writer.end();
        }
    }
}

/// Writes a list, each item by `one`.
pub fn write_list<T>(out: &mut String, items: &[T], mut one: impl FnMut(&mut String, &T)) {
    let mut items = items.iter();
    write_items(out, &mut |out| items.next().map(|item| one(out, item)).is_some());
}

/// The same for every type: `one` writes the next item, or says that there is none.
fn write_items(out: &mut String, one: &mut dyn FnMut(&mut String) -> bool) {
    out.push('[');
    let start = out.len();
    loop {
        let end = out.len();
        if end > start {
            out.push(',');
        }
        if !one(out) {
            out.truncate(end);
            break;
        }
    }
    out.push(']');
}

/// Writes a JSON string, quotes and escapes included.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\u{0}'..='\u{1f}' => {
                out.push_str("\\u00");
                out.push(if character < '\u{10}' { '0' } else { '1' });
                out.push(char::from_digit(u32::from(character) & 15, 16).unwrap_or('0'));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// Writes a whole number in decimal digits.
pub fn write_u64(out: &mut String, number: u64) {
    if number > 9 {
        write_u64(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn again(text: &str) -> Option<String> {
        let mut out = String::new();
        write(&mut out, &read(text).ok()?);
        Some(out)
    }

    #[test]
    fn documents_come_back_as_they_were() {
        for text in
            ["null", "true", r#"{"a":[1,-2.50,"x",{"b":null}],"c":{}}"#, r#""\"\\\n\u0001""#, "[]", "\"é🙂\""]
        {
            assert_eq!(again(text).as_deref(), Some(text));
        }
        assert_eq!(
            again(r#" { "a" : "\u00e9\ud83d\ude42\/\t" } "#).as_deref(),
            Some("{\"a\":\"é🙂/\\u0009\"}")
        );
        assert_eq!(again(r#""\ud83d""#).as_deref(), Some("\"\u{fffd}\""));
        assert_eq!(again(r#"{"a":1,"a":2}"#).as_deref(), Some(r#"{"a":2}"#));
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (text, at) in
            [("", 0), ("{", 1), ("[1,]", 3), ("01", 0), ("\"\n\"", 1), ("1 2", 2), ("tru", 0), ("\"a", 2)]
        {
            assert_eq!(read(text), Err(at), "{text:?}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            let _ = read(&text);
        }

        #[test]
        fn any_string_survives(text in any::<String>()) {
            let mut out = String::new();
            write_string(&mut out, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text.clone());
            prop_assert_eq!(read(&out), Ok(Value::String(text)));
        }
    }
}
