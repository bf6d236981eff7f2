//! The client in the host's own process: channels, no socket. An agent's sees and hears what the engine lets agents
//! see, also when it acts for one at the other end of a socket.

use crate::{
    clock,
    dispatcher::Request,
    publish::{EventQueue, Publisher, sight_of},
};
use anyon_engine::AgentSight;
use anyon_model::{
    Actor, Client, Command, CommandId, Event, Problem, ProblemCode, ProxyClient, Query, QueryId, State,
    WaitingClient,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::mpsc::UnboundedSender;

/// A client over channels. Clones share one queue of events.
#[derive(Clone)]
pub struct LocalClient {
    actor: Actor,
    requests: UnboundedSender<Request>,
    publisher: Arc<Publisher>,
    queue: Arc<EventQueue>,
}

impl LocalClient {
    pub(crate) fn new(
        actor: Actor,
        requests: UnboundedSender<Request>,
        publisher: Arc<Publisher>,
        queue: Arc<EventQueue>,
    ) -> Self {
        Self {
            actor,
            requests,
            publisher,
            queue,
        }
    }

    /// What limits its sight, and the whole state.
    fn sight(&self) -> (Option<AgentSight>, Arc<State>) {
        let state = self.publisher.state();
        (sight_of(&self.actor, &state), state)
    }
}

fn host_ended() -> Problem {
    Problem::new(ProblemCode::HostGone, "Anyon is ending").hint("start it again")
}

impl Client for LocalClient {
    fn state(&self) -> Arc<State> {
        match self.sight() {
            (Some(sight), state) => Arc::new(sight.state(&state)),
            (None, state) => state,
        }
    }

    fn send(&self, command: Command) -> CommandId {
        let command_id = clock::command_id();
        self.send_as(command_id, command);
        command_id
    }

    fn query(&self, query: Query) -> QueryId {
        let query_id = clock::query_id();
        self.query_as(query_id, query);
        query_id
    }

    fn drain(&self) -> Vec<Event> {
        let mut events = self.queue.drain();
        if let (Some(sight), state) = self.sight() {
            events.retain(|event| sight.hears(&state, event));
        }
        events
    }
}

impl WaitingClient for LocalClient {
    fn wait(&self, limit: Duration) {
        self.queue.wait(limit);
    }
}

impl ProxyClient for LocalClient {
    fn send_as(&self, command_id: CommandId, command: Command) {
        let request = Request::Command {
            command_id,
            actor: self.actor.clone(),
            command,
        };
        if self.requests.send(request).is_err() {
            self.refuse_command(command_id, host_ended());
        }
    }

    fn query_as(&self, query_id: QueryId, query: Query) {
        if let (Some(sight), state) = self.sight()
            && let Err(problem) = sight.check(&state, &query)
        {
            return self.refuse_query(query_id, problem);
        }
        let request = Request::Query {
            query_id,
            query,
            queue: self.queue.clone(),
        };
        if self.requests.send(request).is_err() {
            self.refuse_query(query_id, host_ended());
        }
    }

    fn refuse_command(&self, command_id: CommandId, problem: Problem) {
        self.queue.push(Event::CommandDone {
            command_id,
            actor: self.actor.clone(),
            result: Err(problem),
        });
    }

    fn refuse_query(&self, query_id: QueryId, problem: Problem) {
        self.queue.answer(query_id, Err(problem));
    }

    fn end(&self) {
        self.queue.push(Event::Ended);
    }
}
