//! `matomo`: Matomo's tracking API, in bulk.
//!
//! The server looks for `"requests"` in the body, whatever its type, so there is no preflight. An order is known by its
//! number and counted once; everything else is counted as often as it is sent. Events older than a day are not taken
//! without a secret. Source: "Tracking HTTP API" in Matomo's developer documentation, and its tracker.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Form, Limits, Shape, answer};
use crate::model::delivery::{Job, Judgement};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, scalar, whole_at};
use crate::model::items::field;
use crate::model::text::pieces;
use crate::model::value::{Number, Object, Value};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "Matomo's tracking API.",
    words: &[
        Word {
            name: "siteId",
            schema: r#"{"type":["integer","string"]}"#,
            required: true,
            secret: false,
            what: "The website's number.",
        },
        Word {
            name: "goals",
            schema: r#"{"type":"object","additionalProperties":{"type":"integer"}}"#,
            required: false,
            secret: false,
            what: "Numbers of goals by the names of conversions that reach them.",
        },
        Word {
            name: "dimensions",
            schema: r#"{"type":"object","additionalProperties":{"type":"integer"}}"#,
            required: false,
            secret: false,
            what: "Numbers of custom dimensions by the names of properties that fill them.",
        },
    ],
    example: r#"{"url":"https://matomo.example/matomo.php","format":"matomo","siteId":1,"goals":{"newsletter_signup":3},"dimensions":{"list":1}}"#,
    cors: Cors::Yes,
};

pub(super) const LIMITS: Limits = Limits { events: 50, age: 86_400_000, ..Limits::NONE };

const TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

pub(super) fn shape(_: &Job<'_>) -> &'static Shape {
    &Shape {
        types: [TYPE; 2],
        body: r#"{"requests":[]}"#,
        // `cdo`, seconds before the request, is right even where the visitor's clock is wrong.
        each: r#"{"rec":1,"apiv":1,"idsite":"{siteId}","_id":"{hex}","cdo":"{ago}","url":"{page.url}","urlref":"{page.referrer}","pv_id":"{view}","res":"{context.screen}","lang":"{context.language}","":"{more}"}"#,
        form: Form::Query,
        ..Shape::LIST
    }
}

/// An order.
const ORDER: &str = r#"{"idgoal":0,"ec_id":"{mapped.order}","revenue":"{value}","ec_st":"{mapped.subtotal}","ec_tx":"{mapped.tax}","ec_sh":"{mapped.shipping}","ec_dt":"{mapped.discount}","ec_items":"{products|j}"}"#;
/// An event, and the goal it reaches; `ca` so that it is never taken for a page view. What funnels go by is its category:
/// the macro-conversion it leads to.
const EVENT: &str =
    r#"{"ca":1,"e_c":"{leadsTo/kind}","e_a":"{name}","e_n":"{phase}","e_v":"{value}","":"{goal}"}"#;
const GOAL: &str = r#"{"idgoal":"{number}","revenue":"{value}"}"#;

pub(super) fn facts(event: &mut Event<'_>) -> Result<(), DropReason> {
    let job = event.job;
    let mut hex = String::new();
    for piece in pieces(event.who, b'-') {
        hex.push_str(piece);
    }
    event.fact("hex", last(&hex, 16).into());
    event.fact("view", last(event.text("page.id"), 6).into());
    event.fact("ago", (job.sent().saturating_sub(event.whole("at")) / 1000).into());
    // What failed has another name, and reaches no goal.
    let goal = job.table("goals").iter().find(|(name, _)| name == event.said("full"));
    if event.is_page() {
        event.fill("more", r#"{"action_name":"{page.title}"}"#);
    } else if event.facts.get("revenue").is_some() && event.property("order").is_some() {
        let mut products = Vec::new();
        for item in event.items() {
            products.push(item_of_order(item));
        }
        if !products.is_empty() {
            event.fact("products", Value::Array(products));
        }
        event.fill("more", ORDER);
    } else {
        if let Some((_, number)) = goal {
            event.fact("number", number.clone());
            event.fill("goal", GOAL);
        }
        event.fill("more", EVENT);
    }
    let mut own = Object::default();
    for (property, number) in job.table("dimensions") {
        if let (Some(value), Some(number)) = (event.property(property), scalar(number)) {
            let mut name = String::from("dimension");
            name.push_str(number);
            own.set(&name, value.into());
        }
    }
    if let Some(Value::Object(more)) = event.facts.get("more") {
        own.set_all(more);
    }
    event.fact("more", Value::Object(own));
    Ok(())
}

/// Number, name, category, price, quantity.
fn item_of_order(item: &Value) -> Value {
    let mut values = Vec::new();
    for &(name, other) in &[("id", ""), ("name", ""), ("category", ""), ("price", "0"), ("quantity", "1")] {
        let other = Number::parse(other).map_or_else(|| other.into(), Value::Number);
        values.push(field(item, name).cloned().unwrap_or(other));
    }
    Value::Array(values)
}

fn last(text: &str, count: usize) -> &str {
    text.get(text.len().saturating_sub(count)..).unwrap_or_default()
}

/// A 200 says how many of the requests were no good, to some also which.
pub(super) fn judge(status: u16, body: &str, events: usize) -> Judgement {
    let said = answer(body);
    let judgement = Judgement::by_status(status);
    if status != 200 {
        return judgement;
    }
    if let Some(Value::Array(places)) = said.get("invalid_indices") {
        return judgement.naming(places);
    }
    judgement.unnamed(whole_at(&said, "invalid"), events)
}
