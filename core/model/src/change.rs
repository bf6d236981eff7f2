//! Changes: an entity's upsert or removal. One list, three uses: storage persists it, [`crate::State::apply`] builds
//! the next snapshot, remote ships it to clients.

use crate::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An entity's upsert or removal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is so from now on.
    Put(Entity),
    /// It is gone.
    Remove(EntityKey),
    /// What is known of a running execution for the moment; never stored.
    Live {
        /// Which execution.
        execution_id: ExecutionId,
        /// What; `None`: nothing any more.
        live: Option<Arc<Live>>,
    },
    /// How far a clone is; never stored.
    Clone {
        /// The command that began it.
        command_id: CommandId,
        /// How far; `None`: it is over.
        clone: Option<Arc<CloneProgress>>,
    },
    /// What waits for a person's yes; never stored.
    Confirmation {
        /// The command that waits.
        command_id: CommandId,
        /// What; `None`: it waits no more.
        confirmation: Option<Arc<Confirmation>>,
    },
    /// What is known of an attempt's conflicts with its target; never stored.
    Conflicts {
        /// Whose.
        attempt_id: AttemptId,
        /// The files; `None`: there are none, or nobody knows.
        conflicts: Option<Arc<Conflicts>>,
    },
}

impl Change {
    /// The store keeps it.
    pub fn is_durable(&self) -> bool {
        matches!(self, Self::Put(_) | Self::Remove(_))
    }
}

/// What is known of an execution for the moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// What it does, one short line.
    pub activity: String,
    /// When it last said something.
    pub last_output_at: Option<Timestamp>,
    /// Percent of its worktree that is there, while it is made.
    pub worktree_percent: Option<u8>,
    /// It tries the model again: in words.
    pub retrying: Option<String>,
    /// When the turn began that it is at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_since: Option<Timestamp>,
}

/// A repository that is being cloned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloneProgress {
    /// From where. Holds no secret.
    pub url: RemoteUrl,
    /// The folder that it becomes.
    pub folder: FilePath,
    /// How much is there, 0 to 100.
    pub percent: u8,
    /// Somebody broke it off; it is being removed.
    pub cancelled: bool,
}

/// What an MCP client asked for that cannot be taken back: it waits for a person at the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Who asked.
    pub actor: Actor,
    /// For what.
    pub command: Command,
    /// When.
    pub at: Timestamp,
}

/// The files of an attempt that both it and its target changed in the same place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflicts {
    /// At least one.
    pub files: Vec<FilePath>,
}

macro_rules! entities {
    ($($(#[$doc:meta])* $name:ident($type:ident, $key:ident)),* $(,)?) => {
        /// Anything the store keeps.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Entity {
            $($(#[$doc])* $name(Arc<$type>),)*
        }
        /// The identity of anything the store keeps.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum EntityKey {
            $($(#[$doc])* $name($key),)*
        }
        $(impl From<$type> for Change {
            fn from(entity: $type) -> Self {
                Change::Put(Entity::$name(Arc::new(entity)))
            }
        })*
    };
}

entities! {
    /// A project.
    Project(Project, ProjectId),
    /// A task.
    Task(Task, TaskId),
    /// A label.
    Label(Label, LabelId),
    /// An attempt.
    Attempt(Attempt, AttemptId),
    /// A session.
    Session(Session, SessionId),
    /// An execution.
    Execution(Execution, ExecutionId),
    /// An approval.
    Approval(Approval, ApprovalId),
    /// A draft.
    Draft(Draft, DraftId),
    /// A merge.
    Merge(Merge, MergeId),
    /// A snapshot.
    Snapshot(Snapshot, SnapshotId),
    /// A review comment.
    Comment(ReviewComment, CommentId),
    /// A history entry.
    History(HistoryEntry, HistoryId),
    /// A template.
    Template(Template, TemplateId),
    /// A rule.
    Rule(Rule, RuleId),
    /// A user's profile.
    Profile(Profile, ExecutorProfileId),
    /// The settings.
    Settings(Settings, SettingsKey),
}

/// The settings are one row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SettingsKey;

impl Entity {
    /// Its identity.
    pub fn key(&self) -> EntityKey {
        match self {
            Self::Project(entity) => EntityKey::Project(entity.id),
            Self::Task(entity) => EntityKey::Task(entity.id),
            Self::Label(entity) => EntityKey::Label(entity.id),
            Self::Attempt(entity) => EntityKey::Attempt(entity.id),
            Self::Session(entity) => EntityKey::Session(entity.id),
            Self::Execution(entity) => EntityKey::Execution(entity.id),
            Self::Approval(entity) => EntityKey::Approval(entity.id),
            Self::Draft(entity) => EntityKey::Draft(entity.id),
            Self::Merge(entity) => EntityKey::Merge(entity.id),
            Self::Snapshot(entity) => EntityKey::Snapshot(entity.id),
            Self::Comment(entity) => EntityKey::Comment(entity.id),
            Self::History(entity) => EntityKey::History(entity.id),
            Self::Template(entity) => EntityKey::Template(entity.id),
            Self::Rule(entity) => EntityKey::Rule(entity.id),
            Self::Profile(entity) => EntityKey::Profile(entity.id.clone()),
            Self::Settings(_) => EntityKey::Settings(SettingsKey),
        }
    }
}
