//! This process as the host: the host itself, and the socket that others come in by.

use super::{address, door::HostDoor};
use anyon_remote::Server;
use anyon_runtime::Host;
use anyon_storage::Holder;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

const LOOK: Duration = Duration::from_millis(100);

/// A host that others can reach.
pub struct Hosted {
    host: Host,
    server: Option<Server>,
    clients: Arc<AtomicUsize>,
}

impl Hosted {
    /// Opens the door. Without one the host still works, alone.
    pub fn open(host: Host, data_folder: &Path) -> Self {
        let clients = Arc::new(AtomicUsize::new(0));
        let door = HostDoor {
            entrance: host.entrance(),
            clients: clients.clone(),
        };
        let listening = Server::listen(address(data_folder), env!("CARGO_PKG_VERSION"), Arc::new(door))
            .and_then(|server| {
                Holder::announce(data_folder, server.address().path())?;
                Ok(server)
            });
        let server = listening
            .inspect_err(|error| tracing::error!(%error, "other programs cannot reach this one"))
            .ok();
        Self {
            host,
            server,
            clients,
        }
    }

    /// The host.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Shuts down at once: stops what runs, makes everything durable, closes the store. Blocks.
    pub fn end(self) {
        drop(self.server);
        self.host.shutdown();
    }

    /// Shuts down when no client is connected. `waiting` is told once how many there are.
    pub fn end_when_nobody_needs_it(self, waiting: &mut dyn FnMut(usize)) {
        let mut told = false;
        while self.is_needed() {
            if !told {
                waiting(self.clients.load(Ordering::Acquire));
                told = true;
            }
            std::thread::sleep(LOOK);
        }
        self.end();
    }

    fn is_needed(&self) -> bool {
        self.clients.load(Ordering::Acquire) > 0
    }
}
