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

use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::dropped::Tally;
use crate::model::effect::{Effect, Source};
use crate::model::input::{Answer, Environment, Input, PageFacts};
use crate::model::json;
use crate::model::record::{Kind, Record};
use crate::model::signal::Signal;
use crate::model::time::{Millis, Now};
use crate::model::value::{Object, Value};

mod again;
mod batch;
mod capture;
mod consent;
mod conversions;
mod counted;
mod filter;
mod flight;
mod ids;
mod journal;
mod markup;
mod observe;
mod outcome;
mod page;
mod plan;
mod presets;
mod queue;
mod retry;
mod rule;
mod scope;
mod session;
mod stats;
mod typed;

use capture::Claim;
use consent::Gate;
use counted::Counted;
use ids::Ids;
use observe::{Draft, slot};
use outcome::Attempt;
use page::PageView;
pub use plan::Said;
use plan::{Plan, is_name};
pub use queue::Counts;
use queue::Queue;
use retry::Retry;
use session::Identity;
pub use stats::MAX_DIAGNOSTICS;

/// Makes requests of a batch: format, collector's object and batch, parted by US; whether the page ends; bytes and requests
/// at the most. Returns [`crate::model::delivery::Encoded::text`], or [`crate::model::delivery::TRAPPED`], or [`crate::model::delivery::ABSENT`]. Without a batch it returns what is
/// wrong with the object: [`crate::formats::check`]. A function of its arguments, which has no effects.
pub type Encode = fn(text: &str, end: bool, limit: usize, most: usize) -> String;
/// See the module.
pub struct Engine {
    plan: Plan,
    environment: Environment,
    /// The second module, if it is there.
    encode: Option<Encode>,
    ids: Ids,
    gate: Gate,
    identity: Identity,
    view: PageView,
    /// Recognised, but not let through the gate or not yet given a visitor.
    held: Vec<(Box<Record>, Claim)>,
    /// Firings whose reads are being answered, in the order they were asked.
    drafts: Vec<Draft>,
    /// Gestures whose outcome is not known yet.
    attempts: Vec<Attempt>,
    /// What the tab's storage holds of them.
    kept: String,
    /// What has counted already, beyond this page.
    counted: Counted,
    /// What was dropped before it belonged to a stream.
    dropped: Tally,
    /// Our own streams, one for each collector, and those other documents have left behind.
    #[expect(clippy::vec_box, reason = "copied from hand to hand they would be 200 bytes of brotli more")]
    queues: Vec<Box<Queue>>,
    /// By collector: streams of others that are over.
    past: Vec<Counts>,
    /// By collector.
    retries: Vec<Retry>,
    /// Until when, as storage says, a collector wants to be left alone.
    paused: Option<Millis>,
    effects: Vec<Effect>,
    diagnostics: Vec<Diagnostic>,
    ignored_untrusted: u64,
    ignored_repeat: u64,
    ignored_late: u64,
    requests: u32,
    /// What has counted on the page before the engine had to begin again: name and trigger.
    before: Vec<Object>,
    /// When we came to the page.
    began: Millis,
    hidden: bool,
    /// The page was left, and has not been said to be back, or we were stopped: what waits for an outcome is another
    /// page's.
    away: bool,
    listening: bool,
    flushing: bool,
    /// What was just kept has no second copy while the page's handlers run.
    once: bool,
    stopped: bool,
}

impl Engine {
    /// Begins. [`Engine::begin`] says when to observe the page.
    #[must_use]
    pub fn start(said: &Said<'_>, environment: Environment, page: PageFacts, now: Now) -> Self {
        let (plan, mut diagnostics) = plan::plan(said);
        diagnostics.truncate(MAX_DIAGNOSTICS);
        let mut ids = Ids::new(environment.entropy);
        let view = PageView::new(ids.uuid(now.at), page, &plan.page);
        let collectors = plan.collectors.len();
        let (mut past, mut retries) = (Vec::new(), Vec::new());
        for _ in 0..collectors {
            past.push(Counts::default());
            retries.push(Retry::default());
        }
        let queues = plan.queues(&mut ids, now);
        let mut engine = Self {
            gate: Gate::new(plan.consent),
            hidden: environment.hidden,
            plan,
            environment,
            encode: None,
            ids,
            identity: Identity::default(),
            view,
            held: Vec::new(),
            drafts: Vec::new(),
            attempts: Vec::new(),
            kept: String::new(),
            counted: Counted::default(),
            dropped: Tally::default(),
            queues,
            past,
            retries,
            paused: None,
            effects: Vec::new(),
            diagnostics,
            ignored_untrusted: 0,
            ignored_repeat: 0,
            ignored_late: 0,
            requests: 0,
            before: Vec::new(),
            began: now.mono,
            away: false,
            listening: false,
            flushing: false,
            once: false,
            stopped: false,
        };
        engine.remember(said.again);
        engine
    }

    /// Hands over the second module.
    pub fn encoder(&mut self, encode: Encode) {
        self.encode = Some(encode);
    }

    /// Begins to observe the page: everything the rules need of the shell is there.
    pub fn begin(&mut self, now: Now) {
        self.check_collectors();
        self.watch();
        if self.hidden {
            self.signal(&Signal::Shown(false), now);
        }
        self.page_begins(now);
        // Also where the page makes no event of its own: pages before it may have left something.
        self.release(now);
        self.pump(now, false);
    }

    /// Which optional parts of the shell the rules need, one bit each: the page's description of its product (1), its
    /// requests (2), players in frames (4); and the second module (8).
    #[must_use]
    pub fn parts(&self) -> u32 {
        let mut parts = u32::from(self.plan.collectors.iter().any(|to| to.options.is_some())) * 8;
        for rule in &self.plan.rules {
            let product = |want: &str| matches!(want.as_bytes().first(), Some(b'J' | b'M' | b'O'));
            parts |= u32::from(rule.reads.iter().filter_map(|property| property.read.wants()).any(product));
            let mut on = |source, _: &str, _: &str| {
                parts |= match source {
                    Source::Requests => 2,
                    Source::Players => 4,
                    _ => 0,
                };
            };
            for way in &rule.ways {
                way.trigger.watch(&mut on);
                way.proofs().iter().for_each(|proof| proof.evidence.watch(&mut on));
            }
        }
        parts
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: Input, now: Now) {
        // What was on its way when `stop()` came is still seen through.
        if self.stopped
            && !matches!(input, Input::Response { .. } | Input::Storage(_) | Input::Flush | Input::Unkept)
        {
            return;
        }
        // There may be no later moment, or somebody asks for this one: a failure just now is no reason to wait.
        let last = matches!(input, Input::Hidden | Input::Left | Input::Stop | Input::Flush);
        self.once = matches!(input, Input::KeptOnce);
        match input {
            Input::Page(facts) => self.page(facts, now),
            Input::Route { url } => self.route(url, now),
            Input::Settled { title } => self.settled(title, now),
            Input::Dom { trusted, hits } => self.dom(trusted, hits, now),
            Input::Scroll(seen) => {
                for (rule, slot, scroll) in seen {
                    self.measured(rule, slot, &Signal::Scroll(scroll), now);
                }
            }
            Input::Signal(signal) => self.signal(&signal, now),
            Input::Rendered(ears) => self.rendered(&ears, now),
            Input::Read(found) => self.answer_read(found, now),
            Input::Track { name, properties, ago } => {
                let then =
                    Now { at: Millis(now.at.since(Millis(ago))), mono: Millis(now.mono.since(Millis(ago))) };
                self.track(&name, &properties, then, now);
            }
            Input::BadSelector { rule, slot, selector, slow } => {
                self.bad_selector(rule, slot, selector, slow)
            }
            Input::Closed { rule, name } => self.closed_root(rule, name),
            Input::Hidden => self.hide(now),
            Input::Left => {
                self.hide(now);
                self.away = true;
            }
            Input::Visible => self.shown(now),
            Input::Wake => self.signal(&Signal::Tick, now),
            Input::Flush => {
                self.flushing = true;
                self.hurry(now);
            }
            Input::Listen => self.listening = true,
            Input::Stop => {
                self.hide(now);
                (self.away, self.stopped) = (true, true);
                self.effects.push(Effect::Unlisten);
            }
            Input::Report(diagnostic) => self.report(diagnostic),
            other => self.deliver(other, now),
        }
        if !self.away {
            self.expire(now);
        }
        self.pump(now, last);
        self.keep_books(now);
        if self.flushing && !self.is_waiting() {
            self.flushing = false;
            self.effects.push(Effect::Flushed);
        }
    }

    /// Takes in what is about keeping and sending, not about the page.
    fn deliver(&mut self, input: Input, now: Now) {
        match input {
            Input::Consent(decision) => self.consent(decision, now),
            Input::Storage(stored) => self.opened(&stored, now),
            Input::Response { request, answer } => self.answered(request, answer, now),
            Input::Online => self.retries.iter_mut().for_each(Retry::online),
            Input::Adopt(orphan) => self.adopt(orphan, now),
            Input::Unkept => {
                if let Identity::Open(open) = &mut self.identity {
                    open.full = true;
                }
            }
            Input::KeptOnce => self.queues.iter_mut().for_each(|queue| queue.hurry_steps()),
            _ => {}
        }
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        if self.effects.is_empty() { None } else { Some(self.effects.remove(0)) }
    }

    /// Each collector's address with the four numbers of our stream and of those we have taken up.
    pub fn streams(&self) -> impl Iterator<Item = (&str, Counts)> {
        self.plan.collectors.iter().enumerate().map(|(at, to)| {
            let mut counts = Counts::default();
            if let Some(past) = self.past.get(at) {
                counts.add(past);
            }
            for queue in &self.queues {
                if queue.collector == at {
                    counts.add(&queue.counts());
                }
            }
            (to.url.as_str(), counts)
        })
    }

    fn track(&mut self, name: &str, properties: &str, then: Now, now: Now) {
        if !is_name(name) {
            let mut begins = String::new();
            name.chars().take(100).for_each(|letter| begins.push(letter));
            self.report(Diagnostic::about(Code::BadName, "track", &begins));
            return;
        }
        let mut facts = Object::default();
        facts.set("on", "custom".into());
        let mut record = self.plan.record(name, Kind::Custom, facts);
        (record.at, record.mono) = (then.at, then.mono);
        match if properties.is_empty() { Ok(Value::Null) } else { json::read(properties) } {
            Ok(Value::Object(object)) => {
                object.0.iter().for_each(|(name, value)| record.set(name, value.clone()));
            }
            Ok(Value::Null) => {}
            _ => {
                self.report(Diagnostic::about(Code::BadProperties, "track", name));
            }
        }
        match self.plan.rules.iter().position(|rule| rule.conversion.name == name) {
            Some(rule) => self.count(rule, 0, String::new(), record, now),
            None => self.capture(record, None, now),
        }
    }

    fn shown(&mut self, now: Now) {
        if std::mem::take(&mut self.hidden) {
            self.signal(&Signal::Shown(true), now);
        }
        self.came_back(now);
        if self.is_stored() {
            self.effects.push(Effect::Adopt);
        }
    }

    fn hide(&mut self, now: Now) {
        if !std::mem::replace(&mut self.hidden, true) {
            self.signal(&Signal::Shown(false), now);
        }
        self.hurry(now);
    }

    fn answered(&mut self, request: u32, answer: Answer, now: Now) {
        let Some(queue) = self.queues.iter_mut().find(|queue| queue.has_sent(request)) else { return };
        let at = queue.collector;
        if let (Some(retry), Some(to)) = (self.retries.get_mut(at), self.plan.collectors.get(at)) {
            queue.answered((request, answer), retry, &mut self.ids, now, to);
        }
    }

    /// Whether there are answers to come, or storage is yet to be read for what is held.
    fn is_waiting(&self) -> bool {
        self.queues.iter().any(|queue| queue.awaits_answer())
            || (matches!(self.identity, Identity::Asked { .. }) && !self.held.is_empty())
    }

    fn storage_word(&self) -> &'static str {
        match &self.identity {
            Identity::Open(open) if open.available && !open.full => "local",
            Identity::Open(_) => "memory",
            _ => "closed",
        }
    }
}
