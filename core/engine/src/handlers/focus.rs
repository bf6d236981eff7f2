//! The window that is open comes to the front.

use super::{Handled, Order};
use crate::{cx::Cx, problems};
use anyon_model::*;

/// Asks for it. What it is to show has to be there.
pub fn run(cx: &mut Cx<'_>, order: &Order, on: Option<FocusOn>) -> Handled {
    match on {
        Some(FocusOn::Project { project_id }) => cx.find_shard(project_id).map(drop)?,
        Some(FocusOn::Task { task_id }) => cx.find_task(task_id).map(drop)?,
        Some(FocusOn::Attempt { attempt_id }) => cx.find_attempt(attempt_id).map(drop)?,
        None => {}
    }
    let command_id = order.command_id;
    cx.effect(Effect::Focus { command_id, on });
    Ok(None)
}

/// A window was told, or there is none.
pub fn done(cx: &mut Cx<'_>, command_id: CommandId, told: bool) {
    let result = match told {
        true => Ok(Outcome::Done),
        false => Err(problems::no_window()),
    };
    cx.reply(command_id, result);
}
