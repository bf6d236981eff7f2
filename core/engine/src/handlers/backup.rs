//! Copies the store to a file.

use super::{Handled, Order};
use crate::{cx::Cx, problems};
use anyon_model::*;

/// Asks for the copy.
pub fn run(cx: &mut Cx<'_>, order: &Order, path: FilePath) -> Handled {
    if path.as_path().as_os_str().is_empty() {
        return Err(problems::invalid("A backup needs a file").hint("Name a file that does not exist yet"));
    }
    let command_id = order.command_id;
    cx.book.errands.insert(command_id);
    cx.effect(Effect::Backup { command_id, path });
    Ok(None)
}

/// The copy is there, or could not be made.
pub fn done(cx: &mut Cx<'_>, command_id: CommandId, result: Result<(), Problem>) {
    if cx.book.errands.remove(&command_id) {
        cx.reply(command_id, result.map(|()| Outcome::Done));
    }
}
