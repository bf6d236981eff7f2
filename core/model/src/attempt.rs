//! Attempts: one try at a task, with its own branch, worktree, sessions and drafts.

use crate::{
    AttemptId, CommentId, DraftId, ExecutionId, ExecutorProfileId, FilePath, Image, MergeId, ProjectId,
    SessionId, SnapshotId, TaskId, Timestamp,
};
use serde::{Deserialize, Serialize};

/// One try at a task: one branch, one worktree, one target branch, one or more sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its identity.
    pub id: AttemptId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The task it tries.
    pub task_id: TaskId,
    /// Its number in the task, from 1.
    pub number: u32,
    /// Its branch, such as `anyon/3f2a-fix-login`.
    pub branch: String,
    /// Branch it was started from.
    pub base: String,
    /// The commit that the base stood at then, in hexadecimal. Empty until the worktree exists.
    pub base_commit: String,
    /// Branch it lands on.
    pub target: String,
    /// Where its worktree is, and whether it is.
    pub worktree: Worktree,
    /// What it may do without asking.
    pub approve: ApproveMode,
    /// A person gave it up; the worktree is gone, the branch's snapshot stays.
    pub dropped: bool,
    /// When it was started.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The checkout of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worktree {
    /// Its folder.
    pub path: FilePath,
    /// What is there.
    pub state: WorktreeState,
    /// It stays after the attempt landed.
    pub keep: bool,
}

/// What is at the place of a worktree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorktreeState {
    /// Not created yet.
    Planned,
    /// Being created.
    Creating,
    /// There, with our marker.
    Ready,
    /// Removed after a snapshot.
    Removed,
}

/// What an agent may do in its worktree without asking.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApproveMode {
    /// Whatever the agent asks, a person answers.
    Ask,
    /// Reads, edits inside the worktree and the safe list of commands pass; all else is asked.
    #[default]
    Edits,
    /// Everything passes; each answer is recorded.
    All,
}

/// How an attempt stands. Derived from its executions, approvals and merges, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptStatus {
    /// Waits for its turn: the cap of running agents, or memory and disk.
    Queued,
    /// The worktree is made, or the agent starts.
    Starting,
    /// The agent works.
    Running,
    /// The agent asks.
    Waiting,
    /// The agent is done with its turn: to review.
    Idle,
    /// The last execution failed.
    Failed,
    /// A person stopped it, or Anyon ended while it ran.
    Stopped,
    /// The branch conflicts with its target.
    Conflicted,
    /// Merged.
    Landed,
    /// Given up.
    Dropped,
}

impl AttemptStatus {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Idle => "idle",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Conflicted => "conflicted",
            Self::Landed => "landed",
            Self::Dropped => "dropped",
        }
    }
    /// An agent's process may be at work in it.
    pub fn is_active(self) -> bool {
        matches!(
            self,
            Self::Queued | Self::Starting | Self::Running | Self::Waiting
        )
    }
}

/// An agent's own conversation in an attempt: what a follow-up resumes. An attempt has several when another agent
/// takes over, or when a retry forks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its identity.
    pub id: SessionId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The attempt it belongs to.
    pub attempt_id: AttemptId,
    /// Agent and variant; fixed for the session's life.
    pub profile: ExecutorProfileId,
    /// The model that was chosen for it. `None`: the variant's, or the agent's own.
    pub model: Option<String>,
    /// The agent's name for the conversation. `None` until it said it.
    pub agent_session: Option<String>,
    /// The agent's name of the last message that a later session can be cut at.
    pub resume_point: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
}

/// An unsent or queued text. Queued ones are sent in order, each when the agent is idle; they survive failure and
/// restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its identity.
    pub id: DraftId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The attempt it belongs to.
    pub attempt_id: AttemptId,
    /// What it will become.
    pub kind: DraftKind,
    /// Whom it goes to.
    pub to: Recipient,
    /// The text.
    pub text: String,
    /// Pictures that go with it.
    pub images: Vec<Image>,
    /// To be sent by itself as soon as the agent is idle.
    pub queued: bool,
    /// Place among the drafts of the attempt, ascending.
    pub order: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whom a further prompt goes to. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recipient {
    /// Agent and variant. Another agent than the last one takes over.
    pub profile: Option<ExecutorProfileId>,
    /// The model, in the agent's words. Empty: the variant's, or the agent's own.
    pub model: Option<String>,
}

/// What a draft will become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DraftKind {
    /// A further prompt.
    FollowUp,
    /// Reset to before this execution and send again.
    Retry {
        /// The execution that is taken back.
        execution_id: ExecutionId,
    },
}

/// How an attempt's work came home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// Its identity.
    pub id: MergeId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The attempt it belongs to.
    pub attempt_id: AttemptId,
    /// Branch it went to.
    pub target: String,
    /// In which way.
    pub kind: MergeKind,
    /// When.
    pub created_at: Timestamp,
}

/// The two ways home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum MergeKind {
    /// One commit on the target.
    Direct {
        /// The commit, in hexadecimal.
        commit: String,
        /// Where the target stood before.
        before: String,
    },
    /// A pull request on a forge.
    PullRequest {
        /// Its number.
        number: u64,
        /// Its page.
        url: String,
        /// How it stands.
        status: PullRequestStatus,
    },
}

/// How a pull request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullRequestStatus {
    /// Open.
    Open,
    /// Merged.
    Merged,
    /// Closed without a merge.
    Closed,
}

/// A comment on lines of an attempt's diff; collected and sent as one follow-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewComment {
    /// Its identity.
    pub id: CommentId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The attempt it belongs to.
    pub attempt_id: AttemptId,
    /// File, relative to the worktree.
    pub path: FilePath,
    /// First and last line, from 1, on the side named.
    pub lines: (u32, u32),
    /// The side of the diff that the lines are counted on.
    pub side: DiffSide,
    /// The text.
    pub text: String,
    /// When it went to the agent. `None`: not yet.
    pub sent_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A side of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffSide {
    /// Before.
    Old,
    /// After.
    New,
}

/// What the files of an attempt were at a moment, kept as a commit under `refs/anyon/snapshots/<attempt>/<n>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its identity.
    pub id: SnapshotId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The attempt it belongs to.
    pub attempt_id: AttemptId,
    /// Its number in the attempt, from 1: the last part of the ref.
    pub number: u32,
    /// The commit that holds the files, in hexadecimal.
    pub commit: String,
    /// Where the branch stood, in hexadecimal.
    pub head: String,
    /// Ignored files that were moved to the trash folder then; `None`: there were none.
    pub trash: Option<FilePath>,
    /// Why it was taken.
    pub reason: SnapshotReason,
    /// When.
    pub created_at: Timestamp,
}

/// Why a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotReason {
    /// Before open work was committed.
    Commit,
    /// Before a merge.
    Merge,
    /// Before the attempt was dropped.
    Drop,
    /// Before the worktree was removed after landing.
    Cleanup,
    /// Before files were put back to another state.
    Restore,
}
