//! The end of an execution: its final state, and everything that waited for it.

use crate::{
    book::{Run, TurnEnd},
    cx::Cx,
    life::{approvals, conflicts, operation, pause, recipient, start, turn},
    wording,
};
use anyon_model::*;
use std::sync::Arc;

/// What is known of a process that ended.
pub struct Exit {
    /// How.
    pub status: ExitStatus,
    /// Processes of it that could not be ended.
    pub left: u32,
    /// Its log.
    pub log: LogLengths,
    /// Last lines of its standard error.
    pub stderr_tail: String,
    /// `HEAD` of the worktree.
    pub head: Option<String>,
}

/// A process and everything it started is gone.
pub fn exited(cx: &mut Cx<'_>, execution_id: ExecutionId, exit: Exit) {
    let Some(execution) = cx
        .execution(execution_id)
        .filter(|execution| execution.state.has_process())
    else {
        return;
    };
    cx.edit_execution(execution_id, |execution| {
        execution.log = exit.log;
        execution.head_after = exit.head.clone();
    });
    let outcome = cx
        .book
        .runs
        .get(&execution_id)
        .and_then(|run| run.outcome.clone());
    let had_done = turn::has_done(cx, &execution);
    let mut state = final_state(&execution, outcome, had_done, &exit);
    if exit.left > 0 {
        tell_what_is_left(cx, &execution, exit.left, &mut state);
    }
    finish(cx, execution_id, state);
}

/// Nobody told that a stopped process is gone, and nobody will.
pub fn give_up(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let Some(execution) = cx.execution(execution_id) else {
        return;
    };
    let outcome = cx
        .book
        .runs
        .get(&execution_id)
        .and_then(|run| run.outcome.clone());
    let mut state = stopped_state(&execution, outcome);
    tell_what_is_left(cx, &execution, 1, &mut state);
    finish(cx, execution_id, state);
}

fn final_state(
    execution: &Execution,
    outcome: Option<TurnEnd>,
    had_done: bool,
    exit: &Exit,
) -> ExecutionState {
    let is_agent = execution.run_reason == RunReason::CodingAgent;
    match (&execution.state, exit.status) {
        (ExecutionState::Stopping { .. }, _) => match stopped_state(execution, outcome) {
            ExecutionState::Failed { kind, message } => ExecutionState::Failed {
                kind,
                message: wording::with_tail(message, &exit.stderr_tail),
            },
            state => state,
        },
        // An agent that ends while it waits for a prompt has done its turn, whatever its status.
        (ExecutionState::Running { .. }, _) if had_done => ExecutionState::Completed,
        (_, ExitStatus::Code { code: 0 }) if !is_agent => ExecutionState::Completed,
        (_, status) => {
            let (kind, message) = wording::exit_failure(execution, status, &exit.stderr_tail);
            ExecutionState::Failed { kind, message }
        }
    }
}

fn stopped_state(execution: &Execution, outcome: Option<TurnEnd>) -> ExecutionState {
    match (&execution.state, outcome) {
        (
            ExecutionState::Stopping {
                reason: StopReason::TurnOver,
                ..
            },
            Some(TurnEnd::Failed { kind, message }),
        ) => ExecutionState::Failed { kind, message },
        (ExecutionState::Stopping { reason, .. }, _) if *reason != StopReason::TurnOver => {
            ExecutionState::Killed { reason: *reason }
        }
        _ => ExecutionState::Completed,
    }
}

fn tell_what_is_left(cx: &mut Cx<'_>, execution: &Execution, left: u32, state: &mut ExecutionState) {
    let note = format!("{left} of its processes could not be ended");
    if let ExecutionState::Failed { message, .. } = state {
        message.push('\n');
        message.push_str(&note);
    }
    if let Some(attempt) = cx.attempt(execution.attempt_id) {
        let what = format!("leave processes of execution {}: {note}", execution.number);
        cx.record(&attempt, Actor::System, what, Vec::new());
        cx.mark_unread(attempt.task_id);
    }
}

/// Makes an execution final and goes on with everything that waited for it.
pub fn finish(cx: &mut Cx<'_>, execution_id: ExecutionId, state: ExecutionState) {
    approvals::void_all(cx, execution_id);
    let now = cx.now;
    cx.edit_execution(execution_id, |execution| {
        execution.state = state.clone();
        execution.ended_at = Some(now);
    });
    if cx.state.live.contains_key(&execution_id) {
        cx.put(Change::Live {
            execution_id,
            live: None,
        });
    }
    cx.book.queue.retain(|queued| *queued != execution_id);
    let run = cx.book.runs.remove(&execution_id);
    answer_waiters(cx, execution_id);
    let (Some(run), Some(execution)) = (run, cx.execution(execution_id)) else {
        return;
    };
    match run.run_reason {
        RunReason::SetupScript => start::setup_ended(cx, run.attempt_id, &state),
        _ => agent_ended(cx, &run, &execution),
    }
}

fn answer_waiters(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let stops = std::mem::take(&mut cx.book.stop_waiters);
    let (over, others) = stops
        .into_iter()
        .partition::<Vec<_>, _>(|(waited, _)| *waited == execution_id);
    cx.book.stop_waiters = others;
    for (_, command_id) in over {
        cx.reply(command_id, Ok(Outcome::Done));
    }
    turn::answer_interrupts(cx, execution_id, &Ok(Outcome::Done));
}

fn agent_ended(cx: &mut Cx<'_>, run: &Run, execution: &Arc<Execution>) {
    let Some(attempt) = cx.attempt(run.attempt_id) else {
        return;
    };
    if is_session_lost(cx, run, execution) {
        return recipient::begin_anew(cx, &attempt, execution);
    }
    let is_held = run.holds_drafts || cx.book.operations.contains_key(&attempt.id);
    if pause::met(cx, &attempt, execution, is_held) {
        return;
    }
    cx.move_task(attempt.task_id, TaskStatus::InReview);
    if let ExecutionState::Failed { message, .. } = &execution.state {
        cx.mark_unread(attempt.task_id);
        let line = message.lines().next().unwrap_or_default();
        wording::notify(cx, &attempt, &format!("failed: {line}"));
    }
    if cx.book.operations.contains_key(&attempt.id) {
        operation::go_on(cx, attempt.id);
    } else if sends_drafts(&execution.state) && !run.holds_drafts {
        turn::resume_with_draft(cx, &attempt);
    }
    if !matches!(
        execution.state,
        ExecutionState::Killed {
            reason: StopReason::IdleLimit
        }
    ) {
        conflicts::predict(cx, attempt.id);
    }
}

/// Its agent does not have the session that it was to go on with, and a new one can do the work.
fn is_session_lost(cx: &Cx<'_>, run: &Run, execution: &Execution) -> bool {
    let lost = matches!(
        execution.state,
        ExecutionState::Failed {
            kind: FailureKind::SessionLost,
            ..
        }
    );
    lost && run.resumes && !cx.book.is_halted() && !cx.book.operations.contains_key(&run.attempt_id)
}

/// Drafts go on after what ended by itself; after a failure or a stop they wait for a person.
fn sends_drafts(state: &ExecutionState) -> bool {
    match state {
        ExecutionState::Completed => true,
        ExecutionState::Killed { reason } => *reason == StopReason::IdleLimit,
        _ => false,
    }
}
