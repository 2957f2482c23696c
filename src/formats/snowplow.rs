//! `snowplow`: the Snowplow collector's `tp2` protocol.
//!
//! Steps are self-describing events of a schema of one's own (`schema/snowplow` holds it, to be published in one's Iglu
//! registry) or, without `schema`, structured events, which need none. Purchases and steps about products can be
//! events of Snowplow's ecommerce schemas. The type must be exactly this JSON: the collector takes plain text too, but
//! what reads it afterwards does not. Sources: "Snowplow Tracker Protocol", `payload_data` 1-0-4 and the other schemas in
//! Iglu Central, and the loader of the enrichment.

pub(super) use super::by_status as judge;
#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, Limits};
use crate::model::delivery::Job;
use crate::model::dropped::DropReason;
use crate::model::event::{Event, scalar, text_at};
use crate::model::items::field;
use crate::model::json::{Writer, write, write_u64};
use crate::model::value::{Number, Object, Value};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "The Snowplow collector.",
    words: &[
        Word {
            name: "appId",
            schema: r#"{"type":"string"}"#,
            required: false,
            secret: false,
            what: "The application's id, `aid`; the site's name unless said.",
        },
        Word {
            name: "schema",
            schema: r#"{"type":"string","pattern":"^iglu:"}"#,
            required: false,
            secret: false,
            what: "The schema of steps, as published in one's registry; without it they are structured events.",
        },
        Word {
            name: "ecommerce",
            schema: r#"{"type":"boolean"}"#,
            required: false,
            secret: false,
            what: "Whether steps about products are events of Snowplow's ecommerce schemas where they hold all these ask for.",
        },
    ],
    example: r#"{"url":"https://sp.example/com.snowplowanalytics.snowplow/tp2","format":"snowplow","appId":"shop","schema":"iglu:com.example/micro_conversion/jsonschema/1-0-0","ecommerce":true}"#,
    cors: Cors::Yes,
};

/// What Snowplow's own tracker keeps to.
pub(super) const LIMITS: Limits = Limits { bytes: 40_000, ..Limits::NONE };

const IGLU: &str = "iglu:com.snowplowanalytics.snowplow";
/// Types of `snowplow_ecommerce_action`.
const ACTIONS: &[(&str, &str)] = &[
    ("add_to_cart", "add_to_cart"),
    ("category_viewed", "list_view"),
    ("product_viewed", "product_view"),
    ("purchase", "transaction"),
    ("recommendation_click", "list_click"),
];

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    let mut begin = String::new();
    let mut body = Writer::object(&mut begin);
    body.string("schema", &named("/payload_data/jsonschema/1-0-4"));
    body.name("data").push('[');
    Frame::new(job, event, "application/json; charset=UTF-8").around(&begin, "]}")
}

fn named(schema: &str) -> String {
    let mut name = String::from(IGLU);
    name.push_str(schema);
    name
}

/// Every value is a text: the schema knows no other.
pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let mut writer = Writer::object(out);
    let mut entities = Vec::new();
    page_and_session(event, &mut entities);
    let text = |value: Value| {
        let mut text = String::new();
        write(&mut text, &value);
        text
    };
    let described = |schema: &str, data: Object| {
        text(described(
            &named("/unstruct_event/jsonschema/1-0-0"),
            Value::Object(self_described(schema, data)),
        ))
    };
    let action = if job.flag("ecommerce") { commerce(event, &mut entities) } else { None };
    let schema = job.option("schema");
    if event.is_page() {
        writer.string("e", "pv");
    } else if let Some(action) = action {
        let mut data = Object::default();
        data.set("type", action.into());
        writer.string("e", "ue");
        writer.string(
            "ue_pr",
            &described(&named(".ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2"), data),
        );
    } else if schema.is_empty() {
        structured(&mut writer, event);
    } else {
        writer.string("e", "ue");
        writer.string("ue_pr", &described(schema, step(event)));
    }
    let app = job.option("appId");
    let sent = digits(job.sent());
    for &(name, value) in &[
        ("eid", event.text("id")),
        ("p", "web"),
        ("tv", concat!("footstep-", env!("CARGO_PKG_VERSION"))),
        ("tna", super::LIBRARY),
        ("aid", if app.is_empty() { text_at(job.batch, "site") } else { app }),
        ("dtm", &digits(event.whole("at"))),
        ("stm", &sent),
        ("url", event.text("page.url")),
        ("page", event.text("page.title")),
        ("refr", event.text("page.referrer")),
        ("duid", event.text("visitor")),
        ("sid", event.text("session.id")),
        (
            "vid",
            &Some(event.whole("session.number")).filter(|number| *number > 0).map(digits).unwrap_or_default(),
        ),
        ("lang", text_at(job.batch, "context.language")),
        ("tz", text_at(job.batch, "context.zone")),
        ("res", text_at(job.batch, "context.screen")),
    ] {
        writer.maybe(name, Some(value).filter(|value| !value.is_empty()));
    }
    writer.string("co", &text(self::described(&named("/contexts/jsonschema/1-0-0"), Value::Array(entities))));
    writer.end();
    Ok(())
}

fn digits(number: u64) -> String {
    let mut text = String::new();
    write_u64(&mut text, number);
    text
}

fn self_described(schema: &str, data: Object) -> Object {
    let mut object = Object::default();
    object.set("schema", schema.into());
    object.set("data", Value::Object(data));
    object
}

fn described(schema: &str, data: Value) -> Value {
    let mut object = Object::default();
    object.set("schema", schema.into());
    object.set("data", data);
    Value::Object(object)
}

fn page_and_session(event: &Event<'_>, entities: &mut Vec<Value>) {
    let mut page = Object::default();
    page.set("id", event.text("page.id").into());
    entities.push(Value::Object(self_described(&named("/web_page/jsonschema/1-0-0"), page)));
    let (visitor, session) = (event.text("visitor"), event.text("session.id"));
    if !visitor.is_empty() && !session.is_empty() {
        let mut data = Object::default();
        data.set("userId", visitor.into());
        data.set("sessionId", session.into());
        data.set("sessionIndex", event.whole("session.number").into());
        data.set("previousSessionId", Value::Null);
        data.set("storageMechanism", "LOCAL_STORAGE".into());
        entities.push(Value::Object(self_described(&named("/client_session/jsonschema/1-0-2"), data)));
    }
}

/// What the schema of a step says: see `schema/snowplow`.
fn step(event: &Event<'_>) -> Object {
    let mut data = Object::default();
    data.set("name", event.name(&[]).into());
    for &(name, own) in &[
        ("kind", "kind"),
        ("phase", "phase"),
        ("value", "value"),
        ("currency", "currency"),
        ("leads_to", "leadsTo"),
        ("trigger", "trigger"),
        ("consent", "consent"),
        ("untrusted", "untrusted"),
    ] {
        if let Some(value) = event.all.get(own) {
            data.set(name, value.clone());
        }
    }
    if !event.properties.is_empty() {
        data.set("properties", Value::Object(event.properties.clone()));
    }
    data
}

/// Category: the macro-conversion the step leads to, or its kind. Label: the order. Property: the phase.
fn structured(writer: &mut Writer<'_>, event: &Event<'_>) {
    let leads_to = event.text("leadsTo");
    writer.string("e", "se");
    writer.string("se_ca", if leads_to.is_empty() { event.text("kind") } else { leads_to });
    writer.string("se_ac", event.name(&[]));
    writer.maybe("se_la", event.property("order"));
    writer.string("se_pr", event.text("phase"));
    writer.maybe("se_va", event.all.get("value").and_then(scalar));
}

/// The ecommerce action the event is, with its entities; `None` if something these must say is missing.
fn commerce(event: &Event<'_>, entities: &mut Vec<Value>) -> Option<&'static str> {
    let own = event.text("name");
    let (_, action) = ACTIONS.iter().find(|(name, _)| *name == own)?;
    let currency = event.text("currency");
    let (mut found, mut quantity) = (Vec::new(), 0);
    if currency.len() != 3 {
        return None;
    }
    for item in event.items() {
        let (product, count) = product(item, currency)?;
        quantity += count;
        found.push(Value::Object(self_described(&named(".ecommerce/product/jsonschema/1-0-0"), product)));
    }
    if *action == "transaction" {
        let mut data = Object::default();
        data.set("transaction_id", event.property("order")?.into());
        data.set("revenue", money(event.all.get("value")?)?);
        data.set("currency", currency.into());
        data.set("payment_method", event.property("payment_method")?.into());
        data.set("total_quantity", quantity.into());
        for name in ["tax", "shipping"] {
            if let Some(amount) = event.properties.get(name).and_then(money) {
                data.set(name, amount);
            }
        }
        found.push(Value::Object(self_described(&named(".ecommerce/transaction/jsonschema/1-0-0"), data)));
    } else if found.is_empty() {
        return None;
    }
    entities.append(&mut found);
    Some(action)
}

/// A product as its schema wants it, and how many.
fn product(item: &Value, currency: &str) -> Option<(Object, u64)> {
    let mut product = Object::default();
    let text = |name| field(item, name).and_then(scalar);
    product.set("id", text("id")?.into());
    product.set("category", text("category")?.into());
    product.set("price", money(field(item, "price")?)?);
    product.set("currency", currency.into());
    for name in ["name", "brand", "variant"] {
        if let Some(said) = text(name) {
            product.set(name, said.into());
        }
    }
    let quantity = text("quantity").and_then(crate::model::text::whole);
    if let Some(quantity) = quantity {
        product.set("quantity", quantity.into());
    }
    Some((product, quantity.unwrap_or(1)))
}

/// An amount in whole hundredths; others break the schemas.
fn money(value: &Value) -> Option<Value> {
    let number = Number::parse(scalar(value)?)?;
    let thousandths = number.thousandths()?;
    (thousandths >= 0 && thousandths % 10 == 0).then_some(Value::Number(number))
}
