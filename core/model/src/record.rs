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

impl HistoryEntry {
    /// What sort of thing was done, as the first words of `what` tell it.
    pub fn deed(&self) -> Deed {
        let is_it = |deed: &&Deed| {
            self.what
                .strip_prefix(deed.words())
                .is_some_and(|rest| rest.starts_with(' '))
        };
        Deed::ALL.iter().find(is_it).copied().unwrap_or(Deed::Other)
    }
}

/// What sort of thing was done. The words are stable: stores hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A task was written.
    Create,
    /// A task was changed.
    Update,
    /// An attempt was started.
    Start,
    /// Its agent was told something more.
    Prompt,
    /// Its agent was stopped.
    Stop,
    /// What it may do without asking was changed.
    ChangeApproval,
    /// Its open work was committed.
    Commit,
    /// It landed.
    Merge,
    /// Its landing was taken back.
    UndoMerge,
    /// It was given up.
    Drop,
    /// Its files were put back.
    Restore,
    /// Something else, in words.
    Other,
}

impl Deed {
    /// All that have words of their own.
    pub const ALL: [Self; 11] = [
        Self::Create,
        Self::Update,
        Self::Start,
        Self::Prompt,
        Self::Stop,
        Self::ChangeApproval,
        Self::Commit,
        Self::Merge,
        Self::UndoMerge,
        Self::Drop,
        Self::Restore,
    ];

    /// The first words of [`HistoryEntry::what`].
    pub fn words(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Start => "start",
            Self::Prompt => "prompt",
            Self::Stop => "stop",
            Self::ChangeApproval => "change approval of",
            Self::Commit => "commit",
            Self::Merge => "merge",
            Self::UndoMerge => "undo merge",
            Self::Drop => "drop",
            Self::Restore => "restore",
            Self::Other => "",
        }
    }

    /// What is written into the history of it.
    pub fn of(self, object: &str) -> String {
        format!("{} {object}", self.words())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_of_a_deed_is_read_as_that_deed() {
        let entry = |what: String| HistoryEntry {
            id: HistoryId::from_bytes([1; 16]),
            project_id: ProjectId::from_bytes([1; 16]),
            task_id: None,
            attempt_id: None,
            actor: Actor::Person,
            what,
            refs: Vec::new(),
            at: Timestamp::from_ms(0),
        };
        for deed in Deed::ALL {
            assert_eq!(entry(deed.of("anyon/3f2a-x → main")).deed(), deed);
        }
        // As stores have them.
        assert_eq!(entry("undo merge anyon/x → main".into()).deed(), Deed::UndoMerge);
        assert_eq!(
            entry("change approval of anyon/x".into()).deed(),
            Deed::ChangeApproval
        );
        assert_eq!(entry("keep worktree of anyon/x: busy".into()).deed(), Deed::Other);
        assert_eq!(entry("dropped".into()).deed(), Deed::Other);
    }
}
