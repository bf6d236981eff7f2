//! Changes a project's settings.

use super::Handled;
use crate::{cx::Cx, names, problems};
use anyon_model::*;

/// Checks the changes and makes them.
pub fn run(cx: &mut Cx<'_>, project_id: ProjectId, patch: ProjectPatch) -> Handled {
    let shard = cx.find_shard(project_id)?;
    if patch.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
        return Err(problems::invalid("A project needs a name"));
    }
    if let Some(Some(branch)) = &patch.default_target
        && let Some(fault) = names::branch_fault(branch)
    {
        return Err(problems::invalid(format!("“{branch}” is not a branch name")).detail(fault));
    }
    let mut project = Project::clone(&shard.project);
    apply(&mut project, patch);
    if project != *shard.project {
        project.updated_at = cx.now;
        cx.put(project);
    }
    Ok(Some(Outcome::Done))
}

fn apply(project: &mut Project, patch: ProjectPatch) {
    let ProjectPatch {
        name,
        default_target,
        setup_script,
        cleanup_script,
        dev_script,
        copy_files,
    } = patch;
    set(&mut project.name, name.map(|name| name.trim().to_owned()));
    set(&mut project.default_target, default_target);
    set(&mut project.setup_script, setup_script);
    set(&mut project.cleanup_script, cleanup_script);
    set(&mut project.dev_script, dev_script);
    set(&mut project.copy_files, copy_files);
}

/// Puts a value where there is one.
pub fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
