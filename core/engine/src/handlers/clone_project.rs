//! Clones a repository and makes a project of it. The address is checked here, before anything sees it.

use super::{Handled, Order, add_project};
use crate::{cx::Cx, problems};
use anyon_model::*;
use std::sync::Arc;

/// Asks for the clone.
pub fn run(cx: &mut Cx<'_>, order: &Order, url: &str, folder: FilePath, name: Option<String>) -> Handled {
    let url = RemoteUrl::parse(url).map_err(|fault| fault.problem())?;
    check_folder(cx, &folder)?;
    let command_id = order.command_id;
    cx.book.clones.insert(command_id, name);
    put(
        cx,
        command_id,
        CloneProgress {
            url: url.clone(),
            folder: folder.clone(),
            percent: 0,
            cancelled: false,
        },
    );
    cx.effect(Effect::CloneRepository {
        command_id,
        url,
        folder,
    });
    Ok(None)
}

fn check_folder(cx: &Cx<'_>, folder: &FilePath) -> Result<(), Problem> {
    if !folder.as_path().is_absolute() {
        return Err(problems::invalid("A clone needs a folder")
            .hint("Name a folder that does not exist yet, by its full path"));
    }
    if let Some(other) = cx.state.clones.values().find(|other| other.folder == *folder) {
        let title = format!("Another clone is being made in {folder}");
        return Err(problems::wrong_state(title)
            .detail(other.url.to_string())
            .hint("Wait until it is done, or name another folder"));
    }
    Ok(())
}

/// More of it is there.
pub fn progress(cx: &mut Cx<'_>, command_id: CommandId, percent: u8) {
    if let Some(known) = cx.state.clones.get(&command_id).cloned() {
        let percent = percent.min(100).max(known.percent);
        if percent != known.percent {
            let known = CloneProgress::clone(&known);
            put(cx, command_id, CloneProgress { percent, ..known });
        }
    }
}

/// It is there, or could not be made.
pub fn cloned(cx: &mut Cx<'_>, command_id: CommandId, result: Result<RepositoryInfo, Problem>) {
    let Some(name) = cx.book.clones.remove(&command_id) else {
        return;
    };
    cx.put(Change::Clone {
        command_id,
        clone: None,
    });
    let result = result.and_then(|found| add_project::make(cx, found, name));
    cx.reply(command_id, result);
}

/// Breaks one off. Its own command is answered when what it wrote is gone.
pub fn cancel(cx: &mut Cx<'_>, clone_id: CommandId) -> Handled {
    let Some(known) = cx.state.clones.get(&clone_id).cloned() else {
        return Err(problems::not_found("clone").hint("It may be done already"));
    };
    break_off(cx, clone_id, &known);
    Ok(Some(Outcome::Done))
}

/// Anyon ends: so do all of them.
pub fn cancel_all(cx: &mut Cx<'_>) {
    for (clone_id, known) in cx.state.clones.clone().iter() {
        break_off(cx, *clone_id, known);
    }
}

fn break_off(cx: &mut Cx<'_>, command_id: CommandId, known: &CloneProgress) {
    let known = known.clone();
    put(
        cx,
        command_id,
        CloneProgress {
            cancelled: true,
            ..known
        },
    );
    cx.effect(Effect::CancelClone { command_id });
}

fn put(cx: &mut Cx<'_>, command_id: CommandId, clone: CloneProgress) {
    let clone = Some(Arc::new(clone));
    cx.put(Change::Clone { command_id, clone });
}
