//! What shows how an attempt ended: one file per kind of evidence, one row each.
//!
//! Evidence says what must be observed and whether a signal is it; whose attempt it settles, and how, is decided in
//! the engine. To add a kind: a file here, its `mod` line and its row in [`ROWS`].

use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;

mod datalayer;
mod event;
mod response;
mod text;
mod url;
mod visible;

/// One piece of evidence.
pub trait Evidence {
    /// Says what to observe: the source, what it needs to know, and on which elements.
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str));

    /// Whether the signal is it. What becomes rendered is no signal: the shell finds that out.
    fn holds(&self, _: &Signal) -> bool {
        false
    }

    /// Whether it is something that becomes rendered, looked out for only while an attempt is pending.
    fn is_rendered(&self) -> bool {
        false
    }

    /// Whether it can judge an answered request only with the answer's content.
    fn wants_body(&self, _: &Signal) -> bool {
        false
    }
}

/// A kind's place in the table.
pub struct Row {
    /// The word that names it.
    pub name: &'static str,
    /// Reads what stands after the word; `None`, after a diagnostic, if it cannot work.
    pub build: fn(&mut Section<'_>) -> Option<Box<dyn Evidence>>,
    /// One sentence for people, and further words: name, meaning.
    #[cfg(any(test, feature = "catalog"))]
    pub doc: (&'static str, &'static [(&'static str, &'static str)]),
}

macro_rules! row {
    ($module:ident) => {
        Row {
            name: stringify!($module),
            build: $module::build,
            #[cfg(any(test, feature = "catalog"))]
            doc: $module::DOC,
        }
    };
}

/// Every kind of evidence there is.
pub const ROWS: &[Row] =
    &[row!(visible), row!(url), row!(event), row!(datalayer), row!(response), row!(text)];
