//! When to try again: full jitter between nothing and a ceiling that doubles; an endpoint that is plainly wrong
//! is left alone for five minutes.
//!
//! Full jitter after "Exponential Backoff And Jitter" (AWS Architecture Blog): clients that failed together do
//! not come back together.

use super::ids::Ids;
use crate::model::time::Millis;

const BASE: u64 = 1000;
const CAP: u64 = 5 * 60_000;

/// What a status says about a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It arrived.
    Acknowledged,
    /// Something in it is refused: find it by halving.
    Refused,
    /// The endpoint is not what it should be: keep everything, stop asking.
    WrongEndpoint,
    /// Try again later.
    Later,
}

/// Classifies an HTTP status.
pub(crate) const fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Acknowledged,
        400 | 413 | 422 => Verdict::Refused,
        401 | 403 | 404 | 405 | 410 | 501 | 505 => Verdict::WrongEndpoint,
        _ => Verdict::Later,
    }
}

/// The patience one stream has with its collector.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Retry {
    failures: u32,
    /// Not before this time.
    pub(crate) not_before: Option<Millis>,
    /// The endpoint is wrong: not even the end of the page is worth a try.
    pub(crate) broken: bool,
}

impl Retry {
    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn failed(&mut self, ids: &mut Ids, mono: Millis) {
        let ceiling = CAP.min(BASE << self.failures.min(16));
        self.failures += 1;
        self.not_before = Some(mono.plus(ids.up_to(ceiling)));
    }

    pub(crate) fn wrong_endpoint(&mut self, mono: Millis) {
        self.broken = true;
        self.not_before = Some(mono.plus(CAP));
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
    fn statuses() {
        for status in [200, 202, 204, 299] {
            assert_eq!(verdict(status), Verdict::Acknowledged, "{status}");
        }
        for status in [400, 413, 422] {
            assert_eq!(verdict(status), Verdict::Refused, "{status}");
        }
        for status in [401, 403, 404, 405, 410, 501, 505] {
            assert_eq!(verdict(status), Verdict::WrongEndpoint, "{status}");
        }
        for status in [0, 301, 408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(verdict(status), Verdict::Later, "{status}");
        }
    }

    #[test]
    fn waits_grow_up_to_five_minutes() {
        let (mut retry, mut ids) = (Retry::default(), Ids::new([1, 2, 3, 4]));
        assert!(retry.allows(Millis(0), false));
        for attempt in 0..40 {
            retry.failed(&mut ids, Millis(1000));
            let wait = retry.not_before.unwrap().0 - 1000;
            assert!(wait <= CAP.min(1000 << attempt.min(20)), "attempt {attempt}: {wait}");
        }
        assert!(retry.allows(Millis(0), true));
        retry.wrong_endpoint(Millis(1000));
        assert!(!retry.allows(Millis(1000 + CAP - 1), true));
        assert!(retry.allows(Millis(1000 + CAP), false));
        retry.succeeded();
        assert!(retry.allows(Millis(0), false));
    }
}
