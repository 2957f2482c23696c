//! `datalayer`: the page pushes an event onto its data layer.

use super::Evidence;
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &[(&str, &str)]) = (
    "The page pushes this event onto its data layer.",
    &[("layer", "The name of the array; `dataLayer` if it is left out.")],
);

struct Datalayer {
    event: String,
    layer: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Evidence>> {
    let event = section.required("datalayer");
    let layer = section.text("layer").unwrap_or("dataLayer").to_owned();
    Some(Box::new(Datalayer { event: event?.to_owned(), layer }))
}

impl Evidence for Datalayer {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Data, &self.layer, "");
    }

    fn holds(&self, signal: &Signal) -> bool {
        matches!(signal, Signal::Data(data) if data.event == self.event)
    }
}
