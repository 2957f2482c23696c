//! The one thread that writes. It takes all batches that wait into one transaction, so that many visitors share one
//! wait for the disk, and answers each only after the commit. Does not know what a batch means.

use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{broadcast, mpsc, oneshot};

use super::insert::{self, Arrival};
use crate::accepted::Accepted;
use crate::clock;

/// The most batches in one transaction: the first of them should not wait for ever.
const GROUP: usize = 128;

/// Why a batch was not kept. In each case the same batch may be offered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// As many wait as may wait.
    Full,
    /// The database refused it; the log says why.
    Failed,
    /// The collector is about to end.
    Ending,
}

/// What a commit brought to those who watch; empty if it held only duplicates and reports.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// The new events, in order.
    pub arrivals: Vec<Arrival>,
}

struct Job {
    accepted: Accepted,
    done: oneshot::Sender<Result<(), NotKept>>,
}

/// The way to the writer.
#[derive(Clone, Debug)]
pub struct Queue(mpsc::Sender<Job>);

impl Queue {
    /// Hands a batch over and waits for its commit.
    ///
    /// # Errors
    /// It is not kept.
    pub async fn keep(&self, accepted: Accepted) -> Result<(), NotKept> {
        let (done, answer) = oneshot::channel();
        self.0.try_send(Job { accepted, done }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotKept::Full,
            mpsc::error::TrySendError::Closed(_) => NotKept::Ending,
        })?;
        answer.await.unwrap_or(Err(NotKept::Failed))
    }

    /// True as long as the thread runs.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.0.is_closed()
    }
}

/// Starts the thread. It ends when the last [`Queue`] is gone and everything in it is committed.
///
/// # Errors
/// The system gives no thread.
pub fn start(
    mut connection: Connection,
    waiting: usize,
    commits: broadcast::Sender<Arc<Commit>>,
) -> std::io::Result<(Queue, JoinHandle<()>)> {
    let (queue, mut jobs) = mpsc::channel(waiting);
    let run = move || {
        while let Some(first) = jobs.blocking_recv() {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = jobs.try_recv()
            {
                group.push(next);
            }
            keep(&mut connection, group, &commits);
        }
    };
    let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(run)?;
    Ok((Queue(queue), thread))
}

fn keep(connection: &mut Connection, group: Vec<Job>, commits: &broadcast::Sender<Arc<Commit>>) {
    match commit(connection, &group) {
        Ok(arrivals) => {
            for job in group {
                // Nobody may be listening any more: a page that is gone. The batch is kept all the same.
                let _ = job.done.send(Ok(()));
            }
            let _ = commits.send(Arc::new(Commit { arrivals }));
        }
        // One of them may be at fault: then the others must not fail with it.
        Err(_) if group.len() > 1 => group.into_iter().for_each(|job| keep(connection, vec![job], commits)),
        Err(error) => {
            tracing::error!("a batch could not be kept: {error}");
            for job in group {
                let _ = job.done.send(Err(NotKept::Failed));
            }
        }
    }
}

fn commit(connection: &mut Connection, group: &[Job]) -> rusqlite::Result<Vec<Arrival>> {
    let received = clock::now();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut arrivals = Vec::new();
    for job in group {
        arrivals.append(&mut insert::batch(&transaction, &job.accepted, received)?);
    }
    transaction.commit()?;
    Ok(arrivals)
}
