//! A DOM listener on the window that goes away when it is dropped.
//!
//! Always capturing, so that a page that stops propagation hides nothing from us; always passive, so that we can
//! neither cancel nor delay anything.

use super::host;

/// One listener.
pub(super) struct Listener {
    name: String,
    what: u32,
}

impl Listener {
    /// Listens for events of that name: [`super::Shell::heard`] gets them, or, if `what` is not 0,
    /// [`super::Shell::called`] is told so and no more.
    pub(super) fn new(name: &str, what: u32) -> Self {
        host::listen(name, what);
        Self { name: name.to_owned(), what }
    }

    /// Whether it is this one.
    pub(super) fn is(&self, name: &str, what: u32) -> bool {
        self.what == what && self.name == name
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        host::unlisten(&self.name, self.what);
    }
}
