//! Lands an attempt on its target as one commit.

use super::{Handled, Order, commit};
use crate::{
    book::{Operation, OperationKind},
    cx::Cx,
    life::{conflicts, operation, turn},
    problems, wording,
};
use anyon_model::*;

/// Asks for the landing. The command is answered when the worktree is gone too.
pub fn run(
    cx: &mut Cx<'_>,
    order: Order,
    attempt_id: AttemptId,
    message: Option<String>,
    keep_worktree: bool,
) -> Handled {
    let attempt = cx.find_attempt(attempt_id)?;
    check_mergeable(cx, &attempt)?;
    let (_, place) = commit::find_work(cx, attempt_id)?;
    let task = cx.find_task(attempt.task_id)?;
    let agent_name = wording::agent_name(cx, &attempt);
    let command_id = order.command_id;
    operation::begin(
        cx,
        attempt_id,
        OperationKind::Land { keep_worktree },
        command_id,
        order.actor,
    );
    cx.effect(Effect::Land {
        command_id,
        attempt_id,
        place,
        message: commit::given(message).unwrap_or_else(|| wording::landing_message(&task)),
        work_message: wording::work_message(&task, &agent_name),
    });
    Ok(None)
}

fn check_mergeable(cx: &Cx<'_>, attempt: &Attempt) -> Result<(), Problem> {
    let shard = cx.find_shard(attempt.project_id)?;
    if shard.is_landed(attempt.id) {
        return Err(problems::wrong_state("The attempt has landed already"));
    }
    if attempt.dropped {
        let title = "The attempt was dropped";
        return Err(problems::wrong_state(title).hint("Restore its last snapshot first"));
    }
    let live = cx
        .book
        .live_agent(attempt.id)
        .and_then(|execution_id| cx.execution(execution_id));
    if live.is_some_and(|execution| !turn::is_idle(&execution)) {
        let title = "The agent is still at work in this attempt";
        return Err(problems::wrong_state(title).hint("Wait until it is done, or stop it"));
    }
    Ok(())
}

/// The work is on the target, or could not be brought there.
pub fn landed(
    cx: &mut Cx<'_>,
    command_id: CommandId,
    attempt_id: AttemptId,
    result: Result<LandReport, Problem>,
) {
    let is_it = |kind: &OperationKind| matches!(kind, OperationKind::Land { .. });
    let Some((operation, attempt)) = operation::take(cx, attempt_id, command_id, is_it) else {
        return;
    };
    match result {
        Ok(report) => home(cx, operation, &attempt, report),
        Err(problem) => cx.reply(command_id, Err(problem)),
    }
}

fn home(cx: &mut Cx<'_>, operation: Operation, attempt: &Attempt, report: LandReport) {
    let keep = matches!(operation.kind, OperationKind::Land { keep_worktree: true });
    let outcome = record(cx, attempt, &operation.actor, report);
    cx.edit_attempt(attempt.id, |attempt| attempt.worktree.keep = keep);
    cx.move_task(attempt.task_id, TaskStatus::Done);
    conflicts::forget(cx, attempt.id);
    conflicts::target_moved(cx, attempt.project_id, &attempt.target);
    cx.edit_task(attempt.task_id, |task| task.unread = false);
    if keep {
        cx.reply_to(operation.command_id, Ok(outcome));
    } else {
        let kind = OperationKind::CleanUp {
            outcome,
            removing: false,
        };
        cx.book
            .operations
            .insert(attempt.id, Operation { kind, ..operation });
        operation::clear(cx, attempt.id);
    }
}

fn record(cx: &mut Cx<'_>, attempt: &Attempt, actor: &Actor, report: LandReport) -> Outcome {
    let merge = Merge {
        id: cx.ids.make(),
        project_id: attempt.project_id,
        attempt_id: attempt.id,
        target: attempt.target.clone(),
        kind: MergeKind::Direct {
            commit: report.commit.clone(),
            before: report.moved.before.clone().unwrap_or_default(),
        },
        created_at: cx.now,
    };
    let outcome = Outcome::Landed {
        merge_id: merge.id,
        commit: report.commit,
        target: merge.target.clone(),
    };
    cx.put(merge);
    cx.keep_snapshot(attempt, report.work.snapshot);
    let refs = report.work.moved.into_iter().chain([report.moved]).collect();
    let what = Deed::Merge.of(&format!("{} → {}", attempt.branch, attempt.target));
    cx.record(attempt, actor.clone(), what, refs);
    outcome
}
