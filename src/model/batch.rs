//! The batch: what one request of the `footstep` format carries. Described for others in `schema/batch.v1.json`.
//!
//! The shell never builds these structs: [`crate::formats::footstep`] writes the text directly. The collector and
//! the tests read that text through them, so a test that round-trips a batch holds both to one meaning.

use super::dropped::Dropped;
use super::record::Record;
use super::time::Now;
use super::uuid::Uuid;

/// The version of the format.
pub const VERSION: u64 = 1;

/// One request's content.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct Batch {
    /// [`VERSION`].
    pub version: u64,
    /// The site's name, if it has one.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub site: Option<String>,
    /// When this request was made, by both clocks: `received - (sent.mono - event.mono)` is the event's true time.
    pub sent: Now,
    /// The stream: one document and one collector. Sequence numbers count within it.
    pub stream: Uuid,
    /// About the browser, once for all events.
    pub context: Context,
    /// Numbers of this stream that will never arrive, and why.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub dropped: Vec<Dropped>,
    /// Streams of this origin that have ended, so that a lost tail is a gap that can be named.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub closed: Vec<Closed>,
    /// Codes of what is wrong with the config; in the first batch of a stream only.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub diagnostics: Vec<String>,
    /// What happened, in the order it happened.
    pub events: Vec<Event>,
}

/// A stream that has ended: its document is gone, or it goes on under another stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct Closed {
    /// Which. Usually not the one the batch belongs to: who says it is the origin's next document.
    pub stream: Uuid,
    /// The last number it gave; 0 if it gave none. Up to it every number was sent, was dropped or is missing.
    pub last_seq: u64,
}

/// About the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Context {
    /// What ran: `wasm`.
    pub engine: String,
    /// The browser's first language, such as `de-AT`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "String::is_empty"))]
    pub language: String,
    /// The time zone, such as `Europe/Vienna`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "String::is_empty"))]
    pub zone: String,
    /// Size of the screen in CSS pixels, such as `1920x1080`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "String::is_empty"))]
    pub screen: String,
    /// The browser is driven by a program (`navigator.webdriver`).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub automation: bool,
}

/// A record in a stream.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Event {
    /// Its number in the stream, from 1, without gaps.
    pub seq: u64,
    /// What happened.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub record: Record,
}
