//! What the config changes about the properties of events for one collector: `rename`, `drop` and `constants`.

use super::text::{after, cut};
use super::value::{Object, Value};

/// Applies `rename` (from path to name), `drop` (paths) and `constants` (names and values), in this order. Paths may begin
/// with where the object stands, `within`, such as `properties.`.
#[must_use]
pub fn mapped(options: &Object, object: &Object, within: &str) -> Object {
    let mut object = object.clone();
    let inner = |path| after(path, within).unwrap_or(path);
    if let Some(Value::Object(names)) = options.get("rename") {
        for (from, to) in &names.0 {
            if let (Some(value), Some(to)) = (take(&mut object, inner(from)), to.as_str()) {
                object.set(to, value);
            }
        }
    }
    if let Some(Value::Array(paths)) = options.get("drop") {
        for path in paths {
            take(&mut object, inner(path.as_str().unwrap_or_default()));
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
    let found = object.remove(path);
    if found.is_some() {
        return found;
    }
    let (head, tail) = cut(path, b'.')?;
    match object.0.iter_mut().find(|(name, _)| name == head)? {
        (_, Value::Object(inner)) => take(inner, tail),
        _ => None,
    }
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
        json::write(&mut out, &Value::Object(mapped(&options, &event, "")));
        assert_eq!(out, r#"{"d":4,"url":"u","ab":2,"k":1}"#);
        let options = object(r#"{"rename":{"properties.a.b":"c"},"drop":["properties.d","e"]}"#);
        out.clear();
        let properties = object(r#"{"a":{"b":1},"d":2,"e":3}"#);
        json::write(&mut out, &Value::Object(mapped(&options, &properties, "properties.")));
        assert_eq!(out, r#"{"a":{},"c":1}"#);
    }
}
