//! Removes a card with everything that belongs to it.

use super::{Handled, labels};
use crate::{cx::Cx, life::operation, problems};
use anyon_model::*;
use std::sync::Arc;

/// Refuses while attempts run or hold work, else removes the task.
pub fn run(cx: &mut Cx<'_>, task_id: TaskId) -> Handled {
    let task = cx.find_task(task_id)?;
    let shard = cx.find_shard(task.project_id)?;
    for attempt in shard.attempts_of(task_id) {
        check_removable(cx, &shard, attempt)?;
    }
    remove_with_all(cx, &shard, task_id);
    labels::forget_unused(cx, shard.project.id);
    remove_logs(
        cx,
        shard.executions.values().filter(|execution| {
            let attempt = shard.attempts.get(&execution.attempt_id);
            attempt.is_some_and(|attempt| attempt.task_id == task_id)
        }),
    );
    Ok(Some(Outcome::Done))
}

/// Nothing runs in the attempt and its worktree holds nothing.
pub fn check_removable(cx: &Cx<'_>, shard: &ProjectShard, attempt: &Attempt) -> Result<(), Problem> {
    operation::check_free(cx, attempt.id)?;
    let task = shard.tasks.get(&attempt.task_id);
    let name = task
        .map(|task| format!("{}-{}", shard.project.short_prefix, task.number))
        .unwrap_or_default();
    if cx.book.is_live(attempt.id) {
        let title = format!("Attempt {} of {name} still runs", attempt.number);
        return Err(problems::wrong_state(title).hint("Stop and drop it first"));
    }
    if matches!(
        attempt.worktree.state,
        WorktreeState::Ready | WorktreeState::Creating
    ) {
        let title = format!("Attempt {} of {name} still holds work", attempt.number);
        return Err(problems::wrong_state(title)
            .detail(attempt.worktree.path.to_string())
            .hint("Merge or drop it first"));
    }
    Ok(())
}

/// Has the logs of executions removed whose rows are.
pub fn remove_logs<'e>(cx: &mut Cx<'_>, executions: impl Iterator<Item = &'e Arc<Execution>>) {
    let executions: Vec<ExecutionId> = executions.map(|execution| execution.id).collect();
    if !executions.is_empty() {
        cx.effect(Effect::RemoveLogs { executions });
    }
}

/// Removes the rows of a task; other tasks forget it.
pub fn remove_with_all(cx: &mut Cx<'_>, shard: &ProjectShard, task_id: TaskId) {
    let attempts: Vec<AttemptId> = shard.attempts_of(task_id).map(|attempt| attempt.id).collect();
    for attempt_id in &attempts {
        remove_attempt(cx, shard, *attempt_id);
    }
    for entry in shard
        .history
        .values()
        .filter(|entry| entry.task_id == Some(task_id))
    {
        cx.remove(EntityKey::History(entry.id));
    }
    cx.remove(EntityKey::Task(task_id));
    for other in shard.tasks.keys().filter(|other| **other != task_id) {
        cx.edit_task(*other, |other| {
            other.depends_on.retain(|needed| *needed != task_id);
            other.parent_attempt = other.parent_attempt.filter(|parent| !attempts.contains(parent));
        });
    }
}

fn remove_attempt(cx: &mut Cx<'_>, shard: &ProjectShard, attempt_id: AttemptId) {
    let mut keys: Vec<EntityKey> = Vec::new();
    macro_rules! collect {
        ($($map:ident: $key:ident),*) => {$(
            let of_attempt = shard.$map.values().filter(|entity| entity.attempt_id == attempt_id);
            keys.extend(of_attempt.map(|entity| EntityKey::$key(entity.id)));
        )*};
    }
    collect!(approvals: Approval, drafts: Draft, merges: Merge, snapshots: Snapshot, comments: Comment,
        executions: Execution, sessions: Session);
    keys.push(EntityKey::Attempt(attempt_id));
    keys.into_iter().for_each(|key| cx.remove(key));
}
