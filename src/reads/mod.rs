//! Where a conversion's properties can be read from: one file per kind, one row each.
//!
//! A read names beforehand what it wants, so that the shell can hand over that and nothing else. To add one: a
//! file here, its `mod` line and its row in [`ROWS`].

use crate::model::section::Section;
use crate::model::value::{Object, Value};

mod attribute;
mod constant;
mod datalayer;
mod jsonld;
mod microdata;
mod opengraph;
mod text;
mod url;

/// One property's source.
pub trait Read {
    /// What it wants to be handed, in the words of [`crate::model::effect::Watch::wants`].
    fn wants(&self) -> Option<&str> {
        None
    }

    /// The value, if it is there.
    fn take(&self, seen: &Seen<'_>) -> Option<Value>;
}

/// What a read may look at.
pub struct Seen<'a> {
    /// What was handed over, by what was wanted.
    pub found: &'a [(String, String)],
    /// The whole URL of the page.
    pub url: &'a str,
    /// The entry of the data layer that this is about.
    pub entry: Option<&'a Object>,
}

impl Seen<'_> {
    /// What was handed over for this.
    #[must_use]
    pub fn text(&self, wanted: &str) -> Option<&str> {
        self.found.iter().find(|(want, _)| want == wanted).map(|(_, text)| text.as_str())
    }
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
pub const ROWS: &[Row] = &[
    row!(attribute),
    row!(constant),
    row!(datalayer),
    row!(jsonld),
    row!(microdata),
    row!(opengraph),
    row!(text),
    row!(url),
];

/// A read that wants one thing of the page, told as JSON text.
struct Wanted(String);

/// `letter` says which kind of thing, `name` under which word its path stands.
fn wanted(section: &mut Section<'_>, letter: char, name: &'static str) -> Option<Box<dyn Read>> {
    let mut want = String::from(letter);
    want.push_str(section.required(name)?);
    Some(Box::new(Wanted(want)))
}

impl Read for Wanted {
    fn wants(&self) -> Option<&str> {
        Some(&self.0)
    }

    fn take(&self, seen: &Seen<'_>) -> Option<Value> {
        crate::model::json::read(seen.text(&self.0)?).ok()
    }
}
