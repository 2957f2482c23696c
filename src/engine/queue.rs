//! One stream: the records of one document on their way to one collector, numbered without gaps.
//!
//! At every moment `created = acknowledged + waiting + dropped`; [`Queue::counts`] shows all four, and the tests
//! hold them to it after every step. What is on its way counts as waiting until somebody says it arrived.
//!
//! A queue may also be what another document has left behind: see [`super::journal`].

use std::rc::Rc;

use super::flight::Flight;
use crate::model::dropped::{DropReason, Dropped, Tally};
use crate::model::record::{Kind, Record};
use crate::model::time::Millis;
use crate::model::uuid::Uuid;

/// Bytes of records kept for one collector: a fifth of what browsers give an origin.
const MAX_WEIGHT: usize = 1_000_000;
/// Events in one request.
pub(super) const MAX_EVENTS: usize = 100;

/// Ranges of dropped numbers in one request: 10 kB at the most.
const MAX_REPORTED: usize = 200;

/// A record as it waits: already written, for it never changes again.
pub(crate) struct Entry {
    /// Its number in the stream.
    pub(crate) seq: u64,
    /// See [`rank`].
    pub(crate) rank: u8,
    /// As the `footstep` format writes it, without the number.
    pub(crate) text: Rc<String>,
}

/// A stream and what has become of its records.
pub(crate) struct Queue {
    pub(crate) stream: Uuid,
    /// The collector's place in the plan.
    pub(crate) collector: usize,
    /// Of a stream that another document began and nobody adds to any more: the last number it gave.
    pub(crate) closed: Option<u64>,
    pub(crate) waiting: Vec<Entry>,
    /// Since when something has been waiting.
    pub(crate) since: Option<Millis>,
    /// Bytes of what waits.
    pub(crate) weight: usize,
    /// The next events are too valuable, or the moment too late, to wait for more.
    pub(crate) urgent: bool,
    /// Numbers that will never arrive, until the collector has confirmed that it knows.
    pub(crate) report: Vec<Dropped>,
    /// The report is another than the journal's.
    pub(crate) noted: bool,
    /// Numbers the journal need not keep any longer.
    pub(crate) done: Vec<u64>,
    /// The codes of what is wrong with the config have arrived.
    pub(crate) diagnosed: bool,
    /// Numbers that were sent, but surely have not arrived: the journal is to know.
    pub(super) returned: Vec<u64>,
    pub(super) flights: Vec<Flight>,
    created: u64,
    /// The number given last in this stream.
    pub(crate) last_seq: u64,
    pub(super) acknowledged: u64,
    pub(super) dropped: Tally,
    /// How many events the next request may hold; halved while the collector refuses.
    pub(super) most: usize,
    /// The second module does not know its collector's format.
    pub(super) unwritable: bool,
    /// Its collector takes reports of what was dropped.
    pub(super) reports: bool,
}

/// The four numbers of the equation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records that were given a number, or found where another document had left them.
    pub created: u64,
    /// Records the collector said it has.
    pub acknowledged: u64,
    /// Records here or on their way.
    pub waiting: u64,
    /// Records that will never arrive, by reason.
    pub dropped: Tally,
}

impl Counts {
    /// Adds those of another stream.
    pub(crate) fn add(&mut self, other: &Self) {
        self.created += other.created;
        self.acknowledged += other.acknowledged;
        self.waiting += other.waiting;
        for &(reason, count) in other.dropped.entries() {
            self.dropped.add(reason, count);
        }
    }
}

impl Queue {
    pub(crate) fn new(stream: Uuid, collector: usize, reports: bool) -> Self {
        Self {
            stream,
            collector,
            closed: None,
            waiting: Vec::new(),
            since: None,
            weight: 0,
            urgent: false,
            report: Vec::new(),
            noted: false,
            done: Vec::new(),
            diagnosed: false,
            returned: Vec::new(),
            flights: Vec::new(),
            created: 0,
            last_seq: 0,
            acknowledged: 0,
            dropped: Tally::default(),
            most: MAX_EVENTS,
            unwritable: false,
            reports,
        }
    }

    /// Takes a record in and returns its number. `mono`: when it was captured, so that waiting for storage or consent
    /// is not waiting twice.
    pub(crate) fn push(&mut self, rank: u8, text: Rc<String>, mono: Millis) -> u64 {
        let seq = self.last_seq + 1;
        self.take_in(Entry { seq, rank, text });
        self.urgent |= rank >= 2;
        self.since.get_or_insert(mono);
        seq
    }

    /// Steps that wait are sent as soon as can be.
    pub(crate) fn hurry_steps(&mut self) {
        self.urgent |= self.waiting.iter().any(|entry| entry.rank > 0);
    }

    /// Takes in what is numbered already.
    pub(crate) fn take_in(&mut self, entry: Entry) {
        self.created += 1;
        self.last_seq = self.last_seq.max(entry.seq);
        self.insert(entry);
    }

    /// In the order of the numbers.
    pub(super) fn insert(&mut self, entry: Entry) {
        let before = self.waiting.iter().rposition(|other| other.seq < entry.seq);
        self.weight += entry.text.len();
        self.waiting.insert(before.map_or(0, |place| place + 1), entry);
    }

    /// What was numbered, but is not there any more.
    pub(crate) fn missing(&mut self, seq: u64, reason: DropReason) {
        self.created += 1;
        self.last_seq = self.last_seq.max(seq);
        self.lose(seq, reason);
    }

    /// The events the next request may hold, and how many at the most.
    pub(crate) fn next(&self) -> impl Iterator<Item = (u64, &str)> {
        self.waiting.iter().take(self.most).map(|entry| (entry.seq, entry.text.as_str()))
    }

    /// As much of the report as one request carries.
    pub(crate) fn told(&self) -> &[Dropped] {
        self.report.get(..MAX_REPORTED).unwrap_or(&self.report)
    }

    /// The first `count` events, which wait no more.
    pub(crate) fn take(&mut self, count: usize) -> Vec<Entry> {
        let rest = self.waiting.split_off(count.min(self.waiting.len()));
        std::mem::replace(&mut self.waiting, rest)
    }

    /// The first event is larger than a request may be.
    pub(crate) fn too_large(&mut self, mono: Millis) {
        self.drop_first(DropReason::TooLarge);
        self.recount(mono);
    }

    /// The second module has failed on the first `count` events: which of them it was is found by halving.
    pub(super) fn trapped(&mut self, count: usize, mono: Millis) {
        if count > 1 {
            self.most = count / 2;
        } else {
            self.drop_first(DropReason::Trap);
            self.recount(mono);
        }
    }

    /// Drops the first event that waits.
    pub(super) fn drop_first(&mut self, reason: DropReason) {
        if !self.waiting.is_empty() {
            let entry = self.waiting.remove(0);
            self.lose(entry.seq, reason);
        }
    }

    /// Consent is gone: what waits is dropped, what is on its way is forgotten, a new stream begins. Says under which
    /// numbers the journal may have anything.
    pub(crate) fn withdraw(&mut self, stream: Uuid) -> Vec<u64> {
        let gone = self.waiting_count();
        self.dropped.add(DropReason::Consent, gone);
        let fresh = Self::new(stream, self.collector, self.reports);
        let old = std::mem::replace(self, fresh);
        (self.created, self.acknowledged, self.dropped) = (old.created, old.acknowledged, old.dropped);
        // Also the numbers of what was done in this very moment, and of the note.
        let mut seqs = old.done;
        seqs.push(0);
        for flight in &old.flights {
            for entry in &flight.entries {
                seqs.push(entry.seq);
            }
        }
        for entry in &old.waiting {
            seqs.push(entry.seq);
        }
        seqs
    }

    /// The four numbers.
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            created: self.created,
            acknowledged: self.acknowledged,
            waiting: self.waiting_count(),
            dropped: self.dropped.clone(),
        }
    }

    /// Nothing is left of it, not even something to be told.
    pub(crate) fn is_over(&self) -> bool {
        self.closed.is_some()
            && self.waiting_count() == 0
            && self.report.is_empty()
            && self.flights.is_empty()
    }

    pub(crate) fn waiting_count(&self) -> u64 {
        let flying: usize = self.flights.iter().map(|flight| flight.entries.len()).sum();
        (flying + self.waiting.len()) as u64
    }

    pub(crate) fn recount(&mut self, mono: Millis) {
        self.weight = self.waiting.iter().map(|entry| entry.text.len()).sum();
        // A loss is told even if no event follows it; but once is enough until that has been answered.
        let told = self.flights.iter().any(|flight| flight.reported > 0);
        if self.waiting.is_empty() && (self.report.is_empty() || told) {
            self.since = None;
            self.urgent = false;
        } else {
            self.since.get_or_insert(mono);
        }
    }

    /// Keeps no more than may wait. The least valuable goes first; of equals, the oldest.
    pub(crate) fn bound(&mut self, most: usize) {
        while self.waiting.len() > most || (self.weight > MAX_WEIGHT && self.waiting.len() > 1) {
            let least = self.waiting.iter().map(|entry| entry.rank).min();
            let place = self.waiting.iter().position(|entry| Some(entry.rank) == least);
            let Some(place) = place else { return };
            let entry = self.waiting.remove(place);
            self.weight -= entry.text.len().min(self.weight);
            self.lose(entry.seq, DropReason::Overflow);
        }
    }

    pub(super) fn lose(&mut self, seq: u64, reason: DropReason) {
        self.dropped.add(reason, 1);
        self.done.push(seq);
        if !self.reports {
            return;
        }
        self.noted = true;
        // What a request has carried must stay what it was.
        let carried = self.flights.iter().any(|flight| flight.reported >= self.report.len());
        if let Some(last) = self.report.last_mut().filter(|last| last.reason == reason && last.to + 1 == seq)
            && !carried
        {
            last.to = seq;
            return;
        }
        self.report.push(Dropped { from: seq, to: seq, reason });
    }
}

/// How much a record is worth keeping and hurrying for.
pub(crate) fn rank(record: &Record) -> u8 {
    match record.kind {
        Kind::Macro => 3,
        _ if record.value.is_some() => 2,
        Kind::Page => 0,
        Kind::Micro | Kind::Custom => 1,
    }
}
