//! Labels come to be when a task first has them, and go with the last task that has them.

use crate::{cx::Cx, problems};
use anyon_model::*;

/// The labels of these names in the project of a task, each once; makes those that are not there yet.
pub fn named(cx: &mut Cx<'_>, task_id: TaskId, names: &[String]) -> Result<Vec<LabelId>, Problem> {
    let project_id = cx.find_task(task_id)?.project_id;
    let names: Vec<String> = names.iter().map(|name| checked(name)).collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for name in names {
        let shard = cx.find_shard(project_id)?;
        let known = shard.labels.values().find(|label| is_same(&label.name, &name));
        let label_id = match known {
            Some(label) => label.id,
            None => make(cx, &shard, name),
        };
        if !found.contains(&label_id) {
            found.push(label_id);
        }
    }
    Ok(found)
}

fn make(cx: &mut Cx<'_>, shard: &ProjectShard, name: String) -> LabelId {
    let used = |color: &str| shard.labels.values().filter(|label| label.color == color).count();
    let color = Label::COLORS.into_iter().min_by_key(|color| used(color));
    let label = Label {
        id: cx.ids.make(),
        project_id: shard.project.id,
        name,
        color: color.unwrap_or_default().to_owned(),
    };
    let label_id = label.id;
    cx.put(label);
    label_id
}

/// Removes the labels that no task of the project has any more.
pub fn forget_unused(cx: &mut Cx<'_>, project_id: ProjectId) {
    let Some(shard) = cx.state.projects.get(&project_id).cloned() else {
        return;
    };
    let is_used = |label_id: &LabelId| shard.tasks.values().any(|task| task.labels.contains(label_id));
    for label_id in shard.labels.keys().filter(|label_id| !is_used(label_id)) {
        cx.remove(EntityKey::Label(*label_id));
    }
}

/// One line that is not blank and not long.
fn checked(name: &str) -> Result<String, Problem> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(problems::invalid("A label needs a name"));
    }
    if name.contains(',') || name.chars().count() > Label::NAME_MAX {
        let title = format!("“{name}” is not a label's name");
        let hint = format!("Use at most {} characters, and no comma", Label::NAME_MAX);
        return Err(problems::invalid(title).hint(hint));
    }
    Ok(name)
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
