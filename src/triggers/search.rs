//! `search`: the visitor has searched the site: a page whose URL holds a search term.
//!
//! The term itself may be anything a visitor typed: it is told only if the rule says `"term": true`.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::text::{cut, next, pieces, utf8};
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A page of search results is viewed: one whose URL holds a search term.",
    options: &[
        ("query", Type::Texts, "The query keys that hold the term, instead of the usual ones."),
        ("term", Type::Flag, "Whether the term itself is told; it may be private."),
    ],
    example: r#"{"on":"search","query":["q"],"term":true}"#,
};

/// The keys of the shop systems in `presets/`, and what most others use.
const USUAL: &str = "q s search query search_query keyword keywords searchTerm term suche recherche";

struct Search {
    query: Vec<String>,
    term: bool,
    last: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let query = section.texts("query");
    Some(Box::new(Search { query, term: section.is("term"), last: String::new() }))
}

impl Trigger for Search {
    fn watch(&self, _: &mut dyn FnMut(Source, &str, &str)) {}

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        let Signal::Url { url, .. } = signal else { return };
        let url = cut(url, b'#').map_or(url.as_str(), |(head, _)| head);
        let query = cut(url, b'?').map_or("", |(_, query)| query);
        let is_key = |key: &str| {
            if self.query.is_empty() {
                pieces(USUAL, b' ').contains(&key)
            } else {
                self.query.iter().any(|wanted| wanted == key)
            }
        };
        let (mut rest, mut found) = (Some(query), "");
        while let Some(pair) = next(&mut rest, b'&') {
            if let Some((_, term)) = cut(pair, b'=').filter(|(key, _)| is_key(key)) {
                found = term;
                break;
            }
        }
        let term = plain(found);
        let term = term.trim_ascii();
        // The next page of the results, another order of them: still the same search.
        if term != self.last && !term.is_empty() {
            fire(fired, "search", self.term.then(|| ("term", term.into())));
        }
        self.last = term.to_owned();
    }
}

/// A query's text without its percent signs; bytes that are no text become U+FFFD.
fn plain(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        let digits = if let [high, low, ..] = more { hex(*high).zip(hex(*low)) } else { None };
        match (first, digits) {
            (b'%', Some((high, low))) => {
                bytes.push(high << 4 | low);
                rest = more.get(2..).unwrap_or_default();
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    utf8(&bytes).unwrap_or_default()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn each_search_once() {
        let mut search = Search { query: Vec::new(), term: true, last: String::new() };
        let mut terms = Vec::new();
        for query in [
            "",
            "?q=red+lamp",
            "?q=red+lamp&page=2",
            "?q=",
            "?q=L%C3%BCster#top",
            "?page=2&s=L%C3%BCster",
            "?x=q&y",
            "?q=%20",
            "?q=a%zz%",
        ] {
            let url = format!("https://shop.example/search{query}");
            let mut fired = Vec::new();
            search.observe(&Signal::Url { url, view: true }, Millis(0), &mut fired);
            terms.extend(
                fired.iter().map(|firing| firing.facts.get("term").unwrap().as_str().unwrap().to_owned()),
            );
        }
        assert_eq!(terms, ["red lamp", "Lüster", "a%zz%"]);
    }
}
