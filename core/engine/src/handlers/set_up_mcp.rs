//! Puts Anyon's MCP server into an agent's configuration file.

use super::{Handled, Order};
use crate::cx::Cx;
use anyon_model::*;

/// Asks for it. Which agents have such a file is the driver's knowledge.
pub fn run(cx: &mut Cx<'_>, order: &Order, agent_id: String) -> Handled {
    let command_id = order.command_id;
    cx.book.errands.insert(command_id);
    cx.effect(Effect::SetUpMcp { command_id, agent_id });
    Ok(None)
}

/// The server is in the file, or could not be put there.
pub fn done(cx: &mut Cx<'_>, command_id: CommandId, result: Result<(FilePath, Option<FilePath>), Problem>) {
    if cx.book.errands.remove(&command_id) {
        cx.reply(
            command_id,
            result.map(|(file, backup)| Outcome::McpSetUp { file, backup }),
        );
    }
}
