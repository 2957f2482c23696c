//! The shell: carries what the browser says to the engine, and what the engine wants to the browser.
//!
//! It decides nothing. The engine is borrowed, handles, is drained and let go; only then is anything done, so that
//! an action which makes the page call us back (a callback, a nested event) finds the engine free: its input waits
//! in line.

use std::cell::{Cell, RefCell};

use crate::engine::Engine;
use crate::model::effect::{Effect, Key, Means, Request, Source, Watch};
use crate::model::input::{Answer, Input};
use crate::model::time::{Millis, Now};

pub(crate) mod host;
mod listener;
mod sources;
#[cfg(test)]
mod tests;
mod unpack;

use host::about;
use listener::Listener;

/// What wasm is called for: the first argument of [`Shell::called`]. The first four stand in `host.js` as well.
mod call {
    pub(super) const WAKE: u32 = 0;
    pub(super) const ANSWER: u32 = 1;
    pub(super) const IDLE: u32 = 2;
    pub(super) const FRAME: u32 = 3;
    pub(super) const LEFT: u32 = 4;
    pub(super) const VISIBILITY: u32 = 5;
    pub(super) const SCROLLED: u32 = 6;
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
}

impl Shell {
    /// Starts.
    pub(crate) fn start(config: &str, tag: &str) -> Self {
        let environment = unpack::environment(&host::read(about::BROWSER), [(); 4].map(|()| host::entropy()));
        let page = unpack::page(&host::read(about::PAGE));
        Self {
            engine: RefCell::new(Engine::start(config, tag, environment, page, now())),
            inbox: RefCell::default(),
            busy: Cell::new(false),
            listeners: RefCell::default(),
        }
    }

    /// Begins to observe the page.
    pub(crate) fn observe(&self) {
        for &(name, what) in sources::lifecycle::EVENTS {
            self.listen(name, what);
        }
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
            Effect::Store { key, text } => host::store(if key == Key::Visitor { 0 } else { 1 }, &text),
            Effect::Erase => host::erase(),
            Effect::Send(Request { number, url, body, means }) => {
                let means = match means {
                    Means::Fetch => 0,
                    Means::Keepalive => 1,
                    Means::Beacon => 2,
                };
                host::send(number, &url, &body, means);
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
        let Watch { rule, source, event, selector, attributes } = watch;
        if !host::watch(rule, &event, &selector, &attributes, source == Source::Media) {
            self.inbox.borrow_mut().insert(0, (Input::BadSelector { rule, selector }, now()));
        } else if source == Source::Scroll {
            self.listen(sources::scroll::EVENT, call::SCROLLED);
        } else {
            self.listen(&event, 0);
        }
    }

    fn listen(&self, name: &str, what: u32) {
        let mut listeners = self.listeners.borrow_mut();
        if !listeners.iter().any(|listener| listener.is(name, what)) {
            listeners.push(Listener::new(name, what));
        }
    }

    /// A DOM event came that rules may be concerned with.
    pub(crate) fn heard(&self) {
        let packed = host::facts();
        if !packed.is_empty() {
            let at = now();
            self.step_at(unpack::dom(&packed, at.mono), at);
        }
    }

    /// A timer, a frame, an answer came; the page was scrolled, hidden, left or came back.
    pub(crate) fn called(&self, what: u32, a: u32, b: i32) {
        match what {
            call::ANSWER => {
                let answer = match b {
                    -1 => Answer::Unseen,
                    0 => Answer::Failed,
                    status => Answer::Status(status as u16),
                };
                self.step(Input::Response { request: a, answer });
            }
            call::IDLE => self.load(),
            call::FRAME => self.measure(false),
            call::SCROLLED => host::after_frame(),
            call::VISIBILITY if !host::is_hidden() => self.step(Input::Visible),
            call::LEFT | call::VISIBILITY => {
                // What is scheduled to be measured after the next frame would never be: there may be no next frame.
                self.measure(true);
                self.step(Input::Hidden);
            }
            call::WAKE => self.step(Input::Wake),
            _ => {}
        }
    }

    fn load(&self) {
        self.step(Input::Storage(unpack::stored(&host::read(about::STORAGE))));
    }

    fn measure(&self, pending: bool) {
        let packed = host::seen(pending);
        if !packed.is_empty() {
            self.step(unpack::scrolls(&packed));
        }
    }
}

/// Both clocks.
pub(crate) fn now() -> Now {
    Now { at: Millis(host::wall() as u64), mono: Millis(host::mono() as u64) }
}
