//! What the config changes about events for one collector: `rename`, `drop` and `constants`; and the places of a
//! template, `{page.url}`, in a URL or a header.

use super::data::at;
use super::delivery::Job;
use super::event::scalar;
use super::text::{cut, write_percent};
use super::value::{Object, Value};

/// Applies `rename` (from path to name), `drop` (paths) and `constants` (names and values), in this order.
#[must_use]
pub fn mapped(options: &Object, object: &Object) -> Object {
    let mut object = object.clone();
    if let Some(Value::Object(names)) = options.get("rename") {
        for (from, to) in &names.0 {
            if let (Some(value), Some(to)) = (take(&mut object, from), to.as_str()) {
                object.set(to, value);
            }
        }
    }
    if let Some(Value::Array(paths)) = options.get("drop") {
        for path in paths {
            take(&mut object, path.as_str().unwrap_or_default());
        }
    }
    if let Some(Value::Object(constants)) = options.get("constants") {
        for (name, value) in &constants.0 {
            object.set(name, value.clone());
        }
    }
    object
}

/// Takes out what stands under that name, or at that path.
fn take(object: &mut Object, path: &str) -> Option<Value> {
    if let Some(place) = object.0.iter().position(|(name, _)| name == path) {
        return Some(object.0.remove(place).1);
    }
    let (head, tail) = cut(path, b'.')?;
    match object.0.iter_mut().find(|(name, _)| name == head)? {
        (_, Value::Object(inner)) => take(inner, tail),
        _ => None,
    }
}

/// Fills the places of a template: with the words of the collector, of the batch or of the event, whichever has them
/// first. What nobody has is left empty. In a URL (`percent`) they are encoded as such.
#[must_use]
pub fn filled(template: &str, job: &Job<'_>, event: &Object, percent: bool) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, tail)) = cut(rest, b'{') {
        let Some((path, behind)) = cut(tail, b'}') else { break };
        out.push_str(before);
        let sources = [job.options, job.batch, event];
        let found = sources.into_iter().find_map(|source| scalar(at(source, path)?)).unwrap_or_default();
        if percent {
            write_percent(&mut out, found);
        } else {
            out.push_str(found);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::json;

    fn object(text: &str) -> Object {
        let Ok(Value::Object(object)) = json::read(text) else { panic!("{text}") };
        object
    }

    #[test]
    fn renamed_dropped_and_added() {
        let options = object(
            r#"{"rename":{"page.url":"url","a.b":"ab","none":"x"},"drop":["page","c"],"constants":{"k":1}}"#,
        );
        let event = object(r#"{"page":{"url":"u","title":"t"},"a.b":2,"c":3,"d":4}"#);
        let mut out = String::new();
        json::write(&mut out, &Value::Object(mapped(&options, &event)));
        assert_eq!(out, r#"{"d":4,"url":"u","ab":2,"k":1}"#);
    }

    #[test]
    fn templates() {
        let (options, batch) = (object(r#"{"key":"a b"}"#), object(r#"{"site":"s","sent":{"at":5}}"#));
        let event = object(r#"{"site":"no","name":"buy"}"#);
        let job = Job { options: &options, batch: &batch, end: false, limit: 0, most: 0 };
        let of = |text| filled(text, &job, &event, true);
        assert_eq!(of("/{site}/{name}?k={key}&t={sent.at}&x={nothing}"), "/s/buy?k=a%20b&t=5&x=");
        assert_eq!(of("/{site"), "/{site");
        assert_eq!(filled("Bearer {key}", &job, &event, false), "Bearer a b");
    }
}
