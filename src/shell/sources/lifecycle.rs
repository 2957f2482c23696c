//! The page's life: when it can be seen, when this may be its last moment, when it comes back.
//!
//! Never `unload` or `beforeunload`: they cost the page its place in the back/forward cache, and phones do not
//! fire them. `visibilitychange` and `pagehide` do what can be done.

use crate::model::input::Input;
use crate::shell::host;

/// The events.
pub(in crate::shell) const EVENTS: [&str; 3] = ["visibilitychange", "pagehide", "pageshow"];

/// What an event of that name means.
pub(in crate::shell) fn input(name: &str) -> Option<Input> {
    EVENTS
        .contains(&name)
        .then(|| if name == "pagehide" || host::is_hidden() { Input::Hidden } else { Input::Visible })
}
