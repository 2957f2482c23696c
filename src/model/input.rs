//! Everything that can happen to the engine. The shell makes these from what the browser says.

use super::batch::Context;
use super::delivery::Judgement;
use super::signal::{Hit, Scroll, Signal};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A page view begins.
    Page(PageFacts),
    /// The URL changed without a new document.
    Route {
        /// The whole URL.
        url: String,
    },
    /// The page of the last route has drawn itself, and has this title.
    Settled {
        /// The title.
        title: String,
    },
    /// A DOM event hit elements that rules name.
    Dom {
        /// Made by the browser on a person's behalf.
        trusted: bool,
        /// One for each rule that was hit.
        hits: Vec<Hit>,
    },
    /// The page was scrolled; what each scroll rule (and which ear of it) sees now.
    Scroll(Vec<(u32, u32, Scroll)>),
    /// What every rule may judge.
    Signal(Signal),
    /// What has become rendered: rule and ear. Empty if a first look found nothing.
    Rendered(Vec<(u32, u32)>),
    /// What was found of what [`super::effect::Effect::Read`] wanted, by what was wanted.
    Read(Vec<(String, String)>),
    /// Code called `track()`.
    Track {
        /// The name.
        name: String,
        /// The properties, as JSON text; empty if there are none.
        properties: String,
        /// How long ago that was, ms: the call may have waited for the core.
        ago: u64,
    },
    /// Code called `consent()`.
    Consent(Decision),
    /// First-party storage was read.
    Storage(Stored),
    /// A document that is gone has left this in the journal, and it is ours now.
    Adopt(Orphan),
    /// The journal can no longer be written to.
    Unkept,
    /// The page's handlers run before there is a second copy of what was just written to the journal: a browser may lose the
    /// first with a process that is killed in them.
    KeptOnce,
    /// The network is back.
    Online,
    /// A rule's selector cannot be used.
    BadSelector {
        /// The rule.
        rule: u32,
        /// Which ear of it.
        slot: u32,
        /// Its selector.
        selector: String,
        /// It costs too much time; else the browser does not understand it.
        slow: bool,
    },
    /// The visitor was inside something closed, where no event that a rule needs can be heard from.
    Closed {
        /// The rule.
        rule: u32,
        /// The name of the element that is closed.
        name: String,
    },
    /// The page cannot be seen any more: this may be the last moment.
    Hidden,
    /// The page is being left. If it ever comes back, [`Input::Page`] says so.
    Left,
    /// The page can be seen again.
    Visible,
    /// The time asked for by `poll_wake` has come.
    Wake,
    /// A request was answered, or failed.
    Response {
        /// The number of the request.
        request: u32,
        /// What came of it.
        answer: Answer,
    },
    /// Code called `flush()`: send all now, and say when every answer is there.
    Flush,
    /// Code called `on()`: it wants to hear of conversions.
    Listen,
    /// Code called `stop()`.
    Stop,
    /// Something outside the core is wrong; kept with the other diagnostics.
    Report(super::diagnostic::Diagnostic),
}

/// What the visitor has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes, whatever it is for.
    Granted,
    /// Yes, for these purposes. Collectors that serve another one get nothing.
    GrantedFor(Vec<String>),
    /// No.
    Denied,
}

/// What a page says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// The whole URL. What of it leaves the page is decided by the config.
    pub url: String,
    /// The title.
    pub title: String,
    /// The whole referrer.
    pub referrer: String,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A readable HTTP answer.
    Status {
        /// The status.
        status: u16,
        /// How long the collector asks to be left alone (`Retry-After`), ms; 0 if it says nothing.
        after: u64,
    },
    /// A readable answer that the second module has judged.
    Judged(Judgement),
    /// No answer: offline, refused, blocked or cut.
    Failed,
    /// Handed to the browser by `sendBeacon`, which never tells.
    Unseen,
}

/// What first-party storage held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// It can be written to.
    pub available: bool,
    /// The text under [`super::effect::Key::Visitor`].
    pub visitor: String,
    /// The text under [`super::effect::Key::Session`].
    pub session: String,
    /// The text under [`super::effect::Key::Counted`].
    pub counted: String,
    /// The text under [`super::effect::Key::Pauses`].
    pub pauses: String,
    /// The text under [`super::effect::Key::Attempts`].
    pub attempts: String,
}

/// What a document has left in the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orphan {
    /// The stream.
    pub stream: String,
    /// Number and text of each entry; a second time, right behind it, where the second copy holds another text.
    pub entries: Vec<(u64, String)>,
}

/// What the engine is told once, when it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Random bits, for ids and jitter. Not all zero.
    pub entropy: [u32; 4],
    /// About the browser; part of every batch.
    pub context: Context,
    /// Requests can outlive the page (`fetch` with `keepalive`).
    pub keepalive: bool,
    /// The page is hidden already.
    pub hidden: bool,
}
