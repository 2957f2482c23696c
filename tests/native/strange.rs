//! Strange events and configs: whatever the wire formats are given, they answer, and with what can be read.

use footstep::formats::{ENCODERS, encode};
use footstep::model::delivery::{Encoded, Job};
use footstep::model::value::{Number, Object, Value};
use proptest::prelude::*;

use crate::formats::batch;
use crate::wire::object;

/// Names the formats look at, in events and in configs.
const NAMES: &[&str] = &[
    "id",
    "kind",
    "name",
    "phase",
    "at",
    "page",
    "url",
    "title",
    "referrer",
    "visitor",
    "session",
    "number",
    "value",
    "currency",
    "leadsTo",
    "properties",
    "items",
    "order",
    "trigger",
    "on",
    "attempt",
    "consent",
    "item_id",
    "price",
    "quantity",
    "payment_method",
    "sent",
    "stream",
    "context",
    "screen",
    "events",
    "rename",
    "drop",
    "constants",
    "headers",
    "body",
    "each",
    "contentType",
    "schema",
    "ecommerce",
    "goals",
    "dimensions",
    "siteId",
    "table",
    "single",
    "version",
    "dialect",
    "adConsent",
    "a.b",
    "",
    "ü",
];
const TEXTS: &[&str] = &[
    "",
    "page",
    "macro",
    "micro",
    "failed",
    "confirmed",
    "purchase",
    "add_to_cart",
    "EUR",
    "é🙂\u{1}\"\\",
    "1x2",
    "x",
    "0199c82c-c07b-7b2c-8d3e-4f5061728301",
    "https://shop.example/ü?utm_source=%ff%c3&x=1#h",
    "?",
    "{",
    "{}",
    "{a/b|3}",
    "{page.url|1}",
    "{none/'x}",
    "[]",
    "session_start",
    "rudderstack",
    "iglu:a",
    "/x:batch",
    "9x",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop::sample::select(TEXTS).prop_map(Value::from),
        prop::sample::select(&["0", "-1.5", "1e300", "999999999999999", "12.50", "3"][..])
            .prop_map(|text| Value::Number(Number::parse(text).unwrap())),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((prop::sample::select(NAMES), inner), 0..6).prop_map(|pairs| {
                let mut object = Object::default();
                for (name, value) in pairs {
                    object.set(name, value);
                }
                Value::Object(object)
            }),
        ]
    })
}

fn members() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    prop::collection::vec((prop::sample::select(NAMES), value()), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_is_too_strange(
        event in members(), header in members(), options in members(), sane in any::<bool>(), end in any::<bool>(),
        limit in 0usize..3000,
    ) {
        for row in ENCODERS {
            let mut config = object(row.doc.example);
            let mut batch = batch();
            for (name, value) in &options {
                config.set(name, value.clone());
            }
            for (name, value) in header.iter().filter(|(name, _)| *name != "events") {
                batch.set(name, value.clone());
            }
            let mut strange = Object::default();
            if let (Some(Value::Array(events)), true) = (batch.get("events"), sane)
                && let Some(Value::Object(first)) = events.first()
            {
                strange = first.clone();
            }
            for (name, value) in &event {
                strange.set(name, value.clone());
            }
            batch.set("events", Value::Array(vec![Value::Null, Value::Object(strange)]));
            let encoded = encode(row, &Job { options: &config, batch: &batch, end, limit, most: 3 });
            prop_assert!(encoded.requests.len() + encoded.dropped.len() <= 1, "{}", row.name);
            for request in &encoded.requests {
                prop_assert!(request.body.len() <= limit && request.events == [1], "{}", row.name);
                let mine = config.get("each").is_none() && config.get("body").is_none();
                if mine && !["mixpanel"].contains(&row.name) {
                    prop_assert!(serde_json::from_str::<serde_json::Value>(&request.body).is_ok(), "{}: {}", row.name, request.body);
                }
            }
            prop_assert_eq!(Encoded::read(&encoded.text()).requests.len(), encoded.requests.len());
        }
    }
}
