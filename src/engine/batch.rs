//! When events leave, how many together, and by which means.
//!
//! Valued events leave at once, the rest when there are enough of them or a second has passed, everything when the
//! page is hidden. What outlives the page must fit into the browser's budget for that, which is shared by everybody
//! on the page; what does not fit waits.

use super::Engine;
use super::queue::Queue;
use crate::formats::{self, Header};
use crate::model::effect::{Effect, Means, Request};
use crate::model::time::{Millis, Now};

/// How long an event may wait for company, ms.
const LINGER: u64 = 1000;
/// So many waiting events are company enough.
const ENOUGH_EVENTS: usize = 20;
/// So many waiting bytes are.
const ENOUGH_BYTES: usize = 32_000;
/// A body's size at the most, bytes. The browser's budget for what outlives the page is 65,536, shared with
/// everybody else on it.
const MAX_BODY: usize = 60_000;
/// The part of that budget we ever use, bytes and requests.
const BUDGET: (usize, usize) = (60_000, 15);
/// Requests under way at a time, per collector, while the page is seen.
const MAX_FLIGHTS: usize = 3;

impl Engine {
    /// When, by the monotonic clock, something is due that no input announces.
    #[must_use]
    pub fn poll_wake(&self) -> Option<Millis> {
        if self.stopped {
            return None;
        }
        // Where room is what is lacking, it is an answer that makes some, not time.
        let flying = self.queues.iter().any(|queue| queue.in_flight().0 > 0);
        let room = |queue: &&Queue| if self.hidden { !flying } else { self.has_room(queue) };
        let due = |queue: &Queue| {
            let lingered = queue.since?.plus(LINGER);
            let later = self.retries.get(queue.collector)?.not_before;
            Some(later.map_or(lingered, |later| later.max(lingered)))
        };
        self.queues.iter().filter(room).filter_map(due).chain(self.rules_due()).min()
    }

    /// Sends what is due.
    pub(super) fn pump(&mut self, now: Now, last: bool) {
        if !self.gate.is_open() {
            return;
        }
        for index in 0..self.queues.len() {
            while self.is_due(index, now, last) && self.send(index, now, last) {}
        }
    }

    /// Whether one more request to its collector may be under way while the page is seen. One that is down is not asked
    /// for everything at once.
    fn has_room(&self, queue: &Queue) -> bool {
        let same = self.queues.iter().filter(|other| other.collector == queue.collector);
        let flying: usize = same.map(|other| other.in_flight().0).sum();
        let failing = self.retries.get(queue.collector).is_some_and(|retry| retry.failures > 0);
        flying < if failing { 1 } else { MAX_FLIGHTS }
    }

    fn is_due(&self, index: usize, now: Now, last: bool) -> bool {
        let Some(queue) = self.queues.get(index) else { return false };
        let Some(since) = queue.since else { return false };
        let enough = queue.waiting.len() >= ENOUGH_EVENTS || queue.weight >= ENOUGH_BYTES;
        let due = self.hidden || queue.urgent || enough || now.mono.since(since) >= LINGER;
        let room = self.hidden || self.has_room(queue);
        due && room && self.retries.get(queue.collector).is_some_and(|retry| retry.allows(now.mono, last))
    }

    /// Sends one request; false if there is no room for it.
    fn send(&mut self, index: usize, now: Now, last: bool) -> bool {
        let (requests, bytes) =
            self.queues.iter().map(Queue::in_flight).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let room = if requests < BUDGET.1 { BUDGET.0.saturating_sub(bytes) } else { 0 };
        let Some(queue) = self.queues.get_mut(index) else { return false };
        let Some(collector) = self.plan.collectors.get(queue.collector) else { return false };
        let failing = self.retries.get(queue.collector).is_some_and(|retry| retry.failures > 0);
        let Some(format) = formats::ROWS.get(collector.format) else { return false };
        let codes: Vec<&str> = self.diagnostics.iter().map(|finding| finding.code.text()).collect();
        let header = Header {
            site: self.plan.site.as_deref(),
            sent: now,
            stream: queue.stream,
            context: &self.environment.context,
            dropped: queue.told(),
            closed: queue.closed,
            diagnostics: if queue.diagnosed { &[] } else { &codes },
        };
        // When the page ends, only what fits into the budget can leave; before that, what does not goes without.
        let limit = if self.hidden { room } else { MAX_BODY };
        let (body, count) = (format.encode)(&header, &mut queue.next(), limit);
        if count == 0 && !queue.waiting.is_empty() {
            if limit == MAX_BODY {
                queue.too_large(now.mono);
            }
            return limit == MAX_BODY;
        }
        let means = match (self.environment.keepalive, self.hidden) {
            // Others on the page may have used up the browser's budget for what outlives it, which nobody can ask for.
            (true, _) if body.len() <= room && (last || !failing) => Means::Keepalive,
            (false, true) => Means::Beacon,
            _ => Means::Fetch,
        };
        self.requests += 1;
        let budget = if means == Means::Fetch { 0 } else { body.len() };
        queue.took_off(self.requests, count, budget, now.mono);
        let (number, url) = (self.requests, collector.url.clone());
        self.effects.push(Effect::Send(Request { number, url, body, means }));
        true
    }
}
