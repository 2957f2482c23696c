//! `segment`: Segment's HTTP tracking API, batched, as Segment, RudderStack, Jitsu and Hightouch take it.
//!
//! The key stands in the body and the type is plain text, so that no preflight is made; RudderStack wants it in the
//! URL (`/beacon/v1/batch?writeKey={writeKey}`). Sources: "HTTP Tracking API Source" and "Ecommerce Events (V2)" in
//! Segment's documentation; RudderStack's gateway and Jitsu's ingest service.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, LIBRARY, Limits, TEXT, VERSION, answer, screen};
use crate::model::delivery::{Job, Judgement, Verdict};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, campaign, parts, text_at, whole_at};
use crate::model::items::named;
use crate::model::json::{Writer, write, write_string};
use crate::model::text::after;
use crate::model::time::iso;
use crate::model::value::{Object, Value};

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

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    let mut begin = String::new();
    let mut body = Writer::object(&mut begin);
    body.string("writeKey", job.option("writeKey"));
    body.string("sentAt", &iso(job.sent()));
    body.name("batch").push('[');
    Frame::new(job, event, TEXT).around(&begin, "]}")
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let mut writer = Writer::object(out);
    let mut properties = properties(event);
    let page = page(event);
    if event.is_page() {
        writer.string("type", "page");
        properties.0.extend(page.0.iter().cloned());
    } else {
        writer.string("type", "track");
        writer.string("event", event.name(NAMES));
    }
    writer.string("messageId", event.text("id"));
    writer.string("anonymousId", event.who);
    let rudder = job.option("dialect") == "rudderstack";
    writer.string(if rudder { "originalTimestamp" } else { "timestamp" }, &iso(event.whole("at")));
    write(writer.name("properties"), &Value::Object(properties));
    context(writer.name("context"), job, event, page);
    writer.end();
    Ok(())
}

/// The event's properties under the names of the ecommerce specification.
fn properties(event: &Event<'_>) -> Object {
    let mut all = event.flat();
    if let Some(order) = event.properties.get("order") {
        all.set("order_id", order.clone());
    }
    if event.text("kind") == "macro"
        && let Some(value) = event.all.get("value")
    {
        all.set("revenue", value.clone());
    }
    let products: Vec<Object> = event.items().iter().map(|item| named(item, PRODUCT)).collect();
    // Steps about one product have its fields as their own.
    if let ([product], true) = (products.as_slice(), event.properties.get("order").is_none()) {
        for (name, value) in &product.0 {
            if all.get(name).is_none() {
                all.0.push((name.clone(), value.clone()));
            }
        }
    }
    if !products.is_empty() {
        all.0.retain(|(name, _)| name != "items");
        all.set("products", Value::Array(products.into_iter().map(Value::Object).collect()));
    }
    all
}

fn page(event: &Event<'_>) -> Object {
    let url = event.text("page.url");
    let (.., path, search) = parts(url);
    let mut page = Object::default();
    for &(name, text) in &[
        ("path", path),
        ("referrer", event.text("page.referrer")),
        ("search", search),
        ("title", event.text("page.title")),
        ("url", url),
    ] {
        page.set(name, text.into());
    }
    page
}

fn context(out: &mut String, job: &Job<'_>, event: &Event<'_>, page: Object) {
    let mut context = Writer::object(out);
    write(context.name("page"), &Value::Object(page));
    let mut campaign = campaign(event.text("page.url"));
    if !campaign.is_empty() {
        for (name, _) in &mut campaign.0 {
            let short = after(name, "utm_").unwrap_or_default();
            *name = if short == "campaign" { "name" } else { short }.to_owned();
        }
        write(context.name("campaign"), &Value::Object(campaign));
    }
    for &(name, path) in &[("locale", "context.language"), ("timezone", "context.zone")] {
        context.maybe(name, Some(text_at(job.batch, path)).filter(|text| !text.is_empty()));
    }
    if let Some((width, height)) = screen(job) {
        let mut screen = Writer::object(context.name("screen"));
        screen.name("width").push_str(width);
        screen.name("height").push_str(height);
        screen.end();
    }
    if event.session_start() > 0 {
        context.u64("sessionId", event.session_start());
    }
    let out = context.name("library");
    out.push_str("{\"name\":");
    write_string(out, LIBRARY);
    out.push_str(",\"version\":");
    write_string(out, VERSION);
    out.push('}');
    context.end();
}

/// Jitsu answers 200 with `ok: false`, and says how many of a batch it took.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    let said = answer(body);
    if status != 200 || said.get("ok") != Some(&Value::Bool(false)) {
        return Judgement::by_status(status);
    }
    match whole_at(&said, "okEvents") {
        0 => Judgement::of(Verdict::Refused),
        taken => Judgement::of(Verdict::Acknowledged).unnamed((events as u64).saturating_sub(taken), events),
    }
}
