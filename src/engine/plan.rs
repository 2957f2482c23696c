//! From the words of a config to rules that work, and to a finding for everything that does not.
//!
//! A bad rule never silences the others: whatever can be understood runs. What the script tag says stands over
//! what the config says.

use super::conversions::{conversions, names, untrusted};
use super::filter::EVERYBODY;
use super::ids::Ids;
use super::queue::Queue;
use super::rule::{Proof, Rule, Way};
use crate::formats::FORMATS;
use crate::model::config::{Collector, ConsentMode, Outcomes, PageIdentity, Untrusted};
use crate::model::delivery::Outcome;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::json;
use crate::model::record::{Kind, Record};
use crate::model::section::{self, Section};
use crate::model::time::Now;
use crate::model::uuid::Uuid;
use crate::model::value::{Object, Value};

/// Texts of a collector's object that do not say who gets its events.
const SHARED: &[&str] = &["url", "format", "outcomes", "contentType"];

/// Records kept for a collector that does not answer, unless the config says otherwise.
const MAX_STORED: usize = 500;

/// What a site owner has said, all of it JSON text.
#[derive(Clone, Debug, Default)]
pub struct Said<'a> {
    /// The config; empty is an empty config.
    pub config: &'a str,
    /// What the script tag says, in the config's words. It stands over the config.
    pub tag: &'a str,
    /// The presets the config calls by name: name and text.
    pub presets: Vec<(&'a str, &'a str)>,
    /// Where the engine begins again on a page: how many inputs were lost by that, and, each a JSON object, name and
    /// trigger of what has counted there; parted by RS. Empty where it does not.
    pub again: &'a str,
}

/// A config, understood.
pub(crate) struct Plan {
    pub(crate) site: Option<String>,
    pub(crate) collectors: Vec<Collector>,
    pub(crate) consent: ConsentMode,
    pub(crate) page: PageIdentity,
    pub(crate) page_views: bool,
    pub(crate) untrusted: Untrusted,
    /// Frames of the same origin belong to the page.
    pub(crate) frames: bool,
    pub(crate) rules: Vec<Rule>,
}

impl Plan {
    pub(crate) fn way(&self, rule: usize, way: usize) -> Option<&Way> {
        self.rules.get(rule)?.ways.get(way)
    }

    pub(crate) fn proof(&self, rule: usize, way: usize, at: usize) -> Option<&Proof> {
        self.way(rule, way)?.proofs().get(at)
    }

    /// A stream to the collector at that place.
    pub(crate) fn queue(&self, stream: Uuid, at: usize) -> Box<Queue> {
        Box::new(Queue::new(stream, at, self.collectors.get(at).is_none_or(|to| to.options.is_none())))
    }

    /// A fresh stream to each collector.
    #[expect(clippy::vec_box, reason = "as the engine keeps them")]
    pub(crate) fn queues(&self, ids: &mut Ids, now: Now) -> Vec<Box<Queue>> {
        let mut queues = Vec::new();
        for at in 0..self.collectors.len() {
            queues.push(self.queue(ids.uuid(now.at), at));
        }
        queues
    }

    /// Whether the outcome of some step is to be seen.
    pub(crate) fn has_evidence(&self) -> bool {
        self.rules.iter().flat_map(|rule| &rule.ways).any(|way| !way.proofs().is_empty())
    }

    /// A record of a step named in markup or code: with what the config says about a conversion of that name, or
    /// of the `kind` given if it says nothing.
    pub(crate) fn record(&self, name: &str, kind: Kind, trigger: Object) -> Box<Record> {
        match self.rules.iter().find(|rule| rule.conversion.name == name) {
            Some(rule) => rule.record(trigger),
            None => Box::new(Record::new(kind, name, trigger)),
        }
    }
}

/// Letters, digits, `_`, `-`, `.`, at most 100: what a conversion may be called.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !text.is_empty() && text.len() <= 100 && text.bytes().all(fits)
}

/// Reads what was said.
pub(crate) fn plan(said: &Said<'_>) -> (Plan, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut object = Object::default();
    let mut readable = true;
    for &text in &[said.config, said.tag] {
        match if text.is_empty() { Ok(Value::Object(Object::default())) } else { json::read(text) } {
            Ok(Value::Object(more)) => object.set_all(&more),
            other => {
                readable = false;
                let at = Value::from(other.err().unwrap_or(0) as u64);
                let mut text = String::new();
                json::write(&mut text, &at);
                diagnostics.push(Diagnostic { code: Code::NotJson, path: String::new(), args: vec![text] });
            }
        }
    }
    let presets = super::presets::read(&object, said, &mut diagnostics);
    let mut section = Section::new(&object, "", &mut diagnostics);
    let consent = consent(&mut section, readable);
    let plan = Plan {
        site: section.owned("site"),
        collectors: collectors(&mut section),
        consent,
        page: page(&mut section),
        page_views: section.flag("pageViews").unwrap_or(true),
        untrusted: untrusted(&mut section).unwrap_or_default(),
        frames: section.is("frames"),
        rules: conversions(&mut section, &presets),
    };
    section.any("$schema");
    section.any("presets");
    section.finish();
    (plan, diagnostics)
}

/// Whatever is wrong with this part shuts the gate: an owner who wrote it meant to ask. So does a config that
/// cannot be read, unless the tag says what to do.
fn consent(section: &mut Section<'_>, readable: bool) -> ConsentMode {
    let shut = ConsentMode::OptIn;
    let Some(value) = section.any("consent") else { return if readable { ConsentMode::None } else { shut } };
    let Value::Object(object) = value else {
        section.report(Code::WrongType, "consent", &["object"]);
        return shut;
    };
    let mut inner = section.inner(object, "consent");
    let mode =
        inner.required("mode").and_then(|_| inner.one_of("mode", ConsentMode::WORDS, ConsentMode::ALL));
    inner.finish();
    let clean = object.0.iter().all(|(name, _)| name == "mode");
    mode.filter(|_| clean).unwrap_or(shut)
}

fn collectors(section: &mut Section<'_>) -> Vec<Collector> {
    let mut collectors = Vec::new();
    let stored = section.thresholds("maxStored", 100_000).unwrap_or_default();
    let max_stored = stored.first().map_or(MAX_STORED, |(size, _)| (*size / 1000).max(1) as usize);
    for (index, item) in section.list("collectors").iter().enumerate() {
        let name = section::item("collectors", index);
        let Value::Object(object) = item else {
            section.report(Code::WrongType, &name, &["object"]);
            continue;
        };
        let mut inner = section.inner(object, &name);
        let Some(mut collector) = collector(&mut inner, object, item, max_stored) else { continue };
        if collector.options.is_none() {
            inner.finish();
        }
        collector.path = name;
        while collectors.iter().any(|other: &Collector| other.key == collector.key) {
            collector.key.push('+');
        }
        collectors.push(collector);
    }
    if collectors.is_empty() {
        section.report(Code::NoCollector, "collectors", &[]);
    }
    collectors
}

fn collector(inner: &mut Section<'_>, object: &Object, item: &Value, max_stored: usize) -> Option<Collector> {
    let words = names(FORMATS, |format| format.name);
    let named = object.get("format").is_some();
    let place = inner.word("format", &words).or((!named).then_some(0));
    let url = inner.required("url");
    let share = inner.thresholds("sample", 100).unwrap_or_default();
    let sample = share.first().map_or(EVERYBODY, |(share, _)| *share as u32);
    let (names, only_macro) = (inner.texts("names"), inner.is("onlyMacro"));
    let purpose = inner.owned("purpose");
    if purpose.is_none() && object.get("purpose").is_some() {
        // An owner who wrote it meant to ask.
        return None;
    }
    let (place, url) = (place?, url?);
    let format = FORMATS.get(place)?;
    let (mut key, mut options) = (String::new(), None);
    if place > 0 {
        key.push_str(format.name);
        // The words of its format are read by the second module.
        let mut text = key.clone();
        key.push(' ');
        text.push('\u{1f}');
        json::write(&mut text, item);
        text.push('\u{1f}');
        options = Some(text);
    }
    key.push_str(url);
    // Two sources of one service have one address: whose an event is must not depend on their order.
    for (name, value) in &object.0 {
        if let (Value::String(text), false) = (value, SHARED.contains(&name.as_str())) {
            key.push(' ');
            key.push_str(text);
        }
    }
    let outcomes = match format.outcome {
        Outcome::Replace => Outcomes::Each,
        Outcome::FinalOnly => {
            inner.one_of("outcomes", Outcomes::WORDS, Outcomes::ALL).unwrap_or(Outcomes::Confirmed)
        }
    };
    // Ours tells repeats by their numbers, whoever runs it.
    let said = if place > 0 { inner.flag("resend") } else { None };
    let resend = said.unwrap_or(format.idempotent);
    let url = url.to_owned();
    Some(Collector {
        url,
        key,
        path: String::new(),
        options,
        outcomes,
        resend,
        max_stored,
        names,
        only_macro,
        sample,
        purpose,
    })
}

fn page(section: &mut Section<'_>) -> PageIdentity {
    let Some(object) = section.object("page") else { return PageIdentity::default() };
    let mut inner = section.inner(object, "page");
    let page = PageIdentity { query: inner.texts("query"), hash: inner.is("hash") };
    inner.finish();
    page
}
