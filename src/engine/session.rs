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
    /// Storage knows the visitor.
    known: bool,
    /// It could be read, but cannot be written to.
    pub(crate) full: bool,
    session: Session,
    last: Millis,
    written: Millis,
}

impl Identity {
    /// Asks for storage to be read, unless that was done already (and in no greater haste).
    pub(crate) fn ask(&mut self, at_once: bool, effects: &mut Vec<Effect>) {
        let new = match self {
            Self::Closed => true,
            Self::Asked { at_once: asked } => at_once && !*asked,
            Self::Open(_) => false,
        };
        if new {
            *self = Self::Asked { at_once };
            effects.push(Effect::OpenStorage { at_once });
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// Takes in what storage held, if that was asked for.
    pub(crate) fn open(&mut self, stored: &Stored, ids: &mut Ids, now: Now) {
        if !matches!(self, Self::Asked { .. }) {
            return;
        }
        let known = Uuid::parse(&stored.visitor);
        let visitor = known.unwrap_or_else(|| ids.uuid(now.at));
        let session = read_session(&stored.session).filter(|_| known.is_some());
        let (session, last) = session.unwrap_or((Session { id: visitor, number: 0 }, Millis(0)));
        let known = known.is_some();
        *self = Self::Open(Open {
            visitor,
            available: stored.available,
            known,
            full: false,
            session,
            last,
            written: Millis(0),
        });
    }
}

impl Open {
    /// The visit of the last event.
    pub(crate) fn session(&self) -> Uuid {
        self.session.id
    }

    /// The visit an event of now belongs to. Writes it where that is due, and the visitor who is new.
    pub(crate) fn touch(&mut self, ids: &mut Ids, now: Now, effects: &mut Vec<Effect>) -> Session {
        if !std::mem::replace(&mut self.known, true) {
            effects.push(Effect::Store { key: Key::Visitor, text: self.visitor.text() });
        }
        // A last moment in the future is a clock that was set back: it says nothing about idleness.
        let new = now.at.since(self.last) > IDLE || self.session.number == 0;
        if new {
            self.session = Session { id: ids.uuid(now.at), number: self.session.number + 1 };
        }
        self.last = now.at;
        let write = new || now.at.since(self.written) >= WRITE_EVERY;
        if write {
            self.written = now.at;
            effects.push(Effect::Store { key: Key::Session, text: self.text() });
        }
        self.session
    }

    fn text(&self) -> String {
        let mut text = self.session.id.text();
        for &number in &[self.session.number, self.last.0] {
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
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn at(ms: u64) -> Now {
        Now { at: Millis(1_800_000_000_000 + ms), mono: Millis(ms) }
    }

    fn opened(stored: &Stored) -> (Open, Ids, Vec<Effect>) {
        let (mut identity, mut ids) = (Identity::default(), Ids::new([1, 2, 3, 4]));
        identity.ask(true, &mut Vec::new());
        identity.open(stored, &mut ids, at(0));
        let Identity::Open(open) = identity else { panic!("not open") };
        (open, ids, Vec::new())
    }

    #[test]
    fn a_visit_lives_on_in_storage() {
        let (mut open, mut ids, mut effects) = opened(&Stored { available: true, ..Stored::default() });
        let first = open.touch(&mut ids, at(0), &mut effects);
        assert_eq!(first.number, 1);
        assert_eq!(open.touch(&mut ids, at(1000), &mut effects), first);
        let [
            Effect::Store { key: Key::Visitor, text: visitor },
            Effect::Store { key: Key::Session, text: session },
        ] = effects.as_slice()
        else {
            panic!("{effects:?}")
        };

        let stored = Stored {
            available: true,
            visitor: visitor.clone(),
            session: session.clone(),
            ..Stored::default()
        };
        let (mut open, mut ids, mut again) = opened(&stored);
        assert_eq!(again, [], "the visitor is known");
        assert_eq!(open.visitor.text(), *visitor);
        assert_eq!(open.touch(&mut ids, at(IDLE), &mut again), first);
        let second = open.touch(&mut ids, at(IDLE * 2 + 1), &mut again);
        assert_eq!(second.number, 2);
        assert_ne!(second.id, first.id);
    }

    #[test]
    fn nonsense_in_storage_is_a_new_visit() {
        for session in
            ["", "x", "01935c5e-7d1a-7b2c-8d3e-4f5061728394 1", "01935c5e-7d1a-7b2c-8d3e-4f5061728394 0 5"]
        {
            assert_eq!(read_session(session), None, "{session}");
        }
    }

    #[test]
    fn storage_is_asked_for_once_and_once_more_in_haste() {
        let (mut identity, mut effects) = (Identity::default(), Vec::new());
        for at_once in [false, false, true, true, false] {
            identity.ask(at_once, &mut effects);
        }
        assert_eq!(effects, [Effect::OpenStorage { at_once: false }, Effect::OpenStorage { at_once: true }]);
    }
}
