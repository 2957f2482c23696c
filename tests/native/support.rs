//! A page for the engine to live in, and a collector that reads what it is sent: what the native tests stand on.
//!
//! The tests own the clock. Nothing waits; time is advanced.

use std::collections::BTreeMap;

use footstep::engine::{Engine, Said};
use footstep::formats::ENCODERS;
use footstep::model::batch::Batch;
use footstep::model::delivery::{Job, Judgement, TRAPPED};
use footstep::model::effect::{Effect, Key, Look, Means, Request, Watch};
use footstep::model::input::{Answer, Environment, Input, Orphan, PageFacts, Stored};
use footstep::model::signal::{Hit, MARKUP};
use footstep::model::time::{Millis, Now};

/// The wall clock when a page starts.
pub(crate) const START: u64 = 1_800_000_000_000;

/// An answer.
pub(crate) const fn status(status: u16) -> Answer {
    Answer::Status { status, after: 0 }
}

/// The second module, without the module.
pub(crate) fn encode(text: &str, end: bool, limit: usize, most: usize) -> String {
    let [name, options, batch] = text.split('\u{1f}').collect::<Vec<_>>().try_into().expect("three pieces");
    let encoder = ENCODERS.iter().find(|encoder| encoder.name == name).expect("a format");
    let options = super::wire::object(options);
    if batch.is_empty() {
        return footstep::formats::check(encoder, &options);
    }
    let batch = super::wire::object(batch);
    let encoded =
        footstep::formats::encode(encoder, &Job { options: &options, batch: &batch, end, limit, most });
    assert!(encoded.requests.iter().map(|request| request.body.len()).sum::<usize>() <= limit);
    assert!(encoded.requests.len() <= most, "{} of {most}", encoded.requests.len());
    if text.contains("\"trap\"") { TRAPPED.to_owned() } else { encoded.text() }
}

/// What went to another collector: format, number of events, URL, and the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Posted {
    pub(crate) format: String,
    pub(crate) events: usize,
    pub(crate) url: String,
    pub(crate) body: String,
}

impl Posted {
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let mut said = request.to.split('\u{1f}');
        let (format, events, url) = (said.next()?, said.next()?, said.next()?);
        let (events, body) = (events.parse().unwrap(), request.body.clone());
        Some(Self { format: format.to_owned(), events, url: url.to_owned(), body })
    }
}

/// A page with an engine in it.
pub(crate) struct Page {
    pub(crate) engine: Engine,
    pub(crate) mono: u64,
    pub(crate) watches: Vec<Watch>,
    /// First-party storage, and whether it may be written to.
    pub(crate) storage: BTreeMap<&'static str, String>,
    pub(crate) available: bool,
    /// Asked to read storage when idle.
    pub(crate) idle: bool,
    /// What of each stream is kept for other pages, by stream and number.
    pub(crate) journal: BTreeMap<(String, u64), String>,
    /// Asked to look for what other pages have left.
    pub(crate) adopting: bool,
    /// Requests not yet answered.
    pub(crate) requests: Vec<Request>,
    /// Every batch that was ever sent, read as the collector reads it.
    pub(crate) batches: Vec<Batch>,
    /// Everything that was ever sent to other collectors.
    pub(crate) posted: Vec<Posted>,
    pub(crate) notified: Vec<String>,
    pub(crate) flushed: usize,
    pub(crate) unlistened: bool,
    /// What is looked out for: rule and ear.
    pub(crate) looks: Vec<(u32, u32, Look)>,
    /// What the page says when it is read, by what is wanted.
    pub(crate) says: BTreeMap<String, String>,
    /// A route waits for its title.
    pub(crate) unsettled: bool,
}

impl Page {
    pub(crate) fn new(config: &str) -> Self {
        Self::with(config, "", Environment { keepalive: true, ..Environment::default() })
    }

    pub(crate) fn with(config: &str, tag: &str, environment: Environment) -> Self {
        Self::said(
            &Said { config, tag, ..Said::default() },
            environment,
            BTreeMap::new(),
            "https://shop.example/lamps/?token=secret#x",
        )
    }

    /// The next page of the same tab: what was stored is there.
    pub(crate) fn next(&mut self, config: &str, url: &str) -> Self {
        let environment = Environment { keepalive: true, entropy: [5, 6, 7, 8], ..Environment::default() };
        let storage = self.storage.clone();
        let said = Said { config, ..Said::default() };
        let mut page = Self::said(&said, environment, storage, url);
        page.journal = self.journal.clone();
        page.idle();
        page
    }

    /// The same, and it takes up what the page before has left.
    pub(crate) fn heir(&mut self, config: &str) -> Self {
        let mut page = self.next(config, "https://shop.example/next");
        page.adopt();
        page
    }

    pub(crate) fn said(
        said: &Said<'_>,
        mut environment: Environment,
        storage: BTreeMap<&'static str, String>,
        url: &str,
    ) -> Self {
        if environment.entropy == [0; 4] {
            environment.entropy = [1, 2, 3, 4];
        }
        environment.context.engine = "wasm".to_owned();
        let facts = PageFacts {
            url: url.to_owned(),
            title: "Lamps".to_owned(),
            referrer: "https://search.example/?q=private".to_owned(),
        };
        let now = Now { at: Millis(START), mono: Millis(0) };
        let mut page = Self {
            engine: Engine::start(said, environment, facts, now),
            mono: 0,
            watches: Vec::new(),
            storage,
            available: true,
            idle: false,
            journal: BTreeMap::new(),
            adopting: false,
            requests: Vec::new(),
            batches: Vec::new(),
            posted: Vec::new(),
            notified: Vec::new(),
            flushed: 0,
            unlistened: false,
            looks: Vec::new(),
            says: BTreeMap::new(),
            unsettled: false,
        };
        page.engine.encoder(encode);
        page.engine.begin(now);
        page.drain();
        page
    }

    /// A page whose visitor is known: storage has been read.
    pub(crate) fn ready(config: &str) -> Self {
        let mut page = Self::new(config);
        page.idle();
        page
    }

    pub(crate) fn now(&self) -> Now {
        Now { at: Millis(START + self.mono), mono: Millis(self.mono) }
    }

    pub(crate) fn handle(&mut self, input: Input) {
        self.engine.handle(input, self.now());
        self.drain();
        if std::mem::take(&mut self.adopting) {
            self.adopt();
        }
    }

    /// The page is idle: what waits for that happens.
    pub(crate) fn idle(&mut self) {
        if std::mem::take(&mut self.idle) {
            self.read_storage();
        }
    }

    /// Time passes; the engine is woken when it asked to be.
    pub(crate) fn advance(&mut self, ms: u64) {
        let until = self.mono + ms;
        while let Some(wake) = self.engine.poll_wake().filter(|wake| wake.0 <= until) {
            assert!(wake.0 > self.mono || self.mono == 0, "woken again and again at {}", wake.0);
            self.mono = self.mono.max(wake.0);
            self.handle(Input::Wake);
            if self.engine.poll_wake().is_some_and(|next| next.0 <= self.mono) {
                break;
            }
        }
        self.mono = until;
    }

    /// Answers the oldest request.
    pub(crate) fn answer(&mut self, answer: Answer) {
        let request = self.requests.remove(0).number;
        self.handle(Input::Response { request, answer });
    }

    /// Answers the oldest request, which another collector's format has made, as that format understands it.
    pub(crate) fn judged(&mut self, status: u16, body: &str) {
        let posted = Posted::of(&self.requests[0]).expect("another collector's");
        let encoder = ENCODERS.iter().find(|encoder| encoder.name == posted.format).unwrap();
        let text = (encoder.judge)(status, body, posted.events).text();
        self.answer(Answer::Judged(Judgement::read(&text)));
    }

    /// Answers 204 until nothing is asked any more.
    pub(crate) fn accept_all(&mut self) {
        while !self.requests.is_empty() {
            self.answer(status(204));
        }
    }

    /// Takes up what other pages have left.
    pub(crate) fn adopt(&mut self) {
        let journal = self.journal.clone();
        let mut streams: Vec<String> = journal.keys().map(|(stream, _)| stream.clone()).collect();
        streams.dedup();
        for stream in streams {
            let entries = journal.iter().filter(|((other, _), _)| *other == stream);
            let entries = entries.map(|((_, seq), text)| (*seq, text.clone())).collect();
            self.handle(Input::Adopt(Orphan { stream, entries }));
        }
    }

    /// A hit for the rule at `index` of the config.
    pub(crate) fn hit(index: u32, attributes: &[(&str, &str)]) -> Hit {
        let attributes = attributes.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect();
        Hit { rule: index, element: 1, attributes, ..Hit::default() }
    }

    pub(crate) fn click(&mut self, index: u32, attributes: &[(&str, &str)]) {
        self.handle(Input::Dom { trusted: true, hits: vec![Self::hit(index, attributes)] });
    }

    pub(crate) fn markup(&mut self, attributes: &[(&str, &str)]) {
        self.click(MARKUP, attributes);
    }

    pub(crate) fn track(&mut self, name: &str) {
        self.handle(Input::Track { name: name.to_owned(), properties: String::new(), ago: 0 });
    }

    /// Names of all events sent so far, in the order they were sent; repeats included.
    pub(crate) fn sent(&self) -> Vec<&str> {
        self.batches.iter().flat_map(|batch| &batch.events).map(|event| event.record.name.as_str()).collect()
    }

    /// `created = acknowledged + waiting + dropped`, for every stream.
    pub(crate) fn assert_balance(&self) {
        for (url, counts) in self.engine.streams() {
            let (waiting, dropped) = (counts.waiting, counts.dropped.total());
            assert_eq!(counts.created, counts.acknowledged + waiting + dropped, "{url}: {counts:?}");
        }
    }

    fn read_storage(&mut self) {
        let text = |name| self.storage.get(name).cloned().unwrap_or_default();
        let stored = Stored {
            available: self.available,
            visitor: text("visitor"),
            session: text("session"),
            counted: text("counted"),
            pauses: text("pauses"),
            attempts: text("attempts"),
        };
        self.handle(Input::Storage(stored));
    }

    fn drain(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Watch(watch) => self.watches.push(watch),
                Effect::OpenStorage { at_once: true } => self.read_storage(),
                Effect::OpenStorage { at_once: false } => self.idle = true,
                Effect::Store { key, text } => {
                    let name = match key {
                        Key::Visitor => "visitor",
                        Key::Session => "session",
                        Key::Counted => "counted",
                        Key::Pauses => "pauses",
                        Key::Attempts => "attempts",
                    };
                    self.storage.insert(name, text);
                }
                Effect::Look { rule, slot, look } => {
                    self.looks.retain(|(other, ear, _)| (*other, *ear) != (rule, slot));
                    if look != Look::End {
                        self.looks.push((rule, slot, look));
                    }
                }
                Effect::Read { wants } => {
                    let wants = wants.split('\u{1e}');
                    let found =
                        wants.filter_map(|want| Some((want.to_owned(), self.says.get(want)?.clone())));
                    let found = found.collect();
                    self.engine.handle(Input::Read(found), self.now());
                }
                Effect::Settle => self.unsettled = true,
                Effect::Keep { stream, seq, text } => {
                    self.journal.insert((stream, seq), text);
                }
                Effect::Forget { stream, seqs } => {
                    self.journal.retain(|(other, seq), _| *other != stream || !seqs.contains(seq));
                }
                Effect::Adopt => self.adopting = true,
                Effect::Erase => {
                    self.storage.clear();
                    self.journal.clear();
                }
                Effect::Send(request) => {
                    let most = if request.means == Means::Fetch { 240_000 } else { 60_000 };
                    assert!(request.body.len() <= most, "{} bytes", request.body.len());
                    if let Some(posted) = Posted::of(&request) {
                        self.posted.push(posted);
                    } else {
                        super::wire::assert_valid(&request.body);
                        self.batches.push(serde_json::from_str(&request.body).expect("a batch"));
                    }
                    if request.means == Means::Beacon {
                        self.handle(Input::Response { request: request.number, answer: Answer::Unseen });
                    } else {
                        self.requests.push(request);
                    }
                }
                Effect::Notify { event } => self.notified.push(event),
                Effect::Flushed => self.flushed += 1,
                Effect::Unlisten => self.unlistened = true,
            }
        }
        self.assert_balance();
    }
}
