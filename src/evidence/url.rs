//! `url`: the visitor comes to a page, by navigation or by a route, after the attempt.

use super::Evidence;
use crate::model::diagnostic::Code;
use crate::model::effect::Source;
use crate::model::pattern::Pattern;
use crate::model::section::Section;
use crate::model::signal::Signal;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &[(&str, &str)]) =
    ("The visitor comes to a page whose URL this pattern means.", &[]);

struct Url(Pattern);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Evidence>> {
    let text = section.required("url")?;
    let pattern = Pattern::parse(text);
    if pattern.is_none() {
        section.report(Code::BadUrl, "url", &[text]);
    }
    Some(Box::new(Url(pattern?)))
}

impl Evidence for Url {
    fn watch(&self, _: &mut dyn FnMut(Source, &str, &str)) {}

    fn holds(&self, signal: &Signal) -> bool {
        matches!(signal, Signal::Url { url, .. } if self.0.matches(url))
    }
}
