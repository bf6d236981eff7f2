//! Forgets a project and everything of it. The repository stays as it is.

use super::{Handled, delete_task};
use crate::cx::Cx;
use anyon_model::*;

/// Refuses while attempts run or hold work, else removes everything.
pub fn run(cx: &mut Cx<'_>, project_id: ProjectId) -> Handled {
    let shard = cx.find_shard(project_id)?;
    for attempt in shard.attempts.values() {
        delete_task::check_removable(cx, &shard, attempt)?;
    }
    for task_id in shard.tasks.keys() {
        delete_task::remove_with_all(cx, &shard, *task_id);
    }
    delete_task::remove_logs(cx, shard.executions.values());
    shard
        .labels
        .keys()
        .for_each(|label_id| cx.remove(EntityKey::Label(*label_id)));
    shard
        .history
        .keys()
        .for_each(|history_id| cx.remove(EntityKey::History(*history_id)));
    let rules: Vec<_> = cx
        .state
        .rules
        .values()
        .filter(|rule| rule.project_id == Some(project_id))
        .cloned()
        .collect();
    rules.iter().for_each(|rule| cx.remove(EntityKey::Rule(rule.id)));
    cx.remove(EntityKey::Project(project_id));
    Ok(Some(Outcome::Done))
}
