//! The imports from `host.js`, beside this file: what each does is said there.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Event, EventTarget};

#[wasm_bindgen(module = "/src/shell/host.js")]
extern "C" {
    pub(super) fn wall() -> f64;
    pub(super) fn mono() -> f64;
    pub(super) fn entropy() -> u32;
    pub(super) fn connect(hook: &Function, call: &Function, heard: &Function) -> Function;
    pub(super) fn tell(what: u32, text: &str);
    pub(super) fn target() -> EventTarget;
    pub(super) fn options() -> AddEventListenerOptions;
    pub(super) fn environment() -> String;
    pub(super) fn page() -> String;
    #[wasm_bindgen(js_name = isHidden)]
    pub(super) fn is_hidden() -> bool;
    pub(super) fn watch(rule: u32, name: &str, selector: &str, attributes: &str, media: bool) -> bool;
    pub(super) fn facts(event: &Event) -> Option<String>;
    #[wasm_bindgen(js_name = afterFrame)]
    pub(super) fn after_frame();
    pub(super) fn seen(pending: bool) -> Option<String>;
    #[wasm_bindgen(js_name = wakeAfter)]
    pub(super) fn wake_after(ms: f64);
    #[wasm_bindgen(js_name = whenIdle)]
    pub(super) fn when_idle();
    pub(super) fn rest();
    pub(super) fn load() -> String;
    pub(super) fn store(key: u32, text: &str);
    pub(super) fn erase();
    pub(super) fn send(number: u32, url: &str, body: &str, means: u32);
}
