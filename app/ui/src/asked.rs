//! What other programs asked for and a person has to allow, in words: for the question over the window, Needs you and
//! the desktop.

use crate::{Catalogue, phrase, widgets};
use anyon_model::{Actor, AttemptId, Command, Confirmation, MergeId, SnapshotId, State, TaskId};

/// Who asks.
pub fn title(text: &Catalogue, state: &State, asked: &Confirmation) -> String {
    let client = match &asked.actor {
        Actor::Mcp { client } => widgets::shown(client),
        other => phrase::actor(text, state, other),
    };
    text.with("common-asked-title", &[("client", client.into())])
}

/// What exactly is to be allowed.
pub fn words(text: &Catalogue, state: &State, command: &Command) -> String {
    let (key, object) = match command {
        Command::DeleteTask { task_id } => ("common-asked-delete", task(state, *task_id)),
        Command::MergeAttempt { attempt_id, .. } => ("common-asked-merge", attempt(state, *attempt_id)),
        Command::DropAttempt { attempt_id } => ("common-asked-drop", attempt(state, *attempt_id)),
        Command::UndoMerge { merge_id } => (
            "common-asked-undo",
            merged(state, *merge_id).and_then(|id| attempt(state, id)),
        ),
        Command::RestoreSnapshot { snapshot_id } => (
            "common-asked-restore",
            kept(state, *snapshot_id).and_then(|id| attempt(state, id)),
        ),
        Command::RemoveProject { project_id } => (
            "common-asked-remove-project",
            state
                .projects
                .get(project_id)
                .map(|shard| (shard.project.name.clone(), String::new())),
        ),
        _ => ("common-asked-other", None),
    };
    let (name, target) = object.unwrap_or_default();
    let values = [
        ("name", widgets::shown(&name).into()),
        ("target", widgets::shown(&target).into()),
    ];
    text.with(key, &values)
}

/// The task that it is about, and the attempt if it is about one.
pub fn about(state: &State, command: &Command) -> Option<(TaskId, Option<AttemptId>)> {
    let attempt_id = match command {
        Command::DeleteTask { task_id } => return Some((*task_id, None)),
        Command::MergeAttempt { attempt_id, .. } | Command::DropAttempt { attempt_id } => *attempt_id,
        Command::UndoMerge { merge_id } => merged(state, *merge_id)?,
        Command::RestoreSnapshot { snapshot_id } => kept(state, *snapshot_id)?,
        _ => return None,
    };
    let attempt = state.shard_of_attempt(attempt_id)?.attempts.get(&attempt_id)?;
    Some((attempt.task_id, Some(attempt_id)))
}

/// A task by its name; it has no target.
fn task(state: &State, task_id: TaskId) -> Option<(String, String)> {
    let shard = state.shard_of_task(task_id)?;
    let task = shard.tasks.get(&task_id)?;
    let name = format!("{}-{} {}", shard.project.short_prefix, task.number, task.title);
    Some((name, String::new()))
}

/// The task of an attempt, and where it lands.
fn attempt(state: &State, attempt_id: AttemptId) -> Option<(String, String)> {
    let attempt = state.shard_of_attempt(attempt_id)?.attempts.get(&attempt_id)?;
    let (name, _) = task(state, attempt.task_id)?;
    Some((name, attempt.target.clone()))
}

fn merged(state: &State, merge_id: MergeId) -> Option<AttemptId> {
    let mut shards = state.projects.values();
    shards.find_map(|shard| shard.merges.get(&merge_id).map(|merge| merge.attempt_id))
}

fn kept(state: &State, snapshot_id: SnapshotId) -> Option<AttemptId> {
    let mut shards = state.projects.values();
    shards.find_map(|shard| shard.snapshots.get(&snapshot_id).map(|kept| kept.attempt_id))
}
