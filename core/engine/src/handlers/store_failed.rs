//! The store cannot be written: nothing may run unrecorded, and nobody may wait for what will not be done.

use super::shutdown;
use crate::{cx::Cx, problems};
use anyon_model::*;

/// Stops everything and answers what waits for a driver: such work is only done once its changes are durable.
pub fn run(cx: &mut Cx<'_>, problem: Problem) {
    if cx.book.store_failed.is_some() {
        return;
    }
    let answer = problems::store_failed(&problem);
    cx.book.store_failed = Some(problem);
    let operations = std::mem::take(&mut cx.book.operations);
    let inspections = std::mem::take(&mut cx.book.inspections);
    let errands = std::mem::take(&mut cx.book.errands);
    let waiting = operations
        .into_values()
        .filter_map(|operation| operation.command_id);
    for command_id in waiting.chain(inspections.into_keys()).chain(errands) {
        cx.reply(command_id, Err(answer.clone()));
    }
    shutdown::stop_all(cx, StopReason::StoreFailed, false);
}
