//! The landing of an attempt: the strip of checks, the sheet with its one confirm, the snapshots to go back to, and
//! what is said when one of these is done. Decides nothing: the engine refuses what must not land.

mod checks;
mod resolve;
mod sheet;
mod snapshots;
mod strip;

pub use resolve::ask_agent;
pub use sheet::LandingSheet;
pub use snapshots::snapshots;
pub use strip::{ask_to_drop, strip};

use crate::{Toast, ViewContext, text::Said};
use anyon_model::{AttemptId, Command, MergeId, Outcome, Query, Snapshot, State, WorktreeState};
use std::sync::Arc;

/// What follows when a command of landing, dropping or restoring is done.
#[derive(Debug, Default, PartialEq)]
pub struct Told {
    /// What is said, with the way back.
    pub toast: Option<Toast>,
    /// What is sent next.
    pub next: Option<Command>,
}

/// The attempt that a command is about, looked up when it is sent: a merge that is undone is not there any more.
pub fn about(state: &State, command: &Command) -> Option<AttemptId> {
    match command {
        Command::UndoMerge { merge_id } => attempt_of(state, *merge_id),
        Command::MergeAttempt { attempt_id, .. } | Command::DropAttempt { attempt_id } => Some(*attempt_id),
        _ => None,
    }
}

/// The checkout of the target may have been cleaned outside: when the person is back, it is looked at again.
fn look_again_when_back(cx: &ViewContext<'_>, ui: &egui::Ui, attempt_id: AttemptId) {
    let back = |event: &egui::Event| matches!(event, egui::Event::WindowFocused(true));
    if ui.input(|input| input.events.iter().any(back)) {
        look_again(cx, attempt_id);
    }
}

fn look_again(cx: &ViewContext<'_>, attempt_id: AttemptId) {
    cx.forget(|query| *query == Query::LandingCheck { attempt_id });
}

/// What follows from a command that was done.
pub fn told(state: &State, (command, about): (&Command, Option<AttemptId>), outcome: &Outcome) -> Told {
    let only = |toast: Toast| Told {
        toast: Some(toast),
        next: None,
    };
    match (command, outcome) {
        (Command::MergeAttempt { .. }, Outcome::Landed { merge_id, target, .. }) => {
            let merge_id = *merge_id;
            let said = Said::new("landing-told-landed").text("target", target);
            only(Toast::done(said).action("landing-undo", Command::UndoMerge { merge_id }))
        }
        (Command::DropAttempt { .. }, _) => only(dropped(state, about)),
        (Command::UndoMerge { .. }, _) => Told {
            toast: Some(Toast::done("landing-told-undone")),
            next: about.and_then(|attempt_id| files_back(state, attempt_id)),
        },
        (Command::RestoreSnapshot { .. }, _) => only(Toast::done("landing-told-restored")),
        (Command::CommitAttempt { .. }, Outcome::Committed { commit }) => {
            let key = if commit.is_some() {
                "landing-told-committed"
            } else {
                "landing-told-clean"
            };
            only(Toast::done(key))
        }
        _ => Told::default(),
    }
}

fn dropped(state: &State, about: Option<AttemptId>) -> Toast {
    let toast = Toast::note("landing-told-dropped");
    match about.and_then(|attempt_id| last_snapshot(state, attempt_id)) {
        Some(snapshot) => toast.action(
            "landing-undo",
            Command::RestoreSnapshot {
                snapshot_id: snapshot.id,
            },
        ),
        None => toast,
    }
}

/// The worktree of an attempt that landed is gone; undoing the landing brings it back too.
fn files_back(state: &State, attempt_id: AttemptId) -> Option<Command> {
    let attempt = state.shard_of_attempt(attempt_id)?.attempts.get(&attempt_id)?;
    if attempt.worktree.state != WorktreeState::Removed {
        return None;
    }
    let snapshot_id = last_snapshot(state, attempt_id)?.id;
    Some(Command::RestoreSnapshot { snapshot_id })
}

fn last_snapshot(state: &State, attempt_id: AttemptId) -> Option<&Arc<Snapshot>> {
    let snapshots = state.shard_of_attempt(attempt_id)?.snapshots_of(attempt_id);
    snapshots.max_by_key(|snapshot| snapshot.number)
}

fn attempt_of(state: &State, merge_id: MergeId) -> Option<AttemptId> {
    let mut shards = state.projects.values();
    shards.find_map(|shard| shard.merges.get(&merge_id).map(|merge| merge.attempt_id))
}
