//! What is expected of a request and its answer, in the words of a config.

use super::data::at;
use super::diagnostic::Code;
use super::pattern::Pattern;
use super::section::Section;
use super::signal::Exchange;
use super::value::Value;

/// See the module.
pub struct Expected {
    request: Pattern,
    method: String,
    /// Each of three characters is a digit or `x`.
    status: String,
    has: Option<String>,
    lacks: Option<String>,
}

impl Expected {
    /// Reads it; the pattern stands under `name`.
    pub fn read(section: &mut Section<'_>, name: &'static str) -> Option<Self> {
        let text = section.required(name);
        let (method, status) = (section.owned("method").unwrap_or_default(), section.owned("status"));
        let (has, lacks) = (section.owned("has"), section.owned("lacks"));
        let request = Pattern::parse(text?);
        if request.is_none() {
            section.report(Code::BadUrl, name, &[text?]);
        }
        let status = status.unwrap_or_else(|| "2xx".to_owned());
        Some(Self { request: request?, method, status, has, lacks })
    }

    /// Whether the exchange is the one that is meant, as far as it is known.
    fn fits(&self, exchange: &Exchange) -> bool {
        let mut digits = String::new();
        super::json::write_u64(&mut digits, exchange.status);
        let status = digits.len() == self.status.len()
            && digits.bytes().zip(self.status.bytes()).all(|(is, wanted)| wanted == b'x' || is == wanted);
        let method = self.method.is_empty() || self.method.eq_ignore_ascii_case(&exchange.method);
        status && method && self.request.matches(&exchange.url)
    }

    /// Whether it can only be judged with the answer's content.
    #[must_use]
    pub fn wants_body(&self, exchange: &Exchange) -> bool {
        self.looks() && self.fits(exchange)
    }

    fn looks(&self) -> bool {
        self.has.is_some() || self.lacks.is_some()
    }

    /// Whether this is it. What needs the content and has none does not hold.
    #[must_use]
    pub fn holds(&self, exchange: &Exchange) -> bool {
        let there = |path: &String| match &exchange.body {
            Some(Value::Object(object)) => at(object, path).is_some_and(is_something),
            _ => false,
        };
        (exchange.body.is_some() || !self.looks())
            && self.has.as_ref().is_none_or(there)
            && !self.lacks.as_ref().is_some_and(there)
            && self.fits(exchange)
    }
}

/// `null`, `false`, `0`, empty texts, lists and objects are nothing: that is how servers write "no error".
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(number) => number.thousandths() != Some(0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(object) => !object.is_empty(),
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::json;

    fn expected(text: &str) -> Expected {
        let Ok(Value::Object(object)) = json::read(text) else { panic!("{text}") };
        Expected::read(&mut Section::new(&object, "", &mut Vec::new()), "request").unwrap()
    }

    fn exchange(status: u64, body: Option<&str>) -> Exchange {
        let body = body.map(|text| json::read(text).unwrap());
        let (url, method) = ("https://shop.example/en/cart/add.js?x=1".to_owned(), "POST".to_owned());
        Exchange { url, method, status, body }
    }

    #[test]
    fn by_url_method_and_status() {
        let any = expected(r#"{"request":"**/cart/add*"}"#);
        assert!(
            any.holds(&exchange(204, None))
                && !any.holds(&exchange(422, None))
                && !any.holds(&exchange(0, None))
        );
        assert!(any.holds(&exchange(200, Some("{}"))), "whatever it says");
        assert!(!any.wants_body(&exchange(200, None)));
        assert!(!expected(r#"{"request":"/cart/add*"}"#).holds(&exchange(200, None)));
        assert!(!expected(r#"{"request":"**/cart/*","method":"GET"}"#).holds(&exchange(200, None)));
        assert!(
            expected(r#"{"request":"**/cart/*","method":"post","status":"4x2"}"#).holds(&exchange(422, None))
        );
    }

    #[test]
    fn by_what_the_answer_says() {
        let lacks = expected(r#"{"request":"**/cart/*","lacks":"data.error"}"#);
        assert!(lacks.wants_body(&exchange(200, None)) && !lacks.wants_body(&exchange(500, None)));
        assert!(!lacks.holds(&exchange(200, None)));
        for (body, holds) in [
            (r#"{"data":{"error":null}}"#, true),
            (r#"{"data":{"error":[]}}"#, true),
            ("{}", true),
            (r#"{"data":{"error":"sold out"}}"#, false),
        ] {
            assert_eq!(lacks.holds(&exchange(200, Some(body))), holds, "{body}");
        }
        let has = expected(r#"{"request":"**/cart/*","has":"items.0"}"#);
        assert!(has.holds(&exchange(200, Some(r#"{"items":[{"id":1}]}"#))));
        assert!(
            !has.holds(&exchange(200, Some(r#"{"items":[]}"#))) && !has.holds(&exchange(200, Some("[]")))
        );
    }
}
