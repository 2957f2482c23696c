//! From the strings `host.js` packs to the engine's inputs. Items are parted by RS, fields by US.
//!
//! What cannot be read becomes nothing: the strings are made by our own code, from text of the page.

use crate::model::batch::Context;
use crate::model::input::{Environment, Input, PageFacts, Stored};
use crate::model::signal::{Hit, Media, MediaEvent, Scroll};
use crate::model::text::{next, whole};
use crate::model::time::Millis;

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
    Stored { available: fields.is(), visitor: fields.owned(), session: fields.owned() }
}

pub(super) fn dom(packed: &str, mono: Millis) -> Input {
    let mut items = Some(packed);
    let trusted = next(&mut items, ITEM) == Some("1");
    let mut hits = Vec::new();
    while let Some(item) = next(&mut items, ITEM) {
        hits.push(hit(item, mono));
    }
    Input::Dom { trusted, hits }
}

pub(super) fn scrolls(packed: &str) -> Input {
    let (mut items, mut seen) = (Some(packed), Vec::new());
    while let Some(item) = next(&mut items, ITEM) {
        let mut fields = Fields(Some(item));
        seen.push((fields.whole() as u32, Scroll { seen: fields.whole(), extent: fields.whole() }));
    }
    Input::Scroll(seen)
}

fn hit(item: &str, mono: Millis) -> Hit {
    let mut fields = Fields(Some(item));
    let (rule, element) = (fields.whole() as u32, fields.whole() as u32);
    let media = fields.is().then(|| player(&mut fields, mono));
    let mut attributes = Vec::new();
    while fields.0.is_some() {
        attributes.push((fields.owned(), fields.owned()));
    }
    Hit { rule, element, attributes, media }
}

fn player(fields: &mut Fields<'_>, mono: Millis) -> Media {
    let event = match fields.whole() {
        1 => MediaEvent::Playing,
        2 => MediaEvent::Seeking,
        3 => MediaEvent::Emptied,
        _ => MediaEvent::Progress,
    };
    let (position, duration, rate) = (fields.whole(), fields.whole(), fields.whole());
    let (paused, muted, autoplay) = (fields.is(), fields.is(), fields.is());
    Media { event, position, duration, rate, paused, muted, autoplay, mono }
}
