//! A process that is always a client: it never holds the store itself, because nothing may end with it.

use super::{PAUSE, connect, detached, holder_is_alone, unreachable, with_cause};
use anyon_model::{Actor, Problem, ProblemCode, ProxyClient, lock};
use anyon_remote::{ClientKind, ConnectError, Election};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// How long it may take until there is a host.
const PATIENCE: Duration = Duration::from_secs(30);
/// For so long whoever holds the store is given time to listen, before another host is tried.
const TURN: Duration = Duration::from_millis(500);

/// A process that is always a client.
pub struct Attached {
    data_folder: PathBuf,
    kind: ClientKind,
    actor: Mutex<Actor>,
}

impl Attached {
    /// One that has no host yet.
    pub fn new(data_folder: &Path, kind: &ClientKind) -> Self {
        Self {
            data_folder: data_folder.to_path_buf(),
            kind: kind.clone(),
            actor: Mutex::new(Actor::System),
        }
    }

    /// As whom the last host let it in.
    pub fn actor(&self) -> Actor {
        lock(&self.actor).clone()
    }
}

impl Election for Attached {
    fn elect(&self) -> Result<Arc<dyn ProxyClient>, Problem> {
        let deadline = Instant::now() + PATIENCE;
        let mut try_next = Instant::now();
        loop {
            let error = match connect(&self.data_folder, &self.kind) {
                Ok(client) => {
                    *lock(&self.actor) = client.welcome().actor.clone();
                    return Ok(Arc::new(client));
                }
                Err(ConnectError::Refused(problem)) => return Err(problem),
                Err(ConnectError::Unreachable(error)) => error,
            };
            if Instant::now() < try_next {
                thread::sleep(PAUSE);
                continue;
            }
            let is_late = Instant::now() >= deadline;
            match detached::start(&self.data_folder) {
                Ok(()) if is_late => return Err(unreachable(&error)),
                Ok(()) => {}
                // Another host is there, and does not listen yet or no more.
                Err(problem) if problem.code == ProblemCode::StoreLocked => {
                    if is_late || holder_is_alone(&self.data_folder) {
                        return Err(with_cause(problem, &error));
                    }
                    try_next = Instant::now() + TURN;
                }
                Err(problem) => return Err(problem),
            }
        }
    }
}
