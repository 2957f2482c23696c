//! How events are written for a collector: one pure file per wire format, one row each.
//!
//! A format turns records into a body and knows nothing of queues, retries or transport. To add one: a file
//! here, its `mod` line and its row in [`ROWS`].

use crate::model::batch::Context;
use crate::model::dropped::Dropped;
use crate::model::time::Now;
use crate::model::uuid::Uuid;

pub mod footstep;

/// What a batch says besides its events.
pub struct Header<'a> {
    /// The site's name.
    pub site: Option<&'a str>,
    /// When the request is made.
    pub sent: Now,
    /// The stream the sequence numbers belong to.
    pub stream: Uuid,
    /// About the browser.
    pub context: &'a Context,
    /// Numbers that will never arrive.
    pub dropped: &'a [Dropped],
    /// The last number of the stream, if it is over: told with the last of its events.
    pub closed: Option<u64>,
    /// Codes of what is wrong with the config.
    pub diagnostics: &'a [&'a str],
}

/// A format's place in the table.
pub struct Row {
    /// The word after `format`.
    pub name: &'static str,
    /// Writes as many of the events, in order, as fit into `limit` bytes; returns the body and their number.
    pub encode: Encode,
}

/// See [`Row::encode`].
pub type Encode =
    fn(header: &Header<'_>, events: &mut dyn Iterator<Item = (u64, &str)>, limit: usize) -> (String, usize);

/// Every format there is. The first is meant where a config names none.
pub const ROWS: &[Row] = &[Row { name: "footstep", encode: footstep::encode }];
