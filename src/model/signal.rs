//! What the page shows one rule: the facts of one DOM event or one measurement, without any DOM type.

use super::time::Millis;

/// A fact a trigger judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// A DOM event hit an element the rule's selector names.
    Element(Hit),
    /// How far the page or an element has been seen.
    Scroll(Scroll),
    /// A page view began.
    Page,
    /// Code called `track()` with the rule's name.
    Custom,
}

/// One element hit by one event, for one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    /// The rule whose selector matched: its place in the plan, or [`MARKUP`].
    pub rule: u32,
    /// A number the shell gave the element; the same element keeps its number.
    pub element: u32,
    /// Those of the attributes the rule asked for that the element has.
    pub attributes: Vec<(String, String)>,
    /// The state of the player, for media events.
    pub media: Option<Media>,
}

/// The rule number of elements marked with `data-footstep`.
pub const MARKUP: u32 = u32::MAX;

/// The state of a video or audio element.
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
    /// When the event was handled, ms since the page started.
    pub mono: Millis,
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

/// How much of a page or element has been seen, in CSS pixels from its top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    /// The lowest line in view.
    pub seen: u64,
    /// Its height.
    pub extent: u64,
}
