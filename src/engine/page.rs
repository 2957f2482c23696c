//! The current page view: when another begins, and how much of its URL may leave the page.

use super::Engine;
use super::rule::Rule;
use crate::model::config::PageIdentity;
use crate::model::effect::Effect;
use crate::model::input::PageFacts;
use crate::model::record::{Kind, Page, Record};
use crate::model::signal::Signal;
use crate::model::text::{cut as cut_at, pieces};
use crate::model::time::Now;
use crate::model::uuid::Uuid;
use crate::model::value::Object;

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

impl Engine {
    /// Another document's worth of page: it was restored.
    pub(super) fn page(&mut self, facts: PageFacts, now: Now) {
        self.away = false;
        self.view = PageView::new(self.ids.uuid(now.at), facts, &self.plan.page);
        // What became of the attempts it was left with, and of what counts once, the tab's storage knows.
        if self.is_stored() {
            self.forget_attempts();
            self.effects.push(Effect::OpenStorage { at_once: true });
            // What only this page holds nobody else can have sent.
            if self.is_kept() {
                self.disown(now);
            }
            self.effects.push(Effect::Adopt);
        }
        self.page_begins(now);
    }

    /// The URL changed. Another page begins if what the config calls its identity did; it is seen as a page view when
    /// it has settled, so that a router that pushes and replaces makes one.
    pub(super) fn route(&mut self, url: String, now: Now) {
        // Routers also keep things in the history's entry, such as how far the page was scrolled.
        if url == self.view.url {
            return;
        }
        let other = cut(&url, &self.plan.page);
        if other == self.view.page.url {
            self.view.url = url;
            let url = self.view.url.clone();
            return self.signal(&Signal::Url { url, view: false }, now);
        }
        self.view.url = url;
        match self.view.left.take_if(|left| left.url == other) {
            // There and back before anything was drawn: it has never been left.
            Some(left) => {
                self.view.page = *left;
                self.plan.rules.iter_mut().for_each(Rule::back);
            }
            None if self.view.left.is_some() => self.view.page.url = other,
            None => {
                self.plan.rules.iter_mut().for_each(Rule::leave);
                self.view.route(self.ids.uuid(now.at), other);
                self.effects.push(Effect::Settle);
            }
        }
    }

    /// The page of a route is there.
    pub(super) fn settled(&mut self, title: String, now: Now) {
        if self.view.left.take().is_some() {
            self.plan.rules.iter_mut().for_each(Rule::page_view);
            self.view.page.title = title;
            self.page_seen(now);
        }
    }

    pub(super) fn page_begins(&mut self, now: Now) {
        for rule in &mut self.plan.rules {
            rule.leave();
            rule.page_view();
        }
        self.page_seen(now);
    }

    fn page_seen(&mut self, now: Now) {
        if self.plan.page_views {
            let mut record = Box::new(Record::new(Kind::Page, "page", Object::default()));
            (record.at, record.mono) = (now.at, now.mono);
            self.capture(record, None, now);
        }
        let url = self.view.url.clone();
        self.signal(&Signal::Url { url, view: true }, now);
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
