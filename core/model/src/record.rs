//! Who did what: actors and the history.

use crate::{AttemptId, HistoryId, ProjectId, TaskId, Timestamp};
use serde::{Deserialize, Serialize};

/// Who sends a command.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "actor")]
pub enum Actor {
    /// The person at the window or the terminal.
    Person,
    /// The agent of an attempt.
    Agent {
        /// Which attempt.
        attempt_id: AttemptId,
    },
    /// Another program over MCP.
    Mcp {
        /// Its name as it introduced itself.
        client: String,
    },
    /// Anyon by itself.
    System,
}

/// One thing that was done, for the history and for undo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Its identity.
    pub id: HistoryId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The task it is about.
    pub task_id: Option<TaskId>,
    /// The attempt it is about.
    pub attempt_id: Option<AttemptId>,
    /// Who did it.
    pub actor: Actor,
    /// What was done, as a stable word with its object: `merge anyon/3f2a-fix → main`.
    pub what: String,
    /// The refs that moved.
    pub refs: Vec<RefMove>,
    /// When.
    pub at: Timestamp,
}

/// A ref before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefMove {
    /// Full name, such as `refs/heads/main`.
    pub name: String,
    /// Commit before, in hexadecimal; `None`: it did not exist.
    pub before: Option<String>,
    /// Commit after; `None`: it is gone.
    pub after: Option<String>,
}
