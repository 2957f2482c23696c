//! The world itself: what there is, how time passes in it, and what each step of a story does.

use std::collections::BTreeMap;

use footstep::model::delivery::Verdict;
use footstep::model::input::{Answer, Decision, Input};
use footstep::model::signal::Hit;

use super::chance::Chance;
use super::collector::Collector;
use super::document::{Document, facts};
use super::judge::Judge;
use super::network::{Flight, Weather};
use super::script::{Script, Shop, Sort, Step, TABS};
use super::store::Store;

/// A tab, whoever is in it.
#[derive(Default)]
pub(crate) struct Tab {
    /// Its own storage: the attempts.
    pub(crate) attempts: String,
    pub(crate) page: Option<u32>,
    /// Pages that were put away, the last one last.
    away: Vec<u32>,
}

pub(crate) struct World<'a> {
    pub(crate) shop: &'a Shop,
    pub(crate) config: String,
    pub(crate) chance: Chance,
    /// True time, ms.
    pub(crate) now: u64,
    wall: i64,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) docs: Vec<Document>,
    pub(crate) serial: u32,
    /// Who holds the lock of a stream, and who waits for it.
    pub(crate) locks: BTreeMap<u128, Vec<u32>>,
    pub(crate) store: Store,
    pub(crate) weather: Weather,
    pub(crate) flights: Vec<Flight>,
    pub(crate) collectors: Vec<Collector>,
    pub(crate) judge: Judge,
    fault: Option<String>,
    /// What has happened, if anybody wants to read it.
    pub(crate) log: Option<String>,
}

const URLS: [&str; 2] = ["/a", "/b"];
/// A tab nobody was in before: that of the last page.
pub(crate) const LAST: usize = TABS as usize;

impl World<'_> {
    /// Lives through a story; what is wrong, if anything is, after all that has happened if that is wanted.
    pub(crate) fn live(script: &Script, log: bool) -> Option<String> {
        let shop = &script.shop;
        let mut world = World {
            shop,
            config: config(shop),
            chance: Chance::new(0),
            now: 1000,
            wall: 1_800_000_000_000,
            tabs: (0..=LAST).map(|_| Tab::default()).collect(),
            docs: Vec::new(),
            serial: 0,
            locks: BTreeMap::new(),
            store: Store::new(LAST + 1, shop.lag),
            weather: Weather::Fine,
            flights: Vec::new(),
            collectors: (0..shop.collectors).map(|_| Collector::default()).collect(),
            judge: Judge::default(),
            fault: None,
            log: log.then(String::new),
        };
        for &(step, salt) in &script.steps {
            world.chance = Chance::new(salt);
            world.note(|| format!("{step:?}"));
            world.step(step);
            if world.fault.is_some() {
                break;
            }
        }
        if world.fault.is_none() {
            world.note(|| "the end".to_owned());
            world.end();
        }
        Some(world.log.unwrap_or_default() + &world.fault?)
    }

    /// For whoever reads what has happened.
    pub(crate) fn note(&mut self, text: impl FnOnce() -> String) {
        if let Some(log) = &mut self.log {
            let text: String = text().chars().take(300).collect();
            log.push_str(&format!("{:>8} {text}\n", self.now));
        }
    }

    /// Only the first counts.
    pub(crate) fn fault(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    pub(crate) const fn wall(&self) -> u64 {
        (self.wall + self.now as i64) as u64
    }

    pub(crate) fn collector(&self, url: &str) -> Option<usize> {
        URLS.iter().position(|each| *each == url).filter(|at| *at < self.collectors.len())
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Wait(ms) => self.wait(ms),
            Step::Jump(ms) => self.wall += ms,
            Step::Net(weather) => self.weather = weather,
            Step::Disk(fault) => self.store.fault = fault,
            Step::Damage => {
                self.damage();
                self.excuse();
            }
            Step::Kill(lost) => self.kill(lost),
            Step::Open(tab, thanks) => self.open(tab, thanks, false),
            Step::Link(tab, thanks) => self.open(tab, thanks, true),
            Step::Back(tab) => self.back(tab),
            Step::Close(tab, told) => {
                self.leave(tab, told, false);
                self.close(tab);
                self.tabs[tab].attempts.clear();
            }
            Step::Crash(tab) => self.close(tab),
            Step::Fuse(tab, left) => self.with(tab, |_, doc| doc.fuse = Some(left)),
            Step::Trap(tab) => self.with(tab, World::trap),
            Step::Freeze(tab) => self.with(tab, |_, doc| doc.frozen = doc.hidden),
            Step::Show(tab) => self.show(tab),
            Step::Track(tab, sort, count) => (0..count).for_each(|_| self.track(tab, sort)),
            other => self.input(other),
        }
        self.bury();
    }

    fn input(&mut self, step: Step) {
        let hit = |rule, element| Hit { rule, element, ..Hit::default() };
        let (tab, input) = match step {
            Step::Click(tab, rule) => (tab, Input::Dom { trusted: true, hits: vec![hit(rule, 1)] }),
            Step::Submit(tab) => {
                let element = self.chance.between(1, 2) as u32;
                (tab, Input::Dom { trusted: true, hits: vec![hit(0, element)] })
            }
            Step::Shows(tab, well) => {
                let Some(doc) = self.page(tab) else { return };
                (tab, Input::Rendered(vec![doc.evidence[usize::from(!well)]]))
            }
            Step::Hide(tab) => (tab, Input::Hidden),
            Step::Consent(tab, granted) => {
                let decision = if granted { Decision::Granted } else { Decision::Denied };
                (tab, Input::Consent(decision))
            }
            Step::Flush(tab) => (tab, Input::Flush),
            Step::Online(tab) => (tab, Input::Online),
            Step::Stop(tab) => (tab, Input::Stop),
            _ => return,
        };
        self.with(tab, |world, doc| {
            doc.hidden |= input == Input::Hidden;
            world.hand(doc, input);
        });
    }

    fn page(&self, tab: usize) -> Option<&Document> {
        let number = self.tabs[tab].page?;
        self.docs.iter().find(|doc| doc.number == number)
    }

    /// Does something with the page of a tab that hears.
    pub(crate) fn with(&mut self, tab: usize, act: impl FnOnce(&mut Self, &mut Document)) {
        if let Some(number) = self.page(tab).filter(|doc| !doc.frozen && !doc.stopped).map(|doc| doc.number) {
            self.with_document(number, act);
        }
    }

    pub(crate) fn with_document(&mut self, number: u32, act: impl FnOnce(&mut Self, &mut Document)) {
        let Some(place) = self.docs.iter().position(|doc| doc.number == number) else { return };
        let mut doc = self.docs.swap_remove(place);
        act(self, &mut doc);
        self.docs.push(doc);
    }

    /// Calls `track()`, and looks whether what came of it is safe at once.
    fn track(&mut self, tab: usize, sort: Sort) {
        self.with(tab, |world, doc| {
            let n = world.judge.next();
            let (name, more) = match sort {
                Sort::Plain => ("step", String::new()),
                Sort::Valued => ("step", ",\"value\":5".to_owned()),
                Sort::Poison => ("poison", String::new()),
                Sort::Large => ("step", format!(",\"text\":\"{}\"", "x".repeat(25_000))),
                Sort::TooLarge => ("step", format!(",\"text\":\"{}\"", "x".repeat(61_000))),
            };
            let properties = format!("{{\"n\":{n}{more}}}");
            let local = doc.is_local();
            world.hand(doc, Input::Track { name: name.to_owned(), properties, ago: 0 });
            world.saw_tracked(doc, n, local);
        });
    }

    pub(crate) fn open(&mut self, tab: usize, thanks: bool, put_away: bool) {
        self.leave(tab, true, put_away);
        let doc = self.document(tab, thanks);
        self.tabs[tab].page = Some(doc.number);
        self.docs.push(doc);
    }

    /// The tab's page is left; it may be put away to come back.
    pub(crate) fn leave(&mut self, tab: usize, told: bool, put_away: bool) {
        if let (true, Some(number)) = (told, self.tabs[tab].page) {
            // A page that is stopped goes on before it is left (Page Lifecycle, "resume").
            self.with_document(number, |world, doc| {
                doc.frozen = false;
                world.hear(doc);
            });
            self.with(tab, |world, doc| {
                doc.hidden = true;
                world.hand(doc, Input::Left);
                world.let_all_go(doc);
                world.hand(doc, Input::Hidden);
            });
        }
        let Some(number) = self.tabs[tab].page.take() else { return };
        if put_away {
            self.with_document(number, |_, doc| doc.frozen = true);
            self.tabs[tab].away.push(number);
        } else {
            self.end_document(number);
        }
    }

    fn back(&mut self, tab: usize) {
        if self.tabs[tab].away.is_empty() {
            return;
        }
        self.leave(tab, true, false);
        let number = self.tabs[tab].away.pop();
        self.tabs[tab].page = number;
        let Some(number) = number else { return };
        self.with_document(number, |world, doc| {
            let early = world.chance.one_in(2);
            if early {
                world.hear(doc);
            }
            (doc.frozen, doc.hidden) = (false, false);
            if !doc.stopped {
                // That it can be seen is said first, then that it was restored.
                world.hand(doc, Input::Visible);
                world.hand(doc, Input::Visible);
                world.hand(doc, Input::Page(facts(doc.tab, doc.thanks)));
            }
            world.hear(doc);
        });
    }

    pub(crate) fn show(&mut self, tab: usize) {
        let Some(number) = self.tabs[tab].page else { return };
        self.with_document(number, |world, doc| {
            (doc.frozen, doc.hidden) = (false, false);
            if !doc.stopped {
                world.hand(doc, Input::Visible);
            }
            world.hear(doc);
        });
    }

    /// Hands over the answers that came while nothing reached it.
    fn hear(&mut self, doc: &mut Document) {
        while !doc.kept_answers.is_empty() {
            let (input, events) = doc.kept_answers.remove(0);
            if let Input::Response { answer, .. } = &input {
                doc.heard += arrived(answer, events);
            }
            self.hand(doc, input);
        }
    }

    /// A request that carried so many events was answered.
    pub(crate) fn answered(&mut self, number: u32, generation: u32, input: Input, events: u64) {
        self.with_document(number, |world, doc| {
            // What an engine that has trapped has asked is not for the next one, which counts its requests anew.
            if doc.generation != generation {
                return;
            }
            doc.kept_answers.push((input, events));
            if !doc.frozen {
                world.hear(doc);
            }
        });
    }

    /// A document is gone.
    pub(crate) fn end_document(&mut self, number: u32) {
        let Some(place) = self.docs.iter().position(|doc| doc.number == number) else { return };
        let mut doc = self.docs.swap_remove(place);
        self.let_all_go(&mut doc);
        self.locks.values_mut().for_each(|queue| queue.retain(|holder| *holder != number));
        self.hang_up(number);
        self.excuse();
    }

    /// The process of a tab has ended.
    pub(crate) fn close(&mut self, tab: usize) {
        let gone: Vec<u32> = self.docs.iter().filter(|doc| doc.tab == tab).map(|doc| doc.number).collect();
        gone.into_iter().for_each(|number| self.end_document(number));
        self.tabs[tab].page = None;
        self.tabs[tab].away.clear();
        self.store.process_ends(tab);
        self.excuse();
    }

    fn kill(&mut self, lost: u64) {
        self.store.killed(lost, self.now);
        for tab in 0..self.tabs.len() {
            self.close(tab);
            self.tabs[tab].attempts.clear();
        }
        self.excuse();
    }

    pub(crate) fn bury(&mut self) {
        while let Some(tab) = self.docs.iter().find(|doc| doc.dead).map(|doc| doc.tab) {
            self.close(tab);
        }
    }
}

/// How many of so many events have arrived, as the answer says.
fn arrived(answer: &Answer, events: u64) -> u64 {
    match answer {
        Answer::Status { status: 200..=299, .. } => events,
        Answer::Judged(judged) if judged.verdict == Verdict::Acknowledged => {
            events - (judged.refused.len() + judged.later.len()) as u64
        }
        _ => 0,
    }
}

fn config(shop: &Shop) -> String {
    let collectors: Vec<String> =
        URLS[..shop.collectors].iter().map(|url| format!("{{\"url\":\"{url}\"}}")).collect();
    format!(
        r#"{{"site":"world","maxStored":{},"collectors":[{}],"consent":{{"mode":"{}"}},"conversions":{{
            "signup":{{"on":"submit","match":"form","value":3,"within":"10s",
                "confirm":[{{"visible":".ok"}},{{"url":"**/thanks"}}],"fail":[{{"visible":".no"}}]}},
            "look":{{"on":"click","match":"a"}},
            "once":{{"on":"click","match":"b","once":"visitor"}}}}}}"#,
        shop.most,
        collectors.join(","),
        if shop.opt_in { "opt-in" } else { "none" }
    )
}
