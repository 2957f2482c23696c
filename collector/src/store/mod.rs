//! What is kept, and how to get at it: one file per question. The rest of the collector sees [`Store`] only.
//!
//! All writing goes through one thread ([`writer`]); every read opens its own short-lived connection, which SQLite's
//! write-ahead log lets run beside it. Knows nothing of HTTP.

pub mod audit;
pub mod events;
pub mod insert;
pub mod line;
pub mod numbers;
pub mod schema;
pub mod totals;
pub mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::{Semaphore, broadcast};

use crate::accepted::Accepted;
use writer::{Commit, NotKept, Queue};

/// How many commits a slow watcher may lie behind before it has to start again.
const WATCHERS_LAG: usize = 32;
/// How many reads run at once: each has a connection with caches of its own, and there are not many readers.
const READS: usize = 8;

/// The way to the database, for any number of tasks.
#[derive(Clone, Debug)]
pub struct Store {
    path: Arc<PathBuf>,
    queue: Queue,
    reads: Arc<Semaphore>,
    commits: broadcast::Sender<Arc<Commit>>,
}

impl Store {
    /// Opens the database, which may grow to `most` bytes, making it if need be, and starts the writer. It ends, after its last commit, when every
    /// copy of the store is gone.
    ///
    /// # Errors
    /// The sentence to show: the file cannot be opened, or is no database of ours.
    pub fn open(
        path: PathBuf,
        waiting: usize,
        most: Option<u64>,
    ) -> Result<(Self, std::thread::JoinHandle<()>), String> {
        let connection =
            schema::open(&path, most).map_err(|reason| format!("--db {}: {reason}", path.display()))?;
        let (commits, _) = broadcast::channel(WATCHERS_LAG);
        let (queue, thread) = writer::start(connection, waiting, commits.clone())
            .map_err(|error| format!("the writer's thread could not be started: {error}"))?;
        Ok((Self { path: Arc::new(path), queue, reads: Arc::new(Semaphore::new(READS)), commits }, thread))
    }

    /// Keeps a batch. When this returns `Ok` it is on the disk.
    ///
    /// # Errors
    /// It is not kept, and the same batch may be offered again.
    pub async fn keep(&self, accepted: Accepted) -> Result<(), NotKept> {
        self.queue.keep(accepted).await
    }

    /// True as long as batches can be kept.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.queue.is_alive()
    }

    /// Every commit from now on.
    #[must_use]
    pub fn watch(&self) -> broadcast::Receiver<Arc<Commit>> {
        self.commits.subscribe()
    }

    /// Runs a read where it may block.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> rusqlite::Result<T> {
        let path = Arc::clone(&self.path);
        // The semaphore is never closed.
        let _turn = self.reads.acquire().await;
        let run = move || read(&schema::open_to_read(&path)?);
        tokio::task::spawn_blocking(run).await.unwrap_or(Err(rusqlite::Error::InvalidQuery))
    }
}
