//! `GET /v1/live`: what the live page shows, as server-sent events.
//!
//! First `hello`, then the newest events that are there already, `settled`, then each new one as it is committed;
//! `totals` at the beginning and after changes. A watcher that is too slow is sent away: it comes back by itself and starts afresh,
//! which is always right, instead of going on with a hole.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::mpsc::{self, Sender};
use tokio::time::{Instant, sleep_until};

use super::App;
use crate::store::events::{self, Filter};
use crate::store::totals;
use crate::store::writer::Commit;

/// How many events a page that is just opened gets.
const SHOWN: u32 = 200;
/// Counting anew takes a look at every event, so it rests at least this long, and ten times what it took.
const TOTALS_REST: Duration = Duration::from_millis(250);

/// Answers.
pub async fn answer(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (to, mut messages) = mpsc::channel(64);
    tokio::spawn(async move {
        // Nothing to tell when it ends: the page is gone, or comes back.
        let _ = watch(app, to).await;
    });
    let stream = stream::poll_fn(move |context| messages.poll_recv(context).map(|message| message.map(Ok)));
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// Why watching ends.
struct Over;

async fn watch(app: App, to: Sender<Event>) -> Result<(), Over> {
    // From here on nothing is overlooked; what is committed before the look at the tables is left out below.
    let commits = app.store.watch();
    send(&to, Event::default().event("hello").retry(Duration::from_secs(1)).data("{}")).await?;
    totals(&app, &to).await?;
    let newest = app.store.read(|from| {
        let span = events::span(from, &Filter::default(), Some(SHOWN))?;
        Ok((span.last, events::page(from, &Filter::default(), span, SHOWN)?))
    });
    let (seen, newest) = newest.await.map_err(|_| Over)?;
    for arrival in newest {
        send(&to, Event::default().event("footstep").data(arrival.line)).await?;
    }
    send(&to, Event::default().event("settled").data("{}")).await?;
    follow(app, to, commits, seen).await
}

async fn follow(
    app: App,
    to: Sender<Event>,
    mut commits: Receiver<Arc<Commit>>,
    seen: i64,
) -> Result<(), Over> {
    let mut ending = pin!(super::told_to_end(app.ending.clone()));
    let mut changed = true;
    let mut due = Instant::now();
    loop {
        tokio::select! {
            commit = commits.recv() => {
                changed = true;
                let commit = commit.map_err(|_| Over)?;
                if !commit.whole {
                    return Err(Over);
                }
                for arrival in commit.arrivals.iter().filter(|arrival| arrival.n > seen) {
                    send(&to, Event::default().event("footstep").data(&arrival.line)).await?;
                }
            }
            () = sleep_until(due), if changed => {
                let began = Instant::now();
                totals(&app, &to).await?;
                changed = false;
                due = Instant::now() + TOTALS_REST.max(began.elapsed() * 10);
            }
            () = &mut ending => return Err(Over),
            () = to.closed() => return Err(Over),
        }
    }
}

async fn totals(app: &App, to: &Sender<Event>) -> Result<(), Over> {
    let totals = app.store.read(totals::count).await.map_err(|error| {
        tracing::error!("counting failed: {error}");
        Over
    })?;
    let text = serde_json::to_string(&totals).map_err(|_| Over)?;
    send(to, Event::default().event("totals").data(text)).await
}

async fn send(to: &Sender<Event>, event: Event) -> Result<(), Over> {
    to.send(event).await.map_err(|_| Over)
}
