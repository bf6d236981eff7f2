//! What an MCP client cannot take back is asked in the window, where one is open. Where none is, it goes ahead: such a
//! client asks its own person. Nothing of it is stored: a restart answers nobody, and nothing was done.

use super::Order;
use crate::{book::Held, cx::Cx, problems};
use anyon_model::*;
use std::sync::Arc;

/// How often it is seen whether the window is still there.
const LOOK_MS: i64 = 3_000;
/// How long nobody may answer.
const PATIENCE_MS: i64 = 10 * 60_000;

/// A person is to be asked first.
pub fn is_asked(cx: &Cx<'_>, actor: &Actor, command: &Command) -> bool {
    let cannot_be_taken_back = matches!(
        command,
        Command::DeleteTask { .. }
            | Command::MergeAttempt { .. }
            | Command::DropAttempt { .. }
            | Command::UndoMerge { .. }
            | Command::RestoreSnapshot { .. }
            | Command::RemoveProject { .. }
    );
    cannot_be_taken_back && cx.state.settings.confirm_mcp && matches!(actor, Actor::Mcp { .. })
}

/// Keeps a command until it is known whether there is a window, and a person answered.
pub fn hold(cx: &mut Cx<'_>, order: Order, command: Command) {
    let held = Held {
        actor: order.actor,
        command,
        asked: None,
    };
    let command_id = order.command_id;
    cx.book.held.insert(command_id, held);
    cx.effect(Effect::FindWindow { command_id });
}

/// There is a window, or there is none. What is returned is to be done now.
pub fn window_found(cx: &mut Cx<'_>, command_id: CommandId, found: bool) -> Option<(Order, Command)> {
    let now = cx.now;
    let held = cx.book.held.get_mut(&command_id)?;
    match (found, held.asked) {
        (true, asked) => {
            held.asked = asked.or(Some(now));
            if asked.is_none() {
                let confirmation = Some(Arc::new(Confirmation {
                    actor: held.actor.clone(),
                    command: held.command.clone(),
                    at: now,
                }));
                cx.put(Change::Confirmation {
                    command_id,
                    confirmation,
                });
            }
            cx.effect(Effect::SetTimer {
                key: TimerKey::Confirmation { command_id },
                at: now.plus_ms(LOOK_MS),
            });
            None
        }
        (false, None) => take(cx, command_id),
        (false, Some(_)) => {
            refuse(cx, command_id, "The window was closed before anybody answered");
            None
        }
    }
}

/// A person answered. What is returned is to be done now.
pub fn answer(
    cx: &mut Cx<'_>,
    order: &Order,
    asked: CommandId,
    allow: bool,
) -> Result<Option<(Order, Command)>, Problem> {
    if order.actor != Actor::Person {
        return Err(problems::forbidden("Only a person may allow this"));
    }
    if !cx.book.held.contains_key(&asked) {
        return Err(problems::wrong_state("Nobody waits for this answer any more"));
    }
    if allow {
        return Ok(take(cx, asked));
    }
    refuse(cx, asked, "The person at the window said no");
    Ok(None)
}

/// Sees whether the window is still open, or gives up.
pub fn look_again(cx: &mut Cx<'_>, command_id: CommandId) {
    let Some(asked) = cx.book.held.get(&command_id).and_then(|held| held.asked) else {
        return;
    };
    if cx.now.ms_since(asked) >= PATIENCE_MS {
        refuse(cx, command_id, "Nobody at the window answered");
    } else {
        cx.effect(Effect::FindWindow { command_id });
    }
}

/// Anyon ends: nobody will answer.
pub fn end_all(cx: &mut Cx<'_>) {
    let waiting: Vec<CommandId> = cx.book.held.keys().copied().collect();
    for command_id in waiting {
        take(cx, command_id);
        cx.reply(command_id, Err(problems::ending()));
    }
}

fn take(cx: &mut Cx<'_>, command_id: CommandId) -> Option<(Order, Command)> {
    let held = cx.book.held.remove(&command_id)?;
    if held.asked.is_some() {
        cx.put(Change::Confirmation {
            command_id,
            confirmation: None,
        });
    }
    let order = Order {
        command_id,
        actor: held.actor,
    };
    Some((order, held.command))
}

fn refuse(cx: &mut Cx<'_>, command_id: CommandId, why: &str) {
    if take(cx, command_id).is_some() {
        let problem = Problem::new(ProblemCode::Forbidden, why)
            .detail("a person has to allow what cannot be taken back; nothing was done")
            .hint("Ask the person before you call again");
        cx.reply(command_id, Err(problem));
    }
}
