//! A DOM listener on the window that goes away when it is dropped.
//!
//! Always capturing, so that a page that stops propagation hides nothing from us; always passive, so that we can
//! neither cancel nor delay anything.

use js_sys::Function;
use web_sys::EventTarget;

use super::host;

/// One listener.
pub(super) struct Listener {
    window: EventTarget,
    name: String,
    callback: Function,
}

impl Listener {
    /// Listens; `None` if the browser refuses.
    pub(super) fn new(name: &str, callback: &Function) -> Option<Self> {
        let window = host::target();
        let options = host::options();
        window.add_event_listener_with_callback_and_add_event_listener_options(name, callback, &options).ok()?;
        Some(Self { window, name: name.to_owned(), callback: callback.clone() })
    }

    /// Whether it hears events of that name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Removing cannot fail for a target that took the listener.
        drop(self.window.remove_event_listener_with_callback_and_bool(&self.name, &self.callback, true));
    }
}
