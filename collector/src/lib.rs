//! The reference collector: takes batches of the `footstep` format, keeps them, and says exactly what is missing.
//!
//! The binary is `main.rs`; everything else is a library so that each part can be tested by itself. Requests come in
//! past the [`gate`] and through [`http`], become an [`accepted::Accepted`] batch or a [`problem::Problem`], and are kept by [`store`]. What
//! happened on the page is the SDK's business: nothing here judges a conversion, it keeps what it was told.

pub mod accepted;
pub mod cli;
pub mod clock;
pub mod gate;
pub mod http;
pub mod limits;
pub mod problem;
pub mod ranges;
pub mod run;
pub mod source;
pub mod store;
pub mod strict;
