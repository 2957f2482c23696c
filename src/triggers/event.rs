//! `event`: the page itself says that something happened, by a DOM event or one of jQuery's, under a name of its own.
//!
//! Such events are made by scripts by their nature, so whether a hand was behind them is not asked.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "The page dispatches a DOM event, or triggers one by jQuery, such as its own `added-to-cart`.",
    options: &[
        ("event", Type::RequiredText, "The event's name (its `type`)."),
        ("match", Type::Selector, "Only on these elements, or anything inside them."),
    ],
    example: r#"{"on":"event","event":"shop:added-to-cart","match":"form.add-to-cart"}"#,
};

struct Event {
    event: String,
    selector: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let event = section.required("event");
    let selector = section.text("match").unwrap_or_default().to_owned();
    Some(Box::new(Event { event: event?.to_owned(), selector }))
}

impl Trigger for Event {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Event, &self.event, &self.selector);
    }

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if matches!(signal, Signal::Element(_)) {
            fire(fired, "event", Some(("event", self.event.as_str().into())));
        }
    }
}
