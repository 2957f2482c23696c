//! `visible`: something that the selector names becomes rendered, wherever on the page it stands.
//!
//! Rendered is what is in the document, has a box that is not empty, and is neither hidden nor wholly transparent; nor
//! is anything around it. It need not be on screen.

use super::Evidence;
use crate::model::effect::Source;
use crate::model::section::Section;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &[(&str, &str)]) =
    ("An element that this selector names becomes rendered, on screen or not.", &[]);

struct Visible(String);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Evidence>> {
    Some(Box::new(Visible(section.required("visible")?.to_owned())))
}

impl Evidence for Visible {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Rendered, "", &self.0);
    }

    fn is_rendered(&self) -> bool {
        true
    }
}
