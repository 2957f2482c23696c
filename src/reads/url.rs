//! `url`: a segment of the page's path, named in braces in a pattern: `/order-received/{order}`.

use super::{Read, Seen};
use crate::model::diagnostic::Code;
use crate::model::pattern::Pattern;
use crate::model::section::Section;
use crate::model::text::find;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &str) =
    ("The segment of the page's path that stands in braces in this pattern.", "string");

struct Url(Pattern);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Read>> {
    let text = section.required("url")?;
    let pattern = Pattern::parse(text).filter(|_| find(text, "{").is_some());
    if pattern.is_none() {
        section.report(Code::BadUrl, "url", &[text]);
    }
    Some(Box::new(Url(pattern?)))
}

impl Read for Url {
    fn take(&self, seen: &Seen<'_>) -> Option<Value> {
        self.0.captures(seen.url)?.first().map(|(_, text)| (*text).into())
    }
}
