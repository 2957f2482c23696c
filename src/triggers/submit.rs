//! `submit`: a form is sent, by its button, by Enter or by `requestSubmit()`.
//!
//! The browser makes the event only when the form's own validation has passed (or is switched off), so a form
//! with a missing field does not count. Whether the shop accepted it is a matter of evidence, not of this file.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Trigger, facts};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::value::Object;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A form is sent: by its button, by Enter or by `requestSubmit()`. Invalid forms do not count.",
    options: &[("match", Type::RequiredSelector, "Which forms.")],
    example: r#"{"on":"submit","match":"form.newsletter"}"#,
};

struct Submit {
    selector: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    Some(Box::new(Submit { selector: section.required("match")?.to_owned() }))
}

impl Trigger for Submit {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Dom, "submit", &self.selector);
    }

    fn observe(&mut self, signal: &Signal, fired: &mut Vec<Object>) {
        if matches!(signal, Signal::Element(_)) {
            fired.push(facts("submit"));
        }
    }

    fn by_hand(&self) -> bool {
        true
    }
}
