//! `event`: the page dispatches a DOM event, or triggers one by jQuery.

use super::Evidence;
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &[(&str, &str)]) = (
    "The page dispatches this event, or triggers it by jQuery.",
    &[("match", "Only on elements that this selector names, or inside them.")],
);

struct Event {
    event: String,
    selector: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Evidence>> {
    let event = section.required("event");
    let selector = section.text("match").unwrap_or_default().to_owned();
    Some(Box::new(Event { event: event?.to_owned(), selector }))
}

impl Evidence for Event {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Event, &self.event, &self.selector);
    }

    fn holds(&self, signal: &Signal) -> bool {
        matches!(signal, Signal::Element(_))
    }
}
