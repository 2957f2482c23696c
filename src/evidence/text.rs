//! `text`: a text becomes rendered. Runs of white space are one space, in it and on the page.

use super::Evidence;
use crate::model::effect::Source;
use crate::model::section::Section;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &[(&str, &str)]) =
    ("This text becomes rendered.", &[("in", "Only inside elements that this selector names.")]);

struct Text {
    text: String,
    within: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Evidence>> {
    let text = section.required("text");
    let within = section.text("in").unwrap_or("body").to_owned();
    Some(Box::new(Text { text: text?.to_owned(), within }))
}

impl Evidence for Text {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Rendered, &self.text, &self.within);
    }

    fn is_rendered(&self) -> bool {
        true
    }
}
