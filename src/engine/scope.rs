//! How often a conversion may count: each time, once per element, once per page view.

use crate::model::config::Once;

/// Elements remembered per rule and page view; beyond that the oldest may count again.
const MAX_ELEMENTS: usize = 500;

/// What one rule has counted in this page view.
#[derive(Default)]
pub(crate) struct Scope {
    counted: Vec<(u32, String)>,
}

impl Scope {
    /// Whether it may count now, which uses it up. `what` tells apart things that count on their own, such as the
    /// thresholds of one rule.
    pub(crate) fn take(&mut self, once: Once, element: u32, what: &str) -> bool {
        let key = match once {
            Once::Event => return true,
            Once::Page => 0,
            Once::Element => element,
        };
        if self.counted.iter().any(|(other, said)| *other == key && said == what) {
            return false;
        }
        if self.counted.len() == MAX_ELEMENTS {
            self.counted.remove(0);
        }
        self.counted.push((key, what.to_owned()));
        true
    }

    /// A new page view begins.
    pub(crate) fn page_view(&mut self) {
        *self = Self::default();
    }
}
