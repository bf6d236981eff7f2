//! Moving cards, and taking moves back.

use super::order::between;
use crate::{Dialog, Place, Toast, ViewContext, text::Said};
use anyon_model::{AttemptStatus, BoardOrder, Command, Task, TaskId, TaskPatch, TaskStatus, WorktreeState};
use std::sync::Arc;

/// Moves that can be taken back.
const UNDO: usize = 50;

/// Where cards stood before they were moved, newest last.
#[derive(Default)]
pub struct Moves {
    before: Vec<Vec<Stood>>,
}

/// Where a card stood.
struct Stood {
    task_id: TaskId,
    /// Its column; none: it was not moved out of it.
    status: Option<TaskStatus>,
    order: BoardOrder,
}

impl Moves {
    /// Moves a card to a place in a column: before the card `row` of those that are there without it.
    pub fn place(
        &mut self,
        cx: &ViewContext<'_>,
        task_id: TaskId,
        status: TaskStatus,
        (row, column): (usize, &[TaskId]),
    ) {
        let Some(task) = task(cx, task_id) else { return };
        let others: Vec<Arc<Task>> = column
            .iter()
            .filter(|other| **other != task_id)
            .filter_map(|other| self::task(cx, *other))
            .collect();
        let row = row.min(others.len());
        let above = row.checked_sub(1).and_then(|above| others.get(above));
        let below = others.get(row);
        if task.status == status && stays(&task, above, below) {
            return;
        }
        let mut before = vec![Stood {
            task_id,
            status: Some(task.status),
            order: task.order,
        }];
        match between(above.map(|task| task.order), below.map(|task| task.order)) {
            Some(order) => send(cx, task_id, Some(status), order),
            None => {
                before.extend(others.iter().map(|other| Stood {
                    task_id: other.id,
                    status: None,
                    order: other.order,
                }));
                renumber(cx, &others, row, (task_id, status));
            }
        }
        self.remember(before);
        cx.moved();
        if status != task.status && !tell_at_work(cx, task_id, status) && status == TaskStatus::Done {
            tell_open_work(cx, task_id);
        }
    }

    /// Puts the card that was moved last back, and those that got other numbers for it. False: there is none.
    pub fn undo(&mut self, cx: &ViewContext<'_>) -> bool {
        while let Some(mut before) = self.before.pop() {
            // Tasks that were deleted since stay deleted.
            before.retain(|stood| task(cx, stood.task_id).is_some());
            if before.is_empty() {
                continue;
            }
            for stood in before {
                send(cx, stood.task_id, stood.status, stood.order);
            }
            cx.moved_back();
            return true;
        }
        false
    }

    fn remember(&mut self, before: Vec<Stood>) {
        if self.before.len() == UNDO {
            self.before.remove(0);
        }
        self.before.push(before);
    }
}

/// A card that is put away does not stop its agents. True: this was said.
fn tell_at_work(cx: &ViewContext<'_>, task_id: TaskId, status: TaskStatus) -> bool {
    let away = matches!(status, TaskStatus::Done | TaskStatus::Cancelled);
    let urgent = cx
        .overview
        .of_task(task_id)
        .and_then(|project| project.most_urgent(task_id));
    let Some((attempt, _)) = urgent.filter(|(_, view)| away && view.status.is_active()) else {
        return false;
    };
    let short = cx.state.short_id(task_id).unwrap_or_default();
    let said = Said::new("board-still-at-work").text("task", short);
    let place = Place::attempt(task_id, attempt.id);
    cx.toast(Toast::note(said).action("common-notice-open", place));
    true
}

/// Done is a column: work that nobody landed is still only in its attempt.
fn tell_open_work(cx: &ViewContext<'_>, task_id: TaskId) {
    let Some((project, (attempt, view))) = cx
        .overview
        .of_task(task_id)
        .and_then(|project| Some((project, project.most_urgent(task_id)?)))
    else {
        return;
    };
    let mut views = project.attempts_of.get(&task_id).into_iter().flatten();
    let landed = views.any(|id| {
        let view = project.attempts.get(id);
        view.is_some_and(|view| view.status == AttemptStatus::Landed)
    });
    let open = matches!(
        view.status,
        AttemptStatus::Idle | AttemptStatus::Stopped | AttemptStatus::Conflicted | AttemptStatus::Failed
    );
    if landed || !open || attempt.worktree.state != WorktreeState::Ready {
        return;
    }
    let short = cx.state.short_id(task_id).unwrap_or_default();
    let said = Said::new("board-not-landed")
        .text("task", short)
        .text("target", &attempt.target);
    let attempt_id = attempt.id;
    cx.toast(Toast::note(said).action("landing-land", Dialog::Landing { attempt_id }));
}

/// The card stands between these neighbours already.
fn stays(task: &Task, above: Option<&Arc<Task>>, below: Option<&Arc<Task>>) -> bool {
    let key = |task: &Task| (task.order, task.number);
    above.is_none_or(|above| key(above) < key(task)) && below.is_none_or(|below| key(task) < key(below))
}

/// There is no number left between two neighbours: the column gets whole numbers again.
fn renumber(cx: &ViewContext<'_>, others: &[Arc<Task>], row: usize, (task_id, status): (TaskId, TaskStatus)) {
    let mut place = 0.0;
    for (at, other) in others.iter().enumerate() {
        if at == row {
            send(cx, task_id, Some(status), BoardOrder(place));
            place += 1.0;
        }
        send(cx, other.id, None, BoardOrder(place));
        place += 1.0;
    }
    if row >= others.len() {
        send(cx, task_id, Some(status), BoardOrder(place));
    }
}

fn send(cx: &ViewContext<'_>, task_id: TaskId, status: Option<TaskStatus>, order: BoardOrder) {
    cx.send(Command::UpdateTask {
        task_id,
        patch: TaskPatch {
            status,
            order: Some(order),
            ..TaskPatch::default()
        },
    });
}

/// A task by its id.
pub fn task(cx: &ViewContext<'_>, task_id: TaskId) -> Option<Arc<Task>> {
    cx.overview.of_task(task_id)?.shard.tasks.get(&task_id).cloned()
}
