//! `attribute`: the text of an attribute of the element that was hit, or of one inside or around it.
//!
//! Never what a visitor typed: that is no attribute, and where a `value` can be a copy of it, the shell refuses.

use super::{Read, Seen};
use crate::model::diagnostic::Code;
use crate::model::section::Section;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &str) =
    ("The text of an attribute of the element that was hit, or of the element `of` names.", "string");

struct Attribute(String);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Read>> {
    let (name, of) = (section.required("attribute")?, section.text("of"));
    let mut want = name.to_ascii_lowercase();
    if let Some(of) = of {
        want.insert(0, '@');
        want.push(' ');
        want.push_str(of);
    } else if want == "value" {
        section.report(Code::ProtectedRead, "attribute", &[name]);
        return None;
    }
    Some(Box::new(Attribute(want)))
}

impl Read for Attribute {
    fn wants(&self) -> Option<&str> {
        Some(&self.0)
    }

    fn take(&self, seen: &Seen<'_>) -> Option<Value> {
        Some(seen.text(&self.0)?.into())
    }
}
