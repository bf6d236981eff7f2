//! How the work on an attempt ends, and how that is told.

use crate::cli::{clock::local_time, ending::Ending};
use anyon_model::{ExecutionState, FailureKind, Problem, ProblemCode, QueueReason, StopReason};

/// How the work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The turn is done; the process waits for more.
    Turn,
    /// The process ended.
    Process(ExecutionState),
    /// The person stopped it.
    Interrupted,
    /// The agent asks and nobody can answer.
    Unanswered,
    /// Nobody reads what it says.
    Unread,
    /// Too little memory or disk space is free for a start.
    Short(Problem),
}

impl End {
    /// The agent did what it was told; its process may be gone, its session can go on.
    pub fn is_of_a_turn(&self) -> bool {
        matches!(
            self,
            Self::Turn
                | Self::Process(
                    ExecutionState::Completed
                        | ExecutionState::Killed {
                            reason: StopReason::IdleLimit | StopReason::TurnOver
                        }
                )
        )
    }
}

/// How an end is told.
pub fn words(end: &End) -> (&'static str, String, Ending) {
    match end {
        end if end.is_of_a_turn() => ("completed", String::new(), Ending::Done),
        End::Interrupted => ("interrupted", "you stopped it".to_owned(), Ending::Failed),
        End::Unread => ("stopped", "nobody reads what it says".to_owned(), Ending::Failed),
        End::Short(problem) => ("failed", problem.title.clone(), Ending::of(problem)),
        End::Unanswered => (
            "unanswered",
            "the agent asks and nobody answers".to_owned(),
            Ending::Failed,
        ),
        End::Process(ExecutionState::Failed { kind, message }) => {
            let ending = match kind {
                FailureKind::NotInstalled | FailureKind::UnsupportedVersion | FailureKind::Auth => {
                    Ending::Lacking
                }
                _ => Ending::Failed,
            };
            ("failed", message.clone(), ending)
        }
        End::Turn | End::Process(_) => ("stopped", String::new(), Ending::Failed),
    }
}

/// What to do when nobody could answer.
pub fn unanswered(name: &str) -> Problem {
    Problem::new(ProblemCode::WrongState, "The agent asks for permission and nobody can answer here").hint(format!(
        "run it in a terminal, answer with JSON lines (--json), or allow everything (--approve all); go on with \
         `anyon attempt resume {name}`"
    ))
}

/// Why a start waits, for the reasons that a person can do something about.
pub fn wait_words(why: QueueReason) -> Option<String> {
    Some(match why {
        QueueReason::Cap { limit } => format!("waiting: {limit} agents run already, as many as may"),
        QueueReason::Memory { free_mib, floor_mib } => {
            format!("waiting: {free_mib} MiB of memory are free, {floor_mib} have to be")
        }
        QueueReason::Disk { free_mib, floor_mib } => {
            format!("waiting: {free_mib} MiB of disk space are free, {floor_mib} have to be")
        }
        QueueReason::RateLimit { until } => format!(
            "waiting: the agent has reached a limit, which ends at {}",
            local_time(until)
        ),
        QueueReason::Worktree => return None,
    })
}

/// What lacks, and what to do about it; `None`: nothing that a person could do something about.
pub fn shortage(name: &str, why: QueueReason) -> Option<Problem> {
    let (code, title, detail, hint) = match why {
        QueueReason::Disk { free_mib, floor_mib } => (
            ProblemCode::LowResources,
            "Too little disk space is free to start an agent",
            format!("{free_mib} MiB are free where Anyon keeps its data, {floor_mib} have to be"),
            "make room there (worktrees/, trash/ and logs/ are Anyon's own part of it), or name a folder on another \
             disk with --data-dir",
        ),
        QueueReason::Memory { free_mib, floor_mib } => (
            ProblemCode::LowResources,
            "Too little memory is free to start an agent",
            format!("{free_mib} MiB are free, {floor_mib} have to be"),
            "end other programs or agents",
        ),
        QueueReason::RateLimit { until } => (
            ProblemCode::AgentFailed,
            "The agent has reached a limit of its service",
            format!("it ends at {}", local_time(until)),
            "wait until then, or use another agent",
        ),
        QueueReason::Cap { .. } | QueueReason::Worktree => return None,
    };
    let problem = Problem::new(code, title).detail(detail);
    Some(problem.hint(format!("{hint}; then: anyon attempt resume {name}")))
}
