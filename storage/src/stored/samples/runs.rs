//! Samples of executions and approvals.

use super::{Ingredients, Samples};
use anyon_model::*;
use std::collections::BTreeMap;

pub(super) fn executions(of: &Ingredients, samples: &mut Samples) {
    let reasons = [
        RunReason::SetupScript,
        RunReason::CodingAgent,
        RunReason::CleanupScript,
        RunReason::DevServer,
    ];
    samples.add_all("execution-reason", reasons, |reason| {
        execution(of, reason, ExecutionState::Completed)
    });
    samples.add_all("execution-state", execution_states(of), |state| {
        execution(of, RunReason::CodingAgent, state)
    });
    samples.add_all("execution-failure", failures(of), |kind| {
        let message = of.text("message");
        execution(
            of,
            RunReason::CodingAgent,
            ExecutionState::Failed { kind, message },
        )
    });
}

fn execution(of: &Ingredients, run_reason: RunReason, state: ExecutionState) -> Execution {
    Execution {
        id: of.id(1),
        project_id: of.id(2),
        attempt_id: of.id(3),
        session_id: Some(of.id(4)),
        number: of.number,
        run_reason,
        prompt: of.text("prompt"),
        state,
        process: Some(ProcessRecord {
            supervisor_pid: 1,
            pid: of.number,
            start_time: of.size,
            boot_id: of.text("boot"),
        }),
        log: LogLengths {
            raw: of.size,
            entries: 2,
            entry_count: 3,
        },
        head_before: Some(of.text("abc")),
        head_after: None,
        usage: TokenUsage {
            input: 1,
            output: of.size,
            cached: 3,
            context_used: 4,
            context_size: 5,
            cost_usd: of.size as f64 / 7.0,
        },
        model: Some(of.text("model")),
        dropped: of.flag,
        turn_stopped: of.flag,
        created_at: of.at(0),
        started_at: Some(of.at(1)),
        ended_at: None,
    }
}

fn execution_states(of: &Ingredients) -> Vec<ExecutionState> {
    let queued = |why| ExecutionState::Queued { why };
    let running = |activity| ExecutionState::Running { activity };
    let (free_mib, floor_mib) = (of.size, 512);
    let mut states = vec![
        queued(None),
        queued(Some(QueueReason::Cap { limit: of.number })),
        queued(Some(QueueReason::Memory { free_mib, floor_mib })),
        queued(Some(QueueReason::Disk { free_mib, floor_mib })),
        queued(Some(QueueReason::Worktree)),
        ExecutionState::Starting,
        running(Activity::Turn),
        running(Activity::Waiting { approvals: of.number }),
        running(Activity::Idle { since: of.at(9) }),
        ExecutionState::Completed,
    ];
    let steps = [
        StopStep::Interrupt,
        StopStep::CloseStdin,
        StopStep::Term,
        StopStep::Kill,
        StopStep::Sweep,
    ];
    let reason = StopReason::User;
    states.extend(steps.map(|step| ExecutionState::Stopping { step, reason }));
    let reasons = [
        StopReason::User,
        StopReason::Shutdown,
        StopReason::IdleLimit,
        StopReason::Timeout,
        StopReason::AttemptEnded,
        StopReason::StoreFailed,
        StopReason::TurnOver,
    ];
    states.extend(reasons.map(|reason| ExecutionState::Killed { reason }));
    states.push(queued(Some(QueueReason::RateLimit { until: of.at(11) })));
    states
}

fn failures(of: &Ingredients) -> Vec<FailureKind> {
    vec![
        FailureKind::Spawn,
        FailureKind::NotInstalled,
        FailureKind::UnsupportedVersion,
        FailureKind::Auth,
        FailureKind::RateLimit {
            resets_at: Some(of.at(7)),
        },
        FailureKind::Quota,
        FailureKind::ContextTooLong,
        FailureKind::Network,
        FailureKind::Model,
        FailureKind::Exit {
            code: of.number as i32,
        },
        FailureKind::Signal { signal: -9 },
        FailureKind::Protocol,
        FailureKind::Orphaned,
        FailureKind::Worktree,
        FailureKind::Setup,
        FailureKind::Other,
        FailureKind::SessionLost,
    ]
}

pub(super) fn approvals(of: &Ingredients, samples: &mut Samples) {
    samples.add_all("approval-question", questions(of), |question| {
        approval(of, ToolKind::Other, question, ApprovalState::Pending)
    });
    let kinds = [
        ToolKind::Read,
        ToolKind::Edit,
        ToolKind::Delete,
        ToolKind::Move,
        ToolKind::Search,
        ToolKind::Command,
        ToolKind::Fetch,
        ToolKind::Think,
        ToolKind::Task,
        ToolKind::Plan,
        ToolKind::Todo,
        ToolKind::Question,
        ToolKind::Mcp,
        ToolKind::Other,
    ];
    let fetch = || Question::Fetch {
        target: of.text("target"),
    };
    samples.add_all("approval-kind", kinds, |kind| {
        approval(of, kind, fetch(), ApprovalState::Void)
    });
    samples.add_all("approval-state", approval_states(of), |state| {
        approval(of, ToolKind::Fetch, fetch(), state)
    });
}

fn approval(of: &Ingredients, kind: ToolKind, question: Question, state: ApprovalState) -> Approval {
    Approval {
        id: of.id(1),
        project_id: of.id(2),
        attempt_id: of.id(3),
        execution_id: of.id(4),
        request: ApprovalRequest {
            key: of.text("key"),
            entry: Some(EntryIndex(of.size)),
            tool: of.text("Bash"),
            kind,
            question,
            reason: Some(of.text("why")),
            takes_reason: of.flag,
        },
        state,
        created_at: of.at(0),
        resolved_at: Some(of.at(1)),
    }
}

fn questions(of: &Ingredients) -> Vec<Question> {
    let choice = ChoiceQuestion {
        question: of.text("which"),
        header: of.text("header"),
        options: vec![ChoiceOption {
            label: of.text("a"),
            description: String::new(),
        }],
        multi_select: of.flag,
    };
    vec![
        Question::Command {
            command: of.text("npm test"),
            cwd: Some(of.path()),
        },
        Question::Edit {
            paths: vec![of.path(), "b".into()],
        },
        Question::Read {
            paths: vec![of.path()],
        },
        Question::Fetch {
            target: of.text("url"),
        },
        Question::Tool { input: of.text("{}") },
        Question::Plan {
            plan: of.text("# plan"),
        },
        Question::Choice {
            questions: vec![choice],
        },
    ]
}

fn approval_states(of: &Ingredients) -> Vec<ApprovalState> {
    let answered = |answer, by| ApprovalState::Answered { answer, by };
    let approved = |scope| ApprovalAnswer::Approved { scope };
    let person = AnsweredBy::Actor { actor: Actor::Person };
    vec![
        ApprovalState::Pending,
        ApprovalState::TimedOut,
        ApprovalState::Void,
        answered(approved(ApprovalScope::Once), AnsweredBy::Mode),
        answered(approved(ApprovalScope::Session), person.clone()),
        answered(
            approved(ApprovalScope::Always),
            AnsweredBy::Rule { rule: of.id(9) },
        ),
        answered(
            ApprovalAnswer::Denied {
                reason: Some(of.text("no")),
            },
            person.clone(),
        ),
        answered(
            ApprovalAnswer::Answered {
                answers: BTreeMap::from([(of.text("q"), of.text("a"))]),
            },
            person,
        ),
    ]
}
