//! Scrolling: of the page or of any element in it. What is seen is measured after the next frame, when the
//! layout is there anyway.

/// The event. It does not bubble, but a capturing listener on the window hears it from every element.
pub(in crate::shell) const EVENT: &str = "scroll";
