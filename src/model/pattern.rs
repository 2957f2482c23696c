//! URL patterns: which pages a rule means.
//!
//! A pattern matches the whole path, case-sensitively, a slash at the end ignored. `*` stands for anything within
//! a segment, `**` as a segment for any number of segments, `{name}` for a segment whose text is kept. A pattern
//! with a scheme is held against origin and path, one with a `?` against path and query.

use super::text::{after, cut, find, pieces};

/// A pattern, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

/// How many `**` a pattern may hold: each multiplies the ways it could match.
const MAX_DEEP: usize = 4;

impl Pattern {
    /// Reads a pattern; `None` if it starts neither with `/`, `*` nor a scheme, or holds more than four `**`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let deep = pieces(text, b'/').iter().filter(|segment| **segment == "**").count();
        let starts = matches!(text.bytes().next(), Some(b'/' | b'*')) || find(text, "://").is_some();
        (starts && deep <= MAX_DEEP && text.len() <= 500).then(|| Self(text.to_owned()))
    }

    /// Whether the URL is meant.
    #[must_use]
    pub fn matches(&self, url: &str) -> bool {
        self.captures(url).is_some()
    }

    /// The texts under the names in braces, if the URL is meant.
    #[must_use]
    pub fn captures<'p, 'u>(&'p self, url: &'u str) -> Option<Vec<(&'p str, &'u str)>> {
        let url = cut(url, b'#').map_or(url, |(url, _)| url);
        let query = find(url, "?").unwrap_or(url.len());
        let scheme = find(url, "://").map_or(0, |at| at + 3);
        let path = url.get(scheme..).and_then(|rest| find(rest, "/")).map_or(url.len(), |at| at + scheme);
        let from = if find(&self.0, "://").is_some() { 0 } else { path.min(query) };
        let to = if find(&self.0, "?").is_some() { url.len() } else { query };
        let mut captured = Vec::new();
        let pattern: Vec<&str> = segments(&self.0);
        segments_match(&pattern, &segments(url.get(from..to)?), &mut captured).then_some(captured)
    }
}

/// The text between slashes; one slash at either end does not count.
fn segments(text: &str) -> Vec<&str> {
    let text = after(text, "/").unwrap_or(text);
    let end = text.len() - usize::from(text.as_bytes().last() == Some(&b'/'));
    pieces(text.get(..end).unwrap_or_default(), b'/')
}

fn segments_match<'p, 'u>(
    pattern: &[&'p str],
    path: &[&'u str],
    captured: &mut Vec<(&'p str, &'u str)>,
) -> bool {
    let Some((first, pattern_rest)) = pattern.split_first() else { return path.is_empty() };
    if *first == "**" {
        return (0..=path.len())
            .any(|skipped| segments_match(pattern_rest, path.get(skipped..).unwrap_or_default(), captured));
    }
    let Some((segment, rest)) = path.split_first() else { return false };
    let before = captured.len();
    if segment_matches(first, segment, captured) && segments_match(pattern_rest, rest, captured) {
        return true;
    }
    captured.truncate(before);
    false
}

fn segment_matches<'p, 'u>(
    pattern: &'p str,
    segment: &'u str,
    captured: &mut Vec<(&'p str, &'u str)>,
) -> bool {
    if let Some((name, "")) = after(pattern, "{").and_then(|rest| cut(rest, b'}')) {
        captured.push((name, segment));
        return !segment.is_empty();
    }
    let parts = pieces(pattern, b'*');
    let [head, between @ .., tail] = parts.as_slice() else { return pattern == segment };
    let Some(mut rest) = after(segment, head) else { return false };
    for part in between {
        let Some(at) = find(rest, part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.as_bytes().ends_with(tail.as_bytes())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(pattern: &str, url: &str) -> bool {
        Pattern::parse(pattern).unwrap().matches(url)
    }

    #[test]
    fn paths() {
        let shop = "https://shop.example/checkout/order-received/4711/?key=secret#top";
        for pattern in [
            "/checkout/order-received/4711",
            "**/order-received/*",
            "/**/4711/",
            "/checkout/**",
            "/check*/order-*ed/4*1",
            "https://shop.example/checkout/**",
            "https://*/checkout/**",
            "**/4711/?key=*",
            "/checkout/{page}/{order}",
        ] {
            assert!(matches(pattern, shop), "{pattern}");
        }
        for pattern in
            ["/checkout", "/Checkout/**", "**/order-received", "/order-received/*", "**/*/?key=x", "/"]
        {
            assert!(!matches(pattern, shop), "{pattern}");
        }
        assert!(matches("/", "https://shop.example"));
        assert!(matches("/", "https://shop.example/?a=b"));
        assert!(matches("/a/**", "https://shop.example/a"));
    }

    #[test]
    fn captures() {
        let pattern = Pattern::parse("**/order-received/{order}").unwrap();
        assert_eq!(pattern.captures("https://s.example/a/order-received/77/"), Some(vec![("order", "77")]));
        assert_eq!(pattern.captures("https://s.example/order-received/"), None);
        assert!(Pattern::parse("order").is_none());
        assert!(Pattern::parse("/**/**/**/**/**").is_none());
    }

    proptest! {
        #[test]
        fn any_pattern_against_any_url_ends(pattern in "[/*{}a?:.]{0,30}", url in "[/a?#:.]{0,60}") {
            if let Some(pattern) = Pattern::parse(&pattern) {
                let _ = pattern.captures(&url);
            }
        }
    }
}
