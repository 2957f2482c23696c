//! What counts becomes a record that waits for consent and for the visitor to be known, and goes on its way. Records are
//! boxed in the engine: as values, copied from hand to hand, they were 450 bytes of brotli more.

use super::Engine;
use super::counted::Counted;
use super::journal::forget;
use super::queue::rank;
use super::retry::Retry;
use super::scope::Taken;
use super::session::Identity;
use crate::formats::footstep::write_event;
use crate::model::config::Once;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::dropped::DropReason;
use crate::model::effect::{Effect, Key};
use crate::model::input::{Decision, Stored};
use crate::model::record::{Kind, Phase, Record};
use crate::model::text::find;
use crate::model::time::{Millis, Now, sooner};
use crate::model::uuid::Uuid;
use crate::model::value::Value;

/// Events that wait for consent, at most.
const MAX_HELD: usize = 50;
/// Events that wait for storage to be read, at most: a second's worth.
const MAX_UNOPENED: usize = 500;

/// The rule whose lasting scope is still to be asked, and which of its thresholds it is.
pub(crate) type Claim = Option<(usize, String)>;

impl Engine {
    /// Fixes what never changes again: the record's id and its page.
    pub(super) fn fixed(&mut self, mut record: Box<Record>) -> Box<Record> {
        if record.id == Uuid(0) {
            record.id = self.ids.uuid(record.at);
            record.page = self.view.page.clone();
            record.early = record.mono < self.began;
        }
        record
    }

    /// It counts, if its claim holds.
    pub(super) fn capture(&mut self, record: Box<Record>, claim: Claim, now: Now) {
        if self.gate.is_denied() {
            return self.drop_denied();
        }
        if self.counted_before(&record) {
            self.ignored_repeat += 1;
            return;
        }
        let record = self.fixed(record);
        if claim.is_none() {
            self.notify(&record);
        }
        self.held.push((record, claim));
        self.release(now);
        let most = if self.gate.is_open() { MAX_UNOPENED } else { MAX_HELD };
        if self.held.len() > most {
            let least = self.held.iter().map(|(record, _)| rank(record)).min();
            if let Some(place) = self.held.iter().position(|(record, _)| Some(rank(record)) == least) {
                self.held.remove(place);
                self.dropped.add(DropReason::Overflow, 1);
            }
        }
    }

    pub(super) fn drop_denied(&mut self) {
        self.dropped.add(DropReason::Consent, 1);
    }

    /// Tells callbacks; an attempt that is told only because the page may end is no news to them.
    fn notify(&mut self, record: &Record) {
        let news =
            record.phase != Phase::Attempted || !self.attempts.iter().any(|attempt| attempt.is(record));
        if self.listening && record.kind != Kind::Page && news {
            let mut event = String::new();
            write_event(&mut event, record);
            self.effects.push(Effect::Notify { event });
        }
    }

    /// Lets what is held go on its way, if consent allows it and the visitor is known; else sees to the latter.
    pub(super) fn release(&mut self, now: Now) {
        if !self.gate.is_open() {
            return;
        }
        let Identity::Open(open) = &mut self.identity else {
            let hurry = self.hidden
                || self.flushing
                || !self.attempts.is_empty()
                || self.held.iter().any(|(record, claim)| rank(record) > 0 || claim.is_some());
            self.identity.ask(hurry, &mut self.effects);
            return;
        };
        let visitor = open.visitor;
        for (mut record, claim) in std::mem::take(&mut self.held) {
            let Identity::Open(open) = &mut self.identity else { return };
            let session = open.touch(&mut self.ids, now, &mut self.effects);
            if let Some((rule, what)) = claim {
                if !self.holds(rule, &what, &record, session.id) {
                    continue;
                }
                self.notify(&record);
            }
            record.visitor = Some(visitor);
            record.session = Some(session);
            record.consent = self.gate.version;
            let mut text = String::with_capacity(700);
            write_event(&mut text, &record);
            self.enqueue(&record, text);
        }
    }

    /// Whether a lasting scope lets it count; uses it up.
    fn holds(&mut self, rule: usize, what: &str, record: &Record, session: Uuid) -> bool {
        let (once, key) = self.lasting(rule, what, record);
        let Some(rule) = self.plan.rules.get(rule) else { return true };
        let taken = self.counted.take(&rule.conversion, once, session, &key, &record.page.url);
        if taken == Taken::Repeat {
            self.ignored_repeat += 1;
        } else {
            self.effects.push(Effect::Store { key: Key::Counted, text: self.counted.text() });
        }
        taken == Taken::Counts
    }

    /// Whether an attempt would be one too many, as far as that is known already.
    pub(super) fn used(&mut self, rule: usize, what: &str, record: &Record) -> bool {
        let Identity::Open(open) = &self.identity else { return false };
        let session = open.session();
        let (once, key) = self.lasting(rule, what, record);
        self.counted.used(once, &record.name, session, &key)
    }

    /// The scope of a rule, and what counts on its own in it. An order without a number counts once per visit.
    fn lasting(&mut self, rule: usize, what: &str, record: &Record) -> (Once, String) {
        let once = self.plan.rules.get(rule).map_or(Once::Event, |rule| rule.conversion.once);
        if once != Once::Order {
            return (once, what.to_owned());
        }
        let order = match record.properties.get("order") {
            Some(Value::Number(number)) => number.text(),
            Some(Value::String(text)) => text.as_str(),
            _ => "",
        };
        if !is_placeholder(order) {
            return (once, order.to_owned());
        }
        self.report(Diagnostic::of_conversion(Code::NoOrder, &record.name, order));
        (Once::Session, what.to_owned())
    }

    /// First-party storage was read; or another tab has written to it.
    pub(super) fn opened(&mut self, stored: &Stored, now: Now) {
        if !self.gate.is_open() {
            return;
        }
        let first = !self.identity.is_open();
        self.identity.open(stored, &mut self.ids, now);
        if !self.identity.is_open() {
            return;
        }
        if first && stored.available && !self.stopped {
            self.effects.push(Effect::Adopt);
        }
        if stored.available {
            self.counted = Counted::read(&stored.counted);
            self.read_pauses(&stored.pauses, now);
            self.resume(&stored.attempts, now);
            self.keep_attempts(now);
        }
        self.release(now);
        if self.flushing {
            self.hurry(now);
        }
    }

    pub(super) fn consent(&mut self, decision: Decision, now: Now) {
        if !self.gate.decide(decision) {
            return;
        }
        if self.gate.is_open() {
            self.withdraw(now, false);
            self.release(now);
            return;
        }
        self.dropped.add(DropReason::Consent, (self.held.len() + self.attempts.len()) as u64);
        self.held.clear();
        self.attempts.clear();
        self.kept.clear();
        self.counted = Counted::default();
        self.identity = Identity::default();
        self.withdraw(now, true);
        self.retries.iter_mut().for_each(Retry::succeeded);
        self.effects.push(Effect::Erase);
    }

    /// Drops what is meant for collectors that may have nothing any more. What all of them have left in the journal
    /// is erased with everything else.
    fn withdraw(&mut self, now: Now, all: bool) {
        let stored = self.is_stored() && !all;
        for mut queue in std::mem::take(&mut self.queues) {
            let purpose = self.plan.collectors.get(queue.collector).and_then(|to| to.purpose.as_ref());
            if !all && self.gate.allows(purpose) {
                self.queues.push(queue);
                continue;
            }
            let (foreign, stream) = (queue.closed.is_some(), queue.stream.text());
            let seqs = queue.withdraw(self.ids.uuid(now.at));
            if stored {
                forget(&mut self.effects, &stream, seqs);
                forget(&mut self.effects, &stream, Vec::new());
            }
            if !foreign {
                self.queues.push(queue);
            } else if let Some(past) = self.past.get_mut(queue.collector) {
                past.add(&queue.counts());
            }
        }
    }

    /// This may be the last moment.
    pub(super) fn hurry(&mut self, now: Now) {
        // Where nothing waits, the next event is in no more of a hurry than any other.
        self.queues.iter_mut().for_each(|queue| queue.urgent |= queue.since.is_some());
        // An attempt of the page before may be waiting in the tab's storage for what this page shows.
        let waits = !self.held.is_empty() || self.plan.has_evidence();
        if self.gate.is_open() && waits {
            self.identity.ask(true, &mut self.effects);
        }
        if self.hidden {
            self.tell_attempts(now);
        }
    }

    /// When something is due that has nothing to do with sending.
    pub(super) fn rules_due(&self) -> Option<Millis> {
        let mut soonest = None;
        for attempt in &self.attempts {
            soonest = sooner(soonest, attempt.due());
        }
        for rule in &self.plan.rules {
            for way in rule.ways.iter().filter(|way| !way.disabled) {
                soonest = sooner(soonest, way.trigger.wake());
            }
        }
        soonest
    }
}

/// What shops print where an order's number should be.
fn is_placeholder(order: &str) -> bool {
    let text = order.trim_ascii();
    let none = ["0", "null", "undefined", "none", "nan"].iter().any(|word| text.eq_ignore_ascii_case(word));
    none || text.is_empty() || ["{", "%", "[", "<"].iter().any(|mark| find(text, mark).is_some())
}
