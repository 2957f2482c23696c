//! The consent gate: what may be kept and sent, and what waits until somebody says.

use crate::model::config::ConsentMode;

/// Where the visitor's decision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Not asked, or not answered.
    Unknown,
    /// Recording is allowed.
    Granted,
    /// It is not.
    Denied,
}

/// The gate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    state: State,
    /// How often the decision changed on this page; stands in each record.
    pub(crate) version: u64,
}

impl Gate {
    pub(crate) const fn new(mode: ConsentMode) -> Self {
        let state = match mode {
            ConsentMode::OptIn => State::Unknown,
            ConsentMode::None | ConsentMode::OptOut => State::Granted,
        };
        Self { state, version: 0 }
    }

    /// Takes in a decision; true if it changed anything.
    pub(crate) fn decide(&mut self, granted: bool) -> bool {
        let state = if granted { State::Granted } else { State::Denied };
        let changed = state != self.state;
        self.state = state;
        self.version += u64::from(changed);
        changed
    }

    pub(crate) fn is_open(self) -> bool {
        self.state == State::Granted
    }

    pub(crate) fn is_denied(self) -> bool {
        self.state == State::Denied
    }

    pub(crate) const fn word(self) -> &'static str {
        match self.state {
            State::Unknown => "unknown",
            State::Granted => "granted",
            State::Denied => "denied",
        }
    }
}
