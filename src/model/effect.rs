//! Everything the engine may ask of the shell.

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Listen to the page for a rule.
    Watch(Watch),
    /// Read the visitor's and session's keys and answer with [`super::input::Input::Storage`].
    OpenStorage {
        /// Now; else when the page is idle, but within a second.
        at_once: bool,
    },
    /// Write a key.
    Store {
        /// Which.
        key: Key,
        /// The text.
        text: String,
    },
    /// Remove every key of ours.
    Erase,
    /// Send a request.
    Send(Request),
    /// Tell the page's callbacks of a conversion.
    Notify {
        /// The event as JSON text, as a batch would carry it.
        event: String,
    },
    /// Every request made by `flush()` or before it has been answered.
    Flushed,
    /// Remove all listeners and timers.
    Unlisten,
}

/// What to listen to, for which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The rule: its place in the plan, or [`super::signal::MARKUP`].
    pub rule: u32,
    /// What kind of thing.
    pub source: Source,
    /// The event's name; empty for what is no event.
    pub event: String,
    /// Which elements; empty for any.
    pub selector: String,
    /// Which of their attributes to hand over, parted by commas; one that ends in `*` stands for all that begin so.
    pub attributes: String,
}

/// A kind of thing the shell can observe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A DOM event.
    Dom,
    /// A DOM event of a player, with the player's state.
    Media,
    /// How far the page, or the first element the selector names, has been seen.
    Scroll,
}

/// A key in first-party storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The visitor's id.
    Visitor,
    /// The current visit.
    Session,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its number, to be named in the answer.
    pub number: u32,
    /// Where to.
    pub url: String,
    /// The body, `text/plain`, so that no preflight is needed when the page ends.
    pub body: String,
    /// By which means.
    pub means: Means,
}

/// The ways a page can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// `fetch`: ends with the page, has no limit of size.
    Fetch,
    /// `fetch` with `keepalive`: outlives the page, within the browser's budget.
    Keepalive,
    /// `sendBeacon`: outlives the page, its answer is never seen.
    Beacon,
}
