//! What is kept for the visitor's next page: each record on its way, what is still to be told of lost ones, and
//! which collectors want to be left alone; and the streams that pages before this one have left behind.
//!
//! One key for each record, never one for all: with several tabs a shared one loses up to 75 %. A record's number in
//! the journal is its number in the stream; under 0 stands what is to be told of the stream.

use std::rc::Rc;

use super::Engine;
use super::queue::{Entry, Queue, rank};
use super::retry::Retry;
use super::session::Identity;
use crate::model::dropped::{DropReason, Dropped};
use crate::model::effect::{Effect, Key};
use crate::model::input::Orphan;
use crate::model::json::{self, write_u64};
use crate::model::record::Record;
use crate::model::text::{cut, find, next, pieces, whole};
use crate::model::time::{Millis, Now};
use crate::model::uuid::Uuid;
use crate::model::value::Value;

/// How long records are kept, ms: seven days, as long as a browser keeps what scripts store without a visit.
const MAX_AGE: u64 = 7 * 24 * 60 * 60_000;

/// Added to an entry's rank: it was sent, and may have arrived.
const SENT: u8 = 4;

/// Parts what an entry says of itself from its text. No JSON holds it.
const FIELD: u8 = 0x1f;

impl Engine {
    /// Puts a record into the queue of every collector that gets it, and into the journal.
    pub(super) fn enqueue(&mut self, record: &Record, text: String) {
        let (rank, text) = (rank(record), Rc::new(text));
        let kept = self.is_kept();
        for queue in self.queues.iter_mut().filter(|queue| queue.closed.is_none()) {
            let to = self.plan.collectors.get(queue.collector);
            let to = to.filter(|to| to.takes(record) && self.gate.allows(to.purpose.as_ref()));
            let Some(to) = to else { continue };
            let seq = queue.push(rank, Rc::clone(&text), record.mono);
            if kept {
                keep(&mut self.effects, (queue.stream, seq), rank, &to.key, &text);
            }
            queue.bound(to.max_stored);
        }
    }

    pub(super) fn is_kept(&self) -> bool {
        matches!(&self.identity, Identity::Open(open) if open.available && !open.full)
    }

    /// There may be something of ours in storage, whether or not more can be written.
    pub(super) fn is_stored(&self) -> bool {
        matches!(&self.identity, Identity::Open(open) if open.available)
    }

    /// Takes up what another document has left behind.
    pub(super) fn adopt(&mut self, orphan: Orphan, now: Now) {
        let Orphan { stream: name, entries } = orphan;
        let known =
            Uuid::parse(&name).filter(|stream| self.queues.iter().all(|queue| queue.stream != *stream));
        let (Some(stream), true, true) = (known, self.gate.is_open(), self.is_stored()) else { return };
        let mut found = None;
        let (mut old, mut lost, mut denied) = (Vec::new(), Vec::new(), Vec::new());
        for (seq, text) in best(&entries) {
            let read = read_entry(text);
            let at = read.and_then(|(_, key, _)| self.plan.collectors.iter().position(|to| to.key == key));
            let (Some((rank, _, text)), Some(at)) = (read, at) else {
                match read {
                    // The config knows its collector no more; perhaps another page's does.
                    Some(_) if since(stream, now) <= MAX_AGE => {}
                    Some(_) => old.push(seq),
                    None => lost.push(seq),
                }
                continue;
            };
            if !self.gate.allows(self.plan.collectors.get(at).and_then(|to| to.purpose.as_ref())) {
                denied.push(seq);
                continue;
            }
            let queue = found.get_or_insert_with(|| self.plan.queue(stream, at));
            let again = rank < SENT || self.plan.collectors.get(at).is_some_and(|to| to.resend);
            if seq == 0 {
                queue.read_note(text);
            } else if !again {
                queue.missing(seq, DropReason::Unanswered);
            } else if is_whole(text) && age(text, now) <= MAX_AGE {
                queue.take_in(Entry { seq, rank: rank % SENT, text: Rc::new(text.to_owned()) });
            } else {
                let reason = if is_whole(text) { DropReason::Expired } else { DropReason::Lost };
                queue.missing(seq, reason);
            }
        }
        let Some(mut queue) = found else {
            self.never(DropReason::Expired, &name, old);
            self.never(DropReason::Lost, &name, lost);
            self.never(DropReason::Consent, &name, denied);
            return;
        };
        for &seq in lost.iter().filter(|seq| **seq > 0) {
            queue.missing(seq, DropReason::Lost);
        }
        // Whatever stood there: from now on the note is ours.
        queue.noted = true;
        queue.closed = Some(queue.last_seq);
        if let Some(to) = self.plan.collectors.get(queue.collector) {
            let others = self.queues.iter().filter(|other| other.collector == queue.collector);
            let taken: u64 = others.map(|queue| queue.waiting_count()).sum();
            queue.bound(to.max_stored.saturating_sub(taken as usize));
        }
        // What has waited for so long need not wait for company.
        queue.urgent = true;
        queue.recount(now.mono);
        self.queues.push(queue);
    }

    /// What another document has left behind under these numbers is never sent.
    fn never(&mut self, reason: DropReason, stream: &str, seqs: Vec<u64>) {
        self.dropped.add(reason, seqs.iter().filter(|seq| **seq > 0).count() as u64);
        if !seqs.is_empty() {
            forget(&mut self.effects, stream, seqs);
            forget(&mut self.effects, stream, Vec::new());
        }
    }

    /// Tells the journal what has changed since the last time.
    pub(super) fn keep_books(&mut self, now: Now) {
        let (kept, stored) = (self.is_kept(), self.is_stored());
        for queue in &mut self.queues {
            // What was dropped stays in the journal until there is a note of it, or the collector knows.
            if stored && !kept && !queue.report.is_empty() {
                continue;
            }
            let (noted, done) = (std::mem::take(&mut queue.noted), std::mem::take(&mut queue.done));
            let returned = std::mem::take(&mut queue.returned);
            let Some(to) = self.plan.collectors.get(queue.collector) else { continue };
            if !stored {
                continue;
            }
            if kept {
                for Entry { seq, rank, text } in
                    queue.waiting.iter().filter(|entry| returned.contains(&entry.seq))
                {
                    keep(&mut self.effects, (queue.stream, *seq), *rank, &to.key, text);
                }
            }
            if kept && noted && !queue.report.is_empty() {
                keep(&mut self.effects, (queue.stream, 0), 0, &to.key, &queue.note());
            }
            let mut seqs = done;
            if noted && queue.report.is_empty() {
                seqs.push(0);
            }
            if !seqs.is_empty() {
                forget(&mut self.effects, &queue.stream.text(), seqs);
            }
        }
        while let Some(place) = self.queues.iter().position(|queue| queue.is_over()) {
            let queue = self.queues.remove(place);
            if let Some(past) = self.past.get_mut(queue.collector) {
                past.add(&queue.counts());
            }
            if stored {
                forget(&mut self.effects, &queue.stream.text(), Vec::new());
            }
        }
        self.keep_pauses(now);
    }

    /// Which collectors want to be left alone is kept for the visitor's other pages.
    fn keep_pauses(&mut self, now: Now) {
        let mut text = String::new();
        for (to, retry) in self.plan.collectors.iter().zip(&self.retries) {
            if let Some(until) = retry.not_before.filter(|_| retry.broken) {
                write_u64(&mut text, now.at.plus(until.since(now.mono)).0);
                text.push(' ');
                text.push_str(&to.key);
                text.push('\n');
            }
        }
        let until =
            self.retries.iter().filter(|retry| retry.broken).filter_map(|retry| retry.not_before).max();
        if self.is_kept() && until != self.paused {
            self.paused = until;
            self.effects.push(Effect::Store { key: Key::Pauses, text });
        }
    }

    /// Takes over what pages before this one have learned of the collectors.
    pub(super) fn read_pauses(&mut self, text: &str, now: Now) {
        for piece in pieces(text, b'\n') {
            let Some((until, key)) = cut(piece, b' ') else { continue };
            let wait = Millis(whole(until).unwrap_or(0)).since(now.at);
            for (to, retry) in self.plan.collectors.iter().zip(&mut self.retries) {
                if to.key == key && wait > 0 {
                    retry.paused(now.mono, wait);
                    self.paused = self.paused.max(retry.not_before);
                }
            }
        }
    }

    /// These leave for a collector that would count them twice: should the page end before there is an answer, they are
    /// not to be sent again.
    pub(super) fn keep_sent(&mut self, stream: Uuid, at: usize, entries: &[Entry]) {
        let to = self.plan.collectors.get(at).filter(|to| !to.resend && self.is_kept());
        let Some(to) = to else { return };
        for Entry { seq, rank, text } in entries {
            keep(&mut self.effects, (stream, *seq), rank + SENT, &to.key, text);
        }
    }

    /// The page lives on: what was sent without ever getting an answer is sent again.
    pub(super) fn came_back(&mut self, now: Now) {
        for queue in &mut self.queues {
            if let Some(to) = self.plan.collectors.get(queue.collector) {
                queue.came_back(to, now.mono);
            }
        }
    }

    /// The page was put away and is back. Meanwhile others may have sent what it had left; that is for them to say, and
    /// what they have not taken is found again like anything that was left behind.
    pub(super) fn disown(&mut self, now: Now) {
        // So is what the page has said before we heard that it is back, once it is let go of.
        for queue in &self.queues {
            forget(&mut self.effects, &queue.stream.text(), Vec::new());
        }
        self.queues = self.plan.queues(&mut self.ids, now);
        self.past.iter_mut().for_each(|past| *past = super::Counts::default());
    }
}

impl Queue {
    /// What is to be told of the stream: the number given last, and what of it was dropped.
    fn note(&self) -> String {
        let mut text = String::new();
        write_u64(&mut text, self.last_seq);
        for range in &self.report {
            for &number in &[range.from, range.to] {
                text.push(' ');
                write_u64(&mut text, number);
            }
            text.push(' ');
            text.push_str(range.reason.text());
        }
        text
    }

    fn read_note(&mut self, text: &str) {
        let mut rest = Some(text);
        let mut word = || next(&mut rest, b' ');
        self.last_seq = self.last_seq.max(word().and_then(whole).unwrap_or(0));
        if !self.reports {
            return;
        }
        while let (Some(from), Some(to), Some(reason)) = (word(), word(), word()) {
            if let (Some(from), Some(to), Some(reason)) = (whole(from), whole(to), DropReason::read(reason)) {
                self.report.push(Dropped { from, to, reason });
            }
        }
    }
}

impl Retry {
    /// As it was found in storage. A clock that was set back makes nobody wait longer than was asked for.
    fn paused(&mut self, mono: Millis, wait: u64) {
        self.broken = true;
        self.not_before = Some(mono.plus(wait.min(super::retry::MAX_AFTER)));
    }
}

/// Writes an entry of the journal.
fn keep(effects: &mut Vec<Effect>, (stream, seq): (Uuid, u64), rank: u8, key: &str, text: &str) {
    let mut entry = String::with_capacity(text.len() + key.len() + 2);
    entry.push(char::from(b'0' + rank));
    entry.push_str(key);
    entry.push(char::from(FIELD));
    entry.push_str(text);
    effects.push(Effect::Keep { stream: stream.text(), seq, text: entry });
}

/// Removes entries of the journal; with no number, see [`Effect::Forget`].
pub(super) fn forget(effects: &mut Vec<Effect>, stream: &str, seqs: Vec<u64>) {
    effects.push(Effect::Forget { stream: stream.to_owned(), seqs });
}

/// Rank, collector and text.
fn read_entry(entry: &str) -> Option<(u8, &str, &str)> {
    let (head, text) = cut(entry, FIELD)?;
    let rank = head.bytes().next()?.checked_sub(b'0').filter(|rank| *rank < 2 * SENT)?;
    Some((rank, head.get(1..)?, text))
}

/// One text for each number: of what the first copy has lost the second may have more.
fn best(entries: &[(u64, String)]) -> Vec<(u64, &str)> {
    let mut best: Vec<(u64, &str)> = Vec::new();
    for (seq, text) in entries {
        match best.last_mut() {
            Some((last, had)) if last == seq => {
                if read_entry(had).is_none_or(|(_, _, had)| *seq > 0 && !is_whole(had)) {
                    *had = text;
                }
            }
            _ => best.push((*seq, text)),
        }
    }
    best
}

/// Whether the text is an event as we write it.
fn is_whole(text: &str) -> bool {
    matches!(json::read(text), Ok(Value::Object(event)) if id(text).is_some() && event.get("page").is_some())
}

/// The id stands first.
fn id(text: &str) -> Option<Uuid> {
    let at = find(text.get(..20)?, "\"id\":\"")? + 6;
    Uuid::parse(text.get(at..at + 36)?)
}

/// How long ago it was captured, ms.
fn age(text: &str, now: Now) -> u64 {
    id(text).map_or(0, |id| since(id, now))
}

/// Ids say when they were made.
fn since(id: Uuid, now: Now) -> u64 {
    now.at.since(Millis((id.0 >> 80) as u64))
}
