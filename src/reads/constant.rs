//! `constant`: always the same value.

use super::{Read, Seen};
use crate::model::json;
use crate::model::section::Section;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &str) = ("Always this value.", "any");

/// As JSON text: reading it again is less code than copying a tree.
struct Constant(String);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Read>> {
    let mut text = String::new();
    json::write(&mut text, section.any("constant")?);
    Some(Box::new(Constant(text)))
}

impl Read for Constant {
    fn take(&self, _: &Seen<'_>) -> Option<Value> {
        json::read(&self.0).ok()
    }
}
