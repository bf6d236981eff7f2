//! Commits the open work of an attempt to its branch.

use super::{Handled, Order};
use crate::{book::OperationKind, cx::Cx, life::operation, problems, wording};
use anyon_model::*;
use std::sync::Arc;

/// Asks for the commit.
pub fn run(cx: &mut Cx<'_>, order: Order, attempt_id: AttemptId, message: Option<String>) -> Handled {
    let (attempt, place) = find_work(cx, attempt_id)?;
    let task = cx.find_task(attempt.task_id)?;
    let agent_name = wording::agent_name(cx, &attempt);
    let message = given(message).unwrap_or_else(|| wording::work_message(&task, &agent_name));
    let command_id = order.command_id;
    operation::begin(cx, attempt_id, OperationKind::Commit, command_id, order.actor);
    cx.effect(Effect::CommitWork {
        command_id,
        attempt_id,
        place,
        message,
    });
    Ok(None)
}

/// The open work is committed, or could not be.
pub fn done(
    cx: &mut Cx<'_>,
    command_id: CommandId,
    attempt_id: AttemptId,
    result: Result<WorkCommit, Problem>,
) {
    let is_it = |kind: &OperationKind| matches!(kind, OperationKind::Commit);
    let Some((operation, attempt)) = operation::take(cx, attempt_id, command_id, is_it) else {
        return;
    };
    let result = result.map(|work| {
        cx.keep_snapshot(&attempt, work.snapshot);
        if work.commit.is_some() {
            let refs = work.moved.into_iter().collect();
            cx.record(&attempt, operation.actor, Deed::Commit.of(&attempt.branch), refs);
        }
        Outcome::Committed { commit: work.commit }
    });
    cx.reply(command_id, result);
}

/// An attempt whose worktree is there and to which nothing else is done.
pub fn find_work(cx: &Cx<'_>, attempt_id: AttemptId) -> Result<(Arc<Attempt>, AttemptPlace), Problem> {
    let attempt = cx.find_attempt(attempt_id)?;
    operation::check_free(cx, attempt_id)?;
    let place = cx
        .state
        .attempt_place(attempt.id)
        .ok_or_else(|| problems::not_found("project"))?;
    match attempt.worktree.state {
        WorktreeState::Ready => Ok((attempt, place)),
        WorktreeState::Planned | WorktreeState::Creating => {
            Err(problems::wrong_state("The attempt has no worktree yet")
                .hint("Wait until its agent has started"))
        }
        WorktreeState::Removed => Err(problems::wrong_state("The worktree of the attempt is gone")
            .hint("Restore its last snapshot first")),
    }
}

/// A message that says something.
pub fn given(message: Option<String>) -> Option<String> {
    message.filter(|message| !message.trim().is_empty())
}
