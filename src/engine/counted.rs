//! What has counted already and may not count again: once per visit, per visitor, per order; and the how many-th time
//! it was. Kept in first-party storage, so that it holds beyond the page.
//!
//! One text of JSON, by conversion: `s` the visit, `i` what counted in it, `e` what counted for good, `n` how many
//! times so far, `d` on which pages (as hashes).

use super::scope::Taken;
use crate::model::config::{Conversion, Once, Per};
use crate::model::json::{self, Writer, write_list, write_string};
use crate::model::uuid::Uuid;
use crate::model::value::{Object, Value, strings};

/// Things remembered per conversion: orders, thresholds. The oldest go first.
const MAX_KEYS: usize = 50;
/// Pages remembered per conversion.
const MAX_PAGES: usize = 500;

/// See the module.
#[derive(Default)]
pub(crate) struct Counted(Vec<Entry>);

#[derive(Default)]
struct Entry {
    name: String,
    session: String,
    in_session: Vec<String>,
    ever: Vec<String>,
    times: u64,
    pages: Vec<String>,
}

impl Counted {
    pub(crate) fn read(text: &str) -> Self {
        let Ok(Value::Object(all)) = json::read(text) else { return Self::default() };
        let mut entries = Vec::new();
        for (name, value) in &all.0 {
            let Value::Object(entry) = value else { continue };
            let session = entry.text("s").unwrap_or_default().to_owned();
            let times = entry.whole("n").unwrap_or(0);
            let list = |name| texts(entry, name);
            let (in_session, ever, pages) = (list("i"), list("e"), list("d"));
            entries.push(Entry { name: name.clone(), session, in_session, ever, times, pages });
        }
        Self(entries)
    }

    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        let mut all = Writer::object(&mut out);
        for entry in &self.0 {
            let mut one = Writer::object(all.name(&entry.name));
            one.string("s", &entry.session);
            for &(name, list) in &[("i", &entry.in_session), ("e", &entry.ever), ("d", &entry.pages)] {
                write_list(one.name(name), list, |out, text| write_string(out, text));
            }
            one.u64("n", entry.times);
            one.end();
        }
        all.end();
        out
    }

    /// Whether that has counted already, as far as can be said before.
    pub(crate) fn used(&self, once: Once, name: &str, session: Uuid, key: &str) -> bool {
        let Some(entry) = self.0.iter().find(|entry| entry.name == name) else { return false };
        match once {
            Once::Session => entry.session == session.text() && has(&entry.in_session, key),
            Once::Visitor | Once::Order => has(&entry.ever, key),
            Once::Event | Once::Element | Once::Page => false,
        }
    }

    /// Whether it counts now, which uses it up. `key`: what counts on its own, such as the order; `page`: where.
    pub(crate) fn take(
        &mut self,
        rule: &Conversion,
        once: Once,
        session: Uuid,
        key: &str,
        page: &str,
    ) -> Taken {
        let place = self.0.iter().position(|entry| entry.name == rule.name).unwrap_or_else(|| {
            self.0.push(Entry { name: rule.name.clone(), ..Entry::default() });
            self.0.len() - 1
        });
        let Some(entry) = self.0.get_mut(place) else { return Taken::Counts };
        let session = session.text();
        if entry.session != session {
            entry.session = session;
            entry.in_session.clear();
            if rule.per == Per::Session {
                entry.times = 0;
                entry.pages.clear();
            }
        }
        if rule.count > 1 && rule.per != Per::Page {
            if rule.distinct && !keep(&mut entry.pages, &hash(page), MAX_PAGES) {
                return Taken::NotYet;
            }
            entry.times += 1;
            if entry.times != rule.count {
                return Taken::NotYet;
            }
        }
        let list = match once {
            Once::Session => &mut entry.in_session,
            Once::Visitor | Once::Order => &mut entry.ever,
            Once::Event | Once::Element | Once::Page => return Taken::Counts,
        };
        if keep(list, key, MAX_KEYS) { Taken::Counts } else { Taken::Repeat }
    }
}

/// Adds what is not there yet; false if it was.
fn keep(list: &mut Vec<String>, text: &str, most: usize) -> bool {
    if has(list, text) {
        return false;
    }
    if list.len() == most {
        list.remove(0);
    }
    list.push(text.to_owned());
    true
}

fn has(list: &[String], text: &str) -> bool {
    list.iter().any(|each| each == text)
}

fn texts(object: &Object, name: &str) -> Vec<String> {
    let Some(Value::Array(items)) = object.get(name) else { return Vec::new() };
    strings(items)
}

/// FNV-1a, 64 bits: a page is known again by it, but cannot be read from storage.
fn hash(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    let mut out = String::new();
    json::write_u64(&mut out, hash >> 11);
    out
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn what_has_counted_is_known_after_a_reload() {
        let once = Conversion { name: "buy".to_owned(), ..Conversion::default() };
        let take = |counted: &mut Counted, once_per: Once, session: u128, key: &str| {
            counted.take(&once, once_per, Uuid(session), key, "/")
        };
        let mut counted = Counted::default();
        assert_eq!(take(&mut counted, Once::Order, 1, "4711"), Taken::Counts);
        assert_eq!(take(&mut counted, Once::Session, 1, ""), Taken::Counts);
        let mut counted = Counted::read(&counted.text());
        assert_eq!(take(&mut counted, Once::Order, 2, "4711"), Taken::Repeat);
        assert_eq!(take(&mut counted, Once::Order, 2, "4712"), Taken::Counts);
        assert_eq!(take(&mut counted, Once::Session, 2, ""), Taken::Counts, "another visit");
        assert!(
            counted.used(Once::Session, "buy", Uuid(2), "")
                && !counted.used(Once::Session, "buy", Uuid(3), "")
        );
        for order in 0..100 {
            let order = order.to_string();
            take(&mut counted, Once::Order, 2, &order);
        }
        assert_eq!(take(&mut counted, Once::Order, 2, "99"), Taken::Repeat);
        assert!(counted.text().len() < 1000, "bounded");
    }

    #[test]
    fn the_third_page_of_a_visit() {
        let rule = Conversion {
            name: "pages".to_owned(),
            count: 3,
            per: Per::Session,
            distinct: true,
            ..Conversion::default()
        };
        let mut counted = Counted::default();
        let mut seen = Vec::new();
        for (session, page) in [(1, "/a"), (1, "/b"), (1, "/a"), (2, "/c"), (2, "/a"), (2, "/b"), (2, "/d")] {
            counted = Counted::read(&counted.text());
            seen.push(counted.take(&rule, Once::Event, Uuid(session), "", page) == Taken::Counts);
        }
        assert_eq!(seen, [false, false, false, false, false, true, false]);
    }

    #[test]
    fn nonsense_in_storage_is_forgotten() {
        for text in ["", "[]", "{\"a\":1}", "{\"a\":{\"s\":1,\"i\":{},\"e\":[1],\"n\":\"x\",\"d\":null}}"] {
            assert!(!Counted::read(text).used(Once::Visitor, "a", Uuid(0), ""), "{text}");
        }
    }
}
