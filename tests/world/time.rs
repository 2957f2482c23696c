//! How time passes: whatever is due happens in its order; and how a story ends, once the weather has cleared.

use footstep::model::input::{Decision, Input};

use super::document::Document;
use super::life::{LAST, World};
use super::network::Weather;
use super::store::{Fault, Slot};

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    News(usize),
    Network(usize),
    Copy(u32),
    Scan(u32),
    Take(u32, usize),
    Again(u32),
    Idle(u32),
    Look(u32, usize),
    Wake(u32),
}

/// How long the last page is open at the most, ms.
const LONG: u64 = 5 * 3_600_000;

impl World<'_> {
    /// Time passes.
    pub(crate) fn wait(&mut self, ms: u64) {
        let until = self.now + ms;
        let mut times = 0;
        while let Some((at, due)) = self.next_due().filter(|(at, _)| *at <= until) {
            self.now = self.now.max(at);
            self.happens(due);
            self.bury();
            times += 1;
            if times > 100_000 {
                return self.fault(format!("no rest: {due:?} at {at}"));
            }
        }
        self.now = until;
    }

    fn next_due(&self) -> Option<(u64, Due)> {
        let mut next = None;
        let mut add = |at: Option<u64>, due: Due| {
            if let Some(at) = at {
                next = Some(next.map_or((at, due), |soonest: (u64, Due)| soonest.min((at, due))));
            }
        };
        for (at, news) in self.store.news.iter().enumerate() {
            add(Some(news.due), Due::News(at));
        }
        if let Some((at, flight)) = self.network_due() {
            add(Some(at), Due::Network(flight));
        }
        for doc in self.docs.iter().filter(|doc| !doc.frozen && !doc.dead) {
            let (number, journal) = (doc.number, &doc.journal);
            add(journal.copy_due, Due::Copy(number));
            add(journal.scan, Due::Scan(number));
            journal.takes.iter().enumerate().for_each(|(at, take)| add(Some(take.0), Due::Take(number, at)));
            add(journal.again, Due::Again(number));
            add(doc.idle, Due::Idle(number));
            doc.looks.iter().enumerate().for_each(|(at, look)| add(Some(look.0), Due::Look(number, at)));
            if !doc.stopped {
                // A timer fires once a millisecond at the most.
                let wake = doc.engine.poll_wake().map(|wake| (doc.born + wake.0).max(doc.woken + 1));
                add(wake, Due::Wake(number));
            }
        }
        next
    }

    fn happens(&mut self, due: Due) {
        match due {
            Due::News(at) => {
                let (tab, slot) = self.store.arrives(at);
                let hearing = |doc: &&Document| doc.tab == tab && !doc.frozen && !doc.stopped;
                let number = self.docs.iter().find(hearing).map_or(0, |doc| doc.number);
                self.with_document(number, |world, doc| match slot {
                    Slot::Word(_) => {
                        world.load(doc);
                        world.drain(doc);
                    }
                    Slot::Entry(..) => world.written(doc),
                });
            }
            Due::Network(at) => self.network(at),
            Due::Copy(number) => self.with_document(number, World::copied),
            Due::Scan(number) => self.with_document(number, World::scanned),
            Due::Take(number, at) => self.with_document(number, |world, doc| world.takes(doc, at)),
            Due::Again(number) => self.with_document(number, World::adopt),
            Due::Idle(number) => self.with_document(number, |world, doc| {
                doc.idle = None;
                world.load(doc);
                world.drain(doc);
            }),
            Due::Look(number, at) => self.with_document(number, |world, doc| {
                let (_, ear) = doc.looks.remove(at);
                let seen = if world.chance.one_in(3) { vec![ear] } else { Vec::new() };
                world.hand(doc, Input::Rendered(seen));
            }),
            Due::Wake(number) => self.with_document(number, |world, doc| {
                doc.woken = world.now;
                world.hand(doc, Input::Wake);
            }),
        }
    }

    /// The weather clears. Those who live go on for a while; then all is closed but what only memory holds, and a last
    /// page is opened and stays.
    pub(crate) fn end(&mut self) {
        (self.weather, self.store.fault) = (Weather::Fine, Fault::None);
        (0..LAST).for_each(|tab| self.show(tab));
        self.wait(60_000);
        self.end_well();
        for tab in 0..LAST {
            let number = self.tabs[tab].page.unwrap_or(0);
            let stays = self.docs.iter().any(|doc| doc.number == number && !doc.frozen && !doc.is_local());
            if !stays {
                let told = self.chance.one_in(2);
                self.leave(tab, told, false);
                self.close(tab);
            }
        }
        while let Some(away) = self.docs.iter().find(|doc| doc.frozen).map(|doc| doc.number) {
            self.end_document(away);
        }
        self.open(LAST, false, false);
        if self.shop.opt_in {
            self.with(LAST, |world, doc| world.hand(doc, Input::Consent(Decision::Granted)));
        }
        if self.docs.len() > 1 {
            // What is still to be told of losses, only the engine knows.
            self.wait(LONG);
            self.judge_those_who_live();
            (0..LAST).for_each(|tab| self.close(tab));
            self.open(LAST, false, false);
            if self.shop.opt_in {
                self.with(LAST, |world, doc| world.hand(doc, Input::Consent(Decision::Granted)));
            }
        }
        let until = self.now + LONG;
        self.wait(60_000);
        while self.now < until && !self.is_quiet() {
            self.wait(60_000);
        }
        self.judge_those_who_live();
        self.judge();
    }
}
