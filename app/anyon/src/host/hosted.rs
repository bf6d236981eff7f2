//! This process as the host: the host itself, and the socket that others come in by.

use super::{
    address,
    door::{Guests, HostDoor},
    herald::herald,
};
use crate::window::locale;
use anyon_model::{AttemptStatus, ProjectShard, State};
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

    /// Shuts down when nothing runs any more that a client began; `waiting` is told once if that is to be waited for.
    /// Who is connected then finds another host.
    pub fn end_when_nobody_needs_it(self, waiting: &mut dyn FnMut()) {
        let mut told = false;
        while self.guests.any_ever() && is_busy(&self.host.entrance().state()) {
            if !told {
                waiting();
                told = true;
            }
            std::thread::sleep(LOOK);
        }
        self.end();
    }

    /// Shuts down once nothing runs and nobody was connected for this long, or as soon as `ends` says so. There is no
    /// window of this process: the desktop is told what needs a person.
    pub fn end_when_idle(self, grace: Duration, ends: &dyn Fn() -> bool) {
        herald(self.host.entrance(), locale());
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
}

/// An agent is at work or about to be, or something is being fetched. One whose turn is over waits for nobody: its
/// conversation goes on in another process.
fn is_busy(state: &State) -> bool {
    let is_at_work = |shard: &Arc<ProjectShard>| {
        let mut statuses = shard.attempts.keys().map(|id| shard.attempt_status(*id));
        statuses.any(|status| status.is_some_and(AttemptStatus::is_active))
    };
    state.projects.values().any(is_at_work) || !state.clones.is_empty()
}
