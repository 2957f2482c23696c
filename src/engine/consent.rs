//! The consent gate: what may be kept and sent, and what waits until somebody says.

use crate::model::config::ConsentMode;
use crate::model::input::Decision;

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
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    state: State,
    /// If it is open for some purposes only: which.
    only: Option<Vec<String>>,
    /// How often the decision changed on this page; stands in each record.
    pub(crate) version: u64,
}

impl Gate {
    pub(crate) const fn new(mode: ConsentMode) -> Self {
        let state = match mode {
            ConsentMode::OptIn => State::Unknown,
            ConsentMode::None | ConsentMode::OptOut => State::Granted,
        };
        Self { state, only: None, version: 0 }
    }

    /// Takes in a decision; true if it changed anything.
    pub(crate) fn decide(&mut self, decision: Decision) -> bool {
        let (state, only) = match decision {
            Decision::Granted => (State::Granted, None),
            Decision::GrantedFor(purposes) => (State::Granted, Some(purposes)),
            Decision::Denied => (State::Denied, None),
        };
        let changed = state != self.state || only != self.only;
        (self.state, self.only) = (state, only);
        self.version += u64::from(changed);
        changed
    }

    /// Whether what serves that purpose may have anything. What names none is under the decision as a whole.
    pub(crate) fn allows(&self, purpose: Option<&String>) -> bool {
        match (&self.only, purpose) {
            (Some(only), Some(purpose)) => only.contains(purpose),
            _ => true,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state == State::Granted
    }

    pub(crate) fn is_denied(&self) -> bool {
        self.state == State::Denied
    }

    pub(crate) const fn word(&self) -> &'static str {
        match self.state {
            State::Unknown => "unknown",
            State::Granted => "granted",
            State::Denied => "denied",
        }
    }
}
