//! The pointer leaving the page. Of all there are of this event, `host.js` passes on those that leave it at its top.

/// The event.
pub(in crate::shell) const EVENT: &str = "mouseout";
