//! The shell in a real browser: what of a page reaches the engine, and what never does. Run by wasm-pack.

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::bindings;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/web/page.js")]
extern "C" {
    fn hook() -> JsValue;
    fn pack() -> JsValue;
    fn counting(ear: &JsValue) -> JsValue;
    fn failing() -> JsValue;
    fn reset(html: &str);
    fn click(path: &str);
    fn fire(path: &str, name: &str);
    fn middle(path: &str, button: u32);
    fn slow(path: &str, ms: u32);
    #[wasm_bindgen(js_name = clickWhenTold)]
    fn click_when_told(path: &str);
    #[wasm_bindgen(js_name = toldCount)]
    fn told_count() -> u32;
    #[wasm_bindgen(js_name = lastTold)]
    fn last_told() -> String;
    #[wasm_bindgen(js_name = heardCount)]
    fn heard_count() -> u32;
    #[wasm_bindgen(js_name = errorCount)]
    fn error_count() -> u32;
    #[wasm_bindgen(js_name = forbidStorage)]
    fn forbid_storage();
    #[wasm_bindgen(js_name = allowStorage)]
    fn allow_storage();
    #[wasm_bindgen(js_name = storedKeys)]
    fn stored_keys() -> String;
    #[wasm_bindgen(js_name = trapValue)]
    fn trap_value(path: &str);
    #[wasm_bindgen(js_name = valueReads)]
    fn value_reads() -> u32;
}

#[wasm_bindgen(module = "/src/shell/host.js")]
extern "C" {
    fn connect(hook: &JsValue, called: &JsValue, heard: &JsValue, pack: &JsValue);
}

/// A tracker on a page with this body; ends when dropped.
struct Page;

impl Page {
    fn new(html: &str, conversions: &str) -> Self {
        let heard = Closure::<dyn Fn(f64)>::new(bindings::heard).into_js_value();
        Self::with_ear(html, conversions, &counting(&heard))
    }

    fn with_ear(html: &str, conversions: &str, heard: &JsValue) -> Self {
        reset(html);
        let called = Closure::<dyn Fn(u32, u32, i32) -> bool>::new(bindings::called).into_js_value();
        connect(&hook(), &called, heard, &pack());
        let config = format!(r#"{{"untrusted":"count","pageViews":false,"conversions":{conversions}}}"#);
        bindings::start(&format!("\u{1f}{config}"));
        bindings::observe();
        bindings::listen();
        Self
    }

    /// How many conversions a click at `path` makes.
    fn clicked(&self, path: &str) -> u32 {
        let before = told_count();
        click(path);
        told_count() - before
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        bindings::stop();
        assert_eq!(error_count(), 0, "the page saw an error");
    }
}

const BUY: &str = r#"{"buy":{"on":"click","match":".buy"}}"#;

#[wasm_bindgen_test]
fn the_nearest_match_counts_once() {
    let page = Page::new(
        r#"<div class="buy" id="outer"><button class="buy"><svg><path/></svg><b>text</b></button></div><p>no</p>"#,
        BUY,
    );
    for path in ["button", "path", "b", "#outer"] {
        assert_eq!(page.clicked(path), 1, "{path}");
    }
    assert_eq!(page.clicked("p"), 0);
    assert_eq!(page.clicked("main"), 0);
}

#[wasm_bindgen_test]
fn inside_and_around_shadow_roots() {
    let page = Page::new(
        r#"<x-open><template data-root="open"><a class="buy"><slot></slot></a><i></i></template><em>slotted</em></x-open>
           <a class="buy" id="around"><x-in><template data-root="open"><u></u></template></x-in></a>
           <x-closed class="buy"><template data-root="closed"><s></s></template></x-closed>"#,
        BUY,
    );
    for (path, count) in
        [("x-open >>> a", 1), ("em", 1), ("x-open >>> i", 0), ("x-in >>> u", 1), ("x-closed >>> s", 1)]
    {
        assert_eq!(page.clicked(path), count, "{path}");
    }
}

#[wasm_bindgen_test]
fn the_middle_button_and_no_other() {
    let _page = Page::new(r#"<a class="buy"></a>"#, BUY);
    middle("a", 1);
    middle("a", 2);
    assert_eq!(told_count(), 1);
}

#[wasm_bindgen_test]
fn a_label_and_its_field_are_one_gesture_however_slow_the_page() {
    let page = Page::new(r#"<div class="buy"><label>text <input type="checkbox"></label></div>"#, BUY);
    slow("label", 50);
    assert_eq!(page.clicked("label"), 1);
}

#[wasm_bindgen_test]
fn only_the_attributes_that_were_asked_for() {
    let _page = Page::new(
        r#"<form data-id="7" data-secret="s"><input name="id"><input name="getAttributeNames"><input name="matches"></form>"#,
        r#"{"send":{"on":"submit","match":"form","read":{"id":{"attribute":"data-id"},"none":{"attribute":"title"}}}}"#,
    );
    trap_value("input");
    fire("form", "submit");
    assert!(last_told().contains(r#""properties":{"id":"7"}"#), "{}", last_told());
    assert!(!last_told().contains("secret"));
    assert_eq!(value_reads(), 0);
}

#[wasm_bindgen_test]
fn markup_with_its_properties() {
    let page = Page::new(
        r#"<div data-footstep="wish" data-footstep-value="3.50" data-footstep-sku="a&quot;b" data-other="x"><b></b></div>"#,
        "{}",
    );
    assert_eq!(page.clicked("b"), 1);
    for part in [r#""name":"wish""#, r#""value":3.50"#, r#""properties":{"sku":"a\"b"}"#] {
        assert!(last_told().contains(part), "{part} in {}", last_told());
    }
}

#[wasm_bindgen_test]
fn an_event_inside_an_event() {
    let _page = Page::new(
        r#"<a class="buy" id="a"></a><a class="buy" id="b"></a>"#,
        r#"{"buy":{"on":"click","match":".buy","once":"element"}}"#,
    );
    click_when_told("#b");
    click("#a");
    assert_eq!(told_count(), 2, "the one inside waited for its turn");
    click("#a");
    click("#b");
    assert_eq!(told_count(), 2, "an element keeps its number");
}

#[wasm_bindgen_test]
fn a_selector_that_is_none() {
    let page =
        Page::new("<a></a>", r#"{"bad":{"on":"click","match":"a["},"good":{"on":"click","match":"a"}}"#);
    assert_eq!(page.clicked("a"), 1);
    assert!(bindings::stats().contains(r#""code":"bad_selector","path":"conversions.bad","args":["a["]"#));
}

#[wasm_bindgen_test]
fn after_stop_nothing_is_heard() {
    let page = Page::new(r#"<a class="buy"></a>"#, BUY);
    click("a");
    assert_eq!(heard_count(), 1);
    drop(page);
    click("a");
    assert_eq!(heard_count(), 1, "the listener is gone");
}

#[wasm_bindgen_test]
fn storage_that_may_not_be_touched() {
    forbid_storage();
    let _page = Page::new(r#"<a class="buy"></a>"#, r#"{"buy":{"on":"click","match":".buy","value":1}}"#);
    click("a");
    assert!(bindings::stats().contains(r#""storage":"memory""#), "{}", bindings::stats());
    allow_storage();
}

#[wasm_bindgen_test]
fn what_is_stored_is_erased_in_the_same_task() {
    let _page = Page::new(r#"<a class="buy"></a>"#, r#"{"buy":{"on":"click","match":".buy","value":1}}"#);
    click("a");
    assert_eq!(stored_keys().split(',').count(), 2, "{}", stored_keys());
    bindings::consent(false, "");
    assert_eq!(stored_keys(), "");
}

#[wasm_bindgen_test]
fn a_trap_blows_a_fuse_and_leaves_the_page_alone() {
    let _page = Page::with_ear(r#"<a class="buy"></a>"#, BUY, &failing());
    click("a");
    assert_eq!(heard_count(), 1);
    click("a");
    assert_eq!((heard_count(), told_count()), (1, 0), "nothing runs any more");
}
