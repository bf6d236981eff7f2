//! Puts an attempt's files back to a snapshot.

use super::{Handled, Order};
use crate::{
    book::OperationKind,
    cx::Cx,
    life::{conflicts, operation, turn},
    problems,
};
use anyon_model::*;

/// Asks for the files, and for the worktree if it is gone.
pub fn run(cx: &mut Cx<'_>, order: Order, snapshot_id: SnapshotId) -> Handled {
    let mut snapshots = cx
        .state
        .projects
        .values()
        .filter_map(|shard| shard.snapshots.get(&snapshot_id));
    let snapshot = snapshots
        .next()
        .cloned()
        .ok_or_else(|| problems::not_found("snapshot"))?;
    let attempt = cx.find_attempt(snapshot.attempt_id)?;
    operation::check_free(cx, attempt.id)?;
    let live = cx
        .book
        .live_agent(attempt.id)
        .and_then(|execution_id| cx.execution(execution_id));
    if live.is_some_and(|execution| !turn::is_idle(&execution)) {
        let title = "The agent is still at work in this attempt";
        return Err(problems::wrong_state(title).hint("Wait until it is done, or stop it"));
    }
    let place = cx
        .state
        .attempt_place(attempt.id)
        .ok_or_else(|| problems::not_found("project"))?;
    let command_id = order.command_id;
    operation::begin(cx, attempt.id, OperationKind::Restore, command_id, order.actor);
    cx.effect(Effect::Restore {
        command_id,
        attempt_id: attempt.id,
        snapshot_id,
        place,
        commit: snapshot.commit.clone(),
        head: snapshot.head.clone(),
        trash: snapshot.trash.clone(),
    });
    Ok(None)
}

/// The files are back, or could not be brought back.
pub fn done(
    cx: &mut Cx<'_>,
    command_id: CommandId,
    attempt_id: AttemptId,
    snapshot_id: SnapshotId,
    result: Result<Option<SnapshotMade>, Problem>,
) {
    let is_it = |kind: &OperationKind| matches!(kind, OperationKind::Restore);
    let Some((operation, attempt)) = operation::take(cx, attempt_id, command_id, is_it) else {
        return;
    };
    let result = result.map(|before| {
        let shard = cx.shard(attempt.project_id);
        let snapshot = shard.and_then(|shard| shard.snapshots.get(&snapshot_id).cloned());
        let number = snapshot.map_or(0, |snapshot| snapshot.number);
        cx.keep_snapshot(&attempt, before);
        cx.record(
            &attempt,
            operation.actor,
            Deed::Restore.of(&format!("snapshot {number} of {}", attempt.branch)),
            Vec::new(),
        );
        back(cx, &attempt);
        conflicts::predict(cx, attempt.id);
        Outcome::Restored {
            worktree: attempt.worktree.path.clone(),
        }
    });
    cx.reply(command_id, result);
}

/// The attempt is there again, and its work waits for a person. That of one that landed is kept: nobody asked for it
/// only to have it cleaned up.
fn back(cx: &mut Cx<'_>, attempt: &Attempt) {
    let landed = cx
        .shard(attempt.project_id)
        .is_some_and(|shard| shard.is_landed(attempt.id));
    cx.edit_attempt(attempt.id, |attempt| {
        attempt.worktree.state = WorktreeState::Ready;
        attempt.worktree.keep |= landed;
        attempt.dropped = false;
    });
    if !landed {
        cx.edit_task(attempt.task_id, |task| {
            if task.status == TaskStatus::Todo {
                task.status = TaskStatus::InReview;
            }
        });
    }
}
