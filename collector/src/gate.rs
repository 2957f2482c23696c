//! Who may come in: what all sources and each of them hold right now, and how fast they ask.
//!
//! Held are connections and the bytes of bodies; each is given back when its guard is dropped, so no way out can
//! forget it. Knows neither sockets nor batches.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::limits::Limits;
use crate::source::Source;

/// So many bytes of a body count as one batch more: reading a body costs by its size.
const WEIGHT: usize = 4 * 1024;
/// A source's bursts are ten seconds' worth of its rate.
const BURST: u32 = 10;
/// After so many batches those sources are forgotten that have been quiet long enough to have their burst back.
const TIDY_EVERY: usize = 4_096;

/// Which limit is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// What all sources hold together is as much as may be.
    All,
    /// What this source holds is.
    Source,
}

/// The gate, shared by all connections.
#[derive(Debug)]
pub struct Gate {
    most: Held,
    most_of_one: Held,
    now: Mutex<Now>,
    rates: DefaultKeyedRateLimiter<Source>,
    burst: NonZeroU32,
    asked: AtomicUsize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    connections: usize,
    bytes: usize,
}

impl Held {
    const fn fits(self, more: Self, most: Self) -> bool {
        self.connections.saturating_add(more.connections) <= most.connections
            && self.bytes.saturating_add(more.bytes) <= most.bytes
    }

    const fn add(&mut self, more: Self) {
        self.connections += more.connections;
        self.bytes += more.bytes;
    }

    const fn take(&mut self, less: Self) {
        self.connections -= less.connections;
        self.bytes -= less.bytes;
    }
}

#[derive(Debug, Default)]
struct Now {
    all: Held,
    of_one: HashMap<Source, Held>,
}

/// What somebody holds; dropped, it is given back.
#[derive(Debug)]
pub struct Hold {
    gate: Arc<Gate>,
    /// None: counted with all only.
    source: Option<Source>,
    held: Held,
}

impl Gate {
    /// A gate at which nobody stands yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Arc<Self> {
        let burst = NonZeroU32::MIN.saturating_add(limits.max_rate.get().saturating_mul(BURST) - 1);
        Arc::new(Self {
            most: Held { connections: limits.max_connections, bytes: limits.max_held },
            most_of_one: Held { connections: limits.max_source_connections, bytes: limits.max_held / 4 },
            now: Mutex::default(),
            rates: RateLimiter::keyed(Quota::per_second(limits.max_rate).allow_burst(burst)),
            burst,
            asked: AtomicUsize::new(0),
        })
    }

    /// Lets a connection in. Without a source (a proxy's) it counts with all only.
    ///
    /// # Errors
    /// The limit it would break.
    pub fn connect(self: &Arc<Self>, source: Option<Source>) -> Result<Hold, Shut> {
        let mut hold = Hold { gate: Arc::clone(self), source, held: Held::default() };
        hold.grow(Held { connections: 1, bytes: 0 })?;
        Ok(hold)
    }

    /// A body of which nothing has been read.
    #[must_use]
    pub fn body(self: &Arc<Self>, source: Source) -> Hold {
        Hold { gate: Arc::clone(self), source: Some(source), held: Held::default() }
    }

    /// True if the source may send one more batch now.
    #[must_use]
    pub fn is_slow_enough(&self, source: Source) -> bool {
        if self.asked.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.rates.retain_recent();
        }
        self.rates.check_key(&source).is_ok()
    }

    /// True if the source may have a body of that size read now, beyond the one batch it is.
    #[must_use]
    pub fn is_small_enough(&self, source: Source, bytes: usize) -> bool {
        let weight = u32::try_from(bytes / WEIGHT).unwrap_or(u32::MAX).min(self.burst.get() - 1);
        NonZeroU32::new(weight)
            .is_none_or(|weight| matches!(self.rates.check_key_n(&source, weight), Ok(Ok(()))))
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        // Nothing that happens under the lock leaves it half done.
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hold {
    /// Holds `bytes` more.
    ///
    /// # Errors
    /// The limit that would break; what was held before is held still.
    pub fn bytes(&mut self, bytes: usize) -> Result<(), Shut> {
        self.grow(Held { connections: 0, bytes })
    }

    /// Holds nothing more.
    pub fn give_back(&mut self) {
        let held = std::mem::take(&mut self.held);
        let mut now = self.gate.now();
        now.all.take(held);
        if let Some(source) = self.source
            && let Some(has) = now.of_one.get_mut(&source)
        {
            has.take(held);
            if *has == Held::default() {
                now.of_one.remove(&source);
            }
        }
    }

    fn grow(&mut self, more: Held) -> Result<(), Shut> {
        let mut now = self.gate.now();
        if !now.all.fits(more, self.gate.most) {
            return Err(Shut::All);
        }
        if let Some(source) = self.source {
            let has = now.of_one.get(&source).copied().unwrap_or_default();
            if !has.fits(more, self.gate.most_of_one) {
                return Err(Shut::Source);
            }
            now.of_one.entry(source).or_default().add(more);
        }
        now.all.add(more);
        self.held.add(more);
        Ok(())
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    fn gate(flags: &[&str]) -> Arc<Gate> {
        Gate::new(&Cli::try_parse_from([&["footstep-collector"], flags].concat()).unwrap().limits)
    }

    fn source(last: u8) -> Source {
        Source::of([192, 0, 2, last].into())
    }

    #[test]
    fn what_is_dropped_is_given_back() {
        let gate = gate(&["--max-connections", "3", "--max-source-connections", "2", "--max-held", "400"]);
        let connect = |last| gate.connect(Some(source(last)));
        let (first, second) = (connect(1).unwrap(), connect(1).unwrap());
        assert_eq!(connect(1).unwrap_err(), Shut::Source);
        let third = connect(2).unwrap();
        assert_eq!(connect(3).unwrap_err(), Shut::All);
        drop(first);
        let other = gate.connect(None).unwrap();
        let (mut body, mut more) = (gate.body(source(1)), gate.body(source(1)));
        body.bytes(100).unwrap();
        assert_eq!(more.bytes(1), Err(Shut::Source), "a quarter is for one source");
        let bodies: Vec<Hold> = (2..5).map(|last| gate.body(source(last))).collect();
        let bodies: Vec<Hold> = bodies
            .into_iter()
            .map(|mut body| {
                body.bytes(100).unwrap();
                body
            })
            .collect();
        assert_eq!(gate.body(source(9)).bytes(1), Err(Shut::All));
        drop((body, more, bodies, second, third, other));
        let now = gate.now();
        assert_eq!((now.all, now.of_one.len()), (Held::default(), 0));
    }

    #[test]
    fn a_burst_and_then_the_rate() {
        let gate = gate(&["--max-rate", "1"]);
        let passed = (0..1000).filter(|_| gate.is_slow_enough(source(1))).count();
        assert!((10..20).contains(&passed), "{passed}: ten at once, then one a second");
        assert!(gate.is_slow_enough(source(2)), "the next one is not to blame");
        assert!(gate.is_small_enough(source(3), 5 * WEIGHT) && gate.is_small_enough(source(3), 5 * WEIGHT));
        assert!(!gate.is_small_enough(source(3), WEIGHT), "ten at once, by weight too");
        assert!(gate.is_slow_enough(source(4)));
        assert!(gate.is_small_enough(source(4), 1000 * WEIGHT), "what is heavier than a burst has its turn");
    }

    #[test]
    fn quiet_sources_are_forgotten() {
        let gate = gate(&[]);
        for n in 0..40 * u32::try_from(TIDY_EVERY).unwrap() {
            assert!(gate.is_slow_enough(Source::of(std::net::Ipv4Addr::from(n).into())));
        }
        assert!(gate.rates.len() < 20 * TIDY_EVERY, "{}", gate.rates.len());
    }
}
