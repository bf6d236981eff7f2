//! Puts the target back to before a merge.

use super::{Handled, Order};
use crate::{
    book::OperationKind,
    cx::Cx,
    life::{conflicts, operation},
    problems,
};
use anyon_model::*;

/// Asks for the target to be moved back.
pub fn run(cx: &mut Cx<'_>, order: Order, merge_id: MergeId) -> Handled {
    let mut merges = cx
        .state
        .projects
        .values()
        .filter_map(|shard| shard.merges.get(&merge_id));
    let merge = merges
        .next()
        .cloned()
        .ok_or_else(|| problems::not_found("merge"))?;
    let shard = cx.find_shard(merge.project_id)?;
    operation::check_free(cx, merge.attempt_id)?;
    let MergeKind::Direct { commit, before } = merge.kind.clone() else {
        let title = "A pull request is undone on its forge";
        return Err(problems::wrong_state(title).hint("Revert it there"));
    };
    let command_id = order.command_id;
    operation::begin(
        cx,
        merge.attempt_id,
        OperationKind::Undo { merge_id },
        command_id,
        order.actor,
    );
    cx.effect(Effect::UndoMerge {
        command_id,
        attempt_id: merge.attempt_id,
        repo: shard.project.repo_path.clone(),
        target: merge.target.clone(),
        commit,
        before,
    });
    Ok(None)
}

/// The target is back, or could not be moved.
pub fn undone(
    cx: &mut Cx<'_>,
    command_id: CommandId,
    attempt_id: AttemptId,
    result: Result<RefMove, Problem>,
) {
    let is_it = |kind: &OperationKind| matches!(kind, OperationKind::Undo { .. });
    let Some((operation, attempt)) = operation::take(cx, attempt_id, command_id, is_it) else {
        return;
    };
    let result = result.map(|moved| {
        if let OperationKind::Undo { merge_id } = operation.kind {
            cx.remove(EntityKey::Merge(merge_id));
        }
        let what = Deed::UndoMerge.of(&format!("{} → {}", attempt.branch, attempt.target));
        cx.record(&attempt, operation.actor, what, vec![moved]);
        cx.edit_task(attempt.task_id, |task| {
            if task.status == TaskStatus::Done {
                task.status = TaskStatus::InReview;
            }
        });
        conflicts::target_moved(cx, attempt.project_id, &attempt.target);
        Outcome::Done
    });
    cx.reply(command_id, result);
}
