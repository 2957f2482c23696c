//! Taking words out of one object of the config, with a path for everything that is wrong with them.
//!
//! What nobody took is an unknown word. A wrong value is reported where it stands and treated as absent, so
//! that the rest goes on.

use super::diagnostic::{Code, Diagnostic};
use super::json::write_u64;
use super::value::{Number, Object, Value, strings};

/// Units of time, and how many ms they are.
const UNITS: &[(&str, u64)] = &[("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// One object of the config being read.
pub struct Section<'a> {
    object: &'a Object,
    path: String,
    taken: Vec<&'static str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Section<'a> {
    /// Begins to read `object`, which stands at `path` (empty for the whole config).
    pub fn new(object: &'a Object, path: &str, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        Self { object, path: path.to_owned(), taken: Vec::new(), diagnostics }
    }

    /// The value of that name, whatever it is; the name counts as known from now on.
    pub fn any(&mut self, name: &'static str) -> Option<&'a Value> {
        self.taken.push(name);
        self.object.get(name)
    }

    /// A text.
    pub fn text(&mut self, name: &'static str) -> Option<&'a str> {
        let value = self.any(name)?;
        let text = value.as_str();
        if text.is_none() {
            self.wrong_type::<()>(name, "string");
        }
        text
    }

    /// A text that must be there.
    pub fn required(&mut self, name: &'static str) -> Option<&'a str> {
        let text = self.text(name);
        if self.object.get(name).is_none() || text == Some("") {
            self.report(Code::Missing, "", &[name]);
            return None;
        }
        text
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.any(name)? {
            Value::Bool(is) => Some(*is),
            _ => self.wrong_type(name, "boolean"),
        }
    }

    /// Whether it is `true`.
    pub fn is(&mut self, name: &'static str) -> bool {
        self.flag(name) == Some(true)
    }

    /// A text, to keep.
    pub fn owned(&mut self, name: &'static str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// What one of a few words means: `all` has the meanings, in the order of the words.
    pub fn one_of<T: Copy>(&mut self, name: &'static str, words: &[&str], all: &[T]) -> Option<T> {
        self.word(name, words).and_then(|at| all.get(at).copied())
    }

    /// A number.
    pub fn number(&mut self, name: &'static str) -> Option<Number> {
        match self.any(name)? {
            Value::Number(number) => Some(number.clone()),
            _ => self.wrong_type(name, "number"),
        }
    }

    /// An object.
    pub fn object(&mut self, name: &'static str) -> Option<&'a Object> {
        match self.any(name)? {
            Value::Object(object) => Some(object),
            _ => self.wrong_type(name, "object"),
        }
    }

    /// A list. A single value stands for a list of one.
    pub fn list(&mut self, name: &'static str) -> &'a [Value] {
        match self.any(name) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(one) => std::slice::from_ref(one),
        }
    }

    /// Texts in a list.
    pub fn texts(&mut self, name: &'static str) -> Vec<String> {
        let items = self.list(name);
        if items.iter().any(|item| item.as_str().is_none()) {
            self.wrong_type::<()>(name, "list of strings");
        }
        strings(items)
    }

    /// A span of time, such as `500ms`, `10s`, `30m`, `2h`, `1d`, in ms.
    pub fn duration(&mut self, name: &'static str) -> Option<u64> {
        let text = self.text(name)?;
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let unit = UNITS.iter().find(|(unit, _)| text.get(digits..) == Some(unit));
        let ms =
            unit.and_then(|(_, ms)| Some(super::text::whole(text.get(..digits)?)?.min(u64::MAX / ms) * ms));
        if ms.is_none() {
            self.wrong_type::<()>(name, "duration such as 10s");
        }
        ms
    }

    /// Thresholds: numbers above zero, at most `most`, in ascending order, each with its value in thousandths.
    /// `None` if one of them is wrong: a rule without some of its thresholds would count something else.
    pub fn thresholds(&mut self, name: &'static str, most: i64) -> Option<Vec<(i64, Number)>> {
        let mut all: Vec<(i64, Number)> = Vec::new();
        for item in self.list(name) {
            let Value::Number(number) = item else {
                return self.wrong_type(name, "number or list of numbers");
            };
            match number.thousandths() {
                Some(size) if size > 0 && size <= most * 1000 => {
                    let place = all.iter().position(|(other, _)| *other >= size).unwrap_or(all.len());
                    if all.get(place).is_none_or(|(other, _)| *other != size) {
                        all.insert(place, (size, number.clone()));
                    }
                }
                _ => {
                    let most = Number::from(most.unsigned_abs());
                    self.report(Code::OutOfRange, name, &["0", most.text()]);
                    return None;
                }
            }
        }
        Some(all)
    }

    /// One of a few words: its place among them.
    pub fn word(&mut self, name: &'static str, words: &[&str]) -> Option<usize> {
        let text = self.text(name)?;
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let mut args = vec![text];
            args.extend(words);
            self.report(Code::NotOneOf, name, &args);
        }
        found
    }

    /// Reports a finding at `name` (at the section itself if it is empty).
    pub fn report(&mut self, code: Code, name: &str, args: &[&str]) {
        let path = join(&self.path, name);
        let mut owned = Vec::new();
        for &arg in args {
            owned.push(arg.to_owned());
        }
        self.diagnostics.push(Diagnostic { code, path, args: owned });
    }

    /// Reports a wrong type; always `None`, for the caller to return.
    pub fn wrong_type<T>(&mut self, name: &str, expected: &str) -> Option<T> {
        self.report(Code::WrongType, name, &[expected]);
        None
    }

    /// Begins to read an object further in.
    pub fn inner<'b>(&'b mut self, object: &'b Object, name: &str) -> Section<'b> {
        Section { object, path: join(&self.path, name), taken: Vec::new(), diagnostics: self.diagnostics }
    }

    /// Reports every word that nobody took.
    pub fn finish(mut self) {
        for (name, _) in &self.object.0 {
            if !self.taken.contains(&name.as_str()) {
                self.report(Code::UnknownWord, name, &[name]);
            }
        }
    }
}

/// The path of the item at that place of a list.
#[must_use]
pub fn item(list: &str, index: usize) -> String {
    let mut path = list.to_owned();
    path.push('.');
    write_u64(&mut path, index as u64);
    path
}

fn join(path: &str, name: &str) -> String {
    let mut joined = path.to_owned();
    if !path.is_empty() && !name.is_empty() {
        joined.push('.');
    }
    joined.push_str(name);
    joined
}
