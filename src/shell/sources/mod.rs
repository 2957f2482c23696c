//! What can be observed on a page: one file per kind of observer.
//!
//! DOM events need none: one delegated listener per event type, whatever the type, is all there is to them, and
//! `host.js` finds the elements the rules name.

pub(super) mod activity;
pub(super) mod exit;
pub(super) mod lifecycle;
pub(super) mod scroll;
