//! From the strings `host.js` packs to the engine's inputs. Items are parted by RS, fields by US.
//!
//! What cannot be read becomes nothing: the strings are made by our own code, from text of the page.

use crate::model::batch::Context;
use crate::model::delivery::Judgement;
use crate::model::input::{Answer, Environment, Input, Orphan, PageFacts, Stored};
use crate::model::signal::{Exchange, Hit, Media, MediaEvent, Scroll, Signal};
use crate::model::text::{cut, next, whole};
use crate::model::{data, json};

const ITEM: u8 = 0x1e;
const FIELD: u8 = 0x1f;

/// The fields of an item, taken one by one; empty once they are used up.
struct Fields<'a>(Option<&'a str>);

impl<'a> Fields<'a> {
    fn text(&mut self) -> &'a str {
        next(&mut self.0, FIELD).unwrap_or_default()
    }

    fn owned(&mut self) -> String {
        self.text().to_owned()
    }

    fn whole(&mut self) -> u64 {
        whole(self.text()).unwrap_or(0)
    }

    fn is(&mut self) -> bool {
        self.text() == "1"
    }
}

pub(super) fn environment(packed: &str, entropy: [u32; 4]) -> Environment {
    let mut fields = Fields(Some(packed));
    let context = Context {
        engine: "wasm".to_owned(),
        language: fields.owned(),
        zone: fields.owned(),
        screen: fields.owned(),
        automation: fields.is(),
    };
    Environment { entropy, context, keepalive: fields.is(), hidden: fields.is() }
}

pub(super) fn page(packed: &str) -> PageFacts {
    let mut fields = Fields(Some(packed));
    PageFacts { url: fields.owned(), title: fields.owned(), referrer: fields.owned() }
}

pub(super) fn stored(packed: &str) -> Stored {
    let mut fields = Fields(Some(packed));
    Stored {
        available: fields.is(),
        visitor: fields.owned(),
        session: fields.owned(),
        counted: fields.owned(),
        pauses: fields.owned(),
        attempts: fields.owned(),
    }
}

/// A judged answer: the request, the ms to wait that the answer's head asks for, and the judgement.
pub(super) fn judged(packed: &str) -> Input {
    let mut fields = Fields(Some(packed));
    let (request, after) = (fields.whole() as u32, fields.whole());
    let mut judgement = Judgement::read(fields.0.unwrap_or_default());
    judgement.wait = judgement.wait.max(after);
    Input::Response { request, answer: Answer::Judged(judgement) }
}

/// What another document has left behind: the stream, then number and text of each entry.
pub(super) fn orphan(packed: &str) -> Orphan {
    let mut items = Some(packed);
    let stream = next(&mut items, ITEM).unwrap_or_default().to_owned();
    let mut entries = Vec::new();
    while let Some((seq, text)) = next(&mut items, ITEM).and_then(|item| cut(item, FIELD)) {
        entries.push((whole(seq).unwrap_or(0), text.to_owned()));
    }
    Orphan { stream, entries }
}

pub(super) fn dom(packed: &str) -> Input {
    let mut items = Some(packed);
    let trusted = next(&mut items, ITEM) == Some("1");
    let mut hits = Vec::new();
    while let Some(item) = next(&mut items, ITEM) {
        hits.push(hit(item));
    }
    Input::Dom { trusted, hits }
}

pub(super) fn scrolls(packed: &str, moved: bool) -> Input {
    let (mut items, mut seen) = (Some(packed), Vec::new());
    while let Some(item) = next(&mut items, ITEM) {
        let mut fields = Fields(Some(item));
        let (rule, slot) = ear(fields.whole());
        seen.push((rule, slot, Scroll { seen: fields.whole(), extent: fields.whole(), moved }));
    }
    Input::Scroll(seen)
}

/// What has become rendered.
pub(super) fn rendered(packed: &str) -> Input {
    let (mut items, mut ears) = (Some(packed).filter(|packed| !packed.is_empty()), Vec::new());
    while let Some(item) = next(&mut items, ITEM) {
        ears.push(ear(whole(item).unwrap_or(0)));
    }
    Input::Rendered(ears)
}

/// What was found, by what was wanted.
pub(super) fn found(packed: &str) -> Input {
    Input::Read(pairs(&mut Fields(Some(packed).filter(|packed| !packed.is_empty()))))
}

pub(super) fn data(packed: &str) -> Option<Signal> {
    data::read(json::read(packed).ok()?).map(Signal::Data)
}

/// An answered request, and whether all is known of it that ever will be.
pub(super) fn exchange(packed: &str) -> (Signal, bool) {
    let mut fields = Fields(Some(packed));
    let (url, method, status, last) = (fields.owned(), fields.owned(), fields.whole(), fields.whole() > 0);
    (Signal::Exchange(Exchange { url, method, status, body: json::read(fields.text()).ok() }), last)
}

/// A finding about a rule: its ear and the words it is about.
pub(super) fn about(packed: &str) -> ((u32, u32), String) {
    let mut fields = Fields(Some(packed));
    (ear(fields.whole()), fields.owned())
}

/// Rules have 4096 ears each.
fn ear(number: u64) -> (u32, u32) {
    ((number >> 12) as u32, (number & 4095) as u32)
}

fn pairs(fields: &mut Fields<'_>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    while fields.0.is_some() {
        pairs.push((fields.owned(), fields.owned()));
    }
    pairs
}

fn hit(item: &str) -> Hit {
    let mut fields = Fields(Some(item));
    let ((rule, slot), element) = (ear(fields.whole()), fields.whole() as u32);
    let (mut media, mut seen) = (None, None);
    match fields.whole() {
        1 => media = Some(player(&mut fields)),
        2 => seen = Some(fields.whole()),
        _ => {}
    }
    let attributes = pairs(&mut fields);
    Hit { rule, slot, element, attributes, media, seen }
}

fn player(fields: &mut Fields<'_>) -> Media {
    let event = match fields.whole() {
        1 => MediaEvent::Playing,
        2 => MediaEvent::Seeking,
        3 => MediaEvent::Emptied,
        _ => MediaEvent::Progress,
    };
    let (position, duration, rate) = (fields.whole(), fields.whole(), fields.whole());
    let (paused, muted, autoplay, looped) = (fields.is(), fields.is(), fields.is(), fields.is());
    Media { event, position, duration, rate, paused, muted, autoplay, looped }
}
