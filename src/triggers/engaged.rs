//! `engaged`: the visitor has been active on the page for so long.
//!
//! Active is who moved, pressed, typed or scrolled within the last 30 seconds, on a page that can be seen. Time in
//! which the page is hidden or nobody does anything does not count.

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
    what: "The visitor has been active on the page for so long; time hidden or idle does not count.",
    options: &[("seconds", Type::Seconds, "Active seconds. Each is reported once per page view.")],
    example: r#"{"on":"engaged","seconds":[10,30,60],"url":"/blog/*"}"#,
};

/// Whoever does nothing for so long is idle, ms.
const IDLE: u64 = 30_000;
/// A day: what a page view can last at the most, s.
const MAX_SECONDS: i64 = 86_400;

struct Engaged {
    thresholds: Vec<(i64, Number)>,
    reached: usize,
    total: u64,
    hidden: bool,
    /// The last sign of life.
    last: Millis,
    /// Up to when `total` has been counted; `None` while idle or hidden.
    since: Option<Millis>,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let thresholds = section.thresholds("seconds", MAX_SECONDS)?;
    if thresholds.is_empty() {
        section.report(Code::Missing, "", &["seconds"]);
        return None;
    }
    Some(Box::new(Engaged { thresholds, reached: 0, total: 0, hidden: false, last: Millis(0), since: None }))
}

impl Trigger for Engaged {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Activity, "", "");
    }

    fn observe(&mut self, signal: &Signal, mono: Millis, fired: &mut Vec<Firing>) {
        if let Some(since) = self.since {
            let end = self.last.plus(IDLE);
            self.total += mono.min(end).since(since);
            self.since = (mono < end).then_some(mono);
        }
        match signal {
            Signal::Shown(shown) => self.hidden = !shown,
            Signal::Url { view: true, .. } => (self.total, self.reached) = (0, 0),
            Signal::Active => {}
            _ => return self.fire(fired),
        }
        self.last = mono;
        self.since = (!self.hidden).then_some(mono);
        self.fire(fired);
    }

    fn wake(&self) -> Option<Millis> {
        let (size, _) = self.thresholds.get(self.reached)?;
        let due = self.since?.plus(size.unsigned_abs().saturating_sub(self.total));
        (due <= self.last.plus(IDLE)).then_some(due)
    }
}

impl Engaged {
    fn fire(&mut self, fired: &mut Vec<Firing>) {
        while let Some((size, number)) = self.thresholds.get(self.reached) {
            if self.total < size.unsigned_abs() {
                break;
            }
            fire(fired, "engaged", Some(("active", Value::Number(number.clone()))));
            self.reached += 1;
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn trigger(seconds: &[i64]) -> Engaged {
        let number = |value: &i64| (*value * 1000, Number::from(value.unsigned_abs()));
        let mut trigger = Engaged {
            thresholds: seconds.iter().map(number).collect(),
            reached: 0,
            total: 0,
            hidden: false,
            last: Millis(0),
            since: None,
        };
        see(&mut trigger, &Signal::Url { url: String::new(), view: true }, 0);
        trigger
    }

    fn see(trigger: &mut Engaged, signal: &Signal, mono: u64) -> usize {
        let mut fired = Vec::new();
        trigger.observe(signal, Millis(mono), &mut fired);
        fired.len()
    }

    #[test]
    fn who_is_idle_or_away_is_not_engaged() {
        let mut page = trigger(&[10, 40]);
        assert_eq!(page.wake(), Some(Millis(10_000)));
        assert_eq!(see(&mut page, &Signal::Tick, 9_999), 0);
        assert_eq!(see(&mut page, &Signal::Tick, 10_000), 1);
        assert_eq!(page.wake(), None, "idle before that");
        assert_eq!(see(&mut page, &Signal::Active, 100_000), 0);
        assert_eq!(page.total, 30_000, "half a minute counted, then idle");
        assert_eq!(page.wake(), Some(Millis(110_000)));
        assert_eq!(see(&mut page, &Signal::Shown(false), 105_000), 0);
        assert_eq!((page.wake(), page.total), (None, 35_000));
        assert_eq!(see(&mut page, &Signal::Active, 200_000), 0);
        assert_eq!(see(&mut page, &Signal::Shown(true), 300_000), 0);
        assert_eq!(page.total, 35_000, "nobody can be active on a page that is hidden");
        assert_eq!(see(&mut page, &Signal::Tick, 305_000), 1);
        see(&mut page, &Signal::Url { url: String::new(), view: true }, 306_000);
        assert_eq!(page.wake(), Some(Millis(316_000)), "a new page view");
    }
}
