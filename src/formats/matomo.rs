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
use crate::model::event::{Event, scalar, set_texts, whole_at};
use crate::model::items::field;
use crate::model::template::text;
use crate::model::text::pieces;
use crate::model::value::{Object, Value};

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

pub(super) fn facts(event: &mut Event<'_>) -> Result<(), DropReason> {
    let mut hex = String::new();
    for piece in pieces(event.who, b'-') {
        hex.push_str(piece);
    }
    let view = last(event.text("page.id"), 6);
    let ago = event.job.sent().saturating_sub(event.whole("at")) / 1000;
    let mut more = Object::default();
    if event.is_page() {
        set_texts(&mut more, &[("action_name", event.text("page.title"))]);
    } else {
        conversion(event, &mut more);
    }
    for (property, number) in event.job.table("dimensions") {
        if let (Some(value), Some(number)) = (event.property(property), scalar(number)) {
            let mut name = String::from("dimension");
            name.push_str(number);
            more.set(&name, value.into());
        }
    }
    event.fact("hex", last(&hex, 16).into());
    event.fact("view", view.into());
    event.fact("ago", ago.into());
    event.fact("more", Value::Object(more));
    Ok(())
}

/// An order, or an event with the goal it reaches. What funnels go by is the event's category: the macro-conversion
/// it leads to.
fn conversion(event: &Event<'_>, more: &mut Object) {
    let value = event.said("value");
    let property = |name| event.property(name).unwrap_or_default();
    let order = property("order");
    if !order.is_empty() && event.text("kind") == "macro" {
        let mut items = Vec::new();
        for item in event.items() {
            items.push(item_of_order(item));
        }
        let items = Value::Array(items);
        let texts = [
            ("idgoal", "0"),
            ("ec_id", order),
            ("revenue", if value.is_empty() { "0" } else { value }),
            ("ec_st", property("subtotal")),
            ("ec_tx", property("tax")),
            ("ec_sh", property("shipping")),
            ("ec_dt", property("discount")),
            ("ec_items", &if event.items().is_empty() { String::new() } else { text(&items) }),
        ];
        set_texts(more, &texts);
        return;
    }
    let (leads_to, phase) = (event.text("leadsTo"), event.text("phase"));
    let goal = event.job.table("goals").iter().find(|(name, _)| name == event.text("name"));
    let goal = goal.and_then(|(_, goal)| scalar(goal)).filter(|_| matches!(phase, "confirmed" | "attempted"));
    let texts = [
        // Never to be taken for a page view.
        ("ca", "1"),
        ("e_c", if leads_to.is_empty() { event.text("kind") } else { leads_to }),
        ("e_a", event.said("name")),
        ("e_n", phase),
        ("e_v", value),
        ("idgoal", goal.unwrap_or_default()),
        ("revenue", if goal.is_some() { value } else { "" }),
    ];
    set_texts(more, &texts);
}

/// Number, name, category, price, quantity.
fn item_of_order(item: &Value) -> Value {
    let of = |name, other: Value| field(item, name).cloned().unwrap_or(other);
    let empty = || Value::from("");
    Value::Array(vec![
        of("id", empty()),
        of("name", empty()),
        of("category", empty()),
        of("price", 0.into()),
        of("quantity", 1.into()),
    ])
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
