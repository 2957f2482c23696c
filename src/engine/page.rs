//! The current page view, and how much of its URL may leave the page.

use crate::model::config::PageIdentity;
use crate::model::input::PageFacts;
use crate::model::record::Page;
use crate::model::text::{cut as cut_at, pieces};
use crate::model::uuid::Uuid;

/// The page view events belong to.
pub(crate) struct PageView {
    /// As it stands in records.
    pub(crate) page: Page,
    /// The whole URL, for patterns. It never leaves the engine.
    pub(crate) url: String,
    /// The page it was, while this one has not drawn yet what belongs to it.
    pub(crate) left: Option<Box<Page>>,
}

impl PageView {
    pub(crate) fn new(id: Uuid, facts: PageFacts, identity: &PageIdentity) -> Self {
        let page = Page {
            id,
            url: cut(&facts.url, identity),
            title: facts.title,
            referrer: cut(&facts.referrer, &PageIdentity::default()),
            route: String::new(),
        };
        Self { page, url: facts.url, left: None }
    }

    /// Becomes the view of another page in the same document: `cut` is what may leave the page of its `url`.
    pub(crate) fn route(&mut self, id: Uuid, cut: String) {
        self.left = Some(Box::new(self.page.clone()));
        let before = std::mem::replace(&mut self.page.url, cut);
        (self.page.id, self.page.route, self.page.title) = (id, before, String::new());
    }
}

/// Origin and path, the query keys the config allows, and the hash if it says so.
pub(crate) fn cut(url: &str, identity: &PageIdentity) -> String {
    let (rest, hash) = cut_at(url, b'#').map_or((url, None), |(rest, hash)| (rest, Some(hash)));
    let (path, query) = cut_at(rest, b'?').unwrap_or((rest, ""));
    let mut out = path.to_owned();
    let mut separator = '?';
    for pair in pieces(query, b'&') {
        let key = cut_at(pair, b'=').map_or(pair, |(key, _)| key);
        if identity.query.iter().any(|allowed| allowed == key) {
            out.push(separator);
            out.push_str(pair);
            separator = '&';
        }
    }
    if let Some(hash) = hash.filter(|_| identity.hash) {
        out.push('#');
        out.push_str(hash);
    }
    out
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_allowed_leaves() {
        let url = "https://shop.example/a?email=a%40b.c&product_id=7&token=x&product_id=8#reset=1";
        assert_eq!(cut(url, &PageIdentity::default()), "https://shop.example/a");
        let identity = PageIdentity { query: vec!["product_id".to_owned()], hash: true };
        assert_eq!(cut(url, &identity), "https://shop.example/a?product_id=7&product_id=8#reset=1");
        assert_eq!(cut("https://shop.example/?product_ids=1&#", &identity), "https://shop.example/#");
        assert_eq!(cut("", &identity), "");
    }
}
