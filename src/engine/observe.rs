//! From what the page shows to what counts: which rule is concerned, what its triggers fire, what its reads find.

use super::Engine;
use super::markup;
use super::outcome::{Of, Seen as Shown};
use super::page;
use super::rule::{Asked, Outcome, add};
use super::scope::Taken;
use crate::model::config::{Once, Untrusted};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::effect::{Effect, Source, Watch};
use crate::model::record::{Phase, Record};
use crate::model::signal::{Hit, MARKUP, Signal};
use crate::model::text::cut;
use crate::model::time::Now;
use crate::model::value::{Object, Value};
use crate::reads::Seen;

/// A firing on its way to become a record: its reads are being answered.
pub(crate) struct Draft {
    rule: usize,
    way: usize,
    element: u32,
    record: Box<Record>,
    found: Vec<(String, String)>,
    entry: Option<Object>,
}

/// Ears of a way, at the most.
const EARS: u32 = 128;

/// The number of a way's trigger or, with its place among them, of a piece of its evidence.
pub(super) fn slot(way: usize, proof: Option<usize>) -> u32 {
    way as u32 * EARS + proof.map_or(0, |at| at as u32 + 1)
}

/// What a slot stands for.
pub(super) fn ear(slot: u32) -> (usize, Option<usize>) {
    ((slot / EARS) as usize, (slot % EARS).checked_sub(1).map(|at| at as usize))
}

impl Engine {
    /// Says what is to be observed. Evidence comes before the triggers, so that an outcome is known before the next
    /// attempt; markup last, so that where a rule and a mark name the same step, the rule is the first to see it.
    pub(super) fn watch(&mut self) {
        let effects = &mut self.effects;
        let mut on = |rule: usize, slot: u32, wants: &str, source, event: &str, selector: &str| {
            effects.push(Effect::Watch(Watch {
                rule: rule as u32,
                slot,
                source,
                event: event.to_owned(),
                selector: selector.to_owned(),
                wants: wants.to_owned(),
            }));
        };
        for (index, rule) in self.plan.rules.iter().enumerate() {
            for (number, way) in rule.ways.iter().enumerate() {
                for (at, proof) in way.proofs().iter().enumerate() {
                    let ear = slot(number, Some(at));
                    proof
                        .evidence
                        .watch(&mut |source, event, selector| on(index, ear, "", source, event, selector));
                }
            }
        }
        for (index, rule) in self.plan.rules.iter().enumerate() {
            let wanted = rule.wants(Asked::OfElement);
            for (number, way) in rule.ways.iter().enumerate() {
                let mut wants = wanted.clone();
                way.trigger.wants().iter().for_each(|want| add(&mut wants, want));
                let ear = slot(number, None);
                way.trigger
                    .watch(&mut |source, event, selector| on(index, ear, &wants, source, event, selector));
            }
        }
        markup::watch(&mut |watch| {
            on(MARKUP as usize, 0, &watch.wants, watch.source, &watch.event, &watch.selector);
        });
        // Last of all: a frame's document is listened to for what is wanted by then.
        if self.plan.frames {
            on(MARKUP as usize, 0, "", Source::Frames, "", "");
        }
    }

    /// An event hit elements.
    pub(super) fn dom(&mut self, trusted: bool, hits: Vec<Hit>, now: Now) {
        let mut counted: Vec<String> = Vec::new();
        let mut shown = Vec::new();
        for hit in &hits {
            let (way, proof) = ear(hit.slot);
            if hit.rule != MARKUP
                && let Some(at) = proof
            {
                shown.push((hit.rule as usize, way, at));
            }
        }
        self.prove(shown, now);
        for hit in hits {
            if hit.rule == MARKUP {
                self.mark(&hit, trusted, &counted, now);
                continue;
            }
            let (rule, (way, None)) = (hit.rule as usize, ear(hit.slot)) else { continue };
            if self.observe(rule, way, &Signal::Element(hit), !trusted, now)
                && let Some(rule) = self.plan.rules.get(rule)
            {
                counted.push(rule.conversion.name.clone());
            }
        }
    }

    fn mark(&mut self, hit: &Hit, trusted: bool, counted: &[String], now: Now) {
        let Some(mut record) = markup::read(&hit.attributes, &self.plan) else {
            let mut args = Vec::new();
            if let Some((_, text)) = hit.attributes.first() {
                args.push(text.clone());
            }
            self.report(Diagnostic { code: Code::BadName, path: "data-footstep".to_owned(), args });
            return;
        };
        // The same step, said twice about one gesture.
        if counted.contains(&record.name) {
            self.ignored_repeat += 1;
        } else if trusted || self.plan.untrusted == Untrusted::Count {
            record.untrusted = !trusted;
            (record.at, record.mono) = (now.at, now.mono);
            self.capture(record, None, now);
        } else {
            self.ignored_untrusted += 1;
        }
    }

    /// What every rule may judge: the evidence first.
    pub(super) fn signal(&mut self, signal: &Signal, now: Now) {
        let mut shown: Vec<Shown> = Vec::new();
        for (index, rule) in self.plan.rules.iter().enumerate() {
            for (number, way) in rule.ways.iter().enumerate() {
                for (at, proof) in way.proofs().iter().enumerate() {
                    if proof.evidence.holds(signal) {
                        shown.push((index, number, at));
                    }
                }
            }
        }
        self.prove(shown, now);
        for rule in 0..self.plan.rules.len() {
            for way in 0..self.plan.rules.get(rule).map_or(0, |rule| rule.ways.len()) {
                self.observe(rule, way, signal, false, now);
            }
        }
    }

    /// What has become rendered.
    pub(super) fn rendered(&mut self, ears: &[(u32, u32)], now: Now) {
        let mut shown = Vec::new();
        for &(rule, slot) in ears {
            if let (way, Some(at)) = ear(slot) {
                shown.push((rule as usize, way, at));
            }
        }
        self.first_look(shown, now);
    }

    /// Whether a trigger, or what an attempt waits for, can judge an answered request only with the answer's content.
    #[must_use]
    pub fn wants_body(&self, signal: &Signal) -> bool {
        self.plan.rules.iter().enumerate().any(|(index, rule)| {
            let pending = self.attempts.iter().any(|attempt| attempt.is_of(index));
            rule.ways.iter().any(|way| {
                way.trigger.wants_body(signal)
                    || (pending && way.proofs().iter().any(|proof| proof.evidence.wants_body(signal)))
            })
        })
    }

    /// Measured for one rule.
    pub(super) fn measured(&mut self, rule: u32, slot: u32, signal: &Signal, now: Now) {
        self.observe(rule as usize, ear(slot).0, signal, false, now);
    }

    /// Lets a way of a rule judge a signal; true if the rule has had its say about it, whether it counted or not.
    pub(super) fn observe(
        &mut self,
        index: usize,
        way: usize,
        signal: &Signal,
        by_script: bool,
        now: Now,
    ) -> bool {
        let Some(rule) = self.plan.rules.get_mut(index) else { return false };
        let Some(judge) = rule.ways.get(way) else { return false };
        let untrusted = by_script && judge.trigger.by_hand();
        if untrusted && judge.untrusted.unwrap_or(self.plan.untrusted) == Untrusted::Ignore {
            self.ignored_untrusted += 1;
            return true;
        }
        let mut fired = Vec::new();
        let repeats = rule.observe(way, signal, &self.view.url, now.mono, &mut fired);
        self.ignored_repeat += repeats;
        let said = repeats > 0 || !fired.is_empty();
        for mut firing in fired {
            let Some(rule) = self.plan.rules.get(index) else { break };
            if rule.ways.len() > 1 {
                firing.facts.set("way", (way as u64).into());
            }
            let mut record = rule.record(firing.facts);
            record.untrusted = untrusted;
            (record.at, record.mono) = (now.at, now.mono);
            let hit = if let Signal::Element(hit) = signal { Some(hit) } else { None };
            let hit = firing.hit.as_ref().or(hit);
            let entry = if let Signal::Data(data) = signal { Some(data.entry.clone()) } else { None };
            let wants = rule.wants(Asked::OfPage { hit: hit.is_some(), has_entry: entry.is_some() });
            let (element, found) = hit.map_or((0, Vec::new()), |hit| (hit.element, hit.attributes.clone()));
            let draft = Draft { rule: index, way, element, record, found, entry };
            if wants.is_empty() {
                self.conclude(draft, now);
            } else {
                self.drafts.push(draft);
                self.effects.push(Effect::Read { wants });
            }
        }
        said
    }

    /// What a draft wanted to know of the page has been found.
    pub(super) fn answer_read(&mut self, found: Vec<(String, String)>, now: Now) {
        if self.drafts.is_empty() {
            return;
        }
        let mut draft = self.drafts.remove(0);
        draft.found.extend(found);
        self.conclude(draft, now);
    }

    /// Everything that can be read has been: it is an attempt, or it counts.
    fn conclude(&mut self, draft: Draft, now: Now) {
        let Draft { rule: index, way, element, mut record, mut found, entry } = draft;
        // What the shell refused to read.
        let asked = found.len();
        found.retain(|(_, text)| text != "\u{1d}");
        if found.len() < asked {
            self.report(Diagnostic::of_conversion(Code::ProtectedRead, &record.name, "value"));
        }
        // Addresses hold tokens: of links no more leaves the page than of its own address.
        for (want, text) in &mut found {
            let name = want.strip_prefix('@').map_or(want.as_str(), first_word);
            if matches!(name, "href" | "src" | "action" | "formaction") {
                *text = page::cut(text, &self.plan.page);
            }
        }
        let Some(rule) = self.plan.rules.get_mut(index) else { return };
        rule.read(&mut record, &Seen { found: &found, url: &self.view.url, entry: entry.as_ref() });
        let what = threshold(&record.trigger);
        let has_evidence = match rule.ways.get(way).map(|way| &way.outcome) {
            Some(Outcome::Unseen) => {
                record.phase = Phase::Attempted;
                false
            }
            Some(Outcome::Evidence(..)) => true,
            _ => false,
        };
        if !has_evidence {
            let on = record.trigger.text("on").unwrap_or_default().to_owned();
            if rule.ways.len() < 2 || !self.overtake(index, &on, now) {
                self.count(index, element, what, record, now);
            }
            return;
        }
        rule.attempted = true;
        if rule.scope.used(rule.conversion.once, element, &what) || self.used(index, &what, &record) {
            self.ignored_repeat += 1;
        } else {
            self.attempt(Of { rule: index, way, element }, what, record, now);
        }
    }

    /// It counts, unless its scope says that it has counted already.
    pub(super) fn count(&mut self, index: usize, element: u32, what: String, record: Box<Record>, now: Now) {
        let Some(rule) = self.plan.rules.get_mut(index) else {
            return self.capture(record, None, now);
        };
        match rule.scope.take(&rule.conversion, element, &what) {
            Taken::Counts => {
                let lasts = matches!(rule.conversion.once, Once::Session | Once::Visitor | Once::Order)
                    || rule.counts_long();
                self.capture(record, lasts.then_some((index, what)), now);
            }
            Taken::Repeat => self.ignored_repeat += 1,
            Taken::NotYet => {}
        }
    }
}

fn first_word(text: &str) -> &str {
    cut(text, b' ').map_or(text, |(first, _)| first)
}

/// Which of a rule's thresholds it is; each counts on its own.
fn threshold(facts: &Object) -> String {
    let found = ["percent", "pixels", "watched", "active"].iter().find_map(|name| facts.get(name));
    if let Some(Value::Number(number)) = found { number.text().to_owned() } else { String::new() }
}
