//! Who visits, and which visit it is: random ids in first-party storage, behind the open consent gate only.
//!
//! A visit ends after 30 minutes without an event. Its last moment is written at most once a minute: storage is
//! not free, and half a minute more or less changes no visit.

use super::ids::Ids;
use crate::model::effect::{Effect, Key};
use crate::model::input::Stored;
use crate::model::json::write_u64;
use crate::model::record::Session;
use crate::model::text::{pieces, whole};
use crate::model::time::{Millis, Now};
use crate::model::uuid::Uuid;

const IDLE: u64 = 30 * 60_000;
const WRITE_EVERY: u64 = 60_000;

/// What is known of the visitor.
#[derive(Default)]
pub(crate) enum Identity {
    /// Nothing, and nobody asked.
    #[default]
    Closed,
    /// The shell was asked to read storage.
    Asked {
        /// Not to wait for an idle moment.
        at_once: bool,
    },
    /// All.
    Open(Open),
}

/// A known visitor.
pub(crate) struct Open {
    pub(crate) visitor: Uuid,
    pub(crate) available: bool,
    session: Session,
    last: Millis,
    written: Millis,
}

impl Identity {
    /// Asks for storage to be read, unless that was done already (and in no greater haste).
    pub(crate) fn ask(&mut self, at_once: bool) -> Option<Effect> {
        match self {
            Self::Closed | Self::Asked { at_once: false } => {}
            _ => return None,
        }
        if matches!(self, Self::Asked { .. }) && !at_once {
            return None;
        }
        *self = Self::Asked { at_once };
        Some(Effect::OpenStorage { at_once })
    }

    /// Takes in what storage held; the effect writes the visitor's id if it is new. `None`, and no change, if
    /// nobody is waiting for it.
    pub(crate) fn open(&mut self, stored: &Stored, ids: &mut Ids, now: Now) -> Option<Option<Effect>> {
        if !matches!(self, Self::Asked { .. }) {
            return None;
        }
        let known = Uuid::parse(&stored.visitor);
        let visitor = known.unwrap_or_else(|| ids.uuid(now.at));
        let (session, last) = read_session(&stored.session).filter(|_| known.is_some()).unwrap_or((
            Session { id: visitor, number: 0 },
            Millis(0),
        ));
        *self = Self::Open(Open { visitor, available: stored.available, session, last, written: Millis(0) });
        Some(known.is_none().then(|| Effect::Store { key: Key::Visitor, text: visitor.text() }))
    }
}

impl Open {
    /// The visit an event of now belongs to, and what to write if that is due.
    pub(crate) fn touch(&mut self, ids: &mut Ids, now: Now) -> (Session, Option<Effect>) {
        // A last moment in the future is a clock that was set back: it says nothing about idleness.
        let new = now.at.since(self.last) > IDLE || self.session.number == 0;
        if new {
            self.session = Session { id: ids.uuid(now.at), number: self.session.number + 1 };
        }
        self.last = now.at;
        let write = new || now.at.since(self.written) >= WRITE_EVERY;
        if write {
            self.written = now.at;
        }
        (self.session, write.then(|| Effect::Store { key: Key::Session, text: self.text() }))
    }

    fn text(&self) -> String {
        let mut text = self.session.id.text();
        for number in [self.session.number, self.last.0] {
            text.push(' ');
            write_u64(&mut text, number);
        }
        text
    }
}

/// Reads `<id> <number> <last moment>`. Anything else is no visit: a new one begins.
fn read_session(text: &str) -> Option<(Session, Millis)> {
    let [id, number, last] = *pieces(text, b' ').as_slice() else { return None };
    let (id, number, last) = (Uuid::parse(id)?, whole(number)?, whole(last)?);
    (number > 0).then_some((Session { id, number }, Millis(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Now {
        Now { at: Millis(1_800_000_000_000 + ms), mono: Millis(ms) }
    }

    fn opened(stored: &Stored) -> (Identity, Ids, Option<Effect>) {
        let (mut identity, mut ids) = (Identity::default(), Ids::new([1, 2, 3, 4]));
        assert!(identity.ask(true).is_some());
        let effect = identity.open(stored, &mut ids, at(0)).unwrap();
        (identity, ids, effect)
    }

    #[test]
    fn a_visit_lives_on_in_storage() {
        let (identity, mut ids, effect) = opened(&Stored { available: true, ..Stored::default() });
        let Identity::Open(mut open) = identity else { panic!("not open") };
        let Some(Effect::Store { key: Key::Visitor, text: visitor }) = effect else { panic!("{effect:?}") };
        let (first, Some(Effect::Store { key: Key::Session, text: session })) = open.touch(&mut ids, at(0)) else {
            panic!("nothing written")
        };
        assert_eq!(first.number, 1);
        assert!(open.touch(&mut ids, at(1000)).1.is_none());

        let stored = Stored { available: true, visitor: visitor.clone(), session };
        let (identity, mut ids, effect) = opened(&stored);
        assert_eq!(effect, None, "the visitor is known");
        let Identity::Open(mut open) = identity else { panic!("not open") };
        assert_eq!(open.visitor.text(), visitor);
        assert_eq!(open.touch(&mut ids, at(IDLE)).0, first);
        let second = open.touch(&mut ids, at(IDLE * 2 + 1)).0;
        assert_eq!(second.number, 2);
        assert_ne!(second.id, first.id);
    }

    #[test]
    fn nonsense_in_storage_is_a_new_visit() {
        for session in ["", "x", "01935c5e-7d1a-7b2c-8d3e-4f5061728394 1", "01935c5e-7d1a-7b2c-8d3e-4f5061728394 0 5"] {
            assert_eq!(read_session(session), None, "{session}");
        }
    }

    #[test]
    fn storage_is_asked_for_once_and_once_more_in_haste() {
        let mut identity = Identity::default();
        assert_eq!(identity.ask(false), Some(Effect::OpenStorage { at_once: false }));
        assert_eq!(identity.ask(false), None);
        assert_eq!(identity.ask(true), Some(Effect::OpenStorage { at_once: true }));
        assert_eq!(identity.ask(true), None);
    }
}
