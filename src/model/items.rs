//! Products in an event's `items`, under whichever names a shop gives their fields.

use super::value::{Object, Value};

/// The fields collectors ask for, and what shops call them: GA4's name first.
const FIELDS: &[(&str, &[&str])] = &[
    ("id", &["item_id", "id", "sku", "product_id"]),
    ("name", &["item_name", "name", "title"]),
    ("category", &["item_category", "category"]),
    ("brand", &["item_brand", "brand"]),
    ("variant", &["item_variant", "variant"]),
    ("price", &["price"]),
    ("quantity", &["quantity", "qty"]),
];

/// A field of a product.
#[must_use]
pub fn field<'a>(item: &'a Value, name: &str) -> Option<&'a Value> {
    let Value::Object(item) = item else { return None };
    let (_, names) = FIELDS.iter().find(|(field, _)| *field == name)?;
    names.iter().find_map(|name| item.get(name))
}

/// The product under a collector's names, given as pairs of field and name; what else the shop says of it follows
/// under the shop's names.
#[must_use]
pub fn named(item: &Value, names: &[(&str, &str)]) -> Object {
    let mut out = Object::default();
    for (name, to) in names {
        if let Some(value) = field(item, name) {
            out.set(to, value.clone());
        }
    }
    if let Value::Object(item) = item {
        for (name, value) in &item.0 {
            let known = FIELDS.iter().any(|(_, all)| all.contains(&name.as_str()));
            if !known && out.get(name).is_none() {
                out.0.push((name.clone(), value.clone()));
            }
        }
    }
    out
}

/// The same of all of them.
#[must_use]
pub fn named_all(items: &[Value], names: &[(&str, &str)]) -> Vec<Value> {
    let mut all = Vec::new();
    for item in items {
        all.push(Value::Object(named(item, names)));
    }
    all
}
