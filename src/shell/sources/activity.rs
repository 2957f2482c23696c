//! What a visitor does, whatever it is. More often than once a second it says nothing new: `host.js` sees to that.

/// The events.
pub(in crate::shell) const EVENTS: &[&str] =
    &["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll"];
