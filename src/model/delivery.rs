//! What a format makes of a batch, and what it says about the answer: the words between formats and delivery.
//!
//! Places are those of the events in the batch (or, of an answer, in the request), counted from 0.

use super::dropped::DropReason;
use super::value::{Object, Value};

/// What a collector does with a second record of a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The record with the higher `rev` takes the place of the other.
    Replace,
    /// It would be one more event: only the final record is sent.
    FinalOnly,
}

/// What an answer says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It arrived.
    Acknowledged,
    /// Something in it is refused for good.
    Refused,
    /// The endpoint is not what it should be: keep everything, stop asking.
    WrongEndpoint,
    /// Try again later.
    Later,
}

/// An answer, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// For the request as a whole.
    pub verdict: Verdict,
    /// Places of the events that are refused for good, where the answer names them. The verdict holds for the others;
    /// of a `Refused` one the others may be sent again at once.
    pub refused: Vec<usize>,
    /// How many more were refused without being named.
    pub unnamed: u64,
    /// How long the collector wants to be left alone at the least, ms.
    pub wait: u64,
}

impl Judgement {
    /// The verdict alone.
    #[must_use]
    pub const fn of(verdict: Verdict) -> Self {
        Self { verdict, refused: Vec::new(), unnamed: 0, wait: 0 }
    }

    /// By the status alone, as HTTP means it.
    #[must_use]
    pub const fn by_status(status: u16) -> Self {
        Self::of(match status {
            200..=299 => Verdict::Acknowledged,
            400 | 413 | 422 => Verdict::Refused,
            401 | 403 | 404 | 405 | 410 | 415 | 501 | 505 => Verdict::WrongEndpoint,
            _ => Verdict::Later,
        })
    }

    /// Of an answer that refuses so many events without naming them: all of them are known to be refused, or nobody
    /// can say which.
    #[must_use]
    pub fn unnamed(self, count: u64, events: usize) -> Self {
        if count > 0 && count >= events as u64 {
            Self { refused: (0..events).collect(), ..self }
        } else {
            Self { unnamed: count, ..self }
        }
    }
}

/// One request that carries events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// The type of the body.
    pub content_type: String,
    /// Further headers, in their order. Any of them makes the browser ask the server first.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// The places of the events it carries.
    pub events: Vec<usize>,
}

/// What became of a batch. Events that are named nowhere had no room and wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// In the order they should be sent.
    pub requests: Vec<Request>,
    /// Events that will never fit into this format, and why.
    pub dropped: Vec<(usize, DropReason)>,
}

/// What a format is given.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The collector's object in the config, its `url` included.
    pub options: &'a Object,
    /// A batch of the `footstep` format.
    pub batch: &'a Object,
    /// The page ends: a request that must ask the server first may come too late.
    pub end: bool,
    /// Bytes of all bodies together, at the most.
    pub limit: usize,
    /// Requests at the most.
    pub most: usize,
}

impl<'a> Job<'a> {
    /// A text of the config; empty if there is none.
    #[must_use]
    pub fn option(&self, name: &str) -> &'a str {
        self.options.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// What the config says under a name: an object, empty if there is none.
    #[must_use]
    pub fn table(&self, name: &str) -> &'a [(String, Value)] {
        match self.options.get(name) {
            Some(Value::Object(object)) => &object.0,
            _ => &[],
        }
    }

    /// What the config switches on.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.options.get(name), Some(Value::Bool(true)))
    }

    /// When the request is made, wall clock, ms.
    #[must_use]
    pub fn sent(&self) -> u64 {
        super::event::whole_at(self.batch, "sent.at")
    }
}
