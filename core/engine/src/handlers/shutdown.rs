//! Ends Anyon: everything that runs is stopped first.

use super::{Handled, Order, clone_project, confirm};
use crate::{cx::Cx, life::stop};
use anyon_model::*;

/// Stops everything; sent again it skips a rung everywhere.
pub fn run(cx: &mut Cx<'_>, order: &Order) -> Handled {
    let again = cx.book.shutdown.is_some();
    cx.book.shutdown.get_or_insert_default().push(order.command_id);
    stop_all(cx, StopReason::Shutdown, again);
    clone_project::cancel_all(cx);
    confirm::end_all(cx);
    Ok(None)
}

/// Stops everything that runs.
pub fn stop_all(cx: &mut Cx<'_>, reason: StopReason, skip: bool) {
    let agents = cx
        .book
        .runs
        .iter()
        .filter(|(_, run)| run.run_reason == RunReason::CodingAgent);
    let agents: Vec<_> = agents.map(|(execution_id, _)| *execution_id).collect();
    for execution_id in agents {
        if skip {
            stop::stop_or_skip(cx, execution_id, reason);
        } else {
            stop::stop(cx, execution_id, reason);
        }
    }
}

/// Says `Exit` when a shutdown was asked for and nothing is under way any more. Called after every input.
pub fn end_when_quiet(cx: &mut Cx<'_>) {
    let book = &cx.book;
    let is_busy = !book.runs.is_empty()
        || !book.operations.is_empty()
        || !book.inspections.is_empty()
        || !book.clones.is_empty()
        || !book.errands.is_empty();
    if is_busy || book.shutdown.is_none() {
        return;
    }
    let commands = cx.book.shutdown.as_mut().map(std::mem::take).unwrap_or_default();
    for command_id in commands {
        cx.reply(command_id, Ok(Outcome::Done));
    }
    if !cx.book.ended {
        cx.book.ended = true;
        cx.effect(Effect::Exit);
    }
}
