//! The whole surface between JavaScript and the core. It converts and calls, no more; `js/core.js` is its only user.
//!
//! Plain functions and one tracker per instance of the module: a class would bring a second guard against
//! re-entrance and its JavaScript twin, and a page needs no second tracker.

use std::cell::Cell;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::Event;

use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::input::Input;
use crate::model::time::{Millis, Now};
use crate::shell::{Shell, now};

thread_local! {
    /// It lives as long as the page: nothing in it is ever taken down.
    static SHELL: Cell<Option<&'static Shell>> = const { Cell::new(None) };
}

fn step(input: Input) {
    if let Some(shell) = SHELL.get() {
        shell.step(input);
    }
}

/// Starts with a config and what the script tag says, both as JSON text. `hook(what, text)` is told of
/// conversions (0, the event as JSON), of the end of a flush (1) and of a trap (2, the message).
#[wasm_bindgen]
pub fn start(config: &str, tag: &str, hook: &Function) {
    let call = Closure::<dyn Fn(u32, u32, i32)>::new(|what, a, b| {
        if let Some(shell) = SHELL.get() {
            shell.called(what, a, b);
        }
    });
    let heard = Closure::<dyn Fn(Event)>::new(|event: Event| {
        if let Some(shell) = SHELL.get() {
            shell.heard(&event);
        }
    });
    let (call, heard) = (call.into_js_value(), heard.into_js_value());
    let shell: &'static Shell =
        Box::leak(Box::new(Shell::start(config, tag, hook, call.unchecked_ref(), heard.unchecked_ref())));
    SHELL.set(Some(shell));
    shell.observe();
}

/// Something happened that has a name; `properties` is JSON text. `ago`: how long before now, ms.
#[wasm_bindgen]
pub fn track(name: String, properties: String, ago: f64) {
    let Now { at, mono } = now();
    let ago = ago as u64;
    let then = Now { at: Millis(at.0.saturating_sub(ago)), mono: Millis(mono.0.saturating_sub(ago)) };
    if let Some(shell) = SHELL.get() {
        shell.step_at(Input::Track { name, properties }, then);
    }
}

/// The visitor has decided.
#[wasm_bindgen]
pub fn consent(granted: bool) {
    step(Input::Consent(granted));
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

/// Something outside the core is wrong: the config could not be loaded (`path` is empty), or a call was given a
/// word it does not know.
#[wasm_bindgen]
pub fn report(path: String, arg: String) {
    let code = if path.is_empty() { Code::NotLoaded } else { Code::NotOneOf };
    step(Input::Report(Diagnostic { code, path, args: vec![arg] }));
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
