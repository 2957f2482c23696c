//! What bodies hold of events as pages really make them: what was to be dropped, what looks like a place for events, what is
//! too long or too much, what failed.

use footstep::formats::{ENCODERS, encode};
use footstep::model::delivery::{Encoded, Job, Request};
use footstep::model::dropped::DropReason;
use footstep::model::value::Value;
use serde_json::{Value as Json, json};

use crate::formats::batch;
use crate::wire::object;

/// What becomes of the fifth event, a purchase, with other members.
fn encoded(format: &str, options: &str, members: &str) -> Encoded {
    let row = ENCODERS.iter().find(|row| row.name == format).unwrap();
    let mut batch = batch();
    let Some(Value::Array(events)) = batch.get("events") else { panic!() };
    let Value::Object(mut event) = events[4].clone() else { panic!() };
    event.set_all(&object(members));
    batch.set("events", Value::Array(vec![Value::Object(event)]));
    let options = object(options);
    encode(row, &Job { options: &options, batch: &batch, end: false, limit: 60_000, most: 9 })
}

fn request(format: &str, options: &str, members: &str) -> Request {
    encoded(format, options, members).requests.remove(0)
}

fn body(format: &str, options: &str, members: &str) -> Json {
    let body = request(format, options, members).body;
    serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

#[test]
fn the_properties_of_a_template_are_those_after_the_mapping() {
    let each = r#""each":{"":"{properties}","first":"{properties.email/'none}","t":"{properties.order}"}"#;
    let members = r#"{"properties":{"email":"a@b.example","order":"1","list":"x"}}"#;
    for path in ["email", "properties.email"] {
        let options = format!(
            r#"{{"url":"/","drop":["{path}"],"rename":{{"list":"l"}},"constants":{{"source":"web"}},{each}}}"#
        );
        let expected = json!([{"order": "1", "l": "x", "source": "web", "first": "none", "t": "1"}]);
        assert_eq!(body("json", &options, members), expected, "{path}");
    }
    let options = format!(r#"{{"url":"/{{properties.email}}","drop":["email"],{each}}}"#);
    let all = request("json", &options, r#"{"properties":{"email":"a@b.example"}}"#);
    assert_eq!(
        (all.url.as_str(), all.body.as_str()),
        ("/", r#"[{"first":"none"}]"#),
        "nothing is left of them"
    );
    let row = body("clickhouse", r#"{"url":"/","table":"t","drop":["email"]}"#, members);
    assert_eq!(row["properties"], r#"{"order":"1","list":"x"}"#, "nor in a column");
}

#[test]
fn the_events_stand_in_the_lists_place_whatever_the_page_is_called() {
    let page = r#"{"page":{"url":"https://a.example/?f[]=red","title":"[]"},"properties":{"items":[]}}"#;
    for own in [
        r#"{"batch":[],"page":"{page.url}"}"#,
        r#"{"batch":[],"":{"page":"{page.url}","items":"{properties.items}"},"title":"{page.title}"}"#,
        r#"{"first":[],"batch":[],"page":"{page.url}","one":["{name}"]}"#,
    ] {
        let options = format!(r#"{{"url":"/","body":{own},"each":"{{id}}"}}"#);
        let body = body("json", &options, page);
        assert_eq!(body["batch"], json!(["01a201c3-77c7-7b2c-8d3e-4f5061728315"]), "{body}");
        assert_eq!(body["page"], "https://a.example/?f[]=red");
    }
}

/// The fifth event, with a note or without.
fn noted(note: &str) -> Value {
    let batch = batch();
    let Some(Value::Array(events)) = batch.get("events") else { panic!() };
    let Value::Object(mut event) = events[4].clone() else { panic!() };
    let properties = if note.is_empty() { String::from("{}") } else { format!(r#"{{"note":"{note}"}}"#) };
    event.set_all(&object(&format!(r#"{{"properties":{properties}}}"#)));
    Value::Object(event)
}

/// What stands around the events is that of all of them.
#[test]
fn events_share_a_request_only_where_it_is_the_same_for_both() {
    let row = ENCODERS.iter().find(|row| row.name == "json").unwrap();
    let named = |at: usize, name: &str| {
        let batch = batch();
        let Some(Value::Array(events)) = batch.get("events") else { panic!() };
        let Value::Object(mut event) = events[at].clone() else { panic!() };
        event.set("name", name.into());
        Value::Object(event)
    };
    let mut batch = batch();
    batch.set("events", Value::Array(vec![named(4, "a"), named(4, "a"), named(4, "b"), named(4, "a")]));
    let places = |options: &str| -> Vec<(String, Vec<usize>)> {
        let options = object(options);
        let all = encode(row, &Job { options: &options, batch: &batch, end: false, limit: 60_000, most: 9 });
        all.requests.into_iter().map(|request| (request.url, request.events)).collect()
    };
    let three = |urls: [&str; 3]| -> Vec<(String, Vec<usize>)> {
        urls.iter().map(|url| (*url).to_owned()).zip([vec![0, 1], vec![2], vec![3]]).collect()
    };
    assert_eq!(places(r#"{"url":"/"}"#), [("/".to_owned(), vec![0, 1, 2, 3])]);
    assert_eq!(places(r#"{"url":"/{name}"}"#), three(["/a", "/b", "/a"]));
    assert_eq!(places(r#"{"url":"/","headers":{"X-Name":"{name}"}}"#), three(["/"; 3]));
    assert_eq!(places(r#"{"url":"/","body":{"of":"{name}","list":[]}}"#), three(["/"; 3]));
    assert_eq!(places(r#"{"url":"/","body":{"list":[],"of":"{name}"}}"#), three(["/"; 3]));
    // What the first begins with and the second does not.
    let mut without = object(r#"{"site":"x"}"#);
    without.set("events", Value::Array(vec![noted("n"), noted("")]));
    let options = object(r#"{"url":"/","body":["{properties.note}",[]],"each":"{id}"}"#);
    let all = encode(row, &Job { options: &options, batch: &without, end: false, limit: 60_000, most: 9 });
    assert_eq!(all.requests.len(), 2, "{:?}", all.requests);
}

/// Anything else makes `fetch` throw, for this event and at each further try.
#[test]
fn headers_are_printable_ascii() {
    let options = r#"{"url":"/","headers":{"X-Title":"100 % {page.title} é","X-Site":"{site}"}}"#;
    let all = request("ndjson", options, r#"{"page":{"url":"https://a.example/","title":"Łódź\n~"}}"#);
    let headers: Vec<&str> = all.headers.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(headers, ["100 % %C5%81%C3%B3d%C5%BA%0A~ %C3%A9", "shop-42"]);
}

const GA4: &str = r#"{"url":"/","measurementId":"G-1"}"#;

#[test]
fn ga4_keeps_what_reports_are_made_of() {
    let many: Vec<String> = (0..40).map(|at| format!(r#""p{at}":{at}"#)).collect();
    let members = format!(r#"{{"properties":{{{},"order":1001,"items":[{{"id":7}}]}}}}"#, many.join(","));
    let body = body("ga4", GA4, &members);
    let params = body["events"][0]["params"].as_object().unwrap();
    assert_eq!(params.len(), 25);
    assert_eq!(params["value"], json!(27.0));
    assert_eq!((&params["currency"], &params["transaction_id"]), (&json!("EUR"), &json!("1001")));
    assert_eq!(params["items"], json!([{"item_id": "7"}]), "ids are texts");
    assert!(params.contains_key("page_location") && params.contains_key("p0"), "{params:?}");
}

#[test]
fn ga4_is_given_products_it_takes() {
    let members =
        r#"{"properties":{"items":[{"price":1},{"name":"Mug","größe mm":3,"ga_x":1,"list":{"a":1}},"x"]}}"#;
    let items = &body("ga4", GA4, members)["events"][0]["params"]["items"];
    assert_eq!(items, &json!([{"item_name": "Mug", "gr__e_mm": 3}]));
    let none = r#"{"properties":{"items":[{"price":1}]}}"#;
    assert_eq!(body("ga4", GA4, none)["events"][0]["params"].get("items"), None);
}

#[test]
fn ga4_gets_no_name_that_it_keeps_for_itself() {
    let name = |own: &str| body("ga4", GA4, &format!(r#"{{"name":"{own}"}}"#))["events"][0]["name"].clone();
    for own in ["ad_click", "app_update", "notification_open"] {
        assert_eq!(name(own), format!("x_{own}"));
    }
    for own in ["additional", "application_sent"] {
        assert_eq!(name(own), own);
    }
    let dropped = encoded("ga4", GA4, r#"{"name":"error"}"#).dropped;
    assert_eq!(dropped, [(0, DropReason::Inexpressible)]);
}

/// Else it would be counted as what succeeded.
#[test]
fn a_long_name_still_says_that_it_failed() {
    let long = "newsletter_signup_in_the_footer_of_the_landing_page_for_spring";
    for (phase, tail) in [("failed", "_failed"), ("unknown", "_unknown"), ("confirmed", "")] {
        let members = format!(r#"{{"name":"{long}","phase":"{phase}"}}"#);
        let cut = |bytes: usize| format!("{}{tail}", &long[..bytes - tail.len()]);
        assert_eq!(body("ga4", GA4, &members)["events"][0]["name"], cut(40));
        let umami = body("umami", r#"{"url":"/","websiteId":"w"}"#, &members);
        assert_eq!(umami[0]["payload"]["name"], cut(50));
        // What fits stays whole.
        let members = format!(r#"{{"name":"{}","phase":"{phase}"}}"#, &long[..49 - tail.len()]);
        let umami = body("umami", r#"{"url":"/","websiteId":"w"}"#, &members);
        assert_eq!(umami[0]["payload"]["name"], cut(49));
    }
}

#[test]
fn plausible_counts_no_revenue_of_what_did_not_succeed() {
    let money = |phase: &str| {
        body("plausible", r#"{"url":"/"}"#, &format!(r#"{{"phase":"{phase}"}}"#)).get("$").is_some()
    };
    let phases = ["confirmed", "attempted", "failed", "unknown"];
    assert_eq!(phases.map(money), [true, true, false, false]);
}
