//! `outbound`: a press on a link that leads to another site.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::text::{after, cut, find};
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A press on a link that leads to another host.",
    options: &[
        ("match", Type::Selector, "Only these links."),
        ("domains", Type::Texts, "Only links to these domains and their subdomains, such as `youtube.com`."),
    ],
    example: r#"{"on":"outbound","domains":["youtube.com","instagram.com"],"confirm":"unseen"}"#,
};

struct Outbound {
    selector: String,
    domains: Vec<String>,
    /// The page's own host.
    own: String,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let selector = section.text("match").unwrap_or("a,area").to_owned();
    Some(Box::new(Outbound { selector, domains: section.texts("domains"), own: String::new() }))
}

impl Trigger for Outbound {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        for event in &["click", "auxclick"] {
            on(Source::Dom, event, &self.selector);
        }
    }

    fn wants(&self) -> &'static [&'static str] {
        &["href", "xlink:href"]
    }

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if let Signal::Url { url, .. } = signal {
            self.own = host(url).unwrap_or_default();
        }
        let Signal::Element(hit) = signal else { return };
        let link = hit.attributes.iter().find(|(name, _)| name == "href" || name == "xlink:href");
        let Some(host) = link.and_then(|(_, url)| host(url)) else { return };
        let listed = |domain: &String| {
            host == *domain
                || host
                    .as_bytes()
                    .strip_suffix(domain.as_bytes())
                    .is_some_and(|head| head.last() == Some(&b'.'))
        };
        if host != self.own && (self.domains.is_empty() || self.domains.iter().any(listed)) {
            fire(fired, "outbound", Some(("host", host.as_str().into())));
        }
    }

    fn by_hand(&self) -> bool {
        true
    }
}

/// The host an absolute web address names, in small letters, without `www.`, user and port.
fn host(url: &str) -> Option<String> {
    let small = url.trim_ascii().to_ascii_lowercase();
    let rest = ["https://", "http://", "//"].iter().find_map(|head| after(&small, head))?;
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\')).unwrap_or(rest.len());
    let rest = rest.get(..end)?;
    let rest = find(rest, "@").and_then(|at| rest.get(at + 1..)).unwrap_or(rest);
    let rest = cut(rest, b':').map_or(rest, |(host, _)| host);
    Some(after(rest, "www.").unwrap_or(rest).to_owned())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::signal::Hit;

    fn fires(domains: &[&str], href: &str) -> Option<String> {
        let domains = domains.iter().map(|&each| each.to_owned()).collect();
        let mut trigger = Outbound { selector: String::new(), domains, own: String::new() };
        let mut fired = Vec::new();
        let url = "https://www.shop.example:8080/a?next=https://other.example".to_owned();
        trigger.observe(&Signal::Url { url, view: true }, Millis(0), &mut fired);
        let attributes = vec![("href".to_owned(), href.to_owned())];
        trigger.observe(&Signal::Element(Hit { attributes, ..Hit::default() }), Millis(0), &mut fired);
        fired.pop().and_then(|firing| firing.facts.get("host")?.as_str().map(str::to_owned))
    }

    #[test]
    fn other_hosts_and_no_others() {
        for (href, host) in [
            ("https://www.YouTube.com/@shop", "youtube.com"),
            ("//m.youtube.com?x", "m.youtube.com"),
            (" http://user@other.example:81#x", "other.example"),
        ] {
            assert_eq!(fires(&[], href).as_deref(), Some(host), "{href}");
        }
        for href in [
            "/a",
            "a.html",
            "#x",
            "https://shop.example/b",
            "mailto:a@b.example",
            "javascript:void(0)",
            "tel:1",
        ] {
            assert_eq!(fires(&[], href), None, "{href}");
        }
    }

    #[test]
    fn only_the_domains_that_are_listed() {
        assert!(fires(&["youtube.com"], "https://m.youtube.com/@shop").is_some());
        for href in [
            "https://notyoutube.com/",
            "https://youtube.com.evil.example/",
            "https://other.example/?youtube.com",
        ] {
            assert_eq!(fires(&["youtube.com"], href), None, "{href}");
        }
    }
}
