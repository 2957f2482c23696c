//! What the page shows one rule: the facts of one DOM event or one measurement, without any DOM type.

use super::value::{Object, Value};

/// A fact a trigger or a piece of evidence judges.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// A DOM event, or one of jQuery's, hit an element the selector names.
    Element(Hit),
    /// How far the page or an element has been seen.
    Scroll(Scroll),
    /// The page has this URL from now on.
    Url {
        /// The whole URL.
        url: String,
        /// A page view begins with it; else it is the same page with other details.
        view: bool,
    },
    /// The page pushed something onto its data layer.
    Data(Data),
    /// A request of the page was answered.
    Exchange(Exchange),
    /// Code called `track()` with the rule's name.
    Custom,
    /// The visitor did something: moved, pressed, typed, scrolled.
    Active,
    /// The page can be seen (again), or not any more.
    Shown(bool),
    /// The visitor allowed notifications.
    Allowed,
    /// The pointer left the page at its top.
    Exit,
    /// The time asked for by a trigger has come.
    Tick,
}

/// One element hit by one event, for one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    /// The rule whose selector matched: its place in the plan, or [`MARKUP`].
    pub rule: u32,
    /// Which ear of the rule: see [`super::effect::Watch::slot`].
    pub slot: u32,
    /// A number the shell gave the element; the same element keeps its number.
    pub element: u32,
    /// Those of the attributes the rule asked for that the element has; of texts and other elements' attributes, by
    /// the name under which they were asked for.
    pub attributes: Vec<(String, String)>,
    /// The state of the player, for media events.
    pub media: Option<Media>,
    /// Thousandths of the element that are on screen (of the screen that it covers, if that is more), where that is
    /// what happened.
    pub seen: Option<u64>,
}

/// The rule number of elements marked with `data-footstep`.
pub const MARKUP: u32 = (1 << 20) - 1;

/// The state of a video or audio element, or of a player in a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// What happened to it.
    pub event: MediaEvent,
    /// Position, ms.
    pub position: u64,
    /// Length, ms; 0 while it is not known or has no end.
    pub duration: u64,
    /// Speed in hundredths: 100 is normal.
    pub rate: u64,
    /// Nothing moves.
    pub paused: bool,
    /// No sound.
    pub muted: bool,
    /// Started by the page.
    pub autoplay: bool,
    /// It starts again when it has ended.
    pub looped: bool,
}

/// What happened to a player.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaEvent {
    /// It plays, after having been paused or having waited for data.
    Playing,
    /// The position went on.
    #[default]
    Progress,
    /// The position is being changed; whatever it says has not been played.
    Seeking,
    /// Another source was loaded.
    Emptied,
}

/// How much of a page or element has been seen, in CSS pixels from its top (or its beginning, sideways).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    /// The lowest line in view.
    pub seen: u64,
    /// Its height.
    pub extent: u64,
    /// Something has been scrolled; else this is what a page shows when it opens.
    pub moved: bool,
}

/// An entry of the data layer, brought into one shape by [`super::data::read`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    /// The event's name, as GA4 has it.
    pub event: String,
    /// The entry; what it says of the sale stands under `ecommerce`.
    pub entry: Object,
}

/// A request of the page and its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exchange {
    /// The whole URL.
    pub url: String,
    /// Such as `POST`.
    pub method: String,
    /// HTTP status; 0 if there was no answer.
    pub status: u64,
    /// The answer's JSON, where it was asked for.
    pub body: Option<Value>,
}
