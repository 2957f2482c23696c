//! What happens, step by step: written from a seed, shrunk when it ends badly, printed as it would be kept.

use super::chance::Chance;
use super::network::Weather;
use super::store::Fault;

/// What is the same for the whole story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shop {
    pub(crate) collectors: usize,
    /// Records that may be stored for a collector.
    pub(crate) most: usize,
    pub(crate) opt_in: bool,
    pub(crate) keepalive: bool,
    /// How long another process does not see what was written to storage, ms.
    pub(crate) lag: u64,
    /// There is an IndexedDB.
    pub(crate) second: bool,
    /// There are Web Locks.
    pub(crate) locks: bool,
}

/// One thing that happens; the number is the tab's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A page is opened, in place of the one that is there; `true`: one that shows the outcome of attempts.
    Open(usize, bool),
    /// The same, but the page that was there is put away and may come back.
    Link(usize, bool),
    Back(usize),
    /// The tab is closed; `false`: without a word.
    Close(usize, bool),
    Crash(usize),
    /// The page's process ends after so many more effects.
    Fuse(usize, u32),
    /// The wasm traps; the document goes on with a fresh engine.
    Trap(usize),
    /// The whole browser is killed; so many of the last ms never reached the disk.
    Kill(u64),
    Track(usize, Sort, u32),
    Click(usize, u32),
    Submit(usize),
    /// What the attempt waits for; `false`: what shows that it failed.
    Shows(usize, bool),
    Hide(usize),
    Show(usize),
    /// A page in the background is stopped until it is seen again.
    Freeze(usize),
    Consent(usize, bool),
    Flush(usize),
    Online(usize),
    Stop(usize),
    Wait(u64),
    /// The wall clock is set, ms.
    Jump(i64),
    Net(Weather),
    Disk(Fault),
    /// An entry of the journal is damaged.
    Damage,
}

/// What `track()` is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Plain,
    Valued,
    /// The collectors refuse it.
    Poison,
    Large,
    TooLarge,
}

/// A story: each step has its own seed for what is left to chance.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) shop: Shop,
    pub(crate) steps: Vec<(Step, u64)>,
}

pub(crate) const TABS: u64 = 3;
const HOURS: i64 = 3_600_000;

/// The story of a seed.
pub(crate) fn write(seed: u64) -> Script {
    let mut chance = Chance::new(seed);
    let shop = Shop {
        collectors: if chance.one_in(4) { 2 } else { 1 },
        most: chance.pick(&[3, 8, 40, 500]),
        opt_in: chance.one_in(4),
        keepalive: !chance.one_in(4),
        lag: chance.pick(&[0, 0, 5, 60, 700]),
        second: !chance.one_in(3),
        locks: !chance.one_in(6),
    };
    let tabs = chance.between(1, TABS);
    let count = chance.between(4, 34);
    // Some stories take no time, so that one page begins while another is still being forgotten.
    let hasty = chance.one_in(3);
    let mut steps = vec![(Step::Open(0, false), chance.next())];
    for _ in 0..count {
        let step = match step(&mut chance, tabs) {
            Step::Wait(ms) if hasty => Step::Wait(ms.min(chance.pick(&[1, 20, 150, 1500]))),
            step => step,
        };
        steps.push((step, chance.next()));
    }
    Script { shop, steps }
}

fn step(chance: &mut Chance, tabs: u64) -> Step {
    let tab = chance.below(tabs) as usize;
    match chance.below(100) {
        0..18 => {
            let (sort, count) = (sort(chance), chance.pick(&[1, 1, 1, 2, 5, 12, 25]));
            // Each that is refused alone costs minutes of patience.
            Step::Track(tab, sort, if sort == Sort::Poison { count.min(2) } else { count })
        }
        18..24 => Step::Click(tab, chance.between(1, 2) as u32),
        24..28 => Step::Submit(tab),
        28..31 => Step::Shows(tab, !chance.one_in(3)),
        31..55 => Step::Wait(chance.pick(&[1, 4, 15, 80, 300, 1000, 2500, 6000, 11_000, 40_000, 400_000])),
        55..61 => Step::Open(tab, chance.one_in(4)),
        61..65 => Step::Link(tab, chance.one_in(4)),
        65..69 => Step::Back(tab),
        69..72 => Step::Close(tab, chance.one_in(2)),
        72..74 => Step::Crash(tab),
        74..76 => Step::Fuse(tab, chance.below(12) as u32),
        76..78 => Step::Trap(tab),
        78..80 => Step::Kill(chance.below(6001)),
        80..83 => Step::Hide(tab),
        83..86 => Step::Show(tab),
        86 => Step::Freeze(tab),
        87..89 => Step::Consent(tab, chance.one_in(2)),
        89 => Step::Flush(tab),
        90 => chance.pick(&[Step::Online(tab), Step::Stop(tab)]),
        91 => Step::Jump(chance.pick(&[-50 * HOURS, -1000, 5000, 2 * HOURS, 8 * 24 * HOURS])),
        92..96 => Step::Net(weather(chance)),
        96..99 => {
            Step::Disk(chance.pick(&[Fault::None, Fault::Full, Fault::Full, Fault::Denied, Fault::Ignored]))
        }
        _ => Step::Damage,
    }
}

fn sort(chance: &mut Chance) -> Sort {
    match chance.below(16) {
        0..10 => Sort::Plain,
        10..13 => Sort::Valued,
        13 => Sort::Poison,
        14 => Sort::Large,
        _ => chance.pick(&[Sort::Plain, Sort::TooLarge]),
    }
}

fn weather(chance: &mut Chance) -> Weather {
    let status = chance.pick(&[400, 403, 404, 408, 413, 422, 429, 500, 503, 505]);
    let after = chance.pick(&[0, 0, 2, 60, 3600]);
    let all = [Weather::Fine, Weather::Slow, Weather::Flaky, Weather::Flaky, Weather::Down, Weather::HangsUp];
    match chance.below(9) {
        0 => Weather::Small,
        8 => Weather::Picky,
        1 | 2 => Weather::Status(status, after),
        _ => chance.pick(&all),
    }
}

/// Without the steps that do not matter.
pub(crate) fn shrink(mut script: Script, fails: impl Fn(&Script) -> bool) -> Script {
    let mut size = script.steps.len();
    while size > 0 {
        let mut at = 0;
        while at < script.steps.len() {
            let mut fewer = script.clone();
            fewer.steps.drain(at..(at + size).min(fewer.steps.len()));
            if fails(&fewer) {
                script = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    let plain: [fn(&mut Shop); 6] = [
        |shop| shop.collectors = 1,
        |shop| shop.opt_in = false,
        |shop| shop.lag = 0,
        |shop| shop.second = true,
        |shop| shop.locks = true,
        |shop| shop.most = 500,
    ];
    for make in plain {
        let mut plainer = script.clone();
        make(&mut plainer.shop);
        if fails(&plainer) {
            script = plainer;
        }
    }
    script
}
