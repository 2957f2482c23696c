//! Requests of a stream that are on their way, and what their answers say of the events they carry.

use super::ids::Ids;
use super::queue::{Entry, MAX_EVENTS, Queue};
use super::retry::Retry;
use crate::model::config::Collector;
use crate::model::delivery::{Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::input::Answer;
use crate::model::time::{Millis, Now};

/// A request that has not been answered.
pub(super) struct Flight {
    request: u32,
    pub(super) entries: Vec<Entry>,
    /// Bytes of the browser's budget for requests that outlive the page.
    budget: usize,
    /// How many entries of `report` it carried.
    pub(super) reported: usize,
    unseen: bool,
}

impl Queue {
    /// These events, which wait no more, are on their way.
    pub(super) fn took_off(&mut self, request: u32, entries: Vec<Entry>, budget: usize, mono: Millis) {
        self.flights.push(Flight { request, entries, budget, reported: self.told().len(), unseen: false });
        self.recount(mono);
    }

    /// Whether the request is one of this stream's that has not been answered.
    pub(super) fn has_sent(&self, request: u32) -> bool {
        self.flights.iter().any(|flight| flight.request == request)
    }

    /// Takes in an answer to one of its requests.
    pub(super) fn answered(
        &mut self,
        (request, answer): (u32, Answer),
        retry: &mut Retry,
        ids: &mut Ids,
        now: Now,
        to: &Collector,
    ) {
        let Some(place) = self.flights.iter().position(|flight| flight.request == request) else { return };
        let mut large = false;
        let judgement = match answer {
            Answer::Unseen => {
                return self.flights.iter_mut().skip(place).take(1).for_each(|flight| flight.unseen = true);
            }
            Answer::Status { status, after } => {
                large = status == 413;
                Judgement { wait: after, ..Judgement::by_status(status) }
            }
            Answer::Judged(judgement) => judgement,
            Answer::Failed => Judgement::of(Verdict::Unclear),
        };
        let Some(flight) = self.flights.get_mut(place) else { return };
        let mut entries = std::mem::take(&mut flight.entries);
        let sent = entries.len();
        // While it counts as under way: what it has told is not what is to be told of these.
        let later = self.take_out(&mut entries, &judgement);
        let (named, put_off) = (entries.len() + later.len() < sent, !later.is_empty());
        self.put_back(later, to);
        let flight = self.flights.remove(place);
        match judgement.verdict {
            Verdict::Acknowledged => {
                self.arrived(&entries, judgement.unnamed, flight.reported);
                retry.succeeded();
                if put_off {
                    retry.failed(ids, now.mono, judgement.wait);
                }
            }
            // Something in it is refused: it is named, or found by halving.
            Verdict::Refused if entries.len() > 1 || (named && !entries.is_empty()) => {
                if !named {
                    self.most = entries.len() / 2;
                }
                self.put_back(entries, to);
                self.urgent = true;
            }
            Verdict::WrongEndpoint => {
                self.put_back(entries, to);
                retry.wrong_endpoint(now.mono);
            }
            verdict => {
                if let (Verdict::Refused, [entry]) = (verdict, entries.as_slice()) {
                    self.lose(entry.seq, if large { DropReason::TooLarge } else { DropReason::Rejected });
                } else {
                    self.unanswered(entries, to, verdict == Verdict::Unclear);
                }
                // A collector that refuses each and every one is not to be asked without a pause either.
                retry.failed(ids, now.mono, judgement.wait);
            }
        }
        self.recount(now.mono);
    }

    /// What an answer names is refused, or is to wait, whatever becomes of the others. Returns what is to wait.
    fn take_out(&mut self, entries: &mut Vec<Entry>, judgement: &Judgement) -> Vec<Entry> {
        let mut later = Vec::new();
        for at in (0..entries.len()).rev() {
            if judgement.refused.contains(&at) {
                let entry = entries.remove(at);
                self.lose(entry.seq, DropReason::Rejected);
            } else if judgement.later.contains(&at) {
                later.push(entries.remove(at));
            }
        }
        later
    }

    /// The collector has these, but so many of them it has refused without saying which.
    fn arrived(&mut self, entries: &[Entry], refused: u64, reported: usize) {
        let count = entries.len() as u64;
        let refused = refused.min(count);
        self.acknowledged += count - refused;
        self.dropped.add(DropReason::Rejected, refused);
        for entry in entries {
            self.done.push(entry.seq);
        }
        self.report = self.report.split_off(reported.min(self.report.len()));
        self.noted |= reported > 0;
        for other in &mut self.flights {
            other.reported = other.reported.saturating_sub(reported);
        }
        self.diagnosed = true;
        // Slowly, so that a collector with a small limit is not asked too much again and again.
        self.most = MAX_EVENTS.min(self.most * 2);
    }

    /// These have not arrived; or, if nobody knows (`silent`), nobody ever will.
    fn unanswered(&mut self, entries: Vec<Entry>, to: &Collector, silent: bool) {
        if silent && !to.resend {
            entries.iter().for_each(|entry| self.lose(entry.seq, DropReason::Unanswered));
        } else {
            self.put_back(entries, to);
        }
    }

    /// The page lives on: what was sent unseen is sent again, under the same ids.
    pub(super) fn came_back(&mut self, to: &Collector, mono: Millis) {
        while let Some(place) = self.flights.iter().position(|flight| flight.unseen) {
            let flight = self.flights.remove(place);
            self.unanswered(flight.entries, to, true);
        }
        self.recount(mono);
    }

    /// Requests under way, and their share of the budget.
    pub(super) fn in_flight(&self) -> (usize, usize) {
        (self.flights.len(), self.flights.iter().map(|flight| flight.budget).sum())
    }

    /// Requests whose answer will come.
    pub(super) fn awaits_answer(&self) -> bool {
        self.flights.iter().any(|flight| !flight.unseen)
    }

    /// They wait again.
    pub(super) fn put_back(&mut self, entries: Vec<Entry>, to: &Collector) {
        for entry in entries {
            if !to.resend {
                self.returned.push(entry.seq);
            }
            self.insert(entry);
        }
        self.bound(to.max_stored);
    }
}
