//! Stored executions.

use super::{keep::Id, keep::Keep};
use anyon_model::*;
use serde::{Deserialize, Serialize};

/// An execution, before it was known whether its last turn was stopped.
#[derive(Serialize, Deserialize)]
pub(crate) struct ExecutionV1 {
    id: Id,
    project_id: Id,
    attempt_id: Id,
    session_id: Option<Id>,
    number: u32,
    run_reason: RunReasonV1,
    prompt: String,
    state: ExecutionStateV1,
    process: Option<ProcessRecordV1>,
    log: LogLengthsV1,
    head_before: Option<String>,
    head_after: Option<String>,
    usage: TokenUsageV1,
    model: Option<String>,
    dropped: bool,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
}
impl From<ExecutionV1> for Execution {
    fn from(stored: ExecutionV1) -> Self {
        Self {
            id: Keep::give(stored.id),
            project_id: Keep::give(stored.project_id),
            attempt_id: Keep::give(stored.attempt_id),
            session_id: Keep::give(stored.session_id),
            number: stored.number,
            run_reason: Keep::give(stored.run_reason),
            prompt: stored.prompt,
            state: Keep::give(stored.state),
            process: Keep::give(stored.process),
            log: Keep::give(stored.log),
            head_before: stored.head_before,
            head_after: stored.head_after,
            usage: Keep::give(stored.usage),
            model: stored.model,
            dropped: stored.dropped,
            turn_stopped: false,
            created_at: Keep::give(stored.created_at),
            started_at: Keep::give(stored.started_at),
            ended_at: Keep::give(stored.ended_at),
        }
    }
}

stored_struct! {
    /// An execution.
    ExecutionV2 for Execution {
        id: Id,
        project_id: Id,
        attempt_id: Id,
        session_id: Option<Id>,
        number: u32,
        run_reason: RunReasonV1,
        prompt: String,
        state: ExecutionStateV1,
        process: Option<ProcessRecordV1>,
        log: LogLengthsV1,
        head_before: Option<String>,
        head_after: Option<String>,
        usage: TokenUsageV1,
        model: Option<String>,
        dropped: bool,
        turn_stopped: bool,
        created_at: i64,
        started_at: Option<i64>,
        ended_at: Option<i64>,
    }
}
stored_enum! {
    /// What an execution is for.
    RunReasonV1 for RunReason {
        SetupScript,
        CodingAgent,
        CleanupScript,
        DevServer,
    }
}
stored_enum! {
    /// Where an execution is in its life.
    ExecutionStateV1 for ExecutionState {
        Queued { why: Option<QueueReasonV1> },
        Starting,
        Running { activity: ActivityV1 },
        Stopping { step: StopStepV1, reason: StopReasonV1 },
        Completed,
        Failed { kind: FailureKindV1, message: String },
        Killed { reason: StopReasonV1 },
    }
}
stored_enum! {
    /// What a running agent does.
    ActivityV1 for Activity {
        Turn,
        Waiting { approvals: u32 },
        Idle { since: i64 },
    }
}
stored_enum! {
    /// Why an execution waits.
    QueueReasonV1 for QueueReason {
        Cap { limit: u32 },
        Memory { free_mib: u64, floor_mib: u64 },
        Disk { free_mib: u64, floor_mib: u64 },
        Worktree,
        RateLimit { until: i64 },
    }
}
stored_enum! {
    /// A rung of the stop ladder.
    StopStepV1 for StopStep {
        Interrupt,
        CloseStdin,
        Term,
        Kill,
        Sweep,
    }
}
stored_enum! {
    /// Why an execution is stopped.
    StopReasonV1 for StopReason {
        User,
        Shutdown,
        IdleLimit,
        Timeout,
        AttemptEnded,
        StoreFailed,
        TurnOver,
    }
}
stored_enum! {
    /// In which way an execution failed.
    FailureKindV1 for FailureKind {
        Spawn,
        NotInstalled,
        UnsupportedVersion,
        Auth,
        RateLimit { resets_at: Option<i64> },
        Quota,
        ContextTooLong,
        Network,
        Model,
        Exit { code: i32 },
        Signal { signal: i32 },
        Protocol,
        Orphaned,
        Worktree,
        Setup,
        Other,
        SessionLost,
    }
}
stored_struct! {
    /// What finds a process again.
    ProcessRecordV1 for ProcessRecord {
        supervisor_pid: u32,
        pid: u32,
        start_time: u64,
        boot_id: String,
    }
}
stored_struct! {
    /// How much of a log is durable.
    LogLengthsV1 for LogLengths {
        raw: u64,
        entries: u64,
        entry_count: u64,
    }
}
stored_struct! {
    /// Tokens and cost.
    TokenUsageV1 for TokenUsage {
        input: u64,
        output: u64,
        cached: u64,
        context_used: u64,
        context_size: u64,
        cost_usd: f64,
    }
}
