//! Executions: operating-system processes run in an attempt, each a small state machine.

use crate::{AttemptId, ExecutionId, FailureKind, ProjectId, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

/// One process run in an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    /// Its identity.
    pub id: ExecutionId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The attempt it belongs to.
    pub attempt_id: AttemptId,
    /// The session it speaks for; `None` for scripts.
    pub session_id: Option<SessionId>,
    /// Its number in the attempt, from 1.
    pub number: u32,
    /// What it is for.
    pub run_reason: RunReason,
    /// The first prompt it was given; for a script its text.
    pub prompt: String,
    /// Where it is in its life.
    pub state: ExecutionState,
    /// The operating-system process, once there is one.
    pub process: Option<ProcessRecord>,
    /// How much of its log is durable.
    pub log: LogLengths,
    /// `HEAD` of the worktree before it, in hexadecimal.
    pub head_before: Option<String>,
    /// `HEAD` of the worktree after it.
    pub head_after: Option<String>,
    /// Tokens and cost, as the agent last told.
    pub usage: TokenUsage,
    /// The model that the agent says it uses.
    pub model: Option<String>,
    /// Taken back by a retry: hidden, kept.
    pub dropped: bool,
    /// Its last turn did not end by itself: somebody stopped it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub turn_stopped: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its process started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// What an execution is for; on the wire the predecessors' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunReason {
    /// The project's setup script.
    SetupScript,
    /// An agent.
    CodingAgent,
    /// The project's cleanup script.
    CleanupScript,
    /// The project's dev server.
    DevServer,
}

/// Where an execution is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ExecutionState {
    /// Recorded; waits for its turn.
    Queued {
        /// Why it waits, once that is known.
        why: Option<QueueReason>,
    },
    /// The process is being started.
    Starting,
    /// The process is there.
    Running {
        /// What it does.
        activity: Activity,
    },
    /// It is being stopped.
    Stopping {
        /// The rung of the ladder reached.
        step: StopStep,
        /// Why.
        reason: StopReason,
    },
    /// Ended as it should.
    Completed,
    /// Ended as it should not.
    Failed {
        /// In which way.
        kind: FailureKind,
        /// In words, for a person.
        message: String,
    },
    /// Ended because it was told to.
    Killed {
        /// Why.
        reason: StopReason,
    },
}

impl ExecutionState {
    /// Nothing happens to it any more.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed { .. } | Self::Killed { .. })
    }
    /// A process of it may exist.
    pub fn has_process(&self) -> bool {
        matches!(
            self,
            Self::Starting | Self::Running { .. } | Self::Stopping { .. }
        )
    }
    /// The word on the wire.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::Starting => "starting",
            Self::Running {
                activity: Activity::Turn,
            } => "running",
            Self::Running {
                activity: Activity::Waiting { .. },
            } => "waiting",
            Self::Running {
                activity: Activity::Idle { .. },
            } => "idle",
            Self::Stopping { .. } => "stopping",
            Self::Completed => "completed",
            Self::Failed { .. } => "failed",
            Self::Killed { .. } => "killed",
        }
    }
}

/// What a running agent does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "activity")]
pub enum Activity {
    /// It works on a prompt.
    Turn,
    /// It waits for answers.
    Waiting {
        /// How many.
        approvals: u32,
    },
    /// It waits for a prompt.
    Idle {
        /// Since when.
        since: Timestamp,
    },
}

/// Why an execution waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum QueueReason {
    /// As many agents run as may run.
    Cap {
        /// The cap.
        limit: u32,
    },
    /// Too little memory is free.
    Memory {
        /// MiB free.
        free_mib: u64,
        /// MiB that have to be free.
        floor_mib: u64,
    },
    /// Too little disk space is free.
    Disk {
        /// MiB free.
        free_mib: u64,
        /// MiB that have to be free.
        floor_mib: u64,
    },
    /// The worktree is still being made.
    Worktree,
    /// The agent's service gives nothing more until a limit ends.
    RateLimit {
        /// When that is.
        until: Timestamp,
    },
}

/// The rungs of the stop ladder, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopStep {
    /// Ask over the protocol.
    Interrupt,
    /// Close its standard input.
    CloseStdin,
    /// Ask the operating system to end it (SIGTERM).
    Term,
    /// End it and everything it started (SIGKILL).
    Kill,
    /// See that nothing of it is left.
    Sweep,
}

/// Why an execution is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// A person asked.
    User,
    /// Anyon ends.
    Shutdown,
    /// It sat idle for longer than the limit.
    IdleLimit,
    /// It exceeded a time limit that the user set.
    Timeout,
    /// The attempt is dropped or landed.
    AttemptEnded,
    /// The store failed: nothing may run unrecorded.
    StoreFailed,
    /// Its turn is over and its process does not stay for another. Only while it ends: the final state is the turn's.
    TurnOver,
}

/// What finds a process again after a restart, and only that process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessRecord {
    /// Process id of the supervisor.
    pub supervisor_pid: u32,
    /// Process id of the agent.
    pub pid: u32,
    /// The agent's start time as the system counts it (Linux: field 22 of `/proc/<pid>/stat`, clock ticks since boot).
    pub start_time: u64,
    /// The boot it belongs to (Linux: `/proc/sys/kernel/random/boot_id`).
    pub boot_id: String,
}

/// How much of an execution's log is durable, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLengths {
    /// Raw segment: lines as received.
    pub raw: u64,
    /// Entry segment: normalised entries.
    pub entries: u64,
    /// Number of entries.
    pub entry_count: u64,
}

/// Tokens and cost as the agent tells them. Zero: not told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Tokens read, cached ones included.
    pub input: u64,
    /// Tokens written.
    pub output: u64,
    /// Of those read: from a cache.
    pub cached: u64,
    /// Tokens in the context now.
    pub context_used: u64,
    /// Tokens that fit in the context.
    pub context_size: u64,
    /// Cost in US dollars.
    pub cost_usd: f64,
}
impl Eq for TokenUsage {}
