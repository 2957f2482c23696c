//! Ring 1: everything that needs no browser, in one binary. `cargo test --all-features`.

#![cfg(all(feature = "serde", feature = "catalog", not(target_arch = "wasm32")))]

mod catalog;
mod engine;
mod properties;
mod support;
mod tidy;
mod wire;
