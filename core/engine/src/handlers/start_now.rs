//! Starts what waits for a limit to end, because a person knows better.

use super::Handled;
use crate::{cx::Cx, life::pause, problems};
use anyon_model::*;

/// It is the next to start; the cap of running agents holds for it as for all others.
pub fn run(cx: &mut Cx<'_>, attempt_id: AttemptId) -> Handled {
    let attempt = cx.find_attempt(attempt_id)?;
    let waiting = cx
        .book
        .live_agent(attempt.id)
        // One whose worktree is being made or whose script runs has begun before the limit was known.
        .filter(|execution_id| cx.book.queue.contains(execution_id))
        .filter(|execution_id| pause::until(cx, *execution_id).is_some());
    let Some(execution_id) = waiting else {
        return Err(problems::wrong_state(
            "The attempt does not wait for a limit to end",
        ));
    };
    if let Some(run) = cx.book.runs.get_mut(&execution_id) {
        run.in_any_case = true;
    }
    cx.book.queue.retain(|queued| *queued != execution_id);
    cx.book.queue.insert(0, execution_id);
    Ok(Some(Outcome::Attempt { attempt_id }))
}
