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
    /// Write an entry of the journal. If that cannot be done, answer with [`super::input::Input::Unkept`]; if its second
    /// copy has to wait until the page's handlers have run, with [`super::input::Input::KeptOnce`].
    Keep {
        /// The stream.
        stream: String,
        /// The record's number in it; 0 for what is to be told of the stream.
        seq: u64,
        /// The text.
        text: String,
    },
    /// Remove entries of the journal.
    Forget {
        /// The stream.
        stream: String,
        /// Which; none means that the stream is over, and another document may have what it still has left by then.
        seqs: Vec<u64>,
    },
    /// Look for what documents that are gone have left in the journal, now and whenever another one goes: each an
    /// [`super::input::Input::Adopt`].
    Adopt,
    /// Remove every key of ours.
    Erase,
    /// Send a request.
    Send(Request),
    /// Look out for what becomes rendered for a piece of evidence, or no more.
    Look {
        /// The rule.
        rule: u32,
        /// Which ear of it.
        slot: u32,
        /// From when on.
        look: Look,
    },
    /// Read what the page says and answer, before anything else, with [`super::input::Input::Read`].
    Read {
        /// What is wanted, parted by RS; see [`Watch::wants`].
        wants: String,
    },
    /// Say, once the page has had the time to draw itself, how it is called: [`super::input::Input::Settled`].
    Settle,
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

/// When looking out for something rendered begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// No more.
    End,
    /// What becomes rendered from now on counts.
    FromNow,
    /// What is there already counts as well: the attempt was made on a page before this one.
    FromBefore,
}

/// What to listen to, for which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The rule: its place in the plan, or [`super::signal::MARKUP`].
    pub rule: u32,
    /// Which of the rule's ears: its triggers and its evidence are numbered.
    pub slot: u32,
    /// What kind of thing.
    pub source: Source,
    /// The event's name, or what else the source needs to know.
    pub event: String,
    /// Which elements; empty for any.
    pub selector: String,
    /// What to hand over of the element that is hit, parted by RS. A name stands for that attribute, one that ends in
    /// `*` for all that begin so; `=selector` for the text of an element inside or around it, `@name selector` for such
    /// an element's attribute. The letters D, J, M and O begin what is wanted of the page: see `src/reads`.
    pub wants: String,
}

/// A kind of thing the shell can observe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A DOM event.
    Dom,
    /// A DOM event of a player, with the player's state.
    Media,
    /// How far the page, or the first element the selector names, has been seen; `event` `x`: sideways.
    Scroll,
    /// A DOM event or one made by jQuery.
    Event,
    /// How much of the elements is on screen.
    Visible,
    /// Elements that become rendered, anywhere on the page; with the text in `event`, if there is one.
    Rendered,
    /// The data layer; `event`: the name of the array.
    Data,
    /// What the visitor does, whatever it is.
    Activity,
    /// Notifications being allowed.
    Permission,
    /// The pointer leaving the page at its top.
    Exit,
    /// Requests of the page: a part of its own.
    Requests,
    /// Players in frames: a part of its own. `event`: which, parted by commas.
    Players,
    /// Frames of the same origin.
    Frames,
}

/// A key in first-party storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The visitor's id.
    Visitor,
    /// The current visit.
    Session,
    /// What has counted already and may not count again.
    Counted,
    /// Collectors that want to be left alone for some time.
    Pauses,
    /// The tab's attempts whose outcome is not known yet.
    Attempts,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its number, to be named in the answer.
    pub number: u32,
    /// Where to. Of what the second module has encoded, parted by US: the format, how many events it carries, the URL,
    /// the body's type, then name and value of each header.
    pub to: String,
    /// The body: `text/plain` unless said, so that no preflight is needed when the page ends.
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
