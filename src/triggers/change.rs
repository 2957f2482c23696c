//! `change`: a field was filled in or changed, and left.
//!
//! What stands in the field is never read. Whether it is valid can be asked for in the selector, by `:valid`.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A field was changed. Its content is never read; `:valid` in the selector asks whether it is valid.",
    options: &[("match", Type::RequiredSelector, "Which fields.")],
    example: r#"{"on":"change","match":"input[autocomplete~=cc-number]:valid","once":"session"}"#,
};

struct Change {
    selector: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    Some(Box::new(Change { selector: section.required("match")?.to_owned() }))
}

impl Trigger for Change {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Dom, "change", &self.selector);
    }

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if matches!(signal, Signal::Element(_)) {
            fire(fired, "change", None);
        }
    }

    fn by_hand(&self) -> bool {
        true
    }
}
