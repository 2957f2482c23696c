//! Which records a collector gets at all. What it does not get has no number in its stream.

use crate::model::config::{Collector, Outcomes};
use crate::model::record::{Kind, Phase, Record};

/// [`Collector::sample`] of a collector that hears of every visitor.
pub(super) const EVERYBODY: u32 = 100_000;

impl Collector {
    /// Whether it gets that record.
    pub(super) fn takes(&self, record: &Record) -> bool {
        let outcome = match (self.outcomes, record.phase) {
            (Outcomes::Each, _) | (_, Phase::Confirmed) => true,
            // Of what nobody can see the outcome of, that it was attempted is all that will ever be known.
            (_, Phase::Attempted) => !record.pending,
            (outcomes, Phase::Failed | Phase::Unknown) => outcomes == Outcomes::All,
        };
        let named = self.names.is_empty() || self.names.contains(&record.name);
        // The end of a visitor's id is random: it always says the same of the same visitor.
        let visitor = record.visitor.map_or(0, |visitor| visitor.0 as u32);
        let sampled = self.sample == EVERYBODY || visitor % EVERYBODY < self.sample;
        outcome && named && sampled && (!self.only_macro || record.kind == Kind::Macro)
    }
}
