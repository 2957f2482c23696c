//! `datalayer`: the shop tells its tag manager that something happened, and we listen.
//!
//! Plug-in and theme often tell the same twice: an entry with the same name and the same items within a second is
//! one step.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::data::at;
use crate::model::effect::Source;
use crate::model::json;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "The page pushes an event onto its data layer, by `dataLayer.push()` or `gtag()`; Universal Analytics' \
           names are translated to those of GA4.",
    options: &[
        ("event", Type::RequiredText, "The event's name as GA4 has it, such as `add_to_cart`."),
        ("layer", Type::Text, "The name of the array; `dataLayer` if it is left out."),
    ],
    example: r#"{"on":"datalayer","event":"add_to_cart","read":{"value":{"datalayer":"ecommerce.value"}}}"#,
};

/// Entries that say the same within this time are one, ms.
const TWICE: u64 = 1000;

struct Datalayer {
    event: String,
    layer: String,
    last: Option<(Millis, String)>,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let event = section.required("event");
    let layer = section.text("layer").unwrap_or("dataLayer").to_owned();
    Some(Box::new(Datalayer { event: event?.to_owned(), layer, last: None }))
}

impl Trigger for Datalayer {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Data, &self.layer, "");
    }

    fn observe(&mut self, signal: &Signal, mono: Millis, fired: &mut Vec<Firing>) {
        let Signal::Data(data) = signal else { return };
        if data.event != self.event {
            return;
        }
        let mut about = String::new();
        for path in &["ecommerce.transaction_id", "ecommerce.items"] {
            if let Some(value) = at(&data.entry, path) {
                json::write(&mut about, value);
            }
        }
        // Without items nothing says that it is the same: two searches in a row are two.
        let twice = !about.is_empty()
            && self.last.as_ref().is_some_and(|(then, what)| mono.since(*then) < TWICE && *what == about);
        self.last = Some((mono, about));
        if !twice {
            fire(fired, "datalayer", Some(("event", self.event.as_str().into())));
        }
    }
}
