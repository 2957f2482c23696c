//! `submit`: a form is sent, by its button, by Enter or by `requestSubmit()`.
//!
//! The browser makes the event only when the form's own validation has passed (or is switched off), so a form
//! with a missing field does not count. Whether the shop accepted it is a matter of evidence, not of this file.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A form is sent: by its button, by Enter, by `requestSubmit()`, or by `submit()` if the page is left by it. Invalid forms do not count.",
    options: &[
        ("match", Type::RequiredSelector, "Which forms."),
        ("submitter", Type::Selector, "Only if sent by one of these buttons."),
    ],
    example: r#"{"on":"submit","match":"form.newsletter"}"#,
};

struct Submit {
    selector: String,
    submitter: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let selector = section.required("match");
    let submitter = section.text("submitter").unwrap_or_default().to_owned();
    Some(Box::new(Submit { selector: selector?.to_owned(), submitter }))
}

impl Trigger for Submit {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        // With what the shell tells apart by one more selector.
        let mut event = String::from("submit");
        if !self.submitter.is_empty() {
            event.push(' ');
            event.push_str(&self.submitter);
        }
        on(Source::Dom, &event, &self.selector);
    }

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if matches!(signal, Signal::Element(_)) {
            fire(fired, "submit", None);
        }
    }

    fn by_hand(&self) -> bool {
        true
    }
}
