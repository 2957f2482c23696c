//! `response`: a request of the page is answered. Only rules that say so make us look at requests at all.

use super::Evidence;
use crate::model::effect::Source;
use crate::model::exchange::Expected;
use crate::model::section::Section;
use crate::model::signal::Signal;

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: (&str, &[(&str, &str)]) = (
    "A request whose URL this pattern means is answered.",
    &[
        ("method", "Only this method, such as `POST`."),
        ("status", "The status, such as `422`, `4xx`; `2xx` if it is left out."),
        ("has", "A path in the answer's JSON that must hold something."),
        ("lacks", "A path in the answer's JSON that must hold nothing."),
    ],
);

struct Response(Expected);

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Evidence>> {
    Some(Box::new(Response(Expected::read(section, "response")?)))
}

impl Evidence for Response {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        on(Source::Requests, "", "");
    }

    fn holds(&self, signal: &Signal) -> bool {
        matches!(signal, Signal::Exchange(exchange) if self.0.holds(exchange))
    }

    fn wants_body(&self, signal: &Signal) -> bool {
        matches!(signal, Signal::Exchange(exchange) if self.0.wants_body(exchange))
    }
}
