//! `visible`: an element has been on screen, so much of it and for so long.
//!
//! Of an element that is larger than the screen, the part of the screen that it covers counts. An element that is
//! inserted later counts like any other; each once per page view.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::{Hit, Signal};
use crate::model::time::{Millis, sooner};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "An element has been on screen, so much of it and for so long; each element once per page view.",
    options: &[
        ("match", Type::RequiredSelector, "Which elements."),
        (
            "percent",
            Type::Percents,
            "How much of it, or of the screen if it is larger than that; 50 unless said.",
        ),
        ("seconds", Type::Seconds, "For how long without a break; 1 unless said."),
    ],
    example: r#"{"on":"visible","match":".product-card","percent":50,"seconds":2,"read":{"sku":{"attribute":"data-sku"}}}"#,
};

/// Elements followed per rule and page view.
const MAX_ELEMENTS: usize = 500;

struct Visible {
    selector: String,
    /// Thousandths.
    part: u64,
    /// ms
    dwell: u64,
    hidden: bool,
    elements: Vec<Element>,
}

struct Element {
    hit: Hit,
    fired: bool,
    on_screen: bool,
    since: Option<Millis>,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let selector = section.required("match");
    let one = |list: Vec<(i64, _)>, default| list.first().map_or(default, |(size, _)| size.unsigned_abs());
    let part = one(section.thresholds("percent", 100)?, 50_000) / 100;
    let dwell = one(section.thresholds("seconds", 3600)?, 1000);
    let selector = selector?.to_owned();
    Some(Box::new(Visible { selector, part, dwell, hidden: false, elements: Vec::new() }))
}

impl Trigger for Visible {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Visible, "", &self.selector);
    }

    fn observe(&mut self, signal: &Signal, mono: Millis, fired: &mut Vec<Firing>) {
        match signal {
            Signal::Element(hit) => self.follow(hit),
            Signal::Shown(shown) => self.hidden = !shown,
            Signal::Url { view: true, .. } => {
                self.elements.retain(|element| element.on_screen);
                for element in &mut self.elements {
                    (element.fired, element.since) = (false, None);
                }
            }
            _ => {}
        }
        for element in &mut self.elements {
            if !element.on_screen || self.hidden {
                element.since = None;
            } else if mono.since(*element.since.get_or_insert(mono)) >= self.dwell && !element.fired {
                element.fired = true;
                fire(fired, "visible", None);
                if let Some(firing) = fired.last_mut() {
                    firing.hit = Some(element.hit.clone());
                }
            }
        }
    }

    fn wake(&self) -> Option<Millis> {
        let mut soonest = None;
        for element in self.elements.iter().filter(|element| !element.fired) {
            soonest = sooner(soonest, element.since.map(|since| since.plus(self.dwell)));
        }
        soonest
    }
}

impl Visible {
    fn follow(&mut self, hit: &Hit) {
        let on_screen = hit.seen.is_some_and(|part| part >= self.part);
        if let Some(element) = self.elements.iter_mut().find(|element| element.hit.element == hit.element) {
            element.on_screen = on_screen;
            return;
        }
        // What left the screen without having counted need not be remembered.
        if self.elements.len() >= MAX_ELEMENTS {
            self.elements.retain(|element| element.on_screen || element.fired);
        }
        if on_screen && self.elements.len() < MAX_ELEMENTS {
            self.elements.push(Element { hit: hit.clone(), fired: false, on_screen, since: None });
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn see(trigger: &mut Visible, signal: &Signal, mono: u64) -> Vec<u32> {
        let mut fired = Vec::new();
        trigger.observe(signal, Millis(mono), &mut fired);
        fired.into_iter().map(|firing| firing.hit.unwrap().element).collect()
    }

    fn shows(element: u32, seen: u64) -> Signal {
        Signal::Element(Hit { element, seen: Some(seen), ..Hit::default() })
    }

    #[test]
    fn so_much_for_so_long_and_once() {
        let mut trigger =
            Visible { selector: String::new(), part: 500, dwell: 1000, hidden: false, elements: Vec::new() };
        see(&mut trigger, &shows(1, 499), 0);
        assert_eq!(trigger.wake(), None);
        see(&mut trigger, &shows(1, 500), 100);
        see(&mut trigger, &shows(2, 1000), 400);
        assert_eq!(trigger.wake(), Some(Millis(1100)));
        see(&mut trigger, &shows(1, 0), 900);
        assert!(see(&mut trigger, &Signal::Tick, 1200).is_empty(), "it had left");
        see(&mut trigger, &shows(1, 600), 1300);
        assert_eq!(see(&mut trigger, &Signal::Tick, 1400), [2]);
        see(&mut trigger, &Signal::Shown(false), 1500);
        see(&mut trigger, &Signal::Shown(true), 9000);
        assert!(see(&mut trigger, &Signal::Tick, 9999).is_empty(), "nobody sees a hidden page");
        assert_eq!(see(&mut trigger, &Signal::Tick, 10_000), [1]);
        assert!(see(&mut trigger, &Signal::Tick, 99_000).is_empty());
        see(&mut trigger, &Signal::Url { url: String::new(), view: true }, 100_000);
        assert_eq!(see(&mut trigger, &Signal::Tick, 101_000), [1, 2], "a new page view");
    }
}
