//! The imports from the JavaScript files beside this one: what each does is said there.
//!
//! Numbers and strings cross, never a JavaScript object: the table such objects would be kept in, and the closures
//! that web-sys and js-sys bring for functions nobody calls, are 1.5 kB on the wire.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/shell/host.js")]
extern "C" {
    pub(super) fn wall() -> f64;
    pub(super) fn mono() -> f64;
    pub(super) fn entropy() -> u32;
    pub(super) fn listen(name: &str, what: u32);
    pub(super) fn unlisten(name: &str, what: u32);
    pub(super) fn tell(what: u32, text: &str);
    pub(super) fn read(what: u32) -> String;
    #[wasm_bindgen(js_name = isHidden)]
    pub(super) fn is_hidden() -> bool;
    pub(super) fn words() -> String;
    #[wasm_bindgen(js_name = afterFrame)]
    pub(super) fn after_frame();
    #[wasm_bindgen(js_name = wakeAfter)]
    pub(super) fn wake_after(ms: f64);
    #[wasm_bindgen(js_name = whenIdle)]
    pub(super) fn when_idle();
    pub(super) fn rest();
    pub(super) fn store(key: u32, text: &str);
    pub(super) fn encode(text: &str, end: bool, limit: usize, most: usize) -> String;
    pub(super) fn send(number: u32, to: &str, body: &str, means: u32);
}

#[wasm_bindgen(module = "/src/shell/watch.js")]
extern "C" {
    pub(super) fn watch(ear: u32, source: u32, event: &str, selector: &str, wants: &str) -> bool;
    pub(super) fn facts() -> String;
    pub(super) fn look(wants: &str) -> String;
    pub(super) fn seen(pending: bool) -> String;
    #[wasm_bindgen(js_name = lookOut)]
    pub(super) fn look_out(ear: u32, look: u32);
    pub(super) fn keep(stream: &str, seq: f64, text: &str) -> u32;
    pub(super) fn forget(stream: &str, seqs: &str);
    pub(super) fn erase();
    pub(super) fn adopt();
}

// Files that the one above imports are taken along only if they are named. They are not imported from here: the test
// runner's server forgets a connection where a browser opens more than four at a time, and then the page never loads.
#[wasm_bindgen(module = "/src/shell/hits.js")]
extern "C" {
    #[wasm_bindgen(js_name = facts)]
    fn hits();
}
#[wasm_bindgen(module = "/src/shell/sight.js")]
extern "C" {
    #[wasm_bindgen(js_name = seen)]
    fn sight();
}
#[wasm_bindgen(module = "/src/shell/journal.js")]
extern "C" {
    #[wasm_bindgen(js_name = adopt)]
    fn journal();
}

/// What [`read`] is asked for. The same numbers stand in `host.js`.
pub(super) mod about {
    pub(in crate::shell) const BROWSER: u32 = 0;
    pub(in crate::shell) const PAGE: u32 = 1;
    pub(in crate::shell) const STORAGE: u32 = 2;
}
