//! `custom`: the page's own code says so, by `footstep.track(name)` with the conversion's name.

#[cfg(any(test, feature = "catalog"))]
use super::Doc;
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "Code on the page calls `footstep.track()` with the conversion's name. Any conversion can be tracked \
           from code; this one by nothing else.",
    options: &[],
    example: r#"{"on":"custom","macro":true,"currency":"EUR"}"#,
};

struct Custom;

pub(super) fn build(_: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    Some(Box::new(Custom))
}

impl Trigger for Custom {
    fn watch(&self, _: &mut dyn FnMut(Source, &str, &str)) {}

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if matches!(signal, Signal::Custom) {
            fire(fired, "custom", None);
        }
    }
}
