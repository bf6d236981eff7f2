//! The stop ladder: Interrupt, CloseStdin, Term, Kill, Sweep. Each rung waits for its time; a second stop of a person
//! skips one.

use crate::{
    book::TurnEnd,
    cx::Cx,
    life::{approvals, finish, turn},
};
use anyon_model::*;

/// Scripts have no protocol and no input to close.
const SCRIPT_TIMES: StopTimes = StopTimes {
    interrupt_ms: 0,
    close_stdin_ms: 0,
    term_ms: 2_000,
};
/// How long a killed tree may take to go.
const KILL_MS: u32 = 1_000;
/// How long the last look may take before an execution is given up as ended.
const SWEEP_MS: u32 = 5_000;
/// How long a start may take that is no longer wanted.
const SPAWN_MS: u32 = 30_000;

/// Ends an execution, from wherever it is. Does nothing to one that is being stopped already.
pub fn stop(cx: &mut Cx<'_>, execution_id: ExecutionId, reason: StopReason) {
    hold_drafts(cx, execution_id, reason);
    let Some(execution) = cx.execution(execution_id) else {
        return;
    };
    match execution.state {
        ExecutionState::Queued {
            why: Some(QueueReason::Worktree),
        } => cancel(cx, &execution, reason),
        ExecutionState::Queued { .. } => {
            finish::finish(cx, execution_id, ExecutionState::Killed { reason });
        }
        ExecutionState::Starting => enter(cx, execution_id, StopStep::Interrupt, reason),
        ExecutionState::Running { activity } => {
            let rests = turn::rests(cx, &execution);
            let activity = if rests {
                Activity::Idle { since: cx.now }
            } else {
                activity
            };
            approvals::void_all(cx, execution_id);
            let step = if turn::is_heard(cx, execution_id) {
                first_step(execution.run_reason, activity)
            } else {
                first_step(execution.run_reason, Activity::Idle { since: cx.now })
            };
            enter(cx, execution_id, step, reason_for(&execution, activity, reason));
        }
        _ => {}
    }
}

/// What waits to be sent is not sent by itself after somebody wanted an end.
fn hold_drafts(cx: &mut Cx<'_>, execution_id: ExecutionId, reason: StopReason) {
    let by_itself = matches!(
        reason,
        StopReason::IdleLimit | StopReason::Timeout | StopReason::TurnOver
    );
    if let Some(run) = cx.book.runs.get_mut(&execution_id).filter(|_| !by_itself) {
        run.holds_drafts = true;
    }
}

/// Ending an agent that has done its turn takes nothing from it: its work is there to review.
fn reason_for(execution: &Execution, activity: Activity, reason: StopReason) -> StopReason {
    let has_done =
        execution.run_reason == RunReason::CodingAgent && matches!(activity, Activity::Idle { .. });
    match reason {
        StopReason::User | StopReason::Shutdown | StopReason::AttemptEnded if has_done => {
            StopReason::TurnOver
        }
        _ => reason,
    }
}

/// What a person's stop does: begins the ladder, or skips a rung of it.
pub fn stop_or_skip(cx: &mut Cx<'_>, execution_id: ExecutionId, reason: StopReason) {
    hold_drafts(cx, execution_id, reason);
    let state = cx
        .execution(execution_id)
        .map(|execution| execution.state.clone());
    match state {
        Some(ExecutionState::Stopping { .. }) if !is_spawning(cx, execution_id) => climb(cx, execution_id),
        Some(ExecutionState::Queued {
            why: Some(QueueReason::Worktree),
        }) => {
            let attempt_id = cx.book.runs.get(&execution_id).map(|run| run.attempt_id);
            match attempt_id.and_then(|attempt_id| cx.book.live_setup(attempt_id)) {
                Some(script) if is_stopping(cx, script) => stop_or_skip(cx, script, reason),
                _ => stop(cx, execution_id, reason),
            }
        }
        _ => stop(cx, execution_id, reason),
    }
}

/// Closes a process whose turn is over and that does not stay.
pub fn close_after_turn(cx: &mut Cx<'_>, execution_id: ExecutionId, end: TurnEnd) {
    if let Some(run) = cx.book.runs.get_mut(&execution_id) {
        run.outcome = Some(end);
    }
    enter(cx, execution_id, StopStep::CloseStdin, StopReason::TurnOver);
}

/// A process came to be that was told to stop before: its ladder begins now.
pub fn go_on_after_spawn(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let Some(execution) = cx.execution(execution_id) else {
        return;
    };
    if let ExecutionState::Stopping { reason, .. } = execution.state {
        let idle = Activity::Idle { since: cx.now };
        enter(cx, execution_id, first_step(execution.run_reason, idle), reason);
    }
}

/// The turn is over that an interrupt was to end: no need to wait longer.
pub fn turn_ended(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let state = cx
        .execution(execution_id)
        .map(|execution| execution.state.clone());
    let waits = matches!(
        state,
        Some(ExecutionState::Stopping {
            step: StopStep::Interrupt,
            ..
        })
    );
    if waits && !is_spawning(cx, execution_id) {
        climb(cx, execution_id);
    }
}

/// A rung took its time.
pub fn step_over(cx: &mut Cx<'_>, execution_id: ExecutionId, step: StopStep) {
    let state = cx
        .execution(execution_id)
        .map(|execution| execution.state.clone());
    match state {
        Some(ExecutionState::Stopping { step: at, reason }) if at == step => {
            if is_spawning(cx, execution_id) {
                finish::finish(cx, execution_id, ExecutionState::Killed { reason });
            } else {
                climb(cx, execution_id);
            }
        }
        _ => {}
    }
}

/// The next rung. Past the last one nobody will ever say that the process is gone: it counts as ended.
fn climb(cx: &mut Cx<'_>, execution_id: ExecutionId) {
    let state = cx
        .execution(execution_id)
        .map(|execution| execution.state.clone());
    let Some(ExecutionState::Stopping { step, reason }) = state else {
        return;
    };
    let next = match step {
        StopStep::Interrupt => StopStep::CloseStdin,
        StopStep::CloseStdin => StopStep::Term,
        StopStep::Term => StopStep::Kill,
        StopStep::Kill => StopStep::Sweep,
        StopStep::Sweep => return finish::give_up(cx, execution_id),
    };
    enter(cx, execution_id, next, reason);
}

fn enter(cx: &mut Cx<'_>, execution_id: ExecutionId, step: StopStep, reason: StopReason) {
    cx.edit_execution(execution_id, |execution| {
        execution.state = ExecutionState::Stopping { step, reason }
    });
    let wait_ms = if is_spawning(cx, execution_id) {
        SPAWN_MS
    } else {
        cx.effect(Effect::Stop { execution_id, step });
        rung_ms(times(cx, execution_id), step)
    };
    let key = TimerKey::StopStep { execution_id, step };
    let at = cx.now.plus_ms(i64::from(wait_ms));
    cx.effect(Effect::SetTimer { key, at });
}

/// The worktree is being made or the setup script runs: the agent ends when that does.
fn cancel(cx: &mut Cx<'_>, execution: &Execution, reason: StopReason) {
    let attempt_id = execution.attempt_id;
    if let Some(run) = cx.book.runs.get_mut(&execution.id) {
        let is_first = run.cancelled.is_none();
        run.cancelled.get_or_insert(reason);
        let attempt = cx.attempt(attempt_id).filter(|_| is_first);
        if attempt.is_some_and(|attempt| attempt.worktree.state == WorktreeState::Creating) {
            cx.effect(Effect::CancelWorktree { attempt_id });
        }
    }
    if let Some(script) = cx.book.live_setup(execution.attempt_id) {
        stop(cx, script, reason);
    }
}

fn first_step(run_reason: RunReason, activity: Activity) -> StopStep {
    match (run_reason, activity) {
        (RunReason::CodingAgent, Activity::Idle { .. }) => StopStep::CloseStdin,
        (RunReason::CodingAgent, _) => StopStep::Interrupt,
        _ => StopStep::Term,
    }
}

fn rung_ms(times: StopTimes, step: StopStep) -> u32 {
    match step {
        StopStep::Interrupt => times.interrupt_ms,
        StopStep::CloseStdin => times.close_stdin_ms,
        StopStep::Term => times.term_ms,
        StopStep::Kill => KILL_MS,
        StopStep::Sweep => SWEEP_MS,
    }
}

/// The times of an execution's agent.
pub fn times(cx: &Cx<'_>, execution_id: ExecutionId) -> StopTimes {
    let execution = cx.execution(execution_id);
    let session = execution.and_then(|execution| cx.session_of(&execution));
    let agent = session.and_then(|session| cx.agents.get(&session.profile.executor));
    agent.map_or(SCRIPT_TIMES, |agent| agent.stop)
}

fn is_spawning(cx: &Cx<'_>, execution_id: ExecutionId) -> bool {
    cx.book.runs.get(&execution_id).is_some_and(|run| run.spawning)
}

fn is_stopping(cx: &Cx<'_>, execution_id: ExecutionId) -> bool {
    cx.execution(execution_id)
        .is_some_and(|execution| matches!(execution.state, ExecutionState::Stopping { .. }))
}
