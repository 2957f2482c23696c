//! How often a conversion may count on one page view: each time, once per element, once in all; or at the how
//! many-th time. What holds longer than a page view is in [`super::counted`].

use crate::model::config::{Conversion, Once, Per};

/// Elements remembered per rule and page view; beyond that the oldest may count again.
const MAX_ELEMENTS: usize = 500;

/// What one rule has counted in this page view.
#[derive(Default)]
pub(crate) struct Scope {
    counted: Vec<(u32, String)>,
    times: u64,
}

impl Scope {
    /// Whether it has been used up. `what` tells apart things that count on their own, such as the thresholds of one
    /// rule.
    pub(crate) fn used(&self, once: Once, element: u32, what: &str) -> bool {
        key(once, element)
            .is_some_and(|key| self.counted.iter().any(|(other, said)| *other == key && said == what))
    }

    /// Whether it counts now, which uses it up.
    pub(crate) fn take(&mut self, conversion: &Conversion, element: u32, what: &str) -> Taken {
        if conversion.count > 1 && conversion.per == Per::Page {
            self.times += 1;
            if self.times != conversion.count {
                return Taken::NotYet;
            }
        }
        let Some(key) = key(conversion.once, element) else { return Taken::Counts };
        if self.used(conversion.once, element, what) {
            return Taken::Repeat;
        }
        if self.counted.len() == MAX_ELEMENTS {
            self.counted.remove(0);
        }
        self.counted.push((key, what.to_owned()));
        Taken::Counts
    }
}

/// What a scope says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It counts.
    Counts,
    /// It has counted already.
    Repeat,
    /// It is one of several times that count together.
    NotYet,
}

fn key(once: Once, element: u32) -> Option<u32> {
    match once {
        Once::Page => Some(0),
        Once::Element => Some(element),
        Once::Event | Once::Session | Once::Visitor | Once::Order => None,
    }
}
