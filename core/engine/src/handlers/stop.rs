//! Stops the process of an attempt and everything it started.

use super::{Handled, Order};
use crate::{cx::Cx, life::stop, problems};
use anyon_model::*;

/// Begins the stop ladder, or skips a rung of it. The command is answered when the execution has ended.
pub fn run(cx: &mut Cx<'_>, order: &Order, attempt_id: AttemptId) -> Handled {
    cx.find_attempt(attempt_id)?;
    let Some(execution_id) = cx.book.live_agent(attempt_id) else {
        return Err(problems::wrong_state("Nothing runs in this attempt"));
    };
    cx.book.stop_waiters.push((execution_id, order.command_id));
    stop::stop_or_skip(cx, execution_id, StopReason::User);
    Ok(None)
}
