//! One configured conversion: its trigger, where and how often it counts, what it reads.

use super::scope::Scope;
use crate::model::config::{Conversion, Untrusted};
use crate::model::pattern::Pattern;
use crate::model::record::{Kind, Record};
use crate::model::signal::Signal;
use crate::model::value::{Object, Value};
use crate::reads::{Read, Seen};
use crate::triggers::Trigger;

/// A conversion of the config, ready to work.
pub(crate) struct Rule {
    pub(crate) conversion: Conversion,
    pub(crate) trigger: Box<dyn Trigger>,
    url: Option<Pattern>,
    pub(crate) untrusted: Option<Untrusted>,
    pub(crate) reads: Vec<(String, Box<dyn Read>)>,
    /// Its selector makes the browser throw.
    pub(crate) disabled: bool,
    scope: Scope,
}

impl Rule {
    pub(crate) fn new(
        conversion: Conversion,
        trigger: Box<dyn Trigger>,
        url: Option<Pattern>,
        untrusted: Option<Untrusted>,
        reads: Vec<(String, Box<dyn Read>)>,
    ) -> Self {
        Self { conversion, trigger, url, untrusted, reads, disabled: false, scope: Scope::default() }
    }

    /// Judges a signal on the page at `url`. Hands on what counts; returns how often the scope said no.
    pub(crate) fn observe(&mut self, signal: &Signal, url: &str, counts: &mut Vec<Record>) -> u64 {
        if self.disabled || self.url.as_ref().is_some_and(|pattern| !pattern.matches(url)) {
            return 0;
        }
        let (mut fired, mut repeats) = (Vec::new(), 0);
        self.trigger.observe(signal, &mut fired);
        let (element, attributes) = match signal {
            Signal::Element(hit) => (hit.element, hit.attributes.as_slice()),
            _ => (0, [].as_slice()),
        };
        for facts in fired {
            let threshold = facts.get("percent").or_else(|| facts.get("pixels"));
            let what = if let Some(Value::Number(number)) = threshold { number.text() } else { "" };
            if !self.scope.take(self.conversion.once, element, what) {
                repeats += 1;
                continue;
            }
            let mut record = self.record(facts);
            for (name, read) in &self.reads {
                if let Some(value) = read.take(&Seen { attributes, url }) {
                    record.set(name, value);
                }
            }
            counts.push(record);
        }
        repeats
    }

    /// A record with what the conversion says of itself.
    pub(crate) fn record(&self, trigger: Object) -> Record {
        let conversion = &self.conversion;
        let kind = if conversion.is_macro { Kind::Macro } else { Kind::Micro };
        let mut record = Record::new(kind, &conversion.name, trigger);
        record.value = conversion.value.clone();
        record.currency = conversion.currency.clone();
        record.leads_to = conversion.leads_to.clone();
        record
    }

    /// A new page view begins.
    pub(crate) fn page_view(&mut self) {
        self.trigger.page_view();
        self.scope.page_view();
    }
}
