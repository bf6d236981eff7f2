//! The host beside the window: started on a thread, so that the first frame does not wait for it, and ended last.

use super::{
    messages::{Message, Outbox},
    tour,
};
use crate::host::Hosted;
use anyon_model::{Actor, Problem, ProblemCode};
use anyon_runtime::{Host, HostOptions};
use std::{
    cell::RefCell,
    path::PathBuf,
    sync::{Arc, mpsc::Receiver},
    thread,
};

/// The host, from before it runs until after the window is closed.
pub struct Hosting {
    /// To send the window messages.
    pub outbox: Outbox,
    /// The window's messages.
    pub inbox: Receiver<Message>,
    /// The host, once it runs; the window puts it here.
    pub host: RefCell<Option<Hosted>>,
}

impl Hosting {
    /// Starts opening the store. With a sample project the tour begins as soon as it is open.
    pub fn start(options: HostOptions, tour: Option<PathBuf>) -> Result<Self, Problem> {
        let (outbox, inbox) = Outbox::new();
        let sender = outbox.clone();
        let work = move || host_thread(options, tour, &sender);
        thread::Builder::new()
            .name("host".into())
            .spawn(work)
            .map_err(|error| {
                Problem::new(ProblemCode::Internal, "Anyon cannot start its threads")
                    .detail(error.to_string())
            })?;
        Ok(Self {
            outbox,
            inbox,
            host: RefCell::default(),
        })
    }

    /// Stops everything and closes the store. The window is gone by now.
    pub fn end(self) {
        // A host that was still starting when the window closed arrives as a message.
        let late = self.inbox.try_iter().find_map(|message| match message {
            Message::Hosted { host, .. } => Some(*host),
            _ => None,
        });
        if let Some(host) = self.host.into_inner().or(late) {
            host.end();
        }
    }
}

fn host_thread(options: HostOptions, tour: Option<PathBuf>, outbox: &Outbox) {
    let data_folder = options.data_folder.clone();
    let hosted = match Host::start(options) {
        Ok(host) => Hosted::open(host, &data_folder),
        Err(problem) => return outbox.send(Message::NotHosted(problem)),
    };
    let host = hosted.host();
    for notice in host.notices() {
        outbox.send(Message::Failed(notice.clone()));
    }
    let waker = outbox.clone();
    let client = host.client_with_wake(Actor::Person, Some(Arc::new(move || waker.wake())));
    let guide = tour.map(|sample| (sample, host.client(Actor::Person)));
    let client = Box::new(client);
    outbox.send(Message::Hosted {
        host: Box::new(hosted),
        client,
    });
    if let Some((sample, client)) = guide {
        match tour::begin(&sample, &client) {
            Ok(place) => outbox.send(Message::Look(place)),
            Err(problem) => outbox.send(Message::Failed(problem)),
        }
    }
}
