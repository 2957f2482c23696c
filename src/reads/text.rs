//! `text`: what stands in an element inside or around the one that was hit, as a visitor reads it. Never what stands
//! in a field.

use super::{Read, Seen};
use crate::model::section::Section;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &str) = (
    "The text of the element that this selector names: inside or around the one that was hit, else on the page.",
    "string",
);

struct Text(String);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Read>> {
    let mut want = String::from("=");
    want.push_str(section.required("text")?);
    Some(Box::new(Text(want)))
}

impl Read for Text {
    fn wants(&self) -> Option<&str> {
        Some(&self.0)
    }

    fn take(&self, seen: &Seen<'_>) -> Option<Value> {
        Some(seen.text(&self.0)?.into())
    }
}
