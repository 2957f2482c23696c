//! What becomes of attempts: a gesture whose outcome is yet to be seen waits here until evidence confirms it, shows
//! that it failed, or none has come in time.
//!
//! An attempt belongs to its tab: it is kept in the tab's storage and goes on waiting on the next page. Time runs only
//! while a page of the site is loaded, half an hour by the clock on the wall at the most.

use super::Engine;
use super::rule::{Outcome, Proof, Way};
use crate::formats::footstep::write_event;
use crate::model::effect::{Effect, Key, Look};
use crate::model::json::{self, Writer, write_list};
use crate::model::record::{Phase, Record};
use crate::model::signal::Signal;
use crate::model::time::{Millis, Now};
use crate::model::value::Value;

/// How old an attempt may grow, whatever became of its pages, ms.
const MAX_AGE: u64 = 30 * 60_000;
/// Attempts pending in one tab; a further one is `unknown` at once.
const MAX_PENDING: usize = 50;

/// An attempt whose outcome is not known yet.
pub(crate) struct Attempt {
    rule: usize,
    way: usize,
    element: u32,
    /// What of it counts on its own: see [`super::scope`].
    what: String,
    record: Box<Record>,
    repeats: u64,
    /// How long it may still wait, ms, counted from `since`.
    left: u64,
    since: Millis,
    /// That it was attempted has been sent.
    told: bool,
    /// Made on a page before this one, and this one has not been looked at yet.
    fresh: bool,
}

/// Whose attempt it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Of {
    pub(crate) rule: usize,
    pub(crate) way: usize,
    pub(crate) element: u32,
}

/// A piece of evidence that has been seen: rule, way, place in the way's list.
pub(crate) type Seen = (usize, usize, usize);

impl Engine {
    /// An attempt begins; one that is pending for the same element takes it in.
    pub(super) fn attempt(&mut self, of: Of, what: String, record: Box<Record>, now: Now) {
        let Of { rule, way, element } = of;
        let same = |attempt: &&mut Attempt| {
            attempt.rule == rule && attempt.way == way && attempt.element == element && attempt.what == what
        };
        if let Some(pending) = self.attempts.iter_mut().find(same) {
            pending.repeats += 1;
            return self.keep_attempts(now);
        }
        let Some(within) = self.plan.way(rule, way).and_then(|way| match way.outcome {
            Outcome::Evidence(_, within) => Some(within),
            Outcome::Gesture | Outcome::Unseen => None,
        }) else {
            return;
        };
        if self.gate.is_denied() {
            return self.drop_denied();
        }
        let record = self.fixed(record);
        let left = if self.attempts.len() < MAX_PENDING { within } else { 0 };
        let since = now.mono;
        let (repeats, told, fresh) = (0, false, false);
        self.attempts.push(Attempt { rule, way, element, what, record, repeats, left, since, told, fresh });
        self.look(rule, way, Look::FromNow);
        // It is in nobody's memory but ours until the tab's storage has it.
        self.release(now);
        self.keep_attempts(now);
    }

    /// Takes in what was seen together: of a rule's evidence that it failed weighs more.
    pub(super) fn prove(&mut self, mut seen: Vec<Seen>, now: Now) {
        while let Some(&(rule, ..)) = seen.first() {
            let (mut shown, mut others) = (Vec::new(), Vec::new());
            for each in seen {
                if each.0 == rule { &mut shown } else { &mut others }.push(each);
            }
            seen = others;
            let pending = self.attempts.iter().position(|attempt| {
                attempt.rule == rule && shown.iter().any(|&(_, way, _)| way == attempt.way)
            });
            let Some(place) = pending else {
                let attempted = self.plan.rules.get(rule).is_some_and(|rule| rule.attempted);
                self.ignored_late += u64::from(attempted);
                continue;
            };
            let Some(attempt) = self.attempts.get(place) else { continue };
            let of_it = |&&(_, way, _): &&Seen| way == attempt.way;
            let found =
                |&(_, way, at): &Seen| self.plan.proof(rule, way, at).map(|proof| (proof, proof.confirms));
            let mut best: Option<&Proof> = None;
            for (proof, confirms) in shown.iter().filter(of_it).filter_map(found) {
                if best.is_none_or(|best| best.confirms && !confirms) {
                    best = Some(proof);
                }
            }
            if let Some(proof) = best {
                let phase = if proof.confirms { Phase::Confirmed } else { Phase::Failed };
                let (by, what) = (proof.by, proof.what.clone());
                self.settle(place, phase, by, what, now);
            }
        }
    }

    /// A way without evidence has recognised the step that another way had attempted: that is as good as evidence.
    pub(super) fn overtake(&mut self, rule: usize, on: &str, now: Now) -> bool {
        let place = self.attempts.iter().position(|attempt| attempt.rule == rule);
        if let Some(place) = place {
            self.settle(place, Phase::Confirmed, on, String::new(), now);
        }
        place.is_some()
    }

    /// Ends what has waited long enough.
    pub(super) fn expire(&mut self, now: Now) {
        while let Some(place) =
            self.attempts.iter().position(|attempt| attempt.due().is_some_and(|due| due <= now.mono))
        {
            self.settle(place, Phase::Unknown, "", String::new(), now);
        }
    }

    fn settle(&mut self, place: usize, phase: Phase, by: &str, what: String, now: Now) {
        let attempt = self.attempts.remove(place);
        let mut record = attempt.record;
        record.attempt.set("at", record.at.0.into());
        for &(name, text) in &[("by", by), ("what", what.as_str())] {
            if !text.is_empty() {
                record.attempt.set(name, text.into());
            }
        }
        if attempt.repeats > 0 {
            record.attempt.set("repeats", attempt.repeats.into());
        }
        (record.rev, record.phase, record.at, record.mono) = (1, phase, now.at, now.mono);
        if !self.attempts.iter().any(|other| other.rule == attempt.rule && other.way == attempt.way) {
            self.look(attempt.rule, attempt.way, Look::End);
        }
        self.keep_attempts(now);
        if let Some(rule) = self.plan.rules.get_mut(attempt.rule) {
            rule.settled(attempt.way, now.mono);
        }
        if phase == Phase::Confirmed {
            self.count(attempt.rule, attempt.element, attempt.what, record, now);
        } else {
            self.capture(record, None, now);
        }
    }

    /// The page may end: what is pending is told as attempted, once, and kept with the time it has left.
    pub(super) fn tell_attempts(&mut self, now: Now) {
        let mut told = Vec::new();
        for attempt in self.attempts.iter_mut().filter(|attempt| !attempt.told) {
            attempt.told = true;
            let mut record = attempt.record.clone();
            (record.phase, record.pending) = (Phase::Attempted, true);
            told.push(record);
        }
        for record in told {
            self.capture(record, None, now);
        }
        self.keep_attempts(now);
    }

    /// Writes the tab's attempts to its storage, if that is open.
    pub(super) fn keep_attempts(&mut self, now: Now) {
        if !self.gate.is_open() || !self.identity.is_open() {
            return;
        }
        let mut text = String::new();
        write_list(&mut text, &self.attempts, |out, attempt| {
            let mut writer = Writer::object(out);
            writer.u64("way", attempt.way as u64);
            writer.u64("left", attempt.ends().since(now.mono));
            writer.u64("repeats", attempt.repeats);
            writer.string("what", &attempt.what);
            writer.mark("told", attempt.told);
            write_event(writer.name("event"), &attempt.record);
            writer.end();
        });
        if text != self.kept {
            self.kept = text.clone();
            self.effects.push(Effect::Store { key: Key::Attempts, text });
        }
    }

    /// Takes up the attempts of the tab's pages before this one.
    pub(super) fn resume(&mut self, text: &str, now: Now) {
        let Ok(Value::Array(items)) = json::read(text) else { return };
        for item in items {
            let Value::Object(mut item) = item else { continue };
            let Some(event) = item.remove("event") else { continue };
            let Value::Object(event) = event else { continue };
            let Some(record) = Record::read(event).map(Box::new) else { continue };
            // It is here already: this page has never been away.
            if self.attempts.iter().any(|attempt| attempt.record.id == record.id) {
                continue;
            }
            let number = |name| item.whole(name).unwrap_or(0);
            let way = number("way") as usize;
            let rule = self.plan.rules.iter().position(|rule| rule.conversion.name == record.name);
            let what = item.text("what").unwrap_or_default().to_owned();
            let old = now.at.since(record.at) > MAX_AGE;
            let left = if old { 0 } else { number("left") };
            let told = item.get("told").is_some();
            let known = rule.filter(|&rule| self.plan.way(rule, way).is_some_and(Way::has_evidence));
            let (rule, fresh) = (known.unwrap_or(usize::MAX), known.is_some() && !old);
            let (element, repeats, since) = (0, number("repeats"), now.mono);
            self.attempts.push(Attempt {
                rule,
                way,
                element,
                what,
                record,
                repeats,
                left,
                since,
                told,
                fresh,
            });
            if fresh {
                self.look(rule, way, Look::FromBefore);
            }
        }
        self.kept.clear();
        self.expire(now);
    }

    /// The page has been away: what became of its attempts, others know.
    pub(super) fn forget_attempts(&mut self) {
        while let Some(Attempt { rule, way, .. }) = self.attempts.pop() {
            self.look(rule, way, Look::End);
        }
    }

    /// The page has been looked at for the first time since it was loaded: what stands there counts for attempts of
    /// pages before it, and so does its URL.
    pub(super) fn first_look(&mut self, mut seen: Vec<Seen>, now: Now) {
        let signal = Signal::Url { url: self.view.url.clone(), view: true };
        for attempt in self.attempts.iter_mut().filter(|attempt| attempt.fresh) {
            let (rule, way) = (attempt.rule, attempt.way);
            for (at, proof) in self.plan.way(rule, way).map_or(&[][..], Way::proofs).iter().enumerate() {
                if proof.evidence.holds(&signal) {
                    seen.push((rule, way, at));
                }
            }
            (attempt.fresh, attempt.since) = (false, now.mono);
        }
        self.prove(seen, now);
    }

    /// Asks the shell to look out for what a way's evidence says becomes rendered. Of an attempt made before, the first
    /// look is asked for even if there is nothing to look out for.
    fn look(&mut self, rule: usize, way: usize, look: Look) {
        let Some(found) = self.plan.way(rule, way) else { return };
        for (at, proof) in found.proofs().iter().enumerate() {
            if proof.evidence.is_rendered() || (look != Look::FromNow && at == 0) {
                let slot = super::slot(way, Some(at));
                self.effects.push(Effect::Look { rule: rule as u32, slot, look });
            }
        }
    }
}

impl Attempt {
    /// Whether the record is this attempt's.
    pub(super) fn is(&self, record: &Record) -> bool {
        self.record.id == record.id
    }

    /// Whether it is an attempt of that rule.
    pub(super) fn is_of(&self, rule: usize) -> bool {
        self.rule == rule
    }

    /// When it has waited long enough.
    pub(super) fn due(&self) -> Option<Millis> {
        (!self.fresh).then(|| self.ends())
    }

    fn ends(&self) -> Millis {
        self.since.plus(self.left)
    }
}

impl Way {
    pub(crate) fn proofs(&self) -> &[Proof] {
        if let Outcome::Evidence(proofs, _) = &self.outcome { proofs } else { &[] }
    }

    fn has_evidence(&self) -> bool {
        matches!(self.outcome, Outcome::Evidence(..))
    }
}
