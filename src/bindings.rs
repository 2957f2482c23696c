//! The whole surface between JavaScript and the core. It converts and calls, no more; `js/core.js` is its only user.
//!
//! Plain functions and one tracker per instance of the module: a class would bring a second guard against
//! re-entrance and its JavaScript twin, and a page needs no second tracker.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use crate::engine::Said;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::input::{Decision, Input};
use crate::model::json;
use crate::model::text::{cut, next};
use crate::model::time::Millis;
use crate::model::value::{Value, strings};
use crate::shell::{Shell, now};

/// US: what parts the pieces of a text. No JSON holds it.
const SEPARATOR: u8 = 0x1f;

thread_local! {
    /// It lives as long as the page: nothing in it is ever taken down.
    static SHELL: Cell<Option<&'static Shell>> = const { Cell::new(None) };
}

fn step(input: Input) {
    if let Some(shell) = SHELL.get() {
        shell.step(input);
    }
}

/// Starts. `text` holds, parted by US: what is known from before a trap (see [`Said::again`]), the config and what the
/// script tag says, both JSON, then name and JSON of each preset the config names. The JavaScript files of the shell must have been connected: they call [`called`] and
/// [`heard`], and tell the page of conversions (0, the event as JSON), of the end of a flush (1). Returns which optional parts are needed; once they are there, [`observe`] begins.
#[wasm_bindgen]
pub fn start(text: &str) -> u32 {
    let mut said = Said::default();
    let mut rest = Some(text);
    let mut word = || next(&mut rest, SEPARATOR);
    said.again = word().unwrap_or_default();
    (said.config, said.tag) = (word().unwrap_or_default(), word().unwrap_or_default());
    while let (Some(name), Some(preset)) = (word(), word()) {
        said.presets.push((name, preset));
    }
    let shell: &'static Shell = Box::leak(Box::new(Shell::start(&said)));
    SHELL.set(Some(shell));
    shell.parts()
}

/// Begins to observe the page.
#[wasm_bindgen]
pub fn observe() {
    if let Some(shell) = SHELL.get() {
        shell.observe();
    }
}

/// A timer, an answer, or a DOM event of which no more need be known. True if the content of an answer is wanted.
#[wasm_bindgen]
pub fn called(what: u32, a: u32, b: i32) -> bool {
    SHELL.get().is_some_and(|shell| shell.called(what, a, b))
}

/// A DOM event, which `host.js` holds while this runs. `time`: when it was, by the monotonic clock, ms.
#[wasm_bindgen]
pub fn heard(time: f64) {
    if let Some(shell) = SHELL.get() {
        shell.heard(time);
    }
}

/// Something happened that has a name. `text` holds the name and the properties as JSON, parted by US. `time`: when
/// it was, by the monotonic clock, ms.
#[wasm_bindgen]
pub fn track(text: &str, time: f64) {
    let (name, properties) = cut(text, SEPARATOR).unwrap_or((text, ""));
    let ago = now().mono.since(Millis(time as u64));
    step(Input::Track { name: name.to_owned(), properties: properties.to_owned(), ago });
}

/// The visitor has decided. `purposes`: those it is granted for, as a JSON list; empty if for all. What is no list of
/// texts is reported, and grants nothing to collectors that name a purpose.
#[wasm_bindgen]
pub fn consent(granted: bool, purposes: &str) {
    step(Input::Consent(match (granted, json::read(purposes)) {
        (false, _) => Decision::Denied,
        (true, _) if purposes.is_empty() => Decision::Granted,
        (true, Ok(Value::Array(list))) => Decision::GrantedFor(strings(&list)),
        (true, _) => {
            report("consent\u{1f}");
            Decision::GrantedFor(Vec::new())
        }
    }));
}

/// Send everything now; the hook is told when every answer is there.
#[wasm_bindgen]
pub fn flush() {
    step(Input::Flush);
}

/// From now on the hook is told of conversions.
#[wasm_bindgen]
pub fn listen() {
    step(Input::Listen);
}

/// Something outside the core is wrong. `text` holds a path and a word, parted by US: a call was given a word it
/// does not know, or (the path is empty) the config could not be loaded.
#[wasm_bindgen]
pub fn report(text: &str) {
    let (path, arg) = cut(text, SEPARATOR).unwrap_or(("", text));
    let (code, arg) = match (path, arg) {
        ("", _) => (Code::NotLoaded, arg),
        (_, "") => (Code::WrongType, "list"),
        _ => (Code::NotOneOf, arg),
    };
    step(Input::Report(Diagnostic::about(code, path, arg)));
}

/// How things stand, as JSON text.
#[wasm_bindgen]
pub fn stats() -> String {
    SHELL.get().map(Shell::stats).unwrap_or_default()
}

/// Ends: everything is sent as if the page ended, nothing is observed any more.
#[wasm_bindgen]
pub fn stop() {
    step(Input::Stop);
}
