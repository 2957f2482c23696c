//! The engine: a state machine from what happens on a page to what is to be done about it.
//!
//! It owns no clock, no randomness, no storage, no network and no DOM; all that is handed in. Its methods come in
//! three families, called in this order:
//!
//! 1. [`Engine::start`], then [`Engine::handle`] for everything that happens, with the time it happened at;
//! 2. [`Engine::poll_effect`] until it returns `None`: what to do, in order;
//! 3. [`Engine::poll_wake`]: when to call `handle(Input::Wake, ..)` if nothing else happens before.
//!
//! The shell acts on effects only after it has let go of the engine, so that whatever an action sets off (a page's
//! callback, a nested click) comes in as one more input.

use std::rc::Rc;

use crate::formats::footstep::write_event;
use crate::model::config::Untrusted;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::dropped::{DropReason, Tally};
use crate::model::effect::{Effect, Watch};
use crate::model::input::{Answer, Environment, Input, PageFacts, Stored};
use crate::model::json;
use crate::model::record::{Kind, Record};
use crate::model::signal::{Hit, MARKUP, Signal};
use crate::model::time::{Millis, Now};
use crate::model::value::{Object, Value};

mod batch;
mod consent;
mod ids;
mod markup;
mod page;
mod plan;
mod queue;
mod retry;
mod rule;
mod scope;
mod session;
mod stats;

use consent::Gate;
use ids::Ids;
use page::PageView;
use plan::{Plan, is_name};
pub use queue::Counts;
use queue::{Queue, rank};
use rule::Rule;
use session::Identity;

/// Events that wait for consent, at most.
const MAX_HELD: usize = 50;
/// Events that wait for storage to be read, at most: a second's worth.
const MAX_UNOPENED: usize = 500;

/// See the module.
pub struct Engine {
    plan: Plan,
    environment: Environment,
    ids: Ids,
    gate: Gate,
    identity: Identity,
    view: PageView,
    /// Recognised, but not let through the gate or not yet given a visitor.
    held: Vec<Record>,
    /// What was dropped before it belonged to a stream.
    dropped: Tally,
    queues: Vec<Queue>,
    effects: Vec<Effect>,
    diagnostics: Vec<Diagnostic>,
    ignored_untrusted: u64,
    ignored_repeat: u64,
    requests: u32,
    hidden: bool,
    listening: bool,
    flushing: bool,
    stopped: bool,
}

impl Engine {
    /// Begins with a config and what the script tag says, both as JSON text in the same words.
    #[must_use]
    pub fn start(config: &str, tag: &str, environment: Environment, page: PageFacts, now: Now) -> Self {
        let (plan, mut diagnostics) = plan::plan(config, tag);
        diagnostics.truncate(stats::MAX_DIAGNOSTICS);
        let mut ids = Ids::new(environment.entropy);
        let view = PageView::new(ids.uuid(now.at), page, &plan.page);
        let queues = plan.collectors.iter().map(|_| Queue::new(ids.uuid(now.at))).collect();
        let mut engine = Self {
            gate: Gate::new(plan.consent),
            hidden: environment.hidden,
            plan,
            environment,
            ids,
            identity: Identity::default(),
            view,
            held: Vec::new(),
            dropped: Tally::default(),
            queues,
            effects: Vec::new(),
            diagnostics,
            ignored_untrusted: 0,
            ignored_repeat: 0,
            requests: 0,
            listening: false,
            flushing: false,
            stopped: false,
        };
        engine.watch();
        engine.page_begins(now);
        engine.release(now);
        engine.pump(now, false);
        engine
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: Input, now: Now) {
        // What was on its way when `stop()` came is still seen through.
        if self.stopped && !matches!(input, Input::Response { .. } | Input::Storage(_) | Input::Flush) {
            return;
        }
        // There may be no later moment, or somebody asks for this one: a failure just now is no reason to wait.
        let last = matches!(input, Input::Hidden | Input::Stop | Input::Flush);
        match input {
            Input::Page(facts) => self.page(facts, now),
            Input::Dom { trusted, hits } => self.dom(trusted, hits, now),
            Input::Scroll(seen) => {
                for (rule, scroll) in seen {
                    self.observe(rule, &Signal::Scroll(scroll), false, now);
                }
            }
            Input::Track { name, properties, ago } => {
                let then =
                    Now { at: Millis(now.at.since(Millis(ago))), mono: Millis(now.mono.since(Millis(ago))) };
                self.track(&name, &properties, then, now);
            }
            Input::Consent(granted) => self.consent(granted, now),
            Input::Storage(stored) => self.opened(&stored, now),
            Input::BadSelector { rule, selector } => self.bad_selector(rule, selector),
            Input::Hidden => self.hide(),
            Input::Visible => {
                self.hidden = false;
                self.queues.iter_mut().for_each(|queue| queue.came_back(now.mono));
            }
            Input::Wake => {}
            Input::Response { request, answer } => self.answered(request, answer, now),
            Input::Flush => self.flush(),
            Input::Listen => self.listening = true,
            Input::Stop => {
                self.hide();
                self.stopped = true;
                self.effects.push(Effect::Unlisten);
            }
            Input::Report(diagnostic) => self.report(diagnostic),
        }
        self.pump(now, last);
        if self.flushing && !self.queues.iter().any(Queue::awaits_answer) && !self.waits_for_storage() {
            self.flushing = false;
            self.effects.push(Effect::Flushed);
        }
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        if self.effects.is_empty() { None } else { Some(self.effects.remove(0)) }
    }

    /// Each collector's address with the four numbers of its stream.
    pub fn streams(&self) -> impl Iterator<Item = (&str, Counts)> {
        self.plan.collectors.iter().zip(&self.queues).map(|(to, queue)| (to.url.as_str(), queue.counts()))
    }

    fn watch(&mut self) {
        let effects = &mut self.effects;
        for (index, rule) in self.plan.rules.iter().enumerate() {
            let mut attributes = String::new();
            for attribute in rule.reads.iter().filter_map(|(_, read)| read.attribute()) {
                attributes.push_str(attribute);
                attributes.push(',');
            }
            rule.trigger.watch(&mut |source, event, selector| {
                effects.push(Effect::Watch(Watch {
                    rule: index as u32,
                    source,
                    event: event.to_owned(),
                    selector: selector.to_owned(),
                    attributes: attributes.clone(),
                }));
            });
        }
        // Last, so that where a rule and the markup name the same step, the rule is the first to see it.
        markup::watch(&mut |watch| effects.push(Effect::Watch(watch)));
    }

    fn page(&mut self, facts: PageFacts, now: Now) {
        self.view = PageView::new(self.ids.uuid(now.at), facts, &self.plan.page);
        self.page_begins(now);
    }

    fn page_begins(&mut self, now: Now) {
        self.plan.rules.iter_mut().for_each(Rule::page_view);
        if self.plan.page_views {
            self.capture(Record::new(Kind::Page, "page", Object::default()), now);
        }
        for rule in 0..self.plan.rules.len() {
            self.observe(rule as u32, &Signal::Page, false, now);
        }
    }

    fn dom(&mut self, trusted: bool, hits: Vec<Hit>, now: Now) {
        let mut counted: Vec<String> = Vec::new();
        for hit in hits {
            let rule = hit.rule;
            if rule != MARKUP {
                if self.observe(rule, &Signal::Element(hit), !trusted, now) {
                    counted
                        .extend(self.plan.rules.get(rule as usize).map(|rule| rule.conversion.name.clone()));
                }
                continue;
            }
            let Some(mut record) = markup::read(&hit.attributes, &self.plan) else {
                let args = hit.attributes.into_iter().map(|(_, text)| text).take(1).collect();
                self.report(Diagnostic { code: Code::BadName, path: "data-footstep".to_owned(), args });
                continue;
            };
            // The same step, said twice about one gesture.
            if counted.contains(&record.name) {
                self.ignored_repeat += 1;
            } else if trusted || self.plan.untrusted == Untrusted::Count {
                record.untrusted = !trusted;
                self.capture(record, now);
            } else {
                self.ignored_untrusted += 1;
            }
        }
    }

    /// Lets a rule judge a signal; true if the rule has had its say about it, whether it counted or not.
    fn observe(&mut self, index: u32, signal: &Signal, by_script: bool, now: Now) -> bool {
        let Some(rule) = self.plan.rules.get_mut(index as usize) else { return false };
        let untrusted = by_script && rule.trigger.by_hand();
        if untrusted && rule.untrusted.unwrap_or(self.plan.untrusted) == Untrusted::Ignore {
            self.ignored_untrusted += 1;
            return true;
        }
        let mut counts = Vec::new();
        let repeats = rule.observe(signal, &self.view.url, &mut counts);
        self.ignored_repeat += repeats;
        let said = repeats > 0 || !counts.is_empty();
        for mut record in counts {
            record.untrusted = untrusted;
            self.capture(record, now);
        }
        said
    }

    fn track(&mut self, name: &str, properties: &str, then: Now, now: Now) {
        if !is_name(name) {
            let args = vec![name.chars().take(100).collect()];
            self.report(Diagnostic { code: Code::BadName, path: "track".to_owned(), args });
            return;
        }
        let mut facts = Object::default();
        facts.set("on", "custom".into());
        let mut record = self.plan.record(name, Kind::Custom, facts);
        (record.at, record.mono) = (then.at, then.mono);
        match if properties.is_empty() { Ok(Value::Null) } else { json::read(properties) } {
            Ok(Value::Object(object)) => {
                object.0.into_iter().for_each(|(name, value)| record.set(&name, value))
            }
            Ok(Value::Null) => {}
            _ => {
                let args = vec![name.to_owned()];
                self.report(Diagnostic { code: Code::BadProperties, path: "track".to_owned(), args });
            }
        }
        self.capture(record, now);
    }

    /// It counts: its id, its times and its page are fixed from here on.
    fn capture(&mut self, mut record: Record, now: Now) {
        if self.gate.is_denied() {
            self.dropped.add(DropReason::Consent, 1);
            return;
        }
        if record.at == Millis(0) {
            (record.at, record.mono) = (now.at, now.mono);
        }
        record.id = self.ids.uuid(record.at);
        record.page = self.view.page.clone();
        if self.listening && record.kind != Kind::Page {
            let mut event = String::new();
            write_event(&mut event, None, &record);
            self.effects.push(Effect::Notify { event });
        }
        self.held.push(record);
        self.release(now);
        let most = if self.gate.is_open() { MAX_UNOPENED } else { MAX_HELD };
        if self.held.len() > most {
            let least = self.held.iter().map(rank).min();
            if let Some(place) = self.held.iter().position(|record| Some(rank(record)) == least) {
                self.held.remove(place);
                self.dropped.add(DropReason::Overflow, 1);
            }
        }
    }

    /// Lets what is held go on its way, if consent allows it and the visitor is known; else sees to the latter.
    fn release(&mut self, now: Now) {
        if !self.gate.is_open() {
            return;
        }
        let Identity::Open(open) = &mut self.identity else {
            let hurry = self.hidden || self.flushing || self.held.iter().any(|record| rank(record) >= 2);
            self.identity.ask(hurry, &mut self.effects);
            return;
        };
        for mut record in std::mem::take(&mut self.held) {
            record.visitor = Some(open.visitor);
            record.session = Some(open.touch(&mut self.ids, now, &mut self.effects));
            record.consent = self.gate.version;
            let record = Rc::new(record);
            self.queues.iter_mut().for_each(|queue| queue.push(Rc::clone(&record)));
        }
    }

    fn opened(&mut self, stored: &Stored, now: Now) {
        self.identity.open(stored, &mut self.ids, now, &mut self.effects);
        self.release(now);
    }

    fn consent(&mut self, granted: bool, now: Now) {
        if !self.gate.decide(granted) {
            return;
        }
        if granted {
            self.release(now);
            return;
        }
        self.dropped.add(DropReason::Consent, self.held.len() as u64);
        self.held.clear();
        self.identity = Identity::default();
        for queue in &mut self.queues {
            queue.withdraw(self.ids.uuid(now.at));
        }
        self.effects.push(Effect::Erase);
    }

    fn hide(&mut self) {
        self.hidden = true;
        self.hurry();
    }

    fn flush(&mut self) {
        self.flushing = true;
        self.hurry();
    }

    fn hurry(&mut self) {
        self.queues.iter_mut().for_each(|queue| queue.urgent = true);
        if self.gate.is_open() && !self.held.is_empty() {
            self.identity.ask(true, &mut self.effects);
        }
    }

    fn answered(&mut self, request: u32, answer: Answer, now: Now) {
        for queue in &mut self.queues {
            if queue.answered(request, answer, &mut self.ids, now) {
                break;
            }
        }
    }

    fn waits_for_storage(&self) -> bool {
        matches!(self.identity, Identity::Asked { .. }) && !self.held.is_empty()
    }

    fn storage_word(&self) -> &'static str {
        match &self.identity {
            Identity::Open(open) if open.available => "local",
            Identity::Open(_) => "memory",
            _ => "closed",
        }
    }
}
