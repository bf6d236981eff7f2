//! Who comes in through the socket, and as whom.

use anyon_model::{Actor, AttemptId, Problem, ProblemCode, State, lock};
use anyon_remote::{Admitted, ClientKind, Door, Hello, Peer};
use anyon_runtime::Entrance;
use std::sync::{Arc, Mutex};

/// The door of this process's host.
pub struct HostDoor {
    pub entrance: Entrance,
    pub guests: Arc<Guests>,
}

/// How many clients are in, and whether more may come.
#[derive(Default)]
pub struct Guests(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    now: usize,
    any_ever: bool,
    closed: bool,
}

impl Guests {
    /// How many are in.
    pub fn now(&self) -> usize {
        lock(&self.0).now
    }

    /// Somebody was in.
    pub fn any_ever(&self) -> bool {
        lock(&self.0).any_ever
    }

    /// Lets nobody in any more, if nobody is in. Whoever comes later looks for another host; whoever was let in before
    /// keeps this one alive.
    pub fn close_if_empty(&self) -> bool {
        let mut counted = lock(&self.0);
        counted.closed |= counted.now == 0;
        counted.closed
    }

    fn enter(&self) -> bool {
        let mut counted = lock(&self.0);
        if !counted.closed {
            counted.now += 1;
            counted.any_ever = true;
        }
        !counted.closed
    }

    fn leave(&self) {
        lock(&self.0).now -= 1;
    }
}

fn ending() -> Problem {
    Problem::new(ProblemCode::HostGone, "The running Anyon is about to end").hint("try again")
}

impl Door for HostDoor {
    fn admit(&self, hello: &Hello, peer: Peer) -> Result<Admitted, Problem> {
        let state = self.entrance.state();
        let actor = match peer.pid.and_then(|pid| agent_of(pid, &state)) {
            Some(attempt_id) => Actor::Agent { attempt_id },
            None => match &hello.client {
                ClientKind::Mcp { client } => Actor::Mcp {
                    client: client.clone(),
                },
                ClientKind::Window | ClientKind::Terminal => Actor::Person,
            },
        };
        if !self.guests.enter() {
            return Err(ending());
        }
        // What an agent starts is no person's window: nobody would see what it is told.
        let is_window = hello.client == ClientKind::Window && actor == Actor::Person;
        let (client, state, changes) = self.entrance.join(actor.clone(), is_window);
        Ok(Admitted {
            actor,
            client: Arc::new(client),
            state,
            changes,
        })
    }

    fn left(&self) {
        self.guests.leave();
    }
}

/// The attempt whose agent started this process, however many steps there are between.
#[cfg(unix)]
fn agent_of(pid: u32, state: &State) -> Option<AttemptId> {
    let ancestry = anyon_executors::process::ancestry(pid);
    let mut executions = state
        .projects
        .values()
        .flat_map(|shard| shard.executions.values());
    let found = executions.find(|execution| {
        let by_process = execution.process.as_ref().is_some_and(|process| {
            let runs = execution.state.has_process();
            runs && (ancestry.pids.contains(&process.supervisor_pid) || ancestry.pids.contains(&process.pid))
        });
        by_process || ancestry.marked == Some(execution.id)
    });
    found.map(|execution| execution.attempt_id)
}

#[cfg(windows)]
fn agent_of(_pid: u32, _state: &State) -> Option<AttemptId> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_closes_only_behind_the_last_guest_and_for_good() {
        let guests = Guests::default();
        assert!(guests.enter() && guests.any_ever());
        assert!(!guests.close_if_empty() && guests.enter());
        guests.leave();
        guests.leave();
        assert!(guests.close_if_empty() && !guests.enter());
        assert_eq!(guests.now(), 0);
    }
}
