//! Ring 1: everything that needs no browser, in one binary. `cargo test --all-features`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed, and says where"
)]
#![cfg(all(feature = "serde", feature = "catalog", not(target_arch = "wasm32")))]

mod answers;
mod bodies;
mod catalog;
mod collected;
mod collectors;
mod delivery;
mod formats;
mod journal;
mod named;
mod outcomes;
mod properties;
mod purposes;
mod rules;
mod shop;
mod strange;
mod support;
mod tidy;
mod units;
mod wire;
