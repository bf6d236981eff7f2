//! Changes a card. A person may put it into any column.

use super::{Handled, create_task, labels, update_project::set};
use crate::{cx::Cx, problems};
use anyon_model::*;

/// Checks the changes and makes them.
pub fn run(cx: &mut Cx<'_>, task_id: TaskId, patch: TaskPatch) -> Handled {
    let project_id = cx.find_task(task_id)?.project_id;
    let title = patch
        .title
        .as_deref()
        .map(create_task::checked_title)
        .transpose()?;
    if patch.order.is_some_and(|order| !order.0.is_finite()) {
        return Err(problems::invalid("A place on the board is a finite number"));
    }
    let named = patch.labels.as_deref();
    let named = named.map(|names| labels::named(cx, task_id, names)).transpose()?;
    cx.edit_task(task_id, |task| {
        set(&mut task.title, title);
        set(&mut task.description, patch.description);
        set(&mut task.status, patch.status);
        set(&mut task.priority, patch.priority);
        set(&mut task.order, patch.order);
        set(&mut task.labels, named.clone());
    });
    if named.is_some() {
        labels::forget_unused(cx, project_id);
    }
    Ok(Some(Outcome::Done))
}
