//! One configured conversion: the ways it can be recognised, where and how often it counts, what it reads.
//!
//! Several ways are ranked, the best first: what two of them say within two seconds is one step, and once a way has
//! said something on a page, those below it are not listened to any more.

use super::scope::Scope;
use super::typed::Property;
use crate::evidence::Evidence;
use crate::model::config::{Conversion, Per, Untrusted};
use crate::model::pattern::Pattern;
use crate::model::record::{Kind, Record};
use crate::model::signal::Signal;
use crate::model::time::Millis;
use crate::model::value::Object;
use crate::reads::Seen;
use crate::triggers::{Firing, Trigger};

/// What two ways say within this time is one step, ms.
const TOGETHER: u64 = 2000;

/// A conversion of the config, ready to work.
pub(crate) struct Rule {
    pub(crate) conversion: Conversion,
    pub(crate) ways: Vec<Way>,
    pub(crate) reads: Vec<Property>,
    pub(crate) scope: Scope,
    /// It has been attempted on this page.
    pub(crate) attempted: bool,
    /// When it was recognised last, and by which way.
    last: Option<(Millis, usize)>,
    /// The best way that has recognised it on this page.
    best: Option<usize>,
    /// Scope and best way of the page before.
    left: (Scope, Option<usize>),
}

/// A way to recognise it.
pub(crate) struct Way {
    pub(crate) trigger: Box<dyn Trigger>,
    pub(crate) url: Option<Pattern>,
    pub(crate) untrusted: Option<Untrusted>,
    pub(crate) outcome: Outcome,
    /// Its selector cannot be used.
    pub(crate) disabled: bool,
}

/// How it shows what became of it.
pub(crate) enum Outcome {
    /// The gesture is the outcome.
    Gesture,
    /// Where no page of the shop can see it.
    Unseen,
    /// By evidence, within so many ms.
    Evidence(Vec<Proof>, u64),
}

/// A piece of evidence and what it shows.
pub(crate) struct Proof {
    pub(crate) evidence: Box<dyn Evidence>,
    pub(crate) confirms: bool,
    /// The kind, and the text after it, as the config has them.
    pub(crate) by: &'static str,
    pub(crate) what: String,
}

impl Rule {
    pub(crate) fn new(conversion: Conversion, ways: Vec<Way>, reads: Vec<Property>) -> Self {
        Self {
            conversion,
            ways,
            reads,
            scope: Scope::default(),
            attempted: false,
            last: None,
            best: None,
            left: Default::default(),
        }
    }

    /// Lets a way judge a signal on the page at `url`. Hands on what it fired; returns how often that was the same
    /// step as before.
    pub(crate) fn observe(
        &mut self,
        way: usize,
        signal: &Signal,
        url: &str,
        mono: Millis,
        fired: &mut Vec<Firing>,
    ) -> u64 {
        let several = self.ways.len() > 1;
        let Some(judge) = self.ways.get_mut(way).filter(|way| !way.disabled) else { return 0 };
        judge.trigger.observe(signal, mono, fired);
        if fired.is_empty() {
            return 0;
        }
        if judge.url.as_ref().is_some_and(|pattern| !pattern.matches(url)) {
            fired.clear();
            return 0;
        }
        if several {
            let worse = self.best.is_some_and(|best| best < way);
            let together = self.last.is_some_and(|(then, other)| other != way && mono.since(then) < TOGETHER);
            self.best = Some(self.best.map_or(way, |best| best.min(way)));
            if worse || together {
                let repeats = fired.len() as u64;
                fired.clear();
                return repeats;
            }
            self.last = Some((mono, way));
        }
        0
    }

    /// The outcome of an attempt made by that way has been seen: what others say of it now is no news.
    pub(crate) fn settled(&mut self, way: usize, mono: Millis) {
        self.last = Some((mono, way));
    }

    /// A record with what the conversion says of itself.
    pub(crate) fn record(&self, trigger: Object) -> Box<Record> {
        let conversion = &self.conversion;
        let kind = if conversion.is_macro { Kind::Macro } else { Kind::Micro };
        let mut record = Box::new(Record::new(kind, &conversion.name, trigger));
        record.value = conversion.value.clone();
        record.currency = conversion.currency.clone();
        record.leads_to = conversion.leads_to.clone();
        record
    }

    /// What its reads want of an element that is hit, parted by RS; or, of the page, what is not known by then:
    /// whether an element was hit, and whether an entry of the data layer is at hand.
    pub(crate) fn wants(&self, asked: Asked) -> String {
        let mut wants = String::new();
        for want in self.reads.iter().filter_map(|property| property.read.wants()) {
            let first = want.as_bytes().first();
            let wanted = match (asked, first) {
                (Asked::OfElement, first) => !matches!(first, Some(b'D' | b'J' | b'M' | b'O')),
                (Asked::OfPage { has_entry, .. }, Some(b'D')) => !has_entry,
                (Asked::OfPage { .. }, Some(b'J' | b'M' | b'O')) => true,
                (Asked::OfPage { hit, .. }, Some(b'=' | b'@')) => !hit,
                (Asked::OfPage { .. }, _) => false,
            };
            if wanted {
                add(&mut wants, want);
            }
        }
        wants
    }

    /// Whether it counts over more than a page view.
    pub(crate) fn counts_long(&self) -> bool {
        self.conversion.count > 1 && self.conversion.per != Per::Page
    }

    /// Reads its properties into a record.
    pub(crate) fn read(&self, record: &mut Record, seen: &Seen<'_>) {
        // The currency first: how many minor units make a whole one depends on it.
        for &currency in &[true, false] {
            for property in self.reads.iter().filter(|property| (property.name == "currency") == currency) {
                property.read(record, seen);
            }
        }
    }

    /// A new page view begins: what counts on it counts anew.
    pub(crate) fn leave(&mut self) {
        self.left = (std::mem::take(&mut self.scope), self.best.take());
    }

    /// The page was not left after all.
    pub(crate) fn back(&mut self) {
        (self.scope, self.best) = std::mem::take(&mut self.left);
    }

    /// The page of the view is there.
    pub(crate) fn page_view(&mut self) {
        self.ways.iter_mut().for_each(|way| way.trigger.page_view());
    }
}

/// Who is asked what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The element, when it is hit.
    OfElement,
    /// The page, afterwards.
    OfPage {
        /// An element was hit.
        hit: bool,
        /// An entry of the data layer is at hand.
        has_entry: bool,
    },
}

/// Adds to texts that are parted by RS.
pub(crate) fn add(texts: &mut String, text: &str) {
    if !texts.is_empty() {
        texts.push('\u{1e}');
    }
    texts.push_str(text);
}
