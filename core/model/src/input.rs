//! Inputs: everything that can wake the engine.

use crate::{
    Actor, AgentEvent, AgentInfo, AttemptId, Command, CommandId, ExecutionId, ExitStatus, FilePath, GitReads,
    LaunchFailure, LogLengths, Problem, ProcessRecord, ProjectId, RefMove, SnapshotId, SnapshotReason,
    StopStep, Timestamp,
};
use serde::{Deserialize, Serialize};

/// An input with what the engine may not find out by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// The time.
    pub now: Timestamp,
    /// Seed of the ids made by this step.
    pub id_seed: u64,
    /// The input.
    pub input: Input,
}

/// What can wake the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// The store is loaded and what was left of earlier runs is swept. First of all inputs.
    Started {
        /// Executions that were not final, with what is durable of their logs.
        recovered: Vec<Recovered>,
        /// Attempts whose half-made worktree could not be taken back.
        #[serde(default)]
        unswept: Vec<AttemptId>,
    },
    /// A client intends something.
    Command {
        /// The command's name.
        command_id: CommandId,
        /// Who sends it.
        actor: Actor,
        /// The command.
        command: Command,
    },
    /// Answer to [`crate::Effect::InspectRepository`].
    RepositoryInspected {
        /// The command it was for.
        command_id: CommandId,
        /// What is there.
        result: Result<RepositoryInfo, Problem>,
    },
    /// Answer to [`crate::Effect::Focus`].
    Focused {
        /// The command it was for.
        command_id: CommandId,
        /// There is a window, and it was told.
        told: bool,
    },
    /// Answer to [`crate::Effect::FindWindow`].
    WindowFound {
        /// The command that waits for it.
        command_id: CommandId,
        /// One is open.
        found: bool,
    },
    /// A repository is being cloned.
    CloneProgress {
        /// The command it is for.
        command_id: CommandId,
        /// 0 to 100.
        percent: u8,
    },
    /// Answer to [`crate::Effect::CloneRepository`].
    RepositoryCloned {
        /// The command it was for.
        command_id: CommandId,
        /// What is there now.
        result: Result<RepositoryInfo, Problem>,
    },
    /// Answer to [`crate::Effect::PredictConflicts`], and what was found out by the way.
    ConflictsPredicted {
        /// Whose.
        attempt_id: AttemptId,
        /// The files that both sides changed in the same place. A failure means that nobody knows.
        result: Result<Vec<FilePath>, Problem>,
    },
    /// Branches of a watched project moved, by whatever hand.
    TargetsMoved {
        /// Whose.
        project_id: ProjectId,
        /// Which; empty: nobody knows.
        branches: Vec<String>,
    },
    /// Answer to [`crate::Effect::MeasureResources`].
    Resources {
        /// MiB of memory free.
        free_memory_mib: u64,
        /// MiB of disk space free where worktrees are.
        free_disk_mib: u64,
    },
    /// A worktree is being made.
    WorktreeProgress {
        /// Whose.
        attempt_id: AttemptId,
        /// 0 to 100.
        percent: u8,
    },
    /// Answer to [`crate::Effect::CreateWorktree`].
    WorktreeCreated {
        /// Whose.
        attempt_id: AttemptId,
        /// Where, from which commit.
        result: Result<WorktreeMade, Problem>,
    },
    /// Answer to [`crate::Effect::Spawn`].
    Spawned {
        /// Whose.
        execution_id: ExecutionId,
        /// The process.
        result: Result<ProcessRecord, LaunchFailure>,
    },
    /// What an agent said, without [`AgentEvent::Entry`].
    Agent {
        /// Whose.
        execution_id: ExecutionId,
        /// In order.
        events: Vec<AgentEvent>,
    },
    /// More of a log is durable. At most once a second per execution.
    LogGrew {
        /// Whose.
        execution_id: ExecutionId,
        /// How much is durable.
        log: LogLengths,
    },
    /// A process and everything it started is gone.
    Exited {
        /// Whose.
        execution_id: ExecutionId,
        /// How.
        status: ExitStatus,
        /// Processes that could not be ended. 0 is right.
        left: u32,
        /// Its log, all durable.
        log: LogLengths,
        /// Last lines of its standard error, for the message of a failure.
        stderr_tail: String,
        /// `HEAD` of the worktree.
        head: Option<String>,
    },
    /// A timer fired.
    TimerFired {
        /// Which.
        key: TimerKey,
    },
    /// Snapshots that are in the repository, whether they were recorded or not: after an operation that failed
    /// half-way, or an end of Anyon between a snapshot and its record.
    SnapshotsFound {
        /// Whose.
        attempt_id: AttemptId,
        /// All of them, the oldest first.
        found: Vec<SnapshotMade>,
    },
    /// Answer to [`crate::Effect::CommitWork`].
    WorkCommitted {
        /// The command it was for.
        command_id: CommandId,
        /// Whose.
        attempt_id: AttemptId,
        /// What was done.
        result: Result<WorkCommit, Problem>,
    },
    /// Answer to [`crate::Effect::Land`].
    Landed {
        /// The command it was for.
        command_id: CommandId,
        /// Whose.
        attempt_id: AttemptId,
        /// What was done.
        result: Result<LandReport, Problem>,
    },
    /// Answer to [`crate::Effect::UndoMerge`].
    MergeUndone {
        /// The command it was for.
        command_id: CommandId,
        /// Whose.
        attempt_id: AttemptId,
        /// The ref that moved.
        result: Result<RefMove, Problem>,
    },
    /// Answer to [`crate::Effect::RemoveWorktree`].
    WorktreeRemoved {
        /// Whose.
        attempt_id: AttemptId,
        /// What was kept.
        result: Result<RemoveReport, Problem>,
    },
    /// Answer to [`crate::Effect::Restore`].
    Restored {
        /// The command it was for.
        command_id: CommandId,
        /// Whose.
        attempt_id: AttemptId,
        /// Which snapshot.
        snapshot_id: SnapshotId,
        /// Snapshot of what was there before, if anything was.
        result: Result<Option<SnapshotMade>, Problem>,
    },
    /// Answer to [`crate::Effect::Backup`].
    BackedUp {
        /// The command it was for.
        command_id: CommandId,
        /// Whether.
        result: Result<(), Problem>,
    },
    /// Answer to [`crate::Effect::SetUpMcp`].
    McpSetUp {
        /// The command it was for.
        command_id: CommandId,
        /// The file, and where its old text is.
        result: Result<(FilePath, Option<FilePath>), Problem>,
    },
    /// Answer to [`crate::Effect::EditAgentFile`].
    AgentFileEdited {
        /// The command it was for.
        command_id: CommandId,
        /// The agents there are now, of Anyon's and the person's own, with all their variants.
        result: Result<Vec<AgentInfo>, Problem>,
    },
    /// The file of the person's own agents and profiles was read anew and says something else.
    AgentsRead {
        /// Counts the times, for [`crate::Effect::AgentsTaken`].
        reading: u64,
        /// The agents there are now.
        agents: Vec<AgentInfo>,
    },
    /// The store cannot be written any more.
    StoreFailed {
        /// Why.
        problem: Problem,
    },
}

/// An execution that was not final when the store was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovered {
    /// Which.
    pub execution_id: ExecutionId,
    /// What is durable of its log.
    pub log: LogLengths,
    /// Processes of it that were still alive and were ended.
    pub killed: u32,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerKey {
    /// A rung of the stop ladder took its time.
    StopStep {
        /// Whose.
        execution_id: ExecutionId,
        /// The rung waited on.
        step: StopStep,
    },
    /// An agent sat idle for the limit.
    Idle {
        /// Whose.
        execution_id: ExecutionId,
    },
    /// See whether the window that was asked is still open.
    Confirmation {
        /// The command that waits.
        command_id: CommandId,
    },
    /// Look at the queue again.
    Queue,
    /// The limit that an execution waits for is over.
    Limit {
        /// Whose.
        execution_id: ExecutionId,
    },
}

/// A repository that can be a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryInfo {
    /// Canonical path of its main working tree.
    pub path: FilePath,
    /// The branch checked out; `None`: a detached HEAD.
    pub head_branch: Option<String>,
    /// How git is read here.
    pub git_reads: GitReads,
}

/// A worktree that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorktreeMade {
    /// Its folder, absolute.
    pub path: FilePath,
    /// The commit it started from, in hexadecimal.
    pub base_commit: String,
}

/// Open work that was committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCommit {
    /// The snapshot taken before.
    pub snapshot: Option<SnapshotMade>,
    /// The commit; `None`: there was nothing to commit.
    pub commit: Option<String>,
    /// The branch, if it moved.
    pub moved: Option<RefMove>,
}

/// A landing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandReport {
    /// The open work committed before.
    pub work: WorkCommit,
    /// The commit on the target, in hexadecimal.
    pub commit: String,
    /// The target before and after.
    pub moved: RefMove,
    /// The checkout of the target that followed, if it is checked out.
    pub followed: Option<FilePath>,
}

/// A worktree that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveReport {
    /// The snapshot taken before; `None`: nothing was there.
    pub snapshot: Option<SnapshotMade>,
}

/// A snapshot that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotMade {
    /// Its number in the attempt.
    pub number: u32,
    /// The commit that holds the files, in hexadecimal.
    pub commit: String,
    /// Where the branch stood.
    pub head: String,
    /// Folder in the trash that holds the ignored files.
    pub trash: Option<FilePath>,
    /// Why.
    pub reason: SnapshotReason,
}
