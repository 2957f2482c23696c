//! One event as others get it, from `/v1/events` and on the live page: what was sent, and what the collector adds.
//!
//! Pure text; knows neither tables nor requests.

use footstep::model::json::Writer;
use footstep::model::time::Millis;

/// `{"received":..,"stream":"..","site":"..",` and then the members of the event, untouched.
#[must_use]
pub fn write(received: Millis, stream: &str, site: Option<&str>, event: &str) -> String {
    let mut line = String::with_capacity(event.len() + 120);
    let mut writer = Writer::object(&mut line);
    writer.u64("received", received.0);
    writer.string("stream", stream);
    writer.maybe("site", site);
    // An event is never empty (it has an id), so a comma always belongs here; its own brace closes the line.
    line.push(',');
    line.push_str(event.strip_prefix('{').unwrap_or(event));
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_is_embedded_as_it_is() {
        let line = write(Millis(7), "s", Some("a\"b"), r#"{"seq":1,"value":12.50}"#);
        assert_eq!(line, r#"{"received":7,"stream":"s","site":"a\"b","seq":1,"value":12.50}"#);
        assert_eq!(write(Millis(7), "s", None, r#"{"seq":1}"#), r#"{"received":7,"stream":"s","seq":1}"#);
    }
}
