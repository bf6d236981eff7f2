//! Effects: work that the engine wants done. Drivers do it and answer with an [`crate::Input`].

use crate::{
    AgentFileEdit, AgentRequest, AttemptId, CommandId, CommandResult, ExecutionId, FilePath, FocusOn,
    GitReads, LaunchRequest, ProjectId, RemoteUrl, SnapshotId, SnapshotReason, StopStep, TimerKey, Timestamp,
};
use serde::{Deserialize, Serialize};

/// Work for a driver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Tell the client of a command how it ended.
    Reply {
        /// Which command.
        command_id: CommandId,
        /// How.
        result: CommandResult,
    },
    /// Look at a folder that is to become a project. → [`crate::Input::RepositoryInspected`]
    InspectRepository {
        /// The command it is for.
        command_id: CommandId,
        /// The folder.
        path: FilePath,
        /// Make an initial commit if there is none.
        initial_commit: bool,
    },
    /// Clone a repository, then look at it. → [`crate::Input::CloneProgress`], [`crate::Input::RepositoryCloned`]
    CloneRepository {
        /// The command it is for.
        command_id: CommandId,
        /// From where.
        url: RemoteUrl,
        /// The folder that the clone becomes.
        folder: FilePath,
    },
    /// Break off a clone. It is answered all the same. → [`crate::Input::RepositoryCloned`]
    CancelClone {
        /// The command that began it.
        command_id: CommandId,
    },
    /// Bring a window to the front. → [`crate::Input::Focused`]
    Focus {
        /// The command it is for.
        command_id: CommandId,
        /// What it shows then.
        on: Option<FocusOn>,
    },
    /// See whether a window is open. → [`crate::Input::WindowFound`]
    FindWindow {
        /// The command that waits for it.
        command_id: CommandId,
    },
    /// Find out which files of an attempt conflict with its target, when there is time for it. A later one for the
    /// same attempt replaces one that waits. → [`crate::Input::ConflictsPredicted`]
    PredictConflicts {
        /// Whose.
        attempt_id: AttemptId,
        /// Where.
        place: AttemptPlace,
    },
    /// Tell when branches of a project move, from now on. → [`crate::Input::TargetsMoved`]
    WatchTargets {
        /// Whose.
        project_id: ProjectId,
        /// Its repository.
        repo: FilePath,
    },
    /// Measure free memory and disk space. → [`crate::Input::Resources`]
    MeasureResources,
    /// Make branch and worktree. → [`crate::Input::WorktreeCreated`]
    CreateWorktree {
        /// Whose.
        attempt_id: AttemptId,
        /// What exactly.
        plan: WorktreePlan,
    },
    /// Break off the making of a worktree. It is answered all the same. → [`crate::Input::WorktreeCreated`]
    CancelWorktree {
        /// Whose.
        attempt_id: AttemptId,
    },
    /// Start a process; it is not listened to yet. → [`crate::Input::Spawned`]
    Spawn(Box<LaunchRequest>),
    /// The process is recorded: listen to it. → [`crate::Input::Agent`], [`crate::Input::Exited`]
    Attach {
        /// Whose.
        execution_id: ExecutionId,
    },
    /// Tell an agent something.
    Send {
        /// Whose.
        execution_id: ExecutionId,
        /// What.
        request: AgentRequest,
    },
    /// Do a rung of the stop ladder. [`StopStep::Kill`] also kills what it started; [`StopStep::Sweep`] does that again without its supervisor.
    Stop {
        /// Whose.
        execution_id: ExecutionId,
        /// Which rung.
        step: StopStep,
    },
    /// Wake the engine. A timer with the same key is replaced. → [`crate::Input::TimerFired`]
    SetTimer {
        /// Its key.
        key: TimerKey,
        /// When.
        at: Timestamp,
    },
    /// Snapshot, then commit the open work of a worktree. → [`crate::Input::WorkCommitted`]
    CommitWork {
        /// The command it is for.
        command_id: CommandId,
        /// Whose.
        attempt_id: AttemptId,
        /// Where.
        place: AttemptPlace,
        /// The message.
        message: String,
    },
    /// Snapshot, commit the open work, squash onto the target. → [`crate::Input::Landed`]
    Land {
        /// The command it is for.
        command_id: CommandId,
        /// Whose.
        attempt_id: AttemptId,
        /// Where.
        place: AttemptPlace,
        /// Message of the commit on the target.
        message: String,
        /// Message of the commit of the open work.
        work_message: String,
    },
    /// Move the target of a merge back, if it still stands at the merge's commit. → [`crate::Input::MergeUndone`]
    UndoMerge {
        /// The command it is for.
        command_id: CommandId,
        /// Whose.
        attempt_id: AttemptId,
        /// The repository.
        repo: FilePath,
        /// The target branch.
        target: String,
        /// Where it stands.
        commit: String,
        /// Where it goes.
        before: String,
    },
    /// Snapshot, move ignored files to the trash, remove worktree and branch. → [`crate::Input::WorktreeRemoved`]
    RemoveWorktree {
        /// Whose.
        attempt_id: AttemptId,
        /// Where.
        place: AttemptPlace,
        /// Why.
        reason: SnapshotReason,
    },
    /// Put the files of a snapshot back, after a snapshot of what is there. → [`crate::Input::Restored`]
    Restore {
        /// The command it is for.
        command_id: CommandId,
        /// Whose.
        attempt_id: AttemptId,
        /// Which snapshot.
        snapshot_id: SnapshotId,
        /// Where.
        place: AttemptPlace,
        /// The commit that holds the files.
        commit: String,
        /// Where the branch stood.
        head: String,
        /// Ignored files to bring back from the trash.
        trash: Option<FilePath>,
    },
    /// Empty the trash folder of what is too old or too much.
    PruneTrash {
        /// MiB that may stay.
        cap_mib: u64,
        /// Days that something may stay.
        days: u32,
    },
    /// Remove the logs of executions that are no longer known.
    RemoveLogs {
        /// Which.
        executions: Vec<ExecutionId>,
    },
    /// Copy the store. → [`crate::Input::BackedUp`]
    Backup {
        /// The command it is for.
        command_id: CommandId,
        /// The file.
        path: FilePath,
    },
    /// Put Anyon's MCP server into an agent's configuration file. → [`crate::Input::McpSetUp`]
    SetUpMcp {
        /// The command it is for.
        command_id: CommandId,
        /// The agent.
        agent_id: String,
    },
    /// Change the file of the person's own agents and profiles. → [`crate::Input::AgentFileEdited`]
    EditAgentFile {
        /// The command it is for.
        command_id: CommandId,
        /// How.
        edit: AgentFileEdit,
    },
    /// From now on the agents count that were read: whoever waits for that may go on.
    AgentsTaken {
        /// As in [`crate::Input::AgentsRead`].
        reading: u64,
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
    /// Everything is stopped and stored: end.
    Exit,
}

impl Effect {
    /// Must wait until the changes of the same step are durable: what cannot be taken back, and what answers. Nothing
    /// an agent is told or allowed goes out without its record; what ends something never waits.
    pub fn after_commit(&self) -> bool {
        !matches!(
            self,
            Self::Send {
                request: AgentRequest::Interrupt,
                ..
            } | Self::Stop { .. }
                | Self::CancelWorktree { .. }
                | Self::SetTimer { .. }
                | Self::MeasureResources
                | Self::Focus { .. }
                | Self::FindWindow { .. }
                | Self::InspectRepository { .. }
                | Self::CloneRepository { .. }
                | Self::CancelClone { .. }
                | Self::PredictConflicts { .. }
                | Self::WatchTargets { .. }
                | Self::AgentsTaken { .. }
        )
    }
}

/// A worktree to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorktreePlan {
    /// The repository.
    pub repo: FilePath,
    /// Folder of the worktree; must not exist. The driver puts it under its worktree root when it is relative.
    pub path: FilePath,
    /// New branch.
    pub branch: String,
    /// Branch or commit to start from.
    pub base: String,
    /// Globs of ignored files to copy from the repository.
    pub copy_files: Vec<String>,
}

/// Where an attempt's work is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptPlace {
    /// The repository.
    pub repo: FilePath,
    /// The worktree.
    pub worktree: FilePath,
    /// The attempt's branch.
    pub branch: String,
    /// The target branch.
    pub target: String,
    /// The commit that the attempt started from, in hexadecimal.
    pub base_commit: String,
    /// The number that the next snapshot gets.
    pub next_snapshot: u32,
    /// How git is read here.
    pub git_reads: GitReads,
}
