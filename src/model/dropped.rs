//! The names of every way an event can end without being delivered. Nothing is lost without one of these.

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// Why an event was dropped. The text form is part of the wire format.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum DropReason {
            $($(#[$doc])* #[cfg_attr(feature = "serde", serde(rename = $text))] $variant,)*
        }

        impl DropReason {
            /// Every reason there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The reason as it appears in `stats()` and in a batch.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The reason of that text.
            #[must_use]
            pub fn read(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.text() == text)
            }
        }
    };
}

reasons! {
    /// Consent was refused or withdrawn while it waited.
    Consent = "consent",
    /// More waited than may wait; the least valuable, oldest went first.
    Overflow = "overflow",
    /// It alone is larger than a request may be.
    TooLarge = "too_large",
    /// The collector refused it for good.
    Rejected = "rejected",
    /// It waited longer than records are kept for.
    Expired = "expired",
    /// The core trapped before it was kept anywhere.
    Trap = "trap",
    /// The page ended before the core was there, and nothing may be sent without it.
    NoCore = "no_core",
    /// Storage lost it or gave back something else.
    Lost = "lost",
    /// The collector's format has no words for it.
    Inexpressible = "inexpressible",
    /// It waited longer than the collector takes events of the past.
    TooOld = "too_old",
    /// It may have arrived, but nobody said so; the collector would count it twice.
    Unanswered = "unanswered",
}

/// How many were dropped, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(Vec<(DropReason, u64)>);

impl Tally {
    /// Counts `count` more; none make no entry.
    pub fn add(&mut self, reason: DropReason, count: u64) {
        match self.0.iter_mut().find(|(other, _)| *other == reason) {
            Some((_, total)) => *total += count,
            None if count > 0 => self.0.push((reason, count)),
            None => {}
        }
    }

    /// The reasons that occurred, with their counts.
    #[must_use]
    pub fn entries(&self) -> &[(DropReason, u64)] {
        &self.0
    }

    /// All of them together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

/// A run of sequence numbers of one stream that will never arrive, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Dropped {
    /// The first number.
    pub from: u64,
    /// The last number, itself included.
    pub to: u64,
    /// Why.
    pub reason: DropReason,
}
