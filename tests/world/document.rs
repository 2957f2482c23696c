//! One document with an engine in it, and around it what the shell does: it hands over, drains and acts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use footstep::engine::{Engine, Said};
use footstep::model::effect::{Effect, Key, Look, Source};
use footstep::model::input::{Decision, Environment, Input, PageFacts, Stored};
use footstep::model::time::{Millis, Now};

use super::life::World;
use super::store::{Map, Slot};

pub(crate) struct Document {
    pub(crate) engine: Engine,
    pub(crate) number: u32,
    /// Counts the engines of this document.
    pub(crate) generation: u32,
    pub(crate) tab: usize,
    /// Shows what attempts wait for by its address.
    pub(crate) thanks: bool,
    pub(crate) born: u64,
    /// Put away, or stopped in the background: nothing reaches it.
    pub(crate) frozen: bool,
    pub(crate) hidden: bool,
    /// Its process has ended.
    pub(crate) dead: bool,
    pub(crate) stopped: bool,
    pub(crate) inbox: VecDeque<Input>,
    /// Answers that came while it was frozen.
    pub(crate) kept_answers: Vec<(Input, u64)>,
    pub(crate) woken: u64,
    pub(crate) idle: Option<u64>,
    /// First looks: when, and at which ear.
    pub(crate) looks: Vec<(u64, (u32, u32))>,
    /// Which ears hear that an attempt succeeded, and that it failed.
    pub(crate) evidence: [(u32, u32); 2],
    /// What code has said about consent.
    pub(crate) said: Option<bool>,
    /// Its process ends after so many more effects.
    pub(crate) fuse: Option<u32>,
    pub(crate) journal: Journal,
    /// For the judge.
    pub(crate) holds: BTreeSet<(u128, u64)>,
    pub(crate) adopted: BTreeMap<u128, u64>,
    pub(crate) heard: u64,
    /// Records given to beacons since the page was last seen.
    pub(crate) unseen: u64,
}

/// What `journal.js` remembers.
#[derive(Default)]
pub(crate) struct Journal {
    pub(crate) ours: BTreeSet<u128>,
    pub(crate) begun: bool,
    pub(crate) again: Option<u64>,
    pub(crate) scan: Option<u64>,
    /// Locks asked for: when they are had, of which stream, and what the second copy held of it.
    pub(crate) takes: Vec<(u64, u128, Rc<Map>)>,
    pub(crate) copies: Vec<(Slot, Option<Rc<str>>)>,
    pub(crate) copy_due: Option<u64>,
}

const WORDS: [&str; 5] = ["visitor", "session", "counted", "pauses", "attempts"];

impl Document {
    pub(crate) fn is_local(&self) -> bool {
        self.engine.stats().contains("\"storage\":\"local\"")
    }
}

impl World<'_> {
    pub(crate) fn now_in(&self, doc: &Document) -> Now {
        Now { at: Millis(self.wall()), mono: Millis(self.now - doc.born) }
    }

    /// The engine of a new document, or the next one of one whose engine has trapped.
    fn engine(&mut self, tab: usize, thanks: bool, (hidden, decided): (bool, bool), now: Now) -> Engine {
        let entropy = [self.serial.wrapping_mul(2_654_435_761), 0, 0, 0]
            .map(|word: u32| word ^ self.chance.next() as u32);
        let context = footstep::model::batch::Context { engine: "wasm".to_owned(), ..Default::default() };
        let environment = Environment { entropy, context, keepalive: self.shop.keepalive, hidden };
        // Where somebody has decided already, nothing happens before that has been heard.
        let tag = if decided { r#"{"consent":{"mode":"opt-in"}}"# } else { "" };
        let said = Said { config: &self.config, tag, ..Said::default() };
        Engine::start(&said, environment, facts(tab, thanks), now)
    }

    pub(crate) fn document(&mut self, tab: usize, thanks: bool) -> Document {
        self.serial += 1;
        let now = Now { at: Millis(self.wall()), mono: Millis(0) };
        let mut doc = Document {
            engine: self.engine(tab, thanks, (false, false), now),
            number: self.serial,
            generation: 0,
            tab,
            thanks,
            born: self.now,
            frozen: false,
            hidden: false,
            dead: false,
            stopped: false,
            inbox: VecDeque::new(),
            kept_answers: Vec::new(),
            woken: 0,
            idle: None,
            looks: Vec::new(),
            evidence: [(0, 0); 2],
            said: None,
            fuse: None,
            journal: Journal::default(),
            holds: BTreeSet::new(),
            adopted: BTreeMap::new(),
            heard: 0,
            unseen: 0,
        };
        self.store.process(tab);
        doc.engine.begin(now);
        self.drain(&mut doc);
        doc
    }

    /// The wasm has trapped: all that is left is the document.
    pub(crate) fn trap(&mut self, doc: &mut Document) {
        self.rest(doc);
        doc.inbox.clear();
        doc.kept_answers.clear();
        self.loses_all(doc);
        (doc.generation, doc.heard, doc.looks) = (doc.generation + 1, 0, Vec::new());
        let now = self.now_in(doc);
        doc.engine = self.engine(doc.tab, doc.thanks, (doc.hidden, doc.said.is_some()), now);
        doc.engine.begin(now);
        self.drain(doc);
        if let Some(granted) = doc.said {
            let decision = if granted { Decision::Granted } else { Decision::Denied };
            self.hand(doc, Input::Consent(decision));
        }
    }

    /// Something happens to a document.
    pub(crate) fn hand(&mut self, doc: &mut Document, input: Input) {
        doc.inbox.push_back(input);
        self.drain(doc);
    }

    pub(crate) fn drain(&mut self, doc: &mut Document) {
        while !doc.dead {
            if let Some(effect) = doc.engine.poll_effect() {
                if let Some(left) = &mut doc.fuse {
                    doc.dead = *left == 0;
                    *left = left.saturating_sub(1);
                }
                if !doc.dead {
                    self.act(doc, effect);
                }
                continue;
            }
            let Some(input) = doc.inbox.pop_front() else { return };
            // Put away and back: its records may be others' by now.
            if matches!(input, Input::Page(_)) && doc.is_local() {
                self.loses_all(doc);
            }
            if let Input::Consent(decision) = &input {
                doc.said = Some(*decision != Decision::Denied);
            }
            if let Input::Adopt(orphan) = &input {
                self.saw_adopted(doc, orphan);
            }
            self.note(|| format!("  {}.{} is told {input:?}", doc.number, doc.generation));
            if input == Input::Visible {
                doc.unseen = 0;
            }
            doc.engine.handle(input, self.now_in(doc));
            self.check(doc);
        }
    }

    fn act(&mut self, doc: &mut Document, effect: Effect) {
        let granted = doc.said.unwrap_or(!self.shop.opt_in);
        if !granted && matches!(effect, Effect::Keep { .. } | Effect::Store { .. } | Effect::Send(_)) {
            self.fault(format!("without consent: {effect:?}"));
        }
        self.note(|| format!("    {}.{} wants {effect:?}", doc.number, doc.generation));
        match effect {
            Effect::Watch(watch) => {
                if watch.source == Source::Rendered {
                    doc.evidence[usize::from(watch.selector == ".no")] = (watch.rule, watch.slot);
                }
            }
            Effect::OpenStorage { at_once: true } => self.load(doc),
            Effect::OpenStorage { at_once: false } => {
                doc.idle = Some(self.now + self.chance.between(1, 1000))
            }
            Effect::Store { key, text } => self.store_word(doc, key, text),
            Effect::Look { rule, slot, look } => {
                doc.looks.retain(|(_, ear)| *ear != (rule, slot));
                if look == Look::FromBefore {
                    doc.looks.push((self.now + self.chance.between(1, 400), (rule, slot)));
                }
            }
            Effect::Keep { stream, seq, text } => {
                if !self.keep(doc, id(&stream), seq, text) {
                    doc.inbox.push_back(Input::Unkept);
                } else if self.chance.below(4) == 0 {
                    doc.inbox.push_back(Input::KeptOnce);
                }
            }
            Effect::Forget { stream, seqs } => self.forget(doc, id(&stream), &seqs),
            Effect::Adopt => self.adopt(doc),
            Effect::Erase => self.erase(doc),
            Effect::Send(request) => self.send(doc, request),
            Effect::Unlisten => {
                doc.stopped = true;
                self.rest(doc);
            }
            Effect::Read { .. } => doc.engine.handle(Input::Read(Vec::new()), self.now_in(doc)),
            Effect::Settle | Effect::Notify { .. } | Effect::Flushed => {}
        }
    }

    /// Every timer of it ends, every lock is let go.
    fn rest(&mut self, doc: &mut Document) {
        doc.idle = None;
        doc.journal.begun = false;
        doc.journal.again = None;
        self.let_all_go(doc);
    }

    /// Storage is read and handed over.
    pub(crate) fn load(&mut self, doc: &mut Document) {
        let mut stored = Stored::default();
        if let Some(view) = self.store.view(doc.tab) {
            let word = |at: u8| view.get(&Slot::Word(at)).map(ToString::to_string).unwrap_or_default();
            let attempts = self.tabs[doc.tab].attempts.clone();
            stored = Stored {
                available: true,
                visitor: word(0),
                session: word(1),
                counted: word(2),
                pauses: word(3),
                attempts,
            };
        }
        doc.inbox.push_back(Input::Storage(stored));
    }

    fn store_word(&mut self, doc: &Document, key: Key, text: String) {
        let at = match key {
            Key::Visitor => 0,
            Key::Session => 1,
            Key::Counted => 2,
            Key::Pauses => 3,
            Key::Attempts => {
                // Nobody else fills a tab's own storage.
                self.tabs[doc.tab].attempts = text;
                return;
            }
        };
        self.store.set(doc.tab, Slot::Word(at), text.into(), self.now);
    }

    /// Its memory is empty.
    fn loses_all(&mut self, doc: &mut Document) {
        (doc.holds, doc.adopted) = Default::default();
        self.excuse_but(Some(doc));
    }

    fn erase(&mut self, doc: &mut Document) {
        self.collectors.iter_mut().for_each(|collector| collector.forgotten = true);
        for at in 0..WORDS.len() - 1 {
            self.store.remove(doc.tab, Slot::Word(at as u8), self.now);
        }
        self.tabs[doc.tab].attempts.clear();
        self.erase_journal(doc);
        self.loses_all(doc);
    }
}

pub(crate) fn facts(tab: usize, thanks: bool) -> PageFacts {
    let url = if thanks { "https://shop.example/thanks" } else { "https://shop.example/lamps" };
    PageFacts { url: url.to_owned(), title: format!("Tab {tab}"), referrer: String::new() }
}

/// A stream's name as a number.
pub(crate) fn id(text: &str) -> u128 {
    footstep::model::uuid::Uuid::parse(text).expect("a stream").0
}
