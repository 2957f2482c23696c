//! What can set a conversion off: one file per trigger, one row each.
//!
//! A trigger says what it must observe and judges the signals it gets; it keeps only what it needs for that.
//! It knows nothing of names, values, scopes, consent or collectors. To add one: a file here, its `mod` line
//! and its row in [`ROWS`].

use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::{Hit, Signal};
use crate::model::time::Millis;
use crate::model::value::{Object, Value};

mod change;
mod click;
mod custom;
mod datalayer;
mod download;
mod engaged;
mod event;
mod exit;
mod media;
mod outbound;
mod page;
mod permission;
mod response;
mod scroll;
mod search;
mod submit;
mod visible;

/// One rule's trigger, with whatever it remembers of the current page view.
pub trait Trigger {
    /// Says what to observe: the source, for a DOM event its name, and on which elements (empty: any).
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str));

    /// Judges a signal that came at `mono`; for each time it fires, pushes what it saw.
    fn observe(&mut self, signal: &Signal, mono: Millis, fired: &mut Vec<Firing>);

    /// When it wants a [`Signal::Tick`], by the monotonic clock.
    fn wake(&self) -> Option<Millis> {
        None
    }

    /// Attributes of the element that it looks at.
    fn wants(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it can judge an answered request only with the answer's content.
    fn wants_body(&self, _: &Signal) -> bool {
        false
    }

    /// Forgets what belonged to the page view before.
    fn page_view(&mut self) {}

    /// Whether a script can make its events as well as a hand can, so that it matters which it was.
    fn by_hand(&self) -> bool {
        false
    }
}

/// One time a trigger fired.
pub struct Firing {
    /// What it saw, beginning with `on`, the trigger's name.
    pub facts: Object,
    /// The element it fired for, if that is not the one of the signal.
    pub hit: Option<Hit>,
}

/// A trigger's place in the table.
pub struct Row {
    /// The word after `on`.
    pub name: &'static str,
    /// Reads its options; `None`, after a diagnostic, if the rule cannot work.
    pub build: fn(&mut Section<'_>) -> Option<Box<dyn Trigger>>,
    /// What people read about it.
    #[cfg(any(test, feature = "catalog"))]
    pub doc: &'static Doc,
}

/// What people read about a trigger. Makes the schema and the types.
#[cfg(any(test, feature = "catalog"))]
pub struct Doc {
    /// One sentence.
    pub what: &'static str,
    /// Its options: name, type, meaning.
    pub options: &'static [(&'static str, Type, &'static str)],
    /// A conversion that uses it, as JSON.
    pub example: &'static str,
}

/// The type of an option in a config.
#[cfg(any(test, feature = "catalog"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A CSS selector.
    Selector,
    /// A CSS selector that must be there.
    RequiredSelector,
    /// A text that must be there.
    RequiredText,
    /// A percentage, or a list of them.
    Percents,
    /// A number of CSS pixels, or a list of them.
    Pixels,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A number of seconds, or a list of them.
    Seconds,
    /// A text, or a list of texts.
    Texts,
    /// A URL pattern that must be there.
    RequiredPattern,
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
}

macro_rules! row {
    ($module:ident) => {
        Row {
            name: stringify!($module),
            build: $module::build,
            #[cfg(any(test, feature = "catalog"))]
            doc: &$module::DOC,
        }
    };
}

/// Every trigger there is.
pub const ROWS: &[Row] = &[
    row!(change),
    row!(click),
    row!(custom),
    row!(datalayer),
    row!(download),
    row!(engaged),
    row!(event),
    row!(exit),
    row!(media),
    row!(outbound),
    row!(page),
    row!(permission),
    row!(response),
    row!(scroll),
    row!(search),
    row!(submit),
    row!(visible),
];

/// Fires with `on`, the trigger's name, and one more fact if there is one.
fn fire(fired: &mut Vec<Firing>, on: &str, fact: Option<(&str, Value)>) {
    let mut facts = Object::default();
    facts.set("on", on.into());
    if let Some((name, value)) = fact {
        facts.set(name, value);
    }
    fired.push(Firing { facts, hit: None });
}
