//! Time as it is handed in: the wall clock for people, the monotonic clock for order and durations.
//!
//! No clock exists in the core. Every input carries a [`Now`], read by the shell.

/// Milliseconds. Of the wall clock they count from 1970-01-01T00:00:00Z, of the monotonic clock from the
/// start of the page; which one is meant is said where the value stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Millis(pub u64);

impl Millis {
    /// This time and `more` milliseconds, without overflow.
    #[must_use]
    pub const fn plus(self, more: u64) -> Self {
        Self(self.0.saturating_add(more))
    }

    /// Milliseconds passed since `earlier`; 0 if the clock went backwards.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Both clocks, read at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Now {
    /// The wall clock. It may jump: never used for order or durations within a page.
    pub at: Millis,
    /// The monotonic clock of this page.
    pub mono: Millis,
}
