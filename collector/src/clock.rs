//! The collector's clock: the one place that asks the system for the time. Knows nothing of the visitors' clocks.

use std::time::{SystemTime, UNIX_EPOCH};

use footstep::model::time::Millis;

/// Milliseconds since 1970, now.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the rule guards the core; a server has to own a clock")]
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
