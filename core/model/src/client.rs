//! What window, terminal and MCP server are: clients that only see snapshots, ask questions and send commands.

use crate::{Change, Command, CommandId, Event, Problem, Query, QueryId, State};
use std::{sync::Arc, time::Duration};

/// A client. No method blocks.
pub trait Client: Send + Sync {
    /// The newest snapshot.
    fn state(&self) -> Arc<State>;
    /// Sends a command. Its end is told by [`Event::CommandDone`].
    fn send(&self, command: Command) -> CommandId;
    /// Asks a question. Its answer is told by [`Event::Answered`].
    fn query(&self, query: Query) -> QueryId;
    /// The events since the last call, in order.
    fn drain(&self) -> Vec<Event>;
}

/// A client that may wait, for the terminal and the MCP server; never for the window.
pub trait WaitingClient: Client {
    /// Returns when there are events to drain or the time is over.
    fn wait(&self, limit: Duration);
}

/// A client that acts for one in another process, which made the ids.
pub trait ProxyClient: WaitingClient {
    /// Sends a command under this id.
    fn send_as(&self, command_id: CommandId, command: Command);
    /// Asks a question under this id.
    fn query_as(&self, query_id: QueryId, query: Query);
    /// Ends a command that cannot be sent on.
    fn refuse_command(&self, command_id: CommandId, problem: Problem);
    /// Answers a question that cannot be asked.
    fn refuse_query(&self, query_id: QueryId, problem: Problem);
    /// Tells [`Event::Ended`] to this client alone.
    fn end(&self);
}

/// Changes that led from one snapshot to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// [`State::revision`] after them.
    pub revision: u64,
    /// The changes, in order.
    pub changes: Arc<Vec<Change>>,
}
