//! The menu of a card: what can be done with its task, each with its key, and nothing that does not apply.

use super::{
    Board,
    column::{delete, mark, name},
    new_task,
    rename::Rename,
};
use crate::{
    Dialog, EditorTarget, Request, ViewContext,
    overview::ProjectView,
    panels::keys::written,
    phrase,
    widgets::{menu_item, menu_line, submenu},
};
use anyon_model::{Attempt, Task, TaskStatus, WorktreeState};
use egui::Ui;
use lucide_icons::Icon;
use std::sync::Arc;

impl Board {
    /// Paints the rows of the menu.
    pub(super) fn menu(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task: &Task, project: &ProjectView) {
        let item = |ui: &mut Ui, icon, text: &'static str, does| {
            let key = written(ui.ctx(), does, 0);
            menu_item(ui, cx.theme, icon, cx.text.get(text), &key)
        };
        if item(ui, Icon::ArrowRight, "board-open", "keys-open") {
            cx.go(cx.place_of_task(task.id));
        }
        if item(ui, Icon::Eye, "board-peek", "keys-peek") {
            (self.cursor, self.peek) = (Some(task.id), Some(task.id));
        }
        if item(ui, Icon::Pencil, "board-rename", "keys-rename") {
            self.rename = Some(Rename::of(task));
        }
        if item(ui, Icon::FilePen, "board-edit", "keys-edit") {
            cx.open(Dialog::EditTask { task_id: task.id });
        }
        if item(ui, Icon::Tag, "board-classify", "keys-classify") {
            cx.open(Dialog::Classify { task_id: task.id });
        }
        self.move_to(cx, ui, task);
        menu_line(ui, cx.theme);
        if item(ui, Icon::Play, "board-start", "keys-start") {
            cx.open(Dialog::Start { task_id: task.id });
        }
        if let Some(profile) = new_task::last_profile(cx) {
            let agent = phrase::agent_name(&profile.executor);
            let label = cx.text.with("board-start-with", &[("agent", agent.into())]);
            let key = written(ui.ctx(), "keys-start-last", 0);
            if menu_item(ui, cx.theme, Icon::Zap, &label, &key) {
                new_task::start_card(cx, task.id, Some(profile));
            }
        }
        if let Some(attempt_id) = super::keyboard::landable(cx, task.id)
            && item(ui, Icon::GitMerge, "task-land", "keys-land")
        {
            cx.open(Dialog::Landing { attempt_id });
        }
        menu_line(ui, cx.theme);
        places(cx, ui, task, project);
        menu_line(ui, cx.theme);
        if item(ui, Icon::Trash2, "board-delete", "keys-delete") {
            delete(cx, task.id);
        }
    }

    fn move_to(&mut self, cx: &ViewContext<'_>, ui: &mut Ui, task: &Task) {
        let here = TaskStatus::ALL.iter().position(|status| *status == task.status);
        submenu(ui, cx.theme, Icon::MoveRight, cx.text.get("board-move"), |ui| {
            for (at, status) in TaskStatus::ALL.into_iter().enumerate() {
                // The keys that carry a card, from left to right: to the left first, to the right last.
                let key = match here {
                    Some(here) if here == at => continue,
                    Some(here) if at + 1 == here => written(ui.ctx(), "keys-carry", 0),
                    Some(here) if here + 1 == at => written(ui.ctx(), "keys-carry", 3),
                    _ => String::new(),
                };
                if menu_item(ui, cx.theme, mark(cx, status).0, name(cx, status), &key) {
                    let end = (usize::MAX, &*self.shown[at]);
                    self.moves.place(cx, task.id, status, end);
                }
            }
        });
    }
}

/// What can be taken elsewhere: the id, the branch, the worktree.
fn places(cx: &ViewContext<'_>, ui: &mut Ui, task: &Task, project: &ProjectView) {
    let item = |ui: &mut Ui, icon, text: &'static str| menu_item(ui, cx.theme, icon, cx.text.get(text), "");
    if item(ui, Icon::Copy, "board-copy-id") {
        let short = format!("{}-{}", project.shard.project.short_prefix, task.number);
        cx.ask(Request::CopyText(short));
    }
    let Some((attempt, _)) = project.newest(task.id) else {
        return;
    };
    if item(ui, Icon::GitBranch, "task-copy-branch") {
        cx.ask(Request::CopyText(attempt.branch.clone()));
    }
    if attempt.worktree.state == WorktreeState::Ready {
        worktree(cx, attempt, |icon, text| item(ui, icon, text));
    }
}

fn worktree(cx: &ViewContext<'_>, attempt: &Arc<Attempt>, mut item: impl FnMut(Icon, &'static str) -> bool) {
    let path = || attempt.worktree.path.clone();
    if item(Icon::CodeXml, "board-open-worktree") {
        let (path, line) = (path(), None);
        cx.ask(Request::OpenEditor(EditorTarget { path, line }));
    }
    if item(Icon::FolderOpen, "task-open-folder") {
        cx.ask(Request::OpenFolder(path()));
    }
}
