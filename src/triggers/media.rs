//! `media`: a video or sound is played, or a part of it has been watched.
//!
//! Watched is what was really played, each second once: the union of the stretches between two reports of the
//! player, cut wherever the position was changed by hand. A slider dragged to the end has watched nothing.

#[cfg(any(test, feature = "catalog"))]
use super::{Doc, Type};
use super::{Firing, Trigger, fire};
use crate::model::diagnostic::Code;
use crate::model::effect::Source;
use crate::model::section::Section;
use crate::model::signal::{Media as Player, MediaEvent, Signal};
use crate::model::time::Millis;
use crate::model::value::{Number, Value};

#[cfg(any(test, feature = "catalog"))]
pub(super) const DOC: Doc = Doc {
    what: "A video or audio element begins to play (without `percent`), or a part of it has been watched.",
    options: &[
        ("match", Type::Selector, "Which players; every one if it is left out."),
        (
            "percent",
            Type::Percents,
            "Parts of the length, above 0 and up to 100, each reported once per player and page view.",
        ),
        ("seconds", Type::Seconds, "Seconds watched, each reported once; for players without an end."),
        ("players", Type::Texts, "Players in frames as well: `youtube`, `vimeo`."),
        (
            "measure",
            Type::Words(&["watched", "position"]),
            "`watched` (unless said otherwise): each second that was really played, once. `position`: how far the player came, seeking included.",
        ),
    ],
    example: r##"{"on":"media","match":"#promo","percent":[25,50,75],"measure":"watched"}"##,
};

/// What the browser's clock, the player's and a busy page may differ by, ms.
const SLACK: u64 = 400;
/// Players followed per rule and page view; those beyond do not count.
const MAX_PLAYERS: usize = 32;

/// Players in frames that can be heard.
const PLAYERS: &[&str] = &["youtube", "vimeo"];
/// As long as a video can be, s.
const MAX_SECONDS: i64 = 86_400;

struct Media {
    selector: String,
    /// What the thresholds are: `percent` or, of seconds, `watched`.
    unit: &'static str,
    /// Those in frames, parted by commas.
    frames: String,
    thresholds: Vec<(i64, Number)>,
    by_position: bool,
    players: Vec<(u32, Watched)>,
}

/// What one player has shown of its current source.
#[derive(Default)]
struct Watched {
    started: bool,
    reached: usize,
    furthest: u64,
    /// Stretches that were played, ms, ascending, apart from each other.
    stretches: Vec<(u64, u64)>,
    /// Where the stretch that is being played was last seen, and when.
    open: Option<(u64, Millis)>,
    /// Where the player was last seen, playing or not.
    last: u64,
}

pub(super) fn build(section: &mut Section<'_>) -> Option<Box<dyn Trigger>> {
    let selector = section.text("match").unwrap_or("video,audio,iframe").to_owned();
    let by_position = section.word("measure", &["watched", "position"]) == Some(1);
    let percent = section.thresholds("percent", 100)?;
    // Not both: the word that is left over is reported.
    let seconds = if percent.is_empty() { section.thresholds("seconds", MAX_SECONDS)? } else { Vec::new() };
    let (unit, thresholds) = if percent.is_empty() { ("watched", seconds) } else { ("percent", percent) };
    let mut frames = String::new();
    for player in section.texts("players") {
        if !PLAYERS.contains(&player.as_str()) {
            let mut args = vec![player.as_str()];
            args.extend(PLAYERS);
            section.report(Code::NotOneOf, "players", &args);
            continue;
        }
        frames.push_str(&player);
        frames.push(',');
    }
    Some(Box::new(Media { selector, unit, frames, thresholds, by_position, players: Vec::new() }))
}

impl Trigger for Media {
    fn watch(&self, on: &mut dyn FnMut(Source, &str, &str)) {
        for event in &["playing", "timeupdate", "pause", "ended", "seeking", "ratechange", "emptied"] {
            on(Source::Media, event, &self.selector);
        }
        if !self.frames.is_empty() {
            on(Source::Players, &self.frames, &self.selector);
        }
    }

    fn observe(&mut self, signal: &Signal, mono: Millis, fired: &mut Vec<Firing>) {
        let Signal::Element(hit) = signal else { return };
        let Some(player) = hit.media else { return };
        if !self.players.iter().any(|(element, _)| *element == hit.element)
            && self.players.len() < MAX_PLAYERS
        {
            self.players.push((hit.element, Watched::default()));
        }
        let of = self.players.iter_mut().find(|(element, _)| *element == hit.element);
        let Some((_, watched)) = of else { return };
        let begins = watched.follow(&player, mono);
        if self.thresholds.is_empty() {
            if begins {
                tell(&player, None, fired);
            }
        } else {
            let shown = if self.by_position { watched.furthest } else { watched.total() };
            let percent = || shown.wrapping_mul(100_000).checked_div(player.duration).unwrap_or(0);
            let shown = if self.unit == "percent" { percent() } else { shown };
            while let Some((size, number)) = self.thresholds.get(watched.reached) {
                if shown < size.unsigned_abs() {
                    break;
                }
                tell(&player, Some((self.unit, Value::Number(number.clone()))), fired);
                if let Some(firing) = fired.last_mut() {
                    firing.facts.set("measure", if self.by_position { "position" } else { "watched" }.into());
                }
                watched.reached += 1;
            }
        }
    }

    fn page_view(&mut self) {
        self.players.clear();
    }
}

fn tell(player: &Player, fact: Option<(&str, Value)>, fired: &mut Vec<Firing>) {
    fire(fired, "media", fact);
    let Some(Firing { facts, .. }) = fired.last_mut() else { return };
    if player.duration > 0 {
        facts.set("seconds", Value::from((player.duration + 500) / 1000));
    }
    for &(name, is) in &[("muted", player.muted), ("autoplay", player.autoplay), ("loop", player.looped)] {
        if is {
            facts.set(name, true.into());
        }
    }
}

impl Watched {
    /// Takes in a report of the player; true if it began to play just now.
    fn follow(&mut self, player: &Player, mono: Millis) -> bool {
        if player.event == MediaEvent::Emptied {
            *self = Self::default();
            return false;
        }
        let played = self.open.take().filter(|_| player.event != MediaEvent::Seeking);
        if let Some((from, since)) = played {
            let possible = mono.since(since).wrapping_mul(player.rate) / 100 + SLACK;
            // More than could have been played: the position was changed and the event for it is yet to come.
            if player.position > from && player.position - from <= possible {
                self.add(from, player.position);
            }
        }
        self.furthest = self.furthest.max(player.position);
        if !player.paused {
            // A player has moved a little by the time it says that it plays.
            let moved = player.event == MediaEvent::Playing
                && (self.last..self.last + SLACK).contains(&player.position);
            self.open = Some((if moved { self.last } else { player.position }, mono));
        }
        self.last = player.position;
        let begins = player.event == MediaEvent::Playing && !self.started;
        self.started |= begins;
        begins
    }

    fn add(&mut self, mut from: u64, mut to: u64) {
        self.stretches.retain(|&(start, end)| {
            let touches = start <= to && from <= end;
            if touches {
                from = from.min(start);
                to = to.max(end);
            }
            !touches
        });
        let place = self.stretches.iter().position(|(start, _)| *start > to).unwrap_or(self.stretches.len());
        self.stretches.insert(place, (from, to));
    }

    fn total(&self) -> u64 {
        self.stretches.iter().map(|(from, to)| to - from).sum()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::signal::Hit;
    use proptest::prelude::*;

    fn trigger(percent: &[i64]) -> Media {
        let number = |value: &i64| (*value * 1000, Number::from(value.unsigned_abs()));
        Media {
            selector: String::new(),
            unit: "percent",
            frames: String::new(),
            thresholds: percent.iter().map(number).collect(),
            by_position: false,
            players: Vec::new(),
        }
    }

    fn report(media: &mut Media, event: MediaEvent, position: u64, mono: u64, paused: bool) -> usize {
        let player = Player { event, position, duration: 10_000, rate: 100, paused, ..Player::default() };
        let mut fired = Vec::new();
        media.observe(
            &Signal::Element(Hit { media: Some(player), ..Hit::default() }),
            Millis(mono),
            &mut fired,
        );
        fired.len()
    }

    #[test]
    fn watched_to_the_end() {
        let mut media = trigger(&[25, 50, 100]);
        assert_eq!(report(&mut media, MediaEvent::Playing, 0, 0, false), 0);
        let fired: usize =
            (1..=10).map(|s| report(&mut media, MediaEvent::Progress, s * 1000, s * 1000, s == 10)).sum();
        assert_eq!(fired, 3);
    }

    #[test]
    fn dragged_to_the_end_has_watched_nothing() {
        for seek_is_seen_late in [false, true] {
            let mut media = trigger(&[25]);
            report(&mut media, MediaEvent::Playing, 0, 0, false);
            report(&mut media, MediaEvent::Progress, 500, 500, false);
            if seek_is_seen_late {
                assert_eq!(report(&mut media, MediaEvent::Progress, 9000, 600, false), 0);
            }
            report(&mut media, MediaEvent::Seeking, 9000, 600, false);
            assert_eq!(report(&mut media, MediaEvent::Progress, 10_000, 1600, true), 0);
            assert_eq!(media.players[0].1.total(), 1500);
        }
    }

    #[test]
    fn each_second_counts_though_the_player_is_late_to_say_so() {
        let mut media = trigger(&[100]);
        let mut fired = 0;
        for second in 0..10 {
            fired += report(&mut media, MediaEvent::Playing, second * 1000 + 7, second * 5000, false);
            fired +=
                report(&mut media, MediaEvent::Progress, (second + 1) * 1000, second * 5000 + 1000, true);
        }
        assert_eq!((fired, media.players[0].1.total()), (1, 10_000), "paused and resumed nine times");
    }

    #[test]
    fn begins_once_until_the_source_changes() {
        let mut media = trigger(&[]);
        assert_eq!(report(&mut media, MediaEvent::Playing, 0, 0, false), 1);
        report(&mut media, MediaEvent::Progress, 900, 900, true);
        assert_eq!(report(&mut media, MediaEvent::Playing, 900, 5000, false), 0);
        report(&mut media, MediaEvent::Emptied, 0, 6000, true);
        assert_eq!(report(&mut media, MediaEvent::Playing, 0, 7000, false), 1);
    }

    /// What a visitor does with a player of 10 seconds.
    #[derive(Clone, Debug)]
    enum Act {
        /// Lets it be for so many ms; the player says where it is at the end.
        Watch(u64),
        Pause,
        Play,
        Seek(u64),
        Rate(u64),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            6 => (1u64..400).prop_map(Act::Watch),
            1 => Just(Act::Pause),
            2 => Just(Act::Play),
            2 => (0u64..10_000).prop_map(Act::Seek),
            1 => prop::sample::select(vec![50u64, 100, 200]).prop_map(Act::Rate),
        ]
    }

    const LENGTH: u64 = 10_000;

    /// A player that loops or not, what we are told of it, and every millisecond of it that was played between two
    /// things it told us.
    struct Simulated {
        watched: Watched,
        looped: bool,
        clock: u64,
        position: u64,
        rate: u64,
        paused: bool,
        seen: Vec<bool>,
    }

    impl Simulated {
        fn tell(&mut self, event: MediaEvent) {
            let (position, paused, rate) = (self.position, self.paused, self.rate);
            let player = Player { event, position, paused, rate, duration: LENGTH, ..Player::default() };
            self.watched.follow(&player, Millis(self.clock));
        }

        fn watch(&mut self, ms: u64) {
            self.clock += ms;
            if self.paused {
                return;
            }
            let to = (self.position + ms * self.rate / 100).min(LENGTH);
            self.seen[self.position as usize..to as usize].fill(true);
            self.position = to;
            if to < LENGTH {
                return self.tell(MediaEvent::Progress);
            }
            // At the end a player stops, or says that it seeks to its beginning.
            self.paused = !self.looped;
            self.tell(MediaEvent::Progress);
            if self.looped {
                self.seek(0);
            }
        }

        fn seek(&mut self, to: u64) {
            self.position = to;
            self.tell(MediaEvent::Seeking);
            if !self.paused {
                self.tell(MediaEvent::Playing);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn watched_is_what_was_played(acts in prop::collection::vec(act(), 0..60), looped in any::<bool>()) {
            let mut player = Simulated {
                watched: Watched::default(),
                looped,
                clock: 0,
                position: 0,
                rate: 100,
                paused: true,
                seen: vec![false; LENGTH as usize],
            };
            for act in acts {
                match act {
                    Act::Watch(ms) => player.watch(ms),
                    Act::Pause => {
                        player.paused = true;
                        player.tell(MediaEvent::Progress);
                    }
                    Act::Play if player.paused => {
                        player.paused = false;
                        if player.position == LENGTH {
                            player.seek(0);
                        } else {
                            player.tell(MediaEvent::Playing);
                        }
                    }
                    Act::Play => {}
                    Act::Seek(to) => player.seek(to),
                    Act::Rate(rate) => {
                        player.rate = rate;
                        player.tell(MediaEvent::Progress);
                    }
                }
            }
            let played = player.seen.iter().filter(|is| **is).count() as u64;
            prop_assert_eq!(player.watched.total(), played);
        }
    }

    proptest! {
        #[test]
        fn union_equals_counting_each_moment(stretches in prop::collection::vec((0u64..60, 1u64..20), 0..20)) {
            let mut watched = Watched::default();
            let mut seen = [false; 100];
            for (from, length) in stretches {
                watched.add(from, from + length);
                seen[from as usize..(from + length) as usize].fill(true);
            }
            prop_assert_eq!(watched.total(), seen.iter().filter(|is| **is).count() as u64);
            prop_assert!(watched.stretches.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}
