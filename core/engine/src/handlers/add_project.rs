//! Registers a repository: a driver looks at it first.

use super::{Handled, Order};
use crate::{book::Inspection, cx::Cx, names, problems};
use anyon_model::*;

/// Asks what is in the folder.
pub fn run(
    cx: &mut Cx<'_>,
    order: &Order,
    path: FilePath,
    name: Option<String>,
    initial_commit: bool,
) -> Handled {
    if path.as_path().as_os_str().is_empty() {
        return Err(problems::invalid("A project needs a folder").hint("Name a folder of a git repository"));
    }
    let command_id = order.command_id;
    cx.book.inspections.insert(command_id, Inspection { name });
    cx.effect(Effect::InspectRepository {
        command_id,
        path,
        initial_commit,
    });
    Ok(None)
}

/// Makes the project of what was found.
pub fn inspected(cx: &mut Cx<'_>, command_id: CommandId, result: Result<RepositoryInfo, Problem>) {
    let Some(inspection) = cx.book.inspections.remove(&command_id) else {
        return;
    };
    let result = result.and_then(|found| make(cx, found, inspection.name));
    cx.reply(command_id, result);
}

/// Registers what was found.
pub fn make(cx: &mut Cx<'_>, found: RepositoryInfo, name: Option<String>) -> CommandResult {
    let mut shards = cx.state.projects.values();
    if let Some(shard) = shards.find(|shard| shard.project.repo_path == found.path) {
        let title = format!(
            "The repository is registered already, as “{}”",
            shard.project.name
        );
        return Err(Problem::new(ProblemCode::AlreadyExists, title).detail(found.path.to_string()));
    }
    let name = name
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| names::folder_name(found.path.as_path()));
    let is_taken = |prefix: &str| {
        cx.state
            .projects
            .values()
            .any(|shard| shard.project.short_prefix == prefix)
    };
    let project = Project {
        short_prefix: names::short_prefix(&name, is_taken),
        id: cx.ids.make(),
        name,
        repo_path: found.path,
        next_task_number: 1,
        default_target: found.head_branch,
        setup_script: String::new(),
        cleanup_script: String::new(),
        dev_script: String::new(),
        copy_files: Vec::new(),
        git_reads: found.git_reads,
        trusted: None,
        created_at: cx.now,
        updated_at: cx.now,
    };
    let project_id = project.id;
    cx.put(project);
    Ok(Outcome::Project { project_id })
}
