//! Operations on an attempt's worktree and branch: one at a time, and each answers its command in the end.

use crate::{
    book::{Operation, OperationKind},
    cx::Cx,
    life::stop,
    problems,
};
use anyon_model::*;
use std::sync::Arc;

/// Refuses when something is being done to the attempt already.
pub fn check_free(cx: &Cx<'_>, attempt_id: AttemptId) -> Result<(), Problem> {
    match cx.book.operations.get(&attempt_id) {
        None => Ok(()),
        Some(operation) => {
            let doing = operation.kind.as_participle();
            Err(problems::wrong_state(format!("The attempt is being {doing}"))
                .hint("Wait until that is done and try again"))
        }
    }
}

/// Begins an operation.
pub fn begin(
    cx: &mut Cx<'_>,
    attempt_id: AttemptId,
    kind: OperationKind,
    command_id: CommandId,
    actor: Actor,
) {
    cx.book.operations.insert(
        attempt_id,
        Operation {
            kind,
            command_id: Some(command_id),
            actor,
        },
    );
}

/// Takes the operation that a driver's answer belongs to. `None`: nobody waits for that answer.
pub fn take(
    cx: &mut Cx<'_>,
    attempt_id: AttemptId,
    command_id: CommandId,
    is_it: impl Fn(&OperationKind) -> bool,
) -> Option<(Operation, Arc<Attempt>)> {
    let operation = cx.book.operations.get(&attempt_id)?;
    if operation.command_id != Some(command_id) || !is_it(&operation.kind) {
        return None;
    }
    let operation = cx.book.operations.remove(&attempt_id)?;
    Some((operation, cx.attempt(attempt_id)?))
}

/// Stops what runs in an attempt whose worktree is to go, and removes it once nothing runs.
pub fn clear(cx: &mut Cx<'_>, attempt_id: AttemptId) {
    for execution_id in [cx.book.live_agent(attempt_id), cx.book.live_setup(attempt_id)]
        .into_iter()
        .flatten()
    {
        stop::stop(cx, execution_id, StopReason::AttemptEnded);
    }
    go_on(cx, attempt_id);
}

/// Goes on with an operation that waits until nothing runs in its attempt.
pub fn go_on(cx: &mut Cx<'_>, attempt_id: AttemptId) {
    if cx.book.is_live(attempt_id) {
        return;
    }
    let Some(attempt) = cx.attempt(attempt_id) else {
        return;
    };
    let reason = match cx
        .book
        .operations
        .get_mut(&attempt_id)
        .map(|operation| &mut operation.kind)
    {
        Some(OperationKind::CleanUp { removing, .. }) if !*removing => {
            *removing = true;
            SnapshotReason::Cleanup
        }
        Some(OperationKind::Drop { removing }) if !*removing => {
            *removing = true;
            SnapshotReason::Drop
        }
        _ => return,
    };
    match cx
        .state
        .attempt_place(attempt_id)
        .filter(|_| may_be_there(cx, &attempt))
    {
        Some(place) => cx.effect(Effect::RemoveWorktree {
            attempt_id,
            place,
            reason,
        }),
        None => removed(cx, attempt_id, Ok(RemoveReport { snapshot: None })),
    }
}

/// Something may be at the place of the worktree, if only half of it.
fn may_be_there(cx: &Cx<'_>, attempt: &Attempt) -> bool {
    match attempt.worktree.state {
        WorktreeState::Ready => true,
        WorktreeState::Planned | WorktreeState::Creating => cx.book.unswept.contains(&attempt.id),
        WorktreeState::Removed => false,
    }
}

/// A worktree is gone, or could not be removed.
pub fn removed(cx: &mut Cx<'_>, attempt_id: AttemptId, result: Result<RemoveReport, Problem>) {
    let waits = |kind: &OperationKind| {
        matches!(
            kind,
            OperationKind::CleanUp { removing: true, .. } | OperationKind::Drop { removing: true }
        )
    };
    if !cx
        .book
        .operations
        .get(&attempt_id)
        .is_some_and(|operation| waits(&operation.kind))
    {
        return;
    }
    let (Some(operation), Some(attempt)) = (cx.book.operations.remove(&attempt_id), cx.attempt(attempt_id))
    else {
        return;
    };
    if let Ok(report) = &result {
        if report.snapshot.as_ref().is_some_and(|made| made.trash.is_some()) {
            prune_trash(cx);
        }
        cx.keep_snapshot(&attempt, report.snapshot.clone());
        let was_half_made = cx.book.unswept.remove(&attempt_id);
        cx.edit_attempt(attempt_id, |attempt| {
            if was_half_made || attempt.worktree.state == WorktreeState::Ready {
                attempt.worktree.state = WorktreeState::Removed;
            }
        });
    }
    match operation.kind {
        OperationKind::CleanUp { outcome, .. } => {
            cleaned_up(cx, &attempt, result);
            cx.reply_to(operation.command_id, Ok(outcome));
        }
        _ => {
            let result = result.map(|_| drop_attempt(cx, &attempt, operation.actor));
            cx.reply_to(operation.command_id, result);
        }
    }
}

/// Has the trash folder kept within what the settings allow.
pub fn prune_trash(cx: &mut Cx<'_>) {
    cx.effect(Effect::PruneTrash {
        cap_mib: cx.state.settings.trash_cap_mib,
        days: cx.state.settings.trash_days,
    });
}

/// The work is home, so a worktree that stays is a note, not a failure.
fn cleaned_up(cx: &mut Cx<'_>, attempt: &Attempt, result: Result<RemoveReport, Problem>) {
    if let Err(problem) = result {
        let what = format!("keep worktree of {}: {problem}", attempt.branch);
        cx.record(attempt, Actor::System, what, Vec::new());
        cx.mark_unread(attempt.task_id);
    }
}

fn drop_attempt(cx: &mut Cx<'_>, attempt: &Attempt, actor: Actor) -> Outcome {
    cx.edit_attempt(attempt.id, |attempt| attempt.dropped = true);
    cx.record(attempt, actor, Deed::Drop.of(&attempt.branch), Vec::new());
    let shard = cx.shard(attempt.project_id);
    let has_other = shard.is_some_and(|shard| shard.attempts_of(attempt.task_id).any(|other| !other.dropped));
    if !has_other {
        cx.edit_task(attempt.task_id, |task| {
            if !matches!(task.status, TaskStatus::Done | TaskStatus::Cancelled) {
                task.status = TaskStatus::Todo;
            }
        });
    }
    Outcome::Done
}
