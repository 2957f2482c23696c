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
use super::{Limits, Shape};
use crate::model::delivery::Job;
use crate::model::dropped::DropReason;
use crate::model::event::{Event, scalar};
use crate::model::items::field;
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

const TYPE: &str = "application/json; charset=UTF-8";
/// Types of `snowplow_ecommerce_action`.
const ACTIONS: &[(&str, &str)] = &[
    ("add_to_cart", "add_to_cart"),
    ("category_viewed", "list_view"),
    ("product_viewed", "product_view"),
    ("purchase", "transaction"),
    ("recommendation_click", "list_click"),
];

/// What the schema of a step says: see `schema/snowplow`.
const STEP: &str = r#"{"schema":"{schema}","data":{"name":"{plain}","kind":"{kind}","phase":"{phase}","value":"{value}","currency":"{currency}","leads_to":"{leadsTo}","trigger":"{trigger}","consent":"{consent}","untrusted":"{untrusted}","properties":"{mapped}"}}"#;
/// Category: the macro-conversion the step leads to, or its kind. Label: the order. Property: the phase.
const STRUCTURED: &str = r#"{"e":"se","se_ca":"{leadsTo/kind}","se_ac":"{plain}","se_la":"{mapped.order|s}","se_pr":"{phase}","se_va":"{value|s}"}"#;
const ACTION: &str = r#"{"schema":"iglu:com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2","data":{"type":"{action}"}}"#;
const EVENT: &str =
    r#"{"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0","data":"{inner}"}"#;
const SESSION: &str = r#"{"schema":"iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2","data":{"userId":"{visitor}","sessionId":"{session.id}","sessionIndex":"{session.number}","previousSessionId":null,"storageMechanism":"LOCAL_STORAGE"}}"#;
const PRODUCT: &str = r#"{"schema":"iglu:com.snowplowanalytics.snowplow.ecommerce/product/jsonschema/1-0-0","data":"{product}"}"#;
const TRANSACTION: &str = r#"{"schema":"iglu:com.snowplowanalytics.snowplow.ecommerce/transaction/jsonschema/1-0-0","data":{"transaction_id":"{mapped.order|s}","revenue":"{value}","currency":"{currency}","payment_method":"{mapped.payment_method|s}","total_quantity":"{quantity}"}}"#;
const ENTITIES: &str = r#"{"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0","data":[{"schema":"iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0","data":{"id":"{page.id}"}},"{visit}","{products}","{transaction}"]}"#;

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        types: [TYPE; 2],
        body: r#"{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[]}"#,
        // Every value is a text: the schema knows no other.
        each: r#"{"":"{what}","eid":"{id}","p":"web","tv":"footstep-{version}","tna":"footstep","aid":"{appId/site}","dtm":"{at|s}","stm":"{sent.at|s}","url":"{page.url}","page":"{page.title}","refr":"{page.referrer}","duid":"{visitor}","sid":"{session.id}","vid":"{session.number|s}","lang":"{context.language}","tz":"{context.zone}","res":"{context.screen}","co":"{entities|j}"}"#,
        ..Shape::LIST
    }
}

pub(super) fn facts(event: &mut Event<'_>) -> Result<(), DropReason> {
    if !event.text("visitor").is_empty() && !event.text("session.id").is_empty() {
        event.fill("visit", SESSION);
    }
    if event.is_page() {
        event.fill("what", r#"{"e":"pv"}"#);
    } else {
        if event.job.flag("ecommerce") && commerce(event).is_some() {
            event.fill("inner", ACTION);
        } else {
            // Not all of them was there.
            event.facts.remove("products");
            if !event.job.option("schema").is_empty() {
                event.fill("inner", STEP);
            }
        }
        event.fill("outer", EVENT);
        let own = event.facts.get("inner").is_some();
        event.fill("what", if own { r#"{"e":"ue","ue_pr":"{outer|j}"}"# } else { STRUCTURED });
    }
    event.fill("entities", ENTITIES);
    Ok(())
}

/// Sets what an ecommerce action and its entities say; `None` if something these must say is missing.
fn commerce(event: &mut Event<'_>) -> Option<()> {
    let own = event.said("full");
    let (_, action) = ACTIONS.iter().find(|(name, _)| *name == own)?;
    let currency = event.text("currency");
    let (mut products, mut quantity) = (Vec::new(), 0);
    if currency.len() != 3 {
        return None;
    }
    for item in event.items().to_owned() {
        let (product, count) = product(&item, currency)?;
        quantity += count;
        event.fact("product", Value::Object(product));
        event.fill("entity", PRODUCT);
        products.push(event.facts.get("entity")?.clone());
    }
    event.fact("action", (*action).into());
    if *action == "transaction" {
        money(event.all.get("value")?)?;
        event.property("order").and(event.property("payment_method"))?;
        event.fact("quantity", quantity.into());
        event.fill("transaction", TRANSACTION);
    } else if products.is_empty() {
        return None;
    }
    event.fact("products", Value::Array(products));
    Some(())
}

/// A product as its schema wants it, and how many.
fn product(item: &Value, currency: &str) -> Option<(Object, u64)> {
    let mut product = Object::default();
    let text = |name| field(item, name).and_then(scalar);
    product.set("id", text("id")?.into());
    product.set("category", text("category")?.into());
    product.set("price", money(field(item, "price")?)?);
    product.set("currency", currency.into());
    for name in &["name", "brand", "variant"] {
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
