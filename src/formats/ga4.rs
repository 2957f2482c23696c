//! `ga4`: the Measurement Protocol of Google Analytics 4, for a tagging server or a proxy of one's own that adds the
//! secret.
//!
//! Google's servers answer 204 whatever they get. Text plain, as Google's own example sends it. Sources: "Measurement
//! Protocol reference" and "Limitations" (Google Analytics 4), "Event naming rules".

pub(super) use super::by_status as judge;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Limits, Shape};
use crate::model::delivery::Job;
use crate::model::dropped::DropReason;
use crate::model::event::{Event, began, hex, scalar};
use crate::model::items::named;
use crate::model::json::write_u64;
use crate::model::text::{after, pieces};
use crate::model::value::{Object, Value};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "Google Analytics 4, Measurement Protocol, by way of a tagging server or a proxy.",
    words: &[
        Word {
            name: "measurementId",
            schema: r#"{"type":"string"}"#,
            required: true,
            secret: false,
            what: "The data stream's id, `G-...`.",
        },
        Word {
            name: "apiSecret",
            schema: r#"{"type":"string"}"#,
            required: false,
            secret: true,
            what: "The protocol's secret: for tests only. A server of one's own should add it.",
        },
        Word {
            name: "clientId",
            schema: r#"{"type":"string"}"#,
            required: false,
            secret: false,
            what: "The client id Google's tag uses on this page; made of the visitor's id unless said.",
        },
        Word {
            name: "adConsent",
            schema: r#"{"type":"object"}"#,
            required: false,
            secret: false,
            what: "What the requests say about consent to advertising.",
        },
    ],
    example: r#"{"url":"https://sgtm.example/mp/collect","format":"ga4","measurementId":"G-TEST00000","adConsent":{"ad_user_data":"DENIED"}}"#,
    cors: Cors::Configured,
};

pub(super) const LIMITS: Limits = Limits { events: 25, bytes: 130_000, age: 72 * 3_600_000, ..Limits::NONE };

/// Parameters of one event.
const PARAMETERS: usize = 25;
/// Bytes of a name.
const NAME: usize = 40;
/// Google's recommended events.
const NAMES: &[(&str, &str)] = &[
    ("account_created", "sign_up"),
    ("category_viewed", "view_item_list"),
    ("lead", "generate_lead"),
    ("payment_info_entered", "add_payment_info"),
    ("product_viewed", "view_item"),
    ("recommendation_click", "select_item"),
    ("site_search", "search"),
    ("wishlist_add", "add_to_wishlist"),
];
/// Names Google keeps for itself: such events would vanish.
const RESERVED: &str = "error first_open first_visit in_app_purchase session_start user_engagement";
/// What such names begin with: here others may mean something by them, and are given another beginning.
const HEADS: &[&str] = &["ad_", "app_", "notification_"];
/// What reports are made of.
const FIRST: &[&str] = &["value", "points", "currency", "transaction_id", "items"];
/// Texts, whatever the shop writes.
const IDS: &[&str] = &["transaction_id", "item_id"];
/// Of a parameter or product.
const RESERVED_HEADS: &[&str] = &["ga_", "google_", "firebase_", "session_id"];
const ITEM: &[(&str, &str)] = &[
    ("id", "item_id"),
    ("name", "item_name"),
    ("category", "item_category"),
    ("brand", "item_brand"),
    ("variant", "item_variant"),
    ("price", "price"),
    ("quantity", "quantity"),
];

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        query: "measurement_id={measurementId}&api_secret={apiSecret}",
        body: r#"{"client_id":"{clientId/client}","consent":"{adConsent}","events":[]}"#,
        each: r#"{"name":"{identifier}","timestamp_micros":"{micros}","params":"{params}"}"#,
        page: "page_view",
        names: NAMES,
        ..Shape::LIST
    }
}

pub(super) fn facts(event: &mut Event<'_>) -> Result<(), DropReason> {
    let mut name = identifier(event.said("name"));
    if pieces(RESERVED, b' ').contains(&name.as_str()) {
        return Err(DropReason::Inexpressible);
    }
    if begins(&name, HEADS) {
        let mut other = String::from("x_");
        other.push_str(&name);
        name = other;
    }
    let name = event.short(&name, NAME);
    let parameters = parameters(event);
    event.fact("identifier", Value::String(name));
    event.fact("micros", (event.whole("at") * 1000).into());
    event.fact("client", client(event.who).as_str().into());
    event.fact("params", Value::Object(parameters));
    Ok(())
}

/// Two numbers, as Google's cookie has them: a random one, and when the visitor was first seen, in seconds.
fn client(who: &str) -> String {
    let mut id = String::new();
    write_u64(&mut id, hex(who.get(28..).unwrap_or_default()) & 0x7fff_ffff);
    id.push('.');
    write_u64(&mut id, began(who) / 1000);
    id
}

/// Everything else, as far as it goes: 25 parameters, each a short text or a number; what reports are made of first.
fn parameters(event: &mut Event<'_>) -> Object {
    let mut all = Object::default();
    if let Some(Value::Number(start)) = event.facts.get("start") {
        // In seconds, as Google's cookie has it.
        let text = start.text();
        all.set("session_id", text.get(..text.len().saturating_sub(3)).unwrap_or_default().into());
    }
    // Without some time of engagement a visit does not count as one.
    all.set("engagement_time_msec", Value::from(100));
    let money = event.text("currency");
    let valued = money.len() == 3 && money.bytes().all(|byte| byte.is_ascii_uppercase());
    let flat = event.flattened().clone();
    for &is_first in &[true, false] {
        for (name, value) in &flat.0 {
            let to = match name.as_str() {
                // A value needs a currency; without one it is points.
                "value" if !valued => "points",
                "currency" if !valued => continue,
                "order" => "transaction_id",
                name => name,
            };
            if begins(to, FIRST) != is_first {
                continue;
            }
            match value {
                Value::Array(items) if to == "items" => put_items(&mut all, items),
                _ => put(&mut all, to, value),
            }
        }
        if is_first {
            for &(name, path) in &[
                ("page_location", "page.url"),
                ("page_title", "page.title"),
                ("page_referrer", "page.referrer"),
            ] {
                put(&mut all, name, &event.text(path).into());
            }
        }
    }
    while all.0.len() > PARAMETERS {
        all.0.pop();
    }
    all
}

fn begins(name: &str, heads: &[&str]) -> bool {
    heads.iter().any(|head| after(name, head).is_some())
}

fn put(all: &mut Object, name: &str, value: &Value) {
    let mut name = identifier(name);
    name.truncate(NAME);
    let value = match value {
        Value::Number(_) if !begins(&name, IDS) => value.clone(),
        _ => match scalar(value) {
            Some(text) if !text.is_empty() => {
                let end = text.char_indices().nth(100).map_or(text.len(), |(end, _)| end);
                text.get(..end).unwrap_or_default().into()
            }
            _ => return,
        },
    };
    if !begins(&name, RESERVED_HEADS) {
        all.set(&name, value);
    }
}

/// Products, as parameters are; those without id and name are none to Google.
fn put_items(all: &mut Object, items: &[Value]) {
    let mut shorts = Vec::new();
    for item in items {
        let mut short = Object::default();
        for (name, value) in &named(item, ITEM).0 {
            put(&mut short, name, value);
        }
        if short.get("item_id").or(short.get("item_name")).is_some() {
            shorts.push(Value::Object(short));
        }
    }
    if !shorts.is_empty() {
        all.set("items", Value::Array(shorts));
    }
}

/// A name of letters, digits and `_` that begins with a letter.
fn identifier(text: &str) -> String {
    let mut name = String::new();
    for letter in text.chars() {
        if name.is_empty() && !letter.is_ascii_alphabetic() {
            name.push('x');
        }
        name.push(if letter.is_ascii_alphanumeric() { letter } else { '_' });
    }
    name
}
