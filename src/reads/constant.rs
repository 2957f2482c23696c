//! `constant`: always the same value.

use super::{Read, Seen};
use crate::model::section::Section;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &str) = ("Always this value.", "any");

struct Constant(Value);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Read>> {
    Some(Box::new(Constant(section.any("constant")?.clone())))
}

impl Read for Constant {
    fn take(&self, _: &Seen<'_>) -> Option<Value> {
        Some(self.0.clone())
    }
}
