//! `download`: a press on a link to a file.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::text::{cut, pieces};
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A press on a link to a file: one with a `download` attribute, or one that ends like a file.",
    options: &[
        ("match", Type::Selector, "Only these links."),
        ("extensions", Type::Texts, "Endings of files, such as `pdf`, instead of the usual ones."),
    ],
    example: r#"{"on":"download","extensions":["pdf","epub"]}"#,
};

const USUAL: &str = "pdf epub mobi zip rar 7z gz tgz dmg exe msi apk doc docx odt rtf txt xls xlsx ods csv ppt pptx odp key mp3 wav m4a mp4 mov webm ics";

struct Download {
    selector: String,
    extensions: Vec<String>,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let selector = section.text("match").unwrap_or("a,area").to_owned();
    Some(Box::new(Download { selector, extensions: section.texts("extensions") }))
}

impl Trigger for Download {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        for event in &["click", "auxclick"] {
            on(Source::Dom, event, &self.selector);
        }
    }

    fn wants(&self) -> &'static [&'static str] {
        &["download", "href", "xlink:href"]
    }

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        let Signal::Element(hit) = signal else { return };
        let mut file = None;
        let mut named = false;
        let mut name_given = None;
        for (name, text) in &hit.attributes {
            match name.as_str() {
                "download" => {
                    named = true;
                    // The name it is to have, which may differ from what the address ends in.
                    name_given = Some(text.as_str()).filter(|text| !text.is_empty());
                }
                "href" | "xlink:href" => file = Some(text.as_str()),
                _ => {}
            }
        }
        let Some(file) = file.and_then(last_segment) else { return };
        // The name it is to have decides, where there is one; it is not told.
        let named_so = name_given.filter(|_| !matches!(file, "data" | "blob")).unwrap_or(file);
        let ending =
            pieces(named_so, b'.').pop().filter(|ending| ending.len() < named_so.len()).unwrap_or("");
        let usual = || {
            self.extensions.is_empty()
                && pieces(USUAL, b' ').iter().any(|each| ending.eq_ignore_ascii_case(each))
        };
        let listed = self.extensions.iter().any(|each| ending.eq_ignore_ascii_case(each));
        if listed || usual() || (named && self.extensions.is_empty()) {
            fire(fired, "download", Some(("file", file.into())));
        }
    }

    fn by_hand(&self) -> bool {
        true
    }
}

/// What stands behind the last slash of a URL's path; `None` if it has no path. Of what the page has made itself there
/// is no more to say than how: a `data:` URL is the content.
fn last_segment(url: &str) -> Option<&str> {
    if let Some((scheme @ ("data" | "blob"), _)) = cut(url, b':') {
        return Some(scheme);
    }
    let path = cut(url, b'#').map_or(url, |(head, _)| head);
    let path = cut(path, b'?').map_or(path, |(head, _)| head);
    let segments = pieces(path, b'/');
    // `https://shop.example`: its host is no file.
    let host = segments.get(1).is_some_and(|second| second.is_empty()) && segments.len() < 4;
    segments.last().copied().filter(|last| !host && !last.is_empty())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::signal::Hit;

    fn fires(extensions: &[&str], attributes: &[(&str, &str)]) -> Option<String> {
        let extensions = extensions.iter().map(|&each| each.to_owned()).collect();
        let mut trigger = Download { selector: String::new(), extensions };
        let attributes = attributes.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect();
        let mut fired = Vec::new();
        trigger.observe(&Signal::Element(Hit { attributes, ..Hit::default() }), Millis(0), &mut fired);
        fired.pop().and_then(|firing| firing.facts.get("file")?.as_str().map(str::to_owned))
    }

    #[test]
    fn files_and_what_is_none() {
        for (href, file) in [
            ("/guides/lamps.pdf", "lamps.pdf"),
            ("lamps.PDF?v=1.2#page=3", "lamps.PDF"),
            ("https://cdn.example/a.b/book.epub", "book.epub"),
        ] {
            assert_eq!(fires(&[], &[("href", href)]).as_deref(), Some(file), "{href}");
        }
        for href in [
            "",
            "#",
            "/a.pdf/",
            "/pdf",
            "https://shop.zip",
            "//shop.zip",
            "/page.html",
            "?file=a.pdf",
            "mailto:a@b.example",
        ] {
            assert_eq!(fires(&[], &[("href", href)]), None, "{href}");
        }
        assert_eq!(fires(&[], &[("href", "/export"), ("download", "")]).as_deref(), Some("export"));
        for (href, file) in
            [("data:text/csv,name/mail@a.example", "data"), ("blob:https://shop.example/6-7", "blob")]
        {
            assert_eq!(fires(&[], &[("href", href)]), None, "{href}");
            assert_eq!(
                fires(&[], &[("href", href), ("download", "list.csv")]).as_deref(),
                Some(file),
                "{href}"
            );
        }
        assert_eq!(
            fires(&["pdf"], &[("href", "/a.zip"), ("download", "")]),
            None,
            "the owner named the endings"
        );
        let named = [("href", "/scarica/42"), ("download", "guida.pdf")];
        assert_eq!(fires(&["pdf"], &named).as_deref(), Some("42"));
        assert_eq!(fires(&["brew"], &[("xlink:href", "/a.Brew")]).as_deref(), Some("a.Brew"));
    }
}
