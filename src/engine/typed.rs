//! What is made of a text that was read: a number, an amount of money, or what it is.

use crate::model::config::As;
use crate::model::money;
use crate::model::record::Record;
use crate::model::text::cut;
use crate::model::value::{Number, Value};
use crate::reads::{Read, Seen};

/// A property a conversion reads.
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) read: Box<dyn Read>,
    pub(crate) kind: As,
    /// What is read counts minor units, such as cents.
    pub(crate) minor: bool,
}

impl Property {
    /// Reads it into the record. What is not found, or is not what it should be, leaves the record as it was.
    pub(crate) fn read(&self, record: &mut Record, seen: &Seen<'_>) {
        let Some(value) = self.read.take(seen) else { return };
        if self.kind == As::Any && !self.minor {
            record.set(&self.name, value);
            return;
        }
        let text = match value {
            Value::Number(number) => number.text().to_owned(),
            Value::String(text) => text,
            Value::Bool(is) => String::from(if is { "true" } else { "false" }),
            _ => return,
        };
        if self.kind == As::String {
            record.set(&self.name, Value::String(text));
            return;
        }
        let Some(mut number) = money::number(&text) else { return };
        if self.kind == As::Money
            && self.name == "value"
            && let Some(code) = money::currency(&text)
        {
            record.currency = Some(code.to_owned());
        }
        if self.minor {
            number = money::from_minor(number, record.currency.as_deref());
        }
        if self.kind == As::Integer {
            number = cut(number.text(), b'.').and_then(|(whole, _)| Number::parse(whole)).unwrap_or(number);
        }
        record.set(&self.name, Value::Number(number));
    }
}
