//! Runs of whole numbers: the arithmetic of the audit. Pure; knows nothing of streams, tables or JSON texts.

use serde::{Serialize, Serializer};

/// All numbers from `from` to `to`, both included. In JSON `[from, to]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first.
    pub from: u64,
    /// The last; never below `from`.
    pub to: u64,
}

impl Range {
    /// How many numbers it holds.
    #[must_use]
    pub const fn count(self) -> u64 {
        (self.to - self.from).saturating_add(1)
    }
}

impl Serialize for Range {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.from, self.to).serialize(serializer)
    }
}

/// The same numbers in as few ranges as possible, in order.
#[must_use]
pub fn union(ranges: impl IntoIterator<Item = Range>) -> Vec<Range> {
    let mut sorted: Vec<Range> = ranges.into_iter().collect();
    sorted.sort_unstable();
    let mut merged: Vec<Range> = Vec::with_capacity(sorted.len());
    for range in sorted {
        match merged.last_mut() {
            Some(last) if range.from <= last.to.saturating_add(1) => last.to = last.to.max(range.to),
            _ => merged.push(range),
        }
    }
    merged
}

/// Single numbers as ranges.
#[must_use]
pub fn of(numbers: impl IntoIterator<Item = u64>) -> Vec<Range> {
    union(numbers.into_iter().map(|number| Range { from: number, to: number }))
}

/// What of `within` is not in `known`, which must be a [`union`]. `within` may be empty: `to` below `from`.
#[must_use]
pub fn gaps(known: &[Range], within: Range) -> Vec<Range> {
    let mut next = within.from;
    let mut gaps = Vec::new();
    for range in known.iter().filter(|range| range.to >= within.from && range.from <= within.to) {
        if range.from > next {
            gaps.push(Range { from: next, to: range.from - 1 });
        }
        match range.to.checked_add(1) {
            Some(after) => next = after,
            None => return gaps,
        }
    }
    if next <= within.to {
        gaps.push(Range { from: next, to: within.to });
    }
    gaps
}

/// How many numbers all of them hold together.
#[must_use]
pub fn count(ranges: &[Range]) -> u64 {
    ranges.iter().fold(0, |sum, range| sum.saturating_add(range.count()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn numbers(ranges: &[Range]) -> Vec<u64> {
        ranges.iter().flat_map(|range| range.from..=range.to).collect()
    }

    #[test]
    fn neighbours_join_and_gaps_are_named() {
        let known = of([5, 1, 2, 2, 9]);
        assert_eq!(known, [Range { from: 1, to: 2 }, Range { from: 5, to: 5 }, Range { from: 9, to: 9 }]);
        let all = |to| Range { from: 1, to };
        assert_eq!(gaps(&known, all(9)), [Range { from: 3, to: 4 }, Range { from: 6, to: 8 }]);
        assert_eq!(gaps(&known, all(11)).last(), Some(&Range { from: 10, to: 11 }), "a lost tail");
        assert_eq!(
            gaps(&known, Range { from: 4, to: 7 }),
            [Range { from: 4, to: 4 }, Range { from: 6, to: 7 }]
        );
        assert_eq!(gaps(&[], all(0)), []);
        assert_eq!(serde_json::to_string(&known).unwrap(), "[[1,2],[5,5],[9,9]]");
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let whole = Range { from: 1, to: u64::MAX };
        assert_eq!(union([whole, Range { from: u64::MAX, to: u64::MAX }]), [whole]);
        assert_eq!(gaps(&[whole], whole), []);
        assert_eq!(count(&[whole, whole]), u64::MAX);
    }

    proptest! {
        #[test]
        fn as_sets_do(pairs in prop::collection::vec((1u64..60, 0u64..6), 0..20), from in 1u64..70, to in 0u64..70) {
            let ranges: Vec<Range> = pairs.iter().map(|&(from, more)| Range { from, to: from + more }).collect();
            let set: BTreeSet<u64> = numbers(&ranges).into_iter().collect();
            let merged = union(ranges);
            prop_assert_eq!(numbers(&merged), set.iter().copied().collect::<Vec<_>>());
            prop_assert!(merged.windows(2).all(|pair| pair[0].to + 1 < pair[1].from), "as few as possible");
            prop_assert_eq!(count(&merged), set.len() as u64);
            let lacking: Vec<u64> = (from..=to).filter(|number| !set.contains(number)).collect();
            prop_assert_eq!(numbers(&gaps(&merged, Range { from, to })), lacking);
        }
    }
}
