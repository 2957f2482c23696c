//! When to try again: full jitter between nothing and a ceiling that doubles; a collector that is down, and an
//! endpoint that is plainly wrong, is left alone for five minutes.
//!
//! Full jitter after "Exponential Backoff And Jitter" (AWS Architecture Blog): clients that failed together do
//! not come back together.

use super::ids::Ids;
use crate::model::time::Millis;

const BASE: u64 = 1000;
const CAP: u64 = 5 * 60_000;
/// A collector may ask for so much patience at the most.
pub(super) const MAX_AFTER: u64 = 60 * 60_000;
/// Failures in a row after which it is down, and asked only now and then.
const DOWN: u32 = 3;

/// The patience one page has with a collector.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Retry {
    pub(crate) failures: u32,
    /// Not before this time.
    pub(crate) not_before: Option<Millis>,
    /// The endpoint is wrong, or asks to be left alone: not even the end of the page is worth a try.
    pub(crate) broken: bool,
}

impl Retry {
    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// `after`: what the collector asked for, ms; 0 if nothing.
    pub(crate) fn failed(&mut self, ids: &mut Ids, mono: Millis, after: u64) {
        // Requests that were under way together have failed together.
        if after == 0 && self.not_before.is_some_and(|time| mono < time) {
            return;
        }
        self.failures += 1;
        let wait = if self.failures < DOWN {
            ids.up_to(BASE * u64::from(self.failures))
        } else {
            CAP + ids.up_to(CAP / 2)
        };
        self.broken = after > 0;
        self.not_before = Some(mono.plus(if after > 0 { after.min(MAX_AFTER) } else { wait }));
    }

    pub(crate) fn wrong_endpoint(&mut self, mono: Millis) {
        self.broken = true;
        self.not_before = Some(mono.plus(CAP));
    }

    /// The network is back: whatever was its fault is none any more.
    pub(crate) fn online(&mut self) {
        if !self.broken {
            self.succeeded();
        }
    }

    /// Whether a request may be made; at the end of the page (`last`) there is no later.
    pub(crate) fn allows(&self, mono: Millis, last: bool) -> bool {
        self.not_before.is_none_or(|time| mono >= time) || (last && !self.broken)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn three_failures_are_enough() {
        let (mut retry, mut ids) = (Retry::default(), Ids::new([1, 2, 3, 4]));
        assert!(retry.allows(Millis(0), false));
        let mut now = Millis(1000);
        for most in [1000, 2000] {
            retry.failed(&mut ids, now, 0);
            let until = retry.not_before.unwrap();
            assert!(until.since(now) <= most, "{until:?}");
            retry.failed(&mut ids, Millis(until.0.saturating_sub(1)), 0);
            assert_eq!(retry.not_before, Some(until), "it failed together with the other");
            now = until;
        }
        for _ in 0..40 {
            retry.failed(&mut ids, now, 0);
            let until = retry.not_before.unwrap();
            assert!((CAP..=CAP * 3 / 2).contains(&until.since(now)), "{until:?}");
            now = until;
        }
        assert!(retry.allows(Millis(0), true), "the last moment is worth a try");
        retry.online();
        assert!(retry.allows(Millis(0), false));
    }

    #[test]
    fn what_a_collector_asks_for_is_kept_to_within_an_hour() {
        let (mut retry, mut ids) = (Retry::default(), Ids::new([1, 2, 3, 4]));
        for (after, until) in [(7000, 7000), (10_000_000_000, MAX_AFTER)] {
            retry.failed(&mut ids, Millis(0), after);
            retry.online();
            assert!(!retry.allows(Millis(until - 1), true), "{after}");
            assert!(retry.allows(Millis(until), false), "{after}");
        }
        retry.wrong_endpoint(Millis(1000));
        assert!(!retry.allows(Millis(1000 + CAP - 1), true));
        assert!(retry.allows(Millis(1000 + CAP), false));
        retry.succeeded();
        assert!(retry.allows(Millis(0), false));
    }
}
