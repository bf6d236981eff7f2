//! Gives an attempt up: what runs in it is stopped, then its worktree goes after a snapshot.

use super::{Handled, Order};
use crate::{
    book::{Operation, OperationKind},
    cx::Cx,
    life::operation,
    problems,
};
use anyon_model::*;

/// Stops and removes. Of an attempt that landed only the worktree is left to give up.
pub fn run(cx: &mut Cx<'_>, order: Order, attempt_id: AttemptId) -> Handled {
    let attempt = cx.find_attempt(attempt_id)?;
    operation::check_free(cx, attempt_id)?;
    let shard = cx.find_shard(attempt.project_id)?;
    if attempt.dropped {
        return Err(problems::wrong_state("The attempt was dropped already"));
    }
    let kind = match (shard.is_landed(attempt_id), attempt.worktree.state) {
        (true, WorktreeState::Removed) => {
            return Err(problems::wrong_state("The attempt has landed")
                .hint("Undo the landing first: anyon attempt undo"));
        }
        (true, _) => OperationKind::CleanUp {
            outcome: Outcome::Done,
            removing: false,
        },
        (false, _) => OperationKind::Drop { removing: false },
    };
    let operation = Operation {
        kind,
        command_id: Some(order.command_id),
        actor: order.actor,
    };
    cx.book.operations.insert(attempt_id, operation);
    operation::clear(cx, attempt_id);
    Ok(None)
}
