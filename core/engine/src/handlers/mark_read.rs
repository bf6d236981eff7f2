//! Nobody needs to look at a task any more.

use super::Handled;
use crate::cx::Cx;
use anyon_model::{Outcome, TaskId};

/// Takes the mark away.
pub fn run(cx: &mut Cx<'_>, task_id: TaskId) -> Handled {
    cx.find_task(task_id)?;
    cx.edit_task(task_id, |task| task.unread = false);
    Ok(Some(Outcome::Done))
}
