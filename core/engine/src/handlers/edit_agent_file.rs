//! Changes the file of the person's own agents and profiles.

use super::{Handled, Order};
use crate::cx::Cx;
use anyon_model::*;

/// Asks for it. What may stand in the file is the driver's knowledge.
pub fn run(cx: &mut Cx<'_>, order: &Order, edit: AgentFileEdit) -> Handled {
    let command_id = order.command_id;
    cx.book.errands.insert(command_id);
    cx.effect(Effect::EditAgentFile { command_id, edit });
    Ok(None)
}

/// The file says it now, or could not be made to.
pub fn done(cx: &mut Cx<'_>, command_id: CommandId, result: Result<(), Problem>) {
    if cx.book.errands.remove(&command_id) {
        cx.reply(command_id, result.map(|()| Outcome::Done));
    }
}
