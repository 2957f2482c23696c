//! The journal as `src/shell/journal.js` keeps it: two copies, locks, adoption.

use std::collections::BTreeSet;
use std::rc::Rc;

use footstep::model::input::{Input, Orphan};
use footstep::model::uuid::Uuid;

use super::document::Document;
use super::life::World;
use super::store::{Fault, Slot};

/// Other documents that live may be gone after a while, ms.
const AGAIN: u64 = 5_000;
/// Without locks, the age of a page that takes up what others have left, ms.
const LONG: u64 = 30_000;

impl World<'_> {
    /// Writes an entry; false if that cannot be done.
    pub(crate) fn keep(&mut self, doc: &mut Document, stream: u128, seq: u64, text: String) -> bool {
        let text: Rc<str> = text.into();
        self.saw_kept(doc, stream, seq, &text);
        if !self.store.set(doc.tab, Slot::Entry(stream, seq), Rc::clone(&text), self.now) {
            return false;
        }
        doc.journal.begun = true;
        if doc.journal.ours.insert(stream) {
            self.hold(doc.number, stream);
        }
        self.copy(doc, Slot::Entry(stream, seq), Some(text));
        true
    }

    /// Removes entries; if none are named, lets the stream go.
    pub(crate) fn forget(&mut self, doc: &mut Document, stream: u128, seqs: &[u64]) {
        if seqs.is_empty() {
            self.saw_let_go(doc, stream);
            self.let_go(doc, stream);
        }
        seqs.iter().for_each(|seq| self.remove(doc, Slot::Entry(stream, *seq)));
    }

    fn remove(&mut self, doc: &mut Document, slot: Slot) {
        if let Slot::Entry(stream, seq) = slot {
            self.saw_forgotten(doc, stream, seq);
        }
        self.store.remove(doc.tab, slot, self.now);
        self.copy(doc, slot, None);
    }

    fn copy(&mut self, doc: &mut Document, slot: Slot, text: Option<Rc<str>>) {
        doc.journal.copies.push((slot, text));
        if doc.journal.copy_due.is_none() {
            doc.journal.copy_due = Some(self.now + self.chance.between(1, 20));
        }
    }

    /// The second copy is written.
    pub(crate) fn copied(&mut self, doc: &mut Document) {
        doc.journal.copy_due = None;
        for (slot, text) in std::mem::take(&mut doc.journal.copies) {
            match text {
                _ if !self.shop.second => {}
                Some(text) => drop(self.store.second.insert(slot, text)),
                None => drop(self.store.second.remove(&slot)),
            }
        }
    }

    pub(crate) fn erase_journal(&mut self, doc: &mut Document) {
        let slots: Vec<Slot> =
            self.store.view(doc.tab).into_iter().flat_map(|view| view.keys()).copied().collect();
        for slot in slots {
            if matches!(slot, Slot::Entry(..)) {
                self.store.remove(doc.tab, slot, self.now);
            }
        }
        doc.journal.copies.clear();
        self.store.second.clear();
        self.let_all_go(doc);
    }

    fn hold(&mut self, doc: u32, stream: u128) {
        if self.shop.locks {
            self.locks.entry(stream).or_default().push(doc);
        }
    }

    fn let_go(&mut self, doc: &mut Document, stream: u128) {
        doc.journal.ours.remove(&stream);
        if let Some(queue) = self.locks.get_mut(&stream) {
            queue.retain(|holder| *holder != doc.number);
        }
    }

    pub(crate) fn let_all_go(&mut self, doc: &mut Document) {
        for stream in std::mem::take(&mut doc.journal.ours) {
            self.let_go(doc, stream);
        }
    }

    fn soon(&self, doc: &mut Document) {
        doc.journal.again.get_or_insert(self.now + AGAIN);
    }

    /// Another tab has written an entry.
    pub(crate) fn written(&self, doc: &mut Document) {
        if doc.journal.begun {
            self.soon(doc);
        }
    }

    /// Looks for streams that have been left behind: first into the second copy, which takes a moment.
    pub(crate) fn adopt(&mut self, doc: &mut Document) {
        doc.journal.again = None;
        doc.journal.begun = true;
        doc.journal.scan = Some(self.now + self.chance.between(0, 20));
    }

    /// The second copy has been read: asks for the lock of each stream there is.
    pub(crate) fn scanned(&mut self, doc: &mut Document) {
        doc.journal.scan = None;
        let copied = Rc::new(self.store.second.clone());
        let mut streams = BTreeSet::new();
        for map in [Some(&*copied), self.store.view(doc.tab)].into_iter().flatten() {
            for slot in map.keys() {
                if let Slot::Entry(stream, _) = slot {
                    streams.insert(*stream);
                }
            }
        }
        for stream in streams.difference(&doc.journal.ours) {
            let due = self.now + self.chance.between(0, 5);
            doc.journal.takes.push((due, *stream, Rc::clone(&copied)));
        }
    }

    /// A lock that was asked for is had, or taken by another.
    pub(crate) fn takes(&mut self, doc: &mut Document, at: usize) {
        let (_, stream, copied) = doc.journal.takes.remove(at);
        let taken = if self.shop.locks {
            self.locks.get(&stream).is_some_and(|queue| !queue.is_empty())
        } else {
            self.now_in(doc).mono.0 < LONG
        };
        if taken {
            return self.soon(doc);
        }
        doc.journal.ours.insert(stream);
        self.hold(doc.number, stream);
        let all = Slot::Entry(stream, 0)..=Slot::Entry(stream, u64::MAX);
        let mut entries: Vec<(u64, String)> = Vec::new();
        for map in [self.store.view(doc.tab), Some(&*copied)].into_iter().flatten() {
            for (slot, text) in map.range(all.clone()) {
                let entry = (if let Slot::Entry(_, seq) = slot { *seq } else { 0 }, text.to_string());
                if !entries.contains(&entry) {
                    entries.push(entry);
                }
            }
        }
        // Those of the first copy stand before those of the second.
        entries.sort_by_key(|(seq, _)| *seq);
        self.hand(doc, Input::Adopt(Orphan { stream: Uuid(stream).text(), entries }));
    }

    /// Something else writes into one of the entries.
    pub(crate) fn damage(&mut self) {
        let slots: Vec<Slot> =
            self.store.local.keys().filter(|slot| matches!(slot, Slot::Entry(..))).copied().collect();
        if slots.is_empty() || self.store.fault != Fault::None {
            return;
        }
        let slot = self.chance.pick(&slots);
        let text = self.store.local[&slot].to_string();
        // One copy, or both. An entry without a text is one that is done with; that a note is none nobody sees.
        let kind = self.chance.below(4);
        let damaged = match kind {
            0 => String::new(),
            1 => "?".to_owned(),
            // Our texts are ASCII.
            _ => text[..self.chance.between(0, text.len() as u64) as usize].to_owned(),
        };
        let Slot::Entry(stream, seq) = slot else { return };
        let both = kind < 3 || seq == 0 || damaged.is_empty();
        self.store.damage(slot, &damaged, both);
        if both || self.store.second.get(&slot).is_none_or(|copy| **copy != *text) {
            self.judge.damaged(stream, seq, &text);
        }
    }
}
