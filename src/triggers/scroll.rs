//! `scroll`: how far a page, or one element of it, has been seen.
//!
//! The lowest line that was in view counts, against the height at that moment. A page that grows does not take
//! back what was reached. A jump over several thresholds reports each of them, in order, all but the last marked
//! `jump`.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Trigger, facts};
use crate::model::diagnostic::Code;
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::value::{Number, Object, Value};

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
    ],
    example: r#"{"on":"scroll","percent":[50,75],"of":"article","url":"/blog/*"}"#,
};

/// As high as a page can be; what is higher is measured up to here.
const MAX_PIXELS: i64 = 1_000_000;

struct Scroll {
    unit: &'static str,
    thresholds: Vec<(i64, Number)>,
    selector: String,
    /// How many thresholds have been reached in this page view.
    reached: usize,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let percent = section.thresholds("percent", 100)?;
    // Not both: the word that is left over is reported.
    let pixels = if percent.is_empty() { section.thresholds("pixels", MAX_PIXELS)? } else { Vec::new() };
    let selector = section.text("of").unwrap_or_default().to_owned();
    let (unit, thresholds) = if percent.is_empty() { ("pixels", pixels) } else { ("percent", percent) };
    if thresholds.is_empty() {
        section.report(Code::Missing, "", &["percent"]);
        return None;
    }
    Some(Box::new(Scroll { unit, thresholds, selector, reached: 0 }))
}

impl Trigger for Scroll {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Scroll, "", &self.selector);
    }

    fn observe(&mut self, signal: &Signal, fired: &mut Vec<Object>) {
        let Signal::Scroll(scroll) = signal else { return };
        let extent = scroll.extent.min(MAX_PIXELS.unsigned_abs());
        let seen = scroll.seen.min(extent) * 1000;
        let seen = if self.unit == "percent" { (seen * 100).checked_div(extent).unwrap_or(0) } else { seen };
        let now = self.thresholds.iter().filter(|(size, _)| seen >= size.unsigned_abs()).count();
        for (index, (_, number)) in self.thresholds.iter().enumerate().take(now).skip(self.reached) {
            let mut facts = facts("scroll");
            facts.set(self.unit, Value::Number(number.clone()));
            if index + 1 < now {
                facts.set("jump", true.into());
            }
            fired.push(facts);
        }
        self.reached = self.reached.max(now);
    }

    fn page_view(&mut self) {
        self.reached = 0;
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
            thresholds: percent.iter().map(number).collect(),
            selector: String::new(),
            reached: 0,
        }
    }

    fn seen(trigger: &mut Scroll, seen: u64, extent: u64) -> Vec<String> {
        let mut fired = Vec::new();
        trigger.observe(&Signal::Scroll(signal::Scroll { seen, extent }), &mut fired);
        fired
            .iter()
            .map(|facts| match (facts.get("percent"), facts.get("jump")) {
                (Some(Value::Number(number)), None) => number.text().to_owned(),
                (Some(Value::Number(number)), Some(_)) => format!("{}j", number.text()),
                _ => panic!("no percent in {facts:?}"),
            })
            .collect()
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
