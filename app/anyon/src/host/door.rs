//! Who comes in through the socket, and as whom.

use anyon_model::{Actor, AttemptId, Problem, State};
use anyon_remote::{Admitted, ClientKind, Door, Hello, Peer};
use anyon_runtime::Entrance;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// The door of this process's host.
pub struct HostDoor {
    pub entrance: Entrance,
    pub clients: Arc<AtomicUsize>,
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
        let (client, state, changes) = self.entrance.join(actor.clone());
        self.clients.fetch_add(1, Ordering::AcqRel);
        Ok(Admitted {
            actor,
            client: Arc::new(client),
            state,
            changes,
        })
    }

    fn left(&self) {
        self.clients.fetch_sub(1, Ordering::AcqRel);
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
