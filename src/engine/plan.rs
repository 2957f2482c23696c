//! From the words of a config to rules that work, and to a finding for everything that does not.
//!
//! A bad rule never silences the others: whatever can be understood runs. What the script tag says stands over
//! what the config says.

use super::rule::Rule;
use crate::model::config::{Collector, ConsentMode, Conversion, Once, PageIdentity, Untrusted};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::json;
use crate::model::pattern::Pattern;
use crate::model::record::{Kind, Record};
use crate::model::section::Section;
use crate::model::value::{Object, Value};
use crate::{formats, reads, triggers};

/// A config, understood.
pub(crate) struct Plan {
    pub(crate) site: Option<String>,
    pub(crate) collectors: Vec<Collector>,
    pub(crate) consent: ConsentMode,
    pub(crate) page: PageIdentity,
    pub(crate) page_views: bool,
    pub(crate) untrusted: Untrusted,
    pub(crate) rules: Vec<Rule>,
}

impl Plan {
    /// A record of a step named in markup or code: with what the config says about a conversion of that name, or
    /// of the `kind` given if it says nothing.
    pub(crate) fn record(&self, name: &str, kind: Kind, trigger: Object) -> Record {
        match self.rules.iter().find(|rule| rule.conversion.name == name) {
            Some(rule) => rule.record(trigger),
            None => Record::new(kind, name, trigger),
        }
    }
}

/// Letters, digits, `_`, `-`, `.`, at most 100: what a conversion may be called.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !text.is_empty() && text.len() <= 100 && text.bytes().all(fits)
}

/// Reads a config: `tag` holds what the script tag says, in the same words. Both are JSON text; an empty text is
/// an empty config.
pub(crate) fn plan(config: &str, tag: &str) -> (Plan, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut object = Object::default();
    let mut readable = true;
    for &text in &[config, tag] {
        match if text.is_empty() { Ok(Value::Object(Object::default())) } else { json::read(text) } {
            Ok(Value::Object(more)) => more.0.into_iter().for_each(|(name, value)| object.set(&name, value)),
            other => {
                readable = false;
                let at = Value::from(other.err().unwrap_or(0) as u64);
                let mut text = String::new();
                json::write(&mut text, &at);
                diagnostics.push(Diagnostic { code: Code::NotJson, path: String::new(), args: vec![text] });
            }
        }
    }
    let mut section = Section::new(&object, "", &mut diagnostics);
    let consent = consent(&mut section, readable);
    let plan = Plan {
        site: section.text("site").map(str::to_owned),
        collectors: collectors(&mut section),
        consent,
        page: page(&mut section),
        page_views: section.flag("pageViews").unwrap_or(true),
        untrusted: untrusted(&mut section).unwrap_or_default(),
        rules: rules(&mut section),
    };
    section.any("$schema");
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
    let mode = inner
        .required("mode")
        .and_then(|_| inner.word("mode", ConsentMode::WORDS))
        .and_then(|at| ConsentMode::ALL.get(at).copied());
    inner.finish();
    let clean = object.0.iter().all(|(name, _)| name == "mode");
    mode.filter(|_| clean).unwrap_or(shut)
}

fn untrusted(section: &mut Section<'_>) -> Option<Untrusted> {
    section.word("untrusted", Untrusted::WORDS).and_then(|at| Untrusted::ALL.get(at).copied())
}

fn collectors(section: &mut Section<'_>) -> Vec<Collector> {
    let mut collectors = Vec::new();
    for (index, item) in section.list("collectors").iter().enumerate() {
        let mut name = String::from("collectors.");
        json::write_u64(&mut name, index as u64);
        let Value::Object(object) = item else {
            section.report(Code::WrongType, &name, &["object"]);
            continue;
        };
        let mut inner = section.inner(object, &name);
        let words: Vec<&str> = formats::ROWS.iter().map(|row| row.name).collect();
        let named = object.get("format").is_some();
        let format = inner.word("format", &words).or((!named).then_some(0));
        let url = inner.required("url");
        inner.finish();
        if let (Some(url), Some(format)) = (url, format) {
            collectors.push(Collector { url: url.to_owned(), format });
        }
    }
    if collectors.is_empty() {
        section.report(Code::NoCollector, "collectors", &[]);
    }
    collectors
}

fn page(section: &mut Section<'_>) -> PageIdentity {
    let Some(object) = section.object("page") else { return PageIdentity::default() };
    let mut inner = section.inner(object, "page");
    let page = PageIdentity { query: inner.texts("query"), hash: inner.flag("hash").unwrap_or(false) };
    inner.finish();
    page
}

fn rules(section: &mut Section<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    let Some(object) = section.object("conversions") else { return rules };
    let mut inner = section.inner(object, "conversions");
    for (name, value) in &object.0 {
        match value {
            _ if !is_name(name) => inner.report(Code::BadName, name, &[name]),
            // The word for a preset's conversion that is not wanted.
            Value::Bool(false) => {}
            Value::Object(object) => {
                rules.extend(rule(name, inner.inner(object, name)));
            }
            _ => {
                inner.wrong_type::<()>(name, "object");
            }
        }
    }
    rules
}

fn rule(name: &str, mut words: Section<'_>) -> Option<Rule> {
    let section = &mut words;
    let names: Vec<&str> = triggers::ROWS.iter().map(|row| row.name).collect();
    let on =
        section.required("on").and_then(|_| section.word("on", &names)).and_then(|at| triggers::ROWS.get(at));
    let url = section.text("url");
    let pattern = url.and_then(Pattern::parse);
    if let (Some(url), None) = (url, &pattern) {
        section.report(Code::BadUrl, "url", &[url]);
    }
    let conversion = Conversion {
        name: name.to_owned(),
        is_macro: section.flag("macro").unwrap_or(false),
        leads_to: section.text("leadsTo").map(str::to_owned),
        value: section.number("value"),
        currency: section.text("currency").map(str::to_owned),
        once: section.word("once", Once::WORDS).and_then(|at| Once::ALL.get(at).copied()).unwrap_or_default(),
    };
    let untrusted = untrusted(section);
    let reads = reads(section);
    // Without a trigger nobody can say which words would be its options.
    let trigger = (on?.build)(section);
    words.finish();
    let trigger = trigger?;
    // A rule meant for some pages must not count on all of them because its pattern is wrong.
    (url.is_some() == pattern.is_some()).then(|| Rule::new(conversion, trigger, pattern, untrusted, reads))
}

fn reads(section: &mut Section<'_>) -> Vec<(String, Box<dyn reads::Read>)> {
    let mut list = Vec::new();
    let Some(object) = section.object("read") else { return list };
    let mut inner = section.inner(object, "read");
    for (name, value) in &object.0 {
        let Value::Object(object) = value else {
            inner.wrong_type::<()>(name, "object");
            continue;
        };
        let mut source = inner.inner(object, name);
        match reads::ROWS.iter().find(|row| object.get(row.name).is_some()) {
            Some(row) => list.extend((row.build)(&mut source).map(|read| (name.clone(), read))),
            None => {
                let words: Vec<&str> = reads::ROWS.iter().map(|row| row.name).collect();
                source.report(Code::Missing, "", &words);
            }
        }
        source.finish();
    }
    list
}
