//! The record: one thing that happened, as it is kept and delivered. The unit of delivery is `(id, rev)`.

use super::time::Millis;
use super::uuid::Uuid;
use super::value::{Number, Object, Value};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum $name {
            $($(#[$vdoc])* #[cfg_attr(feature = "serde", serde(rename = $text))] $variant,)*
        }

        impl $name {
            /// The word on the wire.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

words! {
    /// What sort of event it is.
    Kind {
        /// A configured step towards a macro-conversion.
        Micro = "micro",
        /// What the steps lead to: a purchase, a contract, a trial.
        Macro = "macro",
        /// A page view.
        Page = "page",
        /// From code, under a name no rule knows.
        Custom = "custom",
    }
}

words! {
    /// How far a conversion has come. A rule without evidence is confirmed when its trigger fires.
    Phase {
        /// The gesture was made; the outcome is not known yet, or cannot be seen.
        Attempted = "attempted",
        /// The outcome is there.
        Confirmed = "confirmed",
        /// It was refused.
        Failed = "failed",
        /// No evidence came in time.
        Unknown = "unknown",
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Record {
    /// Names the conversion. Made once, at capture (UUID version 7).
    pub id: Uuid,
    /// 0 for the first record of the conversion, 1 for its outcome.
    pub rev: u8,
    /// What sort of event it is.
    pub kind: Kind,
    /// The name the site owner gave it.
    pub name: String,
    /// How far it has come.
    pub phase: Phase,
    /// When it happened, wall clock of the visitor's device, ms since 1970.
    pub at: Millis,
    /// When it happened, ms since the page started. For order and distances within a page.
    pub mono: Millis,
    /// The page view it happened in.
    pub page: Page,
    /// The visitor, a random id kept in first-party storage; absent where none may be kept.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub visitor: Option<Uuid>,
    /// The visit.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub session: Option<Session>,
    /// What it is worth, in `currency` or in points.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub value: Option<Number>,
    /// ISO 4217 code of the value's currency.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub currency: Option<String>,
    /// The macro-conversion this step leads to.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub leads_to: Option<String>,
    /// What the rule read, or the code gave.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Object::is_empty"))]
    pub properties: Object,
    /// What the trigger saw, beginning with `on`, the trigger's name: `{"on":"scroll","percent":75}`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Object::is_empty"))]
    pub trigger: Object,
    /// Of an outcome: when the attempt was made (`at`), and what showed the outcome (`by`, `what`); `repeats`, if it was
    /// tried again meanwhile.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Object::is_empty"))]
    pub attempt: Object,
    /// How often consent had changed on this page when the record was released; 0 where none is needed.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_zero"))]
    pub consent: u64,
    /// It happened before the core was there.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub early: bool,
    /// Made by a script, not by a person's hand, under a rule that counts those.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub untrusted: bool,
    /// Another record of this id will say what came of it. Never written: it is for deciding who gets this one.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub pending: bool,
}

#[cfg(feature = "serde")]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A page view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Page {
    /// Names this view of the page.
    pub id: Uuid,
    /// Origin and path, the query keys the config allows, the hash if the config says so. Nothing else of the URL.
    pub url: String,
    /// The document's title.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "String::is_empty"))]
    pub title: String,
    /// Origin and path the visitor came from.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "String::is_empty"))]
    pub referrer: String,
    /// The URL before this one, where the page changed it without loading another document.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "String::is_empty"))]
    pub route: String,
}

/// A visit: ends after 30 minutes without an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Session {
    /// Names the visit.
    pub id: Uuid,
    /// 1 for this visitor's first visit.
    pub number: u64,
}

impl Record {
    /// A record that has yet to be given its id, its times and its page.
    #[must_use]
    pub fn new(kind: Kind, name: &str, trigger: Object) -> Self {
        let page = Page::default();
        Self {
            id: Uuid(0),
            rev: 0,
            kind,
            name: name.to_owned(),
            phase: Phase::Confirmed,
            at: Millis(0),
            mono: Millis(0),
            page,
            visitor: None,
            session: None,
            value: None,
            currency: None,
            leads_to: None,
            properties: Object::default(),
            trigger,
            attempt: Object::default(),
            consent: 0,
            early: false,
            untrusted: false,
            pending: false,
        }
    }

    /// Reads an event back that was written without its visitor; `None` if it is none.
    #[must_use]
    pub fn read(mut event: Object) -> Option<Self> {
        let text = |object: &Object, name: &str| object.text(name).map(str::to_owned);
        let id = |object: &Object| Uuid::parse(object.text("id")?);
        let time = |name: &str| event.whole(name).map(Millis);
        let kind = text(&event, "kind")?;
        let kind = [Kind::Micro, Kind::Macro].into_iter().find(|each| each.text() == kind)?;
        let mut record = Self::new(kind, &text(&event, "name")?, Object::default());
        (record.id, record.at, record.mono) = (id(&event)?, time("at")?, time("mono")?);
        (record.currency, record.leads_to) = (text(&event, "currency"), text(&event, "leadsTo"));
        record.untrusted = event.get("untrusted").is_some();
        record.early = event.get("early").is_some();
        if let Some(Value::Number(number)) = event.remove("value") {
            record.value = Some(number);
        }
        if let Some(Value::Object(page)) = event.get("page") {
            let text = |name| text(page, name).unwrap_or_default();
            let (url, title) = (text("url"), text("title"));
            let (referrer, route) = (text("referrer"), text("route"));
            record.page = Page { id: id(page)?, url, title, referrer, route };
        }
        let mut object = |name| match event.remove(name) {
            Some(Value::Object(object)) => object,
            _ => Object::default(),
        };
        (record.properties, record.trigger) = (object("properties"), object("trigger"));
        Some(record)
    }

    /// Sets a property. `value` and `currency` have places of their own, where they can be one.
    pub fn set(&mut self, name: &str, value: Value) {
        match (name, value) {
            ("value", Value::Number(number)) => self.value = Some(number),
            // As markup writes numbers: with spaces around them.
            ("value", Value::String(text)) => match Number::parse(text.trim_ascii()) {
                Some(number) => self.value = Some(number),
                None => self.properties.set(name, Value::String(text)),
            },
            ("currency", Value::String(text)) => self.currency = Some(text),
            (name, value) => self.properties.set(name, value),
        }
    }

    /// About how many bytes it takes on a wire.
    #[must_use]
    pub fn weight(&self) -> usize {
        let texts = self.name.len() + self.page.url.len() + self.page.title.len() + self.page.referrer.len();
        400 + texts + self.properties.weight() + self.trigger.weight() + self.attempt.weight()
    }
}
