//! Writes a new card.

use super::{Handled, Order};
use crate::{cx::Cx, problems};
use anyon_model::*;

/// Puts the card at the end of the first column. What an agent writes is split from its attempt.
pub fn run(
    cx: &mut Cx<'_>,
    order: &Order,
    project_id: ProjectId,
    title: &str,
    description: String,
) -> Handled {
    let shard = cx.find_shard(project_id)?;
    let title = checked_title(title)?;
    let column = shard
        .tasks
        .values()
        .filter(|task| task.status == TaskStatus::Todo);
    let last = column.map(|task| task.order).max().unwrap_or_default();
    let mut project = Project::clone(&shard.project);
    let task = Task {
        id: cx.ids.make(),
        project_id,
        number: project.next_task_number,
        title,
        description,
        status: TaskStatus::Todo,
        priority: Priority::None,
        order: BoardOrder(last.0 + 1.0),
        labels: Vec::new(),
        parent_attempt: match order.actor {
            Actor::Agent { attempt_id } => Some(attempt_id),
            _ => None,
        },
        depends_on: Vec::new(),
        images: Vec::new(),
        unread: false,
        created_at: cx.now,
        updated_at: cx.now,
    };
    project.next_task_number = project.next_task_number.saturating_add(1);
    let task_id = task.id;
    cx.put(project);
    cx.put(task);
    Ok(Some(Outcome::Task { task_id }))
}

/// A title is one line and not blank.
pub fn checked_title(title: &str) -> Result<String, Problem> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return Err(problems::invalid("A task needs a title").hint("Say in one line what is to be done"));
    }
    Ok(title)
}
