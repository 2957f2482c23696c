//! `response`: a request of the page was answered. Only rules that say so make us look at requests at all, and only
//! those that name a part of the answer make us read one.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::effect::Source;
use crate::model::exchange::Expected;
use crate::model::section::Section;
use crate::model::signal::Signal;
use crate::model::time::Millis;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A request of the page was answered, well unless `status` says otherwise.",
    options: &[
        ("request", Type::RequiredPattern, "Which requests: a pattern for their path, or whole URL."),
        ("method", Type::Text, "Only this method, such as `POST`."),
        ("status", Type::Text, "The status, such as `201`, `4xx`; `2xx` if it is left out."),
        ("has", Type::Text, "A path in the answer's JSON that must hold something, such as `items.0`."),
        ("lacks", Type::Text, "A path in the answer's JSON that must hold nothing, such as `error`."),
    ],
    example: r#"{"on":"response","request":"**/cart/add*","method":"POST","lacks":"errors"}"#,
};

struct Response(Expected);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    Some(Box::new(Response(Expected::read(section, "request")?)))
}

impl Trigger for Response {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Requests, "", "");
    }

    fn observe(&mut self, signal: &Signal, _: Millis, fired: &mut Vec<Firing>) {
        if let Signal::Exchange(exchange) = signal
            && self.0.holds(exchange)
        {
            fire(fired, "response", Some(("status", exchange.status.into())));
        }
    }

    fn wants_body(&self, signal: &Signal) -> bool {
        matches!(signal, Signal::Exchange(exchange) if self.0.wants_body(exchange))
    }
}
