//! This process as the host: the host itself, and the socket that others come in by.

use super::{
    address,
    door::{Guests, HostDoor},
};
use anyon_model::State;
use anyon_remote::Server;
use anyon_runtime::Host;
use anyon_storage::Holder;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

const LOOK: Duration = Duration::from_millis(100);

/// A host that others can reach.
pub struct Hosted {
    host: Host,
    server: Option<Server>,
    guests: Arc<Guests>,
}

impl Hosted {
    /// Opens the door. Without one the host still works, alone.
    pub fn open(host: Host, data_folder: &Path) -> Self {
        let guests = Arc::new(Guests::default());
        let door = HostDoor {
            entrance: host.entrance(),
            guests: guests.clone(),
        };
        let listening = Server::listen(address(data_folder), env!("CARGO_PKG_VERSION"), Arc::new(door))
            .and_then(|server| {
                Holder::announce(data_folder, server.address().path())?;
                Ok(server)
            });
        let server = listening
            .inspect_err(|error| {
                tracing::error!(%error, "other programs cannot reach this one");
                Holder::announce_alone(data_folder);
            })
            .ok();
        Self { host, server, guests }
    }

    /// The host.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Others can reach it.
    pub fn is_open(&self) -> bool {
        self.server.is_some()
    }

    /// Shuts down at once: stops what runs, makes everything durable, closes the store. Blocks.
    pub fn end(self) {
        drop(self.server);
        self.host.shutdown();
    }

    /// Shuts down when no client is connected, and nothing runs any more that one of them began. `waiting` is told once
    /// how many there are.
    pub fn end_when_nobody_needs_it(self, waiting: &mut dyn FnMut(usize)) {
        let mut told = false;
        while self.is_needed() || !self.guests.close_if_empty() {
            if !told {
                waiting(self.guests.now());
                told = true;
            }
            std::thread::sleep(LOOK);
        }
        self.end();
    }

    /// Shuts down once nothing runs and nobody was connected for this long, or as soon as `ends` says so.
    pub fn end_when_idle(self, grace: Duration, ends: &dyn Fn() -> bool) {
        let mut idle_since = None;
        while !ends() {
            let is_idle = self.guests.now() == 0 && !is_busy(&self.host.entrance().state());
            let since = idle_since.get_or_insert_with(Instant::now);
            if !is_idle {
                idle_since = None;
            } else if since.elapsed() >= grace && self.guests.close_if_empty() {
                break;
            }
            std::thread::sleep(LOOK);
        }
        self.end();
    }

    fn is_needed(&self) -> bool {
        let theirs = self.guests.any_ever() && is_busy(&self.host.entrance().state());
        self.guests.now() > 0 || theirs
    }
}

/// Something runs, waits for its turn to run, or is being fetched.
fn is_busy(state: &State) -> bool {
    let mut executions = state
        .projects
        .values()
        .flat_map(|shard| shard.executions.values());
    executions.any(|execution| !execution.state.is_final()) || !state.clones.is_empty()
}
