//! What becomes of requests: when they arrive, whether they are taken, what is answered and whether that is heard.

use std::rc::Rc;

use footstep::model::batch::Batch;
use footstep::model::delivery::{Judgement, Verdict};
use footstep::model::effect::{Means, Request};
use footstep::model::input::{Answer, Input};

use super::document::Document;
use super::life::World;

/// How the network and the collectors behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    Fine,
    /// Up to a minute, longer than anybody waits.
    Slow,
    /// Anything.
    Flaky,
    /// Nothing arrives.
    Down,
    /// Everything arrives, nothing is heard of it.
    HangsUp,
    /// A status, and the seconds to be left alone for.
    Status(u16, u64),
    /// Larger requests are refused.
    Small,
    /// Some events are refused and some put off, by name, as collectors of other formats do.
    Picky,
}

/// How long the shell waits for an answer at least, ms.
const PATIENCE: u64 = 60_000;
const SMALL: usize = 1800;

/// A request under way.
pub(crate) struct Flight {
    doc: u32,
    generation: u32,
    number: u32,
    collector: usize,
    /// What the collector takes of it.
    batch: Rc<Batch>,
    /// How many events were sent.
    events: u64,
    outlives: bool,
    /// When the collector takes it: never, once, or twice.
    pub(crate) taken: Vec<u64>,
    /// When what is answered.
    pub(crate) answer: Option<(u64, Answer)>,
}

/// Whether an answer says of an event at this place that it has not arrived.
fn names(judgement: &Judgement, at: Option<usize>) -> bool {
    at.is_some_and(|at| judgement.refused.contains(&at) || judgement.later.contains(&at))
}

const fn status(status: u16, after: u64) -> Answer {
    Answer::Status { status, after: after * 1000 }
}

impl World<'_> {
    /// A document sends.
    pub(crate) fn send(&mut self, doc: &mut Document, request: Request) {
        let Request { number, to, body, means } = request;
        if body.len() > 60_000 {
            self.fault(format!("{} bytes", body.len()));
        }
        if self.chance.one_in(16) {
            self.check_schema(&body);
        }
        let mut batch: Batch = match serde_json::from_str(&body) {
            Ok(batch) => batch,
            Err(error) => return self.fault(format!("no batch: {error}: {body}")),
        };
        let Some(collector) = self.collector(&to) else { return self.fault(format!("sent to {to}")) };
        self.saw_sent(doc, collector, &batch);
        let (mut taken, mut answer) = self.fate(&body);
        if means == Means::Beacon {
            let refused = self.chance.one_in(10);
            doc.unseen += batch.events.len() as u64;
            if refused {
                taken.clear();
            }
            doc.inbox.push_back(Input::Response {
                request: number,
                answer: if refused { Answer::Failed } else { Answer::Unseen },
            });
            answer = None;
        }
        let events = batch.events.len();
        if let (Weather::Picky, Some((_, Answer::Status { status: 204, .. }))) = (self.weather, &answer) {
            let judgement = self.picked(events);
            if judgement.verdict == Verdict::Refused {
                taken.clear();
            }
            let mut places = 0..;
            batch.events.retain(|_| !names(&judgement, places.next()));
            answer = answer.map(|(at, _)| (at, Answer::Judged(judgement)));
        }
        let (doc, generation, outlives) = (doc.number, doc.generation, means != Means::Fetch);
        let (batch, events) = (Rc::new(batch), events as u64);
        self.flights.push(Flight {
            doc,
            generation,
            number,
            collector,
            batch,
            events,
            outlives,
            taken,
            answer,
        });
    }

    /// What a picky collector answers to so many events: that some are no good and all others are to be sent again, or have
    /// arrived, but for those it puts off.
    fn picked(&mut self, events: usize) -> Judgement {
        let chance = &mut self.chance;
        let mut judgement = Judgement::of(chance.pick(&[Verdict::Acknowledged, Verdict::Refused]));
        judgement.wait = chance.pick(&[0, 0, 3000]);
        for at in 0..events {
            match chance.below(8) {
                0 => judgement.refused.push(at),
                1 | 2 => judgement.later.push(at),
                _ => {}
            }
        }
        if judgement.refused.is_empty() {
            judgement.verdict = Verdict::Acknowledged;
        }
        judgement
    }

    fn fate(&mut self, body: &str) -> (Vec<u64>, Option<(u64, Answer)>) {
        let chance = &mut self.chance;
        let weather = match self.weather {
            Weather::Flaky => match chance.below(8) {
                0 => Weather::Slow,
                1 => Weather::Down,
                2 => Weather::HangsUp,
                3 => Weather::Status(chance.pick(&[408, 429, 500, 503]), chance.pick(&[0, 0, 3])),
                _ => Weather::Fine,
            },
            Weather::Small if body.len() > SMALL => Weather::Status(413, 0),
            other => other,
        };
        let there = self.now
            + if weather == Weather::Slow { chance.between(500, 60_000) } else { chance.between(5, 300) };
        let back = there + chance.between(1, 200);
        let mut taken = vec![there];
        let mut answer = status(204, 0);
        match weather {
            _ if body.contains("\"poison\"") => {
                taken.clear();
                answer = status(chance.pick(&[400, 422]), 0);
            }
            Weather::Status(code, after) => {
                taken.clear();
                answer = status(code, after);
            }
            Weather::Down => {
                taken.clear();
                answer = Answer::Failed;
            }
            Weather::HangsUp => answer = Answer::Failed,
            _ if self.weather == Weather::Flaky && chance.one_in(4) => taken.push(back + chance.below(5000)),
            _ => {}
        }
        let patience = self.now + PATIENCE;
        (taken, Some(if back > patience { (patience, Answer::Failed) } else { (back, answer) }))
    }

    /// When the next thing happens on the network, and to which request.
    pub(crate) fn network_due(&self) -> Option<(u64, usize)> {
        let due = |flight: &Flight| {
            flight.taken.iter().copied().chain(flight.answer.as_ref().map(|(at, _)| *at)).min()
        };
        self.flights.iter().enumerate().filter_map(|(at, flight)| Some((due(flight)?, at))).min()
    }

    /// It happens.
    pub(crate) fn network(&mut self, at: usize) {
        let flight = &mut self.flights[at];
        if let Some(place) = flight.taken.iter().position(|time| *time <= self.now) {
            flight.taken.remove(place);
            let (collector, batch) = (flight.collector, Rc::clone(&flight.batch));
            if let Err(fault) = self.collectors[collector].take(&batch) {
                self.fault(fault);
            }
        } else if let Some((_, answer)) = flight.answer.take() {
            let (doc, generation, request) = (flight.doc, flight.generation, flight.number);
            let events = flight.events;
            self.answered(doc, generation, Input::Response { request, answer }, events);
        }
        self.flights.retain(|flight| !flight.taken.is_empty() || flight.answer.is_some());
    }

    /// A document is gone: nobody hears the answers any more; what does not outlive it may never leave.
    pub(crate) fn hang_up(&mut self, doc: u32) {
        for flight in self.flights.iter_mut().filter(|flight| flight.doc == doc) {
            flight.answer = None;
            if !flight.outlives && self.chance.one_in(2) {
                flight.taken.clear();
            }
        }
        self.flights.retain(|flight| !flight.taken.is_empty() || flight.answer.is_some());
    }

    /// How many events a document has under way.
    pub(crate) fn flying(&self, doc: &Document) -> u64 {
        let mine = self.flights.iter().filter(|flight| flight.doc == doc.number && flight.answer.is_some());
        let flying: u64 = mine.map(|flight| flight.events).sum();
        flying + doc.unseen + doc.kept_answers.iter().map(|(_, events)| events).sum::<u64>()
    }
}
