//! The engine over this allocator, natively and on one thread: cards come and go by the ten thousand, are pressed, sent
//! and attempted, and the memory stays as it is, to the page. In a browser the same is looked at from outside
//! (`tests/e2e/memory.test.mjs`), where timing decides how many records wait at a time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use footstep::engine::{Engine, Said};
use footstep::model::effect::Effect;
use footstep::model::input::{Answer, Environment, Input, PageFacts, Stored};
use footstep::model::signal::Hit;
use footstep::model::time::{Millis, Now};
use footstep_allocator::{PAGE, Pages, SizeClasses};

static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// Pages of the machine, counted.
struct Counted;

impl Pages for Counted {
    fn more(&self, count: usize) -> *mut u8 {
        TAKEN.fetch_add(count, Ordering::Relaxed);
        Layout::from_size_align(count * PAGE, 16).map_or(std::ptr::null_mut(), |layout| {
            // SAFETY: the size is not zero, and what is never freed needs no second thought.
            unsafe { System.alloc_zeroed(layout) }
        })
    }
}

// One thread: that is why this test has no harness.
#[global_allocator]
static ALLOCATOR: SizeClasses<Counted> = SizeClasses::new(Counted);

const CONFIG: &str = r##"{"collectors":[{"url":"/c"}],"pageViews":false,"untrusted":"count","conversions":{
    "pressed":{"on":"click","match":"a","once":"element","read":{"id":{"attribute":"data-id"}}},
    "pressed_card":{"on":"click","match":"b","once":"element"},
    "seen":{"on":"visible","match":"i","percent":50,"seconds":3600,"once":"element"},
    "sent":{"on":"submit","match":"form"},
    "thanked":{"on":"click","match":"u","confirm":{"visible":".t"},"within":"1s"}}}"##;

struct Page {
    engine: Engine,
    mono: u64,
    element: u32,
}

impl Page {
    fn now(&self) -> Now {
        Now { at: Millis(1_800_000_000_000 + self.mono), mono: Millis(self.mono) }
    }

    fn handle(&mut self, input: Input) {
        let now = self.now();
        self.engine.handle(input, now);
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::OpenStorage { .. } => {
                    self.engine.handle(Input::Storage(Stored { available: true, ..Stored::default() }), now);
                }
                Effect::Send(request) => {
                    let answer = Answer::Status { status: 204, after: 0 };
                    self.engine.handle(Input::Response { request: request.number, answer }, now);
                }
                _ => {}
            }
        }
    }

    fn cards(&mut self, count: u32) {
        for _ in 0..count {
            self.element += 1;
            self.mono += 5;
            let element = self.element;
            let hit = |rule| {
                let attributes = vec![("data-id".to_owned(), "card".to_owned())];
                Hit { rule, element, attributes, ..Hit::default() }
            };
            self.handle(Input::Dom { trusted: false, hits: vec![hit(0), hit(1), hit(4)] });
            self.handle(Input::Dom { trusted: false, hits: vec![hit(3)] });
            self.handle(Input::Wake);
        }
    }
}

fn main() {
    let environment = Environment { keepalive: true, entropy: [1, 2, 3, 4], ..Environment::default() };
    let facts = PageFacts { url: "https://shop.example/".to_owned(), ..PageFacts::default() };
    let start = Now { at: Millis(1_800_000_000_000), mono: Millis(0) };
    let said = Said { config: CONFIG, ..Said::default() };
    let engine = Engine::start(&said, environment, facts, start);
    let mut page = Page { engine, mono: 0, element: 0 };
    page.engine.begin(start);
    // What has bounds is filled first.
    page.cards(10_000);
    let before = TAKEN.load(Ordering::Relaxed);
    page.cards(30_000);
    let grown = TAKEN.load(Ordering::Relaxed) - before;
    let (_, counts) = page.engine.streams().next().expect("a stream");
    assert!(counts.acknowledged > 100_000, "{counts:?}");
    assert_eq!(grown, 0, "pages of 64 kB, after {before}");
}
