//! Templates: JSON whose texts have places, `{page.url}`, that an event fills. Formats are made of them, and a config may
//! bring its own.
//!
//! A text that is one place alone becomes the value that stands there, whatever its type, and is left out if there is none;
//! among other text a place becomes text. In a place, `a/b` is the first of two that is there, `'x` the text `x`; behind
//! `|` stands what becomes of it: `|s` text, `|j` its JSON as text, `|50` not more than so many bytes. A member without a
//! name is an object whose members take its place; a list in a list is so many items of it. Objects in which nothing is left are left out.

use super::event::{Event, scalar};
use super::json;
use super::text::{after, cut, next, whole, write_percent};
use super::value::{Object, Value};

/// The JSON of what [`mark`] puts into a list. No text that stands in JSON holds it: its quotes would be escaped.
pub const PLACE: &str = r#""\u001f""#;

/// Puts [`PLACE`] into the last empty list of a template; false if it has none.
pub fn mark(template: &mut Value) -> bool {
    match template {
        Value::Array(items) if items.is_empty() => {
            items.push("\u{1f}".into());
            return true;
        }
        Value::Array(items) => {
            for inner in items.iter_mut().rev() {
                if mark(inner) {
                    return true;
                }
            }
        }
        Value::Object(object) => {
            for (_, inner) in object.0.iter_mut().rev() {
                if mark(inner) {
                    return true;
                }
            }
        }
        _ => {}
    }
    false
}

/// Fills a template.
#[must_use]
pub fn render(template: &Value, event: &Event<'_>) -> Option<Value> {
    match template {
        Value::String(text) => {
            let alone = after(text, "{").and_then(|rest| cut(rest, b'}')).filter(|(_, rest)| rest.is_empty());
            match alone {
                Some((place, _)) => fill(place, event),
                None => Some(Value::String(filled(text, event, false))),
            }
        }
        Value::Object(object) => {
            let mut out = Object::default();
            for (name, inner) in &object.0 {
                match render(inner, event) {
                    Some(Value::Object(members)) if name.is_empty() => out.set_all(&members),
                    Some(value) => out.set(name, value),
                    None => {}
                }
            }
            (!out.is_empty()).then_some(Value::Object(out))
        }
        Value::Array(items) => {
            let mut out = Vec::new();
            for item in items {
                match render(item, event) {
                    Some(Value::Array(mut items)) => out.append(&mut items),
                    Some(item) => out.push(item),
                    None => {}
                }
            }
            Some(Value::Array(out))
        }
        other => Some(other.clone()),
    }
}

/// Fills the places of a text, percent-encoded where it is a URL.
#[must_use]
pub fn filled(text: &str, event: &Event<'_>, percent: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tail)) = cut(rest, b'{') {
        let Some((place, behind)) = cut(tail, b'}') else { break };
        out.push_str(before);
        let found = fill(place, event);
        let found = found.as_ref().and_then(scalar).unwrap_or_default();
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

fn fill(place: &str, event: &Event<'_>) -> Option<Value> {
    let (paths, filter) = cut(place, b'|').unwrap_or((place, ""));
    let (mut paths, mut found) = (Some(paths), None);
    while let (Some(path), None) = (paths, &found) {
        next(&mut paths, b'/');
        let path = cut(path, b'/').map_or(path, |(path, _)| path);
        found = match after(path, "'") {
            Some(text) => Some(text.into()),
            None => event.get(path).cloned(),
        };
    }
    let found = found?;
    Some(match (filter, whole(filter)) {
        ("s", _) => scalar(&found)?.into(),
        ("j", _) => Value::String(text(&found)),
        (_, Some(bytes)) => Value::String(event.short(scalar(&found)?, bytes as usize)),
        _ => found,
    })
}

/// A value's JSON.
#[must_use]
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    json::write(&mut text, value);
    text
}
