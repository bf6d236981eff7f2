//! What programs do is written into the history with their name, also where a person's doing would not be; and what
//! the history tells of who started what.

use crate::cx::Cx;
use anyon_model::*;
use std::collections::BTreeSet;

/// Something to be written down once it is done.
pub struct Note {
    actor: Actor,
    task_id: Option<TaskId>,
    attempt_id: Option<AttemptId>,
    deed: Deed,
}

/// What is to be written down of a command. What every actor's doing is written down of is not written twice.
pub fn note(cx: &Cx<'_>, actor: &Actor, command: &Command) -> Option<Note> {
    if matches!(actor, Actor::Person | Actor::System) {
        return None;
    }
    let (task_id, attempt_id, deed) = match command {
        Command::CreateTask { .. } => (None, None, Deed::Create),
        Command::UpdateTask { task_id, .. } => (Some(*task_id), None, Deed::Update),
        Command::StartAttempt { task_id, .. } => (Some(*task_id), None, Deed::Start),
        Command::FollowUp { attempt_id, .. }
        | Command::SendTo { attempt_id, .. }
        | Command::StartNow { attempt_id }
        | Command::ResumeAttempt { attempt_id, .. } => (None, Some(*attempt_id), Deed::Prompt),
        Command::StopAttempt { attempt_id } | Command::InterruptAttempt { attempt_id } => {
            (None, Some(*attempt_id), Deed::Stop)
        }
        Command::SetApproveMode { attempt_id, .. } => (None, Some(*attempt_id), Deed::ChangeApproval),
        _ => return None,
    };
    let of_attempt = attempt_id.and_then(|attempt_id| cx.attempt(attempt_id));
    Some(Note {
        actor: actor.clone(),
        task_id: task_id.or_else(|| of_attempt.map(|attempt| attempt.task_id)),
        attempt_id,
        deed,
    })
}

/// Writes it down. What was made is told by the outcome.
pub fn write(cx: &mut Cx<'_>, note: Note, outcome: Option<&Outcome>) {
    let (task_id, attempt_id) = match outcome {
        Some(Outcome::Task { task_id }) => (Some(*task_id), None),
        Some(Outcome::Attempt { attempt_id }) => (note.task_id, Some(*attempt_id)),
        _ => (note.task_id, note.attempt_id),
    };
    let Some(task) = task_id.and_then(|task_id| cx.task(task_id)) else {
        return;
    };
    let branch = attempt_id.and_then(|attempt_id| Some(cx.attempt(attempt_id)?.branch.clone()));
    let object = branch.or_else(|| cx.state.short_id(task.id)).unwrap_or_default();
    let entry = HistoryEntry {
        id: cx.ids.make(),
        project_id: task.project_id,
        task_id: Some(task.id),
        attempt_id,
        actor: note.actor,
        what: note.deed.of(&object),
        refs: Vec::new(),
        at: cx.now,
    };
    cx.put(entry);
}

/// The attempt whose agent started this one; `None`: no agent did.
pub fn starter(state: &State, attempt_id: AttemptId) -> Option<AttemptId> {
    let shard = state.shard_of_attempt(attempt_id)?;
    let mut starts = shard.history.values().filter(|entry| entry.deed() == Deed::Start);
    starts.find_map(|entry| match entry.actor {
        Actor::Agent { attempt_id: by } if entry.attempt_id == Some(attempt_id) => Some(by),
        _ => None,
    })
}

/// An agent's own attempt, and those that it started.
pub fn work_of(shard: &ProjectShard, own: AttemptId) -> BTreeSet<AttemptId> {
    let agent = Actor::Agent { attempt_id: own };
    let entries = shard.history.values();
    let starts = entries.filter(|entry| entry.actor == agent && entry.deed() == Deed::Start);
    starts.filter_map(|entry| entry.attempt_id).chain([own]).collect()
}

/// How many attempts the agent of this one started, those that are gone too.
pub fn started_by(state: &State, attempt_id: AttemptId) -> u32 {
    let shard = state.shard_of_attempt(attempt_id);
    let history = shard.iter().flat_map(|shard| shard.history.values());
    let is_its = |entry: &&std::sync::Arc<HistoryEntry>| {
        entry.actor == Actor::Agent { attempt_id } && entry.deed() == Deed::Start
    };
    u32::try_from(history.filter(is_its).count()).unwrap_or(u32::MAX)
}

/// How many agents stand between this attempt and a person's start.
pub fn depth(state: &State, attempt_id: AttemptId) -> u32 {
    let above = std::iter::successors(Some(attempt_id), |attempt_id| starter(state, *attempt_id));
    // A damaged store must not make this endless.
    u32::try_from(above.take(64).count())
        .unwrap_or(u32::MAX)
        .saturating_sub(1)
}
