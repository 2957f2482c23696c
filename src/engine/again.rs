//! Beginning again on a page where a trap has ended the engine before: what counted already does not count twice.
//!
//! What waits for its outcome, lasting scopes and what is on its way are found in storage. The rest is known from the
//! records of the page: thresholds that were reached, pages that were seen, what counts once a page.

use super::Engine;
use crate::model::config::Once;
use crate::model::dropped::DropReason;
use crate::model::json;
use crate::model::record::{Kind, Record};
use crate::model::text::{next, whole};
use crate::model::value::Value;

/// Triggers that fire by themselves when a page is looked at afresh.
const BY_ITSELF: &[&str] = &["page", "scroll", "media", "visible", "engaged", "datalayer", "permission"];
/// What tells firings of one trigger from each other.
const MARKS: &[&str] = &["on", "percent", "seconds"];

impl Engine {
    /// Takes in what is known: see [`super::Said::again`].
    pub(super) fn remember(&mut self, again: &str) {
        let mut rest = Some(again);
        let lost = next(&mut rest, 0x1e).and_then(whole).unwrap_or(0);
        self.dropped.add(DropReason::Trap, lost);
        while let Some(text) = next(&mut rest, 0x1e) {
            if let Ok(Value::Object(event)) = json::read(text) {
                self.before.push(event);
            }
        }
    }

    /// Whether the record says once more what has counted already.
    pub(super) fn counted_before(&mut self, record: &Record) -> bool {
        let on = record.trigger.text("on").unwrap_or_default();
        let once = |name: &str| {
            let rule = self.plan.rules.iter().find(|rule| rule.conversion.name == name);
            rule.is_some_and(|rule| rule.conversion.once != Once::Event)
        };
        if self.before.is_empty()
            || !(record.kind == Kind::Page || BY_ITSELF.contains(&on) || once(&record.name))
        {
            return false;
        }
        let same = self.before.iter().position(|event| {
            let Some(Value::Object(trigger)) = event.get("trigger") else { return false };
            event.text("name") == Some(&record.name)
                && MARKS.iter().all(|mark| trigger.get(mark) == record.trigger.get(mark))
        });
        same.map(|place| self.before.remove(place)).is_some()
    }
}
