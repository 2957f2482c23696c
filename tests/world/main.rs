//! Ring 1, the simulated world: from one seed, tabs that come and go, a store that lags and loses as browsers' do, a
//! network and collectors that misbehave, clocks that jump; and real engines in it. What must hold is checked after
//! each step (`document`, `collector`) and at the end (`judge`). All collectors take the `footstep` format; those that name
//! events in their answers do so as if they took another one, so that what happened to each number can be asked.
//!
//! `cargo test --all-features --test world` lives through 100,000 seeds, `SEEDS=` through more; `SEED=` replays one,
//! `FROM=` begins elsewhere. A seed that fails is shrunk to the steps that matter and printed as a case for `kept.rs`.
//!
//! The world is only worth something if it finds what is broken. Broken on purpose and found, most of it by the first
//! thirty seeds and all by the first ten thousand or by a case in `kept.rs`: forgetting a record when it is sent; adopting
//! without closing; a drop that is not counted, or counted and not told; a number given again, or skipped, after an
//! eviction; acknowledging on `Failed`; losing the report of an adopted stream; taking a report for told when it is sent;
//! records that are not kept; storage that is opened without consent, or known after a withdrawal; records sent again
//! under new numbers; attempts settled by a page that was left; storage that is not tidied up once it is full; no bound,
//! of our own records and of adopted ones; removing of a let-go stream what nobody has read; an answer meant for an engine
//! that has trapped; of answers that name events, forgetting what they put off, and taking what they refuse for arrived. Not found: going on with one's stream when restored, of which come repeats only; and, too rare for 100,000 seeds, a page
//! with a full store that disowns its records when it is restored, or forgets what it could not note.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed, and says where"
)]
#![cfg(all(feature = "serde", not(target_arch = "wasm32")))]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

mod chance;
mod collector;
mod document;
mod journal;
mod judge;
mod kept;
mod life;
mod network;
mod script;
mod store;
mod time;

use life::World;
use script::{Script, shrink, write};

/// Seeds that are lived through unless `SEEDS` says otherwise.
const SEEDS: u64 = 100_000;

/// What is wrong, if anything is.
fn live(script: &Script, log: bool) -> Option<String> {
    match catch_unwind(AssertUnwindSafe(|| World::live(script, log))) {
        Ok(fault) => fault,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            Some(format!("panic: {}", text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("?")))
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn every_seed_ends_well() {
    let from = number("SEED").or(number("FROM")).unwrap_or(1);
    let count = if number("SEED").is_some() { 1 } else { number("SEEDS").unwrap_or(SEEDS) };
    let (next, failed) = (AtomicU64::new(from), Mutex::new(None));
    std::panic::set_hook(Box::new(|_| {}));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| search(&next, from + count, &failed));
        }
    });
    let _ = std::panic::take_hook();
    let failed = failed.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((seed, fault)) = failed {
        std::panic::set_hook(Box::new(|_| {}));
        let short = shrink(write(seed), |script| live(script, false).is_some());
        let at_last = live(&short, true);
        let _ = std::panic::take_hook();
        panic!("{}\n{short:?}\nSEED={seed}: {fault}", at_last.unwrap_or_default());
    }
}

/// Lives through seeds until one fails or there are no more.
fn search(next: &AtomicU64, end: u64, failed: &Mutex<Option<(u64, String)>>) {
    let first = || failed.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end || first().is_some() {
            return;
        }
        if let Some(fault) = live(&write(seed), false) {
            first().get_or_insert((seed, fault));
        }
    }
}
