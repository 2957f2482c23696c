//! The data layer: an array by which shops tell tag managers what happens. Three shapes are in use, and become one.
//!
//! - Plain objects, `{event, ecommerce: {..}}`: GA4 by Google Tag Manager.
//! - Arguments of `gtag('event', name, {..})`, which arrive here as a list.
//! - `{ecommerce: {add: {products: [..]}}}`: Universal Analytics' enhanced ecommerce, still pushed by older shops.
//!
//! Sources: "Measure ecommerce" (GA4) and "Enhanced ecommerce" (UA) in Google's developer documentation.

use super::signal::Data;
use super::text::{after, next, whole};
use super::value::{Object, Value};

/// What Universal Analytics called an action, and what GA4 calls it.
const OLD: &[(&str, &str)] = &[
    ("add", "add_to_cart"),
    ("remove", "remove_from_cart"),
    ("detail", "view_item"),
    ("checkout", "begin_checkout"),
    ("purchase", "purchase"),
];

/// Understands an entry; `None` if it tells of no event.
#[must_use]
pub fn read(entry: Value) -> Option<Data> {
    let mut data = Data::default();
    match entry {
        Value::Array(arguments) => {
            if arguments.first()?.as_str() != Some("event") {
                return None;
            }
            let name = arguments.get(1)?;
            data.event = name.as_str()?.to_owned();
            data.entry.set("event", name.clone());
            data.entry.set("ecommerce", arguments.get(2).cloned().unwrap_or(Value::Null));
        }
        Value::Object(entry) => {
            let old =
                OLD.iter().find_map(|&(old, new)| Some((new, translated(entry.get("ecommerce")?, old)?)));
            data.entry = entry;
            if let Some((event, sale)) = old {
                data.event = event.to_owned();
                data.entry.set("ecommerce", Value::Object(sale));
            } else {
                data.event = data.entry.get("event")?.as_str()?.to_owned();
            }
        }
        _ => return None,
    }
    // The tag manager's own.
    after(&data.event, "gtm.").is_none().then_some(data)
}

/// The value at a path such as `ecommerce.items.0.price`.
#[must_use]
pub fn at<'a>(entry: &'a Object, path: &str) -> Option<&'a Value> {
    let mut steps = Some(path);
    let mut value = entry.get(next(&mut steps, b'.')?)?;
    while let Some(step) = next(&mut steps, b'.') {
        value = match value {
            Value::Object(object) => object.get(step)?,
            Value::Array(items) => items.get(whole(step)? as usize)?,
            _ => return None,
        };
    }
    Some(value)
}

/// What an old action says, under GA4's names.
fn translated(sale: &Value, action: &str) -> Option<Object> {
    let Value::Object(sale) = sale else { return None };
    let Some(Value::Object(said)) = sale.get(action) else { return None };
    let mut new = Object::default();
    for &(name, from, path) in &[
        ("items", said, "products"),
        ("currency", sale, "currencyCode"),
        ("value", said, "actionField.revenue"),
        ("transaction_id", said, "actionField.id"),
    ] {
        if let Some(value) = at(from, path) {
            new.set(name, value.clone());
        }
    }
    Some(new)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::json;

    fn data(text: &str) -> Option<Data> {
        read(json::read(text).unwrap())
    }

    fn value(data: &Data, path: &str) -> String {
        let mut out = String::new();
        if let Some(value) = at(&data.entry, path) {
            json::write(&mut out, value);
        }
        out
    }

    #[test]
    fn three_shapes_become_one() {
        for text in [
            r#"{"event":"add_to_cart","ecommerce":{"value":12.5,"currency":"EUR","items":[{"item_id":"a"}]}}"#,
            r#"["event","add_to_cart",{"value":12.5,"currency":"EUR","items":[{"item_id":"a"}]}]"#,
            r#"{"event":"addToCart","ecommerce":{"currencyCode":"EUR","add":{"actionField":{"revenue":12.5},"products":[{"item_id":"a"}]}}}"#,
        ] {
            let data = data(text).unwrap();
            assert_eq!(data.event, "add_to_cart", "{text}");
            assert_eq!(value(&data, "ecommerce.value"), "12.5", "{text}");
            assert_eq!(value(&data, "ecommerce.currency"), "\"EUR\"", "{text}");
            assert_eq!(value(&data, "ecommerce.items.0.item_id"), "\"a\"", "{text}");
        }
    }

    #[test]
    fn what_tells_of_no_event() {
        for text in [
            r#"{"ecommerce":null}"#,
            r#"["config","G-1",{}]"#,
            r#"["event"]"#,
            r#"{"event":"gtm.js"}"#,
            r#"{"event":5}"#,
            "[]",
            "7",
        ] {
            assert_eq!(data(text), None, "{text}");
        }
        assert_eq!(value(&data(r#"["event","x"]"#).unwrap(), "ecommerce.value"), "");
    }
}
