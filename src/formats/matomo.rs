//! `matomo`: Matomo's tracking API, in bulk.
//!
//! The server looks for `"requests"` in the body, whatever its type, so there is no preflight. An order is known by its
//! number and counted once; everything else is counted as often as it is sent. Events older than a day are not taken
//! without a secret. Source: "Tracking HTTP API" in Matomo's developer documentation, and its tracker.

#[cfg(any(test, feature = "catalog"))]
use super::{Cors, Doc, Word};
use super::{Frame, Limits, answer};
use crate::model::delivery::{Job, Judgement};
use crate::model::dropped::DropReason;
use crate::model::event::{Event, scalar, text_at, whole_at};
use crate::model::items::field;
use crate::model::json::{write, write_string, write_u64};
use crate::model::text::{whole, write_percent};
use crate::model::value::Value;

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

pub(super) fn frame(job: &Job<'_>, event: &Event<'_>) -> Frame {
    Frame::new(job, event, "application/x-www-form-urlencoded; charset=utf-8").around("{\"requests\":[", "]}")
}

pub(super) fn item(job: &Job<'_>, event: &Event<'_>, out: &mut String) -> Result<(), DropReason> {
    let mut query = String::from("?rec=1&apiv=1");
    let mut ago = String::new();
    write_u64(&mut ago, job.sent().saturating_sub(event.whole("at")) / 1000);
    let hex: String = event.who.chars().filter(|letter| *letter != '-').collect();
    for &(name, value) in &[
        ("idsite", job.options.get("siteId").and_then(scalar).unwrap_or_default()),
        ("_id", last(&hex, 16)),
        // Seconds before the request: right even where the visitor's clock is wrong.
        ("cdo", &ago),
        ("url", event.text("page.url")),
        ("urlref", event.text("page.referrer")),
        ("pv_id", last(event.text("page.id"), 6)),
        ("res", text_at(job.batch, "context.screen")),
        ("lang", text_at(job.batch, "context.language")),
        ("action_name", if event.is_page() { event.text("page.title") } else { "" }),
    ] {
        add(&mut query, name, value);
    }
    if !event.is_page() {
        conversion(job, event, &mut query);
    }
    for (property, number) in job.table("dimensions") {
        if let (Some(value), Some(number)) = (event.property(property), scalar(number)) {
            let mut name = String::from("dimension");
            name.push_str(number);
            add(&mut query, &name, value);
        }
    }
    write_string(out, &query);
    Ok(())
}

/// An order, or an event with the goal it reaches. What funnels go by is the event's category: the macro-conversion
/// it leads to.
fn conversion(job: &Job<'_>, event: &Event<'_>, query: &mut String) {
    let value = event.all.get("value").and_then(scalar).unwrap_or_default();
    if let (Some(order), "macro") = (event.property("order"), event.text("kind")) {
        add(query, "idgoal", "0");
        add(query, "ec_id", order);
        add(query, "revenue", if value.is_empty() { "0" } else { value });
        for (name, own) in
            [("ec_st", "subtotal"), ("ec_tx", "tax"), ("ec_sh", "shipping"), ("ec_dt", "discount")]
        {
            add(query, name, event.property(own).unwrap_or_default());
        }
        if !event.items().is_empty() {
            let mut items = String::new();
            write(&mut items, &Value::Array(event.items().iter().map(item_of_order).collect()));
            add(query, "ec_items", &items);
        }
        return;
    }
    let leads_to = event.text("leadsTo");
    let phase = event.text("phase");
    for &(name, value) in &[
        ("ca", "1"),
        ("e_c", if leads_to.is_empty() { event.text("kind") } else { leads_to }),
        ("e_a", event.name(&[])),
        ("e_n", phase),
        ("e_v", value),
    ] {
        add(query, name, value);
    }
    let goal = job.table("goals").iter().find(|(name, _)| name == event.text("name"));
    if let (Some((_, goal)), true) = (goal, phase == "confirmed" || phase == "attempted") {
        add(query, "idgoal", scalar(goal).unwrap_or_default());
        add(query, "revenue", value);
    }
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

fn add(query: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        query.push('&');
        query.push_str(name);
        query.push('=');
        write_percent(query, value);
    }
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
        let place = |value| Some(whole(scalar(value)?)? as usize);
        return Judgement { refused: places.iter().filter_map(place).collect(), ..judgement };
    }
    judgement.unnamed(whole_at(&said, "invalid"), events)
}
