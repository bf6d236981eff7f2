//! The store driver: one thread that owns the store and commits what the engine decided.
//!
//! Commits that arrive while one is written are made as one. At most [`PER_SECOND`] in the long run, with a burst
//! allowance, so that a start (three commits) is not slowed down and a flood does not wear the disk.

use anyon_model::{Change, FilePath, Input, Problem, ProblemCode};
use anyon_storage::Store;
use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, SendError, Sender, channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::sync::mpsc::{self, UnboundedSender};

/// Commits a second in the long run.
const PER_SECOND: f64 = 20.0;
/// Commits that may follow each other at once.
const BURST: f64 = 10.0;

/// What the thread is told.
enum Job {
    Commit {
        ticket: u64,
        changes: Vec<Change>,
    },
    Backup {
        command_id: anyon_model::CommandId,
        path: FilePath,
    },
}

/// How a commit ended. Covers all tickets up to the one named.
pub struct Committed {
    /// The newest ticket in it.
    pub ticket: u64,
    /// Whether.
    pub result: Result<(), Problem>,
}

/// The way to the thread. The thread ends, and the store is closed, when this is dropped.
pub struct StoreDriver {
    jobs: Option<Sender<Job>>,
    committed: UnboundedSender<Committed>,
    thread: Option<JoinHandle<()>>,
}

impl StoreDriver {
    /// Starts the thread.
    pub fn start(
        store: Store,
        committed: UnboundedSender<Committed>,
        inputs: mpsc::Sender<Input>,
    ) -> std::io::Result<Self> {
        let (jobs, inbox) = channel();
        let answers = committed.clone();
        let thread = std::thread::Builder::new()
            .name("anyon-store".into())
            .spawn(move || {
                Thread {
                    store,
                    committed,
                    inputs,
                    budget: Budget::new(),
                }
                .run(&inbox)
            })?;
        Ok(Self {
            jobs: Some(jobs),
            committed: answers,
            thread: Some(thread),
        })
    }

    /// Has changes committed; the answer is a [`Committed`] with this ticket or a later one.
    pub fn commit(&self, ticket: u64, changes: Vec<Change>) {
        self.send(Job::Commit { ticket, changes });
    }

    /// Has the store copied.
    pub fn backup(&self, command_id: anyon_model::CommandId, path: FilePath) {
        self.send(Job::Backup { command_id, path });
    }

    fn send(&self, job: Job) {
        let refused = self.jobs.as_ref().and_then(|jobs| jobs.send(job).err());
        // The thread died of a fault: nobody may wait for it.
        if let Some(SendError(Job::Commit { ticket, .. })) = refused {
            let _ = self.committed.send(Committed {
                ticket,
                result: Err(died()),
            });
        }
    }
}

impl Drop for StoreDriver {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Thread {
    store: Store,
    committed: UnboundedSender<Committed>,
    inputs: mpsc::Sender<Input>,
    budget: Budget,
}

impl Thread {
    fn run(mut self, inbox: &Receiver<Job>) {
        while let Ok(job) = inbox.recv() {
            match job {
                Job::Backup { command_id, path } => self.backup(command_id, &path),
                Job::Commit { ticket, changes } => self.commit(inbox, ticket, changes),
            }
        }
        if let Err(error) = self.store.close() {
            tracing::error!(%error, "the store did not close");
        }
    }

    fn backup(&self, command_id: anyon_model::CommandId, path: &FilePath) {
        let result = self.store.backup(path.as_path()).map_err(Problem::from);
        // The dispatcher is gone only when everything ends.
        let _ = self.inputs.blocking_send(Input::BackedUp { command_id, result });
    }

    /// Commits these changes with all that arrive until the budget allows the commit.
    fn commit(&mut self, inbox: &Receiver<Job>, mut ticket: u64, mut changes: Vec<Change>) {
        let mut backups = Vec::new();
        let now = Instant::now();
        // Nothing to write: only the order is kept, nothing is spent.
        let at = if changes.is_empty() {
            now
        } else {
            self.budget.next_commit(now)
        };
        loop {
            match inbox.recv_timeout(at.saturating_duration_since(Instant::now())) {
                Ok(Job::Commit {
                    ticket: newer,
                    changes: more,
                }) => {
                    ticket = newer;
                    changes.extend(more);
                }
                Ok(Job::Backup { command_id, path }) => backups.push((command_id, path)),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        let mut answer = OwedAnswer {
            committed: &self.committed,
            ticket,
            result: Err(died()),
        };
        answer.result = if changes.is_empty() {
            Ok(())
        } else {
            self.store.commit(&changes).map_err(Problem::from)
        };
        drop(answer);
        for (command_id, path) in backups {
            self.backup(command_id, &path);
        }
    }
}

/// Answers a ticket whatever happens in between.
struct OwedAnswer<'a> {
    committed: &'a UnboundedSender<Committed>,
    ticket: u64,
    result: Result<(), Problem>,
}

impl Drop for OwedAnswer<'_> {
    fn drop(&mut self) {
        let result = std::mem::replace(&mut self.result, Ok(()));
        let _ = self.committed.send(Committed {
            ticket: self.ticket,
            result,
        });
    }
}

fn died() -> Problem {
    Problem::new(ProblemCode::Internal, "The store broke off")
        .detail("a fault in Anyon")
        .hint("start Anyon again; what was confirmed before is stored")
}

/// A token bucket.
struct Budget {
    tokens: f64,
    at: Instant,
}

impl Budget {
    fn new() -> Self {
        Self {
            tokens: BURST,
            at: Instant::now(),
        }
    }

    /// Takes a token; says when it is (or will be) there.
    fn next_commit(&mut self, now: Instant) -> Instant {
        let gained = now.saturating_duration_since(self.at).as_secs_f64() * PER_SECOND;
        self.tokens = (self.tokens + gained).min(BURST) - 1.0;
        self.at = now;
        if self.tokens >= 0.0 {
            now
        } else {
            now + Duration::from_secs_f64(-self.tokens / PER_SECOND)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_written_at_once_and_a_flood_is_slowed_down() {
        let mut budget = Budget::new();
        let start = Instant::now();
        for _ in 0..10 {
            assert_eq!(budget.next_commit(start), start);
        }
        let next = budget.next_commit(start);
        assert!(next > start + Duration::from_millis(40) && next < start + Duration::from_millis(60));
        let later = start + Duration::from_secs(10);
        assert_eq!(budget.next_commit(later), later);
    }
}
