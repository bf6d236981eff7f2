//! What window, terminal and MCP server are: clients that only see snapshots, ask questions and send commands.

use crate::{Command, CommandId, Event, Query, QueryId, State};
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
