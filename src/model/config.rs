//! What a site owner can say, as types. [`crate::engine::plan`] reads it from the config's text.
//!
//! The options of one trigger or read are not here: they live in its own file.

use super::value::Number;

/// Whether events may be recorded before the visitor has been asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConsentMode {
    /// The owner states that none is needed.
    #[default]
    None,
    /// Nothing leaves memory before a grant.
    OptIn,
    /// Recorded until refused.
    OptOut,
}

impl ConsentMode {
    /// The words, and in the same order what they mean.
    pub const WORDS: &[&str] = &["none", "opt-in", "opt-out"];
    /// See [`Self::WORDS`].
    pub const ALL: &[Self] = &[Self::None, Self::OptIn, Self::OptOut];
}

/// What becomes of events made by a script instead of a hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Untrusted {
    /// They are no conversions; `stats()` counts them.
    #[default]
    Ignore,
    /// They are, with the mark `untrusted`.
    Count,
}

impl Untrusted {
    /// The words, and in the same order what they mean.
    pub const WORDS: &[&str] = &["ignore", "count"];
    /// See [`Self::WORDS`].
    pub const ALL: &[Self] = &[Self::Ignore, Self::Count];
}

/// How often one conversion may count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Once {
    /// Each time its trigger fires.
    #[default]
    Event,
    /// Once per element and page view.
    Element,
    /// Once per page view.
    Page,
    /// Once per visit.
    Session,
    /// Once per visitor.
    Visitor,
    /// Once per order: by the property `order`.
    Order,
}

impl Once {
    /// The words, and in the same order what they mean.
    pub const WORDS: &[&str] = &["event", "element", "page", "session", "visitor", "order"];
    /// See [`Self::WORDS`].
    pub const ALL: &[Self] =
        &[Self::Event, Self::Element, Self::Page, Self::Session, Self::Visitor, Self::Order];
}

/// Over what a count runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// One page view.
    #[default]
    Page,
    /// One visit.
    Session,
    /// All visits.
    Visitor,
}

impl Per {
    /// The words, and in the same order what they mean.
    pub const WORDS: &[&str] = &["page", "session", "visitor"];
    /// See [`Self::WORDS`].
    pub const ALL: &[Self] = &[Self::Page, Self::Session, Self::Visitor];
}

/// How a text that was read is understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum As {
    /// As it is.
    #[default]
    Any,
    /// As text.
    String,
    /// As a number, written as people of any country write it.
    Number,
    /// As a whole number.
    Integer,
    /// As an amount of money: a number, and the currency if it is named.
    Money,
}

impl As {
    /// The words, and in the same order what they mean.
    pub const WORDS: &[&str] = &["string", "number", "integer", "money"];
    /// See [`Self::WORDS`].
    pub const ALL: &[Self] = &[Self::String, Self::Number, Self::Integer, Self::Money];
}

/// What makes two URLs the same page, besides the path; and how much of the URL leaves the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageIdentity {
    /// Names of query keys that belong to the page. All others are cut off.
    pub query: Vec<String>,
    /// Whether the part behind `#` belongs to it.
    pub hash: bool,
}

/// Which of a conversion's records a collector gets that would count each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcomes {
    /// The final one, if it succeeded.
    Confirmed,
    /// The final one.
    All,
    /// Every one: it keeps the last.
    Each,
}

impl Outcomes {
    /// The words a config may say, and in the same order what they mean.
    pub const WORDS: &[&str] = &["confirmed", "all"];
    /// See [`Self::WORDS`].
    pub const ALL: &[Self] = &[Self::Confirmed, Self::All];
}

/// Where events are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    /// An absolute URL, or one relative to the page.
    pub url: String,
    /// What its records in the journal are known by: URL and format, and no two collectors alike.
    pub key: String,
    /// Where it stands in the config.
    pub path: String,
    /// Where the second module encodes for it: the format and its object in the config, as JSON text; each ended by US.
    pub options: Option<String>,
    /// What it gets of conversions that have an outcome.
    pub outcomes: Outcomes,
    /// What may have arrived is sent again.
    pub resend: bool,
    /// Records kept for it at the most.
    pub max_stored: usize,
    /// If there are any: the only names it gets.
    pub names: Vec<String>,
    /// It gets macro-conversions only.
    pub only_macro: bool,
    /// Of so many visitors in 100,000.
    pub sample: u32,
    /// What it is for: it gets nothing while the visitor has not agreed to that.
    pub purpose: Option<String>,
}

/// What a conversion says besides its trigger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// Its name.
    pub name: String,
    /// It is what the other steps lead to.
    pub is_macro: bool,
    /// The name of the macro-conversion it leads to.
    pub leads_to: Option<String>,
    /// What it is worth.
    pub value: Option<Number>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// How often it may count.
    pub once: Once,
    /// The how many-th time it counts: 0 and 1 for each time.
    pub count: u64,
    /// Over what that runs.
    pub per: Per,
    /// Only times on different pages are counted.
    pub distinct: bool,
}
