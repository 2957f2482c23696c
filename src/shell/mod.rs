//! The shell: carries what the browser says to the engine, and what the engine wants to the browser.
//!
//! It decides nothing. The engine is borrowed, handles, is drained and let go; only then is anything done, so that
//! an action which makes the page call us back (a callback, a nested event) finds the engine free: its input waits
//! in line.

use std::cell::{Cell, RefCell};

use crate::engine::{Engine, Said};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::effect::{Effect, Key, Look, Means, Request, Source, Watch};
use crate::model::input::{Answer, Input};
use crate::model::json::write_u64;
use crate::model::signal::Signal;
use crate::model::text::cut;
use crate::model::time::{Millis, Now};

pub(crate) mod host;
mod listener;
mod sources;
#[cfg(test)]
mod tests;
mod unpack;

use host::about;
use listener::Listener;

/// What wasm is called for: the first argument of [`Shell::called`]. Those that JavaScript
/// calls with stand in the files beside this one as well.
mod call {
    pub(super) const WAKE: u32 = 0;
    pub(super) const ANSWER: u32 = 1;
    pub(super) const IDLE: u32 = 2;
    pub(super) const FRAME: u32 = 3;
    pub(super) const LEFT: u32 = 4;
    pub(super) const VISIBILITY: u32 = 5;
    pub(super) const SCROLLED: u32 = 6;
    pub(super) const HITS: u32 = 7;
    pub(super) const DATA: u32 = 8;
    pub(super) const EXCHANGE: u32 = 9;
    pub(super) const RENDERED: u32 = 10;
    pub(super) const ACTIVE: u32 = 11;
    pub(super) const ALLOWED: u32 = 12;
    pub(super) const EXIT: u32 = 13;
    pub(super) const ROUTE: u32 = 14;
    pub(super) const RESTORED: u32 = 15;
    pub(super) const STORED: u32 = 16;
    pub(super) const BAD: u32 = 17;
    pub(super) const CLOSED: u32 = 18;
    pub(super) const SILENT: u32 = 19;
    pub(super) const ADOPT: u32 = 20;
    pub(super) const ONLINE: u32 = 21;
    pub(super) const JUDGED: u32 = 22;
}

/// What the page is told: the first argument of the hook. 2 is a trap, told by `host.js`.
mod hook {
    pub(super) const CONVERSION: u32 = 0;
    pub(super) const FLUSHED: u32 = 1;
}

/// One running tracker.
pub(crate) struct Shell {
    engine: RefCell<Engine>,
    /// What came in while the engine was busy, the latest first.
    inbox: RefCell<Vec<(Input, Now)>>,
    busy: Cell<bool>,
    listeners: RefCell<Vec<Listener>>,
    /// Something has been scrolled.
    moved: Cell<bool>,
    /// A route has begun whose page is yet to be drawn.
    settling: Cell<bool>,
}

impl Shell {
    /// Starts.
    pub(crate) fn start(said: &Said<'_>) -> Self {
        let environment = unpack::environment(&host::read(about::BROWSER), [(); 4].map(|()| host::entropy()));
        let page = unpack::page(&host::read(about::PAGE));
        let mut engine = Engine::start(said, environment, page, now());
        engine.encoder(host::encode);
        Self {
            engine: RefCell::new(engine),
            inbox: RefCell::default(),
            busy: Cell::new(false),
            listeners: RefCell::default(),
            moved: Cell::new(false),
            settling: Cell::new(false),
        }
    }

    /// Begins to observe the page.
    pub(crate) fn observe(&self) {
        for &(name, what) in sources::lifecycle::EVENTS {
            self.listen(name, what);
        }
        self.engine.borrow_mut().begin(now());
        self.drain();
    }

    /// Something happened just now.
    pub(crate) fn step(&self, input: Input) {
        self.step_at(input, now());
    }

    /// Something happened at a time.
    pub(crate) fn step_at(&self, input: Input, at: Now) {
        self.inbox.borrow_mut().insert(0, (input, at));
        self.drain();
    }

    /// Which optional parts it needs, one bit each, in the order of `PARTS` in `core.js`.
    pub(crate) fn parts(&self) -> u32 {
        self.engine.borrow().parts()
    }

    pub(crate) fn stats(&self) -> String {
        self.engine.borrow().stats()
    }

    fn drain(&self) {
        if self.busy.replace(true) {
            return;
        }
        loop {
            let effect = self.engine.borrow_mut().poll_effect();
            if let Some(effect) = effect {
                self.act(effect);
                continue;
            }
            let Some((input, at)) = self.inbox.borrow_mut().pop() else { break };
            self.engine.borrow_mut().handle(input, at);
        }
        self.busy.set(false);
        let wake = self.engine.borrow().poll_wake();
        let wait = wake.map_or(-1.0, |time| time.since(now().mono) as f64);
        host::wake_after(wait);
    }

    fn act(&self, effect: Effect) {
        match effect {
            Effect::Watch(watch) => self.watch(watch),
            Effect::OpenStorage { at_once: true } => self.load(),
            Effect::OpenStorage { at_once: false } => host::when_idle(),
            Effect::Store { key, text } => {
                let key = match key {
                    Key::Visitor => 0,
                    Key::Session => 1,
                    Key::Counted => 2,
                    Key::Pauses => 3,
                    Key::Attempts => 4,
                };
                host::store(key, &text);
            }
            Effect::Look { rule, slot, look } => {
                let how = match look {
                    Look::End => 0,
                    Look::FromNow => 1,
                    Look::FromBefore => 2,
                };
                host::look_out(rule << 12 | slot, how);
            }
            Effect::Read { wants } => {
                let found = unpack::found(&host::look(&wants));
                self.engine.borrow_mut().handle(found, now());
            }
            Effect::Settle => {
                // How far the page before was scrolled says nothing of this one.
                self.moved.set(false);
                self.settling.set(true);
                host::after_frame();
            }
            Effect::Keep { stream, seq, text } => {
                let input = match host::keep(&stream, seq as f64, &text) {
                    0 => Input::Unkept,
                    1 => Input::KeptOnce,
                    _ => return,
                };
                self.inbox.borrow_mut().insert(0, (input, now()));
            }
            Effect::Forget { stream, seqs } => host::forget(&stream, &words(&seqs)),
            Effect::Adopt => host::adopt(),
            Effect::Erase => host::erase(),
            Effect::Send(Request { number, to, body, means }) => {
                let means = match means {
                    Means::Fetch => 0,
                    Means::Keepalive => 1,
                    Means::Beacon => 2,
                };
                host::send(number, &to, &body, means);
            }
            Effect::Notify { event } => host::tell(hook::CONVERSION, &event),
            Effect::Flushed => host::tell(hook::FLUSHED, ""),
            Effect::Unlisten => {
                self.listeners.borrow_mut().clear();
                host::rest();
            }
        }
    }

    fn watch(&self, watch: Watch) {
        let Watch { rule, slot, source, event, selector, wants } = watch;
        if !host::watch(rule << 12 | slot, source as u32, &event, &selector, &wants) {
            let input = Input::BadSelector { rule, slot, selector, slow: false };
            self.inbox.borrow_mut().insert(0, (input, now()));
            return;
        }
        match source {
            // What a form was sent by stands behind the event's name.
            Source::Dom | Source::Media | Source::Event => self.listen(first_word(&event), 0),
            Source::Scroll => {
                self.listen(sources::scroll::EVENT, call::SCROLLED);
                host::after_frame();
            }
            Source::Activity => {
                sources::activity::EVENTS.iter().for_each(|name| self.listen(name, call::ACTIVE));
            }
            Source::Exit => self.listen(sources::exit::EVENT, call::EXIT),
            _ => {}
        }
    }

    fn listen(&self, name: &str, what: u32) {
        let mut listeners = self.listeners.borrow_mut();
        if !listeners.iter().any(|listener| listener.is(name, what)) {
            listeners.push(Listener::new(name, what));
        }
    }

    /// A DOM event came that rules may be concerned with.
    pub(crate) fn heard(&self, time: f64) {
        let (now, mono) = (now(), Millis(time as u64));
        let packed = host::facts();
        if !packed.is_empty() {
            let then = Now { at: Millis(now.at.since(Millis(now.mono.since(mono)))), mono };
            self.step_at(unpack::dom(&packed), then);
        }
    }

    /// A timer, a frame, an answer came; the page was scrolled, hidden, left or came back; or JavaScript has words.
    /// Whether the content of an answer is wanted.
    pub(crate) fn called(&self, what: u32, a: u32, b: i32) -> bool {
        match what {
            call::ANSWER => {
                let answer = match b {
                    -1 => Answer::Unseen,
                    0 => Answer::Failed,
                    status => Answer::Status {
                        status: (status % 1000) as u16,
                        after: (status / 1000 * 1000) as u64,
                    },
                };
                self.step(Input::Response { request: a, answer });
            }
            call::IDLE | call::STORED => self.load(),
            call::FRAME => {
                self.settle();
                self.measure(false);
            }
            call::SCROLLED => {
                self.moved.set(true);
                host::after_frame();
            }
            call::VISIBILITY if !host::is_hidden() => self.step(Input::Visible),
            call::LEFT | call::VISIBILITY => {
                // What is scheduled to be measured after the next frame would never be: there may be no next frame.
                self.settle();
                self.measure(true);
                self.step(if what == call::LEFT { Input::Left } else { Input::Hidden });
                // Now at the latest it is known whose outcome this page may show.
                self.measure(true);
            }
            call::RESTORED => {
                self.step(Input::Visible);
                self.step(Input::Page(unpack::page(&host::read(about::PAGE))));
                self.moved.set(false);
                host::after_frame();
            }
            call::WAKE => self.step(Input::Wake),
            call::ACTIVE => self.step(Input::Signal(Signal::Active)),
            call::ONLINE => self.step(Input::Online),
            call::ALLOWED => self.step(Input::Signal(Signal::Allowed)),
            call::EXIT => self.step(Input::Signal(Signal::Exit)),
            _ => return self.told(what, &host::words()),
        }
        false
    }

    fn told(&self, what: u32, words: &str) -> bool {
        match what {
            call::HITS => self.step(unpack::dom(words)),
            call::ROUTE => self.step(Input::Route { url: words.to_owned() }),
            call::RENDERED => self.step(unpack::rendered(words)),
            call::DATA => unpack::data(words).into_iter().for_each(|signal| self.step(Input::Signal(signal))),
            call::EXCHANGE => {
                let (signal, last) = unpack::exchange(words);
                // Somebody may be at the engine; then nobody can say, and the content is left alone.
                let wanted = !last && self.engine.try_borrow().is_ok_and(|engine| engine.wants_body(&signal));
                // It comes once more, with the content or without: until then it is not judged.
                if !wanted {
                    self.step(Input::Signal(signal));
                }
                return wanted;
            }
            call::BAD => {
                let ((rule, slot), selector) = unpack::about(words);
                self.step(Input::BadSelector { rule, slot, selector, slow: true });
            }
            call::JUDGED => self.step(unpack::judged(words)),
            call::ADOPT => self.step(Input::Adopt(unpack::orphan(words))),
            call::CLOSED => {
                let ((rule, _), name) = unpack::about(words);
                self.step(Input::Closed { rule, name });
            }
            call::SILENT => self.step(Input::Report(Diagnostic::about(Code::SilentPlayer, "", words))),
            _ => {}
        }
        false
    }

    fn settle(&self) {
        if self.settling.take() {
            // Of this page nothing has been scrolled yet, wherever its router has put it.
            self.moved.set(false);
            self.step(Input::Settled { title: unpack::page(&host::read(about::PAGE)).title });
        }
    }

    fn load(&self) {
        self.step(Input::Storage(unpack::stored(&host::read(about::STORAGE))));
    }

    fn measure(&self, pending: bool) {
        let packed = host::seen(pending);
        if !packed.is_empty() {
            self.step(unpack::scrolls(&packed, self.moved.get()));
        }
    }
}

/// Numbers, parted by spaces.
fn words(numbers: &[u64]) -> String {
    let mut text = String::new();
    for &number in numbers {
        if !text.is_empty() {
            text.push(' ');
        }
        write_u64(&mut text, number);
    }
    text
}

/// Both clocks.
pub(crate) fn now() -> Now {
    Now { at: Millis(host::wall() as u64), mono: Millis(host::mono() as u64) }
}

fn first_word(text: &str) -> &str {
    cut(text, b' ').map_or(text, |(first, _)| first)
}
