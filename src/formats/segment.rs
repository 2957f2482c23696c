//! `segment`: Segment's HTTP tracking API, batched, as Segment, RudderStack, Jitsu and Hightouch take it.
//!
//! The key stands in the body and the type is plain text, so that no preflight is made; RudderStack wants it in the
//! URL (`/beacon/v1/batch?writeKey={writeKey}`). Sources: "HTTP Tracking API Source" and "Ecommerce Events (V2)" in
//! Segment's documentation; RudderStack's gateway and Jitsu's ingest service.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Limits, Shape, answer};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, campaign, text_at, whole_at};
use crate::model::items::named_all;
use crate::model::text::{after, cut};
use crate::model::value::{Number, Object, Value};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "Segment's tracking API, which RudderStack, Jitsu and Hightouch speak too.",
    words: &[
        Word {
            name: "writeKey",
            schema: r#"{"type":"string"}"#,
            required: true,
            secret: false,
            what: "The source's write key.",
        },
        Word {
            name: "dialect",
            schema: r#"{"enum":["segment","rudderstack"]}"#,
            required: false,
            secret: false,
            what: "`rudderstack` where the time of an event is called `originalTimestamp`.",
        },
    ],
    example: r#"{"url":"https://api.segment.io/v1/b","format":"segment","writeKey":"WK"}"#,
    cors: Cors::Yes,
};

/// An event of 32 kB, a batch of 500 kB.
pub(super) const LIMITS: Limits = Limits { bytes: 500_000, event: 32_000, ..Limits::NONE };

/// Names of Ecommerce Events (V2).
const NAMES: &[(&str, &str)] = &[
    ("add_to_cart", "Product Added"),
    ("begin_checkout", "Checkout Started"),
    ("category_viewed", "Product List Viewed"),
    ("payment_info_entered", "Payment Info Entered"),
    ("product_viewed", "Product Viewed"),
    ("purchase", "Order Completed"),
    ("recommendation_click", "Product Clicked"),
    ("site_search", "Products Searched"),
    ("wishlist_add", "Product Added to Wishlist"),
];
const PRODUCT: &[(&str, &str)] = &[
    ("id", "product_id"),
    ("name", "name"),
    ("category", "category"),
    ("brand", "brand"),
    ("variant", "variant"),
    ("price", "price"),
    ("quantity", "quantity"),
];

const PAGE: &str = r#"{"path":"{path}","referrer":"{page.referrer}","search":"{search}","title":"{page.title}","url":"{page.url}"}"#;
const ORDER: &str = r#"{"order_id":"{mapped.order}","revenue":"{revenue}"}"#;

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        body: r#"{"writeKey":"{writeKey}","sentAt":"{sentIso}","batch":[]}"#,
        each: r#"{"type":"{type}","event":"{event}","messageId":"{id}","anonymousId":"{who}","timestamp":"{timestamp}","originalTimestamp":"{originalTimestamp}","properties":"{flat}","context":{"page":{"path":"{path}","referrer":"{page.referrer}","search":"{search}","title":"{page.title}","url":"{page.url}"},"campaign":"{campaign}","locale":"{context.language}","timezone":"{context.zone}","screen":{"width":"{width}","height":"{height}"},"sessionId":"{start}","library":{"name":"footstep","version":"{version}"}}}"#,
        names: NAMES,
        ..Shape::LIST
    }
}

pub(super) fn facts(event: &mut Event<'_>) -> Result<(), DropReason> {
    let time = event.said("iso").to_owned();
    let rudder = event.job.option("dialect") == "rudderstack";
    event.fact(if rudder { "originalTimestamp" } else { "timestamp" }, time.as_str().into());
    event.fact("type", if event.is_page() { "page" } else { "track" }.into());
    let mut short = Object::default();
    for (name, value) in &campaign(event.text("page.url")).0 {
        let name = after(name, "utm_").unwrap_or_default();
        short.set(if name == "campaign" { "name" } else { name }, value.clone());
    }
    event.fact("campaign", Value::Object(short));
    // Both are numbers, or there are none.
    if let Some((width, height)) = cut(text_at(event.job.batch, "context.screen"), b'x') {
        for &(name, text) in &[("width", width), ("height", height)] {
            if let Some(number) = Number::parse(text) {
                event.fact(name, Value::Number(number));
            }
        }
    }
    properties(event);
    Ok(())
}

/// The event's properties under the names of the specification.
fn properties(event: &mut Event<'_>) {
    let products = named_all(event.items(), PRODUCT);
    let is_order = event.properties.get("order").is_some();
    event.fill("also", if event.is_page() { PAGE } else { ORDER });
    let also = event.facts.remove("also");
    let all = event.flattened();
    if let Some(Value::Object(also)) = also {
        all.set_all(&also);
    }
    // Steps about one product have its fields as their own.
    if let ([Value::Object(product)], false) = (products.as_slice(), is_order) {
        for (name, value) in &product.0 {
            if PRODUCT.iter().any(|(_, known)| known == name) && all.get(name).is_none() {
                all.set(name, value.clone());
            }
        }
    }
    if !products.is_empty() {
        all.remove("items");
        all.set("products", Value::Array(products));
    }
}

/// Jitsu answers 200 with `ok: false`, and says how many of a batch it took; 402 where the workspace is to pay first.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    // Who has not paid is not let in.
    let status = if status == 402 { 403 } else { status };
    let said = answer(body);
    if status != 200 || !matches!(said.get("ok"), Some(Value::Bool(false))) {
        return Judgement::by_status(status);
    }
    match whole_at(&said, "okEvents") {
        0 => Judgement::of(Verdict::Refused),
        taken => Judgement::of(Verdict::Acknowledged).unnamed((events as u64).saturating_sub(taken), events),
    }
}
