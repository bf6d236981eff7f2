//! Conflicts of attempts with their targets: asked for when an attempt comes to rest and when its target moved, kept
//! as long as it rests. Nothing depends on them but what a person is shown; a landing looks for itself.

use crate::cx::Cx;
use anyon_model::*;
use std::sync::Arc;

/// So many attempts are looked at because of one event; the newest, those that a person most likely lands next.
const MOST: usize = 20;

/// Asks how an attempt stands to its target, if it rests.
pub fn predict(cx: &mut Cx<'_>, attempt_id: AttemptId) {
    if cx.book.is_halted() || !rests(cx, attempt_id) {
        return;
    }
    if let Some(place) = cx.state.attempt_place(attempt_id) {
        watch(cx, attempt_id);
        cx.effect(Effect::PredictConflicts { attempt_id, place });
    }
}

/// From the first attempt on that rests, what others do to its target is told.
fn watch(cx: &mut Cx<'_>, attempt_id: AttemptId) {
    let Some(shard) = cx.state.shard_of_attempt(attempt_id).cloned() else {
        return;
    };
    if cx.book.watched.insert(shard.project.id) {
        cx.effect(Effect::WatchTargets {
            project_id: shard.project.id,
            repo: shard.project.repo_path.clone(),
        });
    }
}

/// After a start: the newest attempts that rest, of all projects.
pub fn look_around(cx: &mut Cx<'_>) {
    let shards = cx.state.projects.values();
    let mut attempts: Vec<_> = shards.flat_map(|shard| shard.attempts.keys().copied()).collect();
    attempts.sort_unstable_by(|a, b| b.cmp(a));
    predict_newest(cx, attempts);
}

/// A branch moved: whatever is to land on it is looked at again.
pub fn target_moved(cx: &mut Cx<'_>, project_id: ProjectId, target: &str) {
    targets_moved(cx, project_id, &[target.to_owned()]);
}

/// Branches moved; none named: any may have.
pub fn targets_moved(cx: &mut Cx<'_>, project_id: ProjectId, branches: &[String]) {
    let Some(shard) = cx.shard(project_id) else { return };
    let lands_there = |attempt: &&Arc<Attempt>| branches.is_empty() || branches.contains(&attempt.target);
    let newest_first = shard.attempts.values().rev().filter(lands_there);
    predict_newest(cx, newest_first.map(|attempt| attempt.id).collect());
}

fn predict_newest(cx: &mut Cx<'_>, newest_first: Vec<AttemptId>) {
    let mut resting = newest_first;
    resting.retain(|attempt_id| rests(cx, *attempt_id));
    resting.truncate(MOST);
    resting.into_iter().for_each(|attempt_id| predict(cx, attempt_id));
}

/// How an attempt stands to its target was found out.
pub fn predicted(cx: &mut Cx<'_>, attempt_id: AttemptId, result: Result<Vec<FilePath>, Problem>) {
    let files = result
        .ok()
        .filter(|files| !files.is_empty() && rests(cx, attempt_id));
    keep(cx, attempt_id, files);
}

/// The agent works again: what was found out before says nothing any more.
pub fn forget(cx: &mut Cx<'_>, attempt_id: AttemptId) {
    keep(cx, attempt_id, None);
}

fn keep(cx: &mut Cx<'_>, attempt_id: AttemptId, files: Option<Vec<FilePath>>) {
    let shard = cx.state.shard_of_attempt(attempt_id);
    let known = shard.and_then(|shard| shard.conflicts.get(&attempt_id));
    if known.map(|known| &known.files) == files.as_ref() {
        return;
    }
    let conflicts = files.map(|files| Arc::new(Conflicts { files }));
    cx.put(Change::Conflicts {
        attempt_id,
        conflicts,
    });
}

/// A person could land it now: the agent is done, the worktree is there, nothing else is being done to it.
fn rests(cx: &Cx<'_>, attempt_id: AttemptId) -> bool {
    let Some(shard) = cx.state.shard_of_attempt(attempt_id) else {
        return false;
    };
    let is_there = shard
        .attempts
        .get(&attempt_id)
        .is_some_and(|attempt| attempt.worktree.state == WorktreeState::Ready);
    let is_done = matches!(
        shard.attempt_status(attempt_id),
        Some(AttemptStatus::Idle | AttemptStatus::Conflicted)
    );
    is_there && is_done && !cx.book.operations.contains_key(&attempt_id)
}
