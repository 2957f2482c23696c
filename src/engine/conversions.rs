//! From the words of one conversion to a rule that works.

use super::plan::is_name;
use super::presets::Preset;
use super::rule::{Outcome, Proof, Rule, Way};
use super::typed::Property;
use crate::evidence;
use crate::model::config::{As, Conversion, Once, Per, Untrusted};
use crate::model::diagnostic::Code;
use crate::model::pattern::Pattern;
use crate::model::section::{self, Section};
use crate::model::value::{Number, Object, Value};
use crate::{reads, triggers};

/// How long evidence is waited for unless the rule says otherwise, ms.
const WITHIN: u64 = 10_000;
/// Ways of one rule, and pieces of evidence for and against one of them, at the most: they are numbered in a few bits.
const MAX_WAYS: usize = 30;
const MAX_PROOFS: usize = 60;

/// The conversions of the presets and of the config itself, which has the last word.
pub(crate) fn conversions(section: &mut Section<'_>, presets: &[Preset]) -> Vec<Rule> {
    let mut rules = Vec::new();
    let own = section.object("conversions");
    let is_own = |name: &str| own.is_some_and(|own| own.get(name).is_some());
    for (index, preset) in presets.iter().enumerate() {
        let mut path = preset.path.clone();
        path.push_str(".conversions");
        let later = presets.get(index + 1..).unwrap_or_default();
        let mut kept = Object::default();
        for (name, value) in &preset.conversions.0 {
            if is_own(name) {
                continue;
            }
            if later.iter().any(|later| later.conversions.get(name).is_some()) {
                section.report(Code::PresetOverlap, &path, &[name]);
            } else {
                kept.set(name, value.clone());
            }
        }
        all(section.inner(&kept, &path), &kept, &mut rules);
    }
    if let Some(own) = own {
        all(section.inner(own, "conversions"), own, &mut rules);
    }
    rules
}

fn all(mut inner: Section<'_>, object: &Object, rules: &mut Vec<Rule>) {
    for (name, value) in &object.0 {
        match value {
            _ if !is_name(name) => inner.report(Code::BadName, name, &[name]),
            // The word for a preset's conversion that is not wanted.
            Value::Bool(false) => {}
            Value::Object(object) => {
                if let Some(rule) = rule(name, inner.inner(object, name), object) {
                    rules.push(rule);
                }
            }
            _ => {
                inner.wrong_type::<()>(name, "object");
            }
        }
    }
}

pub(crate) fn untrusted(section: &mut Section<'_>) -> Option<Untrusted> {
    section.one_of("untrusted", Untrusted::WORDS, Untrusted::ALL)
}

fn rule(name: &str, mut words: Section<'_>, object: &Object) -> Option<Rule> {
    let section = &mut words;
    let conversion = Conversion {
        name: name.to_owned(),
        is_macro: section.is("macro"),
        leads_to: section.owned("leadsTo"),
        value: section.number("value"),
        currency: section.owned("currency"),
        once: section.one_of("once", Once::WORDS, Once::ALL).unwrap_or_default(),
        count: section
            .number("count")
            .and_then(|number| number.thousandths())
            .map_or(0, |n| n.unsigned_abs() / 1000),
        per: section.one_of("per", Per::WORDS, Per::ALL).unwrap_or_default(),
        distinct: section.is("distinct"),
    };
    let reads = properties(section);
    let mut ways = Vec::new();
    if object.get("any").is_some() {
        let items = section.list("any");
        bounded(section, "any", items, MAX_WAYS);
        for (index, item) in items.iter().take(MAX_WAYS).enumerate() {
            let path = section::item("any", index);
            let Value::Object(object) = item else {
                section.wrong_type::<()>(&path, "object");
                continue;
            };
            let mut inner = section.inner(object, &path);
            if let Some(way) = way(&mut inner) {
                ways.push(way);
            }
            finish(inner, object);
        }
        words.finish();
    } else {
        if let Some(way) = way(section) {
            ways.push(way);
        }
        finish(words, object);
    }
    (!ways.is_empty()).then(|| Rule::new(conversion, ways, reads))
}

/// Without a trigger nobody can say which words would be its options.
fn finish(section: Section<'_>, object: &Object) {
    let on = object.text("on");
    if triggers::ROWS.iter().any(|row| on == Some(row.name)) {
        section.finish();
    }
}

fn way(section: &mut Section<'_>) -> Option<Way> {
    let names = names(triggers::ROWS, |row| row.name);
    let on =
        section.required("on").and_then(|_| section.word("on", &names)).and_then(|at| triggers::ROWS.get(at));
    let url = section.text("url");
    let pattern = url.and_then(Pattern::parse);
    if let (Some(url), None) = (url, &pattern) {
        section.report(Code::BadUrl, "url", &[url]);
    }
    let untrusted = untrusted(section);
    let outcome = outcome(section);
    let trigger = (on?.build)(section)?;
    // A rule meant for some pages must not count on all of them because its pattern is wrong.
    (url.is_some() == pattern.is_some()).then_some(Way {
        trigger,
        url: pattern,
        untrusted,
        outcome,
        disabled: false,
    })
}

/// The words a table's rows are named by.
pub(super) fn names<T>(rows: &[T], name: fn(&T) -> &'static str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for row in rows {
        names.push(name(row));
    }
    names
}

fn outcome(section: &mut Section<'_>) -> Outcome {
    let within = section.duration("within").unwrap_or(WITHIN);
    let mut proofs = Vec::new();
    let mut said = false;
    for &(name, confirms) in &[("confirm", true), ("fail", false)] {
        let list = section.list(name);
        said |= !list.is_empty();
        if confirms && let [Value::String(word)] = list {
            if word == "unseen" {
                return Outcome::Unseen;
            }
            section.report(Code::NotOneOf, name, &[word, "unseen"]);
            continue;
        }
        bounded(section, name, list, MAX_PROOFS);
        for (index, item) in list.iter().take(MAX_PROOFS).enumerate() {
            let path = section::item(name, index);
            let Value::Object(object) = item else {
                section.wrong_type::<()>(&path, "object");
                continue;
            };
            let mut inner = section.inner(object, &path);
            if let Some(proof) = proof(&mut inner, object, confirms) {
                proofs.push(proof);
            }
            inner.finish();
        }
    }
    // Evidence that cannot be understood must not make the gesture an outcome.
    if said { Outcome::Evidence(proofs, within) } else { Outcome::Gesture }
}

/// What is beyond a bound is not taken in, and said not to be.
fn bounded(section: &mut Section<'_>, name: &str, items: &[Value], most: usize) {
    if items.len() > most {
        section.report(Code::OutOfRange, name, &["0", Number::from(most as u64).text()]);
    }
}

fn proof(section: &mut Section<'_>, object: &Object, confirms: bool) -> Option<Proof> {
    let Some(row) = evidence::ROWS.iter().find(|row| object.get(row.name).is_some()) else {
        let words = names(evidence::ROWS, |row| row.name);
        section.report(Code::Missing, "", &words);
        return None;
    };
    let what = object.text(row.name).unwrap_or_default().to_owned();
    Some(Proof { evidence: (row.build)(section)?, confirms, by: row.name, what })
}

fn properties(section: &mut Section<'_>) -> Vec<Property> {
    let mut list = Vec::new();
    let Some(object) = section.object("read") else { return list };
    let mut inner = section.inner(object, "read");
    for (name, value) in &object.0 {
        let Value::Object(object) = value else {
            inner.wrong_type::<()>(name, "object");
            continue;
        };
        let mut source = inner.inner(object, name);
        let kind = source.one_of("as", As::WORDS, As::ALL).unwrap_or_default();
        let minor = source.is("minor");
        match reads::ROWS.iter().find(|row| object.get(row.name).is_some()) {
            Some(row) => {
                if let Some(read) = (row.build)(&mut source) {
                    list.push(Property { name: name.clone(), read, kind, minor });
                }
            }
            None => {
                let words = names(reads::ROWS, |row| row.name);
                source.report(Code::Missing, "", &words);
            }
        }
        source.finish();
    }
    list
}
