//! The one thread that writes. It takes all batches that wait into one transaction, so that many visitors share one
//! wait for the disk, and answers each only after the commit. Does not know what a batch means.

use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::{broadcast, mpsc, oneshot};

use super::insert::{self, Arrival};
use crate::accepted::Accepted;
use crate::clock;

/// The most batches in one transaction: the first of them should not wait for ever.
const GROUP: usize = 128;
/// The most bytes of events in one transaction, give or take a batch.
const GROUP_BYTES: usize = 4 * 1024 * 1024;
/// The most bytes of events that are told to watchers after a commit.
const TOLD_BYTES: usize = 1024 * 1024;

/// Why a batch was not kept. In each case the same batch may be offered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// As many wait as may wait.
    Full,
    /// The disk is full, or the database as large as it may be.
    NoSpace,
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
    /// False if there were more: then a watcher has to start again.
    pub whole: bool,
}

struct Job {
    accepted: Accepted,
    done: oneshot::Sender<Result<(), NotKept>>,
}

impl Job {
    fn size(&self) -> usize {
        self.accepted.texts.iter().map(String::len).sum()
    }
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
    connection: Connection,
    waiting: usize,
    commits: broadcast::Sender<Arc<Commit>>,
) -> std::io::Result<(Queue, JoinHandle<()>)> {
    let (queue, mut jobs) = mpsc::channel::<Job>(waiting);
    let mut writer = Writer { connection, commits, refused: 0 };
    let run = move || {
        while let Some(first) = jobs.blocking_recv() {
            let mut size = first.size();
            let mut group = vec![first];
            while group.len() < GROUP
                && size < GROUP_BYTES
                && let Ok(next) = jobs.try_recv()
            {
                size += next.size();
                group.push(next);
            }
            writer.keep(group);
        }
    };
    let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(run)?;
    Ok((Queue(queue), thread))
}

struct Writer {
    connection: Connection,
    commits: broadcast::Sender<Arc<Commit>>,
    /// Batches in a row that could not be kept.
    refused: u64,
}

impl Writer {
    fn keep(&mut self, group: Vec<Job>) {
        match self.commit(&group) {
            Ok(commit) => {
                for job in group {
                    // Nobody may be listening any more: a page that is gone. The batch is kept all the same.
                    let _ = job.done.send(Ok(()));
                }
                let _ = self.commits.send(Arc::new(commit));
                if self.refused > 0 {
                    tracing::info!("batches are kept again; {} were refused meanwhile", self.refused);
                    self.refused = 0;
                }
            }
            // One of them may be at fault: then the others must not fail with it.
            Err(error) if group.len() > 1 && !concerns_all(&error) => {
                group.into_iter().for_each(|job| self.keep(vec![job]));
            }
            Err(error) => self.refuse(group, &error),
        }
    }

    fn refuse(&mut self, group: Vec<Job>, error: &rusqlite::Error) {
        if self.refused == 0 {
            // Once, not for each: where the disk is full, the log may lie on it.
            tracing::error!("batches cannot be kept: {error}");
        }
        let full = error.sqlite_error_code() == Some(ErrorCode::DiskFull);
        for job in group {
            self.refused += 1;
            let _ = job.done.send(Err(if full { NotKept::NoSpace } else { NotKept::Failed }));
        }
    }

    fn commit(&mut self, group: &[Job]) -> rusqlite::Result<Commit> {
        let received = clock::now();
        let mut told = Commit { arrivals: Vec::new(), whole: true };
        let mut size = 0;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for job in group {
            for arrival in insert::batch(&transaction, &job.accepted, received)? {
                size += arrival.line.len();
                told.whole &= size <= TOLD_BYTES;
                if told.whole {
                    told.arrivals.push(arrival);
                }
            }
        }
        transaction.commit()?;
        Ok(told)
    }
}

/// The database is at fault, not what should go into it.
fn concerns_all(error: &rusqlite::Error) -> bool {
    use ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, OutOfMemory,
        ReadOnly, SystemIoFailure,
    };
    matches!(
        error.sqlite_error_code(),
        Some(
            CannotOpen
                | DatabaseBusy
                | DatabaseCorrupt
                | DatabaseLocked
                | DiskFull
                | NotADatabase
                | OutOfMemory
                | ReadOnly
                | SystemIoFailure
        )
    )
}
