//! What a browser keeps: localStorage, which each process sees a while after another has written it and whose last
//! seconds a killed browser loses; and IndexedDB, which all see alike. As measured in three engines.

use std::collections::BTreeMap;
use std::rc::Rc;

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// One of the words: visitor, session, counted, pauses.
    Word(u8),
    /// An entry of the journal: stream and number.
    Entry(u128, u64),
}

pub(crate) type Map = BTreeMap<Slot, Rc<str>>;

/// What is wrong with storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Writing fails.
    Full,
    /// Everything fails.
    Denied,
    /// Writing seems to work.
    Ignored,
}

/// How long a browser keeps what was written to localStorage in memory only, ms.
const UNSAVED: u64 = 6000;

/// On its way to another process's view.
pub(crate) struct News {
    pub(crate) due: u64,
    pub(crate) tab: usize,
    slot: Slot,
    text: Option<Rc<str>>,
}

pub(crate) struct Store {
    pub(crate) fault: Fault,
    /// As the browser has it.
    pub(crate) local: Map,
    /// As each tab's process sees it; none if there is no such process.
    views: Vec<Option<Map>>,
    pub(crate) news: Vec<News>,
    /// What was there before each write of late.
    unsaved: Vec<(u64, Slot, Option<Rc<str>>)>,
    pub(crate) second: Map,
    lag: u64,
}

impl Store {
    pub(crate) fn new(tabs: usize, lag: u64) -> Self {
        Self {
            fault: Fault::None,
            local: Map::new(),
            views: vec![None; tabs],
            news: Vec::new(),
            unsaved: Vec::new(),
            second: Map::new(),
            lag,
        }
    }

    /// A tab's process begins, unless it runs already.
    pub(crate) fn process(&mut self, tab: usize) {
        let local = &self.local;
        self.views[tab].get_or_insert_with(|| local.clone());
    }

    pub(crate) fn process_ends(&mut self, tab: usize) {
        self.views[tab] = None;
        self.news.retain(|news| news.tab != tab);
    }

    /// What a tab sees; nothing where that is forbidden.
    pub(crate) fn view(&self, tab: usize) -> Option<&Map> {
        if self.fault == Fault::Denied { None } else { self.views[tab].as_ref() }
    }

    /// False if that cannot be done.
    pub(crate) fn set(&mut self, tab: usize, slot: Slot, text: Rc<str>, now: u64) -> bool {
        match self.fault {
            Fault::None => self.write(tab, slot, Some(text), now),
            Fault::Full | Fault::Denied => return false,
            Fault::Ignored => {}
        }
        true
    }

    /// What a process does not see it cannot remove.
    pub(crate) fn remove(&mut self, tab: usize, slot: Slot, now: u64) {
        if self.view(tab).is_some_and(|view| view.contains_key(&slot)) {
            self.write(tab, slot, None, now);
        }
    }

    fn write(&mut self, tab: usize, slot: Slot, text: Option<Rc<str>>, now: u64) {
        for (other, view) in self.views.iter_mut().enumerate() {
            let Some(view) = view else { continue };
            if other == tab {
                put(view, slot, text.clone());
            } else {
                self.news.push(News { due: now + self.lag, tab: other, slot, text: text.clone() });
            }
        }
        let before = put(&mut self.local, slot, text);
        self.unsaved.push((now, slot, before));
    }

    /// What the first of the news that are due says, and to whom.
    pub(crate) fn arrives(&mut self, at: usize) -> (usize, Slot) {
        let News { tab, slot, text, .. } = self.news.remove(at);
        if let Some(view) = &mut self.views[tab] {
            put(view, slot, text);
        }
        (tab, slot)
    }

    /// The browser is killed: what was written in the last `lost` ms is as it was before.
    pub(crate) fn killed(&mut self, lost: u64, now: u64) {
        let since = now.saturating_sub(lost.min(UNSAVED));
        while let Some((at, slot, before)) = self.unsaved.pop() {
            if at >= since {
                put(&mut self.local, slot, before);
            }
        }
        self.news.clear();
        self.views.iter_mut().for_each(|view| *view = None);
    }

    /// Something else has written into an entry, of the first copy or of both.
    pub(crate) fn damage(&mut self, slot: Slot, text: &str, both: bool) {
        let text: Rc<str> = text.into();
        let second = both.then_some(&mut self.second);
        for map in self.views.iter_mut().flatten().chain([&mut self.local]).chain(second) {
            if let Some(entry) = map.get_mut(&slot) {
                *entry = Rc::clone(&text);
            }
        }
    }
}

fn put(map: &mut Map, slot: Slot, text: Option<Rc<str>>) -> Option<Rc<str>> {
    match text {
        Some(text) => map.insert(slot, text),
        None => map.remove(&slot),
    }
}
