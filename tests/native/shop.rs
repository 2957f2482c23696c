//! The config the scenarios share, and the places of its rules.

pub(crate) const SHOP: &str = r##"{
  "site": "shop", "collectors": [{ "url": "/c" }], "pageViews": false, "page": { "query": ["id"] },
  "conversions": {
    "signup": { "on": "submit", "match": "form", "value": 2.50, "currency": "EUR", "leadsTo": "purchase", "read": { "list": { "attribute": "data-list" } } },
    "look": { "on": "click", "match": "a", "once": "page" },
    "purchase": { "on": "page", "url": "**/order/{id}", "macro": true, "read": { "order": { "url": "**/order/{id}" } } },
    "added": { "on": "event", "event": "added", "read": { "value": { "attribute": "data-price" }, "currency": { "constant": "EUR" } } },
    "read": { "on": "scroll", "percent": [50, 100], "url": "/lamps" },
    "card": { "on": "click", "match": "li", "once": "element", "untrusted": "count" }
  }
}"##;
pub(crate) const SIGNUP: u32 = 0;
pub(crate) const LOOK: u32 = 1;
pub(crate) const ADDED: u32 = 3;
pub(crate) const READ: u32 = 4;
pub(crate) const CARD: u32 = 5;
