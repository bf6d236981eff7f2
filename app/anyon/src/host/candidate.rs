//! A process that takes part in elections: the host, or a client of whoever is, and when that one is gone, either again.

use super::{Hosted, Joined, connect, join};
use anyon_model::{Actor, Problem, ProblemCode, ProxyClient, WaitingClient, Wake, lock};
use anyon_remote::{ClientKind, ConnectError, ElectingClient, Election};
use anyon_runtime::HostOptions;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long a host may take between taking the lock and listening, or between ending and letting go of the lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same after the death of a host, when all of its clients look for the next one at once.
const PATIENCE_AGAIN: Duration = Duration::from_secs(30);

/// A process that takes part in elections.
pub struct Candidate {
    options: HostOptions,
    kind: ClientKind,
    own: Mutex<Own>,
    elected_before: AtomicBool,
}

/// The host that this process is.
#[derive(Default)]
struct Own {
    hosted: Option<Hosted>,
    /// It is not to become one any more.
    closed: bool,
}

impl Candidate {
    /// One that has not taken part yet.
    pub fn new(options: HostOptions, kind: ClientKind) -> Arc<Self> {
        Arc::new(Self {
            options,
            kind,
            own: Mutex::default(),
            elected_before: AtomicBool::new(false),
        })
    }

    /// Takes part, now and whenever the host is gone. Blocks until there is a host.
    pub fn client(self: &Arc<Self>, wake: Option<Wake>) -> Result<ElectingClient, Problem> {
        ElectingClient::start(self.clone(), Box::new(anyon_runtime::ids), wake)
    }

    /// One more client of the same host, for something that takes its events for itself.
    pub fn another_client(&self) -> Result<Box<dyn WaitingClient>, Problem> {
        if let Some(hosted) = &lock(&self.own).hosted {
            return Ok(Box::new(hosted.host().client(Actor::Person)));
        }
        match connect(&self.options.data_folder, &ClientKind::Terminal) {
            Ok(client) => Ok(Box::new(client)),
            Err(ConnectError::Refused(problem)) => Err(problem),
            Err(ConnectError::Unreachable(error)) => Err(super::unreachable(&error)),
        }
    }

    /// This process is the host.
    pub fn is_host(&self) -> bool {
        lock(&self.own).hosted.is_some()
    }

    /// What went wrong while this process opened the store.
    pub fn notices(&self) -> Vec<Problem> {
        let own = lock(&self.own);
        let hosted = own.hosted.as_ref();
        hosted.map_or_else(Vec::new, |hosted| hosted.host().notices().to_vec())
    }

    /// The host that this process is, to be ended. It does not become one any more.
    pub fn take(&self) -> Option<Hosted> {
        let mut own = lock(&self.own);
        own.closed = true;
        own.hosted.take()
    }

    fn become_host(&self, hosted: Hosted) -> Result<Arc<dyn ProxyClient>, Problem> {
        let client = match self.kind {
            ClientKind::Window => hosted.host().window_client(),
            _ => hosted.host().client(Actor::Person),
        };
        let mut own = lock(&self.own);
        if own.closed {
            drop(own);
            hosted.end();
            return Err(broke_off());
        }
        own.hosted = Some(hosted);
        Ok(Arc::new(client))
    }
}

impl Election for Candidate {
    fn elect(&self) -> Result<Arc<dyn ProxyClient>, Problem> {
        let own = lock(&self.own);
        // A host of ours that is gone broke off by a fault. It would again.
        if own.closed || own.hosted.is_some() {
            return Err(broke_off());
        }
        drop(own);
        let patience = match self.elected_before.swap(true, Ordering::AcqRel) {
            false => PATIENCE,
            true => PATIENCE_AGAIN,
        };
        match join(&self.options, &self.kind, patience)? {
            Joined::Client(client) => Ok(Arc::new(client)),
            Joined::Host(hosted) => self.become_host(*hosted),
        }
    }
}

fn broke_off() -> Problem {
    Problem::new(ProblemCode::HostGone, "Anyon broke off")
        .hint("start it again: nothing that was confirmed is lost")
}
