//! Limits of the agents' services: who waits until they end, and what goes on by itself then.

use crate::{
    cx::Cx,
    life::{recipient, start},
    prompt, wording,
};
use anyon_model::*;
use std::sync::Arc;

/// A limit that ends sooner is waited for this long all the same: whoever tries too often is kept out for longer.
const SHORTEST_MS: i64 = 30_000;

/// Until when the agent of a waiting execution has nothing left, unless a person wants it started all the same.
pub fn until(cx: &Cx<'_>, execution_id: ExecutionId) -> Option<Timestamp> {
    let run = cx.book.runs.get(&execution_id)?;
    let execution = cx.execution(execution_id).filter(|_| !run.in_any_case)?;
    let session = cx.session_of(&execution)?;
    let until = cx.book.limits.get(&session.profile.executor).copied();
    until.filter(|until| *until > cx.now)
}

/// Says of an execution until when it waits, and wakes it then.
pub fn mark(cx: &mut Cx<'_>, execution_id: ExecutionId, until: Timestamp) {
    let why = Some(QueueReason::RateLimit { until });
    cx.edit_execution(execution_id, |execution| {
        execution.state = ExecutionState::Queued { why };
    });
    if let Some(run) = cx.book.runs.get_mut(&execution_id)
        && run.wakes_at != Some(until)
    {
        run.wakes_at = Some(until);
        let key = TimerKey::Limit { execution_id };
        cx.effect(Effect::SetTimer { key, at: until });
    }
}

/// An execution ended. Where it met a limit whose end is known, its agent is given nothing more until then. True: it
/// goes on by itself then, as nothing of its conversation is lost.
pub fn met(cx: &mut Cx<'_>, attempt: &Attempt, execution: &Execution, is_held: bool) -> bool {
    let Some(until) = ends(execution).filter(|until| *until > cx.now) else {
        return false;
    };
    let Some(session) = cx.session_of(execution) else {
        return false;
    };
    keep(cx, &session.profile.executor, until);
    let goes_on = !is_held && !cx.book.is_halted() && go_on(cx, attempt, &session, execution);
    if goes_on {
        let what = "has reached a limit and goes on by itself when it ends";
        wording::notify(cx, attempt, what);
    }
    goes_on
}

fn go_on(cx: &mut Cx<'_>, attempt: &Attempt, session: &Arc<Session>, execution: &Execution) -> bool {
    let agent = cx.agents.get(&session.profile.executor);
    let resumes = agent.is_some_and(|agent| agent.capabilities.resumes);
    match &session.agent_session {
        Some(_) if resumes => recipient::enqueue(cx, attempt, None, &Recipient::default()).is_ok(),
        Some(_) => false,
        // It never came to begin: its prompt is what it still has to be told.
        None => {
            start::enqueue(cx, attempt, session.id, execution.prompt.clone());
            true
        }
    }
}

/// A turn that a person had started in spite of a limit went well: there is none any more.
pub fn lifted(cx: &mut Cx<'_>, execution: &Execution) {
    let run = cx.book.runs.get(&execution.id);
    if run.is_some_and(|run| run.in_any_case)
        && let Some(session) = cx.session_of(execution)
    {
        cx.book.limits.remove(&session.profile.executor);
    }
}

/// Finds the limits that are still in force after a start, from what the store has of executions that met them.
pub fn recall(cx: &mut Cx<'_>) {
    let shards: Vec<_> = cx.state.projects.values().cloned().collect();
    let executions = || shards.iter().flat_map(|shard| shard.executions.values());
    for execution in executions() {
        let (Some(until), Some(session)) = (
            ends(execution).filter(|until| *until > cx.now),
            cx.session_of(execution),
        ) else {
            continue;
        };
        let executor = &session.profile.executor;
        let went_well = executions().any(|later| {
            later.state == ExecutionState::Completed
                && later.started_at >= execution.ended_at
                && cx
                    .session_of(later)
                    .is_some_and(|session| session.profile.executor == *executor)
        });
        if !went_well {
            keep(cx, executor, until);
        }
    }
}

/// An execution that waited for a limit when Anyon ended waits on.
pub fn waits_on(cx: &mut Cx<'_>, execution: &Execution) -> bool {
    let waits = matches!(
        execution.state,
        ExecutionState::Queued {
            why: Some(QueueReason::RateLimit { .. })
        }
    );
    let Some(attempt) = cx.attempt(execution.attempt_id).filter(|_| waits) else {
        return false;
    };
    let shard = cx.shard(attempt.project_id);
    let is_over = attempt.dropped || shard.is_some_and(|shard| shard.is_landed(attempt.id));
    let has_place = matches!(
        attempt.worktree.state,
        WorktreeState::Planned | WorktreeState::Ready
    );
    if is_over || !has_place || cx.book.unswept.contains(&attempt.id) {
        return false;
    }
    let draft_id = draft_of(cx, &attempt, execution);
    start::wait(cx, execution, draft_id);
    true
}

/// The queued text that an execution was to be told first: it must not be told it twice.
fn draft_of(cx: &Cx<'_>, attempt: &Attempt, execution: &Execution) -> Option<DraftId> {
    let session = cx.session_of(execution)?;
    let config = cx.config_of(&session.profile)?;
    let shard = cx.shard(attempt.project_id)?;
    let mut drafts = shard.drafts_of(attempt.id).into_iter();
    let told = drafts.find(|draft| prompt::finished(cx, &draft.text, &config) == execution.prompt)?;
    Some(told.id)
}

fn ends(execution: &Execution) -> Option<Timestamp> {
    let ExecutionState::Failed {
        kind: FailureKind::RateLimit {
            resets_at: Some(resets_at),
        },
        ..
    } = execution.state
    else {
        return None;
    };
    let ended_at = execution.ended_at?;
    (resets_at > ended_at).then(|| resets_at.max(ended_at.plus_ms(SHORTEST_MS)))
}

fn keep(cx: &mut Cx<'_>, executor: &str, until: Timestamp) {
    let known = cx.book.limits.entry(executor.to_owned()).or_insert(until);
    *known = until.max(*known);
}
