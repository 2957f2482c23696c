//! Where a conversion's properties can be read from: one file per kind, one row each.
//!
//! A read names beforehand what it needs, so that the shell can hand over that and nothing else. To add one: a
//! file here, its `mod` line and its row in [`ROWS`].

use crate::model::section::Section;
use crate::model::value::Value;

mod attribute;
mod constant;
mod url;

/// One property's source.
pub trait Read {
    /// The attribute of the element it wants to see.
    fn attribute(&self) -> Option<&str> {
        None
    }

    /// The value, if it is there.
    fn take(&self, seen: &Seen<'_>) -> Option<Value>;
}

/// What a read may look at.
pub struct Seen<'a> {
    /// The attributes the rule's reads asked for.
    pub attributes: &'a [(String, String)],
    /// The whole URL of the page.
    pub url: &'a str,
}

/// A read's place in the table.
pub struct Row {
    /// The word that names it.
    pub name: &'static str,
    /// Reads what stands after the word; `None`, after a diagnostic, if it cannot work.
    pub build: fn(&mut Section<'_>) -> Option<Box<dyn Read>>,
    /// One sentence for people, and the JSON type that stands after the word.
    #[cfg(any(test, feature = "catalog"))]
    pub doc: (&'static str, &'static str),
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

/// Every kind of read there is.
pub const ROWS: &[Row] = &[row!(attribute), row!(constant), row!(url)];
