//! `opengraph`: what the page says of itself to social networks, in its head.

use super::{Read, wanted};
use crate::model::section::Section;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &str) =
    ("A `meta` property of the page, such as `product:price:amount`.", "string");

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Read>> {
    wanted(section, 'O', "opengraph")
}
