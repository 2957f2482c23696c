//! `jsonld`: what the page says of its product to search engines, in a script block.

use super::{Read, wanted};
use crate::model::section::Section;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &str) =
    ("A path in the product that the page describes as JSON-LD, such as `offers.price`.", "string");

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Read>> {
    wanted(section, 'J', "jsonld")
}
