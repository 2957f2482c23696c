//! `permission`: the visitor allowed notifications. Whoever had allowed them before does not count again.

#[cfg(any(test, feature = "catalog"))]
use super::Doc;
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "The visitor allows notifications when the browser asks.",
    options: &[],
    example: r#"{"on":"permission","once":"visitor"}"#,
};

struct Permission;

pub(super) fn build(_: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    Some(Box::new(Permission))
}

impl Trigger for Permission {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Permission, "", "");
    }

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if matches!(signal, Signal::Allowed) {
            fire(fired, "permission", None);
        }
    }
}
