//! The page's life: when it can be seen, when this may be its last moment, when it comes back.
//!
//! Never `unload` or `beforeunload`: they cost the page its place in the back/forward cache, and phones do not
//! fire them. `visibilitychange` and `pagehide` do what can be done.

use crate::shell::call;

/// The events, and what the shell is told of them.
pub(in crate::shell) const EVENTS: &[(&str, u32)] = &[
    ("visibilitychange", call::VISIBILITY),
    ("pagehide", call::LEFT),
    ("pageshow", call::RESTORED),
    ("online", call::ONLINE),
    // Another tab has written to what is stored.
    ("storage", call::STORED),
];
