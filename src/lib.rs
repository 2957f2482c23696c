//! Footstep hears the small steps that lead to a sale: a browser tracking SDK for micro-conversions.
//!
//! The rooms of this house, each knowing only those to its left:
//! `model ← { triggers, evidence, reads, formats } ← engine ← shell ← bindings`, and outside of Rust, `js`.
//! Everything up to the engine is pure and runs anywhere; `shell` and `bindings` exist in the browser only.
//! `ARCHITECTURE.md` tells the rest.

#[cfg(all(target_arch = "wasm32", feature = "shell"))]
pub mod bindings;
#[cfg(feature = "catalog")]
pub mod catalog;
pub mod engine;
pub mod evidence;
pub mod formats;
pub mod model;
pub mod reads;
#[cfg(all(target_arch = "wasm32", feature = "shell"))]
mod shell;
pub mod triggers;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: footstep_allocator::SizeClasses<footstep_allocator::WasmPages> =
    footstep_allocator::SizeClasses::new(footstep_allocator::WasmPages);
