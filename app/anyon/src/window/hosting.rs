//! The host beside the window, or the connection to another process's: begun on a thread, so that the first frame does
//! not wait for it, and ended last.

use super::{
    messages::{Message, Outbox},
    tour,
};
use crate::{
    cli::{interrupts::Interrupts, out::Out},
    host::{Candidate, grace, let_go_of_terminal},
};
use anyon_model::{Problem, ProblemCode, WaitingClient};
use anyon_remote::ClientKind;
use anyon_runtime::HostOptions;
use std::{
    cell::OnceCell,
    path::PathBuf,
    sync::{Arc, mpsc::Receiver},
    thread,
};

/// The window's part in elections, from before there is a host until after the window is closed.
pub struct Hosting {
    /// To send the window messages.
    pub outbox: Outbox,
    /// The window's messages.
    pub inbox: Receiver<Message>,
    candidate: Arc<Candidate>,
    /// What ends it once the window is gone and it goes on without.
    keeps: OnceCell<Interrupts>,
}

impl Hosting {
    /// Starts looking for the host, or opening the store. With a sample project the tour begins as soon as it is open.
    pub fn start(options: HostOptions, tour: Option<PathBuf>) -> Result<Self, Problem> {
        let (outbox, inbox) = Outbox::new();
        let candidate = Candidate::new(options, ClientKind::Window);
        let (sender, joins) = (outbox.clone(), candidate.clone());
        thread::Builder::new()
            .name("host".into())
            .spawn(move || join(&joins, tour, &sender))
            .map_err(|error| {
                Problem::new(ProblemCode::Internal, "Anyon cannot start its threads")
                    .detail(error.to_string())
            })?;
        Ok(Self {
            outbox,
            inbox,
            candidate,
            keeps: OnceCell::new(),
        })
    }

    /// This process is the host.
    pub fn is_host(&self) -> bool {
        self.candidate.is_host()
    }

    /// What makes one more client of the same host.
    pub fn candidate(&self) -> Arc<Candidate> {
        self.candidate.clone()
    }

    /// What runs goes on when the window is closed. From now on the end of the terminal means nothing: who closes one
    /// window may close the other at once.
    pub fn keep_running(&self) {
        self.keeps.get_or_init(Interrupts::watch_beyond_the_terminal);
    }

    /// The window is gone by now. A host of this process stops everything and closes the store, at once or, if that is
    /// wanted, when nothing runs any more and nobody is connected.
    pub fn end(self) {
        let Some(hosted) = self.candidate.take() else {
            return;
        };
        let Some(interrupts) = self.keeps.get() else {
            return hosted.end();
        };
        Out::new(false).note("The agents go on without the window. Open it again with `anyon`.");
        let_go_of_terminal();
        hosted.end_when_idle(grace(), &|| interrupts.count() > 0);
    }
}

fn join(candidate: &Arc<Candidate>, tour: Option<PathBuf>, outbox: &Outbox) {
    anyon_executors::process::give_way();
    let waker = outbox.clone();
    let client = match candidate.client(Some(Arc::new(move || waker.wake()))) {
        Ok(client) => client,
        Err(problem) => return outbox.send(Message::NotHosted(problem)),
    };
    for notice in candidate.notices() {
        outbox.send(Message::Failed(notice));
    }
    outbox.send(Message::Hosted(Box::new(client)));
    if let Some(sample) = tour {
        let begun = candidate
            .another_client()
            .and_then(|client: Box<dyn WaitingClient>| tour::begin(&sample, client.as_ref()));
        match begun {
            Ok(place) => outbox.send(Message::Look(place)),
            Err(problem) => outbox.send(Message::Failed(problem)),
        }
    }
}
