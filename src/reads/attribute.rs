//! `attribute`: the text of an attribute of the element that was hit. Never what a visitor typed: that is no
//! attribute, and an element's `value` is refused all the same.

use super::{Read, Seen};
use crate::model::diagnostic::Code;
use crate::model::section::Section;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &str) = ("The text of an attribute of the element that was hit.", "string");

struct Attribute(String);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Read>> {
    let name = section.required("attribute")?;
    if name.eq_ignore_ascii_case("value") {
        section.report(Code::ProtectedRead, "attribute", &[name]);
        return None;
    }
    Some(Box::new(Attribute(name.to_ascii_lowercase())))
}

impl Read for Attribute {
    fn attribute(&self) -> Option<&str> {
        Some(&self.0)
    }

    fn take(&self, seen: &Seen<'_>) -> Option<Value> {
        let (_, text) = seen.attributes.iter().find(|(name, _)| *name == self.0)?;
        Some(text.as_str().into())
    }
}
