//! The vocabulary every other part speaks: plain data without decisions.
//!
//! Nothing here knows a clock, the page, storage or a wire; a type stands in this folder when two rooms of the
//! house need the same word for the same thing.

pub mod batch;
pub mod config;
pub mod data;
pub mod delivery;
pub mod diagnostic;
pub mod dropped;
pub mod effect;
pub mod event;
pub mod exchange;
pub mod input;
pub mod items;
pub mod json;
pub mod mapping;
pub mod money;
pub mod pattern;
pub mod record;
pub mod section;
pub mod signal;
pub mod template;
pub mod text;
pub mod time;
pub mod uuid;
pub mod value;
