//! What a format makes of a batch, and what it says about the answer: the words between formats and delivery.
//!
//! Places are those of the events in the batch (or, of an answer, in the request), counted from 0.

use super::dropped::DropReason;
use super::event::scalar;
use super::json::write_u64;
use super::text::{next, whole};
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
    /// It was not taken: try again later.
    Later,
    /// Whoever answered does not know whether it was taken.
    Unclear,
}

impl Verdict {
    /// Every verdict, in the order of their numbers.
    pub const ALL: &[Self] =
        &[Self::Acknowledged, Self::Refused, Self::WrongEndpoint, Self::Later, Self::Unclear];
}

/// What the second module returns where it fails on a batch.
pub const TRAPPED: &str = "!";
/// What is returned where there is no second module, or the format is not in it.
pub const ABSENT: &str = "?";

/// An answer, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// For the request as a whole.
    pub verdict: Verdict,
    /// Places of the events that are refused for good, where the answer names them. The verdict holds for the others;
    /// of a `Refused` one the others may be sent again at once.
    pub refused: Vec<usize>,
    /// Places of the events that were not taken, and may be, where the answer names them: they wait, whatever the verdict.
    pub later: Vec<usize>,
    /// How many more were refused without being named.
    pub unnamed: u64,
    /// How long the collector wants to be left alone at the least, ms.
    pub wait: u64,
}

impl Judgement {
    /// The verdict alone.
    #[must_use]
    pub const fn of(verdict: Verdict) -> Self {
        Self { verdict, refused: Vec::new(), later: Vec::new(), unnamed: 0, wait: 0 }
    }

    /// By the status alone, as HTTP means it.
    #[must_use]
    pub const fn by_status(status: u16) -> Self {
        Self::of(match status {
            200..=299 => Verdict::Acknowledged,
            400 | 413 | 422 => Verdict::Refused,
            401 | 403 | 404 | 405 | 410 | 415 | 501 | 505 => Verdict::WrongEndpoint,
            // A time limit, or a gateway that has heard nothing sensible from behind it.
            408 | 502 | 504 => Verdict::Unclear,
            _ => Verdict::Later,
        })
    }

    /// Of an answer that names the events it refuses by their places.
    #[must_use]
    pub fn naming(mut self, places: &[Value]) -> Self {
        for place in places {
            if let Some(place) = scalar(place).and_then(whole)
                && !self.refused.contains(&(place as usize))
            {
                self.refused.push(place as usize);
            }
        }
        self
    }

    /// Of an answer that refuses so many events without naming them: all of them are known to be refused, or nobody
    /// can say which.
    #[must_use]
    pub fn unnamed(self, count: u64, events: usize) -> Self {
        if count > 0 && count >= events as u64 {
            let mut refused = self.refused;
            for place in 0..events {
                refused.push(place);
            }
            Self { refused, ..self }
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

/// One line of [`Encoded::text`], as delivery needs it: what becomes of some events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parcel<'a> {
    /// The places of the events.
    places: Option<&'a str>,
    /// The body of their request; if there is none, why they are dropped.
    pub text: &'a str,
    /// Of a request: URL, type, then name and value of each header; parted by US.
    pub head: Option<&'a str>,
}

impl<'a> Parcel<'a> {
    /// Takes the next line of the text.
    pub fn next(text: &mut Option<&'a str>) -> Option<Self> {
        let mut rest = next(text, RECORD);
        let places = next(&mut rest, FIELD);
        Some(Self { places, text: next(&mut rest, FIELD)?, head: rest })
    }

    /// Takes the next of the places.
    pub fn place(&mut self) -> Option<usize> {
        place(&mut self.places)
    }
}

/// What became of a batch. Events that are named nowhere had no room and wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// In the order they should be sent.
    pub requests: Vec<Request>,
    /// Events that will never fit into this format, and why.
    pub dropped: Vec<(usize, DropReason)>,
}

/// US: parts the fields of a text between the two modules. No JSON holds it.
const FIELD: u8 = 0x1f;
/// RS: ends its records.
const RECORD: u8 = 0x1e;

impl Encoded {
    /// As text, for the way from the second module to the core: records ended by RS, fields parted by US. Of a request:
    /// places, body, URL, type, then name and value of each header; of what was dropped: place, reason.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for request in &self.requests {
            write_places(&mut out, &request.events);
            out.push(char::from(FIELD));
            out.push_str(&request.body);
            write_field(&mut out, &request.url);
            write_field(&mut out, &request.content_type);
            for (name, value) in &request.headers {
                write_field(&mut out, name);
                write_field(&mut out, value);
            }
            out.push(char::from(RECORD));
        }
        for (place, reason) in &self.dropped {
            write_u64(&mut out, *place as u64);
            write_field(&mut out, reason.text());
            out.push(char::from(RECORD));
        }
        out
    }

    /// Reads it back.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut out = Self::default();
        let mut lines = Some(text);
        while let Some(mut parcel) = Parcel::next(&mut lines) {
            let events: Vec<usize> = std::iter::from_fn(|| parcel.place()).collect();
            let Some(head) = parcel.head else {
                out.dropped.extend(events.into_iter().zip(DropReason::read(parcel.text)));
                continue;
            };
            let mut rest = Some(head);
            let mut field = || next(&mut rest, FIELD).map(str::to_owned);
            let (url, content_type) = (field().unwrap_or_default(), field().unwrap_or_default());
            let mut headers = Vec::new();
            while let (Some(name), Some(value)) = (field(), field()) {
                headers.push((name, value));
            }
            out.requests.push(Request { url, content_type, headers, body: parcel.text.to_owned(), events });
        }
        out
    }
}

impl Judgement {
    /// As text, for the same way: verdict, ms to wait, refused without a name, places refused, places for later; parted by US.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let verdict = Verdict::ALL.iter().position(|verdict| *verdict == self.verdict);
        for number in &[verdict.unwrap_or(0) as u64, self.wait, self.unnamed] {
            write_u64(&mut out, *number);
            out.push(char::from(FIELD));
        }
        write_places(&mut out, &self.refused);
        out.push(char::from(FIELD));
        write_places(&mut out, &self.later);
        out
    }

    /// Reads it back; what cannot be read is to be tried again.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut rest = Some(text);
        let mut field = || next(&mut rest, FIELD).unwrap_or_default();
        let verdict = whole(field()).and_then(|place| Verdict::ALL.get(place as usize).copied());
        let (wait, unnamed) = (whole(field()).unwrap_or(0), whole(field()).unwrap_or(0));
        let mut list = || {
            let (mut places, mut list) = (Some(field()), Vec::new());
            while let Some(place) = place(&mut places) {
                list.push(place);
            }
            list
        };
        let (refused, later) = (list(), list());
        Self { verdict: verdict.unwrap_or(Verdict::Later), wait, unnamed, refused, later }
    }
}

/// A field that is one line: a line break would end a header, and begin what is none.
fn write_field(out: &mut String, text: &str) {
    out.push(char::from(FIELD));
    for letter in text.chars() {
        if letter >= ' ' {
            out.push(letter);
        }
    }
}

fn write_places(out: &mut String, places: &[usize]) {
    for (index, place) in places.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_u64(out, *place as u64);
    }
}

/// Takes the next of some places.
fn place(rest: &mut Option<&str>) -> Option<usize> {
    next(rest, b',').and_then(whole).map(|place| place as usize)
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

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_crosses_between_modules_comes_back(
            url in "[a-z/?&=%é]{0,9}", body in "[^\u{1e}\u{1f}]{0,20}", header in "[a-zA-Z -]{1,9}",
            events in prop::collection::vec(0usize..200, 0..5), place in 0usize..200, number in 0u64..100_000,
        ) {
            let request = Request {
                url, content_type: "text/plain".to_owned(), headers: vec![("X-A".to_owned(), header)], body, events: events.clone(),
            };
            let encoded = Encoded {
                requests: vec![request.clone(), Request { headers: Vec::new(), ..request }],
                dropped: vec![(place, DropReason::TooOld), (0, DropReason::Inexpressible)],
            };
            prop_assert_eq!(Encoded::read(&encoded.text()), encoded);
            for &verdict in Verdict::ALL {
                let judgement = Judgement { verdict, refused: events.clone(), later: vec![place], unnamed: number, wait: number };
                prop_assert_eq!(Judgement::read(&judgement.text()), judgement);
            }
        }

        #[test]
        fn any_text_is_read(text in any::<String>()) {
            let _ = (Encoded::read(&text), Judgement::read(&text));
        }
    }

    #[test]
    fn statuses() {
        for (verdict, statuses) in [
            (Verdict::Acknowledged, &[200, 202, 204, 299][..]),
            (Verdict::Refused, &[400, 413, 422]),
            (Verdict::WrongEndpoint, &[401, 403, 404, 405, 410, 415, 501, 505]),
            (Verdict::Later, &[0, 301, 425, 429, 500, 503]),
            (Verdict::Unclear, &[408, 502, 504]),
        ] {
            for &status in statuses {
                assert_eq!(Judgement::by_status(status).verdict, verdict, "{status}");
            }
        }
    }

    #[test]
    fn no_line_break_gets_into_a_header() {
        let headers = vec![("X-A".to_owned(), "b\r\nSet-Cookie: c".to_owned())];
        let encoded =
            Encoded { requests: vec![Request { headers, ..Request::default() }], dropped: Vec::new() };
        assert!(!encoded.text().contains('\n'));
        assert_eq!(Encoded::read(""), Encoded::default());
        assert_eq!(Judgement::read("").verdict, Verdict::Later);
    }
}
