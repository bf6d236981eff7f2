//! Events: what observers may want to know.

use crate::{
    Actor, AttemptId, CommandId, CommandResult, ExecutionId, FocusOn, Problem, QueryId, QueryResult,
};
use serde::{Deserialize, Serialize};

/// What observers may want to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A new snapshot of the state is published.
    StateChanged {
        /// Its [`crate::State::revision`].
        revision: u64,
    },
    /// A command ended, and what it changed is durable.
    CommandDone {
        /// Which.
        command_id: CommandId,
        /// Who sent it.
        actor: Actor,
        /// How.
        result: CommandResult,
    },
    /// A query is answered.
    Answered {
        /// Which.
        query_id: QueryId,
        /// With what.
        result: QueryResult,
    },
    /// A conversation grew or changed. Coalesced: ask for the pages shown.
    EntriesChanged {
        /// Whose.
        execution_id: ExecutionId,
        /// First entry that changed.
        from: u64,
        /// How many there are now.
        total: u64,
    },
    /// Files of a watched attempt changed: ask again.
    DiffChanged {
        /// Whose.
        attempt_id: AttemptId,
    },
    /// Tell the person on the desktop.
    Notify {
        /// One line.
        title: String,
        /// More.
        body: String,
        /// The attempt it is about.
        attempt_id: AttemptId,
    },
    /// For the window: come to the front.
    Focus {
        /// What to show.
        on: Option<FocusOn>,
    },
    /// Another host took over: what was read from the one before may be different now.
    HostChanged,
    /// Something failed that no command is waiting for.
    Failed(Problem),
    /// The host ends: no more events.
    Ended,
}
