//! `click`: a press on an element, by mouse, finger, pen or keyboard.
//!
//! The nearest matching element around what was pressed counts, so an icon in a button is the button. The middle
//! button counts as well: it opens a link in a new tab.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A press on an element, by mouse (left or middle), finger, pen or keyboard.",
    options: &[("match", Type::RequiredSelector, "Which elements. Anything inside them counts as well.")],
    example: r#"{"on":"click","match":"a.recommendation"}"#,
};

struct Click {
    selector: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    Some(Box::new(Click { selector: section.required("match")?.to_owned() }))
}

impl Trigger for Click {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        // `auxclick` is what the middle button makes; the shell lets only that button through.
        for event in &["click", "auxclick"] {
            on(Source::Dom, event, &self.selector);
        }
    }

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if matches!(signal, Signal::Element(_)) {
            fire(fired, "click", None);
        }
    }

    fn by_hand(&self) -> bool {
        true
    }
}
