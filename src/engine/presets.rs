//! Presets: conversions that come ready-made, in the same words as the config's own. They are called by name, or
//! given as they are.

use super::plan::Said;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::json;
use crate::model::section::{self, Section};
use crate::model::value::{Object, Value};

/// A preset's conversions, and where they stand.
pub(crate) struct Preset {
    pub(crate) path: String,
    pub(crate) conversions: Object,
}

/// Reads the presets a config names, in its order.
pub(crate) fn read(config: &Object, said: &Said<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Preset> {
    let mut presets = Vec::new();
    let mut section = Section::new(config, "", diagnostics);
    for (index, item) in section.list("presets").iter().enumerate() {
        let path = section::item("presets", index);
        match item {
            Value::String(name) => {
                let text = said.presets.iter().find(|(other, _)| other == name).map_or("", |(_, text)| text);
                match json::read(text) {
                    Ok(Value::Object(object)) => preset(&mut section, &object, path, &mut presets),
                    _ => section.report(Code::NotLoaded, &path, &[name]),
                }
            }
            Value::Object(object) => preset(&mut section, object, path, &mut presets),
            _ => {
                section.wrong_type::<()>(&path, "name or preset");
            }
        }
    }
    presets
}

fn preset(section: &mut Section<'_>, object: &Object, path: String, presets: &mut Vec<Preset>) {
    let mut inner = section.inner(object, &path);
    for &word in &["$schema", "name", "what", "markup"] {
        inner.any(word);
    }
    let conversions = inner.object("conversions").cloned().unwrap_or_default();
    inner.finish();
    presets.push(Preset { path, conversions });
}
