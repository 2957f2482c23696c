//! A collector as the reference one: it takes each record once, keeps what is reported as dropped and which streams are
//! closed, and can name what is missing.

use std::collections::{BTreeMap, BTreeSet};

use footstep::model::batch::{Batch, Event};
use footstep::model::record::Record;

#[derive(Default)]
pub(crate) struct Collector {
    pub(crate) streams: BTreeMap<u128, Stream>,
    /// What came under each id and rev: in which stream, and what.
    records: BTreeMap<(u128, u8), (u128, Event)>,
    /// Some tab has withdrawn consent, and with that who the visitor is: what is told again is told of somebody else.
    pub(crate) forgotten: bool,
}

#[derive(Default)]
pub(crate) struct Stream {
    pub(crate) received: BTreeSet<u64>,
    pub(crate) dropped: BTreeSet<u64>,
    pub(crate) closed: Option<u64>,
}

impl Stream {
    pub(crate) fn knows(&self, seq: u64) -> bool {
        self.received.contains(&seq) || self.dropped.contains(&seq)
    }

    /// Numbers that should have come.
    pub(crate) fn missing(&self) -> Vec<u64> {
        let last = self.received.last().max(self.dropped.last()).max(self.closed.as_ref());
        (1..last.map_or(1, |last| last + 1)).filter(|seq| !self.knows(*seq)).collect()
    }
}

/// What must be the same each time.
fn told(event: &Event, forgotten: bool) -> Record {
    let mut record = event.record.clone();
    if forgotten {
        (record.visitor, record.session) = (None, None);
    }
    record
}

impl Collector {
    pub(crate) fn stream(&self, stream: u128) -> Option<&Stream> {
        self.streams.get(&stream)
    }

    /// Takes a batch.
    pub(crate) fn take(&mut self, batch: &Batch) -> Result<(), String> {
        let stream = self.streams.entry(batch.stream.0).or_default();
        for event in &batch.events {
            let (id, rev) = (event.record.id.0, event.record.rev);
            let new = stream.received.insert(event.seq);
            match self.records.get(&(id, rev)) {
                // What a page was killed while telling, the next one tells again under a number of its own.
                Some((other, known))
                    if told(known, self.forgotten && *other != batch.stream.0)
                        != told(event, self.forgotten && *other != batch.stream.0)
                        || (*other == batch.stream.0 && known.seq != event.seq) =>
                {
                    return Err(format!("two contents of one record: {known:?}, {event:?}"));
                }
                Some(_) => {}
                None if new => {
                    self.records.insert((id, rev), (batch.stream.0, event.clone()));
                }
                None => return Err(format!("two records under one number: {event:?}")),
            }
        }
        for range in &batch.dropped {
            if range.from == 0 || range.from > range.to || range.to > 1_000_000 {
                return Err(format!("no range: {range:?}"));
            }
            stream.dropped.extend(range.from..=range.to);
        }
        for closed in &batch.closed {
            let stream = self.streams.entry(closed.stream.0).or_default();
            stream.closed = stream.closed.max(Some(closed.last_seq));
        }
        Ok(())
    }
}
