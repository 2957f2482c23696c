//! An event of a batch, as formats look at it.

use super::data::at;
use super::delivery::Job;
use super::json;
use super::mapping::mapped;
use super::template::render;
use super::text::{after, at_most, whole};
use super::time::iso;
use super::value::{Object, Value};

/// See the module.
pub struct Event<'a> {
    /// The event as the batch holds it.
    pub all: &'a Object,
    /// What it is written for.
    pub job: &'a Job<'a>,
    /// What follows from it, for templates.
    pub facts: Object,
    /// Its properties, after the config's mapping.
    pub properties: Object,
    /// The visitor; where there is none the visit, or the document.
    pub who: &'a str,
}

impl<'a> Event<'a> {
    /// Looks at an event. `names`: the collector's own words for conversions; `page`: its word for a page view.
    ///
    /// What failed, or whose outcome nobody saw, has a `name` of its own (`purchase_failed`): most collectors count by the
    /// name alone, and would count a sale. `plain` is the name without that.
    #[must_use]
    pub fn of(job: &'a Job<'a>, all: &'a Object, names: &[(&str, &str)], page: &str) -> Self {
        let own = text_at(all, "name");
        let mut who = "";
        for id in &[text_at(all, "visitor"), text_at(all, "session.id"), text_at(job.batch, "stream")] {
            who = if who.is_empty() { id } else { who };
        }
        let properties = match all.get("properties") {
            Some(Value::Object(object)) => mapped(job.options, object, "properties."),
            _ => mapped(job.options, &Object::default(), ""),
        };
        let mut event = Self { all, job, facts: Object::default(), properties, who };
        let phase = text_at(all, "phase");
        let refused = matches!(phase, "failed" | "unknown");
        let mut full = own.to_owned();
        if refused {
            full.push('_');
            full.push_str(phase);
        }
        let tail = full.get(own.len()..).unwrap_or_default();
        let given = |name: &str| {
            let given = job.table("events").iter().find(|(from, _)| from == name);
            given.and_then(|(_, to)| to.as_str())
        };
        let standard = names.iter().find(|(from, _)| *from == full).map(|(_, to)| *to);
        let url = event.text("page.url");
        let (origin, host, path, search) = parts(url);
        let at = event.whole("at");
        let kind = event.text("kind");
        let is_page = kind == "page";
        let name = given(&full).or(standard).unwrap_or(&full);
        set_texts(
            &mut event.facts,
            &[
                ("plain", given(own).unwrap_or(own)),
                ("full", &full),
                ("tail", tail),
                ("name", if is_page && !page.is_empty() && given(&full).is_none() { page } else { name }),
                ("event", if is_page { "" } else { name }),
                ("who", who),
                ("origin", origin),
                ("host", host),
                ("path", path),
                ("search", search),
                ("iso", &iso(at)),
                ("sentIso", &iso(job.sent())),
                ("version", env!("CARGO_PKG_VERSION")),
            ],
        );
        event.fact("seconds", (at / 1000).into());
        let start = began(text_at(all, "session.id"));
        if start > 0 {
            event.fact("start", start.into());
        }
        if let ("macro", Some(value), false) = (kind, all.get("value"), refused) {
            event.fact("revenue", value.clone());
        }
        event.tell();
        event
    }

    /// Adds the properties to the facts.
    fn tell(&mut self) {
        if !self.properties.is_empty() {
            for fact in &["mapped", "properties"] {
                self.fact(fact, Value::Object(self.properties.clone()));
            }
        }
        let flat = self.flat();
        self.fact("flat", Value::Object(flat));
    }

    /// Adds a fact.
    pub fn fact(&mut self, name: &str, value: Value) {
        self.facts.set(name, value);
    }

    /// Adds a fact that is a filled template.
    pub fn fill(&mut self, name: &str, template: &str) {
        if let Some(value) = json::read(template).ok().and_then(|template| render(&template, self)) {
            self.fact(name, value);
        }
    }

    /// The properties as a collector that takes any gets them, to be added to.
    pub fn flattened(&mut self) -> &mut Object {
        let place = self.facts.0.iter().position(|(name, _)| name == "flat");
        match place.and_then(|place| self.facts.0.get_mut(place)) {
            Some((_, Value::Object(flat))) => flat,
            _ => &mut self.properties,
        }
    }

    /// What a place of a template names: a fact, or what the event, the batch or the collector's config says, whichever
    /// has it first and not empty. Properties are those after the mapping only.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let sources = [&self.facts, self.all, self.job.batch, self.job.options];
        let only = if after(path, "properties").is_some() { 1 } else { sources.len() };
        for source in sources.iter().take(only) {
            match at(source, path) {
                None => {}
                Some(Value::String(text)) if text.is_empty() => {}
                Some(Value::Object(object)) if object.is_empty() => {}
                found => return found,
            }
        }
        None
    }

    /// A text, cut off behind so many bytes at the most; of a name what says that it failed stays.
    #[must_use]
    pub fn short(&self, text: &str, bytes: usize) -> String {
        let mut tail = text_at(&self.facts, "tail");
        let end = text.len().saturating_sub(tail.len());
        if text.len() <= bytes || tail.len() >= bytes || text.get(end..).is_none_or(|last| last != tail) {
            tail = "";
        }
        let mut short = at_most(text, bytes - tail.len()).to_owned();
        short.push_str(tail);
        short
    }

    /// The text of a fact, or of whatever else has it; empty if nothing has.
    #[must_use]
    pub fn said(&self, path: &str) -> &str {
        self.get(path).and_then(scalar).unwrap_or_default()
    }

    /// A text at a path, such as `page.url`; empty if there is none.
    #[must_use]
    pub fn text(&self, path: &str) -> &'a str {
        text_at(self.all, path)
    }

    /// A whole number at a path; 0 if there is none.
    #[must_use]
    pub fn whole(&self, path: &str) -> u64 {
        whole_at(self.all, path)
    }

    /// Whether it is a page view.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.text("kind") == "page"
    }

    /// The property of that name, as text; numbers are text too.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        scalar(self.properties.get(name)?)
    }

    /// The products it is about.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        if let Some(Value::Array(items)) = self.properties.get("items") { items } else { &[] }
    }

    /// The event's own properties, and under names that none of them has what else there is to say about it.
    fn flat(&self) -> Object {
        let mut flat = self.properties.clone();
        let mut add = |name: &str, value: Option<&Value>| {
            if let (None, Some(value)) = (flat.get(name), value) {
                flat.0.push((name.to_owned(), value.clone()));
            }
        };
        let is_page = self.is_page();
        for &(name, own) in &[
            ("value", "value"),
            ("currency", "currency"),
            ("kind", "kind"),
            ("phase", "phase"),
            ("leads_to", "leadsTo"),
            ("consent", "consent"),
            ("untrusted", "untrusted"),
        ] {
            if !is_page || !matches!(own, "kind" | "phase") {
                add(name, self.all.get(own));
            }
        }
        if let Some(Value::Object(trigger)) = self.all.get("trigger") {
            for (fact, value) in &trigger.0 {
                let mut name = String::from("trigger");
                if fact != "on" {
                    name.push('_');
                    name.push_str(fact);
                }
                add(&name, Some(value));
            }
        }
        flat
    }
}

/// The text of a value that is neither a list nor an object.
#[must_use]
pub fn scalar(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.text()),
        Value::Bool(is) => Some(if *is { "true" } else { "false" }),
        _ => None,
    }
}

/// See [`Event::text`].
#[must_use]
pub fn text_at<'a>(object: &'a Object, path: &str) -> &'a str {
    at(object, path).and_then(Value::as_str).unwrap_or_default()
}

/// See [`Event::whole`].
#[must_use]
pub fn whole_at(object: &Object, path: &str) -> u64 {
    match at(object, path) {
        Some(Value::Number(number)) => whole(number.text()).unwrap_or(0),
        _ => 0,
    }
}

/// The time in an id of version 7, ms since 1970; 0 if it is none.
#[must_use]
pub fn began(id: &str) -> u64 {
    hex(id.get(..13).unwrap_or_default())
}

/// The number that hexadecimal digits make, hyphens left out.
#[must_use]
pub fn hex(digits: &str) -> u64 {
    let mut number = 0;
    for byte in digits.bytes() {
        if let Some(digit) = char::from(byte).to_digit(16) {
            number = number << 4 | u64::from(digit);
        }
    }
    number
}

/// Sets the texts that are not empty.
pub fn set_texts(object: &mut Object, texts: &[(&str, &str)]) {
    for &(name, text) in texts {
        if !text.is_empty() {
            object.set(name, text.into());
        }
    }
}

/// The parts of a URL that collectors want by themselves: scheme and host, host, path, query with its `?`.
#[must_use]
pub fn parts(url: &str) -> (&str, &str, &str, &str) {
    let schemeless = super::text::find(url, "://").map_or(0, |place| place + 3);
    let end = |from: usize, stops: &[u8]| {
        let rest = url.as_bytes().get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| stops.contains(byte)).unwrap_or(rest.len())
    };
    let host = end(schemeless, b"/?#");
    let path = end(host, b"?#");
    let query = end(path, b"#");
    let cut = |from: usize, to: usize| url.get(from..to).unwrap_or_default();
    (cut(0, host), cut(schemeless, host), cut(host, path), cut(path, query))
}

/// The parameters of campaigns that a URL holds (`utm_source` and the like), decoded.
#[must_use]
pub fn campaign(url: &str) -> Object {
    let mut found = Object::default();
    let (.., query) = parts(url);
    for pair in super::text::pieces(query.get(1..).unwrap_or_default(), b'&') {
        if let Some((name, value)) = super::text::cut(pair, b'=')
            && after(name, "utm_").is_some()
        {
            found.set(name, Value::String(decoded(value)));
        }
    }
    found
}

/// Undoes percent-encoding, as forms write it.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |place: usize| char::from(*tail.get(place)?).to_digit(16);
        rest = tail;
        bytes.push(match (*first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                rest = tail.get(2..).unwrap_or_default();
                (high * 16 + low) as u8
            }
            (b'+', ..) => b' ',
            _ => *first,
        });
    }
    super::text::utf8(&bytes).unwrap_or_default()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::template::filled;

    #[test]
    fn urls_in_parts() {
        for (url, is) in [
            ("https://a.example/p/q?x=1#h", ("https://a.example", "a.example", "/p/q", "?x=1")),
            ("https://a.example", ("https://a.example", "a.example", "", "")),
            ("https://a.example:8443?x", ("https://a.example:8443", "a.example:8443", "", "?x")),
            ("", ("", "", "", "")),
        ] {
            assert_eq!(parts(url), is, "{url}");
        }
    }

    #[test]
    fn campaigns_are_decoded() {
        let found = campaign("https://a.example/?utm_source=caf%C3%A9+x&q=1&utm_campaign=%zz&utm_x");
        assert_eq!(text_at(&found, "utm_source"), "café x");
        assert_eq!(text_at(&found, "utm_campaign"), "%zz");
        assert_eq!(found.0.len(), 2);
    }

    #[test]
    fn templates() {
        let object = |text: &str| match json::read(text) {
            Ok(Value::Object(object)) => object,
            _ => panic!("{text}"),
        };
        let (options, batch) = (object(r#"{"key":"a b"}"#), object(r#"{"site":"s","sent":{"at":5}}"#));
        let all = object(r#"{"name":"buy","at":7,"o":{"x":1},"e":"","page":{"url":"https://a.example/p"}}"#);
        let job = Job { options: &options, batch: &batch, end: false, limit: 0, most: 0 };
        let event = Event::of(&job, &all, &[("buy", "Bought")], "");
        let url = |text| filled(text, &event, true);
        assert_eq!(url("/{site}/{name}?k={key}&t={sent.at}&x={nothing}"), "/s/Bought?k=a%20b&t=5&x=");
        assert_eq!(url("/{site"), "/{site");
        assert_eq!(filled("Bearer {key}", &event, false), "Bearer a b");
        let template = r#"{"a":"{at}","b":"{at|s}","c":"{o|j}","d":"{none/name|3}","":"{o}","f":"{none/'d}","g":{"h":"{e}"},"i":[],"j":true,"k":"{at}0"}"#;
        let out = render(&Value::Object(object(template)), &event).unwrap();
        let is = r#"{"a":7,"b":"7","c":"{\"x\":1}","d":"Bou","x":1,"f":"d","i":[],"j":true,"k":"70"}"#;
        assert_eq!(crate::model::template::text(&out), is);
    }

    #[test]
    fn an_id_knows_when_it_was_made() {
        assert_eq!(began("019a24b9-c07b-7b2c-8d3e-4f5061728394"), 0x019a_24b9_c07b);
        assert_eq!((began("x"), hex("5061728394")), (0, 0x50_6172_8394));
    }
}
