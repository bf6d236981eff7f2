//! The first input: what an earlier run left unfinished is made final.

use crate::{
    book::{Operation, OperationKind},
    cx::Cx,
    life::{conflicts, operation, pause},
};
use anyon_model::*;
use std::sync::Arc;

/// Reconciles every unfinished row.
pub fn run(cx: &mut Cx<'_>, recovered: &[Recovered], unswept: Vec<AttemptId>) {
    cx.book.unswept = unswept.into_iter().collect();
    let shards: Vec<Arc<ProjectShard>> = cx.state.projects.values().cloned().collect();
    for shard in shards {
        for execution in shard
            .executions
            .values()
            .filter(|execution| !execution.state.is_final())
        {
            if pause::waits_on(cx, execution) {
                continue;
            }
            let found = recovered.iter().find(|found| found.execution_id == execution.id);
            match end_before(&execution.state) {
                Some(state) => end(cx, execution, found, state),
                None => orphaned(cx, execution, found),
            }
        }
        for approval in shard
            .approvals
            .values()
            .filter(|approval| approval.state == ApprovalState::Pending)
        {
            let resolved_at = Some(cx.now);
            cx.put(Approval {
                state: ApprovalState::Void,
                resolved_at,
                ..Approval::clone(approval)
            });
        }
        for attempt in shard.attempts.values() {
            settle(cx, &shard, attempt);
        }
    }
    pause::recall(cx);
    conflicts::look_around(cx);
}

/// How an execution ended whose work was over before Anyon was: nobody has to be told of it.
fn end_before(state: &ExecutionState) -> Option<ExecutionState> {
    match state {
        ExecutionState::Running {
            activity: Activity::Idle { .. },
        }
        | ExecutionState::Stopping {
            reason: StopReason::TurnOver,
            ..
        } => Some(ExecutionState::Completed),
        ExecutionState::Stopping { reason, .. } => Some(ExecutionState::Killed { reason: *reason }),
        _ => None,
    }
}

fn end(cx: &mut Cx<'_>, execution: &Execution, found: Option<&Recovered>, state: ExecutionState) {
    let now = cx.now;
    cx.edit_execution(execution.id, |execution| {
        execution.state = state;
        execution.ended_at = Some(now);
        execution.log = found.map_or(execution.log, |found| found.log);
    });
    if let Some(attempt) = cx.attempt(execution.attempt_id) {
        cx.move_task(attempt.task_id, TaskStatus::InReview);
    }
}

fn orphaned(cx: &mut Cx<'_>, execution: &Execution, found: Option<&Recovered>) {
    let message = match found.map_or(0, |found| found.killed) {
        0 => "Anyon ended while it ran".to_owned(),
        killed => format!("Anyon ended while it ran; {killed} of its processes still lived and were ended"),
    };
    let kind = FailureKind::Orphaned;
    end(cx, execution, found, ExecutionState::Failed { kind, message });
    if let Some(attempt) = cx.attempt(execution.attempt_id) {
        cx.mark_unread(attempt.task_id);
    }
}

/// A worktree that was half made and taken back is made again at the next start; one that should be gone is removed
/// now. What could not be taken back stays as it is until a person decides.
fn settle(cx: &mut Cx<'_>, shard: &ProjectShard, attempt: &Attempt) {
    match attempt.worktree.state {
        WorktreeState::Creating if !cx.book.unswept.contains(&attempt.id) => {
            cx.edit_attempt(attempt.id, |attempt| {
                attempt.worktree.state = WorktreeState::Planned
            });
        }
        WorktreeState::Ready if is_over(shard, attempt) => {
            let kind = OperationKind::CleanUp {
                outcome: Outcome::Done,
                removing: false,
            };
            let operation = Operation {
                kind,
                command_id: None,
                actor: Actor::System,
            };
            cx.book.operations.insert(attempt.id, operation);
            operation::go_on(cx, attempt.id);
        }
        _ => {}
    }
}

fn is_over(shard: &ProjectShard, attempt: &Attempt) -> bool {
    attempt.dropped || (shard.is_landed(attempt.id) && !attempt.worktree.keep)
}
