//! When events leave, how many together, and by which means.
//!
//! Valued events leave at once, the rest when there are enough of them or a second has passed, everything when the
//! page is hidden. What outlives the page must fit into the browser's budget for that, which is shared by everybody
//! on the page; what does not fit waits.

use super::Engine;
use super::queue::{Entry, Queue};
use crate::formats::{Header, footstep};
use crate::model::delivery::{ABSENT, Parcel, TRAPPED};
use crate::model::dropped::DropReason;
use crate::model::effect::{Effect, Means, Request};
use crate::model::json::write_u64;
use crate::model::text::cut;
use crate::model::time::{Millis, Now, sooner};

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
/// US: parts the pieces of a text that goes to the second module. No JSON holds it.
const FIELD: u8 = 0x1f;

impl Engine {
    /// When, by the monotonic clock, something is due that no input announces.
    #[must_use]
    pub fn poll_wake(&self) -> Option<Millis> {
        if self.stopped {
            return None;
        }
        // Where room is what is lacking, it is an answer that makes some, not time.
        let flying = self.queues.iter().any(|queue| queue.in_flight().0 > 0);
        let room =
            |queue: &Queue| self.can_write(queue) && if self.hidden { !flying } else { self.has_room(queue) };
        let mut soonest = self.rules_due();
        for queue in self.queues.iter().filter(|queue| room(queue)) {
            if let (Some(since), Some(retry)) = (queue.since, self.retries.get(queue.collector)) {
                soonest = sooner(soonest, Some(since.plus(LINGER)).max(retry.not_before));
            }
        }
        soonest
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
        let flying = self.flying(queue.collector);
        let failing = self.retries.get(queue.collector).is_some_and(|retry| retry.failures > 0);
        let mut most = if failing { 1 } else { MAX_FLIGHTS };
        // For a step that may be lost with the page's process there may be no answer to wait for. A flood waits, and the
        // page's end is left as many.
        if self.once && !failing && queue.waiting.len() < ENOUGH_EVENTS && self.room().0 > MAX_FLIGHTS {
            most = BUDGET.1;
        }
        flying < most
    }

    /// Requests to a collector that are under way.
    #[inline(never)]
    fn flying(&self, collector: usize) -> usize {
        let same = self.queues.iter().filter(|queue| queue.collector == collector);
        same.map(|queue| queue.in_flight().0).sum()
    }

    /// Whether what its collector takes can be written. What cannot waits: for a page that has the second module.
    fn can_write(&self, queue: &Queue) -> bool {
        (self.encode.is_some() && !queue.unwritable)
            || self.plan.collectors.get(queue.collector).is_some_and(|to| to.options.is_none())
    }

    fn is_due(&self, index: usize, now: Now, last: bool) -> bool {
        let Some(queue) = self.queues.get(index) else { return false };
        let Some(since) = queue.since else { return false };
        let enough = queue.waiting.len() >= ENOUGH_EVENTS || queue.weight >= ENOUGH_BYTES;
        let due = self.hidden || queue.urgent || enough || now.mono.since(since) >= LINGER;
        let room = self.hidden || self.has_room(queue);
        due && room
            && self.can_write(queue)
            && self.retries.get(queue.collector).is_some_and(|retry| retry.allows(now.mono, last))
    }

    /// What is left of the budget for requests that outlive the page: requests and bytes.
    #[inline(never)]
    fn room(&self) -> (usize, usize) {
        let (mut requests, mut bytes) = (0, 0);
        for queue in &self.queues {
            let (flying, budget) = queue.in_flight();
            (requests, bytes) = (requests + flying, bytes + budget);
        }
        let left = BUDGET.1.saturating_sub(requests);
        (left, if left > 0 { BUDGET.0.saturating_sub(bytes) } else { 0 })
    }

    /// Sends one batch; false if there is no room for it.
    fn send(&mut self, index: usize, now: Now, last: bool) -> bool {
        let (_, room) = self.room();
        let Some(queue) = self.queues.get_mut(index) else { return false };
        let Some(collector) = self.plan.collectors.get(queue.collector) else { return false };
        let mut codes = Vec::new();
        for finding in &self.diagnostics {
            codes.push(finding.code.text());
        }
        let header = Header {
            site: self.plan.site.as_deref(),
            sent: now,
            stream: queue.stream,
            context: &self.environment.context,
            dropped: queue.told(),
            closed: queue.closed,
            diagnostics: if queue.diagnosed { &[] } else { &codes },
        };
        // When the page ends, only what fits into the budget can leave; before that, what does not goes without. How
        // large the requests of the second module are is seen when they are made.
        let limit = if self.hidden && collector.options.is_none() { room } else { MAX_BODY };
        let (body, count) = footstep::encode(&header, &mut queue.next(), limit);
        if count == 0 && !queue.waiting.is_empty() {
            if limit == MAX_BODY {
                queue.too_large(now.mono);
            }
            return limit == MAX_BODY;
        }
        if collector.options.is_some() {
            return self.send_encoded(index, &body, count, now, last);
        }
        let (to, entries) = (collector.url.clone(), queue.take(count));
        self.take_off(index, (to, body), entries, now, last);
        true
    }

    /// Lets the second module make requests of a batch, and sends them; false if it made none for lack of room.
    fn send_encoded(&mut self, index: usize, batch: &str, count: usize, now: Now, last: bool) -> bool {
        let (left, room) = self.room();
        let (Some(encode), Some(queue)) = (self.encode, self.queues.get_mut(index)) else { return false };
        let to = self.plan.collectors.get(queue.collector).and_then(|to| to.options.as_deref());
        let mut text = String::from(to.unwrap_or_default());
        text.push_str(batch);
        // What is no larger than one of ours may be in another format: letters in a form are three bytes for one.
        let (limit, most) = if self.hidden { (room, left) } else { (4 * MAX_BODY, 1) };
        let encoded = encode(&text, self.hidden, limit, most);
        if encoded == ABSENT {
            queue.unwritable = true;
            return false;
        }
        if encoded == TRAPPED {
            queue.trapped(count, now.mono);
            return true;
        }
        let mut seqs = Vec::new();
        for entry in queue.waiting.iter().take(count) {
            seqs.push(entry.seq);
        }
        let (mut done, mut lines) = (false, Some(encoded.as_str()));
        while let Some(mut parcel) = Parcel::next(&mut lines) {
            let Some(queue) = self.queues.get_mut(index) else { break };
            let mut entries = Vec::new();
            while let Some(place) = parcel.place() {
                let found = queue.waiting.iter().position(|entry| seqs.get(place) == Some(&entry.seq));
                if let Some(at) = found {
                    entries.push(queue.waiting.remove(at));
                }
            }
            done |= !entries.is_empty();
            match parcel.head {
                // Format, number of events, then what the second module says of the request.
                Some(head) => {
                    let mut to = String::from(cut(&text, FIELD).map_or("", |(format, _)| format));
                    to.push(char::from(FIELD));
                    write_u64(&mut to, entries.len() as u64);
                    to.push(char::from(FIELD));
                    to.push_str(head);
                    self.take_off(index, (to, parcel.text.to_owned()), entries, now, last);
                }
                None => {
                    let reason = DropReason::read(parcel.text).unwrap_or(DropReason::Inexpressible);
                    entries.iter().for_each(|entry| queue.lose(entry.seq, reason));
                    queue.recount(now.mono);
                }
            }
        }
        if !done
            && !self.hidden
            && let Some(queue) = self.queues.get_mut(index)
        {
            // With nothing else on its way it would not fit either.
            queue.too_large(now.mono);
        }
        done || !self.hidden
    }

    /// A request leaves, to where it says.
    fn take_off(
        &mut self,
        index: usize,
        (to, body): (String, String),
        entries: Vec<Entry>,
        now: Now,
        last: bool,
    ) {
        let (_, room) = self.room();
        let Some((stream, at)) = self.queues.get(index).map(|queue| (queue.stream, queue.collector)) else {
            return;
        };
        let failing = self.retries.get(at).is_some_and(|retry| retry.failures > 0);
        let means = match (self.environment.keepalive, self.hidden) {
            // Others on the page may have used up the browser's budget for what outlives it, which nobody can ask for.
            (true, _) if body.len() <= room && (last || !failing) => Means::Keepalive,
            (false, true) => Means::Beacon,
            _ => Means::Fetch,
        };
        self.requests += 1;
        let (number, budget) = (self.requests, if means == Means::Fetch { 0 } else { body.len() });
        self.keep_sent(stream, at, &entries);
        if let Some(queue) = self.queues.get_mut(index) {
            queue.took_off(number, entries, budget, now.mono);
        }
        self.effects.push(Effect::Send(Request { number, to, body, means }));
    }
}
