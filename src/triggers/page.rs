//! `page`: a page is viewed. Which one is said by the rule's `url`.

#[cfg(any(test, feature = "catalog"))]
use super::Doc;
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A page is viewed; `url` says which.",
    options: &[],
    example: r#"{"on":"page","url":"**/order-received/*","macro":true,"once":"page"}"#,
};

struct Page;

pub(super) fn build(_: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    Some(Box::new(Page))
}

impl Trigger for Page {
    fn watch(&self, _: &mut dyn FnMut(Source, &str, &str)) {}

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if matches!(signal, Signal::Url { view: true, .. }) {
            fire(fired, "page", None);
        }
    }
}
