//! `scroll`: how far a page, or one element of it, has been seen.
//!
//! The lowest line that was in view counts, against the height at that moment. A page that grows does not take
//! back what was reached. A jump over several thresholds reports each of them, in order, all but the last marked
//! `jump`. What is in view without any scrolling counts after two seconds: nobody has read a page by opening it.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::diagnostic::Code;
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;
use crate::model::value::{Number, Value};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "The visitor has scrolled so far that a part of the page, or of one element, has been seen.",
    options: &[
        (
            "percent",
            Type::Percents,
            "Parts of the height, above 0 and up to 100. Each is reported once per page view.",
        ),
        ("pixels", Type::Pixels, "Heights in CSS pixels from the top. Each is reported once per page view."),
        ("of", Type::Selector, "The element to measure; the whole page if it is left out."),
        ("axis", Type::Words(&["y", "x"]), "`x`: sideways, from left to right. `y` unless said."),
    ],
    example: r#"{"on":"scroll","percent":[50,75],"of":"article","url":"/blog/*"}"#,
};

/// As high as a page can be; what is higher is measured up to here.
const MAX_PIXELS: i64 = 1_000_000;

/// How long what is in view without scrolling must have been there, ms.
const DWELL: u64 = 2000;

struct Scroll {
    unit: &'static str,
    axis: &'static str,
    thresholds: Vec<(i64, Number)>,
    selector: String,
    /// How many thresholds have been reached in this page view.
    reached: usize,
    /// Thresholds in view without any scrolling, and when they count.
    unscrolled: Option<(usize, Millis)>,
    hidden: bool,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let percent = section.thresholds("percent", 100)?;
    // Not both: the word that is left over is reported.
    let pixels = if percent.is_empty() { section.thresholds("pixels", MAX_PIXELS)? } else { Vec::new() };
    let selector = section.text("of").unwrap_or_default().to_owned();
    let axis = if section.word("axis", &["y", "x"]) == Some(1) { "x" } else { "" };
    let (unit, thresholds) = if percent.is_empty() { ("pixels", pixels) } else { ("percent", percent) };
    if thresholds.is_empty() {
        section.report(Code::Missing, "", &["percent"]);
        return None;
    }
    Some(Box::new(Scroll { unit, axis, thresholds, selector, reached: 0, unscrolled: None, hidden: false }))
}

impl Trigger for Scroll {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Scroll, self.axis, &self.selector);
    }

    fn observe(&mut self, signal: &Signal, mono: Millis, fired: &mut Vec<Firing>) {
        match signal {
            Signal::Scroll(scroll) => {
                let extent = scroll.extent.min(MAX_PIXELS.unsigned_abs());
                let seen = scroll.seen.min(extent) * 1000;
                let percent = || (seen * 100).checked_div(extent).unwrap_or(0);
                let seen = if self.unit == "percent" { percent() } else { seen };
                let now = self.thresholds.iter().filter(|(size, _)| seen >= size.unsigned_abs()).count();
                if scroll.moved {
                    self.unscrolled = None;
                    self.reach(now, fired);
                } else {
                    self.unscrolled = Some((now, mono.plus(DWELL)));
                }
            }
            Signal::Shown(shown) => {
                self.hidden = !shown;
                self.unscrolled = self.unscrolled.map(|(now, _)| (now, mono.plus(DWELL)));
            }
            _ => {}
        }
        if let Some((now, _)) = self.unscrolled.filter(|(_, due)| mono >= *due && !self.hidden) {
            self.unscrolled = None;
            self.reach(now, fired);
        }
    }

    fn wake(&self) -> Option<Millis> {
        self.unscrolled.filter(|(now, _)| *now > self.reached && !self.hidden).map(|(_, due)| due)
    }

    fn page_view(&mut self) {
        (self.reached, self.unscrolled) = (0, None);
    }
}

impl Scroll {
    fn reach(&mut self, now: usize, fired: &mut Vec<Firing>) {
        for (index, (_, number)) in self.thresholds.iter().enumerate().take(now).skip(self.reached) {
            fire(fired, "scroll", Some((self.unit, Value::Number(number.clone()))));
            if let Some(firing) = fired.last_mut().filter(|_| index + 1 < now) {
                firing.facts.set("jump", true.into());
            }
        }
        self.reached = self.reached.max(now);
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::signal;
    use proptest::prelude::*;

    fn trigger(percent: &[i64]) -> Scroll {
        let number = |value: &i64| (*value * 1000, Number::from(value.unsigned_abs()));
        Scroll {
            unit: "percent",
            axis: "",
            thresholds: percent.iter().map(number).collect(),
            selector: String::new(),
            reached: 0,
            unscrolled: None,
            hidden: false,
        }
    }

    fn seen(trigger: &mut Scroll, seen: u64, extent: u64) -> Vec<String> {
        see(trigger, &Signal::Scroll(signal::Scroll { seen, extent, moved: true }), 0)
    }

    fn see(trigger: &mut Scroll, signal: &Signal, mono: u64) -> Vec<String> {
        let mut fired = Vec::new();
        trigger.observe(signal, Millis(mono), &mut fired);
        fired
            .iter()
            .map(|Firing { facts, .. }| match (facts.get("percent"), facts.get("jump")) {
                (Some(Value::Number(number)), None) => number.text().to_owned(),
                (Some(Value::Number(number)), Some(_)) => format!("{}j", number.text()),
                _ => panic!("no percent in {facts:?}"),
            })
            .collect()
    }

    #[test]
    fn what_is_seen_without_scrolling_counts_later() {
        let mut scroll = trigger(&[50, 100]);
        let whole = Signal::Scroll(signal::Scroll { seen: 600, extent: 600, moved: false });
        assert!(see(&mut scroll, &whole, 100).is_empty());
        assert_eq!(scroll.wake(), Some(Millis(2100)));
        assert!(see(&mut scroll, &Signal::Shown(false), 2000).is_empty());
        assert_eq!(scroll.wake(), None);
        see(&mut scroll, &Signal::Shown(true), 5000);
        assert!(see(&mut scroll, &Signal::Tick, 6999).is_empty());
        assert_eq!(see(&mut scroll, &Signal::Tick, 7000), ["50j", "100"]);
        assert!(see(&mut scroll, &Signal::Tick, 9000).is_empty());
    }

    #[test]
    fn thresholds_in_order_each_once() {
        let mut scroll = trigger(&[25, 50, 75, 100]);
        assert_eq!(seen(&mut scroll, 249, 1000), Vec::<String>::new());
        assert_eq!(seen(&mut scroll, 250, 1000), ["25"]);
        assert_eq!(seen(&mut scroll, 900, 1000), ["50j", "75"]);
        assert_eq!(seen(&mut scroll, 100, 1000), Vec::<String>::new());
        assert_eq!(seen(&mut scroll, 1000, 4000), Vec::<String>::new(), "the page has grown");
        assert_eq!(seen(&mut scroll, 5000, 4000), ["100"], "a bounce below the end");
        scroll.page_view();
        assert_eq!(seen(&mut scroll, 30, 100), ["25"]);
    }

    proptest! {
        #[test]
        fn ascending_and_at_most_once(steps in prop::collection::vec((any::<u64>(), any::<u64>()), 0..50)) {
            let mut scroll = trigger(&[10, 25, 50, 90, 100]);
            let mut last = 0;
            for (top, height) in steps {
                for fired in seen(&mut scroll, top, height) {
                    let percent: u64 = fired.trim_end_matches('j').parse().unwrap();
                    prop_assert!(percent > last);
                    last = percent;
                }
            }
        }
    }
}
