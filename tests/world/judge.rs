//! What must hold: after each step, of each engine; and at the end, of each record that was ever given a number.
//!
//! A record may be missing only if the world itself has destroyed what held it: it is then *excused*. What is missing
//! by the collector's own arithmetic must be excused, all of it; what is excused may still have arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::LazyLock;

use footstep::model::batch::Batch;
use footstep::model::input::Orphan;

use super::collector::{Collector, Stream};
use super::document::{Document, id};
use super::life::World;
use super::store::{Fault, Slot};

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/batch.v1.json");
    let text = std::fs::read_to_string(path).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
});

#[derive(Default)]
pub(crate) struct Judge {
    tracked: u64,
    /// By stream and number.
    records: BTreeMap<(u128, u64), Record>,
    /// Which call of `track()` was given a number, at which collector.
    numbered: BTreeSet<(u64, usize)>,
    /// Streams of pages that had nothing but their memory.
    forgetful: BTreeSet<u128>,
    /// Streams whose note was damaged.
    noteless: BTreeSet<u128>,
}

struct Record {
    collector: usize,
    text: Rc<str>,
    excused: bool,
}

impl Judge {
    pub(crate) const fn next(&mut self) -> u64 {
        self.tracked += 1;
        self.tracked
    }

    /// What stood in it nobody may ever know.
    pub(crate) fn damaged(&mut self, stream: u128, seq: u64, text: &str) {
        let mut lost = BTreeSet::from([seq]);
        if seq == 0 {
            self.noteless.insert(stream);
            lost = note(text).unwrap_or_default().1;
        }
        for seq in lost {
            if let Some(record) = self.records.get_mut(&(stream, seq)) {
                record.excused = true;
            }
        }
    }
}

/// The number that `track()` was called with.
fn tracked(text: &str) -> Option<u64> {
    let digits = text.split_once("\"n\":")?.1;
    digits.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// The collector an entry names, and the rest of it.
fn entry(text: &str) -> Option<(&str, &str)> {
    let (head, rest) = text.split_once('\u{1f}')?;
    Some((head.get(1..)?, rest))
}

/// The last number a note names, and those it says were dropped.
fn note(text: &str) -> Option<(u64, BTreeSet<u64>)> {
    let words: Vec<&str> = entry(text)?.1.split(' ').collect();
    let mut dropped = BTreeSet::new();
    for range in words[1..].chunks_exact(3) {
        dropped.extend(range[0].parse().ok()?..=range[1].parse::<u64>().ok()?);
    }
    Some((words[0].parse().ok()?, dropped))
}

impl World<'_> {
    pub(crate) fn check_schema(&mut self, body: &str) {
        let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        if let Err(error) = SCHEMA.validate(&value) {
            self.fault(format!("{}: {error}: {body}", error.instance_path()));
        }
    }

    /// After each step of an engine.
    pub(crate) fn check(&mut self, doc: &Document) {
        let (mut acknowledged, flying) = (0, self.flying(doc));
        for (url, counts) in doc.engine.streams() {
            acknowledged += counts.acknowledged;
            if counts.created != counts.acknowledged + counts.waiting + counts.dropped.total() {
                self.fault(format!("the sums of {url} are wrong: {counts:?}"));
            }
            // Our own and what others have left.
            if counts.waiting > 2 * self.shop.most as u64 + flying {
                self.fault(format!("{url} keeps too much: {counts:?}, {flying} under way"));
            }
        }
        if acknowledged > doc.heard {
            self.fault(format!("acknowledged {acknowledged}, heard of {}", doc.heard));
        }
    }

    /// An entry of the journal is being written.
    pub(crate) fn saw_kept(&mut self, doc: &mut Document, stream: u128, seq: u64, text: &Rc<str>) {
        let Some(collector) = entry(text).and_then(|(url, _)| self.collector(url)) else {
            return self.fault(format!("kept {text}"));
        };
        if seq == 0 {
            if note(text).is_none() {
                self.fault(format!("no note: {text}"));
            }
            return;
        }
        if let Some(n) = tracked(text) {
            self.judge.numbered.insert((n, collector));
        }
        doc.holds.insert((stream, seq));
        let record = Record { collector, text: Rc::clone(text), excused: false };
        if self.judge.records.insert((stream, seq), record).is_some() {
            self.fault(format!("kept twice: {seq}"));
        }
    }

    pub(crate) fn saw_sent(&mut self, doc: &Document, collector: usize, batch: &Batch) {
        let own = !doc.adopted.contains_key(&batch.stream.0);
        if own && !doc.is_local() {
            self.judge.forgetful.insert(batch.stream.0);
        }
        for event in &batch.events {
            let Some(n) = event.record.properties.get("n") else { continue };
            if let footstep::model::value::Value::Number(n) = n {
                self.judge.numbered.insert((n.text().parse().unwrap_or(0), collector));
            }
        }
    }

    /// A call of `track()` was handled: where there is a journal, it must be in it.
    pub(crate) fn saw_tracked(&mut self, doc: &Document, n: u64, was_local: bool) {
        let granted = doc.said.unwrap_or(!self.shop.opt_in);
        if doc.dead || !granted || !was_local || !doc.is_local() {
            return;
        }
        if (0..self.collectors.len()).any(|at| !self.judge.numbered.contains(&(n, at))) {
            self.fault(format!("{n} was not kept at once"));
        }
    }

    /// A document is given what another has left.
    pub(crate) fn saw_adopted(&mut self, doc: &mut Document, orphan: &Orphan) {
        if !doc.is_local() || !doc.said.unwrap_or(!self.shop.opt_in) {
            return;
        }
        let stream = id(&orphan.stream);
        let (mut last, mut noted) = (None, false);
        for (seq, text) in &orphan.entries {
            let known = self.judge.records.get(&(stream, *seq));
            if known.is_some_and(|known| *known.text == **text) {
                doc.holds.insert((stream, *seq));
                last = last.max(Some(*seq));
            } else if *seq == 0
                && !std::mem::replace(&mut noted, true)
                && !self.judge.noteless.contains(&stream)
            {
                // Of two notes the first is the one that counts.
                last = last.max(note(text).map(|(last, _)| last));
            }
        }
        if let Some(last) = last {
            doc.adopted.insert(stream, last);
        }
    }

    /// An entry is being removed: the collector must know it, or a note that says what became of it be written.
    pub(crate) fn saw_forgotten(&mut self, doc: &mut Document, stream: u128, seq: u64) {
        let stored = |seq| self.store.view(doc.tab)?.get(&Slot::Entry(stream, seq)).map(|text| &**text);
        if let Some(record) = self.judge.records.get(&(stream, seq)) {
            let knows = |stream: &Stream| stream.knows(seq);
            let known = self.collectors[record.collector].stream(stream).is_some_and(knows);
            let whole = stored(seq) == Some(&*record.text);
            let noted = stored(0).and_then(note).unwrap_or_default().1.contains(&seq);
            if whole && !record.excused && !known && !noted && self.store.fault == Fault::None {
                self.fault(format!("{seq} was forgotten before anybody knew what became of it"));
            }
        }
        doc.holds.remove(&(stream, seq));
    }

    /// A stream that others had left is over: that must be known where it went.
    pub(crate) fn saw_let_go(&mut self, doc: &mut Document, stream: u128) {
        doc.holds.retain(|(other, _)| *other != stream);
        let Some(last) = doc.adopted.remove(&stream) else { return };
        let closed = |each: &Collector| each.stream(stream)?.closed;
        if self.collectors.iter().filter_map(closed).max() < Some(last) {
            self.fault(format!("a stream was let go at {last} without being closed"));
        }
    }

    /// What nobody and nothing holds any more need not arrive.
    pub(crate) fn excuse(&mut self) {
        self.excuse_but(None);
    }

    /// The same, while a document is in nobody's list.
    pub(crate) fn excuse_but(&mut self, doc: Option<&Document>) {
        for (key, record) in self.judge.records.iter_mut().filter(|(_, record)| !record.excused) {
            let held = self.docs.iter().chain(doc).any(|doc| !doc.dead && doc.holds.contains(key));
            let slot = Slot::Entry(key.0, key.1);
            let same = |text: Option<&Rc<str>>| text.is_some_and(|text| **text == *record.text);
            if !held && !same(self.store.local.get(&slot)) && !same(self.store.second.get(&slot)) {
                record.excused = true;
            }
        }
    }

    /// Nothing is on its way any more.
    pub(crate) fn is_quiet(&self) -> bool {
        let waits = |doc: &Document| doc.engine.streams().any(|(_, counts)| counts.waiting > 0);
        self.flights.is_empty() && !self.docs.iter().any(waits) && self.left_behind().is_none()
    }

    fn left_behind(&self) -> Option<&Slot> {
        self.store.local.keys().chain(self.store.second.keys()).find(|slot| matches!(slot, Slot::Entry(..)))
    }

    /// Before those who live are closed.
    pub(crate) fn end_well(&mut self) {
        for doc in &self.docs {
            let idle = doc.frozen || doc.stopped || !doc.said.unwrap_or(!self.shop.opt_in);
            if !idle && !doc.engine.stats().contains("\"held\":0") {
                return self.fault(format!("held for ever: {}", doc.engine.stats()));
            }
        }
    }

    /// After a long time of good weather.
    pub(crate) fn judge_those_who_live(&mut self) {
        let mut faults = Vec::new();
        for doc in self.docs.iter().filter(|doc| !doc.frozen && !doc.stopped) {
            for (url, counts) in doc.engine.streams().filter(|(_, counts)| counts.waiting > 0) {
                faults.push(format!("{url} waits for ever: {counts:?}"));
            }
        }
        faults.into_iter().for_each(|fault| self.fault(fault));
    }

    /// At the end.
    pub(crate) fn judge(&mut self) {
        let mut faults = Vec::new();
        if let Some(slot) = self.left_behind() {
            faults.push(format!("left behind: {slot:?}: {:?}", self.store.local.get(slot)));
        }
        for (&(stream, seq), record) in self.judge.records.iter().filter(|(_, record)| !record.excused) {
            if !self.collectors[record.collector].stream(stream).is_some_and(|stream| stream.knows(seq)) {
                faults.push(format!("lost without a trace: {seq} of {stream:x}: {}", record.text));
            }
        }
        for collector in &self.collectors {
            for (stream, what) in &collector.streams {
                for seq in what.missing() {
                    let excused = match self.judge.records.get(&(*stream, seq)) {
                        Some(record) => record.excused,
                        None => self.judge.forgetful.contains(stream),
                    };
                    if !excused {
                        faults.push(format!("{seq} of {stream:x} is said to be missing"));
                    }
                }
            }
        }
        faults.into_iter().for_each(|fault| self.fault(fault));
    }
}
