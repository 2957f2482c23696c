//! `datalayer`: a value the page pushed onto its data layer: of the very entry, where one set the rule off, else the
//! last that holds the path.

use super::{Read, Seen, wanted};
use crate::model::data::at;
use crate::model::section::Section;
use crate::model::value::Value;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &str) =
    ("A path in the page's data layer, such as `ecommerce.value`.", "string");

struct Datalayer {
    path: String,
    otherwise: Box<dyn Read>,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Read>> {
    let otherwise = wanted(section, 'D', "datalayer")?;
    Some(Box::new(Datalayer { path: section.text("datalayer")?.to_owned(), otherwise }))
}

impl Read for Datalayer {
    fn wants(&self) -> Option<&str> {
        self.otherwise.wants()
    }

    fn take(&self, seen: &Seen<'_>) -> Option<Value> {
        match seen.entry {
            Some(entry) => at(entry, &self.path).cloned(),
            None => self.otherwise.take(seen),
        }
    }
}
