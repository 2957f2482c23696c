//! `exit`: the pointer leaves the page at its top, where the tabs and the address are.
//!
//! There is no such moment on a touch screen. Once per page view: a pointer comes and goes.

#[cfg(any(test, feature = "catalog"))]
use super::Doc;
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "The mouse leaves the page at its top, as before closing the tab; once per page view.",
    options: &[],
    example: r#"{"on":"exit","url":"/checkout/**"}"#,
};

#[derive(Default)]
struct Exit {
    left: bool,
}

pub(super) fn build(_: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    Some(Box::new(Exit::default()))
}

impl Trigger for Exit {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Exit, "", "");
    }

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if matches!(signal, Signal::Exit) && !self.left {
            self.left = true;
            fire(fired, "exit", None);
        }
    }

    fn page_view(&mut self) {
        self.left = false;
    }
}
